"""Pages made from what the house holds: KPI cards, error pages, listings, the blocks of the README."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from supportkpi import errors, loaders, metrics
from supportkpi.engine.definitions import defined
from supportkpi.errors import TopicUnknown
from supportkpi.report import Definition
from supportkpi.texts import nearest

_UNITS = {
    "s": "a duration, in seconds in files",
    "ratio": "a share, 0 to 1 in files",
    "points": "points, -100 to +100",
    "score": "a mean on the rating scale",
    "tickets": "a number of tickets",
    "money": "an amount in the currency of the costs",
}
_DIRECTIONS = {"lower": "lower is better", "higher": "higher is better", "none": "neither way is better"}


_OF_RUNS = {
    "usage": (
        "The command line cannot be read: an option, a command or a value that there is not, or one that is missing.",
        "`supportkpi COMMAND --help` shows a command's options; text with spaces or < > * in it wants quotes.",
        "exit code 2",
    ),
    "bug": (
        "The program met something that it was not made for. Your exports are as they were.",
        "Run it again with -v and report what it prints, with the version and the command; leave the data out.",
        "exit code 101",
    ),
}
"""Slugs of messages that no error of the library says: the command line's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page for a reader: title, paragraphs, and labelled lists."""

    topic: str
    title: str
    paragraphs: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]


def definitions() -> list[Definition]:
    """Every KPI, in catalogue order."""
    return [defined(metric) for metric in metrics.catalogue().values()]


def page(topic: str) -> Page:
    """The page of a KPI (id or abbreviation), of an error's or a reject's slug, or ``mapping``.

    Raises:
        TopicUnknown: nothing has that name.
    """
    known = {definition.kpi: definition for definition in definitions()}
    short = {definition.abbr.casefold(): definition for definition in known.values()}
    if (definition := known.get(topic) or short.get(topic.casefold())) is not None:
        return _kpi_page(definition)
    pages = {
        **dict.fromkeys(errors.slugs(), _error_page),
        **dict.fromkeys(errors.REJECTS, _reject_page),
        **dict.fromkeys(_OF_RUNS, _run_page),
        "mapping": _mapping_page,
    }
    if topic in pages:
        return pages[topic](topic)
    close = nearest(topic, [*known, *pages])
    hint = f"did you mean {close}? " if close else ""
    raise TopicUnknown(f"nothing is called {topic!r}", hint=f"{hint}supportkpi kpis lists the KPIs")


def _kpi_page(definition: Definition) -> Page:
    lists = {
        "statistics": definition.stats,
        "mind": definition.caveats,
        "read it with": definition.shown_with,
        "rests on": definition.reads,
        "sources": definition.sources,
    }
    return Page(
        topic=definition.kpi,
        title=f"{definition.title} ({definition.abbr})",
        paragraphs=(
            definition.definition,
            definition.why,
            f"{_UNITS.get(definition.unit, definition.unit)}; {_DIRECTIONS[definition.direction]}; "
            f"revision {definition.revision}",
        ),
        lists={name: entries for name, entries in lists.items() if entries},
    )


def _error_page(slug: str) -> Page:
    kind = errors.slugs()[slug]
    return Page(
        topic=slug, title=slug, paragraphs=(*_paragraphs(kind.__doc__ or ""), f"exit code {kind.code}"), lists={}
    )


def _run_page(slug: str) -> Page:
    return Page(topic=slug, title=slug, paragraphs=_OF_RUNS[slug], lists={})


def _reject_page(slug: str) -> Page:
    kept = "The other rows are used; --rejects FILE writes the rejected ones, --strict ends with exit code 3."
    return Page(topic=slug, title=slug, paragraphs=(*_paragraphs(errors.REJECTS[slug]), kept), lists={})


def _paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of an indented text, each on one line, code in single marks."""
    plain = inspect.cleandoc(text).replace("``", "`")
    return tuple(" ".join(part.split()) for part in plain.split("\n\n"))


def _mapping_page(topic: str) -> Page:
    intro, *examples = loaders.MAPPING_HELP.split("\n\n")
    paragraphs = (" ".join(intro.split()), *(example.rstrip() for example in examples))
    return Page(
        topic=topic, title="The mapping vocabulary", paragraphs=paragraphs, lists={"fields": loaders.FIELDS_HELP}
    )


def as_json(topic: Page) -> dict[str, object]:
    """A page as plain data."""
    return asdict(topic)


_LONG_LIST = 30  # letters


def kpi_table() -> str:
    """The KPI table of the README; a KPI with the statistics of the one above it does not list them again."""
    known = definitions()
    listed = [", ".join(f"`{stat}`" for stat in one.stats) for one in known]
    told = [
        "as above" if own == above and len(own) > _LONG_LIST else own
        for own, above in zip(listed, ["", *listed], strict=False)
    ]
    rows = [(f"`{one.kpi}`", one.abbr, one.definition, stats) for one, stats in zip(known, told, strict=True)]
    return _markdown(("KPI", "short", "what it is", "statistics"), rows)


_SHOWN: Mapping[str, tuple[str, ...]] = {
    "history": ("events", "activity", "at"),
    "first reply": ("first_reply_at", "given_first_response_s"),
    "solution": ("solved_at", "closed_at", "given_resolution_s"),
    "deadlines": ("first_response_due_at", "resolution_due_at", "due_at"),
    "verdicts": ("given_sla_first_response_met", "given_sla_resolution_met", "breached"),
    "CSAT": ("csat",),
    "NPS": ("nps",),
    "CES": ("ces",),
}
"""What an export shows, in a word, by the fields that tell it."""


def helpdesk_table() -> str:
    """The helpdesk table of the README: what each export shows; its fields are listed by the command."""
    return _markdown(("export", "id", "layout", "shows"), [_helpdesk_row(entry) for entry in loaders.helpdesks()])


def _helpdesk_row(entry: loaders.Helpdesk) -> tuple[str, str, str, str]:
    shown = [word for word, fields in _SHOWN.items() if set(fields) & set(entry.fields)]
    if not shown and "rated_at" in entry.fields:
        shown = ["ratings, by their questions"]
    return entry.title, f"`{entry.id}`", entry.confidence, ", ".join(shown)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


BLOCKS: Mapping[str, Callable[[], str]] = {"kpis": kpi_table, "helpdesks": helpdesk_table}
"""Generated blocks of the README by name; a test holds them against the file."""

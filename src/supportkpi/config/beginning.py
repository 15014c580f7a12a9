"""A first ``supportkpi.yaml``: what was understood of the files as keys, what is a guess or missing as comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from supportkpi.config.begun_text import json_text, line, printable, quoted
from supportkpi.config.carried import Carried, calendar_lines, judged, schedules, sla_lines
from supportkpi.decisions import Reading
from supportkpi.errors import OptionWrong
from supportkpi.sla import Timed
from supportkpi.texts import meant

TEMPLATES = ("minimal", "saas", "vip", "regional")
_CATEGORIES = "new, open, pending, hold, solved, closed or deleted"
_SHOWN = 12
_LIMITS: Mapping[str, Mapping[Timed, str]] = {
    "urgent": {"first_response": "15m..30m", "resolution": "8h"},
    "high": {"first_response": "1h..2h", "resolution": "16h"},
    "normal": {"first_response": "4h..6h", "resolution": "3bd"},
    "low": {"first_response": "1bd", "resolution": "5bd"},
    "lowest": {"first_response": "1bd", "resolution": "10bd"},
}
"""Proposals, the first replies after the ranges of method 001-44."""
_OTHER = _LIMITS["normal"]
_TARGETS: Sequence[tuple[str, str, str]] = (
    ("first_response_time", "first_response_time.median", "1h"),
    ("resolution_time", "resolution_time.km_median", "16h"),
    ("first_contact_resolution", "first_contact_resolution", '">= 70%"'),
    ("repeat_contact_rate", "repeat_contact_rate", '"<= 8%"'),
    ("escalation_rate", "escalation_rate", '"< 5%"'),
    ("csat", "csat", '">= 90%"'),
    ("nps", "nps", '">= 50"'),
    ("cost_per_contact", "cost_per_contact", '"EUR 12"'),
)
"""KPI, key, proposal: those of the table of method 001-26 to 001-35."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the files say of themselves.

    ``files`` are sentences; ``zone_source`` as in Provenance; ``rush`` the busiest hours as they were read; ``hours``
    those in which people answered and ``share`` how much of it; ``limits`` what clocks can be judged of, ``own`` the
    verdicts or deadlines that the export brings; ``lacks`` says of each KPI that cannot be given why; ``carried`` are
    the hours and promises that the helpdesk itself keeps.
    """

    files: Sequence[str]
    zone: str
    zone_source: str
    reading: Reading = field(default_factory=Reading)
    rush: str | None = None
    unknown: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # field -> word -> rows
    hours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    share: float | None = None
    priorities: Mapping[str | None, int] = field(default_factory=dict)
    limits: Sequence[Timed] = ()
    own: bool = False
    pauses: bool = False
    groups: Sequence[str] = ()
    lacks: Mapping[str, str] = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)


def template(name: str) -> str:
    """The text of a template of the package.

    Raises:
        OptionWrong: there is none of that name.
    """
    if name not in TEMPLATES:
        hint = meant(name, TEMPLATES) or f"there are {', '.join(TEMPLATES)}"
        raise OptionWrong(f"no template is called {name!r}", hint=hint)
    return (files("supportkpi") / "config" / "templates" / f"{name}.yaml").read_text(encoding="utf-8")


def beginning(known: Understood) -> str:
    """The text of a settings file for the files that were understood: valid as it is, and made to be edited."""
    parts = (_head(known), _zones(known), _words(known), _calendar(known), _sla(known), _others(known), _checks(known))
    return "\n".join("\n".join(part) + "\n" for part in map(list, parts) if part)


def _head(known: Understood) -> Iterator[str]:
    yield "# Settings of supportkpi, begun from:"
    yield from (f"#   {printable(text)}" for text in known.files)
    yield "#"
    yield "# What stands here was read from the files or is a proposal: make it what holds for you. Any part may go."
    yield "# How the files were read: supportkpi inspect FILES.   All keys: supportkpi schema config"


# --- reading ---------------------------------------------------------------------------------------------------------


def _zones(known: Understood) -> Iterator[str]:
    own = next((one for one in schedules(known.carried) if one.zone is not None), None)
    if own is not None and own.zone is not None and known.zone_source in ("file", "mapping"):
        yield line(f"timezone: {own.zone}", f"the zone of days, weeks and months: that of {printable(own.name)}")
    else:
        yield line(f"timezone: {known.zone}", "the zone of days, weeks and months, and of the hours below")
    yield ""
    source = dict(_source(known))
    yield "source:" if source else "# source:"
    yield from (line(f"  {key}: {value}", remark) for key, (value, remark) in source.items())
    if "timezone" not in source:
        yield line("#   timezone: UTC", "not needed: the dates of the files carry their zone")
    if known.reading.csat_scale is not None:
        yield from ("", "csat:", f"  scale: {quoted(known.reading.csat_scale)}")


def _source(known: Understood) -> Iterator[tuple[str, tuple[str, str]]]:
    how = known.reading
    if known.zone_source == "assumed":
        rush = f"; most tickets come {known.rush}: is that your rush hour?" if known.rush else ""
        yield "timezone", (known.zone, f"a guess: dates without a zone{rush}")
    elif known.zone_source != "file":
        yield "timezone", (known.zone, "of dates without a zone")
    if how.dayfirst is not None:
        yield "dayfirst", (str(how.dayfirst).lower(), "31/12/2026" if how.dayfirst else "12/31/2026")
    for name in ("date_format", "encoding", "delimiter", "sheet"):
        value = getattr(how, name)
        if value is not None:
            yield name, (quoted(value), "")
    if how.columns:
        pairs = ", ".join(f"{quoted(key)}: {quoted(column)}" for key, column in how.columns.items())
        yield "columns", (f"{{{pairs}}}", "")


def _words(known: Understood) -> Iterator[str]:
    """Status words as comments with the line to write; other words are only told."""
    statuses = known.unknown.get("status", {})
    if statuses:
        yield line("# statuses:", "words that are not understood: these tickets have no status. Write the lines")
        for word, rows in _first(statuses):
            yield line(f"#   {json_text(word)}: hold", f"{_rows(rows)}; {_CATEGORIES}")
    for name, words in known.unknown.items():
        if name not in ("status", "priority") and words:
            shown = ", ".join(f"{json_text(word)} ({_rows(rows)})" for word, rows in _first(words))
            yield f"# {name} words that are not understood: {shown}"


def _first(words: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return sorted(words.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN]


def _rows(n: int) -> str:
    return f"{n:,} rows" if n != 1 else "1 row"


# --- hours and service levels ----------------------------------------------------------------------------------------


def _calendar(known: Understood) -> Iterator[str]:
    if schedules(known.carried):
        yield from calendar_lines(known.carried)
        return
    always = dict(known.hours) == {"daily": ("00:00-24:00",)}
    answered = f"{_percent(known.share)} of the first answers were given in them" if known.share is not None else ""
    yield line(f"calendar: {'24x7' if always else 'office'}", "whose hours count; 24x7 is built in")
    yield ""
    if always:
        yield "# People answer at every hour of the week. Hours of an office would be:"
    hours = {"mon-fri": ("09:00-18:00",)} if always or not known.hours else known.hours
    shown = ", ".join(f"{days}: [{', '.join(json_text(span) for span in spans)}]" for days, spans in hours.items())
    lead = "# " if always else ""
    yield f"{lead}calendars:"
    yield f"{lead}  office:"
    yield line(f"{lead}    hours: {{{shown}}}", answered if known.hours and not always else "a proposal")
    yield line("    # holidays: {country: DE}", "public holidays are closed: DE, RU, US …")


def _percent(share: float) -> str:
    """A share that is 100 % only where it is all."""
    return ">99 %" if 0.99 < share < 1 else f"{share * 100:.0f} %"


def _sla(known: Understood) -> Iterator[str]:
    if not known.limits and not known.carried.policies.promises:
        yield "# sla: the files show neither first replies nor solutions; export them too"
        return
    lines = list(_rules(known))
    if known.own:
        yield "# The export brings its own deadlines or verdicts, and reports judge by them. To judge by yours instead:"
        yield from (f"# {text}".rstrip() for text in lines)
    else:
        yield from lines


def _rules(known: Understood) -> Iterator[str]:
    always = dict(known.hours) == {"daily": ("00:00-24:00",)}
    if known.carried.policies.promises:
        yield from sla_lines(known.carried, None if always else "office")
        return
    yield line("sla:", "proposals: write what was promised. The first rule that fits a ticket holds")
    yield f"  - calendar: {'24x7' if always else 'office'}"
    if known.pauses:
        yield line("    pause_on: [pending, hold]", "the clock of the solution stands still meanwhile")
    else:
        yield line("    # pause_on: [pending, hold]", "needs the history of the status")
    yield "    rules:"
    for name in (name for name in _LIMITS if name in known.priorities):
        yield _rule(known, name, f"{name}, when: {{priority: {name}}}", _LIMITS[name], known.priorities[name])
    others = {name: n for name, n in known.priorities.items() if name not in _LIMITS}
    for word, n in _first(known.unknown.get("priority", {})):
        yield _rule(known, None, f"{json_text(word)}, when: {{priority: {json_text(word)}}}", _OTHER, n)
    if others or not known.priorities:
        named = "other" if known.priorities else "all"
        yield _rule(known, named, named, _OTHER, others.get(None, 0))


def _rule(known: Understood, name: str | None, body: str, limits: Mapping[Timed, str], n: int) -> str:
    """One rule; of a priority that is not understood (no name) as a comment."""
    shown = ", ".join(f"{timed}: {limits[timed]}" for timed in known.limits)
    tickets = f"{n:,} tickets" if n > 1 else "1 ticket" if n == 1 else ""
    return line(f"      {'' if name is not None else '# '}- {{name: {body}, {shown}, goal: 90%}}", tickets)


# --- what is wanted --------------------------------------------------------------------------------------------------


def _others(known: Understood) -> Iterator[str]:
    """Targets of KPIs that the files give; of the others, what would give them."""
    given = [(key, text) for kpi, key, text in _TARGETS if kpi not in known.lacks]
    yield line("targets:" if given else "# targets:", "proposals: what you want, held against what is")
    yield from (f"  {key}: {text}" for key, text in given)
    for kpi, key, text in _TARGETS:
        if kpi in known.lacks:
            yield line(f"  # {key}: {text}", printable(known.lacks[kpi]))
    if "escalation_rate" in known.lacks and len(known.groups) > 1:
        levels = ", ".join(f"{json_text(group)}: {place}" for place, group in enumerate(known.groups, 1))
        yield ""
        yield line(f"# escalation: {{levels: {{{levels}}}}}", "the support line of each group, if they are lines")


def _checks(known: Understood) -> Iterator[str]:
    promised = judged(known.carried) if not known.own else ()
    if promised:
        yield line("checks:", "what supportkpi check fails on, in a pipeline")
        yield from (
            line(f"  - {{kpi: sla_{timed}, by: rule, expr: goal}}", "each rule's own goal") for timed in promised
        )
        yield line("#  - {max_age: 26h}", "a stale export is not green")
        return
    yield line("# checks:", "what supportkpi check fails on, in a pipeline")
    for timed in known.limits:
        yield line(f"#   - {{kpi: sla_{timed}, by: rule, expr: goal}}", "each rule's own goal")
    yield '#   - {kpi: tickets_created, expr: ">= 100", no_data: error}'
    yield line("#   - {max_age: 26h}", "a stale export is not green")

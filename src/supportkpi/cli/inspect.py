"""``inspect``: how the files were read, and which KPIs they can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supportkpi.pipeline import Ability, Inspection
    from supportkpi.schema import Dataset, Provenance


@reads
def inspect(
    files: opt.Files,
    config: opt.Config = None,
    output_format: opt.InspectFormat = None,
    lang: opt.Lang = None,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
) -> None:
    """Show how files are read, and which KPIs they can give.

    \b
    supportkpi inspect tickets.csv
    """
    import json  # noqa: PLC0415

    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._settings import Choices, chosen  # noqa: PLC0415
    from supportkpi.cli._written import write_rejects  # noqa: PLC0415
    from supportkpi.errors import FormatUnsupported  # noqa: PLC0415

    if output_format not in (None, "table", "json"):
        raise FormatUnsupported(f"inspect has no format {output_format!r}", hint="it has table and json")
    decided = chosen(Choices(config=config), reading)
    data = pipeline.load(*files, reading=decided.reading, stdin=_run.standard_input(files))
    if rejects is not None:
        write_rejects(rejects, data)
    found = pipeline.inspect(data, decided.settings(data))
    _run.language(lang)
    if output_format == "json":
        _run.print_out(json.dumps(_as_json(found), ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        _run.print_out("\n".join(_lines(found, _run.width())) + "\n")


def _as_json(found: Inspection) -> dict[str, object]:
    from dataclasses import asdict  # noqa: PLC0415

    from supportkpi.cli._words import shown_value  # noqa: PLC0415
    from supportkpi.schema import Extent  # noqa: PLC0415

    data = found.dataset
    return {
        "format_version": 1,
        "as_of": found.as_of.isoformat().replace("+00:00", "Z") if found.as_of else None,
        "inputs": [asdict(source) for source in data.provenance],
        "observes": {
            sight.value: ["EVERY"] if extent == Extent.EVERY else [part.name for part in extent]
            for sight, extent in data.observes.items()
        },
        "kpis": [
            {"kpi": able.metric.name, "verdict": able.verdict, "reasons": list(able.reasons)}
            for able in found.abilities
        ],
        "kept_by_the_helpdesk": {
            "schedules": len(data.policies.schedules),
            "holidays": len(data.policies.closings),
            "promises": len(data.policies.promises),
        },
        "assumptions": list(data.assumptions),
        "ledger": [asdict(file) for file in data.ledger],
        "rejects": [{**asdict(reject), "value": shown_value(reject)} for reject in data.rejects],
    }


def _lines(found: Inspection, width: int) -> Iterator[str]:
    from supportkpi.cli._words import ledger_words, read_line, reject_lines  # noqa: PLC0415

    data = found.dataset
    for source, file in zip(data.provenance, data.ledger, strict=True):
        yield _plain(read_line(source))
        yield ledger_words(file)
        yield from (f"· {_plain(note)}" for note in source.notes)
        yield ""
        yield from _columns(source, width)
        yield from _unmapped(source)
    for line in reject_lines(data):
        yield _plain(line)
    for note in data.assumptions:
        yield from _wrapped("assumed", _plain(note), width)
    kept = _kept(data)
    if kept:
        yield from _wrapped("hours and promises", f"{kept}: supportkpi init FILES writes them as settings", width)
    yield ""
    yield from _abilities(found.abilities, width)


def _kept(data: Dataset) -> str:
    """What the files hold of the helpdesk's own hours and service levels, in words."""
    held = data.policies
    counted = (
        (len(held.schedules), "schedule", "schedules"),
        (len(held.closings), "holiday", "holidays"),
        (len(held.promises), "target of service levels", "targets of service levels"),
    )
    return ", ".join(f"{n:,} {one if n == 1 else many}" for n, one, many in counted if n) if held else ""


def _columns(source: Provenance, width: int) -> Iterator[str]:
    """A line a column that is read as something; the others in one line each for kept and not loaded."""
    read = [column for column in source.columns if column.field is not None]
    names = [_plain(column.column) for column in read]
    wide = min(36 if width >= _ROOMY else 24, max([len(name) for name in names], default=6)) + 2
    fields = min(30, max([len(column.field or "") for column in read], default=5)) + 2
    left = width - wide - fields - _STATED
    if read:
        head = f"{'column':<{wide}}{'read as':<{fields}}{'filled':>7}  {'how sure':<9}"
        yield f"{head} what it rests on" if left >= _LEAST else head.rstrip()
    for column, name in zip(read, names, strict=True):
        line = (
            f"{_cut(name, wide - 2):<{wide}}{column.field:<{fields}}{_share(column.filled):>7}  {column.confidence:<9} "
        )
        said = _plain(column.evidence)
        if len(said) <= left:
            yield f"{line}{said}".rstrip()
        else:  # it stands below, and is not cut off
            yield line.rstrip()
            yield f"  {_cut(said, width - 2)}"
    for confidence, label in (
        ("kept", "kept for --by and --where"),
        ("not loaded", "text, not loaded"),
        ("ignored", "not used"),
    ):
        others = [
            _plain(column.column)
            for column in source.columns
            if column.field is None and column.confidence == confidence
        ]
        if others:
            yield from _wrapped(label, ", ".join(others), width)


def _unmapped(source: Provenance) -> Iterator[str]:
    for field, words in source.unmapped.items():
        shown = ", ".join(f"{_plain(word)} ({count:,} rows)" for word, count in list(words.items())[:8])
        yield f"{field} words that are not understood: {shown}"


_ROOMY, _STATED, _LEAST = 90, 19, 20
"""Columns that the share and the confidence take, and the least that what it rests on needs."""
_VERDICTS = (("exact", "can give exactly"), ("remark", "with a remark"), ("no", "cannot give"))


def _abilities(abilities: tuple[Ability, ...], width: int) -> Iterator[str]:
    for verdict, label in _VERDICTS:
        of_kind = [able for able in abilities if able.verdict == verdict]
        if verdict == "exact":
            if of_kind:
                yield from _wrapped(label, ", ".join(able.metric.title.lower() for able in of_kind), width)
            continue
        for number, able in enumerate(of_kind):
            reasons = "; ".join(able.reasons) or "nothing to measure"
            yield from _wrapped("" if number else label, f"{able.metric.title.lower()}: {reasons}", width)


def _wrapped(label: str, text: str, width: int) -> Iterator[str]:
    import textwrap  # noqa: PLC0415

    lines = textwrap.wrap(text, max(40, width - 27)) or [""]
    yield f"{label:<26} {lines[0]}".rstrip()
    yield from (f"{'':<26} {line}" for line in lines[1:])


def _share(filled: float) -> str:
    """A share that is never shown as 0 % or 100 % unless it is."""
    if 0 < filled < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < filled < 1 else f"{filled:.0%}".replace("%", " %")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _plain(text: str) -> str:
    """Text from a file without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)

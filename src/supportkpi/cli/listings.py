"""``kpis`` and ``helpdesks``: what there is, from the registries."""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.cli import _options as opt


def kpis(output_format: opt.ListingFormat = None, lang: opt.Lang = None) -> None:
    """List every KPI: id, short name, definition."""
    from dataclasses import asdict  # noqa: PLC0415

    from supportkpi.catalogue import definitions  # noqa: PLC0415

    known = definitions()
    rows = [(entry.kpi, entry.abbr, entry.definition) for entry in known]
    _list(("id", "short", "what it is"), rows, [asdict(entry) for entry in known], ("kpis", output_format, lang))


def helpdesks(output_format: opt.ListingFormat = None, lang: opt.Lang = None) -> None:
    """List every export that is recognised without being told.

    The layout of each is confirmed, documented or known in part.
    """
    from dataclasses import asdict  # noqa: PLC0415

    from supportkpi.loaders import helpdesks as known_helpdesks  # noqa: PLC0415

    known = known_helpdesks()
    rows = [(entry.id, entry.title, entry.confidence, " ".join(entry.fields)) for entry in known]
    _list(
        ("id", "export", "layout", "fields that it is read into"),
        rows,
        [asdict(entry) for entry in known],
        ("helpdesks", output_format, lang),
    )


def _list(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    records: Sequence[dict[str, object]],
    asked: tuple[str, str | None, str | None],
) -> None:
    """A listing as an aligned table whose last column wraps, as TSV (plain) or as JSON."""
    import json  # noqa: PLC0415
    import textwrap  # noqa: PLC0415

    from supportkpi.cli._run import language, print_out, width  # noqa: PLC0415
    from supportkpi.errors import FormatUnsupported  # noqa: PLC0415
    from supportkpi.translations import catalogue  # noqa: PLC0415

    name, output_format, lang = asked
    words = catalogue(language(lang)).gettext
    if output_format == "json":
        print_out(json.dumps({"format_version": 1, name: records}, ensure_ascii=False, indent=2) + "\n")
        return
    if output_format == "plain":
        print_out("".join("\t".join(row) + "\n" for row in [head, *rows]))
        return
    if output_format not in (None, "table"):
        raise FormatUnsupported(f"{name} has no format {output_format!r}", hint="it has table, plain and json")
    shown = [[words(cell) for cell in head], *([*row[:-1], words(row[-1])] for row in rows)]
    stops = [min(34, max(len(row[column]) for row in shown)) + 2 for column in range(len(head) - 1)]
    columns = min(width(), 140)
    for row in shown:
        cells = [textwrap.wrap(cell, stop - 2) or [""] for cell, stop in zip(row, stops, strict=False)]
        cells.append(textwrap.wrap(row[-1], max(24, columns - sum(stops))) or [""])
        for line in range(max(len(cell) for cell in cells)):
            parts = [(cell[line] if line < len(cell) else "") for cell in cells]
            padded = "".join(f"{part:<{stop}}" for part, stop in zip(parts, stops, strict=False)) + parts[-1]
            print_out(padded.rstrip() + "\n")

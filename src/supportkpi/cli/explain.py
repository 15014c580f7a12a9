"""``explain``: a KPI's definition card, or the page of an error."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer

from supportkpi.cli import _options as opt


def explain(
    topic: Annotated[
        str, typer.Argument(metavar="KPI|SLUG", help="A KPI's id or short name, an error's slug, or: mapping.")
    ],
    output_format: opt.Format = None,
    lang: opt.Lang = None,
) -> None:
    """Explain a KPI or an error message.

    \b
    supportkpi explain first_response_time
    supportkpi explain dates-ambiguous
    """
    import json  # noqa: PLC0415

    from supportkpi.catalogue import as_json, page  # noqa: PLC0415
    from supportkpi.cli._run import language, print_out, width  # noqa: PLC0415
    from supportkpi.errors import FormatUnsupported  # noqa: PLC0415
    from supportkpi.translations import catalogue  # noqa: PLC0415

    found, words = page(topic), catalogue(language(lang))
    if output_format not in (None, "table", "json"):
        raise FormatUnsupported(f"explain has no format {output_format!r}", hint="it has table and json")
    if output_format == "json":
        print_out(json.dumps({"format_version": 1, **as_json(found)}, ensure_ascii=False, indent=2) + "\n")
        return
    columns = min(width(), 100)
    lines = [words.gettext(found.title), ""]
    for paragraph in found.paragraphs:
        lines += [*textwrap.wrap(words.gettext(paragraph), columns), ""] if "\n" not in paragraph else [paragraph, ""]
    for name, entries in found.lists.items():
        label = f"{words.gettext(name):<14}"
        for entry in entries:
            lines += textwrap.wrap(words.gettext(entry), columns, initial_indent=label, subsequent_indent=" " * 14)
            label = " " * 14
    print_out("\n".join(lines).rstrip() + "\n")

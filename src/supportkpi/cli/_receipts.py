"""What ``explain`` explains: which of its arguments are tickets and which files; topics and receipts shown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

from supportkpi import pipeline
from supportkpi.catalogue import Page, as_json, page
from supportkpi.cli import _run
from supportkpi.cli._looks import Looks
from supportkpi.cli._opened import Manners, opened
from supportkpi.cli._settings import Choices
from supportkpi.cli._written import write
from supportkpi.decisions import Reading
from supportkpi.errors import FormatUnsupported, OptionWrong, TopicUnknown
from supportkpi.receipts import Receipt
from supportkpi.translations import catalogue

_COMMENT = "a bare #66871 is a comment in a shell: write 66871, or '#66871' in quotes"
_PATTERN = "*?["


def parted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The topics, or tickets, and the files.

    Raises:
        OptionWrong: nothing is named, or only files are.
    """
    if not arguments:
        hint = f"supportkpi explain first_response_time; of a ticket: explain 66871 FILES ({_COMMENT})"
        raise OptionWrong("nothing is named that could be explained", hint=hint)
    first = next((place for place, each in enumerate(arguments) if _is_file(each)), None)
    tickets = [each for each in arguments if not _is_file(each)]
    if first == 0 and tickets:  # the other way round, which is as clear
        return tickets, [each for each in arguments if each not in tickets]
    if first == 0:
        named = " ".join(arguments)
        raise OptionWrong("files are named, but no ticket", hint=f"supportkpi explain 66871 {named}; {_COMMENT}")
    if first is None:
        first = max(1, len(arguments) - 1)  # of several the last is taken for a file that is not there
    return list(arguments[:first]), list(arguments[first:])


def _is_file(text: str) -> bool:
    """Whether an argument names files: one that is there, a pattern, standard input, or a name with a known suffix."""
    if text == _run.STDIN or (any(letter in text for letter in _PATTERN) and "://" not in text):
        return True
    path = Path(text)
    if "://" in text:
        return False
    known = (".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".xlsx", ".parquet", ".gz", ".zst", ".zip", ".txt")
    return path.suffix.lower() in known or path.exists()


def topic_page(
    topic: str, output_format: str | None, lang: str | None, outputs: Sequence[str], *, quiet: bool = False
) -> None:
    """The page of a KPI or of an error, to standard output, or to every output file.

    Raises:
        TopicUnknown: nothing is called so; of what may be a ticket it says that files are missing.
        FormatUnsupported: pages have no such format.
    """
    found, language, asked = _topic(topic), _run.language(lang), output_format or "table"
    files = [(path, asked if path == _run.STDIN else _SUFFIXES.get(Path(path).suffix.lower(), "")) for path in outputs]
    for said, name in ((asked, asked), *files):
        if name not in _PAGES:
            hint = f"of a topic it has table and json, in files {' and '.join(_SUFFIXES)}"
            raise FormatUnsupported(f"explain has no format {said!r}", hint=hint)
    if output_format is not None or not outputs:
        _run.print_out(_PAGES[asked](found, language))
    for path, name in files:
        if path == _run.STDIN:
            _run.print_out(_PAGES[name](found, language))
            continue
        write(path, _PAGES[name](found, language))
        _run.say(f"wrote {path}", quiet=quiet)


def _topic(topic: str) -> Page:
    try:
        return page(topic)
    except TopicUnknown as unknown:
        if any(letter.isdigit() for letter in topic):
            hint = f"if it is a ticket, name its files: supportkpi explain '{topic}' FILES"
            raise TopicUnknown(unknown.message, hint=hint) from unknown
        raise


def _as_text(found: Page, language: str) -> str:
    words, columns = catalogue(language), min(_run.width(), 100)
    lines = [words.gettext(found.title), ""]
    for paragraph in found.paragraphs:
        lines += [*textwrap.wrap(words.gettext(paragraph), columns), ""] if "\n" not in paragraph else [paragraph, ""]
    for name, entries in found.lists.items():
        label = f"{words.gettext(name):<14}"
        for entry in entries:
            lines += textwrap.wrap(words.gettext(entry), columns, initial_indent=label, subsequent_indent=" " * 14)
            label = " " * 14
    return "\n".join(lines).rstrip() + "\n"


def _as_json(found: Page, _: str) -> str:
    return json.dumps({"format_version": 1, **as_json(found)}, ensure_ascii=False, indent=2) + "\n"


_PAGES = {"table": _as_text, "json": _as_json}
_SUFFIXES = {".txt": "table", ".json": "json"}


def show(
    tickets: Sequence[str],
    files: Sequence[str],
    run: tuple[Choices, Reading, Manners],
    shown: Looks[Sequence[Receipt]],
) -> None:
    """The receipts to standard output, and to every output file."""
    choices, reading, manners = run
    found = opened(files, choices, reading, manners=manners)
    shown.deliver(pipeline.explained(found.data, tickets, settings=found.settings), quiet=manners.quiet)

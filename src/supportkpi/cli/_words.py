"""What is said on standard error: how the files were read, what was lost, which settings hold."""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.cli._run import say
from supportkpi.config import Config
from supportkpi.schema import Dataset, FileLedger, Provenance, Reject

_EXAMPLES = 3
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def told(data: Dataset, config: Config, *, quiet: bool, verbose: bool) -> None:
    """One line a file, one a kind of reject, and the settings file; nothing when quiet."""
    if quiet:
        return
    for source in data.provenance:
        say(read_line(source))
        for note in source.notes if verbose else ():
            say(f"  {note}")
    for line in reject_lines(data):
        say(line)
    if config.path is not None:
        say(f"settings: {config.path}")
    for note in config.notes:
        say(f"  {note}")


def read_line(source: Provenance) -> str:
    """``Zendesk ticket CSV: 2,050 rows, UTF-8, comma; dates without a zone, read as UTC (--source-tz)``."""
    parts = [f"{source.rows:,} rows" if source.rows != 1 else "1 row", source.encoding]
    if source.delimiter is not None:
        parts.append(_DELIMITERS.get(source.delimiter, source.delimiter))
    zone = f"; dates without a zone, read as {source.zone} (--source-tz)" if source.zone_source == "assumed" else ""
    return f"{source.path}: {source.title}, {', '.join(parts)}{zone}"


def reject_lines(data: Dataset) -> Iterator[str]:
    """One message for all rows of one fault in one file: how many, with examples, and how to see the rest."""
    kinds: dict[tuple[str, str, str | None], list[Reject]] = {}
    for reject in data.rejects:
        kinds.setdefault((reject.path, reject.slug, reject.column), []).append(reject)
    for (path, slug, column), rejects in kinds.items():
        examples = ", ".join(_example(reject) for reject in rejects[:_EXAMPLES])
        where = f" in {column}" if column else ""
        many = f"{len(rejects):,} rows" if len(rejects) != 1 else "1 row"
        more = ", …" if len(rejects) > _EXAMPLES else ""
        yield f"{path}: {many} rejected{where} [{slug}]: {examples}{more}   --rejects FILE writes them"


def _example(reject: Reject) -> str:
    line = f"line {reject.line}" if reject.line is not None else "a row"
    value = shown_value(reject)
    return f'{line} "{_short(value)}"' if value else line


def shown_value(reject: Reject) -> str | None:
    """The value at fault, where it is that of one cell: a whole row may hold names and addresses (--rejects has it)."""
    return reject.value if reject.column is not None else None


def _short(value: str, most: int = 30) -> str:
    flat = "".join(letter if letter.isprintable() else " " for letter in value)
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def ledger_words(file: FileLedger) -> str:
    """``1,204 rows = 1,176 used + 26 excluded (17 spam, 9 duplicate) + 2 rejected (2 bad-date)``."""
    parts = [f"{file.used:,} used"]
    for name, counts in (("excluded", file.excluded), ("rejected", file.rejected)):
        if sum(counts.values()):
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
            parts.append(f"{sum(counts.values()):,} {name} ({kinds})")
    return f"{file.rows_read:,} {'row' if file.rows_read == 1 else 'rows'} = {' + '.join(parts)}"

"""Bytes to Table: what the bytes of a file say, before anyone asks what it means."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from supportkpi.decisions import Reading
from supportkpi.errors import ArchiveBroken, FileEmpty, FileMissing, KpiError, TableBroken, Where
from supportkpi.loaders.tables._archives import SUFFIXES, is_export, is_lock
from supportkpi.loaders.tables._bytes import (
    NESTED,
    Source,
    inside,
    is_inside,
    kind_of,
    looks_like_json,
    missing,
    open_source,
    titled,
    unreadable,
)
from supportkpi.loaders.tables._csv import csv_text_lines, read_csv
from supportkpi.loaders.tables._encodings import decode
from supportkpi.loaders.tables._table import ROW, TOP, Doubted, Table

BOOK_KINDS = ("xlsx", "xls", "ods")
__all__ = ["ROW", "SUFFIXES", "TOP", "Doubted", "Table", "expand", "lines_of", "read", "surely"]


def expand(names: Sequence[str]) -> list[str]:
    """Files for names: a folder stands for the exports in it, a pattern for what it matches, ``-`` for itself.

    Hidden files and folders are passed over, and the marks that spreadsheets leave beside a workbook that is open; a
    file that is named twice is read once. ``march.zip/tickets.csv`` is a file in an archive. Raises FileMissing.
    """
    found: dict[str, None] = {}
    for name in names:
        matches = [name] if name == "-" else list(_matches(name))
        if not matches:
            raise _empty(name) if _is_folder(name) else missing(name)
        found.update(dict.fromkeys(matches))
    return list(found)


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):
        return False


def _empty(folder: str) -> FileMissing:
    listed = sorted(one.name for one in Path(folder).iterdir() if not one.name.startswith("."))[:5]
    holds = f"it holds {', '.join(listed)}" if listed else "it is empty"
    hint = f"exports end in {' '.join(SUFFIXES)}, also with .gz or .zst behind it; name a file to read it all the same"
    return FileMissing(f"no export in the folder {folder}: {holds}", hint=hint)


def _matches(name: str) -> Iterator[str]:
    try:
        if Path(name).exists():
            yield from _exports_in(name) if Path(name).is_dir() else [name]
            return
        if ".zip" in name.lower() and is_inside(name):
            yield name
            return
        for match in sorted(glob.glob(_any_case(name), recursive=True)):  # noqa: PTH207 - a name may be absolute
            if not is_lock(Path(match).name):
                yield from _exports_in(match) if Path(match).is_dir() else [match]
    except PermissionError as fault:
        raise unreadable(name, fault) from None
    except (OSError, ValueError):  # too long a name, a zero byte in it
        return


def _any_case(pattern: str) -> str:
    """A pattern whose suffix matches capitals and small letters alike, as it does on Windows."""
    stem, dot, suffix = pattern.rpartition(".")
    if not dot or not suffix.isalnum() or not set("*?[") & set(stem):
        return pattern
    return f"{stem}." + "".join(f"[{letter.lower()}{letter.upper()}]" for letter in suffix)


def _exports_in(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (str(Path(place) / file) for file in sorted(files) if is_export(file))


def read(name: str, reading: Reading, given: bytes | None = None, *, sure: bool = False) -> list[Table]:
    """The tables of one file, or of bytes that are ``given``: one, or one a sheet of a workbook, a file of an archive.

    What the file is decides its content, not its suffix; each kind may be packed with gzip or zstd. Large text is
    looked at row by row only when it is collected, unless ``sure``: see ``Table.sure``.
    Raises KpiError: one of the file errors of ``errors``.
    """
    try:
        return _tables(open_source(name, given), reading, NESTED, sure=sure)
    except OSError as fault:
        raise unreadable(name, fault) from None
    except MemoryError:
        raise TableBroken(f"{titled(name)} does not fit into memory", hint="split it", where=Where(path=name)) from None


def _tables(source: Source, reading: Reading, depth: int, *, sure: bool) -> list[Table]:
    kind = kind_of(source)
    if kind == "text":
        return [_read_text(source, reading, sure=sure)]
    if kind == "zip":
        if not depth:
            raise ArchiveBroken("archives lie in archives in archives", hint="unpack it", where=Where(path=source.name))
        return [table for one in inside(source) for table in _tables(one, reading, depth - 1, sure=sure)]
    if kind == "html":
        from supportkpi.loaders.tables._html import read_html  # noqa: PLC0415 - few exports are web pages

        return [read_html(source, reading)]
    if kind == "parquet":
        from supportkpi.loaders.tables._parquet import read_parquet  # noqa: PLC0415 - few exports are columns

        return [read_parquet(source)]
    from supportkpi.loaders.tables._xlsx import read_xlsx  # noqa: PLC0415 - the workbook reader is not loaded for text

    return read_xlsx(source, reading, kind)


def surely(table: Table, reading: Reading) -> Table:
    """The table itself where it is sure; else read again so that every row has been looked at. Raises KpiError."""
    return table if table.sure else read(table.path, reading, table.body, sure=True)[0]


def _read_text(source: Source, reading: Reading, *, sure: bool) -> Table:
    if source.size > len(source.head) and not _may_be_json(source.head) and not {10, 13} & set(source.head):
        raise TableBroken(
            "no line ends within the first megabyte", hint="this is no table of text", where=Where(path=source.name)
        )
    if source.file is not None and not _may_be_json(source.head):
        return read_csv(source, reading, sure=sure)
    text = decode(source.everything(), path=source.name, asked=reading.encoding, clipped=source.cut)
    if not text.text.strip("\ufeff\x00\x1a \t\r\n\xa0"):
        raise FileEmpty(
            f"{titled(source.name)} holds nothing but blanks", hint="export it again", where=Where(path=source.name)
        )
    if looks_like_json(text.text):
        from supportkpi.loaders.tables._json import read_json  # noqa: PLC0415 - cells need no reader of records

        return read_json(source, text)
    return read_csv(source, reading, text, sure=sure)


def _may_be_json(head: bytes) -> bool:
    return head[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"[", b"{")


def lines_of(table: Table, rows: Sequence[int], reading: Reading | None = None) -> dict[int, int | None]:
    """The physical line, counted from 1, of each of the rows (``_row``), by a second and careful reading.

    None where the format has no lines (JSON that is no NDJSON), or where the file has changed since.
    """
    lines: dict[int, int | None] = dict.fromkeys(rows)
    if table.format in ("html", "parquet"):
        return lines
    if table.format in BOOK_KINDS:
        return {row: table.first_line + row for row in rows}
    try:
        data = open_source(table.path, table.body).everything()
        how = reading or Reading(
            delimiter=table.delimiter, encoding=table.encoding if table.encoding != "UTF-8" else None
        )
        if table.format in ("json", "ndjson"):
            from supportkpi.loaders.tables._json import json_lines  # noqa: PLC0415 - cells need no reader of records

            text = decode(data, path=table.path, asked=how.encoding).text
            lines.update(json_lines(text, table.path, set(rows)))
        else:
            lines.update(csv_text_lines(data, table.path, how, rows))
    except (KpiError, OSError):
        return dict.fromkeys(rows)
    return lines

"""CSV and TSV to a table: strictly by a scan of the file, carefully row by row where the scan would not be honest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders.tables._bytes import HEAD, SMALL, Source
from supportkpi.loaders.tables._choices import gathered
from supportkpi.loaders.tables._delimited import (
    NO_DELIMITER,
    Layout,
    Record,
    find_layout,
    normal_lines,
    records,
)
from supportkpi.loaders.tables._encodings import Decoded, decode, known, marked
from supportkpi.loaders.tables._footers import DEEP, footer_from, is_blank
from supportkpi.loaders.tables._table import CUT, RAGGED, ROW, TOP, Table
from supportkpi.proofs import is_utf8, prove
from supportkpi.schema import Reject

CHUNK = 20_000  # rows that are turned into columns at a time
LARGE = 1 << 25  # bytes from which on a pass over the file to look at every row is saved where it can be
SHOWN = 200  # characters of a bad row that are kept


def read_csv(source: Source, reading: Reading, text: Decoded | None = None, *, sure: bool = False) -> Table:
    """The table of a delimited text; ``text`` where it has been decoded already; ``sure``: no row is left to doubt.

    Raises TableBroken, FileEmpty, EncodingUnclear, EncodingWrong, OptionWrong.
    """
    if text is None and source.file is not None:
        scanned = _scanned_file(source, source.file, reading, sure=sure)
        if scanned is not None:
            return scanned
    decoded = text or decode(source.everything(), path=source.name, asked=reading.encoding, clipped=source.cut)
    plain = normal_lines(decoded.text.removeprefix("ï»¿"))
    layout = _layout(plain, source.name, reading)
    if len(plain) > SMALL and not source.cut:
        scanned = _proven_scan(plain.encode("utf-8"), source, decoded, layout, sure=sure)
        if scanned is not None:
            return scanned
    return _carefully(source, decoded, plain, layout)


def _layout(text: str, path: str, reading: Reading) -> Layout:
    clipped = len(text) > HEAD
    return find_layout(text[:HEAD] if clipped else text, path=path, delimiter=reading.delimiter, clipped=clipped)


def _scanned_file(source: Source, file: Path, reading: Reading, *, sure: bool) -> Table | None:
    """The table as a scan of the file itself, which is never read whole here; None where that is not to be trusted."""
    head = source.head
    utf8 = reading.encoding is None or known(reading.encoding) in ("utf-8", "utf-8-sig")
    if not utf8 or marked(head) not in (None, "utf-8") or not is_utf8(head, clipped=True):
        return None
    if b"\n" not in head or head.count(b"\r") - head.endswith(b"\r") != head.count(b"\r\n"):
        return None
    text = head.decode("utf-8-sig", errors="ignore").removeprefix("ï»¿")
    clipped = source.size > len(head)
    start = text[: text.rfind("\n") + 1] if clipped else text
    layout = find_layout(start, path=source.name, delimiter=reading.delimiter, clipped=clipped)
    return _proven_scan(file, source, Decoded("", "UTF-8"), layout, sure=sure)


def _proven_scan(body: Path | bytes, source: Source, decoded: Decoded, layout: Layout, *, sure: bool) -> Table | None:
    """The table as a scan, while a thread goes over all bytes; None unless both find nothing off."""
    proving = prove(body)
    from supportkpi.loaders.tables._csv_scan import hopeful_scan, top_of, trusted_scan  # noqa: PLC0415 - for large files

    early = b'"' in source.head
    size = len(body) if isinstance(body, bytes) else source.size
    hopeful = hopeful_scan(body, layout) if size >= LARGE and not sure and not early and not layout.choices else None
    scan = hopeful or trusted_scan(body, layout, quotes=early)
    proof = proving.result()
    if scan is None or proof.zeros or not proof.utf8:
        return None
    if proof.quotes and not early:  # quotes further down only: the stricter proof after all
        hopeful, scan = None, trusted_scan(body, layout, quotes=True)
    if scan is None:
        return None
    harvest = _Harvest(rows=scan.rows, footers=scan.footers)
    sha256 = proof.sha256 if isinstance(body, Path) else source.digest()
    made = replace(_table(source, decoded, layout, harvest, sha256), frame=scan.frame, sure=hopeful is None)
    if isinstance(body, Path) and scan.rows > TOP:
        made = replace(made, top=top_of(body, layout, scan, hopeful=hopeful is not None))
    return gathered(made, layout.choices)


def csv_text_lines(data: bytes, path: str, reading: Reading, wanted: Iterable[int]) -> dict[int, int]:
    """The physical line of each wanted data row of a file's bytes, by a careful reading up to the last of them."""
    text = normal_lines(decode(data, path=path, asked=reading.encoding).text.removeprefix("ï»¿"))
    return _lines(text, _layout(text, path, reading), wanted)


def _lines(text: str, layout: Layout, wanted: Iterable[int]) -> dict[int, int]:
    missing = set(wanted)
    lines: dict[int, int] = {}
    row = 0
    for record in _data_records(text, layout):
        if not missing:
            break
        if not is_blank(record.cells):
            if row in missing:
                lines[row] = record.line
                missing.discard(row)
            row += 1
    return lines


def _data_records(text: str, layout: Layout) -> Iterable[Record]:
    """Records from the first data row on, their lines counted from the top of the text."""
    start = 0
    for _ in range(layout.first_line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return
    for record in records(text[start:], layout.delimiter, layout):
        yield Record(record.line + layout.first_line - 1, record.cells, record.open)


# --- carefully -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Harvest:
    """What a careful reading has gathered so far."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    footers: int = 0
    rows: int = 0


def _carefully(source: Source, decoded: Decoded, text: str, layout: Layout) -> Table:
    harvest = _Harvest()
    waiting: list[tuple[int, Record]] = []
    row = 0
    for record in _data_records(text, layout):
        number = row
        if not is_blank(record.cells):
            row += 1
        waiting.append((number, record))
        if len(waiting) > CHUNK + DEEP:
            _take(harvest, waiting[:CHUNK], layout, source.name)
            waiting = waiting[CHUNK:]
    ends_whole = text.endswith("\n") or not text
    end = footer_from([record.cells for _, record in waiting[-DEEP:]], layout.width) + max(0, len(waiting) - DEEP)
    harvest.footers = sum(not is_blank(record.cells) for _, record in waiting[end:])
    last = (
        waiting.pop()
        if end == len(waiting) and waiting and _is_cut(waiting[-1][1], layout, ends_whole, source.cut)
        else None
    )
    _take(harvest, waiting[:end], layout, source.name)
    if last is not None:
        harvest.rejects.append(_reject(last[1], CUT, layout, source.name))
    return gathered(_table(source, decoded, layout, harvest), layout.choices)


def _is_cut(record: Record, layout: Layout, ends_whole: bool, archive_cut: bool) -> bool:
    """The file ends inside this record: in its quotes, or on a last line that lacks cells."""
    if is_blank(record.cells):
        return False
    return record.open or (not ends_whole and (archive_cut or len(record.cells) < layout.needed))


def _take(harvest: _Harvest, batch: Sequence[tuple[int, Record]], layout: Layout, path: str) -> None:
    """Sort a batch of records into rows and rejects."""
    width = layout.width
    for number, record in batch:
        cells = record.cells
        if is_blank(cells):
            continue
        if not layout.fits(cells):
            harvest.rejects.append(_reject(record, RAGGED, layout, path))
            continue
        harvest.numbers.append(number)
        harvest.cells.append(cells if len(cells) == width else (cells + [""] * width)[:width])
    if harvest.cells:
        harvest.rows += len(harvest.cells)
        harvest.frames.append(_frame(harvest.numbers, harvest.cells, layout))
        harvest.numbers, harvest.cells = [], []


def _frame(numbers: Sequence[int], rows: Sequence[Sequence[str]], layout: Layout) -> pl.DataFrame:
    columns = [pl.Series(ROW, numbers, dtype=pl.UInt32)]
    for name, values in zip(layout.columns, zip(*rows, strict=True), strict=True):
        columns.append(pl.Series(name, [value or None for value in values], dtype=pl.String))
    return pl.DataFrame(columns)


def _reject(record: Record, slug: str, layout: Layout, path: str) -> Reject:
    shown = (layout.delimiter if layout.delimiter != NO_DELIMITER else " ").join(record.cells)
    return Reject(path=path, line=record.line, column=None, slug=slug, value=shown[:SHOWN])


def _table(source: Source, decoded: Decoded, layout: Layout, harvest: _Harvest, sha256: str | None = None) -> Table:
    gathered = pl.concat(harvest.frames) if harvest.frames else _empty(layout)
    notes = [*source.notes, *([decoded.note] if decoded.note else []), *layout.notes, *_footer_notes(harvest.footers)]
    return Table(
        name=source.name,
        path=source.name,
        format="tsv" if layout.delimiter == "\t" else "csv",
        columns=layout.columns,
        frame=gathered.lazy(),
        rows=harvest.rows,
        sha256=sha256 if sha256 is not None else source.digest(),
        encoding=decoded.encoding,
        delimiter=None if layout.delimiter == NO_DELIMITER else layout.delimiter,
        first_line=layout.first_line,
        questions=layout.questions,
        zone=layout.zone,
        rejects=tuple(harvest.rejects),
        excluded={"footer": harvest.footers} if harvest.footers else {},
        notes=tuple(notes),
        body=source.body,
    )


def _empty(layout: Layout) -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: pl.UInt32, **dict.fromkeys(layout.columns, pl.String)})


def _footer_notes(count: int) -> list[str]:
    return [f"{count} total or footer {'line' if count == 1 else 'lines'} below the data skipped"] if count else []

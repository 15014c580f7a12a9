"""Workbooks: which sheets, where the header is, cells with their types."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from supportkpi.decisions import Reading
from supportkpi.errors import ArchiveBroken, KpiError, SheetUnknown, TableBroken
from supportkpi.loaders.tables import Table, lines_of, read


def book(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    """A workbook in memory."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        fill(workbook)
    return out.getvalue()


def tables(data: bytes, **options: str) -> list[Table]:
    """All tables of a workbook."""
    return read("-", Reading(**options), data)


def tickets(workbook: xlsxwriter.Workbook, name: str = "Tickets") -> None:
    sheet = workbook.add_worksheet(name)
    day = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    span = workbook.add_format({"num_format": "[h]:mm:ss"})
    sheet.merge_range("A1:E1", "Tickets of May")
    sheet.write_row(2, 0, ["ID", "Created", "Score", "Took", "Score"])
    for at, number in enumerate((7, 8, 9)):
        sheet.write(3 + at, 0, number)
        sheet.write_datetime(3 + at, 1, datetime(2026, 5, 1 + at, 9), day)  # noqa: DTZ001 - a cell has no zone
        sheet.write_datetime(3 + at, 3, timedelta(hours=30 + at), span)
    sheet.write(4, 2, 4.5)
    sheet.write_row(7, 0, [10])
    sheet.write_row(9, 0, ["Total", "", "", "", 4])


def test_types_titles_blank_rows_and_totals() -> None:
    (found,) = tables(book(tickets))
    frame = found.frame.collect()
    assert found.columns == ("ID", "Created", "Score", "Took", "Score (2)")
    assert [frame.schema[name] for name in ("ID", "Score")] == [pl.Float64, pl.Float64]
    assert frame["Created"][0] == datetime(2026, 5, 1, 9)  # noqa: DTZ001
    assert frame["Took"][1] == timedelta(hours=31)
    assert frame["ID"].to_list() == [7, 8, 9, 10]
    assert (found.rows, found.excluded) == (4, {"footer": 1})
    assert lines_of(found, frame["_row"].to_list()) == {0: 4, 1: 5, 2: 6, 4: 8}


def mixed(workbook: xlsxwriter.Workbook) -> None:
    tickets(workbook)
    sheet = workbook.worksheets()[0]
    sheet.write(9, 3, 93)
    sheet.write(7, 3, 32)


def test_a_plain_number_below_spans_of_time_is_no_damage() -> None:
    (found,) = tables(book(mixed))
    frame = found.frame.collect()
    assert frame.schema["Took"] == pl.String
    assert frame["Took"][3] == "32"
    assert frame["Created"][0] == datetime(2026, 5, 1, 9)  # noqa: DTZ001
    assert frame["ID"].to_list() == [7, 8, 9, 10]
    assert (found.rows, found.excluded) == (4, {"footer": 1})


def several(workbook: xlsxwriter.Workbook) -> None:
    tickets(workbook)
    sheet = workbook.add_worksheet("Surveys")
    sheet.write_row(0, 0, ["Ticket", "Score", "Comment"])
    sheet.write_row(1, 0, [7, 5, "fine"])
    workbook.add_worksheet("Empty")
    workbook.add_worksheet("About").write(0, 0, "made by hand")
    hidden = workbook.add_worksheet("Lists")
    hidden.write_row(0, 0, ["a", "b", "c"])
    hidden.write_row(1, 0, [1, 2, 3])
    hidden.hide()


def test_sheets() -> None:
    data = book(several)
    assert [found.name for found in tables(data)] == ["-[Tickets]", "-[Surveys]"]
    assert [found.columns[0] for found in tables(data, sheet="surveys")] == ["Ticket"]
    assert [found.columns[0] for found in tables(data, sheet="2")] == ["Ticket"]
    assert [found.columns[0] for found in tables(data, sheet="Lists")] == ["a"]
    with pytest.raises(SheetUnknown, match="Tickets, Surveys"):
        tables(data, sheet="nobody")
    with pytest.raises(TableBroken):
        tables(data, sheet="Empty")


def test_sheets_that_are_passed_over_are_said() -> None:
    first, second = tables(book(several))
    assert any("passed over" in note and "Lists" in note for note in first.notes)
    assert not any("passed over" in note for note in second.notes)
    assert not any("passed over" in note for note in tables(book(several), sheet="2")[0].notes)


def counted(workbook: xlsxwriter.Workbook) -> None:
    tell = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["ID", "Created", "Solved", "Hours"])
    for at in range(1, 4):
        sheet.write(at, 0, at)
        sheet.write_datetime(at, 1, datetime(2026, 5, at, 9, 30), tell)  # noqa: DTZ001
        sheet.write_formula(at, 3, f"=(C{at + 1}-B{at + 1})*24", None, 24.5 if at < 3 else "#REF!")
        sheet.write_datetime(at, 2, datetime(2026, 5, at + 1, 10), tell)  # noqa: DTZ001


@pytest.mark.parametrize("since", [False, True])
def test_formulas_give_what_they_came_to_and_days_are_counted_from_either_year(since: bool) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": since}) as workbook:
        counted(workbook)
    (found,) = tables(out.getvalue())
    frame = found.frame.collect()
    assert frame["Hours"].to_list() == [24.5, 24.5, None]
    assert frame["Created"][0] == datetime(2026, 5, 1, 9, 30)  # noqa: DTZ001
    assert frame["Solved"][2] == datetime(2026, 5, 4, 10)  # noqa: DTZ001
    assert found.notes == ("1 cell holds a fault of a formula, such as #REF!: no value",)


def test_a_table_away_from_the_corner() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(4, 2, ["ID", "Status", "Note"])
        sheet.write_row(5, 2, ["T-1", "open"])

    (found,) = tables(book(fill))
    assert found.columns == ("ID", "Status", "Note")
    assert found.frame.drop("_row").collect().rows() == [("T-1", "open", None)]
    assert set(found.frame.collect_schema().dtypes()) == {pl.UInt32(), pl.String()}


def test_header_only() -> None:
    (found,) = tables(book(lambda workbook: workbook.add_worksheet().write_row(0, 0, ["ID", "Status", "Day"])))
    assert (found.rows, found.columns) == (0, ("ID", "Status", "Day"))


def test_damage() -> None:
    data = book(tickets)
    for broken in (data[:-400], data[:1500], data.replace(b"sheet1.xml", b"sheetx.xml")):
        with pytest.raises(KpiError) as caught:
            tables(broken)
        assert caught.value.slug in ("archive-broken", "table-broken")


OLD = Path(__file__).resolve().parent / "files" / "tickets.xls"


def test_old_binary_workbooks() -> None:
    (found,) = tables(OLD.read_bytes())
    assert (found.format, found.columns, found.rows) == ("xls", ("ID", "Created", "Тема", "Took"), 3)
    assert found.frame.collect()["Created"][0] == datetime(2026, 5, 1, 9, 30)  # noqa: DTZ001
    assert found.frame.collect()["Тема"].to_list() == ["Почта №0", "Почта №1", "Почта №2"]
    for broken in (OLD.read_bytes()[:1500], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900)):
        with pytest.raises(ArchiveBroken, match="password"):
            tables(broken)


@pytest.mark.parametrize(
    ("at", "bytes_"),
    [
        (48, b"\x08\x00"),  # the folder of streams begins inside the table of sectors
        (76, b"\x05\x00\x00\x00"),  # the table of sectors is a sheet
        (44, b"\xff\xff\xff\xff"),
        (2097, b"\xff"),  # a value in column 65,282
        (5051, b"\x14"),  # a stream's name that is none
        (1717, b"\xff"),  # a sheet that says to have four billion rows
        (1711, b"\xc5"),  # a sheet that begins below its last row
        (30, b"\x1f"),
    ],
)
def test_a_torn_old_workbook_is_told_at_once(at: int, bytes_: bytes) -> None:
    body = bytearray(OLD.read_bytes())
    body[at : at + len(bytes_)] = bytes_
    try:
        (found,) = tables(bytes(body))
    except (ArchiveBroken, TableBroken):
        return
    assert found.rows == 3


def test_every_chain_of_an_old_workbook_ends() -> None:
    whole = OLD.read_bytes()
    table = whole.index(b"\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00")
    for sector in range(9):
        for following in (0, sector):  # a ring
            body = bytearray(whole)
            body[table + 4 * sector : table + 4 * sector + 4] = following.to_bytes(4, "little")
            with suppress(ArchiveBroken):
                assert tables(bytes(body))[0].rows == 3


def opendocument(rows: str) -> bytes:
    """An OpenDocument spreadsheet of rows written as its XML."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Tickets">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind, of = (
        "application/vnd.oasis.opendocument.spreadsheet",
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"',
    )
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {of}>{entry}</manifest:manifest>")
        archive.writestr("content.xml", content)
    return out.getvalue()


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def number(value: float, times: int = 1) -> str:
    repeated = f' table:number-columns-repeated="{times}"'
    return f'<table:table-cell office:value-type="float" office:value="{value}"{repeated}/>'


BLANK = '<table:table-cell table:number-columns-repeated="16380"/>'


def test_opendocument_spreadsheets() -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="2026-05-01T09:30:00"/>'
    rows = row(text("ID"), text("Created"), text("Тема"), BLANK) + row(number(7), day, text("Почта"), BLANK)
    (found,) = tables(opendocument(rows + row(BLANK, repeated=1_048_574)))
    assert (found.format, found.columns) == ("ods", ("ID", "Created", "Тема"))
    assert found.frame.collect().rows() == [(0, 7.0, datetime(2026, 5, 1, 9, 30), "Почта")]  # noqa: DTZ001


def test_blank_rows_to_the_end_of_a_sheet_are_none_before_the_next_sheet() -> None:
    tickets = row(text("ID"), text("Status")) + row(number(7), text("open")) + row(BLANK, repeated=1_048_574)
    both = tickets + '</table:table><table:table table:name="May">' + tickets
    assert [found.rows for found in tables(opendocument(both))] == [1, 1]


def far(workbook: xlsxwriter.Workbook) -> None:
    tickets(workbook)
    workbook.worksheets()[0].write(1_048_575, 16_383, "x")


HEADER = row(text("ID"), text("Created"))


@pytest.mark.parametrize(
    "data",
    [
        lambda: book(far),
        lambda: opendocument(HEADER + row(BLANK, repeated=1_000_000) + row(BLANK, number(1))),
        lambda: opendocument(HEADER + row(number(1, 16_384), repeated=1_000_000)),
    ],
)
def test_a_value_at_the_end_of_the_world_is_told_and_not_waited_for(data: Callable[[], bytes]) -> None:
    with pytest.raises(TableBroken, match="far away"):
        tables(data())


def rewritten(old: bytes, new: bytes) -> bytes:
    """A workbook with a place in its first sheet written otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(tickets))) as read, zipfile.ZipFile(out, "w") as written:
        for entry in read.infolist():
            body = read.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                assert old in body
                body = body.replace(old, new)
            written.writestr(entry.filename, body)
    return out.getvalue()


@pytest.mark.parametrize(
    "place",
    [
        b'r="NaNB3"',
        b'r="A1048577"',
        b'r="Anull2"',
        b'r="zzzzzz2"',
        b"r='XFD999999'",
        b'r = "XFD999999"',
        b'r="XFD999999"',
        b'r=" xfd999999"',
    ],
)
def test_a_place_beyond_all_sheets_is_told_however_it_is_written(place: bytes) -> None:
    with pytest.raises(TableBroken, match="far away"):
        tables(rewritten(b'r="A3"', place))


def test_a_place_in_codes_is_no_workbook() -> None:
    with pytest.raises(ArchiveBroken, match="damaged"):
        tables(rewritten(b'r="A3"', b'r="&#88;FD999999"'))


def long(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["ID", "Status"])
    for at in range(1, 12_000):
        sheet.write_row(at, 0, [at, "open"])
    sheet.write(30_000, 0, 5)


def test_a_long_sheet_with_a_hole_is_read() -> None:
    assert tables(book(long))[0].rows == 12_000


def apart(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["ID", "", "Status"])
    sheet.write_row(1, 0, [7, "", "open"])
    sheet.write(0, 16_383, "Note")
    sheet.write(1, 16_383, "x")


def test_columns_without_name_and_value_are_none() -> None:
    assert tables(book(apart))[0].columns == ("ID", "Status", "Note")

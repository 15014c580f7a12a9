"""Workbooks: which sheets, where the header is, cells with their types."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl
import pytest
import xlsxwriter

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError, SheetUnknown, TableBroken
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

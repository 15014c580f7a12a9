"""The scan of a large file says what the careful reading says, or is not trusted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest import mock

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables
from supportkpi.loaders.tables import Doubted, Table, _bytes, _csv, _csv_scan, lines_of, read, surely


def scanned(path: Path) -> tuple[Table, bool]:
    """The table of a file, read as if it were large, and whether a scan was trusted."""
    with (
        mock.patch.object(_bytes, "SMALL", -1),
        mock.patch.object(_csv, "_carefully", wraps=_csv._carefully) as careful,
    ):
        (found,) = read(str(path), Reading())
    return found, not careful.called


def same(first: Table, second: Table) -> bool:
    """Whether two readings agree in everything that they say."""
    told = [
        (one.columns, one.rows, one.rejects, one.excluded, one.notes, one.sha256, one.encoding)
        for one in (first, second)
    ]
    return told[0] == told[1] and first.frame.collect().sort("_row").equals(second.frame.collect().sort("_row"))


BODY = "".join(f'{n},open,"a, ""b"" c\n{n}",x\n' for n in range(300))


@pytest.mark.parametrize(
    "text",
    [
        "id,status,note,day\n" + BODY,
        "\ufeffid,status,note,day\r\n" + BODY.replace("\n", "\r\n"),
        "id,status,note,day\n" + BODY + "300,open,a,x",
        "id,status,note,day\n" + BODY + "\n\n",
        "id,status,note,day\n" + BODY + 'Total,,,\n\n"Confidential Information"\n',
        "Tickets, by day\n\nid,status,note,day\n" + BODY,
        "sep=,\nid,status,note,day\n" + BODY,
        "id,status,status,\n" + "1,,,\n,,2,\n" * 20,
        "id;имя\n" + "1;Яна\n" * 50,
        'id,"status\nnow"\n' + "1,\n" * 10,
        "id,note\n" + '1,""\n2,"x"\n' * 10,
    ],
)
def test_the_scan_is_trusted_and_right(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    large, trusted = scanned(path)
    (small,) = read(str(path), Reading())
    assert trusted
    assert same(large, small)
    assert lines_of(large, [0, 5]) == lines_of(small, [0, 5])


@pytest.mark.parametrize(
    "fault",
    [
        "7,short,row\n",
        "7,a,long,row,x\n",
        "7,short,row\n8,a,long,row,x\n",  # the totals of delimiters cancel out
        "\n",
        ",,,\n",
        '7,5" tv,a,x\n8,5" tv,a,x\n',
        '7,"5" tv",a,x\n8,"6" tv",a,x\n',
        '7,"tv 5"",a,x\n8,"tv 6"",a,x\n',
        '7,"2"x,a,x\n',
        '7,"open,a,x\n',
        "7,nul\x00,a,x\n",
    ],
)
@pytest.mark.parametrize("where", [0, 150, 300])
def test_what_is_off_is_read_with_care(tmp_path: Path, fault: str, where: int) -> None:
    lines = [f'{n},open,"a, b",some longer words of text that make rows as long as rows are\n' for n in range(300)]
    path = tmp_path / "t.csv"
    path.write_text("id,status,note,day\n" + "".join((*lines[:where], fault, *lines[where:])), newline="")
    large, trusted = scanned(path)
    (small,) = read(str(path), Reading())
    assert same(large, small)
    assert not trusted or (fault.strip(",\n") == "" and where in (0, 300))  # blank rows above or below the data


def test_bytes_that_are_not_utf8_far_down(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,name\n" + b"1,plain\n" * 200_000 + "2,Принтер не печатает\n".encode("cp1251"))
    (found,) = read(str(path), Reading())
    assert (found.encoding, found.rows) == ("cp1251", 200_001)
    assert found.frame.tail(1).collect()["name"].to_list() == ["Принтер не печатает"]


def test_quotes_that_begin_far_down(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,name\n" + "1,plain\n" * 200_000 + '2,"2"x\n3,z\n')
    (found,) = read(str(path), Reading())
    assert found.rows == 200_002
    assert found.frame.tail(2).collect()["name"].to_list() == ["2x", "z"]


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,name,day\n" + "1,plain,x\n" * 150_000)
    (found,) = read(str(path), Reading())
    assert "PROJECT 1/" in found.frame.select("name").explain()
    assert found.frame.select("day").collect().height == found.rows == 150_000


def test_overflow_name_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"id,{_csv_scan.OVERFLOW}\n1,2\n")
    large, _ = scanned(path)
    assert large.columns == ("id", _csv_scan.OVERFLOW)
    assert large.rows == 1


# --- rows that are looked at only when they are read ------------------------------------------------------------------

PLAIN = "".join(f"{n},open,some words,2026-01-{n % 28 + 1:02d}\n" for n in range(300))
COLUMNS = "id,status,note,created at\n"


def hoped(path: Path) -> Table:
    """The table of a file, read as if it were large enough to be hoped for."""
    with mock.patch.object(_bytes, "SMALL", -1), mock.patch.object(_csv, "LARGE", 0):
        (found,) = read(str(path), Reading())
    return found


def test_a_large_plain_file_is_scanned_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(COLUMNS + PLAIN)
    large, (small,) = hoped(path), read(str(path), Reading())
    assert not large.sure
    assert small.sure
    assert same(large, small)


@pytest.mark.parametrize(
    "text", [COLUMNS + PLAIN + "\n", COLUMNS + PLAIN + "Total,,,\n", COLUMNS + PLAIN + '1,"a",b,c\n']
)
def test_footers_blank_ends_and_quotes_are_not_hoped_for(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    large, (small,) = hoped(path), read(str(path), Reading())
    assert large.sure
    assert same(large, small)


@pytest.mark.parametrize("where", [1, 150, 299])
@pytest.mark.parametrize(
    "fault",
    [
        "7,short,row\n8,a,long,2026-01-01,x\n",  # the totals of delimiters cancel out
        "\n,,,,,,\n",
        ",,,\n",
    ],
)
def test_a_row_that_is_off_is_found_by_whoever_reads_the_rows(tmp_path: Path, fault: str, where: int) -> None:
    lines = PLAIN.splitlines(keepends=True)
    path = tmp_path / "t.csv"
    path.write_text(COLUMNS + "".join((*lines[:where], fault, *lines[where:])))
    large, (small,) = hoped(path), read(str(path), Reading())
    assert not large.sure
    with pytest.raises(Doubted):
        large.frame.select("_row", "status").collect()
    assert same(surely(large, Reading()), small)
    told = load_tables([large], Reading())
    assert told.tickets.equals(load_tables([small], Reading()).tickets)
    assert told.rejects == load_tables([small], Reading()).rejects


# --- the first rows of a large file -----------------------------------------------------------------------------------


def topped(path: Path, rows: int = 50) -> Table:
    """The table of a file of which so many rows are read first, as if it were large enough to be hoped for."""
    with mock.patch.object(_csv, "TOP", rows), mock.patch.object(_csv_scan, "TOP", rows):
        return hoped(path)


@pytest.mark.parametrize("body", [PLAIN, BODY, PLAIN + '301,"a",b,2026-01-01\n'], ids=["plain", "quoted", "late"])
def test_the_first_rows_are_those_of_the_whole(tmp_path: Path, body: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(COLUMNS + body)
    found = topped(path)
    assert found.top is not None
    assert found.head(50).collect().equals(found.top.rows)
    assert found.top.rows.equals(found.frame.collect().sort("_row").head(50))
    assert found.head(51).collect().height == 51


@pytest.mark.parametrize("longest", [0, 40])
def test_long_rows_in_front_leave_the_first_rows_to_the_scan(tmp_path: Path, longest: int) -> None:
    path = tmp_path / "t.csv"
    path.write_text(COLUMNS + f"1,open,{'long ' * 500},2026-01-01\n" * 60 + "2,open,x,2026-01-01\n" * 4000)
    with mock.patch.object(_csv_scan, "LONGEST", longest):
        found = topped(path)
    assert found.top is None


def test_the_first_rows_are_of_no_other_frame(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(COLUMNS + PLAIN)
    found = topped(path)
    other = replace(found, frame=found.frame.filter(pl.col("_row") > 100))
    assert other.head(9).collect()["_row"].min() == 101


def test_doubt_about_the_first_rows_is_left_to_who_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(COLUMNS + "1,open,x,2026-01-01\n,,,\n" + PLAIN)
    found = topped(path)
    assert found.top is None
    with pytest.raises(Doubted):
        found.head(50).collect()


def test_rows_are_watched_by_the_columns_that_are_filled(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("tag,id,status,note\n" + "".join(f",{n},open,\n" for n in range(300)))
    large, (small,) = hoped(path), read(str(path), Reading())
    assert not large.sure
    assert same(large, small)

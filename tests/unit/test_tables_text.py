"""CSV and TSV: what is a row, what is none, and what cannot be read."""

from __future__ import annotations

import gzip

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import FileEmpty, KpiError, OptionWrong, TableBroken
from supportkpi.loaders.tables import Table, lines_of, read


def table(data: bytes | str, **options: str) -> Table:
    """The one table of some bytes."""
    raw = data.encode() if isinstance(data, str) else data
    (found,) = read("-", Reading(**options), raw)
    return found


def rows(found: Table) -> list[tuple[object, ...]]:
    """The rows without their numbers."""
    return found.frame.sort("_row").drop("_row").collect().rows()


def test_plain() -> None:
    found = table("id,status\n1,open\n2,\n")
    assert (found.format, found.delimiter, found.columns, found.rows) == ("csv", ",", ("id", "status"), 2)
    assert found.frame.collect().schema == {"_row": pl.UInt32, "id": pl.String, "status": pl.String}
    assert rows(found) == [("1", "open"), ("2", None)]
    assert (found.rejects, found.excluded, found.notes) == ((), {}, ())


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(mark: str) -> None:
    found = table(mark.join(("id", "note", "score")) + "\n" + mark.join(("1", '"a, b; c | d\te"', "1.5")) + "\n")
    assert found.delimiter == mark
    assert rows(found) == [("1", "a, b; c | d\te", "1.5")]
    assert found.format == ("tsv" if mark == "\t" else "csv")


def test_decimal_commas_are_no_delimiter() -> None:
    found = table("id;hours;note\n1;1,5;a\n2;2,5;b\n3;3,5;c\n")
    assert found.columns == ("id", "hours", "note")


@pytest.mark.parametrize(
    ("text", "columns", "first"),
    [
        ("sep=;\r\nid;a\r\n1;2\r\n", ("id", "a"), 3),
        ("Reporting period 2026-01-01 to 2026-02-01\n\nAgent,Open,Closed\nA,1,2\n", ("Agent", "Open", "Closed"), 4),
        (
            "Report,,,\nMade on 1 May,,,\n,,,\nNumber,State,Opened,Closed\nI1,New,x,\n",
            ("Number", "State", "Opened", "Closed"),
            5,
        ),
        (",id,status\n0,17,open\n1,18,closed\n", ("column 1", "id", "status"), 2),
        ('id,"two\nlines",c\n1,2,3\n', ("id", "two lines", "c"), 3),
        ("id;a;b;\n1;2;3;\n4;5;6;\n", ("id", "a", "b"), 2),
        ("id;a;b\n1;2;3;\n4;5;6;\n", ("id", "a", "b"), 2),
        ("id,Labels,Labels,,Labels\n1,a,b,c,d\n", ("id", "Labels", "Labels (2)", "column 4", "Labels (3)"), 2),
        ('ï»¿"id",\xa0a  b ,_row\n1,2,3\n', ("id", "a b", "_row (2)"), 2),
        ("id,status", ("id", "status"), 2),
    ],
)
def test_headers(text: str, columns: tuple[str, ...], first: int) -> None:
    found = table(text)
    assert (found.columns, found.first_line) == (columns, first)
    assert found.frame.collect().columns == ["_row", *columns]


def test_titles_are_said() -> None:
    assert table("Tickets by state\n\nid,state,day\n1,open,x\n2,new,y\n").notes == (
        "1 title line above the header skipped",
    )


def test_survey_rows_are_no_data() -> None:
    found = table(
        'ResponseId,Q1\nResponse ID,"How,\nwell?"\n"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\nR_1,5\n'
    )
    assert rows(found) == [("R_1", "5")]
    assert lines_of(found, [0]) == {0: 5}


@pytest.mark.parametrize(
    "footer",
    [
        "Total,,12\n",
        "Итого:;;12\n".replace(";", ","),
        '"Grand Totals (2 records)"\n\n"Confidential Information - Do Not Distribute"\n',
        "\n\nCopyright (c) 2026 Example\n",
        "\nmade for the board\n",
    ],
)
def test_footers_are_counted_and_are_no_rows(footer: str) -> None:
    found = table("id,status,hours,note\n1,open,2,\n2,open,10,\n" + footer)
    assert found.rows == 2
    assert found.excluded == {"footer": sum(line.strip(",") != "" for line in footer.splitlines())}
    assert not found.rejects


def test_a_ticket_about_totals_is_a_row() -> None:
    found = table("subject,status,id\nTotal outage,open,1\nTotals are wrong,open,2\n")
    assert found.rows == 2
    assert not found.excluded


def test_ragged_rows_are_rejected_with_their_line() -> None:
    found = table('id,note,day\n1,"a\nb",x\n2,y\n3,a,b,c\n4,a,b,\n')
    assert [(reject.line, reject.slug, reject.value) for reject in found.rejects] == [
        (4, "ragged-row", "2,y"),
        (5, "ragged-row", "3,a,b,c"),
    ]
    assert rows(found) == [("1", "a\nb", "x"), ("4", "a", "b")]
    assert lines_of(found, [0, 3, 99]) == {0: 2, 3: 6, 99: None}


@pytest.mark.parametrize("tail", ['2,"half a\ntext, and', "2,op", '2,open,"'])
def test_a_cut_file_keeps_its_whole_records(tail: str) -> None:
    found = table("id,status,day\n1,open,x\n" + tail)
    assert rows(found) == [("1", "open", "x")]
    assert [(reject.line, reject.slug) for reject in found.rejects] == [(3, "cut-record")]


def test_a_quote_that_nobody_closes_costs_its_own_line() -> None:
    found = table('id,status,day\n1,"open,x\n2,open,y\n3,open,z\n')
    assert [row[0] for row in rows(found)] == ["2", "3"]
    assert [(reject.line, reject.slug) for reject in found.rejects] == [(2, "ragged-row")]


def test_blank_rows_are_no_rows() -> None:
    found = table("id,a,b\n1,2,3\n\n,,\n   \n4,5,6\n\n")
    assert rows(found) == [("1", "2", "3"), ("4", "5", "6")]
    assert lines_of(found, [1]) == {1: 6}
    assert not found.excluded


def test_rows_that_leave_out_their_empty_end() -> None:
    found = table("a,b,c,d\n1,2\n3\n4,5,6\n7,8,9,1\n2,3\n")
    assert found.rows == 5
    assert any("empty" in note for note in found.notes)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends(end: str) -> None:
    assert rows(table(end.join(("id,a", "1,x", "2,y", "")))) == [("1", "x"), ("2", "y")]


def test_one_column() -> None:
    assert rows(table("Comment\nnice, very\nbad\nok, fine, good\n")) == [("nice, very",), ("bad",), ("ok, fine, good",)]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("id,a,b\n1,2,3\n", {"delimiter": ";"}),
        ("id^a^b\n1^2^3\n", {}),
        ("1,2026-01-01,5\n2,2026-01-02,6\n", {}),
        ("a,b\n1,2,3\n4,5,6\n7,8,9\n", {}),
    ],
)
def test_what_is_no_table(text: str, options: dict[str, str]) -> None:
    with pytest.raises(TableBroken) as caught:
        table(text, **options)
    assert caught.value.hint
    assert caught.value.where is not None


def test_delimiter_option() -> None:
    assert table("id^a\n1^2\n", delimiter="^").columns == ("id", "a")
    assert table("id\ta\n1\t2\n", delimiter="tab").format == "tsv"
    with pytest.raises(OptionWrong):
        table("id,a\n", delimiter="ab")


def test_zero_bytes_at_the_end_are_no_row() -> None:
    assert table(b"id,a\n1,2\n" + bytes(4000)).rows == 1


def test_gzip_and_its_cut_end() -> None:
    raw = "id,status,day\n" + "".join(f"{n},open,{n * 7919 % 10007}\n" for n in range(20_000))
    packed = gzip.compress(raw.encode())
    assert table(packed).rows == 20_000
    found = table(packed[: len(packed) * 2 // 3])
    assert 1_000 < found.rows < 20_000
    assert [reject.slug for reject in found.rejects] == ["cut-record"]
    assert found.frame.select("id").collect()["id"].to_list() == [str(n) for n in range(found.rows)]


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08 not gzip at all", gzip.compress(bytes(100 << 20)), b"\x1f\x8b"])
def test_archives_that_cannot_be(data: bytes) -> None:
    with pytest.raises(KpiError) as caught:
        table(data)
    assert caught.value.slug == "archive-broken"


def test_no_message_names_the_library_that_reads() -> None:
    for data in (b"", b"%PDF", b"1,2\n", b"id,\xff\xfe\xfd\n", b"a,b\n1,2,3\n4,5,6\n"):
        with pytest.raises(KpiError) as caught:
            table(data)
        assert "polars" not in str(caught.value).lower()
        assert caught.value.message[0] == caught.value.message[0].lower()


@pytest.mark.parametrize("data", [b"sep=;\n", b"sep=;\r\n\r\n", b'\xef\xbb\xbf"sep=,"\n'])
def test_a_line_about_the_delimiter_and_nothing_else(data: bytes) -> None:
    with pytest.raises(FileEmpty):
        read("-", Reading(), data)


def test_a_header_that_polars_takes_for_a_pattern_is_a_name() -> None:
    (found,) = read("-", Reading(), b"id,*,^.*$,*,^x\n1,a,b,c,d\n2,e,f,g,h\n")
    assert found.columns == ("id", "(*)", "(^.*$)", "(*) (2)", "^x")
    frame = found.frame.collect()
    assert [frame.select(pl.col(name)).to_series()[1] for name in found.columns] == ["2", "e", "f", "g", "h"]


def test_merged_cells_of_a_header_stand_above_the_names_of_their_columns() -> None:
    found = table(
        "Отчёт;;;;;\n№;Даты;;SLA;;Статус\n;Создана;Решена;Реакция;Решена;\n"
        "1;01.02.2026;02.02.2026;да;да;Закрыта\n2;13.02.2026;14.02.2026;да;нет;Закрыта\n"
    )
    assert found.columns == ("№", "Создана", "Даты - Решена", "Реакция", "SLA - Решена", "Статус")
    assert (found.rows, found.first_line) == (2, 4)
    assert "the header has two rows: names of groups above those of their columns" in found.notes


@pytest.mark.parametrize("row", [";Ann;Bob;Open", "7;;x;Open", ";Ann;;Open", "x;;y;z"])
def test_a_row_of_values_is_no_second_row_of_a_header(row: str) -> None:
    found = table(f"id;name;owner;state\n{row}\n1;Ann;Bob;Open\n")
    assert found.columns == ("id", "name", "owner", "state")
    assert found.rows == 2

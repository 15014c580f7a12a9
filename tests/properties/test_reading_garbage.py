"""Whatever the bytes are, there is a table whose rows add up, or an error with a slug."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from contextlib import suppress
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from supportkpi.decisions import Reading
from supportkpi.errors import FileEmpty, JsonBroken, KpiError, TableBroken
from supportkpi.loaders.tables import Table, _bytes, lines_of, read

SEEDS = (
    b'id,status,created\n1,open,2026-01-01\n2,closed,"a\nb"\n3,open,\n',
    "Номер;Тема\n1;Не работает почта\n2;Нет доступа\nИтого;2\n".encode("cp1251"),
    "id\tname\n1\tÜber\n".encode("utf-16"),
    b'{"tickets":[{"id":1,"via":{"channel":"web"},"tags":["a"]},{"id":2.50}],"count":2}',
    b'{"id":1}\n{"id":2,"x":"\\ud83d\\ude00"}\n{"id":3}\n',
    gzip.compress(b"id,status\n1,open\n2,closed\n"),
    b"Report,,\n\nid,status,day\n1,open,x\n\n2,open,y\nTotal,,2\n",
)
cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=8
) | st.sampled_from(["", 'say "hi"', "a,b;c", "two\nlines", '"', ",", "2026-01-01"])
words = st.text("abcdefgh", min_size=1, max_size=5)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A seed with a few bytes removed, inserted, or its end cut off."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 2)):
            case 0:
                data[at:at] = draw(
                    st.sampled_from([b'"', b"\n", b",", b"{", b"]", b"\x00", b"\xff", b"\r"]) | st.binary(max_size=4)
                )
            case 1:
                del data[at : at + draw(st.integers(1, 6))]
            case _:
                del data[max(at, 1) :]
    return bytes(data)


def sound(found: Table) -> None:
    """What holds for every table."""
    frame = found.frame.collect()
    assert frame.height == found.rows
    assert tuple(frame.columns) == ("_row", *found.columns)
    assert len(set(found.columns)) == len(found.columns)
    assert frame["_row"].n_unique() == found.rows
    assert all(reject.slug in ("ragged-row", "cut-record", "not-a-record") for reject in found.rejects)
    assert set(lines_of(found, frame["_row"].to_list())) == set(frame["_row"].to_list())


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=300) | mutated())
def test_a_table_or_an_error(data: bytes) -> None:
    with suppress(KpiError):
        for found in read("-", Reading(), data):
            sound(found)


@settings(max_examples=examples(50), deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["utf-8", "cp1251", "utf-16", "latin-1"]),
    st.sampled_from([",", ";", "tab"]),
)
def test_options_do_not_change_that(data: bytes, encoding: str, delimiter: str) -> None:
    try:
        (found,) = read("-", Reading(encoding=encoding, delimiter=delimiter), data)
    except KpiError:
        return
    sound(found)


@settings(max_examples=examples(75), deadline=None)
@given(
    header=st.lists(words, min_size=2, max_size=5, unique=True),
    body=st.lists(st.lists(cells, min_size=5, max_size=5), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_was_written_is_read_by_scan_and_with_care(
    header: list[str], body: list[list[str]], delimiter: str, quoting: int, end: str
) -> None:
    # The first cell says that the row is data: otherwise a row of blanks or a "Total" would rightly be none.
    written = [[f"T{at}", *row[: len(header) - 1]] for at, row in enumerate(body)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([header, *written])
    expected = [tuple(cell or None for cell in row) for row in written]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(out.getvalue().encode())
        how = Reading(delimiter=delimiter)
        for small in (_bytes.SMALL, -1):
            with mock.patch.object(_bytes, "SMALL", small):
                (found,) = read(str(path), how)
            assert found.columns == tuple(header)
            assert found.frame.sort("_row").drop("_row").collect().rows() == expected
            assert not found.rejects


@settings(max_examples=examples(100), deadline=None)
@given(lengths=st.lists(st.integers(1, 7), min_size=1, max_size=30), small=st.sampled_from([1 << 20, -1]))
def test_rows_and_rejects_add_up(lengths: list[int], small: int) -> None:
    lines = ["a,b,c,d", *(",".join([f"T{at}", *["x"] * (length - 1)]) for at, length in enumerate(lengths))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text("\n".join(lines) + "\n")
        with mock.patch.object(_bytes, "SMALL", small):
            try:
                (found,) = read(str(path), Reading())
            except TableBroken:  # most rows are longer than the header
                return
            numbers = found.frame.select("_row").collect()["_row"].to_list()
    assert found.rows + len(found.rejects) + sum(found.excluded.values()) == len(lengths)
    assert {reject.line for reject in found.rejects} == {at + 2 for at in range(len(lengths))} - {
        row + 2 for row in numbers
    }


records = st.lists(
    st.dictionaries(
        words,
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=4),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
            max_leaves=4,
        ),
        max_size=3,
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(50), deadline=None)
@given(records, st.sampled_from(["list", "lines", "wrapped"]), st.floats(0, 1))
def test_json_cut_anywhere_keeps_what_is_whole(found: list[dict[str, object]], shape: str, share: float) -> None:
    keyed = [{"id": at, **record} for at, record in enumerate(found)]
    text = {
        "list": json.dumps(keyed),
        "lines": "\n".join(json.dumps(record) for record in keyed),
        "wrapped": json.dumps({"count": len(keyed), "tickets": keyed}),
    }[shape]
    try:
        (table,) = read("-", Reading(), text[: int(len(text) * share)].encode())
    except (JsonBroken, FileEmpty, TableBroken):
        return
    if table.format in ("json", "ndjson") and "id" in table.columns:
        assert list(table.records) == keyed[: table.rows]
        assert len(table.rejects) <= 1

"""JSON: which list holds the records, one column a path, and what a broken text still gives."""

from __future__ import annotations

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import JsonBroken
from supportkpi.loaders.tables import Table, lines_of, read


def table(text: str) -> Table:
    """The one table of a JSON text."""
    (found,) = read("-", Reading(), text.encode())
    return found


def ids(found: Table) -> list[str]:
    """The column ``id``."""
    return found.frame.sort("_row").collect()["id"].to_list()


@pytest.mark.parametrize(
    "text",
    [
        '[{"id":1},{"id":2}]',
        '{"tickets":[{"id":1},{"id":2}],"users":[{"id":7}],"count":2}',
        '{"result":[{"id":1},{"id":2}]}',
        '{"_embedded":{"conversations":[{"id":1},{"id":2}]},"page":{"size":2}}',
        '{"data":{"items":[{"id":1},{"id":2}]}}',
        '{"bugs":[{"id":1},{"id":2}],"total":2}',
        '{"0":{"id":1},"1":{"id":2},"total_count":2}',
        '{"id":1}\n\n{"id":2}\n',
        '{"tickets":[{"id":1}],"next_page":"x"}{"tickets":[{"id":2}]}',
        '[{"tickets":[{"id":1}],"count":1},{"tickets":[{"id":2}]}]',
        '[{"id":1}]\n[{"id":2}]',
        '[["id","a"],[1,2],[2,3]]',
        '{"meta":{"view":{"columns":[{"name":"id"}]}},"data":[[1],[2]]}',
        '\ufeff  [ {"id":1} , {"id":2} ] ',
    ],
)
def test_where_the_records_are(text: str) -> None:
    found = table(text)
    assert ids(found) == ["1", "2"]
    assert found.rows == len(found.records) == 2
    assert not found.rejects


def test_one_column_a_path() -> None:
    found = table('[{"id":12345678901234567890,"a":{"b":[1,"x"],"c":null},"f":1.10,"t":true,"e":"","z":{}}]')
    assert found.columns == ("id", "a.b", "a.c", "f", "t", "e")
    assert found.frame.drop("_row").collect().rows() == [
        ("12345678901234567890", '[1, "x"]', None, "1.10", "true", None)
    ]
    assert found.records[0]["f"] == 1.1


def test_records_with_lists_of_their_own_are_records() -> None:
    found = table('[{"id":1,"items":[{"sku":1}]},{"id":2,"items":[]}]')
    assert ids(found) == ["1", "2"]
    assert found.columns == ("id", "items")


@pytest.mark.parametrize("text", ['{"id":1,"tags":[]}', '{"ticket":{"id":1,"fields":[]}}'])
def test_a_lone_record(text: str) -> None:
    found = table(text)
    assert ids(found) == ["1"]
    assert found.notes == ("the file holds one record",)


@pytest.mark.parametrize("text", ["[]", '{"tickets":[],"count":0}'])
def test_no_records(text: str) -> None:
    assert (table(text).rows, table(text).columns) == (0, ())


def test_lines_of_ndjson() -> None:
    found = table('{"id":1}\n\n{"id":2\n{"id":3}\n')
    assert (found.format, ids(found)) == ("ndjson", ["1", "3"])
    assert [(reject.line, reject.slug) for reject in found.rejects] == [(3, "not-a-record")]
    assert lines_of(found, [0, 1]) == {0: 1, 1: 4}
    assert lines_of(table('[{"id":1}]'), [0]) == {0: None}


@pytest.mark.parametrize(
    "whole",
    [
        '[{"id":1,"s":"a, b"},{"id":2,"s":"]"},{"id":3}]',
        '{"tickets":[{"id":1},{"id":2}],"count":2}',
        '{"id":1}\n{"id":2}\n{"id":3}\n',
    ],
)
def test_every_cut_keeps_the_whole_records(whole: str) -> None:
    kept = set()
    for end in range(1, len(whole.rstrip())):
        try:
            found = table(whole[:end])
        except JsonBroken:
            continue
        assert ids(found) == [str(n) for n in range(1, found.rows + 1)]
        assert [reject.slug for reject in found.rejects] in (["cut-record"], [])
        kept.add(found.rows)
    assert {1, 2} <= kept


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[{"id":1},\n{id:2}]', 2),
        ('{"tickets":[{"id":1', None),
        ('[{"a":' + "[" * 100_000, None),
        ('[{"a":' + '{"a":' * 3_000 + "1" + "}" * 3_000 + "}]", None),
        ('[{"id":' + "9" * 5_000 + "}]", 1),
        ("{}", None),
        ('{"a":[{"x":1}],"b":[{"y":1}]}', None),
    ],
)
def test_broken(text: str, line: int | None) -> None:
    with pytest.raises(JsonBroken) as caught:
        table(text)
    assert caught.value.where is not None
    assert caught.value.where.line == line


def test_oddities_are_taken() -> None:
    found = table('[{"id":NaN,"x":-Infinity,"\\ud800":"\\ud800y","id ":1,"_row":5}]')
    assert found.rows == 1
    assert found.frame.collect().row(0)[1] is None
    assert "_row (2)" in found.columns


def test_elements_that_are_no_objects_are_rejects() -> None:
    found = table('[1,{"id":3},null,"x"]')
    assert ids(found) == ["3"]
    assert [reject.value for reject in found.rejects] == ["1", "null", '"x"']

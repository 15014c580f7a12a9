"""Records in envelopes that are no lists of tickets by name, and what stands beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import Table, read


def table(tmp_path: Path, *documents: object) -> Table:
    path = tmp_path / "export.json"
    path.write_text("\n".join(json.dumps(document) for document in documents), encoding="utf-8")
    return read(str(path), Reading())[0]


def rows(found: Table) -> list[dict[str, object]]:
    return found.frame.drop("_row").collect().to_dicts()


def test_records_of_a_search_index_come_out_of_their_wraps(tmp_path: Path) -> None:
    hits = [{"_index": "t", "_id": "a", "_score": 1.0, "_source": {"status": "open"}}]
    hits.append({"_index": "t", "_id": "b", "_score": 1.0, "_source": {"id": 7, "status": "solved"}})
    found = table(tmp_path, {"took": 3, "hits": {"total": {"value": 2}, "hits": hits}})
    assert found.rows == 2
    assert rows(found) == [
        {"_id": "a", "status": "open", "id": None},
        {"_id": None, "status": "solved", "id": "7"},
    ]


def test_lines_of_a_dump_of_an_index_are_its_records(tmp_path: Path) -> None:
    lines = [{"_index": "t", "_id": str(one), "_source": {"number": one}} for one in (1, 2, 3)]
    found = table(tmp_path, *lines)
    assert found.format == "ndjson"
    assert [row["number"] for row in rows(found)] == ["1", "2", "3"]


def test_an_unknown_envelope_with_one_list_inside_another_is_opened(tmp_path: Path) -> None:
    found = table(tmp_path, {"status": "ok", "answer": {"page": 1, "calls": [{"id": 1}, {"id": 2}]}})
    assert [row["id"] for row in rows(found)] == ["1", "2"]


def test_what_stands_beside_the_records_is_kept_and_joined_over_pages(tmp_path: Path) -> None:
    pages = [
        {"tickets": [{"id": 1}], "users": [{"id": 5}], "count": 2},
        {"tickets": [{"id": 2}], "users": [{"id": 6}], "names": {"a": "b"}},
    ]
    found = table(tmp_path, *pages)
    assert found.rows == 2
    assert found.beside == {"users": [{"id": 5}, {"id": 6}], "count": 2, "names": {"a": "b"}}


def test_one_record_under_its_name_keeps_the_lists_beside_it(tmp_path: Path) -> None:
    found = table(tmp_path, {"ticket": {"id": 1, "status": "open"}, "comments": [{"body": "x"}]})
    assert found.rows == 1
    assert rows(found) == [{"id": "1", "status": "open"}]
    assert found.beside["comments"] == [{"body": "x"}]


def test_a_record_is_not_beside_itself(tmp_path: Path) -> None:
    assert table(tmp_path, {"id": 1, "tags": [{"a": 1}]}).beside == {}
    assert table(tmp_path, [{"id": 1, "owner": {"name": "x"}}]).beside == {}


@pytest.mark.parametrize("depth", [50, 800])
def test_lists_in_lists_are_text_or_nothing(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "deep.json"
    path.write_text('[{"id": 1, "x": ' + "[" * depth + "]" * depth + "}]", encoding="utf-8")
    found = read(str(path), Reading())[0]
    assert found.frame.collect()["id"].to_list() == ["1"]

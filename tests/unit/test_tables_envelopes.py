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


# --- records under keys ----------------------------------------------------------------------------------------------


def test_records_under_their_ids_are_records_and_keep_them(tmp_path: Path) -> None:
    one = {"status": "open", "user": "a", "created_at": "2026-01-05"}
    found = table(tmp_path, {"T-1": one, "T-2": {**one, "status": "solved", "closed_at": "2026-01-06"}})
    assert [(row["id"], row["status"]) for row in rows(found)] == [("T-1", "open"), ("T-2", "solved")]
    named = table(tmp_path, {"tickets": {"-Nx": {"id": 7, **one}, "-Ny": {"id": 8, **one}}, "next": None})
    assert [row["id"] for row in rows(named)] == ["7", "8"]


def test_the_parts_of_a_record_are_no_records(tmp_path: Path) -> None:
    person = {"name": "A", "email": "a@example.com", "phone": None}
    whole = {"number": 7, "status": "open", "caller": person, "owner": {**person, "name": "B"}}
    assert table(tmp_path, whole).rows == 1
    assert table(tmp_path, {"ticket": {"id": 1, "status": "open"}, "user": {"id": 2, "name": "A"}}).rows == 1


def test_columns_below_row_numbers_are_a_frame(tmp_path: Path) -> None:
    columns = {"id": {"0": 1, "1": 2}, "status": {"0": "open", "1": "solved"}, "tag": {"0": None, "1": "x"}}
    assert rows(table(tmp_path, columns)) == [
        {"id": "1", "status": "open", "tag": None},
        {"id": "2", "status": "solved", "tag": "x"},
    ]


def test_the_tickets_of_a_store_are_those_that_were_asked_for(tmp_path: Path) -> None:
    """Numbers, and beside them every object by class and id: linked tickets stand there too."""
    tickets = {str(n): {"id": n, "title": "…", "state_id": 2} for n in (7, 8, 9)}
    article = {"5": {"id": 5, "ticket_id": 7, "sender_id": 2}}
    store = {"Ticket": tickets, "TicketArticle": article, "User": {"3": {"id": 3}}, "ObjectManagerEntry": {}}
    found = table(tmp_path, {"tickets": [8, 7], "tickets_count": 2, "assets": store})
    assert [row["id"] for row in rows(found)] == ["7", "8"]
    assert found.beside["ticket_articles"] == [{"id": 5, "ticket_id": 7, "sender_id": 2}]
    assert found.beside["users"] == [{"id": 3}]


@pytest.mark.parametrize("name", ["ticket", "ticket_metric", "helpdesk_ticket"])
def test_answers_about_one_record_each_are_their_records(tmp_path: Path, name: str) -> None:
    answers = [{name: {"id": n, "status": "open"}} for n in (1, 2)]
    assert [row["id"] for row in rows(table(tmp_path, *answers))] == ["1", "2"]
    assert [row["id"] for row in rows(table(tmp_path, answers))] == ["1", "2"]
    alone = {name: {"id": 3, "status": "open"}, "meta": {"has_more": False}, "links": {"next": None}}
    assert [row["id"] for row in rows(table(tmp_path, alone))] == ["3"]

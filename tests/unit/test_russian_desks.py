"""Systems of Russian helpdesks in the other shapes that their interfaces give.

Lists without comments, one ticket alone, objects of numbered keys, lines of JSON, mappings that know only a part.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import HelpdeskUnknown
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Extent, Sight, log

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def loaded(text: str, **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    return load_tables(read("-", how, text.encode()), how)


def records(name: str) -> list[dict[str, object]]:
    found = json.loads((GOLDEN / name / "export.json").read_text("utf-8"))
    assert isinstance(found, list)
    return found


def messages(dataset: Dataset) -> list[tuple[object, ...]]:
    events = log(dataset).with_columns(pl.col(pl.Categorical).cast(pl.String))
    return events.filter(pl.col("kind") == "message").sort("at").select("actor", "public").collect().rows()


def test_a_list_of_usedesk_tickets_without_comments_shows_no_replies() -> None:
    bare = [{key: value for key, value in one.items() if key != "comments"} for one in records("usedesk_json")[:3]]
    dataset = loaded(json.dumps(bare))
    assert dataset.provenance[0].helpdesk == "usedesk_json"
    assert dict(dataset.observes) == {Sight.created: Extent.EVERY, Sight.status: Extent.LAST}


def test_one_usedesk_ticket_has_its_comments_beside_it() -> None:
    ticket = records("usedesk_json")[0]
    comments = ticket.pop("comments")
    dataset = loaded(json.dumps({"ticket": ticket, "comments": comments, "files": []}))
    assert dataset.tickets["ticket_id"].to_list() == ["2265179"]
    assert messages(dataset) == [
        ("customer", True),
        ("agent", False),
        ("agent", True),
        ("customer", True),
        ("agent", True),
    ]


def test_okdesk_issues_a_line_each_tell_the_same() -> None:
    issues = records("okdesk_json")[:4]
    lined = loaded("\n".join(json.dumps(one, ensure_ascii=False) for one in issues))
    whole = loaded(json.dumps(issues))
    assert lined.tickets.equals(whole.tickets)
    assert lined.provenance[0].format == "ndjson"


def test_okdesk_times_that_nobody_can_read_make_no_sum() -> None:
    issues = records("okdesk_json")[:1] * 2
    torn = json.loads(json.dumps(issues))
    torn[1]["id"] = 999
    torn[1]["status_times"]["delayed"]["total"] = "…"
    found = loaded(json.dumps(torn)).tickets.sort("ticket_id")
    assert found["given_resolution_s"].to_list() == [146_880.0, None]
    assert found["given_resolution_business_s"].to_list() == [30_600.0, 30_600.0]


def test_omnidesk_messages_beside_the_cases_find_their_case() -> None:
    case = {"case_id": 7, "case_number": "1-7", "status": "open", "created_at": "Mon, 05 May 2025 00:15:17 +0300"}
    said = {"message_id": 1, "case_id": 7, "message_type": "reply_staff", "sent_at": "Mon, 05 May 2025 09:15:17 +0300"}
    dataset = loaded(json.dumps({"cases": [{"case": case}], "messages": {"0": {"message": said}}}))
    assert messages(dataset) == [("agent", True)]


def test_a_partial_mapping_looks_for_the_rest_by_its_words() -> None:
    text = "chat_id;Первый ответ;Дата чата;Оценка (1-5)\n1;13.03.2026 10:01;13.03.2026 10:00;5\n"
    dataset = loaded(text, helpdesk="jivo")
    columns = {one.field: one.column for one in dataset.provenance[0].columns if one.field}
    assert columns == {
        "ticket_id": "chat_id",
        "first_reply_at": "Первый ответ",
        "created_at": "Дата чата",
        "csat": "Оценка (1-5)",
    }


@pytest.mark.parametrize("name", ["jivo", "webim", "itilium", "helpdeskeddy"])
def test_a_partial_mapping_that_finds_no_id_says_so(name: str) -> None:
    with pytest.raises(HelpdeskUnknown, match="no id column"):
        loaded("a,b\n1,2\n", helpdesk=name)


def test_numbered_records_may_stand_inside_a_wrapper() -> None:
    rows = {str(at): {"id": at, "status": "open", "created_at": "2026-01-05 10:00"} for at in (12, 15)}
    dataset = loaded(json.dumps({"data": rows, "pagination": {"total": 2}}))
    assert sorted(dataset.tickets["ticket_id"].to_list()) == ["12", "15"]

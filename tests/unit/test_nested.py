"""What each reader of nested records makes of the shapes that its system exports, and of what they lack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import supportkpi
from supportkpi.errors import DatesUnreadable, HelpdeskAmbiguous, HelpdeskUnknown, MappingInvalid
from supportkpi.loaders.nested._history import Responders
from supportkpi.loaders.nested._registry import recognised
from supportkpi.schema import Dataset, Extent, Log, Sight, log

Json = dict[str, Any]
DAY = "2026-03-02T"


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def loaded(*documents: object, **reading: object) -> Dataset:
        path = tmp_path / "export.json"
        path.write_text("\n".join(json.dumps(one) for one in documents), encoding="utf-8")
        return supportkpi.load(str(path), reading=reading)

    return loaded


def events(data: Dataset, kind: str) -> list[tuple[object, ...]]:
    """Actor, public and value of the events of one kind, in order."""
    assert isinstance(data.history, Log)
    found = log(data).filter(pl.col("kind") == kind).collect().sort("ticket_id", "at", "seq")
    return found.select(pl.col("actor", "public"), pl.col("value").cast(pl.String)).rows()


def report(data: Dataset) -> Mapping[str, object]:
    """The first row of each KPI in total."""
    return {row.kpi: row for row in reversed(supportkpi.measure(data).cells) if not row.group}


# --- Zendesk ---------------------------------------------------------------------------------------------------------


def ticket(number: int, **more: object) -> Json:
    return {
        "id": number,
        "created_at": f"{DAY}08:00:00Z",
        "updated_at": f"{DAY}12:00:00Z",
        "status": "open",
        "requester_id": 100,
        "submitter_id": 100,
        "assignee_id": 7,
        "brand_id": 1,
        "via": {"channel": "web"},
        "satisfaction_rating": None,
        **more,
    }


def said(by: int, at: str, **more: object) -> Json:
    return {"type": "Comment", "author_id": by, "created_at": f"{DAY}{at}Z", "public": True, **more}


def audit(by: int, at: str, *told: Json) -> Json:
    return {"author_id": by, "created_at": f"{DAY}{at}Z", "events": list(told)}


def test_comments_alone_show_messages_and_no_history_of_the_status(load: Any) -> None:
    comments = [said(100, "08:00:00"), said(7, "08:10:00", public=False), said(7, "08:30:00"), said(55, "09:00:00")]
    data = load({"tickets": [ticket(1, comments=comments)]})
    assert events(data, "message") == [
        ("customer", True, None),
        ("agent", False, None),
        ("agent", True, None),
        ("agent", True, None),  # neither requester of anything nor known: assumed, and said
    ]
    assert data.observes[Sight.reply] == Extent.EVERY
    assert data.observes[Sight.status] == Extent.LAST
    assert Sight.solve not in data.observes
    assert any("roles of some authors" in one for one in data.assumptions)
    assert report(data)["first_response_time"].value == 1800  # type: ignore[attr-defined]


def test_roles_come_from_the_users_of_the_envelope(load: Any) -> None:
    comments = [
        said(100, "08:00:00"),
        said(101, "08:10:00"),
        said(8, "08:20:00"),
        said(-1, "08:25:00"),
        said(9, "09:00:00"),
    ]
    users = [{"id": 101, "role": "end-user"}, {"id": 8, "role": "agent", "name": "Robo"}, {"id": 9, "role": "admin"}]
    data = load({"tickets": [ticket(1, comments=comments)], "users": users}, responders={"bot": ("robo*",)})
    assert [actor for actor, _, _ in events(data, "message")] == ["customer", "customer", "bot", "system", "agent"]
    assert data.assumptions == ()


def test_rules_answer_as_the_system_not_as_the_agent_who_wrote_them(load: Any) -> None:
    rule = {"channel": "rule", "source": {"rel": "trigger"}}
    data = load({"tickets": [ticket(1, audits=[audit(7, "08:00:00", said(7, "08:00:00", via=rule))])]})
    assert events(data, "message") == [("system", True, None)]


def test_audits_of_some_tickets_only_show_nothing_of_all(load: Any) -> None:
    whole = ticket(1, audits=[audit(100, "08:00:00", said(100, "08:00:00"))])
    data = load({"tickets": [whole, ticket(2)]})
    assert {Sight.reply, Sight.solve, Sight.reopen} & set(data.observes) == set()
    assert data.observes[Sight.status] == Extent.LAST
    assert any("1 of 2 tickets come without audits" in told for told in data.assumptions)


def test_what_pages_give_twice_under_one_id_is_told_once(load: Any) -> None:
    asked = {"id": 11, **audit(100, "08:00:00", said(100, "08:00:00"))}
    answered = {"id": 12, **audit(7, "09:00:00", said(7, "09:00:00"))}
    again = {"id": 13, **audit(7, "09:00:00", said(7, "09:00:00"))}  # a second answer in the same second
    data = load({"tickets": [ticket(1, audits=[asked, answered, dict(answered), again])]})
    assert [actor for actor, *_ in events(data, "message")] == ["customer", "agent", "agent"]


def test_a_cut_list_of_comments_shows_no_replies(load: Any) -> None:
    data = load({"tickets": [ticket(1, comments=[said(100, "08:00:00")], comment_count=3), ticket(2, comments=[])]})
    assert Sight.reply not in data.observes
    assert any("without all their comments" in told for told in data.assumptions)


def test_metrics_give_the_first_reply_and_the_last_solution(load: Any) -> None:
    minutes = {"calendar": 35, "business": 10}
    metric = {"solved_at": f"{DAY}11:00:00Z", "reply_time_in_minutes": minutes, "replies": 2, "reopens": 1}
    none = {
        "solved_at": None,
        "reply_time_in_minutes": {"calendar": None, "business": None},
        "replies": 0,
        "reopens": 0,
    }
    data = load({"tickets": [ticket(1, metric_set=metric, status="solved"), ticket(2, metric_set=none)]})
    assert data.observes[Sight.reply] == Extent.FIRST
    assert data.observes[Sight.solve] == Extent.LAST
    known = report(data)
    assert known["first_response_time"].value == 35 * 60  # type: ignore[attr-defined]
    assert known["resolution_time"].value == 3 * 3600  # type: ignore[attr-defined]
    assert data.tickets["given_reopens"].to_list() == [1, 0]
    assert data.tickets["given_first_response_business_s"].to_list() == [600.0, None]


def test_one_ticket_with_its_audits_beside_it(load: Any) -> None:
    told = audit(100, "08:00:00", said(100, "08:00:00"), {"type": "Create", "field_name": "status", "value": "new"})
    data = load({"ticket": ticket(1), "audits": [{**told, "ticket_id": 1}], "users": [{"id": 100, "role": "end-user"}]})
    assert data.observes[Sight.status] == Extent.EVERY
    assert events(data, "status") == [("customer", None, "new")]


def test_a_ticket_on_two_pages_counts_once_in_its_newer_state(load: Any) -> None:
    old = ticket(1, comments=[said(100, "08:00:00")])
    new = ticket(
        1, comments=[said(100, "08:00:00"), said(7, "08:30:00")], updated_at=f"{DAY}13:00:00Z", status="pending"
    )
    data = load({"tickets": [new], "next_page": "x"}, {"tickets": [old], "next_page": None})
    assert data.tickets["status"].to_list() == ["pending"]
    assert len(events(data, "message")) == 2
    assert dict(data.ledger[0].excluded) == {"duplicate": 1}


def test_a_ticket_in_two_files_counts_once_in_its_newer_state(tmp_path: Path) -> None:
    old = ticket(1, comments=[said(100, "08:00:00")])
    new = ticket(1, comments=[said(100, "08:00:00"), said(7, "08:30:00")], updated_at=f"{DAY}13:00:00Z")
    for name, one in (("a.json", new), ("b.json", old)):
        (tmp_path / name).write_text(json.dumps({"tickets": [one]}), encoding="utf-8")
    data = supportkpi.load(str(tmp_path))
    assert data.tickets.height == 1
    assert len(events(data, "created")) == 1
    assert len(events(data, "message")) == 2
    assert sum(one.used for one in data.ledger) == 1


def test_custom_statuses_and_fields_go_by_the_names_of_the_envelope(load: Any) -> None:
    one = ticket(1, status="Beim Hersteller", custom_fields=[{"id": 5, "value": "vpn"}, {"id": 6, "value": "gold"}])
    beside = {
        "custom_statuses": [{"id": 9, "agent_label": "Beim Hersteller", "status_category": "hold"}],
        "ticket_fields": [{"id": 5, "title": "Category"}, {"id": 6, "title": "Building"}],
    }
    data = load({"tickets": [one], **beside})
    row = data.tickets.to_dicts()[0]
    assert (row["status"], row["category"], row["Building"]) == ("hold", "vpn", "gold")


def test_the_users_own_words_for_statuses_come_first(load: Any) -> None:
    told = audit(7, "09:00:00", {"type": "Change", "field_name": "status", "value": "Bei Ute"})
    data = load({"tickets": [ticket(1, status="Bei Ute", audits=[told])]}, statuses={"bei ute": "pending"})
    assert data.tickets["status"].to_list() == ["pending"]
    assert events(data, "status") == [("agent", None, "pending")]


def test_a_history_that_ends_otherwise_than_the_ticket_is_said(load: Any) -> None:
    solved = audit(7, "09:00:00", {"type": "Change", "field_name": "status", "value": "solved"})
    data = load({"tickets": [ticket(1, status="open", audits=[solved])]})
    assert any("status of 1 ticket is not the last one" in note for note in data.provenance[0].notes)


# --- Intercom --------------------------------------------------------------------------------------------------------


def talk(number: str, **more: object) -> Json:
    source = {"type": "conversation", "delivered_as": "customer_initiated", "author": {"type": "user", "id": "u"}}
    return {
        "type": "conversation",
        "id": number,
        "created_at": 1_770_000_000,
        "state": "open",
        "source": source,
        **more,
    }


def test_statistics_alone_give_the_edges(load: Any) -> None:
    none = dict.fromkeys(("first_admin_reply_at", "first_close_at", "last_close_at"))
    numbers = {"first_admin_reply_at": 1_770_000_600, "last_close_at": 1_770_007_200, "first_close_at": 1_770_003_600}
    data = load(
        {
            "conversations": [
                talk("1", statistics=numbers, state="closed"),
                talk("2", statistics=none),
            ]
        }
    )
    assert data.observes[Sight.reply] == Extent.FIRST
    assert data.observes[Sight.solve] == Extent.FIRST | Extent.LAST
    known = report(data)
    assert known["first_response_time"].value == 600  # type: ignore[attr-defined]
    assert known["resolution_time"].value == 7200  # type: ignore[attr-defined]
    assert known["reopen_rate"].state.value == "not_observed"  # type: ignore[attr-defined]


def test_parts_that_are_cut_off_show_no_replies(load: Any) -> None:
    parts = {"total_count": 600, "conversation_parts": []}
    data = load([talk("1", conversation_parts=parts, conversation_rating=None)])
    assert Sight.reply not in data.observes
    assert Sight.status in data.observes


def test_one_conversation_by_itself_is_a_file(load: Any) -> None:
    part = {"part_type": "comment", "created_at": 1_770_000_060, "author": {"type": "admin", "id": 1}}
    data = load(talk("1", conversation_parts={"conversation_parts": [part]}))
    assert data.tickets.height == 1
    assert events(data, "message") == [("customer", True, None), ("agent", True, None)]


def test_what_a_campaign_sent_is_not_an_agents_work(load: Any) -> None:
    source = {"delivered_as": "automated", "author": {"type": "admin", "id": 3}}
    data = load([talk("1", source=source, conversation_parts={"conversation_parts": []})])
    assert events(data, "created") == [("bot", None, None)]


# --- Jira ------------------------------------------------------------------------------------------------------------


def issue(key: str, status: str, category: str, **fields: object) -> Json:
    told = {"name": status, "statusCategory": {"key": category}}
    made = {
        "created": f"{DAY}08:00:00.000+0000",
        "status": told,
        "reporter": {"accountId": "c"},
        "resolutiondate": None,
    }
    return {"key": key, "fields": {**made, "issuetype": {"name": "Task"}, **fields}}


def test_a_done_category_is_solved_whatever_the_status_is_called(load: Any) -> None:
    issues = [
        issue("A-1", "Абракадабра", "done"),
        issue("A-2", "Cancelled", "done"),
        issue("A-3", "Waiting for customer", "indeterminate"),
    ]
    data = load({"issues": [*issues, issue("A-4", "In the stars", "indeterminate"), issue("A-5", "Zzz", "new")]})
    assert data.tickets["status"].to_list() == ["solved", "closed", "pending", "open", "new"]


def test_an_issue_without_changelog_is_solved_when_it_was_resolved(load: Any) -> None:
    solved = issue("A-1", "Done", "done", resolutiondate=f"{DAY}10:00:00.000+0000")
    moved = issue("A-2", "Done", "done", statuscategorychangedate=f"{DAY}09:00:00.000+0000")
    data = load({"issues": [solved, moved, issue("A-3", "To Do", "new")]})
    assert data.observes[Sight.solve] == Extent.LAST
    row = report(data)["resolution_time"]
    assert (row.n, row.value) == (2, 5400)  # type: ignore[attr-defined]


def test_a_changelog_that_is_cut_off_is_no_history(load: Any) -> None:
    one = {**issue("A-1", "Done", "done"), "changelog": {"total": 140, "histories": []}}
    data = load({"issues": [one]})
    assert Sight.reopen not in data.observes


def test_comments_that_only_a_role_sees_are_notes(load: Any) -> None:
    def comment(**more: object) -> Json:
        return {"author": {"accountId": "a"}, "created": f"{DAY}09:00:00.000+0000", **more}

    held = [comment(), comment(visibility={"type": "role", "value": "x"}), comment(jsdPublic=False)]
    data = load({"issues": [issue("A-1", "Open", "new", comment={"comments": held, "total": 3})]})
    assert [public for _, public, _ in events(data, "message")] == [True, True, False, False]


# --- GitHub ----------------------------------------------------------------------------------------------------------


def test_the_command_line_of_github_writes_the_same_in_its_own_way(load: Any) -> None:
    comments = [
        {"author": {"login": "a"}, "authorAssociation": "NONE", "createdAt": f"{DAY}09:00:00Z"},
        {"author": {"login": "m"}, "authorAssociation": "MEMBER", "createdAt": f"{DAY}10:00:00Z"},
    ]
    one = {"number": 1, "state": "CLOSED", "createdAt": f"{DAY}08:00:00Z", "closedAt": f"{DAY}12:00:00Z", "title": "t"}
    data = load([{**one, "author": {"login": "a", "is_bot": False}, "comments": comments, "labels": [{"name": "P1"}]}])
    known = report(data)
    assert known["first_response_time"].value == 7200  # type: ignore[attr-defined]
    assert known["resolution_time"].value == 4 * 3600  # type: ignore[attr-defined]
    assert data.tickets["priority"].to_list() == ["high"]


def test_comments_that_were_not_fetched_are_not_no_comments(load: Any) -> None:
    base = {
        "state": "open",
        "created_at": f"{DAY}08:00:00Z",
        "user": {"login": "a"},
        "author_association": "NONE",
        "state_reason": None,
    }
    silent = load([{**base, "number": 1, "comments": 0}])
    assert silent.observes[Sight.reply] == Extent.EVERY
    talked = load([{**base, "number": 1, "comments": 0}, {**base, "number": 2, "comments": 4}])
    assert Sight.reply not in talked.observes


def test_pull_requests_are_no_issues(load: Any) -> None:
    base = {
        "state": "open",
        "created_at": f"{DAY}08:00:00Z",
        "user": {"login": "a"},
        "author_association": "NONE",
        "locked": False,
    }
    data = load([{**base, "number": 1}, {**base, "number": 2, "pull_request": {"url": "x"}}])
    assert data.tickets["ticket_id"].to_list() == ["1"]
    assert dict(data.ledger[0].excluded) == {"pull request": 1}


# --- ours ------------------------------------------------------------------------------------------------------------


def test_a_document_may_say_what_it_shows(load: Any) -> None:
    told = {"at": f"{DAY}09:00:00Z", "kind": "message", "actor": "agent", "public": True}
    one = {"ticket_id": "1", "created_at": f"{DAY}08:00:00Z", "events": [told]}
    assert load({"tickets": [one]}).observes[Sight.reply] == Extent.EVERY
    stated = load({"tickets": [one], "observes": {"reply": "FIRST", "solve": ["FIRST", "LAST"], "nonsense": 3}})
    assert stated.observes == {
        Sight.created: Extent.EVERY,
        Sight.reply: Extent.FIRST,
        Sight.solve: Extent.FIRST | Extent.LAST,
    }


# --- what all share --------------------------------------------------------------------------------------------------


def test_fields_may_be_placed_by_hand_and_histories_not(load: Any) -> None:
    one = ticket(1, where={"region": "EMEA"}, audits=[])
    data = load({"tickets": [one]}, columns={"region": "where.region"})
    assert data.tickets["region"].to_list() == ["EMEA"]
    with pytest.raises(MappingInvalid, match="first_reply_at is read from the history"):
        load({"tickets": [one]}, columns={"first_reply_at": "created_at"})


def test_a_record_is_read_as_a_plain_table_when_asked(load: Any) -> None:
    data = load({"tickets": [ticket(1, audits=[]), ticket(2, audits=[])]}, helpdesk="generic")
    assert data.provenance[0].helpdesk == "generic"
    assert data.tickets.height == 2


def test_another_helpdesk_than_the_file_holds_is_refused(load: Any) -> None:
    with pytest.raises(HelpdeskUnknown, match="no records of Jira"):
        load({"tickets": [ticket(1)]}, helpdesk="jira_json")


def test_two_readers_that_fit_alike_are_both_named() -> None:
    with pytest.raises(HelpdeskAmbiguous, match="jira_json and zendesk_json"):
        recognised({"zendesk_json": 3, "jira_json": 3}, {}, path="x")
    with pytest.raises(HelpdeskAmbiguous, match="servicenow and zendesk_json"):
        recognised({"zendesk_json": 3}, {"servicenow": 3, "glpi": 0}, path="x")
    assert recognised({"zendesk_json": 3}, {"servicenow": 4}, path="x") is None


def test_dates_that_are_none_stop_and_few_bad_ones_reject_their_record(load: Any) -> None:
    tickets = [ticket(number, created_at="tomorrow") for number in range(3)]
    with pytest.raises(DatesUnreadable, match="created_at"):
        load({"tickets": tickets})
    data = load({"tickets": [*(ticket(number) for number in range(10, 20)), tickets[0]]})
    assert [(one.slug, one.column, one.value) for one in data.rejects] == [
        ("bad-date", "created_at", "record 11: tomorrow")
    ]


def test_instants_without_a_zone_are_those_of_the_option(load: Any) -> None:
    bare = [ticket(number, created_at="2026-03-02 08:00:00", audits=[], updated_at=None) for number in (1, 2)]
    there = load({"tickets": bare}, source_timezone="Europe/Moscow")
    assert log(there).select("at").collect()["at"][0].isoformat() == "2026-03-02T05:00:00+00:00"
    assert there.provenance[0].zone_source == "option"
    assert any("read as UTC" in one for one in load({"tickets": bare}).assumptions)


def test_only_the_columns_that_were_asked_for_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"tickets": [ticket(1, plan="gold", subject="secret")]}), encoding="utf-8")
    assert {"plan", "subject"} & set(supportkpi.load(str(path), columns=["plan"]).tickets.columns) == {"plan"}
    assert {"plan", "subject"} & set(supportkpi.load(str(path)).tickets.columns) == {"plan"}
    assert "subject" in supportkpi.load(str(path), columns=["subject"]).tickets.columns


@pytest.mark.parametrize(
    ("patterns", "names", "actor"),
    [
        ({"bot": ["*bot*"]}, ["RoboT", "Helper Bot 3"], "bot"),
        ({"agent": ["ann"], "bot": ["*"]}, ["Ann"], "agent"),
        ({"agent": ["ann"]}, ["Joanna", None], None),
        ({}, ["Ann"], None),
    ],
)
def test_responders_are_told_by_patterns_of_their_names(
    patterns: Mapping[str, Sequence[str]], names: Sequence[str | None], actor: str | None
) -> None:
    assert Responders(patterns).actor(*names) == actor


def test_reading_leaves_the_collector_as_it_was(tmp_path: Path) -> None:
    import gc

    path = tmp_path / "t.json"
    path.write_text(json.dumps([ticket(1)]), encoding="utf-8")
    for running in (True, False):
        gc.enable() if running else gc.disable()
        supportkpi.load(str(path))
        assert gc.isenabled() is running
    gc.enable()


def test_a_key_that_no_text_can_hold_names_a_column_all_the_same(tmp_path: Path) -> None:
    """JSON can write half of a pair of surrogates."""
    ticket = {"id": 1, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-02T00:00:00Z", "status": "open"}
    told = {**ticket, "url": "https://desk.example.com/api/v2/tickets/1.json", "custom_fields": {"\ud800": "Billing"}}
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps({"tickets": [told], "count": 1, "next_page": None}), encoding="utf-8")
    dataset = supportkpi.load(str(path))
    assert dataset.tickets["ticket_id"].to_list() == ["1"]
    assert [one.used for one in dataset.ledger] == [1]

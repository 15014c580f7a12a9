"""The vocabulary of a system's YAML file: what lists, instants, ratings and given numbers of records come to."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from supportkpi.errors import MappingInvalid
from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import History, Records, Responders
from supportkpi.loaders.nested._system import System
from supportkpi.schema import Extent, Sight

BASE: dict[str, object] = {
    "id": "desk",
    "title": "A desk",
    "recognise": {"all": ["id"]},
    "columns": {"ticket_id": ["id"], "requester_id": ["who"], "status": ["state"], "created_at": ["born"]},
}
MESSAGES = {"name": "their mail", "where": ["mail"], "columns": {"at": ["at"], "actor": ["by"]}}
CHANGES = {
    "name": "their changes",
    "where": ["log"],
    "columns": {"at": ["at"], "field": ["what"], "old": ["from"], "new": ["to"]},
    "values": {"field": {"state": "status", "owner": "assignee"}},
}


def told(rows: list[dict[str, object]], beside: Mapping[str, object] | None = None, **more: object) -> History:
    system = System.model_validate({**BASE, **more})
    return tell(system, Records(rows=rows, beside=beside or {}, responders=Responders({})))


def events(history: History, kind: str) -> list[tuple[object, ...]]:
    """Place, instant, actor, public and word of the events of a kind."""
    return [(one[0], one[1], one[3], one[5], one[6]) for one in history.events if one[2] == kind]


def shown(history: History) -> dict[Sight, Extent]:
    return {sight: extent for source in history.sources if all(source.has) for sight, extent in source.shows.items()}


def test_authors_are_customers_or_agents_by_the_requester_where_no_word_says() -> None:
    rows: list[dict[str, object]] = [
        {"id": 1, "who": "c", "born": "t0", "mail": [{"at": "t1", "by": "c"}, {"at": "t2", "by": "a"}]}
    ]
    history = told(rows, lists=MESSAGES)
    assert [one[2] for one in events(history, "message")] == ["customer", "agent"]
    assert any("are agents" in said for said in history.assumptions)
    assert Sight.bot_reply not in shown(history)


def test_a_machine_and_a_hidden_message_are_told_by_their_keys() -> None:
    mail = {**MESSAGES, "columns": {"at": ["at"], "role": ["side"], "public": ["private"]}, "bot": ["rule"]}
    mail["values"] = {"role": {"in": "customer", "out": "agent"}}
    said = [
        {"at": "t1", "side": "in", "private": False, "rule": None},
        {"at": "t2", "side": "out", "private": False, "rule": 7},
        {"at": "t3", "side": "out", "private": True},
    ]
    history = told([{"id": 1, "mail": said}], lists=mail)
    assert [one[2:4] for one in events(history, "message")] == [("customer", True), ("bot", True), ("agent", False)]
    assert shown(history)[Sight.bot_reply] is Extent.EVERY


def test_changes_begin_with_the_old_value_and_say_nothing_twice() -> None:
    log = [
        {"at": "t1", "what": "state", "from": "new", "to": "open"},
        {"at": "t2", "what": "state", "from": "open", "to": "open"},
        {"at": "t3", "what": "colour", "from": "red", "to": "blue"},
        {"at": "t4", "what": "state", "from": "open", "to": "done"},
    ]
    history = told([{"id": 1, "born": "t0", "state": "done", "log": log}], lists=CHANGES)
    assert [(one[1], one[4]) for one in events(history, "status")] == [("t0", "new"), ("t1", "open"), ("t4", "done")]
    assert {Sight.status, Sight.solve, Sight.reopen, Sight.assignee} <= set(shown(history))


def test_what_never_changed_is_what_it_is_now() -> None:
    history = told([{"id": 1, "born": "t0", "state": "open", "log": []}], lists=CHANGES)
    assert [(one[1], one[4]) for one in events(history, "status")] == [("t0", "open")]


def test_single_changes_stand_inside_an_element_and_elements_in_a_wrapper() -> None:
    nested = {**CHANGES, "items": ["fields"], "wrapped": ["step"]}
    inner = [{"what": "state", "to": "open"}, {"what": "owner", "to": "9"}]
    rows: list[dict[str, object]] = [{"id": 1, "born": "t0", "log": {"0": {"step": {"at": "t1", "fields": inner}}}}]
    people = {"agents": [{"id": 9, "name": "Ann"}]}
    history = told(rows, people, lists=nested, names={"assignee_id": ["agents"]}, began={"status": "new"})
    assert [(one[1], one[4]) for one in events(history, "status")] == [("t0", "new"), ("t1", "open")]
    assert [(one[1], one[4]) for one in events(history, "assignee")] == [("t1", "Ann")]


def test_a_list_beside_the_records_goes_to_those_that_it_names() -> None:
    mail = {**MESSAGES, "ticket": ["about"]}
    beside = {"mail": [{"about": 2, "at": "t1", "by": "x"}, {"about": 1, "at": "t2", "by": "y"}]}
    history = told([{"id": 1}, {"id": 2}, {"id": 3}], beside, lists=mail)
    assert [(one[0], one[1]) for one in events(history, "message")] == [(0, "t2"), (1, "t1")]
    assert [*history.sources[0].has] == [True, True, False]


def test_a_list_that_is_shorter_than_its_count_is_not_all_there() -> None:
    mail = {**MESSAGES, "count": ["mails"]}
    history = told([{"id": 1, "mails": 3, "mail": [{"at": "t1"}]}], lists=mail)
    assert [*history.sources[0].has] == [False]


def test_instants_count_where_no_list_tells_of_the_same() -> None:
    columns = {**BASE["columns"], "first_reply_at": ["answered"], "solved_at": ["done"]}  # type: ignore[dict-item]
    whole = {"id": 1, "who": "c", "answered": "t5", "done": "t9", "mail": [{"at": "t1", "by": "a"}]}
    bare = {"id": 2, "who": "c", "answered": "0", "done": None}
    history = told([whole, bare], columns=columns, lists=MESSAGES, missing=["0"])
    assert [one[:2] for one in events(history, "message")] == [(0, "t1")]
    assert [one[:2] for one in events(history, "status")] == [(0, "t9")]
    alone = told([{"id": 1, "answered": "t5"}], columns=columns)
    assert events(alone, "message") == [(0, "t5", "agent", True, None)]


def test_given_numbers_come_in_seconds_and_make_up_for_instants() -> None:
    given = {
        "first_response_s": {"column": ["frt"], "unit": "minutes", "zero": "missing"},
        "resolution_s": {"column": ["work"], "unit": "words", "clock": "business"},
        "sla_resolution_met": {"column": ["late"], "values": {"true": False, "false": True}},
    }
    rows: list[dict[str, object]] = [
        {"id": 1, "frt": 5, "work": "1 d 2 h", "late": False},
        {"id": 2, "frt": 0, "work": None, "late": True},
    ]
    values = told(rows, given=given).values
    assert values["given_first_response_s"] == [300.0, None]
    assert values["given_resolution_business_s"] == [93_600.0, None]
    assert values["given_sla_resolution_met"] == [True, False]
    assert [one[:2] for one in told(rows, given=given).moved] == [(0, 300.0)]


def test_answers_offers_and_what_was_never_asked() -> None:
    rated = {"where": ["polls"], "column": ["mark"], "answers": {"1": 3, "3": 1}, "scale": "1-3", "asked": ["sent"]}
    polls = [{"mark": 1, "sent": "t1"}, {"mark": None, "sent": "t2"}, {"mark": None, "sent": None}, {"mark": 9}]
    history = told([{"id": 1, "polls": polls}], ratings={"csat": rated})
    assert [(one[3], one[4]) for one in history.ratings] == [(3.0, "1"), (None, "offered")]
    assert "csat 9 (1)" in history.notes[0]
    assert shown(history) == {Sight.rating: Extent.EVERY, Sight.offer: Extent.EVERY}


def test_words_beside_the_status_take_tickets_out() -> None:
    exclude = {"kind": {"draft": "deleted"}, "binned": {"*": "deleted"}}
    rows: list[dict[str, object]] = [{"id": 1, "kind": "draft"}, {"id": 2, "binned": "t1"}, {"id": 3, "kind": "mail"}]
    assert told(rows, exclude=exclude).values["exclusion"] == ["deleted", "deleted", None]


def test_activities_that_nobody_knows_are_said_and_others_follow_the_table() -> None:
    mail = {**MESSAGES, "columns": {"at": ["at"], "activity": ["sort"]}, "values": {"activity": {"note": "note"}}}
    rows: list[dict[str, object]] = [{"id": 1, "mail": [{"at": "t1", "sort": "note"}, {"at": "t2", "sort": "zap"}]}]
    history = told(rows, lists=mail)
    assert [one[1] for one in events(history, "message")] == ["t1"]
    assert "zap (1)" in history.notes[0]
    other = told(rows, lists={**mail, "otherwise": "reply"})
    assert [one[1:4] for one in events(other, "message")] == [("t1", None, False), ("t2", "agent", True)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"ticket_id": ["id"], "at": ["when"]}},
        {"columns": {"ticket_id": ["id"], "no_such_field": ["x"]}},
        {"lists": {**MESSAGES, "otherwise": "shout"}},
        {"mails": []},
    ],
)
def test_the_vocabulary_is_closed(wrong: dict[str, object]) -> None:
    with pytest.raises((ValidationError, MappingInvalid)):
        System.model_validate({**BASE, **wrong})


def test_a_system_says_what_it_reads_where() -> None:
    columns = {**BASE["columns"], "solved_at": ["done"]}  # type: ignore[dict-item]
    reader = nested_of(System.model_validate({**BASE, "columns": columns, "lists": MESSAGES, "confidence": "partial"}))
    assert set(reader.columns) == {"ticket_id", "requester_id", "status"}
    assert reader.reads == {"born": "created_at", "done": "solved_at", "mail": "events"}
    assert reader.confidence == "partial"


def test_which_of_two_ids_stands_there_tells_who_wrote() -> None:
    by = {"agent": ["staff"], "customer": ["user"]}
    mail = {"name": "mail", "where": ["mail"], "columns": {"at": ["at"], "actor": ["staff", "user"]}, "by": by}
    said = [
        {"at": "t1", "staff": 0, "user": 5},
        {"at": "t2", "staff": 7, "user": 0},
        {"at": "t3", "staff": 0, "user": 6},
    ]
    history = told([{"id": 1, "who": "5", "mail": said}], lists=mail, missing=["0"])
    assert [one[2] for one in events(history, "message")] == ["customer", "agent", "customer"]
    assert history.assumptions == []


def test_a_role_may_be_told_by_the_beginning_of_a_word() -> None:
    log = {**CHANGES, "columns": {**CHANGES["columns"], "role": ["by"]}}  # type: ignore[dict-item]
    log["values"] = {"field": {"state": "status"}, "role": {"rule_*": "system", "staff_*": "agent"}}
    steps = [
        {"at": f"t{n}", "what": "state", "to": str(n), "by": who} for n, who in enumerate(("rule_9", "staff_1", "x"))
    ]
    history = told([{"id": 1, "log": steps}], lists=log)
    assert [one[2] for one in events(history, "status")] == ["system", "agent", None]


def test_what_a_machine_sent_as_a_reply_is_no_agents() -> None:
    mail = {**MESSAGES, "columns": {"at": ["at"], "activity": ["sort"]}, "bot": ["auto"]}
    mail["values"] = {"activity": {"out": "reply", "in": "request"}}
    said = [{"at": "t1", "sort": "in"}, {"at": "t2", "sort": "out", "auto": True}, {"at": "t3", "sort": "out"}]
    history = told([{"id": 1, "mail": said}], lists=mail)
    assert [one[2] for one in events(history, "message")] == ["customer", "bot", "agent"]


def test_lists_of_states_alone_hold_no_messages() -> None:
    log = {"name": "stages", "where": ["log"], "columns": {"at": ["at"], "status": ["to"]}, "otherwise": "nothing"}
    history = told([{"id": 1, "log": [{"at": "t1", "to": "new"}, {"at": "t2", "to": "done"}]}], lists=log)
    assert [(one[1], one[4]) for one in events(history, "status")] == [("t1", "new"), ("t2", "done")]
    assert events(history, "message") == []
    assert Sight.reply not in shown(history)


def test_a_group_and_the_messages_in_it_may_share_a_key() -> None:
    mail = {**MESSAGES, "items": ["parts"], "columns": {"at": ["at"], "field": ["_of.sort"], "activity": ["sort"]}}
    mail["values"] = {"field": {"note": "nothing"}, "activity": {"text": "message"}}
    mail["otherwise"] = "nothing"
    groups = [
        {"sort": "chat", "parts": [{"at": "t1", "sort": "text"}, {"at": "t2", "sort": "file"}]},
        {"sort": "note", "parts": [{"at": "t3", "sort": "text"}]},
    ]
    assert [one[1] for one in events(told([{"id": 1, "mail": groups}], lists=mail), "message")] == ["t1"]


def test_a_status_of_ones_own_is_what_its_sort_is() -> None:
    rows: list[dict[str, object]] = [
        {"id": 1, "state": "At the lab", "sort": "waiting"},
        {"id": 2, "state": "open", "sort": "waiting"},
    ]
    history = told(rows, values={"status": {"open": "open", "waiting": "hold"}}, sorts={"status": ["sort"]})
    assert history.words["status"] == {"At the lab": "hold"}


def test_an_element_may_name_its_ticket_by_a_link_and_a_path_go_into_a_list() -> None:
    mail = {**MESSAGES, "ticket": ["links.about"], "columns": {"at": ["times.0.at"], "actor": ["by"]}}
    beside = {"mail": [{"links": {"about": "https://desk.example/x/2?all=1"}, "times": [{"at": "t1"}], "by": "y"}]}
    history = told([{"id": 1}, {"id": 2}], beside, lists=mail)
    assert [(one[0], one[1]) for one in events(history, "message")] == [(1, "t1")]

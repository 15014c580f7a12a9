"""Logs to a Dataset: what rows that are events, changes, updates or messages tell, and what becomes of each row."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import IdsDamaged, NotRecognised
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Extent, Log, Sight, Stamps, log

EVERY = Extent.EVERY
TICKETS = (
    "Ticket ID,Created,Solved,Status,Customer\n"
    "1,2026-03-02 09:00,2026-03-02 12:00,Solved,a\n"
    "2,2026-03-02 09:10,,Open,b\n"
    "3,2026-03-02 09:15,,Open,b\n"
)


def load(folder: Path, *texts: str, columns: tuple[str, ...] | None = None, **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    tables = []
    for index, text in enumerate(texts):
        path = folder / f"file{index}.csv"
        path.write_text(text, encoding="utf-8")
        tables += read(str(path), how)
    dataset = load_tables(tables, how, columns=columns)
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    return dataset


def told(dataset: Dataset, *columns: str) -> list[tuple[object, ...]]:
    """The events in order, each as the clock (HH:MM) and the columns that are asked for."""
    assert isinstance(dataset.history, Log)
    frame = dataset.history.frame.collect().sort("ticket_id", "at", "seq")
    clock = frame["at"].dt.strftime("%H:%M")
    return frame.select(pl.col("ticket_id").cast(pl.String), clock.alias("clock"), *columns).rows()


ACTIVITIES = (
    "Ticket ID,Event time,Event,User,Role\n"
    "1,2026-03-02 09:00,Ticket created,Ann,Customer\n"
    "1,2026-03-02 09:30,Agent replied,Bob,Agent\n"
    "1,2026-03-02 10:00,Status changed to Solved,Bob,Agent\n"
    "2,2026-03-02 09:10,Ticket created,Cid,Customer\n"
    "2,2026-03-02 09:20,Internal note,Bob,Agent\n"
    "2,2026-03-02 09:50,Escalated,Bob,Agent\n"
    "2,2026-03-02 09:55,Escalated to third line,Bob,Agent\n"
    "2,2026-03-02 09:57,Frobnicated,Bob,Agent\n"
    "2,whenever,Agent replied,Bob,Agent\n"
)


@pytest.mark.parametrize("by_ticket", [True, False])
def test_a_log_that_lists_the_newest_first_tells_the_same_story(tmp_path: Path, by_ticket: bool) -> None:
    head = "Ticket ID,Event time,Event,Plan\n"
    rows = [
        "1,2026-03-02 09:00,Ticket created,free",
        "1,2026-03-02 10:00,Status changed to Open,",
        "1,2026-03-02 10:00,Status changed to Pending,gold",
        "1,2026-03-02 12:00,Status changed to Solved,",
        "2,2026-03-02 09:30,Ticket created,free",
        "2,whenever,Status changed to Open,",
        "2,2026-03-02 11:00,Status changed to Open,",
        "2,2026-03-02 11:00,Status changed to Solved,",
    ]
    if not by_ticket:
        rows = sorted(rows, key=lambda row: row.split(",")[1])
    oldest = load(tmp_path, head + "\n".join(rows) + "\n")
    newest = load(tmp_path, head + "\n".join(reversed(rows)) + "\n")
    assert told(newest, "kind", "value") == told(oldest, "kind", "value")
    told_of = [frame.tickets.sort("ticket_id").select("ticket_id", "status", "tier") for frame in (oldest, newest)]
    assert told_of[0].equals(told_of[1])
    assert told_of[0].rows() == [("1", "solved", "gold"), ("2", "solved", "free")]
    place = next(line for line, row in enumerate(reversed(rows), start=2) if "whenever" in row)
    assert [reject.line for reject in newest.rejects] == [place]


def test_activities_tell_what_happened(tmp_path: Path) -> None:
    dataset = load(tmp_path, ACTIVITIES)
    assert told(dataset, "kind", "actor", "public", "value") == [
        ("1", "09:00", "created", "customer", None, None),
        ("1", "09:30", "message", "agent", True, None),
        ("1", "10:00", "status", "agent", None, "solved"),
        ("2", "09:10", "created", "customer", None, None),
        ("2", "09:10", "level", None, None, "1"),
        ("2", "09:20", "message", "agent", False, None),
        ("2", "09:50", "level", "agent", None, "2"),
        ("2", "09:55", "level", "agent", None, "3"),
        ("2", "09:57", "message", None, None, None),
    ]
    assert dataset.tickets["requester_id"].to_list() == ["ann", "cid"]
    assert dataset.tickets["status"].to_list() == ["solved", "new"]
    assert dict(dataset.provenance[0].unmapped) == {"activity": {"Frobnicated": 1}}
    assert [(one.line, one.column, one.slug, one.value) for one in dataset.rejects] == [
        (10, "Event time", "bad-date", "whenever")
    ]


def test_only_what_a_log_shows_is_observed(tmp_path: Path) -> None:
    seen = load(tmp_path, ACTIVITIES).observes
    assert seen[Sight.reply] == seen[Sight.note] == seen[Sight.level] == seen[Sight.solve] == EVERY
    for silent in (Sight.request, Sight.bot_reply, Sight.reopen, Sight.status, Sight.assignee, Sight.handoff):
        assert silent not in seen


def test_activities_in_russian(tmp_path: Path) -> None:
    text = (
        "Номер заявки,Дата события,Событие,Автор,Роль\n"
        "1,02.03.2026 09:00,Заявка создана,Анна,Клиент\n"
        "1,02.03.2026 09:30,Ответ оператора,Борис,Оператор\n"
        "1,02.03.2026 09:40,Статус изменён на Ожидание клиента,Борис,Оператор\n"
        "1,02.03.2026 10:00,Переоткрыта,Анна,Клиент\n"
        "1,13.03.2026 09:10,Закрыта,Система,Система\n"
    )
    assert told(load(tmp_path, text), "kind", "actor", "value") == [
        ("1", "09:00", "created", "customer", None),
        ("1", "09:30", "message", "agent", None),
        ("1", "09:40", "status", "agent", "pending"),
        ("1", "10:00", "status", "customer", "open"),
        ("1", "09:10", "status", "system", "closed"),
    ]


CHANGES = (
    "Ticket ID,Updated at,Field,Old value,New value,Changed by\n"
    "1,2026-03-02 09:10,status,new,open,Bob\n"
    "1,2026-03-02 10:10,status,open,Resolved,Bob\n"
    "1,2026-03-02 10:10,subject,x,y,Bob\n"
    "2,2026-03-02 09:30,Assigned to,,Eve,Bob\n"
    "2,2026-03-02 11:10,Assigned to,Eve,,Bob\n"
    "3,2026-03-02 09:30,Priority,Low,P1,Bob\n"
)


def test_changes_of_fields_are_events_and_do_not_say_when_a_ticket_was_created(tmp_path: Path) -> None:
    dataset = load(tmp_path, CHANGES)
    assert told(dataset, "kind", "value", "raw") == [
        ("1", "09:10", "status", "open", "open"),
        ("1", "10:10", "status", "solved", "Resolved"),
        ("1", "10:10", "message", None, None),
        ("2", "09:30", "assignee", "Eve", None),
        ("2", "11:10", "assignee", None, None),
        ("3", "09:30", "priority", "urgent", "P1"),
    ]
    assert Sight.created not in dataset.observes
    assert {Sight.status, Sight.solve, Sight.reopen, Sight.assignee, Sight.priority} <= set(dataset.observes)
    assert dataset.tickets["assignee_id"].to_list() == [None, None, None]


MESSAGES = (
    "ticket_id,created_at,author_id,author_type,public,body\n"
    "1,2026-03-02 09:00:00,11,end-user,true,hi\n"
    "1,2026-03-02 09:30:00,21,agent,true,hello\n"
    "1,2026-03-02 09:40:00,21,agent,false,psst\n"
    "2,2026-03-02 09:10:00,12,end-user,true,hi\n"
    "2,2026-03-02 10:00:00,99,bot,true,beep\n"
    "3,2026-03-02 10:05:00,12,end-user,true,hm\n"
)


def test_messages_show_requests_replies_and_notes_where_authors_and_visibility_are_known(tmp_path: Path) -> None:
    dataset = load(tmp_path, MESSAGES)
    assert told(dataset, "kind", "actor", "public")[:4] == [
        ("1", "09:00", "created", None, None),
        ("1", "09:00", "message", "customer", True),
        ("1", "09:30", "message", "agent", True),
        ("1", "09:40", "message", "agent", False),
    ]
    for sight in (Sight.request, Sight.reply, Sight.note, Sight.bot_reply):
        assert dataset.observes[sight] == EVERY
    assert not any("public" in said for said in dataset.assumptions)
    assert any("begins with its first row" in said for said in dataset.assumptions)
    assert "body" not in dataset.tickets.columns


def test_without_authors_messages_are_neither_requests_nor_replies(tmp_path: Path) -> None:
    text = MESSAGES.replace("end-user", "").replace("agent", "").replace("bot", "")
    seen = load(tmp_path, text).observes
    assert not {Sight.request, Sight.reply, Sight.bot_reply} & set(seen)


def test_without_a_column_of_visibility_messages_are_public_and_that_is_said(tmp_path: Path) -> None:
    text = "".join(",".join(line.split(",")[:4] + line.split(",")[5:]) + "\n" for line in MESSAGES.splitlines())
    dataset = load(tmp_path, text)
    assert Sight.reply in dataset.observes
    assert Sight.note not in dataset.observes
    assert any("taken as public" in said for said in dataset.assumptions)


def test_a_column_that_says_private_is_the_other_way_round(tmp_path: Path) -> None:
    text = MESSAGES.replace(",public,", ",is_private,").replace("true", "X").replace("false", "true").replace("X", "")
    publics = [public for _, _, kind, public in told(load(tmp_path, text), "kind", "public") if kind == "message"]
    assert publics == [True, True, False, True, True, True]


def test_patterns_of_responders_say_who_is_no_agent(tmp_path: Path) -> None:
    dataset = load(tmp_path, MESSAGES.replace(",21,", ",Autoresponder,"), responders={"bot": ("auto*",)})
    actors = {row[2] for row in told(dataset, "actor", "actor_id") if row[3] == "Autoresponder"}
    assert actors == {"bot"}


def test_an_author_who_is_the_requester_is_the_customer(tmp_path: Path) -> None:
    text = (
        "ticket_id,requester,sent at,author,message\n"
        "1,ann,2026-03-02 09:00,ann,hi\n"
        "1,ann,2026-03-02 09:30,bob,hello\n"
        "2,cid,2026-03-02 09:00,cid,hi\n"
    )
    dataset = load(tmp_path, text)
    actors = [actor for _, _, kind, actor in told(dataset, "kind", "actor") if kind == "message"]
    assert actors == ["customer", "agent", "customer"]
    assert any("anyone" in said or "any other" in said for said in dataset.assumptions)


UPDATES = "number,state,assigned to,sys_mod_count,opened_at,sys_updated_on,resolved_at\n" + (
    "INC1,New,?,0,2026-03-02 09:00:00,2026-03-02 09:05:00,2026-03-02 11:00:00\n"
    "INC1,In Progress,Bob,1,2026-03-02 09:00:00,2026-03-02 09:10:00,2026-03-02 11:00:00\n"
    "INC1,In Progress,Bob,2,2026-03-02 09:00:00,2026-03-02 09:20:00,2026-03-02 11:00:00\n"
    "INC1,Resolved,?,3,2026-03-02 09:00:00,2026-03-02 10:40:00,2026-03-02 11:00:00\n"
    "INC2,New,Eve,0,2026-03-02 09:30:00,2026-03-02 09:30:00,?\n"
)


def test_updates_are_events_where_a_value_differs_and_a_final_column_stands_for_the_last_solution(
    tmp_path: Path,
) -> None:
    dataset = load(tmp_path, UPDATES)
    assert told(dataset, "kind", "value") == [
        ("INC1", "09:00", "created", None),
        ("INC1", "09:05", "status", "new"),
        ("INC1", "09:10", "status", "open"),
        ("INC1", "09:10", "assignee", "Bob"),
        ("INC1", "09:20", "message", None),
        ("INC1", "10:40", "assignee", None),
        ("INC1", "11:00", "status", "solved"),
        ("INC2", "09:30", "created", None),
        ("INC2", "09:30", "status", "new"),
        ("INC2", "09:30", "assignee", "Eve"),
    ]
    assert dataset.tickets["ticket_id"].to_list() == ["INC1", "INC2"]
    assert any("1 ticket stands otherwise" in said for said in dataset.assumptions)


def test_a_final_column_earlier_than_the_log_does_not_undo_it(tmp_path: Path) -> None:
    dataset = load(tmp_path, UPDATES.replace("2026-03-02 11:00:00", "2026-03-02 10:00:00"))
    assert ("INC1", "10:40", "status", "solved") in told(dataset, "kind", "value")
    assert ("INC1", "10:00", "status", "solved") not in told(dataset, "kind", "value")


def test_a_solution_after_a_reopening_that_the_log_misses_is_added_not_moved(tmp_path: Path) -> None:
    later = "INC1,In Progress,Bob,4,2026-03-02 09:00:00,2026-03-02 10:50:00,2026-03-02 11:00:00\n"
    rows = told(load(tmp_path, UPDATES + later), "kind", "value")
    steps = [(clock, value) for ticket, clock, kind, value in rows if ticket == "INC1" and kind == "status"]
    assert steps == [("09:05", "new"), ("09:10", "open"), ("10:40", "solved"), ("10:50", "open"), ("11:00", "solved")]


def test_a_list_of_tickets_with_one_row_each_is_no_log_whatever_its_columns(tmp_path: Path) -> None:
    lines = UPDATES.splitlines(keepends=True)
    dataset = load(tmp_path, lines[0] + lines[4] + lines[5])
    assert isinstance(dataset.history, Stamps)
    assert dataset.observes.get(Sight.status) != EVERY


@pytest.mark.parametrize("order", ["time", "ticket", "backwards"])
def test_the_order_of_the_file_decides_only_between_equal_instants(tmp_path: Path, order: str) -> None:
    head, *rows = ACTIVITIES.splitlines(keepends=True)
    rows = rows[:-1]
    place = {"time": lambda row: row.split(",")[1], "ticket": lambda row: row.split(",")[0], "backwards": None}[order]
    turned = rows[::-1] if place is None else sorted(rows, key=place)
    assert told(load(tmp_path, head + "".join(turned)), "kind", "value") == told(
        load(tmp_path, head + "".join(rows)), "kind", "value"
    )


# --- several files ---------------------------------------------------------------------------------------------------


def test_tickets_and_messages_are_joined_by_the_ticket(tmp_path: Path) -> None:
    stranger = "9,2026-03-02 10:00:00,99,bot,true,beep\n"
    dataset = load(tmp_path, TICKETS, MESSAGES + stranger)
    assert dataset.tickets["requester_id"].to_list() == ["a", "b", "b"]
    assert [row for row in told(dataset, "kind", "value") if row[0] == "1" and row[2] != "message"] == [
        ("1", "09:00", "created", None),
        ("1", "12:00", "status", "solved"),
    ]
    assert dataset.observes[Sight.reply] == EVERY
    assert dataset.observes[Sight.solve] == Extent.LAST
    assert dict(dataset.ledger[1].excluded) == {"unknown-ticket": 1}
    assert not any("begins with its first row" in said for said in dataset.assumptions)


def test_a_sight_that_only_some_tickets_have_is_not_observed(tmp_path: Path) -> None:
    only_one = "".join(line for line in MESSAGES.splitlines(keepends=True) if not line.startswith(("2", "3")))
    assert Sight.reply not in load(tmp_path, TICKETS, only_one).observes


def test_tickets_and_changes_are_joined_and_the_final_column_stands_for_the_last_solution(tmp_path: Path) -> None:
    dataset = load(tmp_path, TICKETS, CHANGES)
    assert [row for row in told(dataset, "kind", "value", "actor_id") if row[0] == "1" and row[2] == "status"] == [
        ("1", "09:10", "status", "open", "Bob"),
        ("1", "12:00", "status", "solved", "Bob"),
    ]
    assert {Sight.created, Sight.status, Sight.reopen} <= set(dataset.observes)


def test_what_two_logs_both_tell_counts_once(tmp_path: Path) -> None:
    head, *rows = ACTIVITIES.splitlines(keepends=True)
    whole = head + "".join(rows[:-1])
    one, two = head + "".join(rows[:5]), head + "".join(rows[3:-1])
    dataset = load(tmp_path, one, two)
    assert told(dataset, "kind", "value") == told(load(tmp_path, whole), "kind", "value")
    assert [dict(file.excluded) for file in dataset.ledger] == [{}, {"duplicate": 2}]
    assert dataset.tickets["ticket_id"].to_list() == ["1", "2"]


STEPS = "1,{at},created,,{0}\n1,{at},status,open,{0}\n1,{at},status,solved,{0}\n1,2026-03-02 11:00,reply,,{0}\n"


@pytest.mark.parametrize("swapped", [False, True])
def test_two_logs_that_call_their_authors_differently_tell_each_step_once(tmp_path: Path, swapped: bool) -> None:
    """Told twice, open, solved, open, solved at one instant would be a reopening that never was."""
    head, at = "case id,timestamp,activity,new value,actor\n", "2026-03-02 10:00"
    texts = [head + STEPS.format(name, at=at) + f"2,{at},created,,{name}\n" for name in ("Tom", "tom@example.org")]
    data = load(tmp_path, *(texts[::-1] if swapped else texts))
    kinds = [(kind, value) for _, _, kind, value in told(data, "kind", "value") if kind == "status"]
    assert kinds == [("status", "open"), ("status", "solved")]
    assert sorted(file.used for file in data.ledger) == [0, 5]
    assert [file.excluded for file in data.ledger if file.excluded] == [{"duplicate": 5}]


def test_two_logs_of_which_one_knows_the_authors_tell_each_message_once(tmp_path: Path) -> None:
    head = "case id,timestamp,activity,role\n"
    rows = [("customer message", "customer"), ("message", "agent"), ("message", "agent")]
    one = head + "".join(f"1,2026-03-02 10:0{n // 2},{what},{who}\n" for n, (what, who) in enumerate(rows))
    texts = one.replace(",message,agent", ",message,", 1), one
    for given in (texts, texts[::-1]):
        messages = [row for row in told(load(tmp_path, *given), "kind", "actor") if row[2] == "message"]
        assert [row[3] for row in messages] == ["customer", "agent", "agent"]


def test_rows_of_a_ticket_that_left_are_excluded_by_its_reason(tmp_path: Path) -> None:
    spam = TICKETS.replace("2,2026-03-02 09:10,,Open", "2,2026-03-02 09:10,,Spam")
    dataset = load(tmp_path, spam, MESSAGES)
    assert dict(dataset.ledger[0].excluded) == {"spam": 1}
    assert dict(dataset.ledger[1].excluded) == {"spam": 2}


# --- what the user says, and what is refused -------------------------------------------------------------------------


def test_a_mapping_gives_a_log_its_words(tmp_path: Path) -> None:
    mapping = tmp_path / "ours.yaml"
    mapping.write_text(
        "id: ours\nrows: update\n"
        "columns: {ticket_id: Vorgang, at: Wann, activity: Was, author: Wer, role: Art}\n"
        "dates: {format: '%d.%m.%Y %H:%M', zone: Europe/Berlin}\n"
        "values:\n"
        "  activity: {neu: created, raus: reply, fertig: {status: solved}, egal: nothing}\n"
        "  role: {K: customer, M: agent}\n"
    )
    text = (
        "Vorgang;Wann;Was;Wer;Art\n7;02.03.2026 10:00;neu;ann;K\n7;02.03.2026 11:00;raus;bob;M\n"
        "7;02.03.2026 12:00;fertig;bob;M\n7;02.03.2026 13:00;egal;bob;M\n"
    )
    dataset = load(tmp_path, text, mapping=str(mapping))
    assert told(dataset, "kind", "actor", "value") == [
        ("7", "09:00", "created", "customer", None),
        ("7", "10:00", "message", "agent", None),
        ("7", "11:00", "status", "agent", "solved"),
        ("7", "12:00", "message", None, None),
    ]
    assert dataset.provenance[0].helpdesk == "ours"


def test_map_names_the_columns_of_a_log(tmp_path: Path) -> None:
    text = "a,b,c\nX-1,2026-03-02 09:00,Created\nX-1,2026-03-02 10:00,Closed\nX-2,2026-03-02 09:30,Created\n"
    dataset = _mapped(tmp_path, text)
    assert told(dataset, "kind") == [
        ("X-1", "09:00", "created"),
        ("X-1", "10:00", "status"),
        ("X-2", "09:30", "created"),
    ]


def _mapped(folder: Path, text: str) -> Dataset:
    path = folder / "file.csv"
    path.write_text(text)
    how = Reading(columns={"ticket_id": "a", "at": "b", "activity": "c"})
    return load_tables(read(str(path), how), how)


def test_a_row_without_an_id_is_rejected_and_ids_in_scientific_notation_stop(tmp_path: Path) -> None:
    dataset = load(tmp_path, ACTIVITIES.replace("1,2026-03-02 09:30", ",2026-03-02 09:30"))
    assert [(one.line, one.slug) for one in dataset.rejects] == [(3, "no-id"), (10, "bad-date")]
    with pytest.raises(IdsDamaged):
        load(tmp_path, ACTIVITIES.replace("\n1,", "\n1.2E+11,").replace("\n2,", "\n1.3E+11,"))


def test_a_log_whose_rows_have_no_instant_is_refused_with_the_line_to_write(tmp_path: Path) -> None:
    text = "ticket_id,field,new value\n" + "".join(f"{n // 5},status,open\n" for n in range(9))
    with pytest.raises(NotRecognised, match="no column says when it happened") as error:
        load(tmp_path, text)
    assert error.value.hint is not None
    assert "--map at=" in error.value.hint


def test_transitions_of_activities_are_no_statuses_of_cases(tmp_path: Path) -> None:
    steps = [("Triage", "start"), ("Triage", "complete"), ("Work", "start"), ("Work", "complete")]
    rows = "".join(f"{n // 4},{','.join(steps[n % 4])},2026-03-02T09:{n:02d}:00Z\n" for n in range(12))
    text = "case:concept:name,concept:name,lifecycle:transition,time:timestamp\n" + rows
    dataset = load(tmp_path, text)
    assert Sight.solve not in dataset.observes
    assert set(dataset.observes) <= {Sight.created, Sight.event, Sight.status}


def test_an_ids_only_log_shows_that_something_happened_and_nothing_else(tmp_path: Path) -> None:
    text = "CaseID,ActivityID,CompleteTimestamp\n" + "".join(
        f"{n // 5},{n % 5},2026-01-01 10:{n:02d}\n" for n in range(10)
    )
    dataset = load(tmp_path, text)
    assert dict(dataset.observes) == {Sight.created: EVERY, Sight.event: EVERY}
    frame = dataset.history.frame.collect()  # type: ignore[union-attr]
    assert frame["at"].max() == datetime(2026, 1, 1, 10, 9, tzinfo=UTC)
    assert frame.filter(pl.col("kind") != "created").height == 10


TWICE = """case id,activity,timestamp,new value,message id
1,created,2026-03-02 10:00,,
1,agent reply,2026-03-02 10:30,,m1
1,agent reply,2026-03-02 10:30,,m2
1,agent reply,2026-03-02 10:30,,m2
1,status,2026-03-02 11:00,solved,
1,status,2026-03-02 11:00,solved,
"""


def test_a_row_that_says_in_every_cell_what_another_says_counts_once(tmp_path: Path) -> None:
    data = load(tmp_path, TWICE)
    told = log(data).collect()
    assert told.filter(told["kind"] == "message").height == 2, (
        "two replies of one minute that have numbers of their own"
    )
    assert (data.ledger[0].used, data.ledger[0].excluded) == (4, {"duplicate": 2})


def test_the_last_value_of_a_column_is_that_of_the_latest_instant_in_whatever_order_the_rows_stand(
    tmp_path: Path,
) -> None:
    head = "case id,activity,timestamp,plan\n"
    lines = ["1,created,2026-03-02 10:00,", "1,note,2026-03-02 11:00,free", "1,note,2026-03-02 12:00,gold"]
    lines += ["1,reply,2026-03-02 13:00,", "2,created,2026-03-02 10:00,free"]
    for number, order in enumerate(permutations(lines)):
        if number % 17 == 0:
            data = load(tmp_path, head + "\n".join(order) + "\n")
            assert data.tickets.sort("ticket_id")["tier"].to_list() == ["gold", "free"]


def test_rows_of_a_ticket_that_the_log_deletes_are_excluded(tmp_path: Path) -> None:
    text = (
        "case id,activity,timestamp,new value\n1,created,2026-03-02 10:00,\n1,status,2026-03-02 11:00,deleted\n"
        "2,created,2026-03-02 10:00,\n2,status,2026-03-02 11:00,solved\n"
    )
    data = load(tmp_path, text)
    assert (data.ledger[0].used, data.ledger[0].excluded) == (2, {"deleted": 2})


SPOKEN = """ticket id,created at,author,requester,body
1,2026-03-02 10:00,Ann,Ann,a
1,2026-03-02 10:01,{bot},Ann,b
1,2026-03-02 10:30,Abbot Talbot,Ann,c
2,2026-03-02 10:00,Bob,Bob,d
"""


@pytest.mark.parametrize("bot", ["AnswerBot", "bot", "Automation", "Робот поддержки", "Virtual Agent", "chatbot"])
def test_authors_with_the_name_of_a_machine_are_bots_and_that_is_said(tmp_path: Path, bot: str) -> None:
    data = load(tmp_path, SPOKEN.format(bot=bot))
    actors = [row[3] for row in told(data, "kind", "actor") if row[0] == "1" and row[2] == "message"]
    assert actors == ["customer", "bot", "agent"], "a person called Abbot is none"
    assert any(f"by their names, {bot} are taken for bots" in said for said in data.assumptions)
    mine = load(tmp_path, SPOKEN.format(bot=bot), responders={"agent": (bot,)})
    assert [row[3] for row in told(mine, "kind", "actor")][1:3] == ["customer", "agent"]


def test_a_column_of_roles_says_more_than_a_name(tmp_path: Path) -> None:
    text = (
        SPOKEN.format(bot="bot")
        .replace(",requester,", ",role,")
        .replace(",Ann,", ",agent,")
        .replace(",Bob,", ",customer,")
    )
    data = load(tmp_path, text)
    assert not any("by their names" in said for said in data.assumptions)


# --- where tickets begin ---------------------------------------------------------------------------------------------

ENDS = (
    "Case ID,Activity,Complete Timestamp\n"
    "1,Work started,2026-03-02 09:00\n"
    "1,Ticket closed,2026-03-02 10:00\n"
    "2,Ticket closed,2026-03-02 10:05\n"
    "2,Ticket reopened,2026-03-02 11:00\n"
    "3,Work started,2026-03-02 12:00\n"
)


def test_a_log_whose_tickets_are_solved_before_anything_else_does_not_tell_when_they_began(tmp_path: Path) -> None:
    """Otherwise the case would have been solved in no time at all."""
    dataset = load(tmp_path, ENDS)
    assert Sight.created not in dataset.observes
    assert {Sight.solve, Sight.status} <= set(dataset.observes)


def test_a_log_whose_first_rows_are_work_begins_with_them(tmp_path: Path) -> None:
    dataset = load(tmp_path, ENDS.replace("2,Ticket closed", "2,Work started"))
    assert dataset.observes[Sight.created] is EVERY


def test_what_was_answered_elsewhere_has_no_first_response(tmp_path: Path) -> None:
    """Freshdesk keeps what a ticket was opened with in the ticket, not among its conversations."""
    rows = [
        (1, "false", "09:30"),
        (1, "true", "10:00"),
        (1, "false", "10:20"),
        (2, "true", "11:00"),
        (2, "false", "12:00"),
    ]
    text = "ticket_id,incoming,private,user_id,body_text,created_at\n" + "".join(
        f"{ticket},{incoming},false,{7 if incoming == 'false' else 8},…,2026-03-02T{clock}:00Z\n"
        for ticket, incoming, clock in rows
    )
    dataset = load(tmp_path, text)
    assert dataset.provenance[0].helpdesk == "freshdesk_conversations"
    assert Sight.created not in dataset.observes
    assert {Sight.request, Sight.reply} <= set(dataset.observes)


def test_an_escalation_leads_from_the_first_line_to_the_second(tmp_path: Path) -> None:
    """The log names no line before it, and a ticket that only begins on the second would not count as escalated."""
    head = "Ticket ID,Event time,Event\n"
    rows = "1,2026-03-02 09:00,Ticket created\n1,2026-03-02 09:20,Escalated\n2,2026-03-02 09:00,Ticket created\n"
    dataset = load(tmp_path, head + rows + "2,2026-03-02 10:00,Resolved\n3,2026-03-02 11:00,Escalated\n")
    levels = [
        (ticket, clock, value) for ticket, clock, kind, value in told(dataset, "kind", "value") if kind == "level"
    ]
    assert levels == [("1", "09:00", "1"), ("1", "09:20", "2"), ("3", "11:00", "2")]

"""Audit records, transitions, snapshots and stretches of a status: tables of changes that no helpdesk wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Extent, Log, Sight

HOURS = {
    "1": [("new", "09:00"), ("open", "09:30"), ("pending", "10:00"), ("solved", "12:00")],
    "2": [("new", "09:10"), ("open", "09:20"), ("solved", "09:50"), ("open", "10:50"), ("solved", "11:50")],
    "3": [("new", "09:15"), ("open", "10:15")],
}
"""Tickets and what became of them, by the clock."""
STORY = [(name, clock, status) for name, steps in HOURS.items() for status, clock in steps]
ROWS = sorted(
    [
        (clock, name, steps[place - 1][0] if place else None, status)
        for name, steps in HOURS.items()
        for place, (status, clock) in enumerate(steps)
    ]
)
"""Changes as an audit lists them: clock, ticket, what it was, what it is."""


def at(clock: str) -> str:
    return f"2026-03-02 {clock}:00"


def of_csv(folder: Path, rows: Sequence[Mapping[str, object]]) -> Dataset:
    path = folder / "file.csv"
    pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    return load_tables(list(read(str(path), Reading())), Reading())


def of_json(folder: Path, document: object) -> Dataset:
    path = folder / "file.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load_tables(list(read(str(path), Reading())), Reading())


def statuses(data: Dataset) -> list[tuple[str, str, str]]:
    """Ticket, clock and status of each change; the first status of a ticket too where the file tells it."""
    assert isinstance(data.history, Log)
    frame = data.history.frame.collect().filter(pl.col("kind") == "status").sort("ticket_id", "at", "seq")
    clock = frame["at"].dt.strftime("%H:%M").alias("clock")
    return frame.select(pl.col("ticket_id").cast(pl.String), clock, pl.col("value").cast(pl.String)).rows()


def is_told(data: Dataset) -> None:
    """The changes of STORY, whether or not the file tells that tickets begin as new."""
    found = statuses(data)
    later = [one for one in STORY if one[2] != "new"]
    assert [one for one in found if one[2] != "new"] == later
    assert set(found) <= set(STORY)
    assert data.tickets["ticket_id"].cast(pl.String).sort().to_list() == ["1", "2", "3"]
    assert data.observes[Sight.status] == Extent.EVERY
    assert sum(one.rows_read for one in data.ledger) == sum(
        one.used + sum(one.excluded.values()) + sum(one.rejected.values()) for one in data.ledger
    )


def pairs(old: str | None, new: str) -> str:
    return json.dumps({"status": [old, new], "updated_at": ["x", "y"]})


def test_versions_hold_pairs_under_the_type_and_id_of_their_item(tmp_path: Path) -> None:
    rows = [
        {"id": n, "item_type": "Ticket", "item_id": name, "event": "update" if old else "create"}
        | {"whodunnit": "7", "object_changes": pairs(old, new), "created_at": at(clock)}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_csv(tmp_path, rows))


def test_audits_of_comments_are_no_tickets(tmp_path: Path) -> None:
    rows = [
        {"id": n, "auditable_type": "App\\Models\\Ticket", "auditable_id": name, "event": "updated"}
        | {
            "old_values": json.dumps({"status": old}),
            "new_values": json.dumps({"status": new}),
            "created_at": at(clock),
        }
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    comment = {"auditable_type": "App\\Models\\Comment", "auditable_id": "77", "new_values": '{"body": "x"}'}
    data = of_csv(tmp_path, [*rows, rows[0] | comment, rows[1] | comment])
    is_told(data)
    assert data.ledger[0].excluded == {"other_records": 2}


def test_properties_hold_what_is_and_what_was(tmp_path: Path) -> None:
    rows = [
        {"id": n, "description": "updated" if old else "created", "subject_type": "App\\Ticket", "subject_id": name}
        | {"properties": json.dumps({"attributes": {"status": new}, "old": {"status": old}}), "created_at": at(clock)}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_csv(tmp_path, rows))


def test_a_creation_may_hold_plain_values_where_changes_hold_pairs(tmp_path: Path) -> None:
    rows = [
        {"id": n, "auditable_type": "Ticket", "auditable_id": name, "action": "update" if old else "create"}
        | {"audited_changes": pairs(old, new) if old else '{"status": "new"}', "created_at": at(clock)}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_csv(tmp_path, rows))


@pytest.mark.parametrize("ends", [("from", "to"), ("old", "new"), ("oldValue", "newValue")])
def test_records_hold_what_was_and_what_is_by_name(tmp_path: Path, ends: tuple[str, str]) -> None:
    rows = [
        {"_id": f"{n:024x}", "ticketId": name, "action": "update", "createdAt": f"2026-03-02T{clock}:00Z"}
        | {"changes": {"status": dict(zip(ends, (old, new), strict=True))}}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_json(tmp_path, rows))


def test_revisions_of_work_items_count_within_each(tmp_path: Path) -> None:
    numbers = dict.fromkeys(HOURS, 0)
    rows = []
    for clock, name, old, new in ROWS:
        numbers[name] += 1
        change = {"newValue": new.title()} | ({"oldValue": old.title()} if old else {})
        rows.append(
            {"id": numbers[name], "workItemId": int(name), "revisedDate": f"2026-03-02T{clock}:00Z"}
            | {"fields": {"System.State": change, "System.Rev": {"newValue": numbers[name]}}}
        )
    is_told(of_json(tmp_path, {"count": len(rows), "value": rows}))


def test_what_a_status_was_is_not_what_it_is(tmp_path: Path) -> None:
    rows = [
        {"id": n, "timestamp": f"2026-03-02T{clock}:00Z", "caseId": name, "type": "status-change"}
        | {"payload": {"fromStatus": old and old.upper(), "toStatus": new.upper()}}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_json(tmp_path, rows))


def test_transitions_need_no_column_of_activities(tmp_path: Path) -> None:
    rows = [
        {"ticket_id": name, "from_status": old or "", "to_status": new, "changed_at": at(clock)}
        for clock, name, old, new in ROWS
    ]
    is_told(of_csv(tmp_path, rows))


@pytest.mark.parametrize(("begin", "end"), [("Entered At", "Left At"), ("ValidFrom", "ValidTo"), ("Start", "End")])
def test_stretches_of_a_status_begin_with_its_change(tmp_path: Path, begin: str, end: str) -> None:
    if begin == "Start":
        begin, end = "Status Start", "Status End"
    rows = [
        {
            "Ticket ID": name,
            "Status": status.title(),
            begin: at(clock),
            end: at(steps[n + 1][1]) if n + 1 < len(steps) else "",
        }
        for name, steps in HOURS.items()
        for n, (status, clock) in enumerate(steps)
    ]
    is_told(of_csv(tmp_path, rows))


@pytest.mark.parametrize(("begin", "end"), [("dbt_valid_from", "dbt_valid_to"), ("_fivetran_start", "_fivetran_end")])
def test_snapshots_of_rows_are_their_history(tmp_path: Path, begin: str, end: str) -> None:
    rows = [
        {"id": name, "status": status, "created_at": at(steps[0][1]), begin: at(clock)}
        | {end: at(steps[n + 1][1]) if n + 1 < len(steps) else ""}
        for name, steps in HOURS.items()
        for n, (status, clock) in enumerate(steps)
    ]
    is_told(of_csv(tmp_path, rows))


def test_a_history_of_issues_is_no_list_of_issues(tmp_path: Path) -> None:
    rows = [
        {"Issue Key": f"{name}", "Author": "a", "Date of change": at(clock), "Field": "status"}
        | {"Original value": old or "", "New value": new, "Created": at(HOURS[name][0][1])}
        for clock, name, old, new in ROWS
    ]
    is_told(of_csv(tmp_path, rows))


def test_sentences_tell_what_happened_where_no_column_is_called_so(tmp_path: Path) -> None:
    rows = [
        {"id": n, "ticketId": name, "type": "Status" if old else "Create", "createdAt": at(clock)}
        | {"details": f"Status changed to {new.title()}" if old else "Ticket created"}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_csv(tmp_path, rows))


def test_events_carry_their_ticket_inside(tmp_path: Path) -> None:
    rows = [
        {"event_id": f"e{n}", "event": "ticket.status_changed" if old else "ticket.created"}
        | {"occurred_at": f"2026-03-02T{clock}:00Z"}
        | {"data": {"ticket_id": name, "status": new, "previous_status": old}}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_json(tmp_path, rows))


def test_rows_are_about_the_entity_that_they_name(tmp_path: Path) -> None:
    words = {
        "new": "TICKET_CREATED",
        "open": "TICKET_REOPENED",
        "pending": "TICKET_PENDING",
        "solved": "TICKET_RESOLVED",
    }
    rows = [
        {"log_id": n, "entity_type": "ticket", "entity_id": name, "action": words[new], "performed_at": at(clock)}
        for n, (clock, name, _, new) in enumerate(ROWS, 900)
    ]
    is_told(of_csv(tmp_path, rows))


def test_a_history_names_the_object_of_each_change(tmp_path: Path) -> None:
    base = {"created_by_id": 3, "type": "updated"}
    rows = [
        base
        | {"id": n, "o_id": int(name), "object": "Ticket", "created_at": at(clock), "updated_at": at(clock)}
        | ({"attribute": "state", "value_from": old, "value_to": new} if old else {"type": "created"})
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    article = base | {"id": 990, "o_id": 71, "object": "Ticket::Article", "type": "created"}
    rows += [article | {"created_at": at("09:05"), "updated_at": at("09:05")}]
    data = of_json(tmp_path, {"history": rows})
    is_told(data)
    assert data.ledger[0].excluded == {"other_records": 1}


def test_words_that_are_run_together_name_the_instant(tmp_path: Path) -> None:
    rows = [
        {"TICKETID": name, "STATUSDATE": at(clock), "STATUS": "INPROG" if new == "open" else new.upper()}
        for clock, name, _, new in ROWS
    ]
    is_told(of_csv(tmp_path, rows))


def test_seconds_of_a_clock_of_machines_are_instants(tmp_path: Path) -> None:
    rows = [
        {"ticket": name, "event": "status_change" if old else "created", "value": new if old else ""}
        | {"ts": 1772409600 + 3600 * int(clock[:2]) + 60 * int(clock[3:])}
        for clock, name, old, new in ROWS
    ]
    is_told(of_csv(tmp_path, rows))


def test_an_answer_to_the_customer_is_none_of_the_customer(tmp_path: Path) -> None:
    told = [("09:00", "Заявка создана"), ("09:10", "Сообщение клиента"), ("09:30", "Ответ клиенту")]
    rows = [
        {"Номер заявки": name, "Дата и время события": at(clock), "Событие": word}
        for name in ("1", "2")
        for clock, word in [*told, ("09:50", "Изменен статус на Решена")]
    ]
    data = of_csv(tmp_path, rows)
    assert isinstance(data.history, Log)
    frame = data.history.frame.collect().filter(pl.col("kind") == "message").sort("ticket_id", "at")
    assert frame["actor"].cast(pl.String).to_list() == ["customer", "agent"] * 2


@pytest.mark.parametrize("change", [("from", "to"), ("old_status", "new_status"), ("previousStatus", "newStatus")])
def test_data_of_an_event_says_what_the_status_is(tmp_path: Path, change: tuple[str, str]) -> None:
    rows = [
        {
            "id": n,
            "ticket_id": name,
            "event_type": "status_changed" if old else "ticket_created",
            "created_at": at(clock),
        }
        | {"metadata": json.dumps(dict(zip(change, (old, new), strict=True)) if old else {"subject": "x"})}
        for n, (clock, name, old, new) in enumerate(ROWS, 900)
    ]
    is_told(of_csv(tmp_path, rows))


@pytest.mark.parametrize(("flag", "of_agents"), [("is_staff", True), ("fromCustomer", False), ("Is Agent", True)])
def test_a_flag_tells_which_side_wrote(tmp_path: Path, flag: str, of_agents: bool) -> None:
    said = [("1", "09:00", False), ("1", "09:30", True), ("2", "09:10", False), ("2", "09:50", True)]
    rows = [
        {"id": n, "ticket_id": name, flag: str(by_agent == of_agents).lower(), "message": "x", "created_at": at(clock)}
        for n, (name, clock, by_agent) in enumerate(said)
    ]
    data = of_csv(tmp_path, rows)
    assert isinstance(data.history, Log)
    frame = data.history.frame.collect().filter(pl.col("kind") == "message").sort("ticket_id", "at")
    assert frame["actor"].cast(pl.String).to_list() == ["customer", "agent"] * 2

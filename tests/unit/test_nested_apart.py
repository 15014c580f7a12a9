"""Records of systems that nobody knows: the messages and changes in their lists are read as files of them would be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Extent, Log, Sight, Stamps, log

DAY = "2026-03-02T"
SAID = {"1": [("ann", "09:00"), ("bob", "09:30"), ("ann", "10:00")], "2": [("cid", "09:10"), ("bob", "09:50")]}
"""Who wrote when: bob is no customer."""
WENT = {
    "1": [("new", "open", "09:20"), ("open", "solved", "11:00")],
    "2": [("new", "open", "09:40"), ("open", "pending", "10:20")],
}


def loaded(folder: Path, document: object, **reading: object) -> Dataset:
    path = folder / "dump.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    how = Reading(**reading)  # type: ignore[arg-type]
    dataset = load_tables(list(read(str(path), how)), how)
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    return dataset


def events(data: Dataset, kind: str, *columns: str) -> list[tuple[object, ...]]:
    assert isinstance(data.history, Log)
    frame = data.history.frame.collect().filter(pl.col("kind") == kind).sort("ticket_id", "at", "seq")
    clock = frame["at"].dt.strftime("%H:%M").alias("clock")
    ids = pl.col("ticket_id").cast(pl.String)
    return frame.select(ids, clock, *(pl.col(name).cast(pl.String) for name in columns)).rows()


def record(name: str, **lists: Sequence[Mapping[str, object]]) -> dict[str, object]:
    status = WENT[name][-1][1]
    return {
        "id": name,
        "status": status,
        "customerId": SAID[name][0][0],
        "createdAt": f"{DAY}{SAID[name][0][1]}:00Z",
    } | {key: list(listed) for key, listed in lists.items()}


def messages(name: str, **more: object) -> list[dict[str, object]]:
    return [
        {"id": f"{name}{n}", "body": "…", "createdAt": f"{DAY}{clock}:00Z", "sender": {"id": who} | more}
        for n, (who, clock) in enumerate(SAID[name])
    ]


def with_roles(name: str) -> list[dict[str, object]]:
    told = messages(name)
    for one, (who, _) in zip(told, SAID[name], strict=True):
        one["sender"] = {"id": who, "role": "admin" if who == "bob" else "user"}
        one["isInternal"] = False
    return told


SPOKEN = [
    ("1", "09:00", "customer"),
    ("1", "09:30", "agent"),
    ("1", "10:00", "customer"),
    ("2", "09:10", "customer"),
    ("2", "09:50", "agent"),
]


def test_messages_with_roles_show_every_reply(tmp_path: Path) -> None:
    data = loaded(tmp_path, [record(name, messages=with_roles(name)) for name in SAID])
    assert events(data, "message", "actor") == SPOKEN
    assert data.observes[Sight.reply] == Extent.EVERY
    assert [one.path.rpartition("/")[2] for one in data.ledger] == ["dump.json", "dump.json[messages]"]
    assert [one.rows_read for one in data.ledger] == [2, 5]


def test_authors_without_a_role_are_told_by_the_customer_of_the_ticket(tmp_path: Path) -> None:
    data = loaded(tmp_path, {"tickets": [record(name, comments=messages(name)) for name in SAID]})
    assert events(data, "message", "actor") == SPOKEN
    assert any("who are not the requester" in said for said in data.assumptions)


def test_internal_messages_are_no_replies(tmp_path: Path) -> None:
    dump = [record(name, messages=with_roles(name)) for name in SAID]
    dump[1]["messages"][1]["isInternal"] = True  # type: ignore[index]
    data = loaded(tmp_path, dump)
    assert events(data, "message", "public")[-1] == ("2", "09:50", "false")


def steps(name: str) -> list[dict[str, object]]:
    first = {"status": "new", "timestamp": f"{DAY}{SAID[name][0][1]}:00Z"}
    return [first, *({"status": to, "timestamp": f"{DAY}{clock}:00Z", "by": "bob"} for _, to, clock in WENT[name])]


def changes(name: str) -> list[dict[str, object]]:
    return [
        {"when": f"{DAY}{clock}:00Z", "who": "bob", "changes": [{"field_name": "status", "removed": old, "added": to}]}
        for old, to, clock in WENT[name]
    ]


def moved(name: str) -> dict[str, object]:
    found = [
        {"createdAt": f"{DAY}{clock}:00Z", "fromState": {"name": old.title()}, "toState": {"name": to.title()}}
        for old, to, clock in WENT[name]
    ]
    return {"nodes": found}


LATER = [("1", "09:20", "open"), ("1", "11:00", "solved"), ("2", "09:40", "open"), ("2", "10:20", "pending")]


@pytest.mark.parametrize(("key", "told"), [("status_history", steps), ("history", changes), ("history", moved)])
def test_changes_of_the_status_are_told(tmp_path: Path, key: str, told: object) -> None:
    data = loaded(tmp_path, {"items": [record(name) | {key: told(name)} for name in SAID]})  # type: ignore[operator]
    assert [one for one in events(data, "status", "value") if one[2] != "new"] == LATER
    assert data.observes[Sight.status] == Extent.EVERY


def test_answers_to_a_query_of_graphs_hold_their_records_further_down(tmp_path: Path) -> None:
    rows = [record(name) for name in SAID]
    for document in (
        {"data": {"issues": {"nodes": rows, "pageInfo": {"hasNextPage": False}}}},
        {"data": {"issues": {"edges": [{"cursor": "x", "node": row} for row in rows]}}},
        {"data": {"repository": {"issues": {"nodes": rows}}}},
    ):
        assert loaded(tmp_path, document).tickets["ticket_id"].cast(pl.String).to_list() == ["1", "2"]


def test_values_with_the_types_of_a_database_stand_for_themselves(tmp_path: Path) -> None:
    rows = [
        {"_id": {"$oid": f"{int(name):024x}"}, "status": "closed", "createdAt": {"$date": f"{DAY}09:00:00Z"}}
        | {"closedAt": {"$date": {"$numberLong": str(1772449200000 + int(name) * 60_000)}}}
        for name in SAID
    ]
    data = loaded(tmp_path, rows)
    assert isinstance(data.history, Stamps)
    closed = log(data).collect().filter(pl.col("kind") == "status").sort("at")["at"].dt.strftime("%H:%M").to_list()
    assert closed == ["11:01", "11:02"]


def test_other_lists_stay_in_their_records(tmp_path: Path) -> None:
    files = [{"id": "f", "name": "a.png", "createdAt": f"{DAY}09:05:00Z", "author": "ann", "text": "x"}] * 2
    worked = [{"user": "bob", "minutes": 5, "comment": "x", "date": f"{DAY}09:05:00Z"}] * 2
    data = loaded(
        tmp_path, [record(name, attachments=files, timeEntries=worked, tags=[{"name": "x"}]) for name in SAID]
    )
    assert len(data.ledger) == 1
    assert Sight.reply not in data.observes


def test_a_plain_table_is_read_where_one_is_asked_for(tmp_path: Path) -> None:
    dump = [record(name, messages=with_roles(name)) for name in SAID]
    assert len(loaded(tmp_path, dump, helpdesk="generic").ledger) == 1


def test_a_history_inside_records_of_a_known_system_is_told(tmp_path: Path) -> None:
    done = {"solved": "Closed", "open": "Working", "new": "New", "pending": "On Hold"}
    cases = [
        {"Id": f"500{name}", "CaseNumber": f"00{name}", "Status": done[WENT[name][-1][1]], "Origin": "Email"}
        | {"CreatedDate": f"{DAY}{SAID[name][0][1]}:00.000+0000", "Priority": "High"}
        | {
            "Histories": {
                "totalSize": 2,
                "done": True,
                "records": [
                    {
                        "Field": "Status",
                        "OldValue": done[old],
                        "NewValue": done[to],
                        "CreatedDate": f"{DAY}{clock}:00.000+0000",
                    }
                    for old, to, clock in WENT[name]
                ],
            }
        }
        for name in SAID
    ]
    data = loaded(tmp_path, {"totalSize": 2, "done": True, "records": cases})
    found = [(name[-1], clock, value) for name, clock, value in events(data, "status", "value") if value != "new"]
    theirs = {"solved": "closed", "pending": "hold"}
    assert found == [(name, clock, theirs.get(value, value)) for name, clock, value in LATER]


def test_words_of_codes_are_read_and_not_the_codes(tmp_path: Path) -> None:
    word = "@OData.Community.Display.V1.FormattedValue"
    rows = [
        {"incidentid": f"g{name}", "ticketnumber": f"CAS-{name}", "createdon": f"{DAY}09:00:00Z", "statecode": code}
        | {f"statecode{word}": text}
        for name, code, text in (("1", 0, "Active"), ("2", 1, "Resolved"))
    ]
    data = loaded(tmp_path, {"value": rows})
    assert data.tickets.sort("ticket_id")["status"].cast(pl.String).to_list() == ["open", "solved"]


def test_a_flag_inside_messages_tells_which_side_wrote(tmp_path: Path) -> None:
    dump = [record(name, messages=messages(name)) for name in SAID]
    for row, said in zip(dump, SAID.values(), strict=True):
        told = row["messages"]
        assert isinstance(told, list)
        row["messages"] = [
            {key: value for key, value in one.items() if key != "sender"} | {"fromCustomer": who != "bob"}
            for one, (who, _) in zip(told, said, strict=True)
        ]
    assert events(loaded(tmp_path, dump), "message", "actor") == SPOKEN

"""Files that belong together: what a reader tells of records with their lists in them it tells of lists beside them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.errors import KpiError, NotRecognised
from supportkpi.loaders import expand, load_tables, read
from supportkpi.loaders.nested import readers
from supportkpi.loaders.nested._history import Beside
from supportkpi.loaders.nested._lists import members, ticket_of, value_at
from supportkpi.loaders.nested._values import at_path, ident
from supportkpi.schema import Dataset, Exclusion, Log, log

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
FILES = GOLDEN / "zendesk_files" / "export"
ELSEWHERE = (
    *("comments", "ticket_metrics"),  # of Zendesk: its golden has none, a test below tells of them
    "messages of conversations",  # of Chatwoot, whose conversations hold the last one: its layouts tell of them
)
SIDES = [
    pytest.param(name, spec.name, id=f"{name}-{spec.name}")
    for name, reader in readers().items()
    for spec in reader.beside
    if spec.ticket and spec.instead is None and spec.name not in ELSEWHERE
]
Doc = dict[str, list[object]]


def held(files: dict[str, object], **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    return pipeline.load_held({name: json.dumps(doc).encode() for name, doc in files.items()}, reading=how)


def told(data: Dataset, *, until: bool = True) -> dict[str, object]:
    """Tickets, events, answers, and what is shown of them; ``until`` when each file saw them."""
    assert isinstance(data.history, Log)
    shown = ("ticket_id", "at", "kind", "actor", "actor_id", "public", "value", "raw")
    events = log(data).collect().sort("ticket_id", "at", "seq").select(shown).rows()
    last = () if until else ("observed_until",)
    tickets = [{key: plain(value) for key, value in row.items() if key not in last} for row in data.tickets.to_dicts()]
    return {
        "tickets": sorted(({key: row[key] for key in row if row[key] is not None} for row in tickets), key=str),
        "events": [" | ".join("-" if value is None else str(plain(value)) for value in row) for row in events],
        "surveys": sorted(" | ".join(str(plain(value)) for value in row) for row in data.surveys.rows()),
        "observes": dict(data.observes),
    }


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def balanced(data: Dataset) -> None:
    for one in data.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values()), one


def documents(*names: str) -> dict[str, object]:
    """Files of the golden, their awkward records left out."""
    found: dict[str, object] = {}
    for name in names:
        (table,) = read(str(FILES / f"{name}.json"), Reading())
        rows = [one for one in table.records if one.get("id") is not None and one.get("ticket_id", 101) is not None]
        found[f"{name}.json"] = {name: list({str(one["id"]): one for one in rows}.values())}
    return found


# --- the same tickets, in one file and in several --------------------------------------------------------------------


def _rows(reader: str, spec: Beside) -> list[dict[str, object]]:
    """The records of a reader's golden that have the list, each ticket once."""
    (table,) = read(str(GOLDEN / reader / "export.json"), Reading())
    rows = [dict(one) for one in copy.deepcopy(table.records) if members(_list(one, spec)) and _name(reader, spec, one)]
    return list({_name(reader, spec, one): one for one in rows}.values())


def _list(row: Mapping[str, object], spec: Beside) -> object:
    return next((found for path in (spec.name, *spec.also) if (found := at_path(row, path)) is not None), None)


def _name(reader: str, spec: Beside, row: Mapping[str, object]) -> str | None:
    return ident(value_at(row, spec.ours or readers()[reader].columns["ticket_id"]))


def _without(row: dict[str, object], spec: Beside) -> dict[str, object]:
    bare = copy.deepcopy(row)
    for path in (spec.name, *spec.also):
        above, _, key = path.rpartition(".")
        holder = at_path(bare, above) if above else bare
        if isinstance(holder, dict):
            holder.pop(key, None)
    return bare


def _elements(reader: str, spec: Beside, row: dict[str, object]) -> list[object]:
    """The elements of a record's list as a file of their own has them: each says which ticket it belongs to."""
    key = spec.ticket[0]
    found = [one for one in members(_list(row, spec)) or () if isinstance(one, dict)]
    return [
        one if ticket_of(one, spec.ticket, spec.wrapped) else {**one, key: _name(reader, spec, row)} for one in found
    ]


@pytest.mark.parametrize(("reader", "name"), SIDES)
def test_lists_beside_tickets_are_told_as_those_in_them(reader: str, name: str) -> None:
    spec = next(one for one in readers()[reader].beside if one.name == name)
    rows = _rows(reader, spec)
    assert rows
    beside = [one for row in rows for one in _elements(reader, spec, row)]
    bare, half = [_without(row, spec) for row in rows], len(beside) // 2
    whole = held({"all.json": rows})
    for files in (
        {"issues.json": bare, "more.json": beside},
        {"a.json": beside[:half], "b.json": beside[half:], "issues.json": bare},
        {"issues.json": bare[:1], "rest.json": bare[1:], "more.json": beside},
    ):
        data = held({name: one for name, one in files.items() if one})
        balanced(data)
        one_file = len([name for name in files if name in ("issues.json", "rest.json")]) == 1
        assert told(data, until=one_file) == told(whole, until=one_file)
        sides = [one for one in data.ledger if one.path in ("more.json", "a.json", "b.json")]
        assert all(one.rows_read == one.used + sum(one.excluded.values()) for one in sides)
        assert {reason for one in sides for reason in one.excluded} <= {reason.value for reason in Exclusion}


def test_zendesk_names_and_audits_in_files_are_those_of_an_envelope() -> None:
    split = documents("tickets", "audits", "users", "groups", "organizations", "ticket_fields")
    envelope = {key: rows for doc in split.values() for key, rows in doc.items()}  # type: ignore[attr-defined]
    nested = copy.deepcopy(envelope)
    for ticket in nested["tickets"]:
        ticket["audits"] = [one for one in nested["audits"] if one["ticket_id"] == ticket["id"]]
    del nested["audits"]
    whole = told(held({"export.json": nested}))
    assert told(held(split)) == whole
    assert told(held(dict(reversed(split.items())))) == whole
    assert (
        told(
            held(
                {"tickets.json": {key: envelope[key] for key in envelope if key != "audits"}}
                | {"a.json": split["audits.json"]}
            )
        )
        == whole
    )
    assert told(held(split, helpdesk="zendesk_json")) == whole
    assert "Agent A" in str(whole["events"])
    assert "First line" in str(whole["tickets"])
    assert "Acme" in str(whole["tickets"])
    assert "'category': 'Billing'" in str(whole["tickets"])


def test_the_files_of_one_zendesk_load_as_they_always_did(golden: Callable[[str, str], None]) -> None:
    data = load_tables([table for file in expand([str(FILES)]) for table in read(file, Reading())], Reading())
    balanced(data)
    text = {
        **told(data),
        "observes": {sight.value: extent.value for sight, extent in data.observes.items()},
        "files": {
            Path(file.path).name: {
                "title": source.title,
                "read": file.rows_read,
                "used": file.used,
                "excluded": dict(file.excluded),
                "rejected": dict(file.rejected),
                "notes": list(source.notes),
            }
            for file, source in zip(data.ledger, data.provenance, strict=True)
        },
        "rejects": [[Path(one.path).name, one.line, one.column, one.slug, one.value] for one in data.rejects],
        "assumptions": list(data.assumptions),
    }
    golden("zendesk_files/dataset.json", json.dumps(text, ensure_ascii=False, indent=1, default=str) + "\n")


SAID = [
    {"id": 1, "type": "Comment", "author_id": 11, "public": True, "body": "…", "created_at": "2026-03-02T09:00:00Z"},
    {"id": 2, "type": "Comment", "author_id": 90, "public": True, "body": "…", "created_at": "2026-03-02T09:20:00Z"},
]
METRICS = [
    {
        "id": 5,
        "ticket_id": 101,
        "created_at": "2026-03-02T09:00:00Z",
        "solved_at": "2026-03-02T10:00:00Z",
        "initially_assigned_at": "2026-03-02T09:30:00Z",
        "reopens": 1,
        "replies": 2,
        "reply_time_in_minutes": {"calendar": 20, "business": 10},
        "full_resolution_time_in_minutes": {"calendar": 60, "business": 30},
    },
    {"id": 6, "ticket_id": 102, "reply_time_in_minutes": {"calendar": 45, "business": 45}, "replies": 1, "reopens": 0},
    {"id": 7, "ticket_id": 103, "reply_time_in_minutes": {"calendar": None, "business": None}, "replies": 0},
]


@pytest.mark.parametrize("with_comments", [False, True])
def test_zendesk_metrics_and_comments_in_files_are_those_of_the_tickets(*, with_comments: bool) -> None:
    files = documents("tickets", "users")
    nested = copy.deepcopy(files)
    said = [{**one, "ticket_id": ticket} for ticket in (101, 102, 103) for one in SAID] if with_comments else []
    for ticket in nested["tickets.json"]["tickets"]:  # type: ignore[index]
        ticket["metric_set"] = next(one for one in METRICS if one["ticket_id"] == ticket["id"])
        if with_comments:
            ticket["comments"] = [one for one in said if one["ticket_id"] == ticket["id"]]
    files["ticket_metrics.json"] = {"ticket_metrics": METRICS}
    if with_comments:
        files["comments.json"] = {"comments": said}
    whole, data = held(nested), held(files)
    kept = [name for name in whole.tickets.columns if not name.startswith("metric_set.")]
    whole = replace(whole, tickets=whole.tickets.select(kept))
    assert told(data) == told(whole)
    assert data.tickets["given_first_response_business_s"].to_list()[:2] == [600.0, 2700.0]
    balanced(data)


def test_a_rating_that_its_own_file_and_the_ticket_both_tell_counts_once() -> None:
    rating: dict[str, object] = {
        "requester_id": 11,
        "assignee_id": 90,
        "group_id": 70,
        "reason_id": None,
        "reason": None,
    }
    rating |= {"created_at": "2026-03-02T11:00:00Z", "updated_at": "2026-03-02T11:05:00Z"}
    scores = [
        {"id": 1, "ticket_id": 101, "score": "good", **rating},
        {"id": 2, "ticket_id": 999, "score": "bad", **rating},
    ]
    data = held({**documents("tickets", "users"), "satisfaction_ratings.json": {"satisfaction_ratings": scores}})
    found = data.surveys.sort("ticket_id")
    assert found.select("ticket_id", "score", "agent_id").rows() == [("101", 1.0, "Agent A"), ("999", 0.0, "Agent A")]
    assert found["at"].null_count() == 0
    balanced(data)


# --- comments that do not say whose they are -------------------------------------------------------------------------


def messages(data: Dataset) -> dict[str, int]:
    return {
        str(row[0]): row[1] for row in log(data).collect().filter(kind="message").group_by("ticket_id").len().rows()
    }


@pytest.mark.parametrize("name", ["comments-101.json", "101/comments.json", "ticket_101_comments_page_1.json"])
def test_comments_are_of_the_ticket_that_the_name_of_their_file_names(name: str) -> None:
    data = held({**documents("tickets", "users"), name: {"comments": SAID, "count": 2, "next_page": None}})
    assert messages(data) == {"101": 2}
    assert any("ticket 101" in note for source in data.provenance for note in source.notes)
    balanced(data)


def test_comments_of_the_only_ticket_are_its_own() -> None:
    files = documents("tickets")
    files["tickets.json"]["tickets"] = files["tickets.json"]["tickets"][:1]  # type: ignore[index]
    assert messages(held({**files, "comments.json": {"comments": SAID}})) == {"101": 2}


@pytest.mark.parametrize("name", ["comments.json", "comments-101-102.json", "comments-77.json"])
def test_comments_that_may_be_of_any_ticket_are_refused(name: str) -> None:
    with pytest.raises(NotRecognised, match="do not say to which ticket they belong") as error:
        held({**documents("tickets"), name: {"comments": SAID}})
    assert "comments-123.json" in str(error.value.hint)


def test_comments_with_their_users_beside_them() -> None:
    said = [{**one, "ticket_id": 101} for one in SAID]
    users = documents("users")["users.json"]
    data = held({**documents("tickets"), "comments.json": {"comments": said, "count": 2, **users}})  # type: ignore[dict-item]
    assert messages(data) == {"101": 2}


# --- audits alone ----------------------------------------------------------------------------------------------------


def test_audits_alone_tell_their_tickets() -> None:
    with_tickets = held(documents("tickets", "audits", "users", "groups"))
    for files in (documents("audits", "users", "groups"), documents("users", "audits", "groups")):
        alone = held(files)
        balanced(alone)
        assert told(alone)["events"] == told(with_tickets)["events"]
        assert {row["ticket_id"]: row["status"] for row in alone.tickets.to_dicts()} == {
            "101": "closed",
            "102": "pending",
            "103": "closed",
        }
        assert [one.excluded for one in alone.ledger if one.path == "audits.json"] == [{"ticket_not_in_files": 1}]


def test_audits_of_two_pages_tell_a_ticket_of_both() -> None:
    (every,) = documents("audits").values()
    rows = every["audits"]  # type: ignore[index]
    whole, parts = held({"audits.json": rows}), held({"b.json": rows[1::2], "a.json": rows[::2]})
    assert told(parts) == told(whole)
    balanced(parts)


def test_audits_without_the_creation_of_their_tickets_ask_for_the_tickets() -> None:
    (every,) = documents("audits").values()
    later = [one for one in every["audits"] if one["id"] not in (1, 6, 9)]  # type: ignore[index]
    with pytest.raises(KpiError) as error:
        held({"audits.json": {"audits": later}})
    assert "tickets.json" in str(error.value.hint)


def test_an_audit_whose_ticket_has_no_readable_creation_is_rejected_with_its_others() -> None:
    (every,) = documents("audits").values()
    rows = copy.deepcopy(every["audits"])  # type: ignore[index]
    rows[0]["created_at"] = "soon"
    data = held({"audits.json": {"audits": rows}})
    balanced(data)
    assert data.ledger[0].rejected == {"bad-date": 5}
    assert set(data.tickets["ticket_id"]) == {"102", "103"}

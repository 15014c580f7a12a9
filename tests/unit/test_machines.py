"""Agents with the names of machines: noticed in tables and records, taken for bots where nobody says what they are."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.schema import Dataset, Log, log

TABLE = """Ticket ID,Created at,Solved at,Status,Assignee
1,2026-03-02 10:00,2026-03-02 12:00,solved,AnswerBot
2,2026-03-04 10:00,2026-03-04 12:00,solved,Ann Talbot
3,2026-03-06 10:00,,open,Робот Виктор
"""
ISSUE = {
    "id": 9001,
    "iid": 1,
    "project_id": 7,
    "state": "opened",
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-02T09:00:00Z",
    "author": {"username": "ann"},
    "labels": [],
    "web_url": "x",
    "resource_state_events": [],
}


def note(at: str, by: str) -> dict[str, object]:
    return {"id": at, "created_at": at, "system": False, "author": {"username": by}, "noteable_id": 9001}


def load(name: str, text: str, **reading: object) -> Dataset:
    return pipeline.load_held({name: text.encode()}, reading=Reading(**reading))  # type: ignore[arg-type]


def said(data: Dataset) -> list[str]:
    return [one for one in (*data.provenance[0].notes, *data.assumptions) if "machine" in one or "for bots" in one]


def test_a_table_says_who_in_charge_seems_to_be_a_bot() -> None:
    (found,) = said(load("tickets.csv", TABLE))
    assert found.startswith("AnswerBot, Робот Виктор bear the names of machines and count as agents")
    assert 'responders: {bot: ["AnswerBot"]}' in found


@pytest.mark.parametrize("actor", ["bot", "agent"])
def test_whom_the_user_has_named_nobody_suspects(actor: str) -> None:
    (found,) = said(load("tickets.csv", TABLE, responders={actor: ("answer*",)}))
    assert found.startswith("Робот Виктор bears the name")
    assert said(load("tickets.csv", TABLE, responders={actor: ("answer*", "робот*")})) == []


def test_an_author_of_no_known_role_with_such_a_name_is_a_bot() -> None:
    notes = [note("2026-03-02T09:01:00Z", "support-bot"), note("2026-03-02T10:00:00Z", "kim")]
    data = load("issues.json", json.dumps([{**ISSUE, "notes": notes}]))
    assert isinstance(data.history, Log)
    events = log(data).collect().sort("at")
    wrote = events.filter(events["kind"] == "message").select("actor", "actor_id").rows()
    assert wrote == [("customer", "ann"), ("bot", "support-bot"), ("agent", "kim")]
    assert said(data) == [
        "by their names, support-bot are taken for bots: say otherwise under responders: in the config"
    ]
    people = load("issues.json", json.dumps([{**ISSUE, "notes": notes}]), responders={"agent": ("support-bot",)})
    assert said(people) == []

"""Messages in a file beside tickets: which tickets had none, and which are only not in the file."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.schema import Dataset, Extent, Sight

DAYS = range(1, 21)


def ticket(day: int, *, replied: bool = True) -> dict[str, object]:
    at = f"2026-03-{day:02}T"
    return {
        "id": day,
        "status": 4 if replied else 2,
        "priority": 2,
        "responder_id": 31,
        "requester_id": 901,
        "fr_escalated": False,
        "due_by": f"{at}18:00:00Z",
        "created_at": f"{at}09:00:00Z",
        "updated_at": f"{at}11:00:00Z",
        "stats": {
            "first_responded_at": f"{at}10:00:00Z" if replied else None,
            "resolved_at": f"{at}11:00:00Z" if replied else None,
        },
    }


def said(day: int) -> dict[str, object]:
    at = f"2026-03-{day:02}T10:00:00Z"
    return {"id": day, "ticket_id": day, "user_id": 31, "incoming": False, "private": False, "created_at": at}


def held(tickets: list[dict[str, object]], messages: list[dict[str, object]]) -> Dataset:
    files = {"tickets.json": tickets, "conversations.json": messages}
    return pipeline.load_held({name: json.dumps(one).encode() for name, one in files.items()})


def test_a_ticket_without_a_message_between_others_had_none() -> None:
    data = held([ticket(day, replied=day != 7) for day in DAYS], [said(day) for day in DAYS if day != 7])
    assert data.observes[Sight.reply] == Extent.EVERY
    assert "1 of 20 tickets has no row in conversations.json: taken as tickets without any" in data.assumptions


def test_a_ticket_that_came_after_the_last_message_had_none_where_nobody_has_replied() -> None:
    data = held([ticket(day, replied=day != 20) for day in DAYS], [said(day) for day in DAYS if day != 20])
    assert data.observes[Sight.reply] == Extent.EVERY


@pytest.mark.parametrize("missing", [{20}, {1}, set(range(5, 9))], ids=["the end", "the beginning", "many"])
def test_a_file_of_messages_that_ends_too_early_or_lacks_many_does_not_tell_of_every_ticket(missing: set[int]) -> None:
    data = held([ticket(day) for day in DAYS], [said(day) for day in DAYS if day not in missing])
    assert data.observes[Sight.reply] == Extent.FIRST

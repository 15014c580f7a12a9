"""Headers of what was before, of the first of several solutions, and those that an envelope or a database decorates."""

from __future__ import annotations

import pytest

from supportkpi.loaders.generic._headers import synonyms


def best(header: str) -> str | None:
    found = synonyms().matches(header)
    return max(found, key=found.__getitem__, default=None)


@pytest.mark.parametrize(
    "header",
    [
        "from_status",
        "payload.fromStatus",
        "Old status",
        "previous_status",
        "Предыдущий статус",
        "Status before",
        "Prior priority",
    ],
)
def test_what_was_before_is_no_state_of_today(header: str) -> None:
    assert not {"status", "priority", "group", "assignee_id"} & set(synonyms().matches(header))


@pytest.mark.parametrize("header", ["to_status", "New status", "Статус", "payload.toStatus", "current_state"])
def test_what_is_now_is_the_state(header: str) -> None:
    assert best(header) == "status"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("FirstSolved", "first_solved_at"),
        ("First Closed Date", "first_solved_at"),
        ("LastSolved", "solved_at"),
        ("Resolved", "solved_at"),
        ("Дата первого решения", "first_solved_at"),
    ],
)
def test_the_first_of_several_solutions_is_not_the_last(header: str, field: str) -> None:
    assert best(header) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("data.ticket_id", "ticket_id"),
        ("createdAt.$date", "created_at"),
        ("closedAt.$date.$numberLong", "closed_at"),
        ("_id.$oid", "ticket_id"),
        ("statuscode@OData.Community.Display.V1.FormattedValue", "status"),
        ("data criação", "created_at"),
    ],
)
def test_what_decorates_a_name_is_no_part_of_it(header: str, field: str) -> None:
    assert best(header) == field

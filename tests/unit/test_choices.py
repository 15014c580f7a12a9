"""Which calendar a ticket runs on: by its own words, the vendor's, and what nobody has."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.facts import claimed
from supportkpi.report import Report

TICKETS = {
    "ticket_id": ["1", "2", "3"],
    "priority": ["urgent", "low", None],
    "priority_raw": ["P1", "P4", None],
    "Team": ["Night desk", "Day desk", "Day desk"],
    "organization_id": ["Acme", None, None],
    "status": ["open", "open", "open"],
}
SATURDAY = datetime(2026, 3, 14, 12, tzinfo=UTC)


def report(when: dict[str, object]) -> Report:
    """Three tickets, each answered after two hours of a Saturday: office hours are closed, the duty's are not."""
    events = pl.DataFrame(
        {
            "ticket_id": ["1", "2", "3"] * 2,
            "at": [SATURDAY] * 3 + [SATURDAY.replace(hour=14)] * 3,
            "kind": ["created"] * 3 + ["message"] * 3,
            "actor": ["customer"] * 3 + ["agent"] * 3,
            "public": [None] * 3 + [True] * 3,
        }
    )
    settings = sk.settings(
        {
            "calendar": "office",
            "calendars": {
                "office": {"hours": {"mon-fri": ["09:00-18:00"]}},
                "duty": {"hours": {"daily": ["00:00-24:00"]}, "when": when},
            },
        }
    )
    data = sk.dataset(events=events, tickets=pl.DataFrame(TICKETS))
    return sk.measure(data, settings=settings, kpis=["first_response_time"])


@pytest.mark.parametrize(
    "when",
    [
        {"priority": "urgent"},
        {"Priority": "Urgent"},
        {"priority": "p1"},
        {"team": "night desk"},
        {"organization": ["acme", "Globex"]},
        {"priority": ["urgent", "high"], "Team": "Night desk"},
    ],
)
def test_a_ticket_runs_on_the_calendar_that_names_its_words(when: dict[str, object]) -> None:
    found = report(when).get("first_response_time", "mean", clock="business")
    assert (found.n, found.value) == (3, 2 * 3600 / 3)


def test_what_no_ticket_has_is_said_and_claims_nothing() -> None:
    found = report({"priority": ["urgnt", "low"], "regoin": "EU"})
    assert found.get("first_response_time", "mean", clock="business").value == 0
    assert found.method.assumptions[-2:] == (
        'calendar duty is for priority "urgnt", which no ticket has: did you mean urgent?',
        "calendar duty is for tickets by regoin, which no ticket has",
    )


def test_our_column_goes_before_a_header_that_differs_by_its_capitals(tmp_path: Path) -> None:
    """The export calls "Very high" what is urgent here; asked for by name, its header stands beside our column."""
    (tmp_path / "a.csv").write_text(
        "Ticket ID,Created at,First reply at,Priority\n1,2026-03-14 12:00,2026-03-14 14:00,Very high\n"
    )
    data = sk.load(str(tmp_path / "a.csv"), columns=["priority"])
    assert {"priority", "Priority"} <= set(data.tickets.columns)
    found = data.tickets.select(
        ours=claimed(data.tickets, {"priority": ["urgent"]}), theirs=claimed(data.tickets, {"Priority": ["very high"]})
    )
    assert found.row(0) == (True, True)

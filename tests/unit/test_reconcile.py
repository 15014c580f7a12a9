"""Reconcile: theirs beside ours, each difference with the rule that a person would find for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.dialects import DIALECTS, dialect_of
from supportkpi.errors import OptionWrong
from supportkpi.pipeline import dataset, reconcile
from supportkpi.reconciliations import Compared, Reconciliation
from supportkpi.schema import Dataset

MON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
OFFICE = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}))
LATE = CalendarChoice(
    name="late", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["12:00-20:00"]}), when={"tier": ("vip",)}
)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
Told = list[tuple[float, str, str | None, str | None]]  # seconds after creation, kind, actor, value


def desk(stories: dict[str, Told], **given: dict[str, object]) -> Dataset:
    """Tickets by their stories, each created by its first event; ``given`` holds columns of figures by ticket."""
    events = [
        (ticket, MON + timedelta(seconds=after), kind, actor, kind == "message" or None, value)
        for ticket, story in stories.items()
        for after, kind, actor, value in story
    ]
    columns = ["ticket_id", "at", "kind", "actor", "public", "value"]
    frame = pl.DataFrame(events, schema=columns, orient="row", infer_schema_length=None)
    tickets = pl.DataFrame(
        {"ticket_id": list(stories), **{name: [by.get(one) for one in stories] for name, by in given.items()}}
    )
    return dataset(events=frame, tickets=tickets)


def told(found: Reconciliation, figure: str) -> Compared:
    return next(one for one in found.figures if one.figure == figure)


def rules(found: Reconciliation, figure: str) -> dict[str, str]:
    rows = found.rows.filter(figure=figure)
    return dict(zip(rows["ticket_id"], rows["rule"], strict=True))


def opened(by: str = "customer", first: bool = True) -> Told:
    begun: Told = [(0, "created", by, None)]
    return [*begun, (0, "message", by, None)] if first else begun


RESPONSES: dict[str, tuple[Told, float | None, str]] = {
    "same": ([*opened(), (600, "message", "agent", None)], 600, "same"),
    "rounded": ([*opened(), (629, "message", "agent", None)], 600, "rounded"),
    "agent opened": (
        [*opened("agent"), (3600, "message", "customer", None), (4800, "message", "agent", None)],
        4800,
        "agent_opened",
    ),
    "agent opened, from the answer": (
        [*opened("agent"), (3600, "message", "customer", None), (4800, "message", "agent", None)],
        1200,
        "first_customer_message",
    ),
    "its own message": (
        [*opened("agent"), (3600, "message", "customer", None), (4800, "message", "agent", None)],
        0,
        "opened_by_agent_counts",
    ),
    "bot": ([*opened(), (60, "message", "bot", None), (900, "message", "agent", None)], 60, "bot_reply"),
    "handoff": ([*opened(), (7200, "handoff", "bot", None), (7500, "message", "agent", None)], 300, "handoff"),
    "assigned": ([*opened(), (1200, "assignee", "agent", "Ann"), (1800, "message", "agent", None)], 600, "assigned"),
    "click": (
        [*opened(), (1200, "status", "agent", "pending"), (1800, "message", "agent", None)],
        1200,
        "status_change",
    ),
    "first writes later": (
        [*opened(first=False), (600, "message", "customer", None), (960, "message", "agent", None)],
        360,
        "first_customer_message",
    ),
    "nobody knows": ([*opened(), (600, "message", "agent", None)], 123 * 60, "unexplained"),
    "theirs is empty": ([*opened(), (600, "message", "agent", None)], None, "only_ours"),
    "not answered": (opened(), 600, "not_shown"),
    "left out": ([*opened("agent"), (600, "message", "agent", None)], 3600 * 5, "agent_opened_left_out"),
}


def test_first_responses_differ_for_the_reason_that_a_person_would_find() -> None:
    stories = {name: story for name, (story, _, _) in RESPONSES.items()}
    data = desk(stories, given_first_response_s={name: theirs for name, (_, theirs, _) in RESPONSES.items()})
    found = reconcile(data)
    assert rules(found, "first_response") == {name: rule for name, (_, _, rule) in RESPONSES.items()}
    one = told(found, "first_response")
    assert (one.n_same, one.n_rounded, one.n_only_ours, one.grain) == (1, 1, 1, 60.0)
    assert one.n_both + one.n_only_theirs + one.n_only_ours == len(RESPONSES)
    assert sum(reason.n for reason in one.reasons) == len(RESPONSES) - 2


SOLVED, AGAIN, LAST = 3600.0, 2 * DAY, 2 * DAY + 7200
REOPENED: Told = [
    *opened(),
    (SOLVED, "status", "agent", "solved"),
    (AGAIN, "status", "customer", "open"),
    (AGAIN + 1800, "status", "agent", "pending"),
    (AGAIN + 5400, "status", "customer", "open"),
    (LAST, "status", "agent", "solved"),
    (3 * DAY, "status", "system", "closed"),
]


@pytest.mark.parametrize(
    ("theirs", "rule"),
    [
        (LAST, "same"),
        (SOLVED, "first_solution"),
        (LAST - (AGAIN - SOLVED), "without_gap"),
        (LAST - (AGAIN - SOLVED) - 3600, "without_waiting"),
        (3 * DAY, "closing"),
        (3 * HOUR + 2 * 8 * HOUR - HOUR, "business_hours"),
    ],
)
def test_resolutions_differ_for_the_reason_that_a_person_would_find(theirs: float, rule: str) -> None:
    data = desk({"1": REOPENED}, given_resolution_s={"1": theirs})
    assert rules(reconcile(data, settings=Settings(calendars=(OFFICE,), calendar="office")), "resolution") == {
        "1": rule
    }


def test_whose_hours_theirs_counts() -> None:
    story: Told = [*opened(), (5 * HOUR, "status", "agent", "solved")]  # 09:00 to 14:00
    data = desk(
        {"1": story, "2": story, "3": story}, given_resolution_business_s={"1": 5 * HOUR, "2": 2 * HOUR, "3": HOUR}
    )
    found = reconcile(data, settings=Settings(calendars=(LATE, OFFICE), calendar="office"))
    assert rules(found, "resolution_business") == {"1": "same", "2": "other_hours", "3": "unexplained"}
    none = told(reconcile(data), "resolution_business")
    assert none.ours is not None
    assert "--hours" in none.ours
    assert {reason.rule for reason in none.reasons} == {"calendar_time"}


def test_dates_of_another_zone_show_in_many_tickets() -> None:
    story: Told = [*opened(), (600, "message", "agent", None)]
    stories = {str(number): story for number in range(4)}
    off = {"0": 600 + 3 * HOUR, "1": 600 + 3 * HOUR, "2": 600 + 3 * HOUR, "3": 600 + 77 * MINUTE}
    found = reconcile(desk(stories, given_first_response_s=off))
    assert rules(found, "first_response") == {"0": "zone", "1": "zone", "2": "zone", "3": "unexplained"}
    assert "+3 h" in told(found, "first_response").reasons[0].text
    alone = reconcile(desk({"1": story}, given_first_response_s={"1": 600 + 3 * HOUR}))
    assert rules(alone, "first_response") == {"1": "unexplained"}


def test_counts_and_verdicts() -> None:
    data = desk(
        {"1": REOPENED, "2": [*opened(), (600, "message", "agent", None)]},
        given_reopens={"1": 1, "2": 2},
        given_replies={"1": 0, "2": 1},
        given_sla_first_response_met={"2": False},
        first_response_due_at={"2": MON + timedelta(hours=1)},
    )
    found = reconcile(data)
    assert rules(found, "reopens") == {"1": "same", "2": "another_count"}
    assert rules(found, "replies") == {"1": "same", "2": "same"}
    assert rules(found, "sla_first_response") == {"2": "judged_otherwise"}


def test_an_export_without_figures_has_nothing_to_compare() -> None:
    found = reconcile(desk({"1": REOPENED}))
    assert found.figures == ()
    assert found.rows.height == 0


def test_the_dialect_is_that_of_the_export_or_the_one_asked_for() -> None:
    assert dialect_of(("zendesk_json", "zendesk_csv")) is DIALECTS["zendesk"]
    assert dialect_of(("zendesk_json", "freshdesk")) is None
    assert dialect_of(("generic",)) is None
    assert dialect_of(()) is None
    data = desk({"1": REOPENED}, given_resolution_s={"1": SOLVED})
    assert told(reconcile(data, dialect="zammad"), "resolution").says is not None
    with pytest.raises(OptionWrong, match="zendsk"):
        reconcile(data, dialect="zendsk")


def test_every_dialect_speaks_of_figures_and_rules_that_there_are() -> None:
    from supportkpi.engine.reconcile.rules import TEXTS
    from supportkpi.schema import GIVEN_SPANS

    for dialect in DIALECTS.values():
        assert set(dialect.says) <= set(GIVEN_SPANS)
        assert {rule for first in dialect.first.values() for rule in first} <= set(TEXTS)


def test_the_command_tells_it_in_every_form(cli: Callable[..., Any], tmp_path: Path) -> None:
    export = Path(__file__).resolve().parents[2] / "examples" / "zendesk.csv"
    for form in ("table", "markdown", "csv", "json"):
        run = cli("reconcile", export, "--hours", "mon-fri 09:00-18:00", "-f", form)
        assert run.code == 0
        assert run.out
    figures = {one["figure"]: one for one in json.loads(run.out)["figures"]}
    assert figures["resolution"]["n_same"] == figures["resolution"]["n_both"] > 200
    assert cli("reconcile", export, "--hours", "mon-fri 09:00-18:00", "-o", tmp_path / "r.csv").out == ""
    assert (tmp_path / "r.csv").read_text("utf-8").startswith("figure,ticket_id,theirs,ours,difference,rule\n")

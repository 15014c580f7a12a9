"""What rows say of what they cannot know, and whose hours they are of: by hand."""

from __future__ import annotations

import pytest
from desks import ASK, EVERYTHING, REPLY, dataset, status

from supportkpi.decisions import Settings, Window
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.report import Report
from supportkpi.schema import Extent, Sight

FLAT = {Sight.created: Extent.EVERY, Sight.solve: Extent.LAST, Sight.status: Extent.LAST}
NO_SOLVES = {Sight.created: Extent.EVERY, Sight.status: Extent.LAST}
SOLVED = {
    "id": "solved",
    "at": "2026-03-02 09:00",
    "events": [("2026-03-02 12:00", status("solved"))],
    "status": "solved",
}
OPEN = {"id": "open", "at": "2026-03-03 09:00", "status": "open"}


def report(*tickets: dict, observes: dict = EVERYTHING, window: Window | None = None, **asked: object) -> Report:
    facts = fold(dataset(tickets, "2026-04-10 12:00", observes), Settings())
    return measure(facts, settings=Settings(), window=window, **asked)


# --- solutions of which only the last is known -----------------------------------------------------------------------


def test_flows_say_that_only_last_solutions_count_where_reopenings_are_not_shown():
    why = ("reopenings are not shown: only the last solution of each ticket counts",)
    assert report(SOLVED, observes=FLAT).get("closure_ratio").reason == why
    assert report(SOLVED).get("closure_ratio").reason is None


def test_a_stock_of_the_past_is_an_upper_bound_where_reopenings_are_not_shown():
    asked = {"by": ["month"], "kpis": ["backlog"]}
    found = report(SOLVED, OPEN, observes=FLAT, **asked)
    assert found.get("backlog", month="2026-03").reason == ("at most: reopenings are not shown",)
    assert found.get("backlog").reason is None  # what is open today is known
    assert report(SOLVED, OPEN, **asked).get("backlog", month="2026-03").reason is None


# --- hours of waits --------------------------------------------------------------------------------------------------


ASKED_AGAIN = {
    "id": "again",
    "at": "2026-03-02 09:30",
    "events": [
        ("2026-03-02 10:00", REPLY),
        ("2026-03-03 14:10", ASK),
        ("2026-03-03 14:40", REPLY),
        ("2026-03-04 23:50", ASK),
    ],
}


def test_a_wait_belongs_to_the_hour_and_the_weekday_in_which_it_began():
    """Created on Monday at nine: the next waits began on Tuesday at two and on Wednesday before midnight."""
    found = report(ASKED_AGAIN, by=["hour", "weekday,hour"], kpis=["next_response_time"])
    rows = [row for row in found.cells if row.stat == "median" and row.group]
    assert [(dict(row.group), row.n, row.n_open, row.value) for row in rows] == [
        ({"hour": "14"}, 1, 0, 1800.0),
        ({"hour": "23"}, 0, 1, None),
        ({"weekday": "tue", "hour": "14"}, 1, 0, 1800.0),
        ({"weekday": "wed", "hour": "23"}, 0, 1, None),
    ]


def test_a_wait_belongs_to_the_month_of_its_ticket():
    late = {**ASKED_AGAIN, "at": "2026-02-27 09:30"}
    found = report(late, by=["month"], kpis=["next_response_time"])
    assert [dict(row.group) for row in found.cells if row.stat == "median"] == [{}, {"month": "2026-02"}]


# --- the export's own figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kpi", ["requester_wait_time", "agent_wait_time", "resolution_time"])
def test_a_figure_so_far_of_an_open_ticket_is_left_out_and_counted(kpi):
    """Zendesk counts the minutes of a wait as they pass: those of a ticket that is still open are not its wait yet."""
    column = f"given_{kpi.removesuffix('_time').removesuffix('_wait')}"
    column = {"given_resolution": "given_resolution_s"}.get(column, f"{column}_wait_s")
    tickets = [{**SOLVED, column: 3600.0}, {**OPEN, column: 60.0}]
    found = report(*tickets, observes=NO_SOLVES, kpis=[kpi])
    row = found.get(kpi, "mean")
    assert (row.basis, row.n, row.value, row.counts["still_open"]) == ("given", 1, 3600.0, 1)

"""The same tickets in the layouts of other systems: equal KPIs wherever a layout shows them, not observed elsewhere.

Each is compared with the canonical frames, which show everything, so that any two of them agree as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import layouts
import pytest
from made_up import canonical
from test_same_tickets import HOW_MUCH, NOBODY, rows, unseen
from test_same_tickets import _pair as differences
from thorough import LONG

from supportkpi import pipeline
from supportkpi.config import parse_config
from supportkpi.decisions import Reading
from supportkpi.demo import made, settings
from supportkpi.demo.model import Desk, Ticket
from supportkpi.metrics import catalogue
from supportkpi.report import Report
from supportkpi.schema import Dataset

DESKS = [(1, 90, "en"), *([(4, 120, "ru"), (1, 400, "en")] if LONG else [])]
NO_RATINGS = {"csat", "csat_response_rate", "solved_with_high_csat"}
NO_LINES = {"escalation_rate", "escalation_time"}
NO_TAGS = {"tag_share"}
LAST_ONLY = {
    *("closure_ratio", "backlog"),  # they rest on every solution: one row a ticket knows the last
}
BY_MESSAGES = {
    *("next_response_time", "bot_resolution_rate", "requester_wait_time", "first_contact_resolution"),
}
BY_HISTORY = {
    *("net_resolution_time", "agent_work_time", "agent_wait_time", "hold_time", "case_duration", "transfer_rate"),
    *("reaction_time", "first_resolution_time"),
}
FLAT = NO_RATINGS | NO_LINES | NO_TAGS | BY_MESSAGES | BY_HISTORY | {"reopen_rate"}
"""What one row a ticket with its first reply and last solution cannot show."""
SILENT: Mapping[str, set[str]] = {
    "zendesk_tables": set(),
    "jira_tables": NO_RATINGS | NO_LINES | NO_TAGS,
    "intercom_tables": NO_RATINGS | NO_TAGS,
    "salesforce_tables": NO_RATINGS | NO_LINES | NO_TAGS | {"bot_resolution_rate", "reaction_time", "transfer_rate"},
    "freshdesk_csv": FLAT - NO_TAGS,
    "servicenow_names": FLAT - {"reopen_rate"} | {"first_response_time", "one_touch", "replies_per_ticket"},
    "servicenow_labels": FLAT - {"reopen_rate"} | {"first_response_time", "one_touch", "replies_per_ticket"},
    "glpi_csv": FLAT | {"first_response_time", "one_touch", "replies_per_ticket"},
    "jira_csv": FLAT - {"next_response_time", "case_duration"},
    "jira_json": NO_RATINGS | NO_LINES | NO_TAGS,
}
"""What each layout cannot show."""
NO_CHANNEL = {"first_contact_resolution"}
"""Of a chat without a channel nobody knows that it is one: each reply is a contact."""
OTHERWISE: Mapping[str, set[str]] = {
    "zendesk_tables": {
        "bot_resolution_rate",
        *NO_RATINGS,
    },  # nobody is named for what the system did; ratings have dates
    "jira_tables": NO_CHANNEL
    | {"bot_resolution_rate", "transfer_rate"},  # who solved a ticket has no part; there are no groups
    "intercom_tables": {
        *("hold_time", "agent_wait_time", "requester_wait_time"),  # snoozed is all that a wait is called
        *("repeat_contact_rate", "first_contact_resolution"),  # there is no category
        *("transfer_rate", "bot_resolution_rate", "case_duration", "net_resolution_time", "agent_work_time"),
        *NO_LINES,
    },
    "salesforce_tables": NO_CHANNEL | {"case_duration"},  # closed is closed: there is no second closing days later
    "jira_csv": {"case_duration"},
    "jira_json": NO_CHANNEL | {"transfer_rate"},
}
"""What a layout shows, and shows otherwise than the frames, for a reason."""
NO_PRIORITY = {"intercom_tables"}


def _is_plain(ticket: Ticket) -> bool:
    """Whether a flat export says all of a ticket that counts: who opened it, and whether it left, it does not."""
    left = ticket.exclusion or ticket.merged_into or any(event.value == "deleted" for event in ticket.events)
    return ticket.opener == "customer" and not left


@cache
def desk_of(seed: int, tickets: int, lang: str) -> Desk:
    """The desk of a seed, of plain tickets."""
    desk = made(seed=seed, tickets=tickets, lang=lang)
    return replace(desk, tickets=tuple(ticket for ticket in desk.tickets if _is_plain(ticket)), scores=())


@cache
def report(layout: str, desk: tuple[int, int, str]) -> Report:
    """The report of a layout under the settings of the demo."""
    made_desk = desk_of(*desk)
    data = canonical(made_desk) if layout == "frames" else read(layout, desk)
    decided = pipeline.settings_for(parse_config(settings(made_desk)), data)
    return pipeline.measure(data, settings=replace(decided, targets=()), by=["month", "priority"])


@cache
def read(layout: str, desk: tuple[int, int, str]) -> Dataset:
    """The desk as a layout gives it."""
    machines = {"bot": ("bot-*",), "system": ("system-*",)}
    return pipeline.load_held(getattr(layouts, layout)(desk_of(*desk)), reading=Reading(responders=machines))


@pytest.mark.parametrize("desk", DESKS, ids=str)
@pytest.mark.parametrize("layout", SILENT)
def test_what_a_layout_shows_it_shows_as_the_tickets_are(layout: str, desk: tuple[int, int, str]) -> None:
    one, other = rows(report("frames", desk)), rows(report(layout, desk))
    otherwise = OTHERWISE.get(layout, set()) | (LAST_ONLY if "net_resolution_time" in SILENT[layout] else set())
    shared = [
        key
        for key in one.keys() & other.keys()
        if key[0] not in otherwise
        and "not_observed" not in (one[key].state, other[key].state)
        and not (layout in NO_PRIORITY and "priority" in dict(key[3]))
    ]
    assert {key[0] for key in shared} >= {"resolution_time", "tickets_created", "tickets_solved", "backlog_age"}
    assert {key: pair for key in shared if (pair := differences(one[key], other[key]))} == {}


@pytest.mark.parametrize("desk", DESKS, ids=str)
@pytest.mark.parametrize("layout", SILENT)
def test_what_a_layout_cannot_show_is_not_observed_in_it(layout: str, desk: tuple[int, int, str]) -> None:
    kpis = {name for name in catalogue() if not name.startswith("sla_")}
    lacking = {"nps"} | NOBODY
    assert unseen(report(layout, desk)) & kpis == lacking | SILENT[layout]


@pytest.mark.parametrize("layout", SILENT)
def test_no_row_of_a_layout_is_lost(layout: str) -> None:
    for file in read(layout, DESKS[0]).ledger:
        assert file.rows_read == file.used + sum(file.excluded.values()) + sum(file.rejected.values())
        assert not file.rejected


def test_the_comparison_sees_a_difference() -> None:
    one = next(row for row in report("frames", DESKS[0]).cells if row.kpi == "tickets_created")
    assert differences(one, replace(one, value=one.n + 1.0)).keys() <= set(HOW_MUCH)
    assert differences(one, replace(one, value=one.n + 1.0))

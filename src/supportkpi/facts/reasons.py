"""Why an export cannot fill a column that is made of several facts, in the user's words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi.facts.declared import FACTS, GIVEN_ONLY, PARTS, SPANS, shows
from supportkpi.facts.keyed import Keyed
from supportkpi.facts.levels import NO_LEVEL
from supportkpi.facts.statuses import Statuses
from supportkpi.schema import Extent, Sight

NO_WORDS = "no status word is understood: name them under statuses in the config"
NO_PAST = "needs the date of the solution: the status of today does not say what was solved then"
NO_STATUSES = "needs the history of the status"
NO_REOPENS = "needs reopenings: export the history of the status"
NO_MESSAGES = "needs every message with its author: export the messages too"
NO_CUSTOMERS = "needs the requester: tickets of one customer cannot be told from another's"
ONLY_ANSWERS = "no tickets: these files hold answers of surveys only"
ONLY_FIGURES = "no tickets: these files hold figures of your own only"
_WAIT_PARTS = ("_s", "_age_s", "_business_s", "_business_age_s")
_SOLVES = {
    "first_solved_at": ("first_solve_at", "first_close_at"),
    "last_solved_at": ("last_solve_at", "last_close_at"),
}


def derived_reasons(
    reasons: Mapping[str, str], events: Keyed, statuses: Statuses, tickets: pl.DataFrame
) -> dict[str, str]:
    """Reasons for the columns that are made from facts: a column is unobserved when what it rests on is."""
    known = {**reasons, **_of_solutions(reasons, events, statuses, tickets)}
    if "first_level" in reasons and tickets["is_escalated"].null_count() == tickets.height:
        known["is_escalated"] = NO_LEVEL
    if not statuses.are_known:
        known["reopens"] = NO_WORDS if statuses.are_shown else NO_REOPENS
        known["intervals"] = NO_WORDS if statuses.are_shown else NO_STATUSES
        known |= dict.fromkeys(("is_reopened", "is_reopened_by_agent", "is_reopen_mature"), known["reopens"])
    if tickets["requester_id"].null_count() == tickets.height:
        known["requester_id"] = NO_CUSTOMERS
    if "taken_at" not in known and not shows(events.dataset, Sight.assignee, Extent.FIRST) and _is_empty(tickets):
        known["taken_at"] = next(fact.missing for fact in FACTS if fact.name == "taken_at")
    if not all(shows(events.dataset, sight, Extent.EVERY) for sight in (Sight.request, Sight.reply)):
        known |= {f"wait{part}": NO_MESSAGES for part in _WAIT_PARTS}
    for name, fact in (("anchor_at", "created_at"), ("first_reply_at", "first_agent_reply_at")):
        if fact in reasons:
            known[name] = reasons[fact]
    known |= _of_spans(known)
    if tickets.is_empty() and not events.dataset.surveys.is_empty():
        return dict.fromkeys(known, ONLY_ANSWERS)
    if tickets.is_empty() and not events.dataset.series.is_empty():
        return dict.fromkeys((*known, "escalated_at", "is_escalated"), ONLY_FIGURES)
    return known


def _is_empty(tickets: pl.DataFrame) -> bool:
    return bool(tickets.height) and tickets["taken_at"].null_count() == tickets.height


def _of_solutions(
    reasons: Mapping[str, str], events: Keyed, statuses: Statuses, tickets: pl.DataFrame
) -> dict[str, str]:
    """Reasons for when a ticket was solved, and whether it is."""
    known: dict[str, str] = {}
    for name, rests_on in _SOLVES.items():
        if statuses.are_shown and not statuses.are_read:
            known[name] = NO_WORDS
        elif not statuses.are_shown and all(fact in reasons for fact in rests_on):
            known[name] = reasons[rests_on[0]]
    if "last_solved_at" in known:
        known["resolved_at"] = known["last_solved_at"]
        if not {"status", "status_raw"} & {*events.dataset.tickets.columns}:
            known["is_resolved"] = "no status and no date of the solution"
    if tickets.height and tickets["is_resolved"].null_count() == tickets.height:
        no_words = tickets["status"].null_count() == tickets.height
        known["is_resolved"] = NO_WORDS if no_words else NO_PAST
    return known


def _of_spans(known: Mapping[str, str]) -> dict[str, str]:
    """Reasons for spans: those of their ends, and of the statuses that they are sums over."""
    found = {f"{name}{part}": why for name, why in GIVEN_ONLY.items() for part in PARTS}
    for span in SPANS:
        rests_on = (*(("intervals",) if span.statuses else ()), span.start, span.end)
        why = next((known[name] for name in rests_on if name in known), None)
        if why is not None:
            found |= dict.fromkeys(span.columns, why)
    return found

"""Rules by which a helpdesk may have counted otherwise: each gives, for every ticket, the figure counted that way.

A rule is tried on the tickets whose figures differ; where its figure is theirs, it is the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from supportkpi.decisions import FirstResponse, Settings
from supportkpi.facts import Facts, fold

BUSINESS = "_business_s"
CALENDAR = "_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule's id, what theirs does by it, and the figure counted so: ``ticket_id`` and ``ours``."""

    id: str
    text: str
    figures: pl.DataFrame


TEXTS: Mapping[str, str] = {
    "business_hours": "theirs counts open hours, ours the whole time",
    "calendar_time": "theirs counts the whole time, ours open hours",
    "other_hours": "theirs counts the hours of another calendar of the settings",
    "agent_opened": "an agent opened the ticket: theirs runs to the agent's second message",
    "opened_by_agent_counts": "an agent opened the ticket: theirs takes that message for the response",
    "first_customer_message": "theirs starts at the customer's first message, ours at creation",
    "from_first_message": "theirs starts at the customer's first message, ours at creation",
    "handoff": "theirs starts at the handing over from the bot, ours at creation",
    "reopened_after_bot": "theirs starts at the reopening after the bot's solution, ours at creation",
    "clock_start": "theirs starts when the ticket was ready for an answer, ours at creation",
    "assigned": "theirs starts at the first assignment, ours at creation",
    "bot_reply": "theirs takes a bot's reply for the response",
    "status_change": "theirs takes an agent's change of status, or the assignment, for the response",
    "solution": "theirs takes the solution for the response",
    "first_solution": "theirs ends at the first solution, ours at the last",
    "last_solution": "theirs ends at the last solution, ours at the first",
    "closing": "theirs ends at the closing, ours at the solution",
    "without_gap": "theirs leaves out the time between a solution and a reopening",
    "without_waiting": "theirs leaves out the time in pending and on hold",
    "without_their_waiting": "theirs leaves out the time that it counts as waiting",
    "without_pending": "theirs leaves out the time in pending",
    "with_pending": "theirs counts the time in pending, too",
    "without_hold": "theirs leaves out the time on hold",
    "only_pending": "theirs counts the time in pending alone",
}
"""What theirs does by each rule."""
_FOLDED: Mapping[str, FirstResponse] = {
    "agent_opened": FirstResponse(outbound="zendesk"),
    "first_customer_message": FirstResponse(anchor="first_customer_message", outbound="anchor_customer"),
    "bot_reply": FirstResponse(bots="include"),
    "handoff": FirstResponse(anchor="handoff"),
    "reopened_after_bot": FirstResponse(anchor="reopen_after_bot"),
    "clock_start": FirstResponse(anchor="clock_start"),
}
_SPANS: Mapping[str, tuple[tuple[str, str], ...]] = {  # figure -> rule, the span of ours that is counted so
    "first_response": (("status_change", "reaction"),),
    "resolution": (
        ("first_solution", "first_resolution"),
        ("without_gap", "net_resolution"),
        ("without_waiting", "agent_work"),
        ("without_pending", "requester_wait"),
    ),
    "first_resolution": (("last_solution", "resolution"),),
    "requester_wait": (
        ("without_hold", "agent_work"),
        ("with_pending", "net_resolution"),
        ("only_pending", "agent_wait"),
    ),
    "agent_wait": (("without_pending", "requester_wait"),),
}
_INSTANTS: Mapping[str, tuple[tuple[str, str, str], ...]] = {  # figure -> rule, start, end; the whole time
    "first_response": (
        ("assigned", "first_assigned_at", "first_reply_at"),
        ("opened_by_agent_counts", "created_at", "first_agent_reply_at"),
        ("solution", "created_at", "resolved_at"),
    ),
    "resolution": (
        ("closing", "created_at", "last_close_at"),
        ("from_first_message", "first_request_at", "resolved_at"),
        ("assigned", "first_assigned_at", "resolved_at"),
    ),
    "first_resolution": (
        ("closing", "created_at", "first_close_at"),
        ("from_first_message", "first_request_at", "first_solved_at"),
    ),
}


@dataclass(frozen=True, kw_only=True)  # without slots: what is folded once is kept
class Rules:
    """The rules for one export: foldings under other options are made once, when the first figure differs."""

    facts: Facts
    settings: Settings

    def of(self, span: str, clock: str, first: tuple[str, ...]) -> Iterator[Rule]:
        """The rules for a span on a clock; those of ``first`` before the others.

        Args:
            span: a span of the facts.
            clock: calendar or business, that of ours.
            first: ids that the dialect would try first.
        """
        part = BUSINESS if clock == "business" else CALENDAR
        found = list(self._all(span, part))
        order = {name: place for place, name in enumerate(first)}
        yield from sorted(found, key=lambda one: order.get(one.id, len(order)))

    def _all(self, span: str, part: str) -> Iterator[Rule]:
        tickets = self.facts.tickets
        other, rule = (CALENDAR, "calendar_time") if part == BUSINESS else (BUSINESS, "business_hours")
        yield from _rule(rule, tickets, pl.col(f"{span}{other}") if f"{span}{other}" in tickets.columns else None)
        if span == "first_response":
            for name, folded in self._responses.items():
                asked = folded.tickets.filter("has_first_response")
                yield from _rule(name, asked, _span(asked, span, part))
        for name, other_span in _SPANS.get(span, ()):
            yield from _rule(name, tickets, _span(tickets, other_span, part))
        waiting = f"given_agent_wait{part}"
        if span in ("resolution", "first_resolution") and {waiting, f"{span}{part}"} <= set(tickets.columns):
            yield from _rule("without_their_waiting", tickets, pl.col(f"{span}{part}") - pl.col(waiting))
        for name, start, end in _INSTANTS.get(span, ()) if part == CALENDAR else ():
            if {start, end} <= set(tickets.columns):
                yield from _rule(name, tickets, (pl.col(end) - pl.col(start)).dt.total_microseconds() / 1e6)
        for folded in self._calendars:
            yield from _rule("other_hours", folded.tickets, _span(folded.tickets, span, BUSINESS))

    @cached_property
    def _responses(self) -> Mapping[str, Facts]:
        """The facts under other options of the first response."""
        return {name: self._folded(replace(self.settings, first_response=options)) for name, options in _FOLDED.items()}

    @cached_property
    def _calendars(self) -> tuple[Facts, ...]:
        """The facts under each calendar of the settings alone, where there are several."""
        choices = self.settings.calendars
        if len(choices) < 2:
            return ()
        return tuple(self._folded(replace(self.settings, calendars=(replace(one, when={}),))) for one in choices)

    def _folded(self, settings: Settings) -> Facts:
        return fold(self.facts.dataset, settings)


def _span(tickets: pl.DataFrame, span: str, part: str) -> pl.Expr | None:
    return pl.col(f"{span}{part}") if f"{span}{part}" in tickets.columns else None


def _rule(name: str, tickets: pl.DataFrame, value: pl.Expr | None) -> Iterator[Rule]:
    """The rule, where the export shows anything of it."""
    if value is None:
        return
    figures = tickets.select("ticket_id", value.cast(pl.Float64).alias("ours")).drop_nulls()
    if figures.height:
        yield Rule(id=name, text=TEXTS[name], figures=figures)

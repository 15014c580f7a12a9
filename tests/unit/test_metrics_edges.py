"""Which tickets a KPI counts, ticket by ticket: truth tables by hand for every rate, count and population."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from supportkpi.metrics import catalogue

DAY, NEXT = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
INSTANT = pl.Datetime("us", "UTC")
TYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(("first_agent_reply_at", "first_bot_reply_at", "first_reply_at", "resolved_at"), INSTANT),
    **dict.fromkeys(("first_event_at", "last_event_at"), INSTANT),
    **dict.fromkeys(("solved_by", "requester_id"), pl.String()),
    **dict.fromkeys(("replies", "given_replies", "given_reopens", "transfers", "escalations"), pl.UInt32()),
    "first_level": pl.Int32(),
    **dict.fromkeys(("agent_wait_s", "hold_s", "reaction_s", "net_resolution_s", "resolution_s"), pl.Float64()),
}


def counted(kpi: str, part: str, columns: str, rows: list[tuple[object, ...]]) -> list[bool]:
    """Which of some tickets a part of a KPI takes: ``decided``, ``given.counts.no_reply``; what is not known is not."""
    found: object = catalogue()[kpi]
    names = columns.split()
    for step in part.split("."):
        found = found[step] if isinstance(found, dict) else getattr(found, step)
    assert isinstance(found, pl.Expr)
    frame = pl.DataFrame(rows, schema={name: TYPES.get(name, pl.Boolean()) for name in names}, orient="row")
    return frame.select(taken=found).to_series().fill_null(value=False).to_list()


YES, NO = True, False
TABLES = [
    # rates: of what, and what succeeds
    ("one_touch", "measure.success", "replies", {(0,): NO, (1,): YES, (2,): NO, (None,): NO}),
    ("one_touch", "measure.decided", "is_resolved", {(True,): YES, (False,): NO, (None,): NO}),
    ("one_touch", "given.measure.success", "given_replies", {(0,): NO, (1,): YES, (2,): NO, (None,): NO}),
    (
        *("one_touch", "given.measure.decided", "is_resolved given_replies"),
        {(True, 3): YES, (True, 0): YES, (True, None): NO, (False, 3): NO, (None, 3): NO},
    ),
    ("transfer_rate", "measure.success", "transfers", {(0,): NO, (1,): YES, (2,): YES, (None,): NO}),
    ("transfer_rate", "measure.decided", "transfers", {(0,): YES, (1,): YES, (None,): NO}),
    (
        *("reopen_rate", "measure.decided", "is_reopened is_reopen_mature"),
        {(True, True): YES, (False, True): YES, (True, False): NO, (None, True): NO, (None, None): NO},
    ),
    ("reopen_rate", "given.measure.success", "given_reopens", {(0,): NO, (1,): YES, (2,): YES, (None,): NO}),
    (
        *("reopen_rate", "given.measure.decided", "given_reopens is_resolved"),
        {(0, True): YES, (0, False): NO, (1, False): YES, (1, None): YES, (None, True): NO, (0, None): NO},
    ),
    (
        *("escalation_rate", "measure.decided", "is_escalated counts_in_escalation"),
        {(True, True): YES, (False, True): YES, (None, True): NO, (False, False): NO, (None, False): NO},
    ),
    ("first_contact_resolution", "measure.decided", "is_first_contact", {(True,): YES, (False,): YES, (None,): NO}),
    ("first_contact_resolution", "measure.net", "eligible", {(True,): YES, (False,): NO, (None,): YES}),
    (
        *("bot_resolution_rate", "measure.success", "first_agent_reply_at solved_by first_bot_reply_at"),
        {
            (None, "bot", None): YES,
            (None, "bot", DAY): YES,
            (None, "system", DAY): YES,
            (None, None, DAY): YES,
            (None, "system", None): NO,
            (None, None, None): NO,
            (None, "agent", DAY): NO,
            (DAY, "bot", DAY): NO,
            (DAY, "agent", DAY): NO,
            (DAY, None, DAY): NO,
        },
    ),
    # populations
    *((kpi, "eligible", "is_outbound", {(True,): NO, (False,): YES}) for kpi in ("one_touch", "bot_resolution_rate")),
    ("first_contact_resolution", "eligible", "is_outbound", {(True,): NO, (False,): YES}),
    (
        *("replies_per_ticket", "given.measure.each", "is_resolved given_replies"),
        {(True, 0): YES, (True, 3): YES, (True, None): NO, (False, 3): NO, (None, 3): NO},
    ),
    ("tickets_solved", "measure.which", "is_resolved", {(True,): YES, (False,): NO, (None,): NO}),
    ("requesters_solved", "measure.which", "is_resolved", {(True,): YES, (False,): NO, (None,): NO}),
    # what is told beside the value
    *(
        (kpi, "counts.no_reply", "is_resolved replies", {(True, 0): YES, (True, 1): NO, (False, 0): NO, (None, 0): NO})
        for kpi in ("one_touch", "replies_per_ticket")
    ),
    *(
        (
            *(kpi, "given.counts.no_reply", "is_resolved given_replies"),
            {(True, 0): YES, (True, 1): NO, (True, None): NO, (False, 0): NO, (None, 0): NO},
        )
        for kpi in ("one_touch", "replies_per_ticket")
    ),
    ("transfer_rate", "counts.twice_or_more", "transfers", {(0,): NO, (1,): NO, (2,): YES, (None,): NO}),
    ("transfer_rate", "counts.nobody", "transfers", {(0,): NO, (2,): NO, (None,): YES}),
    (
        *("reopen_rate", "counts.immature", "is_reopened is_reopen_mature"),
        {(True, False): YES, (False, False): YES, (True, True): NO, (False, True): NO, (None, False): NO},
    ),
    (
        *("reopen_rate", "counts.by_agent", "is_reopened_by_agent is_reopen_mature"),
        {(True, True): YES, (True, False): NO, (False, True): NO, (False, False): NO, (None, None): NO},
    ),
    (
        *("escalation_rate", "counts.direct", "first_level counts_in_escalation"),
        {(1, True): NO, (2, True): YES, (3, True): YES, (2, False): NO, (None, True): NO},
    ),
    ("escalation_rate", "counts.ping_pong", "escalations", {(0,): NO, (1,): NO, (2,): YES, (None,): NO}),
    ("escalation_rate", "counts.unhandled", "counts_in_escalation", {(True,): NO, (False,): YES}),
    (
        *("first_contact_resolution", "counts.immature", "is_resolved is_first_contact is_return_mature"),
        {
            (True, None, False): YES,
            (True, None, True): NO,
            (True, True, False): NO,
            (False, None, False): NO,
            (None, None, False): NO,
        },
    ),
    (
        *("first_contact_resolution", "counts.unlinkable", "is_resolved is_first_contact requester_id"),
        {
            (True, None, None): YES,
            (True, None, "ann"): NO,
            (True, False, None): NO,
            (False, None, None): NO,
        },
    ),
    (
        *("first_contact_resolution", "counts.ineligible", "is_resolved eligible"),
        {(True, False): YES, (True, True): NO, (True, None): NO, (False, False): NO, (False, True): NO},
    ),
    (
        *("bot_resolution_rate", "counts.bot_and_human", "is_resolved first_bot_reply_at first_agent_reply_at"),
        {(True, DAY, NEXT): YES, (True, DAY, None): NO, (True, None, DAY): NO, (False, DAY, NEXT): NO},
    ),
    (
        *("bot_resolution_rate", "counts.solver_unknown", "is_resolved solved_by"),
        {(True, None): YES, (True, "bot"): NO, (False, None): NO, (None, None): NO},
    ),
    (
        *("first_response_time", "counts.solved_unanswered", "is_resolved first_reply_at"),
        {(True, None): YES, (True, DAY): NO, (False, None): NO, (None, None): NO},
    ),
    (
        *("resolution_time", "counts.end_unknown", "is_resolved resolved_at"),
        {(True, None): YES, (True, DAY): NO, (False, None): NO, (None, None): NO},
    ),
    ("resolution_time", "counts.status_unknown", "is_resolved", {(True,): NO, (False,): NO, (None,): YES}),
    *(
        (kpi, f"counts.{name}", column, {(0.0,): YES, (1.0,): NO, (None,): NO})
        for kpi, name, column in (
            ("agent_wait_time", "never", "agent_wait_s"),
            ("hold_time", "never", "hold_s"),
            ("reaction_time", "at_creation", "reaction_s"),
        )
    ),
    (
        *("net_resolution_time", "counts.reopened", "net_resolution_s resolution_s"),
        {(1.0, 2.0): YES, (2.0, 2.0): NO, (None, 2.0): NO},
    ),
    (
        *("case_duration", "counts.single_event", "first_event_at last_event_at"),
        {(DAY, DAY): YES, (DAY, NEXT): NO, (None, None): NO},
    ),
]


@pytest.mark.parametrize(
    ("kpi", "part", "columns", "table"), TABLES, ids=[f"{kpi} {part}" for kpi, part, _, _ in TABLES]
)
def test_which_tickets_count(kpi, part, columns, table):
    assert dict(zip(table, counted(kpi, part, columns, [*table]), strict=True)) == table


@pytest.mark.parametrize("kpi", ["tickets_created", "requesters", "tickets_per_requester"])
def test_every_ticket_counts_where_creations_do(kpi):
    assert counted(kpi, "measure.which", "is_resolved", [(True,), (False,), (None,)])[0] is True


def test_counts_and_totals_of_a_month_add_up_to_a_quarter_and_shares_and_means_do_not():
    adding = {name for name, metric in catalogue().items() if metric.adds_up}
    assert adding == {"tickets_created", "tickets_solved"}

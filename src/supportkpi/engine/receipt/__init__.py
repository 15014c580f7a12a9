"""One ticket's receipt: its story, what each clock made of it, and what the report counts of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from supportkpi.clocks import given, rows, unobserved
from supportkpi.decisions import Settings
from supportkpi.engine.definitions import fingerprint
from supportkpi.engine.measure import measure
from supportkpi.engine.receipt.accounts import Followed, followed
from supportkpi.engine.receipt.counted import figures
from supportkpi.engine.receipt.marks import marked
from supportkpi.engine.receipt.story import Life, Names, events, names_of, with_closed
from supportkpi.engine.receipt.ticket_ids import ticket_of
from supportkpi.facts import ON_CALENDAR, Facts
from supportkpi.metrics import catalogue
from supportkpi.receipts import Clock, Receipt, Why
from supportkpi.report import Report
from supportkpi.schema import Log, Stamps
from supportkpi.sla import Timed

_SHOWN = ("channel", "category", "group", "tier", "region", "priority", "status")
_STOPPED_BY = {"first_response": "first_response_due_at", "resolution": "resolution_due_at"}


def receipts(facts: Facts, tickets: Sequence[str], *, settings: Settings) -> tuple[Receipt, ...]:
    """The receipt of each ticket, in the order asked for; a ticket may be named by the address of its page.

    Raises:
        TicketUnknown: no ticket has such an id.
    """
    ids = list(dict.fromkeys(ticket_of(facts.tickets["ticket_id"], asked) for asked in tickets))
    clocks, mine = _ledger(facts, settings, ids), narrowed(facts, ids)
    shared = _Shared(
        settings=settings,
        report=_rules(facts, settings),
        names=names_of(facts),
        clocks=clocks,
        followed=followed(mine, settings.sla, clocks) if settings.sla is not None and clocks.height else [],
    )
    return tuple(_receipt(narrowed(mine, [one]), shared) for one in ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What the receipts of a run have in common; ``clocks`` are those of the report, of all their tickets."""

    settings: Settings
    report: Report
    names: Names
    clocks: pl.DataFrame
    followed: Sequence[Followed]


def _rules(facts: Facts, settings: Settings) -> Report:
    """Under which rules a whole report of these facts would be made."""
    bare = measure(facts, settings=replace(settings, targets=()), kpis=["tickets_created"], detail=False)
    whole = fingerprint(list(catalogue().values()), settings)
    return replace(bare, method=replace(bare.method, fingerprint=whole, asked=()))


def _ledger(facts: Facts, settings: Settings, ids: Sequence[str]) -> pl.DataFrame:
    if settings.sla is not None:
        return rows(facts, settings.sla, ids)
    own = given(facts)
    return pl.DataFrame() if own is None else own.filter(pl.col("ticket_id").is_in(list(ids)))


def narrowed(facts: Facts, ids: Sequence[str]) -> Facts:
    """The facts of some tickets: as they were folded among all the others."""
    mine = pl.col("ticket_id").cast(pl.String).is_in(list(ids))
    dataset, history = facts.dataset, facts.dataset.history
    told: Log | Stamps
    if isinstance(history, Log):
        told = replace(history, frame=history.frame.filter(mine).collect().lazy())
    else:
        told = replace(history, frame=history.frame.filter(mine))
    waits = facts.waits.filter(mine) if "waits" not in facts.unobserved else facts.waits
    return replace(
        facts,
        tickets=facts.tickets.filter(mine),
        intervals=facts.intervals.filter(mine),
        surveys=facts.surveys.filter(mine.fill_null(value=False)),
        dataset=replace(dataset, tickets=dataset.tickets.filter(mine), history=told),
        waiting=lambda: waits,
    )


def _receipt(facts: Facts, shared: _Shared) -> Receipt:
    """The receipt of the one ticket that the facts hold."""
    row, settings = facts.tickets.row(0, named=True), shared.settings
    ticket = str(row["ticket_id"])
    mine = shared.clocks.filter(pl.col("ticket_id") == ticket) if shared.clocks.width else shared.clocks
    clocks = [each for each in shared.followed if each.ticket == ticket]
    entries = marked(events(facts, shared.names), clocks)
    calendar, hours = _calendar(facts)
    return Receipt(
        ticket=ticket,
        links=settings.links,
        columns={name: str(row[name]) for name in _SHOWN if row.get(name) is not None},
        exclusion=row["exclusion"],
        calendar=calendar,
        hours=hours,
        is_wide=isinstance(facts.dataset.history, Stamps),
        observed_until=row.get("until"),
        entries=tuple(with_closed(entries, _lives(facts, clocks))),
        clocks=tuple(each.clock for each in clocks) or tuple(_given(mine, row)),
        missing=dict(_missing(facts, mine)),
        figures=figures(facts),
        method=shared.report.method,
        ledger=shared.report.ledger,
        inputs=shared.report.inputs,
    )


def _calendar(facts: Facts) -> tuple[str | None, str]:
    """The business calendar of the ticket, and its weekly hours."""
    row, choices = facts.tickets.row(0, named=True), facts.settings.calendars
    place = row.get(ON_CALENDAR)
    if not choices or place is None:
        return None, ""
    return choices[place].name, written_week(choices[place].calendar.describe())


def written_week(described: object) -> str:
    """The weekly hours of a calendar in words: ``mon-fri 09:00-18:00; sat 10:00-15:00``; of its last version."""
    assert isinstance(described, dict)  # noqa: S101 - a calendar describes itself so
    last = described["versions"][-1] if "versions" in described else described
    runs: list[tuple[list[str], str]] = []
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for name in names:
        spans = " ".join(last.get("hours", {}).get(name, []))
        if runs and runs[-1][1] == spans:
            runs[-1][0].append(name)
        else:
            runs.append(([name], spans))
    parts = [
        f"{days[0]}-{days[-1]} {spans}" if len(days) > 1 else f"{days[0]} {spans}" for days, spans in runs if spans
    ]
    return "; ".join(parts)


def _lives(facts: Facts, clocks: Sequence[Followed]) -> list[Life]:
    """When somebody waited, on which calendar: while a clock was on its way; without any from creation to solution."""
    if clocks:
        return [
            Life(name=each.clock.calendar, calendar=each.trace.calendar, low=each.trace.started_at, high=each.trace.end)
            for each in clocks
        ]
    row = facts.tickets.row(0, named=True)
    place, low = row.get(ON_CALENDAR), row.get("created_at")
    high = row.get("resolved_at") or row.get("until")
    if place is None or not isinstance(low, datetime) or not isinstance(high, datetime):
        return []
    choice = facts.settings.calendars[place]
    return [Life(name=choice.name, calendar=choice.calendar, low=low, high=high)]


def _given(mine: pl.DataFrame, row: dict[str, object]) -> Iterator[Clock]:
    """The export's own deadlines and verdicts: nothing more is known of them."""
    for each in mine.iter_rows(named=True):
        if each["started_at"] is None or each["judged"] == "no_target":
            continue
        due = row.get(_STOPPED_BY.get(each["target"], ""))
        yield Clock(
            target=each["target"],
            cycle=each["cycle"],
            state=each["state"],
            judged=each["judged"],
            basis="given",
            started_at=each["started_at"],
            stopped_at=each["stopped_at"],
            due_at=due if isinstance(due, datetime) else None,
            late_s=each["late_s"],
            is_uncertain=each["is_uncertain"],
        )


def _missing(facts: Facts, mine: pl.DataFrame) -> Iterator[tuple[str, tuple[Why, ...]]]:
    """Why the ticket has no clock of a target that the agreement limits."""
    sla = facts.settings.sla
    if sla is None:
        return
    there = set(mine["target"].to_list()) if mine.width else set()
    for timed in sla.timed():
        if timed not in there:
            reasons = unobserved(facts, timed, sla)
            shown = tuple(Why(code="not_shown", text=reason) for reason in reasons)
            yield timed, shown or (_no_clock(timed, facts),)


def _no_clock(timed: Timed, facts: Facts) -> Why:
    row = facts.tickets.row(0, named=True)
    if row["exclusion"] is not None:
        return Why(code="excluded", text=str(row["exclusion"]))
    if row.get("created_at") is None:
        return Why(code="no_creation")
    if timed == "first_response" and not row.get("has_first_response"):
        return Why(code="opened_by_agent")
    return Why(code={"next_response": "nothing_asked", "escalation": "not_escalated"}.get(timed, "no_end"))

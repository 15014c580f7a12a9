"""Small helpdesks for tests of clocks: tickets in a few words, folded into facts, and judged under an agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks import ledger
from supportkpi.decisions import Settings
from supportkpi.facts import Facts, fold
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check
from supportkpi.sla import Limit, Rule, Sla, Timed, Version, limit

OFFICE = Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}, name="office")
EVERYTHING = dict.fromkeys(Sight, Extent.EVERY)
ASK = {"kind": "message", "actor": "customer", "public": True}
REPLY = {"kind": "message", "actor": "agent", "public": True}
BOT = {"kind": "message", "actor": "bot", "public": True}


def at(text: str) -> datetime:
    """An instant of ``2026-03-02 10:00``, UTC unless it says otherwise."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def status(to: str, raw: str | None = None, actor: str = "agent") -> dict:
    return {"kind": "status", "value": to, "raw": raw, "actor": actor}


def change(kind: str, to: str | None, raw: str | None = None) -> dict:
    return {"kind": kind, "value": to, "raw": raw, "actor": "agent"}


def dataset(tickets: Sequence[Mapping], until: str, observes: Mapping[Sight, Extent] = EVERYTHING) -> Dataset:
    """Tickets ``{"id", "at": creation, "events": [(when, event)], column: value}`` as a log."""
    rows = []
    for ticket in tickets:
        told = [(ticket["at"], {"kind": "created", "actor": "customer"})] if ticket.get("at") else []
        told += ticket.get("events", [])
        for seq, (when, event) in enumerate(told):
            rows.append({"ticket_id": ticket["id"], "seq": seq, "at": at(when), **event})
    names = {name for ticket in tickets for name in ticket} - {"id", "at", "events"}
    frame = pl.DataFrame(
        {
            "ticket_id": pl.Series([ticket["id"] for ticket in tickets], dtype=pl.String),
            "observed_until": pl.Series([at(until)] * len(tickets), dtype=TICKETS["observed_until"]),
            **{
                name: pl.Series([ticket.get(name) for ticket in tickets], dtype=TICKETS.get(name, pl.String()))
                for name in sorted(names)
            },
        }
    )
    events = pl.DataFrame(rows, schema=dict(EVENTS)).lazy()
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    return check(Dataset(history=Log(frame=events), tickets=frame, surveys=surveys, observes=observes))


def desk(*tickets: Mapping, until: str, settings: Settings | None = None) -> Facts:
    return fold(dataset(tickets, until), settings or Settings())


def agreement(
    limits: Mapping[Timed, str | Limit] | Sequence[Rule], *, calendar: Calendar | None = None, **options: object
) -> Sla:
    """One version with one rule for all, or with some rules; pauses of resolution while pending or on hold."""
    rules = limits
    if isinstance(limits, Mapping):
        rules = [Rule(name="all", limits={name: _limit(value) for name, value in limits.items()})]
    pauses = options.pop("pause_on", {"resolution": ("pending", "hold")})
    exclusions = options.pop("exclusions", ())
    name = "office" if calendar is not None else None
    version = Version(calendar=name, rules=tuple(rules), pause_on=pauses, **options)
    return Sla(versions=(version,), calendars={} if calendar is None else {"office": calendar}, exclusions=exclusions)


def rule(name: str, when: Mapping[str, Sequence[str]] | None = None, **limits: str | Limit) -> Rule:
    calendar = limits.pop("calendar", None)
    made = {timed: _limit(value) for timed, value in limits.items()}
    return Rule(
        name=name, when={key: tuple(words) for key, words in (when or {}).items()}, limits=made, calendar=calendar
    )


def _limit(value: str | Limit) -> Limit:
    return limit(value) if isinstance(value, str) else value


def only(facts: Facts, sla: Sla, timed: str | None = None) -> dict:
    """The one clock that there is (of a target)."""
    clocks = ledger(facts, sla)
    if timed is not None:
        clocks = clocks.filter(pl.col("target") == timed)
    assert clocks.height == 1, clocks
    return clocks.row(0, named=True)

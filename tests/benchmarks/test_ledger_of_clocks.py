"""The ledger on a million tickets, four rules and business hours, against one pass over the facts that it reads.

pytest tests/benchmarks/test_clocks.py -n0 --benchmark-only -s
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.clocks import due_at, ledger
from supportkpi.decisions import Settings
from supportkpi.facts import Facts, fold
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check
from supportkpi.sla import Limit, Rule, Sla, Version

TICKET_COUNT = 1_000_000
START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
OFFICE = Calendar(timezone="Europe/Moscow", hours={"mon-fri": ["09:00-13:00", "14:00-18:00"]}, name="office")
TIERS = ("urgent", "high", "normal", "low")


def made(count: int) -> Dataset:
    """Tickets with a reply, a time of waiting for the customer, a change of priority in every tenth, and a solution."""
    number = pl.int_range(count, dtype=pl.Int64)
    rank = number * 7919 % 4
    base = pl.select(
        ticket_id=number.cast(pl.String),
        at=(pl.lit(START).dt.epoch("us") + number * 7_919_000_003 % (90 * 24 * HOUR)).cast(EVENTS["at"]),
        priority=pl.lit(pl.Series(TIERS)).gather(rank),
        n=number,
    )

    def event(kind: str, seq: int, minutes: int, **values: object) -> pl.DataFrame:
        spread = pl.col("n") * 31 % 97
        columns = {
            "ticket_id": pl.col("ticket_id"),
            "at": pl.col("at") + pl.duration(minutes=minutes) + pl.duration(minutes=spread * (minutes > 0)),
            "seq": pl.lit(seq),
            "kind": pl.lit(kind),
            **{name: pl.lit(value) if not isinstance(value, pl.Expr) else value for name, value in values.items()},
        }
        absent = {name: pl.lit(None) for name in EVENTS if name not in columns}
        return base.select(pl.Expr.alias(each, name) for name, each in {**columns, **absent}.items()).select(
            pl.col(name).cast(dtype) for name, dtype in EVENTS.items()
        )

    events = pl.concat(
        [
            event("created", 0, 0, actor="customer"),
            event("priority", 1, 0, value=pl.col("priority")),
            event("message", 2, 40, actor="agent", public=True),
            event("status", 3, 45, value="pending", actor="agent"),
            event("status", 4, 600, value="open", actor="customer"),
            event("priority", 5, 700, value="high").filter(pl.col("ticket_id").str.ends_with("7")),
            event("status", 6, 1500, value="solved", actor="agent"),
        ]
    )
    tickets = base.select(
        "ticket_id", "priority", observed_until=pl.lit(datetime(2026, 5, 1, tzinfo=UTC)).cast(TICKETS["observed_until"])
    )
    every = dict.fromkeys(Sight, Extent.EVERY)
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    return check(Dataset(history=Log(frame=events.lazy()), tickets=tickets, surveys=surveys, observes=every))


def agreed() -> Sla:
    rules = tuple(
        Rule(
            name=name,
            when={"priority": (name,)},
            limits={
                "first_response": Limit(seconds=1800 * (place + 1)),
                "resolution": Limit(seconds=4 * 3600 * (place + 1)),
            },
        )
        for place, name in enumerate(TIERS)
    )
    version = Version(calendar="office", rules=rules, pause_on={"resolution": ("pending", "hold")})
    return Sla(versions=(version,), calendars={"office": OFFICE})


@pytest.fixture(scope="module")
def facts() -> Facts:
    return fold(made(TICKET_COUNT), Settings())


@pytest.mark.benchmark(group="clocks")
def test_the_ledger_of_a_million_tickets(benchmark: object, facts: Facts) -> None:
    sla = agreed()
    clocks = benchmark.pedantic(ledger, args=(facts, sla), rounds=3, iterations=1)
    assert clocks.height == 2 * TICKET_COUNT
    assert clocks["state"].n_unique() > 1
    assert benchmark.stats.stats.median < 60  # a few seconds where nothing else runs


@pytest.mark.benchmark(group="clocks")
def test_the_due_instants_of_a_list(benchmark: object, facts: Facts) -> None:
    """Those of a screen cost the tickets that are shown, not all that there are."""
    sla = agreed()
    clocks = ledger(facts, sla)
    started = time.perf_counter()
    due_at(facts, sla, clocks)
    whole = time.perf_counter() - started
    few = clocks.sample(100, seed=1)
    benchmark.pedantic(due_at, args=(facts, sla, few), rounds=3, iterations=1)
    assert benchmark.stats.stats.median < whole

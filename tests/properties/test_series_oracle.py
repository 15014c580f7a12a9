"""Own figures, cost per contact and targets for each month against plain Python, on made-up desks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

import polars as pl
import pytest
from oracle_series import Contact, Figure, contacts, mean, months, per_month, total
from thorough import examples

from supportkpi import periods
from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.pipeline import dataset
from supportkpi.report import Report
from supportkpi.schema import Dataset, Extent, Sight
from supportkpi.targets import parse

CHANNELS = ("chat", "phone")
SPAN = (date(2026, 1, 1), date(2026, 4, 30))
PERIODS = ("2026-Q1", "2026-02", "2026-03-01..2026-03-10", "2026-01-20..2026-02-17", "2026-W10", "2026-01..2026-02")
SEEDS = range(examples(10, times=4))


def stretches(random: Random) -> list[tuple[date, date]]:
    """Months, weeks, quarters or spans of some days, one after the other over four months; some are missing."""
    kind = random.choice(("month", "month", "week", "span"))
    day, found = SPAN[0], []
    while day <= SPAN[1]:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        after = {
            "month": following,
            "week": day + timedelta(days=7),
            "span": day + timedelta(days=random.randint(2, 40)),
        }
        found.append((day, after[kind] - timedelta(days=1)))
        day = after[kind]
    return [one for one in found if random.random() > 0.1] or found[:1]


def figures(random: Random, *, split: bool) -> list[Figure]:
    return [
        Figure(start=start, end=end, cents=random.randint(0, 5_000_000), channel=channel)
        for start, end in stretches(random)
        for channel in (CHANNELS if split else (None,))
    ]


def tickets(random: Random) -> list[Contact]:
    found = []
    for _ in range(120):
        created = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(4 * 30 * 24 * 60))
        replied = created + timedelta(hours=random.expovariate(1 / 30)) if random.random() < 0.8 else None
        solved = created + timedelta(hours=random.expovariate(1 / 200)) if random.random() < 0.7 else None
        found.append(
            Contact(
                created=created,
                replied=replied,
                solved=solved,
                channel=random.choice(CHANNELS),
                spam=random.random() < 0.1,
            )
        )
    return found


def desk(contacts: list[Contact], series: list[Figure], *, name: str, unit: str) -> Dataset:
    events = []
    for number, ticket in enumerate(contacts):
        told = (("created", ticket.created, "customer", None), ("message", ticket.replied, "agent", None))
        for kind, at, actor, value in (*told, ("status", ticket.solved, "agent", "solved")):
            if at is not None:
                row = {"ticket_id": str(number), "at": at, "kind": kind, "actor": actor, "public": True, "value": value}
                events.append(row)
    ids = [str(number) for number in range(len(contacts))]
    end = datetime(2026, 4, 30, 23, tzinfo=UTC)
    frame = pl.DataFrame({"ticket_id": ids, "channel": [ticket.channel for ticket in contacts]}).with_columns(
        pl.lit(end).alias("observed_until"),
        pl.Series("exclusion", ["spam" if ticket.spam else None for ticket in contacts], dtype=pl.String),
    )
    rows = [
        {
            "name": name,
            "start": one.start,
            "end": one.end,
            "value": one.cents / 100,
            "unit": unit,
            "channel": one.channel,
        }
        for one in series
    ]
    return dataset(
        events=pl.DataFrame(events, infer_schema_length=None) if events else None,
        tickets=frame,
        series=pl.DataFrame(rows, infer_schema_length=None),
        observes=dict.fromkeys(Sight, Extent.EVERY),
    )


def days_of(period: str) -> set[date]:
    window = periods.window(period, timezone="UTC")
    assert window.start_date is not None
    assert window.end_date is not None
    return {window.start_date + timedelta(days=n) for n in range((window.end_date - window.start_date).days + 1)}


def report(
    data: Dataset, period: str, kpi: str, *, zone: str = "UTC", by: tuple[str, ...] = (), text: str = ""
) -> Report:
    target = (parse(kpi, text, unit="count", direction="none"),) if text else ()
    settings = Settings(timezone=zone, targets=target)
    window = periods.window(period, timezone=zone)
    return measure(fold(data, settings), settings=settings, window=window, kpis=[kpi], by=by)


def same(value: float | None, wanted: Fraction | None) -> bool:
    return value is None if wanted is None else value is not None and value == pytest.approx(float(wanted), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_and_means_of_own_figures(seed: int) -> None:
    random = Random(seed)
    period, split = random.choice(PERIODS), random.random() < 0.5
    given, days = figures(random, split=split), days_of(period)
    counted = report(desk([], given, name="articles", unit="count"), period, "articles", by=("channel", "month"))
    shared = report(desk([], given, name="articles", unit="ratio"), period, "articles")
    assert same(counted.get("articles").value, total(given, days))
    assert same(counted.get("articles", "per_month").value, per_month(given, days))
    assert same(shared.get("articles").value, mean(given, days))
    for row in counted.cells:
        if row.group.get("channel") is not None:
            mine = [one for one in given if one.channel == row.group["channel"]]
            assert same(row.value, total(mine, days) if row.stat == "value" else per_month(mine, days))
        if row.group.get("month") is not None:
            inside = days & days_of(str(row.group["month"]))
            assert same(row.value, total(given, inside) if row.stat == "value" else per_month(given, inside))


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_per_contact(seed: int) -> None:
    random = Random(seed)
    period, zone = random.choice(PERIODS[:5]), random.choice(("UTC", "Europe/Moscow", "America/New_York"))
    split = random.random() < 0.5
    paid, came = figures(random, split=split), tickets(random)
    found = report(desk(came, paid, name="costs", unit="money"), period, "cost_per_contact", zone=zone, by=("channel",))
    covered = days_of(period) & {day for one in paid for day in one.days}
    for row in found.cells:
        whose = row.group.get("channel")
        if (row.group and not split) or row.stat == "of_repeats":  # of desks that know no customers
            assert row.value is None
            continue
        costs = total([one for one in paid if whose in (None, one.channel)], covered)
        n = contacts([ticket for ticket in came if whose in (None, ticket.channel)], covered, zone)[row.stat]
        assert (row.n, same(row.value, costs / n if n and costs is not None else None)) == (
            n if costs is not None else row.n,
            True,
        )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stretch", ["day", "week", "month"])
def test_a_target_for_each_stretch_is_one_on_the_total(seed: int, stretch: str) -> None:
    random = Random(seed)
    period = random.choice(PERIODS)
    given, days = figures(random, split=False), days_of(period)
    covered = {day for one in given for day in one.days} & days
    if not covered:
        return
    count = {"day": Fraction(len(covered)), "week": Fraction(len(covered), 7), "month": months(covered)}[stretch]
    whole = total(given, days)
    assert whole is not None
    wanted = round(float(whole / count) * random.choice((0.9, 1.1)), 2)
    found = report(desk([], given, name="articles", unit="count"), period, "articles", text=f">= {wanted}/{stretch}")
    row = found.get("articles", "per_month" if stretch == "month" else "value")
    assert row.verdict == ("met" if whole / count >= Fraction(repr(wanted)) else "missed")
    assert row.target is not None
    if stretch != "month":
        assert row.target.periods == pytest.approx(float(count))
        assert row.target.value == pytest.approx(wanted * float(count))


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 3, 1), date(2026, 3, 10)), (date(2025, 12, 20), date(2026, 2, 3))]
)
def test_lengths_add_up(first: date, last: date) -> None:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert periods.lengths(first, last, "month") == months(days)
    for stretch in ("day", "week", "month", "quarter", "year"):
        parts = [periods.lengths(day, day, stretch) for day in days]
        assert sum(parts) == periods.lengths(first, last, stretch)
    assert periods.lengths(date(2026, 1, 1), date(2026, 12, 31), "quarter") == 4
    assert periods.lengths(date(2026, 1, 1), date(2026, 12, 31), "year") == 1

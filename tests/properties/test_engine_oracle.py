"""The engine against a plain-Python oracle: every KPI, statistic, interval, count and state on made-up desks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings, strategies
from oracle import Seen, calendar_time
from oracle_numbers import Answer, Hours
from oracle_people import BY_STAT
from oracle_report import Dims, Label, Reading, Run, answers
from oracle_times import KPIS
from thorough import LONG, examples
from timelines import Desk, at, dataset, desk

from supportkpi import periods
from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Csat, Fcr, Nps, Repeats, Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.report import Report, Row, State

UNIT_COUNTED = ("tickets", "requesters", "days")
ENOUGH = {"p90": 36, "p95": 72}
HOLIDAY = date(2026, 3, 9)
BERLIN = Hours("Europe/Berlin", [(time(9), time(18))], HOLIDAY)
MOSCOW = Hours("Europe/Moscow", [(time(9), time(13)), (time(14), time(18, 30))], HOLIDAY)
OFFICE = CalendarChoice(
    name="office",
    calendar=Calendar(timezone="Europe/Berlin", hours={"mon-fri": ["09:00-18:00"]}, holidays=[HOLIDAY]),
)
URGENT = CalendarChoice(
    name="urgent",
    calendar=Calendar(timezone="Europe/Moscow", hours={"mon-fri": ["09:00-13:00", "14:00-18:30"]}, holidays=[HOLIDAY]),
    when={"priority": ("URGENT",)},
)


def office_time(ticket: Seen, start: datetime, end: datetime) -> float:
    return BERLIN.between(start, end)


def by_priority(ticket: Seen, start: datetime, end: datetime) -> float:
    return (MOSCOW if ticket.column("priority") == "urgent" else BERLIN).between(start, end)


def drawn_run(random: Random, desk: Desk) -> Run:
    """Some report that a person might ask for: zone, period, ``--as-of``, hours, breakdowns."""
    timezone = random.choice(("UTC", "Europe/Berlin", "Asia/Tokyo"))
    as_of = random.choice((None, None, None, at(random.randrange(3000)), at(9000)))
    asked = random.choice((None, None, "2026-03", "2026-W10", "..2026-03-09", "2026-03-29..", "2025-01"))
    calendars, business = random.choice((((), None), ((OFFICE,), office_time), ((URGENT, OFFICE), by_priority)))
    ways = {"duplicates": random.choice(("last", "last", "first", "all"))}
    filled = [(name,) for name in ("category", "desk") if any(t.columns.get(name) is not None for t in desk.tickets)]
    by = (random.choice((("priority",), *filled)), random.choice((("month",), ("week", "priority"))))
    return Run(
        settings=Settings(
            timezone=timezone,
            as_of=as_of,
            calendars=calendars,
            calendar="office",
            csat=Csat(**ways),
            nps=Nps(duplicates=random.choice(("last_per_customer", "last_per_customer", "all"))),
            fcr=drawn_fcr(random),
            repeats=drawn_repeats(random),
        ),
        window=periods.window(asked, timezone=timezone, as_of=None) if asked else None,
        by=by,
        where=_filter(random, desk),
        clocks={"calendar": calendar_time} | ({"business": business} if business else {}),
    )


def drawn_fcr(random: Random) -> Fcr:
    if random.random() < 0.5:
        return Fcr()
    preset = random.choice(("repeat_free", "one_touch", "freshservice"))
    key = random.choice((("customer",), ("customer", "category")))
    return Fcr(preset=preset, window_days=random.choice((1, 7, 14)), key=key)


def drawn_repeats(random: Random) -> Repeats:
    if random.random() < 0.5:
        return Repeats()
    key = random.choice((("customer",), ("customer", "category")))
    anchor = random.choice(("solved", "created"))
    return Repeats(window_days=random.choice((1, 7, 14)), key=key, anchor=anchor, returned_days=random.choice((5, 30)))


def _filter(random: Random, desk: Desk) -> str | None:
    dim = random.choice((None, None, None, "priority", "desk"))
    known = sorted({t.columns[dim] for t in desk.tickets if t.columns.get(dim) is not None}) if dim else []
    return f"{dim}{random.choice(('=', '=', '!='))}{random.choice((*known, ''))}" if known else None


def _shown_rows(report: Report, kpi: str) -> Iterator[tuple[Dims, str | None, Label, Row]]:
    for row in report.cells:
        if row.kpi == kpi:
            yield tuple(row.group), row.clock, tuple(row.group.values()), row


def expected_state(row: Row) -> State:
    if row.value is None and (row.n == 0 or row.stat == "days_of_work"):
        return State.empty
    if row.unit in UNIT_COUNTED:
        return State.ok
    return State.too_few if row.n < max(5, ENOUGH.get(row.stat, 0)) else State.ok


def agree(row: Row, wanted: Answer) -> None:
    """The row holds what the oracle says, to the last count."""
    unseen = wanted.pop("unseen", False)
    for name, value in wanted.items():
        if name == "counts":
            assert {**row.counts, **value} == dict(row.counts), (row, value)
        elif name in ("low", "high") and row.stat in ("mean", "hardest_decile_mean"):
            assert getattr(row, name) is None, row
        else:
            near = None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
            assert getattr(row, name) == near, (name, value, row)
    assert row.state is (State.not_observed if unseen else expected_state(row)), row


def compare(desk: Desk, run: Run) -> int:
    """Every row of the report against the oracle; the number of rows compared."""
    report = measure(
        fold(dataset(desk), run.settings),
        settings=run.settings,
        window=run.window,
        by=[",".join(dims) for dims in run.by],
        where=[run.where] if run.where is not None else [],
        detail=False,
    )
    reading, compared = Reading(desk, run), 0
    for kpi in KPIS:
        rows = list(_shown_rows(report, kpi))
        parts = run.clocks if any(clock is not None for _, clock, _, _ in rows) else _parts(kpi, rows)
        for dims in ((), *run.by):
            for part in parts:
                found = {}
                for shown_dims, clock, key, row in rows:
                    if (shown_dims, row.stat if kpi in ("nps", *BY_STAT) else clock) == (dims, part):
                        found.setdefault(key, {})[row.stat] = row
                compared += _compare(answers(reading, kpi, dims, part), found, kpi, dims, run)
    return compared


def _parts(kpi: str, rows: list) -> tuple[str | None, ...]:
    """The streams of a net promoter score have groups of their own; they are shown where a solution and a date are."""
    if kpi != "nps":
        return tuple(dict.fromkeys(row.stat for *_, row in rows)) if kpi in BY_STAT else (None,)
    shown = [row.stat for _, _, _, row in rows if row.stat == "value" or row.state is not State.not_observed]
    return tuple(dict.fromkeys(shown))


def _compare(wanted: dict | None, found: dict[Label, dict[str, Row]], kpi: str, dims: Dims, run: Run) -> int:
    if wanted is None:
        states = {row.state for rows in found.values() for row in rows.values()}
        assert states <= {State.not_observed}, (kpi, dims, states)
        assert dims or "business" in run.clocks or found, kpi
        return len(found)
    assert set(found) == set(wanted), (kpi, dims, set(found) ^ set(wanted))
    for key, answer in wanted.items():
        assert set(found[key]) == set(answer), (kpi, key)
        for stat, values in answer.items():
            agree(found[key][stat], values)
    return sum(len(rows) for rows in found.values())


def one(seed: int) -> int:
    random = Random(seed)
    made = desk(random, random.choice((0, 1, 2, 3, 5, 8, 20, 60, 90)))
    return compare(made, drawn_run(random, made))


def several(seeds: range) -> int:
    """Rows compared over the desks of all seeds; a failure names its seed."""
    rows = 0
    for seed in seeds:
        try:
            rows += one(seed)
        except Exception as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong
    return rows


@pytest.mark.parametrize("block", range(examples(2, times=3)))
def test_every_kpi_agrees_with_the_oracle(block):
    assert several(range(block * 10, block * 10 + 10)) > 500


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_every_kpi_agrees_with_the_oracle_on_thousands_of_desks(block):
    if not LONG:
        pytest.skip("a quarter of an hour: set SUPPORTKPI_LONG=1")
    assert several(range(1000 + block * 100, 1100 + block * 100)) > 5000


@settings(max_examples=examples(14, times=99), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(strategies.randoms(use_true_random=False), strategies.integers(0, 4))
def test_small_desks_agree_and_shrink(random, size):
    made = desk(random, size)
    run = drawn_run(random, made)
    note(f"{made}\n{run}")
    compare(made, run)

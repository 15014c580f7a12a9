"""Files that were cut by creation: what they cannot show is said, and ordinary exports are left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl
import pytest

from supportkpi import periods
from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import Facts, fold
from supportkpi.report import Report, State
from supportkpi.schema import INSTANT, SURVEYS, Dataset, Extent, Kind, Stamp, Stamps, Status, check, observed

STAMPS = (
    Stamp(column="created_at", kind=Kind.created, extent=Extent.EVERY),
    Stamp(column="solved_at", kind=Kind.status, extent=Extent.LAST, value=Status.solved.value),
)
ORIGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


def desk(seed: int, *, days: int = 120, pace: float = 40.0, office: bool = True) -> list[tuple[datetime, datetime]]:
    """Creations and solutions of a desk: so many tickets on a working day, hours or days until each is solved."""
    random = Random(seed)
    tickets = []
    for day in range(days):
        weekend = day % 7 > 4
        for _ in range(
            round(random.gauss(pace, pace**0.5)) if not weekend else round(pace / 20 if office else pace / 2)
        ):
            at = ORIGIN + timedelta(
                days=day, hours=random.triangular(0, 24, 11) if not office else random.uniform(6, 16)
            )
            tickets.append((at, at + timedelta(hours=random.expovariate(1 / 30))))
    return sorted(tickets)


def exported(
    tickets: list[tuple[datetime, datetime]],
    taken: datetime,
    *,
    first: datetime | None = None,
    last: datetime | None = None,
) -> Dataset:
    """What an export shows that is taken at an instant: of all tickets by then, or of those created up to ``last``."""
    kept = [(at, end) for at, end in tickets if (first or ORIGIN) <= at < min(last or taken, taken)]
    solved = [end if end <= taken else None for _, end in kept]
    frame = pl.DataFrame(
        {"ticket_id": [str(n) for n in range(len(kept))], "created_at": [at for at, _ in kept], "solved_at": solved},
        schema={"ticket_id": pl.String, "created_at": INSTANT, "solved_at": INSTANT},
    )
    newest = frame.select(pl.max_horizontal(pl.col("created_at", "solved_at").max())).item()
    rows = frame.select("ticket_id", pl.lit(newest, INSTANT).alias("observed_until"))
    return check(
        Dataset(
            history=Stamps(frame=frame, stamps=STAMPS),
            tickets=rows,
            surveys=pl.DataFrame(schema=dict(SURVEYS)),
            observes=observed(STAMPS),
        )
    )


MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
TAKEN = datetime(2026, 4, 3, 8, tzinfo=UTC)


def facts(**cut: datetime) -> Facts:
    return fold(exported(desk(7), TAKEN, **cut), Settings())


def report(found: Facts, period: str | None = None, *, by: tuple[str, ...] = ()) -> Report:
    window = periods.window(period, timezone="UTC") if period else None
    kpis = ["tickets_created", "tickets_solved", "closure_ratio", "backlog", "backlog_age", "resolution_time"]
    return measure(found, settings=Settings(), window=window, kpis=kpis, by=by)


def test_a_month_slice_is_told_by_what_goes_on_behind_it() -> None:
    cut = facts(first=MARCH, last=APRIL).cut
    assert cut is not None
    assert cut.last.date() == datetime(2026, 3, 31, tzinfo=UTC).date()
    assert cut.last < cut.until < cut.newest


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("office", [True, False])
def test_an_ordinary_export_is_no_slice_whenever_it_is_taken(seed: int, office: bool) -> None:
    random = Random(seed)
    taken = ORIGIN + timedelta(hours=random.uniform(30 * 24, 115 * 24))
    tickets = desk(seed, pace=random.choice((3.0, 20.0, 90.0)), office=office)
    assert fold(exported(tickets, taken), Settings()).cut is None


def test_a_slice_does_not_show_what_was_open_later() -> None:
    found = facts(first=MARCH, last=APRIL)
    row = report(found).get("backlog")
    assert (row.value, row.state) == (None, State.not_observed)
    assert row.reason is not None
    assert "end with tickets created on 2026-03-31 but go on to 2026-04-03" in row.reason[0]
    assert "neighbouring months" in row.reason[0]
    assert report(found).get("backlog_age").state is State.not_observed
    assert report(found).get("tickets_solved").value, "solved so far stays"
    assert report(found, "2026-03").get("backlog").value, "up to the end of the slice it is known"


def test_a_slice_shows_no_month_behind_it() -> None:
    found = facts(first=MARCH, last=APRIL)
    for row in report(found, "2026-04").cells:
        assert (row.value, row.state) == (None, State.not_observed), row
    solved = report(found, by=("month",))
    assert solved.get("tickets_solved", month="2026-03").value
    assert solved.get("tickets_solved", month="2026-04").state is State.not_observed
    assert solved.get("closure_ratio", month="2026-04").state is State.not_observed


def test_the_whole_file_shows_all_that() -> None:
    found = facts()
    assert found.cut is None
    assert report(found).get("backlog").value is not None
    assert report(found, "2026-04").get("tickets_solved").value
    assert report(found, by=("month",)).get("backlog", month="2026-04").value is not None


def test_tickets_that_are_known_for_less_long_leave_no_stock() -> None:
    whole = exported(desk(7), TAKEN)
    early = pl.when(pl.int_range(pl.len()) < 200).then(pl.lit(ORIGIN + timedelta(days=14), INSTANT))
    tickets = whole.tickets.with_columns(early.otherwise("observed_until").alias("observed_until"))
    stamps = whole.history.frame.with_columns(  # type: ignore[union-attr]
        pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise("solved_at").alias("solved_at")
    )
    data = Dataset(
        history=Stamps(frame=stamps, stamps=STAMPS), tickets=tickets, surveys=whole.surveys, observes=whole.observes
    )
    row = report(fold(data, Settings())).get("backlog")
    assert row.state is State.not_observed
    assert row.reason == ("what became of some open tickets after 2026-01-19 is not in the files: export them again",)
    assert report(fold(data, Settings()), "2026-W03").get("backlog").value, "up to there it is known"


def test_a_lone_late_date_makes_no_slice() -> None:
    tickets = desk(7, days=60)
    lone = [(tickets[0][0], tickets[-1][0] + timedelta(days=20)), *tickets[1:]]
    last = max(at for at, _ in tickets)
    data = exported([(at, end if end <= last or (at, end) == lone[0] else last) for at, end in lone], TAKEN)
    assert fold(data, Settings()).cut is None


def test_a_later_instant_than_the_export_makes_no_slice() -> None:
    evening = TAKEN.replace(hour=20)
    data = exported(desk(7), evening)
    assert fold(data, Settings(as_of=evening + timedelta(days=60))).cut is None

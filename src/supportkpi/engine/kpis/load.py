"""Load: what comes in and what is worked off by hour of the week, over the hours that there really were (method 2.13).

An hour of the clock that ran twice has two hours of exposure, one that was skipped has none: a rate over it is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from supportkpi.calendars import to_utc, zone_of
from supportkpi.engine.grouping.groups import WEEKDAYS
from supportkpi.engine.grouping.scope import Scope, within
from supportkpi.engine.statistics.quantiles import QUANTILES
from supportkpi.facts import ON_CALENDAR, population, solve_events
from supportkpi.facts.agents import acts
from supportkpi.report import Series
from supportkpi.schema import INSTANT

KIND = "load"
SLOTS = ("weekday", "hour", "n", "exposure", "mean", "p90")
OFF_HOURS = ("working_hours", "n", "share", "first_response_n", "first_response_median_s")
_GRAIN, _QUARTERS = "15m", 4  # zones are whole quarters of an hour apart
_WEEK = pl.DataFrame({"weekday": range(7)}, schema={"weekday": pl.Int8}).join(
    pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int8}), how="cross"
)


def load(scope: Scope, *, detail: bool) -> Iterator[Series]:
    """What comes in, an hour of the week a point; with ``detail`` also what is worked off, by how many, and when.

    Columns SLOTS: n in all, exposure in hours, mean and p90 of an hour (null where the period has none). Of the others
    ``load.replies`` counts public replies, ``load.solved`` solutions, ``load.agents`` the agents who did anything, hour
    by hour, with the arrivals for each of them; ``load.off_hours`` (columns OFF_HOURS) has the arrivals inside and
    outside of working hours with the median of their first response time on the 24/7 clock.
    """
    hours = _hours(scope)
    if hours is None or "created_at" in scope.facts.unobserved or scope.facts.by_day("created_at"):
        return
    created = population(scope.facts).select(at="created_at")
    arrivals = _slots(_inside(created.lazy(), scope).collect(), hours, scope.settings.timezone)
    yield _series("load", "tickets_created", arrivals)
    if detail:
        yield from _work(scope, hours, arrivals)
        yield from _off_hours(scope)


def _series(name: str, kpi: str, slots: pl.DataFrame) -> Series:
    shown = slots.with_columns(weekday=pl.lit(pl.Series(WEEKDAYS)).gather(pl.col("weekday")))
    return Series(id=name, kpi=kpi, kind=KIND, columns=tuple(shown.columns), points=tuple(shown.iter_rows()))


def _work(scope: Scope, hours: pl.DataFrame, arrivals: pl.DataFrame) -> Iterator[Series]:
    zone = scope.settings.timezone
    if "last_solved_at" not in scope.facts.unobserved and not scope.facts.by_day("last_solved_at"):
        solved = _inside(solve_events(scope.facts).select("at").lazy(), scope).collect()
        yield _series("load.solved", "tickets_solved", _slots(solved, hours, zone))
    done = acts(scope.facts)
    if done is None:
        return
    mine = done.join(population(scope.facts).lazy().select("ticket_id"), on="ticket_id", how="semi")
    known = _inside(mine.select("at", "agent", "is_reply"), scope).collect()
    if "replies" not in scope.facts.unobserved:
        yield _series("load.replies", "replies_per_ticket", _slots(known.filter("is_reply").select("at"), hours, zone))
    if known.height:
        busy = _slots(known.select("agent", at=_hour_of("at", zone)).unique().select("at"), hours, zone)
        contacts = pl.when(pl.col("n") > 0).then(pl.lit(arrivals["n"]) / pl.col("n"))
        yield _series("load.agents", "tickets_created", busy.with_columns(contacts_per_agent=contacts))


def _inside(rows: pl.LazyFrame, scope: Scope) -> pl.LazyFrame:
    return rows.filter(within("at", scope.window) & pl.col("at").is_not_null())


def _hour_of(column: str, zone: str) -> pl.Expr:
    """The instant at which the hour of the local clock began that an instant lies in."""
    local = pl.col(column).dt.convert_time_zone(zone_of(zone).key)
    past = pl.duration(
        minutes=local.dt.minute(),
        seconds=local.dt.second(),
        microseconds=local.dt.nanosecond() // 1_000,
        time_unit="us",
    )
    return pl.col(column) - past


def _hours(scope: Scope) -> pl.DataFrame | None:
    """The hours of the period that the data covers: (at: when each began, weekday from 0, hour, exposure in hours).

    They end with the hour of the newest instant: nobody has seen what came after it.
    """
    days, as_of = scope.days, scope.facts.as_of
    if days is None or as_of is None:
        return None
    zone = scope.settings.timezone
    start, end = _midnight(days[0], zone), _midnight(days[1] + timedelta(days=1), zone)
    quarters = pl.datetime_range(start, end, _GRAIN, closed="left", time_zone="UTC", time_unit="us", eager=True)
    local = pl.col("quarter").dt.convert_time_zone(zone_of(zone).key)
    return (
        quarters.alias("quarter")
        .to_frame()
        .with_columns(
            at=_hour_of("quarter", zone),
            weekday=(local.dt.weekday() - 1).cast(pl.Int8),
            hour=local.dt.hour().cast(pl.Int8),
        )
        .group_by("at", "weekday", "hour")
        .agg(exposure=pl.len() / _QUARTERS)
        .filter(pl.col("at") <= pl.lit(as_of, INSTANT))
    )


def _midnight(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time()), zone).astimezone(UTC)


def _slots(rows: pl.DataFrame, hours: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The columns SLOTS of instants (``at``), for each of the 168 hours of the week in order."""
    counts = rows.select(at=_hour_of("at", zone)).group_by("at").agg(n=pl.len())
    every = hours.join(counts, on="at", how="left").with_columns(pl.col("n").fill_null(0))
    found = every.group_by("weekday", "hour").agg(
        pl.col("n").sum(),
        pl.col("exposure").sum(),
        p90=pl.col("n").cast(pl.Float64).quantile(QUANTILES["p90"], "linear"),
    )
    week = _WEEK.join(found, on=["weekday", "hour"], how="left").sort("weekday", "hour")
    return week.select(
        "weekday",
        "hour",
        pl.col("n").fill_null(0),
        pl.col("exposure").fill_null(0.0),
        mean=pl.col("n") / pl.col("exposure"),
        p90="p90",
    )


def _off_hours(scope: Scope) -> Iterator[Series]:
    """Arrivals inside and outside of the working hours of each ticket's own calendar."""
    choices = scope.settings.calendars
    if not choices:
        return
    tickets = population(scope.facts).filter(within("created_at", scope.window) & pl.col("created_at").is_not_null())
    single = len(choices) == 1 and not choices[0].when
    place = pl.lit(0, pl.UInt32) if single or ON_CALENDAR not in tickets.columns else pl.col(ON_CALENDAR)
    parts = []
    for number, choice in enumerate(choices):
        mine = tickets.filter(place == number)
        parts.append(mine.with_columns(choice.calendar.open_at(mine["created_at"]).alias("is_open")))
    rows = pl.concat(parts)
    answered = pl.col("has_first_response") & pl.col("first_response_s").is_not_null()
    points = []
    for name, is_open in (("inside", True), ("outside", False)):
        here = rows.filter(pl.col("is_open") == is_open)
        seconds = here.filter(answered)["first_response_s"]
        share = here.height / rows.height if rows.height else None
        median = seconds.median()
        points.append((name, here.height, share, seconds.len(), median if isinstance(median, float) else None))
    yield Series(id="load.off_hours", kpi="first_response_time", kind=KIND, columns=OFF_HOURS, points=tuple(points))

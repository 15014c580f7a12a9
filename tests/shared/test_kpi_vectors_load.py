"""Load by hour as in ../shared/vectors/kpi.jsonl: local hours, real hours, and the hour of creation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from test_kpi_vectors import cases, instant

from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.periods import window
from supportkpi.report import Report
from supportkpi.schema import SURVEYS, TICKETS, Actor, Dataset, Extent, Kind, Sight, Stamp, Stamps, check

pytestmark = pytest.mark.shared
INSTANTS = {"created_at": Kind.created, "replied_at": Kind.message}


def case(name: str) -> list[object]:
    return [param for param in cases("load") if not param.values[0] or param.values[0]["id"] == name]


def dataset(created: list[str], replied: list[datetime] | None = None) -> Dataset:
    ids = [str(place) for place in range(len(created))]
    at = [instant(text) for text in created]
    late = max([*at, *(replied or [])], default=datetime(2026, 1, 1, tzinfo=UTC))
    frame = pl.DataFrame(
        {"ticket_id": ids, "created_at": at, "replied_at": replied or [None] * len(at)},
        schema={"ticket_id": pl.String} | dict.fromkeys(INSTANTS, TICKETS["restored_at"]),
    )
    stamps = (
        Stamp(column="created_at", kind=Kind.created, extent=Extent.EVERY),
        Stamp(column="replied_at", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.FIRST),
    )
    tickets = frame.select("ticket_id", pl.lit(late, TICKETS["observed_until"]).alias("observed_until"))
    return check(
        Dataset(
            history=Stamps(frame=frame, stamps=stamps),
            tickets=tickets,
            surveys=pl.DataFrame(schema=dict(SURVEYS)),
            observes={Sight.created: Extent.EVERY, Sight.reply: Extent.FIRST},
        )
    )


def report(vector: dict, **more: object) -> Report:
    """The report of a case; where it has a period, of the whole of it: the export was taken when it was over."""
    zone, period = vector["options"]["tz"], vector["input"].get("period")
    over = None if period is None else datetime.fromisoformat(period[1]).replace(tzinfo=UTC) + timedelta(days=1)
    last = None if period is None else (datetime.fromisoformat(period[1]) - timedelta(days=1)).date()
    settings = Settings(timezone=zone, as_of=over)
    asked = None if period is None else window(f"{period[0]}..{last}", timezone=zone)
    data = dataset(vector["input"].get("created", []))
    return measure(fold(data, settings), settings=settings, window=asked, **more)


def hour(found: Report, at: int) -> tuple[float, float]:
    """n and exposure of an hour of the day."""
    (load,) = [series for series in found.series if series.id == "load"]
    lines = [dict(zip(load.columns, point, strict=True)) for point in load.points]
    kept = [line for line in lines if line["hour"] == at]
    return sum(line["n"] for line in kept), sum(line["exposure"] for line in kept)


@pytest.mark.parametrize("vector", case("load-01"))
def test_hours_are_local(vector):
    (load,) = [series for series in report(vector).series if series.id == "load"]
    (point,) = [point for point in load.points if point[2]]
    assert dict(zip(load.columns, point, strict=True)) | vector["expected"] == dict(
        zip(load.columns, point, strict=True)
    )


@pytest.mark.parametrize("vector", case("load-02"))
def test_days_without_tickets_count(vector):
    n, exposure = hour(report(vector), 9)
    assert n == vector["expected"]["hour9_total"]
    assert n / exposure == pytest.approx(vector["expected"]["hour9_mean_per_day"], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", case("load-03"))
def test_an_hour_that_ran_twice_has_two_hours(vector):
    n, exposure = hour(report(vector), 2)
    assert (n, exposure) == (vector["expected"]["hour2_total"], vector["expected"]["hour2_exposure_hours"])
    assert n / exposure == vector["expected"]["hour2_rate"]


@pytest.mark.parametrize("vector", case("load-04"))
def test_an_hour_that_was_skipped_has_no_rate(vector):
    found = report(vector)
    assert hour(found, 2) == (0, vector["expected"]["hour2_exposure_hours"])
    (load,) = [series for series in found.series if series.id == "load"]
    rates = [dict(zip(load.columns, point, strict=True))["mean"] for point in load.points if point[1] == 2]
    assert rates == [vector["expected"]["hour2_rate"]] * 7


@pytest.mark.parametrize("vector", case("load-05"))
def test_first_response_by_hour_goes_by_the_hour_of_creation(vector):
    tickets = vector["input"]["tickets"]
    created = [ticket["created_at"] for ticket in tickets]
    replied = [instant(ticket["created_at"]) + timedelta(seconds=ticket["frt_s"]) for ticket in tickets]
    settings = Settings(timezone=vector["options"]["tz"])
    found = measure(fold(dataset(created, replied), settings), settings=settings, by=["hour"])
    for at, wanted in vector["expected"].items():
        row = found.get("first_response_time", "median", hour=f"{int(at):02}")
        assert {"n": row.n, "median_s": row.value} == wanted

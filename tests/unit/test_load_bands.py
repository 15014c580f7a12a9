"""Load bands: hours against the same hours of the weeks before; service levels that are fixed for each beforehand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from desks import REPLY, agreement, at, desk, rule

from supportkpi import config
from supportkpi.clocks import assumed, idle, ledger, unknown
from supportkpi.decisions import LoadBands, Settings
from supportkpi.engine.measure import measure
from supportkpi.errors import ConfigValue
from supportkpi.facts import Facts

RULES = [
    rule("rush", {"load": ["high", "incident"]}, first_response="30m"),
    rule("normal", first_response="5m"),
]
NOW = at("2026-03-30 10:00")  # a Monday, the day after the clocks went forward in Berlin


def arrivals(weekly: list[int], now: int, *, zone: str = "UTC", waited: int = 8, **options: object) -> Facts:
    """So many tickets in this hour of each week before, the last one first, and ``now`` in this one."""
    tickets = []
    for back, many in enumerate([now, *weekly]):
        local = NOW - timedelta(days=7 * back)
        if zone == "Europe/Berlin" and back:
            local += timedelta(hours=1)  # the same hour of the wall clock, before summer time
        for number in range(many):
            asked = local + timedelta(minutes=number % 60)
            reply = (asked + timedelta(minutes=waited)).isoformat()
            tickets.append({"id": f"{back}-{number}", "at": asked.isoformat(), "events": [(reply, REPLY)]})
    return desk(*tickets, until="2026-03-31 00:00", settings=Settings(timezone=zone, **options))


def band(facts: Facts, weeks: int = 0) -> set[str]:
    """The rules of the tickets of an hour, by a rule for each band."""
    rules = [rule(name, {"band": [name]}, first_response="1h") for name in ("normal", "high", "incident")]
    clocks = ledger(facts, agreement(rules))
    return set(clocks.filter(clocks["ticket_id"].str.starts_with(f"{weeks}-"))["rule"])


@pytest.mark.parametrize(("now", "found"), [(4, "normal"), (6, "normal"), (7, "high"), (12, "high"), (13, "incident")])
def test_the_band_is_arrivals_against_the_median_of_the_same_hours(now: int, found: str) -> None:
    assert band(arrivals([4, 4, 4, 4, 4, 4, 40, 1], now)) == {found}  # one wild week is no yardstick


def test_hours_of_the_wall_clock_are_the_same_hours() -> None:
    assert band(arrivals([4] * 8, 13, zone="Europe/Berlin")) == {"incident"}
    assert band(arrivals([4] * 8, 13, zone="UTC")) == {"incident"}


def test_without_weeks_to_compare_with_an_hour_is_normal() -> None:
    assert band(arrivals([4, 4, 4], 40)) == {"normal"}
    assert band(arrivals([4] * 8, 1), weeks=8) == {"normal"}


def test_an_hour_that_is_usually_silent_takes_more_than_a_few() -> None:
    quiet = [0, 0, 0, 0, 0, 0, 0, 3]
    assert band(arrivals(quiet, 4)) == {"normal"}
    assert band(arrivals(quiet, 5)) == {"incident"}


def test_the_bounds_are_for_the_config_to_say() -> None:
    assert band(arrivals([4] * 8, 7, load_bands=LoadBands(high=2, incident=4))) == {"normal"}
    read = config.parse_config("load_bands: {high: 2, incident: 4}")
    assert read.sections["load_bands"] == LoadBands(high=2, incident=4)
    with pytest.raises(ConfigValue, match="busy hour"):
        config.parse_config("load_bands: {high: 4, incident: 2}")


def test_rigid_and_adaptive_targets_of_the_same_day() -> None:
    facts = arrivals([4] * 8, 20)
    rigid, adaptive = agreement({"first_response": "5m"}), agreement(RULES)
    today = [
        [state == "met" for state, name in ledger(facts, sla).select("state", "ticket_id").rows() if name[0] == "0"]
        for sla in (rigid, adaptive)
    ]
    assert [sum(each) for each in today] == [0, 20]
    assert idle(facts, adaptive) == unknown(facts, adaptive) == ()


def test_a_band_that_does_not_exist_is_named() -> None:
    facts = arrivals([4] * 8, 4)
    sla = agreement([rule("rush", {"load": ["heavy"]}, first_response="1h")])
    assert unknown(facts, sla) == ("rule rush is for tickets by load, which no ticket has",)
    assert isinstance(NOW, datetime)


def test_a_report_shows_the_rigid_share_beside_the_adaptive_one() -> None:
    """Eight calm weeks of 4 tickets and one rush of 20, all answered after 8 minutes: 20 of 52 within 5 or 30 m."""
    sla = agreement(RULES)
    settings = Settings(sla=sla)
    facts = arrivals([4] * 8, 20, sla=sla)
    report = measure(facts, settings=settings, kpis=["sla_first_response"])
    assert (report.get("sla_first_response").x, report.get("sla_first_response").n) == (20, 52)
    assert (report.get("sla_first_response", "rigid").x, report.get("sla_first_response", "rigid").n) == (0, 52)
    assert assumed(facts, sla) == ("limits go by load: 11 % of the hours in which tickets came were busier than usual",)


def test_a_limit_of_a_normal_hour_is_the_rigid_one() -> None:
    rules = [
        rule("calm", {"load": ["normal"]}, first_response="5m"),
        rule("busy", {"load": ["high", "incident"]}, first_response="30m"),
    ]
    facts = arrivals([4] * 8, 20, waited=4, sla=agreement(rules))
    report = measure(facts, settings=facts.settings, kpis=["sla_first_response"])
    assert report.get("sla_first_response", "rigid").n == 52  # nobody falls between the rules
    assert report.get("sla_first_response", "rigid").value == 1


def test_nothing_is_said_of_load_where_no_limit_goes_by_it() -> None:
    sla = agreement({"first_response": "5m"})
    facts = arrivals([4] * 8, 20, sla=sla)
    report = measure(facts, settings=facts.settings, kpis=["sla_first_response"])
    told = [row for row in report.cells if row.stat in ("rigid", "good")]
    assert [(row.group, row.n, row.value) for row in told] == [({}, 0, None)] * 2
    assert assumed(facts, sla) == ()


@pytest.mark.parametrize("name", ["band", "load"])
def test_any_kpi_can_be_broken_down_by_band(name: str) -> None:
    facts = arrivals([4] * 8, 13, sla=agreement(RULES))
    report = measure(facts, settings=facts.settings, by=[name], kpis=["tickets_created", "sla_first_response"])
    rows = [(row.kpi, row.group["band"], row.n) for row in report.cells if "band" in row.group and row.stat != "rigid"]
    assert [row for row in rows if row[0] == "tickets_created"] == [
        ("tickets_created", "normal", 32),
        ("tickets_created", "incident", 13),
    ]
    assert {(band, n) for kpi, band, n in rows if kpi == "sla_first_response"} >= {("normal", 32), ("incident", 13)}

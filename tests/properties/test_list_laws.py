"""Laws of lists: a list has as many tickets as the report's number says, under every filter and period."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from random import Random

import polars as pl
import pytest
from made_up import canonical
from thorough import LONG

import supportkpi
from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Csat, Settings
from supportkpi.demo import made
from supportkpi.facts import Facts
from supportkpi.lists import Listing
from supportkpi.metrics import catalogue
from supportkpi.report import Report, Row
from supportkpi.sla import Limit, Rule, Sla, Version, limit

OFFICE = Calendar(timezone="Europe/Berlin", hours={"mon-fri": ["09:00-13:00", "14:00-18:00"]})
LIMITS: dict[str, Limit] = {
    "first_response": limit("2h"),
    "next_response": limit("4h"),
    "resolution": limit("2bd"),
    "update": limit("1bd"),
}
AGREED = Sla(
    versions=(
        Version(
            calendar="office",
            rules=(
                Rule(name="urgent", when={"priority": ("urgent",)}, limits={**LIMITS, "first_response": limit("30m")}),
                Rule(name="other", limits=LIMITS),
            ),
            pause_on={"resolution": ("pending", "hold")},
        ),
    ),
    calendars={"office": OFFICE},
)
SETTINGS = Settings(
    timezone="Europe/Berlin",
    calendar="office",
    calendars=(CalendarChoice(name="office", calendar=OFFICE),),
    csat=Csat(scale="binary"),
    sla=AGREED,
)
PLAIN = replace(SETTINGS, sla=None)
TIMED = ("first_response", "next_response", "resolution", "update")
CUTS = [
    {},
    {"where": "priority=high"},
    {"where": ["channel=email", "priority!=low"]},
    {"period": "2026-02"},
    {"period": "2026-Q1", "where": "tier=vip"},
]
SHORT = [(place, kind) for place in range(len(CUTS)) for kind in range(4) if LONG or not place or (place + kind) % 2]
"""Which cut of the tickets meets which timed promise: each meets each in a long run, else every other one."""
OTHERS = [pair for pair in product(range(len(CUTS)), range(4)) if LONG or pair not in SHORT or pair == (0, 0)]
OF_CUSTOMERS = {"requesters", "requesters_solved", "tickets_per_requester", "returned_without_repeat"}
MADE_OF_FIGURES = {"cost_per_contact"}


@cache
def facts() -> Facts:
    return supportkpi.fold(canonical(made(seed=11, tickets=600)), SETTINGS)


@cache
def report(place: int) -> Report:
    return supportkpi.measure(facts(), settings=SETTINGS, detail=False, **CUTS[place])


def row(kpi: str, cut: dict) -> Row:
    return report(CUTS.index(cut)).get(kpi)


def listed(cut: dict, **asked: object) -> Listing:
    by_clock = asked.get("list") == "breached" or "breached" in asked.get("list", ()) or "at_risk" in asked
    return supportkpi.tickets(facts(), settings=SETTINGS if by_clock else PLAIN, **asked, **cut)


@pytest.mark.parametrize(("cut", "timed"), [(CUTS[place], TIMED[kind]) for place, kind in SHORT], ids=str)
def test_the_late_clocks_are_those_of_the_report(cut, timed):
    counts = row(f"sla_{timed}", cut).counts
    found = listed(cut, list="breached", kpi=f"sla_{timed}")
    (head,) = found.heads
    assert (head.n, head.n_open) == (counts["breached_closed"] + counts["breached_open"], counts["breached_open"])
    assert head.of == row(f"sla_{timed}", cut).n
    late = found.clocks.filter((pl.col("target") == timed) & pl.col("state").cast(pl.String).str.contains("breached"))
    assert late.height == head.n
    assert set(late["ticket_id"]) == set(found.tickets["ticket_id"])
    if timed in ("first_response", "resolution"):  # one clock a ticket
        assert found.tickets.height == head.n


@pytest.mark.parametrize(("cut", "timed"), [(CUTS[place], TIMED[kind]) for place, kind in OTHERS], ids=str)
def test_clocks_at_any_risk_are_all_that_run(cut, timed):
    counts = row(f"sla_{timed}", cut).counts
    (head,) = listed(cut, at_risk="800000h", kpi=f"sla_{timed}").heads
    assert head.n == head.of == counts["running"] + counts["paused"]
    assert (head.beside["late"], head.beside["paused"]) == (counts["breached_open"], counts["paused"])


KPIS = [name for name in catalogue() if not name.startswith("sla_")]
BEHIND = [(CUTS[-1], kpi) for kpi in KPIS] + [
    (cut, kpi) for at, kpi in enumerate(KPIS) for cut in (CUTS[2:-1] if LONG else [CUTS[2 + at % 2]])
]
"""Every KPI under a filter in a period, and under filters alone or in a month alone; both in a long run."""


@pytest.mark.parametrize(("cut", "kpi"), BEHIND, ids=str)
def test_the_tickets_behind_a_number_are_as_many_as_it_says(cut, kpi):
    number = row(kpi, cut)
    if kpi in MADE_OF_FIGURES or number.state.value == "not_observed":
        with pytest.raises(supportkpi.KpiError, match=r"made of figures|cannot list|this export"):
            listed(cut, kpi=kpi)
        return
    found = listed(cut, kpi=kpi)
    tickets, counts = found.tickets, found.heads[0].beside
    assert tickets["ticket_id"].is_unique().all()
    if kpi in OF_CUSTOMERS:
        customers = tickets.filter("in_n" if kpi != "returned_without_repeat" else "in_x")["requester"].n_unique()
        wanted = {"tickets_per_requester": number.n, "returned_without_repeat": number.x}.get(kpi, number.value)
        assert customers == wanted
    elif kpi == "next_response_time":
        assert (counts["waits"], counts["open_waits"]) == (number.n, number.n_open)
    elif catalogue()[kpi].over == "surveys":
        assert counts["answers"] == (number.n if kpi != "csat_response_rate" else counts["answers"])
        assert counts["n"] == tickets.height
    else:
        assert counts["n"] == tickets["in_n"].sum() == number.n
        assert number.x is None or tickets["in_x"].sum() == number.x or kpi in ("closure_ratio", "replies_per_ticket")
        assert number.n_open is None or tickets["in_n_open"].sum() == number.n_open


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_flags_are_the_parts_of_numbers(cut):
    assert listed(cut, list="reopened").tickets.height == row("reopen_rate", cut).x
    assert listed(cut, list="repeat").tickets.height == row("repeat_contact_rate", cut).x
    assert listed(cut, list="unanswered").tickets.height == row("first_response_time", cut).n_open
    csat = row("csat", cut)
    assert listed(cut, rated="bad").tickets.height == csat.counts["dissatisfied"]
    assert listed(cut, rated="good").tickets.height == csat.counts["satisfied"]


@pytest.mark.parametrize("cut", CUTS if LONG else CUTS[::2], ids=str)
def test_lists_together_are_what_they_share(cut):
    late = set(listed(cut, list="breached").tickets["ticket_id"])
    bad = set(listed(cut, rated="bad").tickets["ticket_id"])
    again = set(listed(cut, list="reopened").tickets["ticket_id"])
    assert set(listed(cut, list="breached", rated="bad").tickets["ticket_id"]) == late & bad
    assert set(listed(cut, list=["breached", "reopened"], rated="bad").tickets["ticket_id"]) == late & bad & again


def test_the_slowest_are_the_longest_of_all_and_open_ones_are_among_them():
    every = listed({}, kpi="resolution_time").tickets
    slow = listed({}, slowest=25).tickets
    assert slow["took_s"].to_list() == sorted(every["took_s"], reverse=True)[:25]


def test_silence_is_counted_to_the_end_of_observation():
    found = listed({}, silent="48h").tickets
    known = facts().tickets.filter(~pl.col("is_resolved") & pl.col("exclusion").is_null())
    quiet = known.filter((pl.col("until") - pl.col("last_event_at")).dt.total_seconds() >= 48 * 3600)
    assert 0 < found.height == quiet.height < known.height
    assert set(found["ticket_id"]) == set(quiet["ticket_id"])


def test_the_order_of_the_file_changes_no_list():
    data = facts().dataset
    order = list(range(data.tickets.height))
    Random(3).shuffle(order)
    other = supportkpi.fold(replace(data, tickets=data.tickets[order]), SETTINGS)
    for asked in (
        {"list": "breached"},
        {"list": "reopened"},
        {"rated": "bad"},
        {"kpi": "csat"},
        {"slowest": 30},
        {"sample": 3, "per": ["agent", "channel"], "seed": 5},
        {"at_risk": "9h"},
    ):
        one, two = (supportkpi.tickets(each, settings=SETTINGS, **asked).tickets for each in (facts(), other))
        assert one.equals(two), asked


def test_a_larger_sample_begins_with_the_smaller():
    small, large = (listed({}, sample=n, per="agent", seed=8) for n in (2, 6))
    for stratum in small.strata:
        mine = [
            found.tickets.filter(pl.col("stratum") == stratum.label)["ticket_id"].to_list() for found in (small, large)
        ]
        assert mine[1][: len(mine[0])] == mine[0]
    assert sum(s.weight * s.taken for s in large.strata) == pytest.approx(large.heads[-1].of)


def test_an_instant_after_the_export_lets_clocks_run_on():
    data = facts().dataset
    later = replace(SETTINGS, as_of=datetime(2026, 6, 1, tzinfo=UTC))
    now = supportkpi.tickets(data, settings=later, list="breached", kpi="sla_first_response")
    then = listed({}, list="breached", kpi="sla_first_response")
    running = row("sla_first_response", {}).counts["running"]
    assert now.heads[0].n == then.heads[0].n + running

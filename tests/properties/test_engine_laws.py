"""Laws of the engine: what must hold between two readings of made-up desks, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings, strategies
from polars.testing import assert_frame_equal, assert_series_equal
from thorough import examples
from timelines import SPAN, Desk, Event, Ticket, at, dataset, desk, log_desk, whole_desk, wide_desk

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Settings, Window
from supportkpi.engine.measure import measure
from supportkpi.facts import SPANS, Facts, fold, newest
from supportkpi.report import Row, State
from supportkpi.schema import DONE, Dataset, Log, log

ALWAYS = CalendarChoice(name="24x7", calendar=Calendar.always())
OFFICE = CalendarChoice(
    name="office", calendar=Calendar(timezone="Europe/Berlin", hours={"mon-fri": ["09:00-13:00", "14:00-18:00"]})
)
MONTH = Window(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC), label="2026-03")
seeds = strategies.integers(0, 10_000)
some = settings(max_examples=examples(6), deadline=None, derandomize=True)
few = settings(max_examples=examples(4, times=12), deadline=None, derandomize=True)  # of whole reports, two or more


def cells(data: Dataset, chosen: Settings | None = None, **asked: object) -> tuple[Row, ...]:
    chosen = chosen or Settings()
    return measure(fold(data, chosen), settings=chosen, detail=False, **asked).cells


def made(seed: int, make: Callable[[Random, int], Desk] = desk) -> Desk:
    random = Random(seed)
    return make(random, random.choice((1, 4, 30)))


def drawn_settings(seed: int) -> Settings:
    random = Random(seed)
    as_of = random.choice((None, None, at(random.randrange(SPAN))))
    return Settings(as_of=as_of, calendars=random.choice(((), (OFFICE,))))


@few
@given(seeds)
def test_folding_the_events_of_a_wide_export_equals_folding_it(seed):
    wide, chosen = dataset(made(seed, wide_desk)), drawn_settings(seed)
    long = replace(wide, history=Log(frame=log(wide)))
    across, down = fold(wide, chosen), fold(long, chosen)
    assert_frame_equal(across.tickets, down.tickets, check_column_order=False)
    assert_frame_equal(across.surveys, down.surveys, check_column_order=False)
    assert across.unobserved == down.unobserved
    by = ["priority", "month"]
    assert cells(wide, chosen, by=by, window=MONTH) == cells(long, chosen, by=by, window=MONTH)


@few
@given(seeds)
def test_the_order_of_rows_does_not_matter(seed):
    one, chosen = made(seed), drawn_settings(seed)
    by = ["priority", "desk,week"] if any(ticket.columns.get("desk") for ticket in one.tickets) else ["priority"]
    shuffled = dataset(one, shuffled=Random(seed))
    for row, other in zip(cells(dataset(one), chosen, by=by), cells(shuffled, chosen, by=by), strict=True):
        assert near(row) == near(other)


def near(row: Row) -> Row:
    """Sums of floats depend on their order in the last bits, and nothing else may."""
    numbers = {name: getattr(row, name) for name in ("value", "low", "high")}
    return replace(row, **{name: None if number is None else round(number, 9) for name, number in numbers.items()})


@some
@given(seeds, strategies.integers(1, 400))
def test_shifting_every_instant_changes_no_span(seed, hours):
    one, by = made(seed), timedelta(hours=hours)
    tickets = tuple(_shifted(ticket, by) for ticket in one.tickets)
    before = fold(dataset(replace(one, ratings=())), Settings(calendars=(ALWAYS,)))
    after = fold(dataset(replace(one, ratings=(), tickets=tickets)), Settings(calendars=(ALWAYS,)))
    spans = [name for name in before.tickets.columns if name.endswith(("_s", "_invalid"))]
    assert len(spans) > 10
    assert_frame_equal(before.tickets.select("ticket_id", *spans), after.tickets.select("ticket_id", *spans))


def _shifted(ticket: Ticket, by: timedelta) -> Ticket:
    events = tuple(replace(event, at=event.at + by) for event in ticket.events)
    stamps = {name: when + by if when is not None else None for name, when in ticket.stamps.items()}
    return replace(ticket, until=ticket.until + by, events=events, stamps=stamps)


@some
@given(seeds, strategies.sampled_from([None, MONTH]))
def test_groups_add_up_to_the_total(seed, window):
    additive = {
        "tickets_created": ("n", "excluded"),
        "tickets_solved": ("n", "excluded"),
        "first_response_time": ("n", "n_open", "invalid", "excluded", "solved_unanswered"),
        "resolution_time": ("n", "n_open", "invalid", "end_unknown", "status_unknown"),
        "first_contact_resolution": ("n", "x", "immature", "unlinkable"),
        "closure_ratio": ("n", "x", "solve_events"),
        "csat": ("n", "invalid", "satisfied", "neutral", "dissatisfied"),
        "nps": ("n", "invalid", "promoters", "detractors"),
        "backlog": ("n", "status_unknown"),
    }
    rows = cells(dataset(made(seed)), window=window, by=["priority", "month", "priority,week"], kpis=list(additive))
    for kpi, fields in additive.items():
        total = next(row for row in rows if row.kpi == kpi)
        for dims in {tuple(row.group) for row in rows if row.kpi == kpi and row.stat == total.stat} - {()}:
            if kpi == "backlog" and dims != ("priority",):
                continue  # a stock at the end of each month is no part of the stock at the end
            parts = [row for row in rows if (row.kpi, row.stat, tuple(row.group)) == (kpi, total.stat, dims)]
            if any(row.state is State.not_observed for row in parts):
                continue  # a stretch behind the end of a file that was cut has no number
            for name in fields:
                assert sum(_number(row, name) for row in parts) == _number(total, name), (kpi, dims, name)


def _number(row: Row, name: str) -> float:
    value = getattr(row, name) if name in ("n", "x", "n_open") else row.counts.get(name, 0)
    return value or 0


@some
@given(seeds)
def test_business_time_is_part_of_calendar_time(seed):
    data = dataset(made(seed))
    folded = fold(data, Settings(calendars=(OFFICE,)))
    office, always = folded.tickets, fold(data, Settings(calendars=(ALWAYS,))).tickets
    for span in (span for span in SPANS if f"{span.name}_s" not in folded.unobserved):
        for part in ("_s", "_age_s"):
            calendar, business = office[f"{span.name}{part}"], office[f"{span.name}_business{part}"]
            assert calendar.is_null().equals(business.is_null())
            assert (business <= calendar).all()
            assert (business >= 0).all()
            assert always[f"{span.name}{part}"].equals(always[f"{span.name}_business{part}"])


@few
@given(seeds)
def test_a_private_note_changes_no_kpi(seed):
    one, chosen = made(seed, log_desk), drawn_settings(seed)
    noted = [_with(ticket, Event(at=at(40), kind="message", actor="agent", public=False)) for ticket in one.tickets]
    before, after = (cells(dataset(some), chosen) for some in (one, replace(one, tickets=tuple(noted))))
    assert any(row.kpi == "case_duration" for row in before)  # a case lasts as long as anything happens in it
    public = [tuple(row for row in rows if row.kpi != "case_duration") for rows in (before, after)]
    assert public[0] == public[1]


def _with(ticket: Ticket, event: Event) -> Ticket:
    return replace(ticket, events=(*ticket.events, event))


@some
@given(seeds)
def test_an_unanswered_ticket_changes_only_how_many_wait_and_what_counts_them(seed):
    one = made(seed, log_desk)
    events = (Event(at=at(SPAN // 4), kind="created", actor="customer"),)
    waiting = Ticket(id="waiting", until=one.tickets[0].until, columns={}, events=events)
    more = replace(one, tickets=(*one.tickets, waiting))
    before, after = (cells(dataset(some), kpis=["first_response_time"]) for some in (one, more))
    for old, new in zip(before, after, strict=True):
        assert new.n_open == old.n_open + 1
        if new.stat not in ("km_median", "rmst"):
            assert replace(new, n_open=old.n_open) == old
        elif old.value is not None and old.n_open:
            assert new.value is None or new.value >= old.value - 1e-6


@some
@given(seeds)
def test_statuses_partition_the_life_of_a_ticket(seed):
    facts = fold(dataset(made(seed, log_desk)), drawn_settings(seed))
    lives = facts.intervals.group_by("ticket_id", maintain_order=True).agg("start", "end", "status")
    born = dict(facts.tickets.select("ticket_id", "created_at").iter_rows())
    assert {id for id, created in born.items() if created is not None} <= set(lives["ticket_id"])
    for id, starts, ends, statuses in lives.iter_rows():
        assert ends == [*starts[1:], None], "no gap and no overlap, and the last one lasts"
        assert starts == sorted(set(starts))
        assert born[id] is None or starts[0] <= born[id]
        if born[id] is not None and starts[0] == born[id] and statuses[0] == "new":
            assert len(starts) == 1 or starts[1] > born[id]
    assert _ends_done(facts) == set(facts.tickets.filter("is_resolved")["ticket_id"])


@some
@given(seeds)
def test_times_in_statuses_add_up_to_the_life_without_solved_gaps(seed):
    folded = fold(dataset(made(seed, log_desk)), Settings(calendars=(OFFICE,)))
    tickets = folded.tickets.filter(pl.col("resolution_s").is_not_null())
    for on in ("", "_business"):
        names = ("resolution", "net_resolution", "requester_wait", "agent_work", "agent_wait", "hold")
        of = {name: tickets[f"{name}{on}_s"] for name in names}
        assert_series_equal(of["net_resolution"], of["requester_wait"] + of["agent_wait"], check_names=False)
        assert_series_equal(of["requester_wait"], of["agent_work"] + of["hold"], check_names=False)
        assert (of["net_resolution"] <= of["resolution"] + 1e-6).all()
    never_back = tickets.filter(pl.col("solve_events") == 1)
    assert_series_equal(never_back["net_resolution_s"], never_back["resolution_s"], check_names=False)


@some
@given(seeds)
def test_every_message_of_a_customer_lies_in_one_wait_or_in_none(seed):
    data = dataset(made(seed, log_desk))
    folded = fold(data, drawn_settings(seed))
    for (_,), mine in folded.waits.group_by("ticket_id"):
        asked, answered = mine["asked_at"].to_list(), mine["answered_at"].to_list()
        assert asked == sorted(asked)
        assert all(end is None or start <= end for start, end in zip(asked, answered, strict=True))
        assert all(end is None or end <= start for end, start in zip(answered, asked[1:], strict=False))
        last = mine.height - 1
        still_open = mine["answered_at"].is_null() & ~mine["is_ended_by_solve"]
        assert still_open.arg_true().to_list() in ([], [last]), "only the last wait lasts"
        assert mine["is_first"].cast(pl.Int8).diff().drop_nulls().max() in (None, 0, -1), "the first waits come first"


def _ends_done(facts: Facts) -> set[str]:
    last = facts.intervals.filter(pl.col("end").is_null() & pl.col("status").is_in(DONE))
    return set(last["ticket_id"])


@few
@given(seeds)
def test_excluded_tickets_change_only_counts(seed):
    one = made(seed, whole_desk)  # spam is a sign too of files that go on
    copies = tuple(
        replace(ticket, id=f"copy of {ticket.id}", columns={**ticket.columns, "exclusion": "spam"})
        for ticket in one.tickets
    )
    ratings = tuple({**rating, "ticket_id": f"copy of {rating['ticket_id']}"} for rating in one.ratings)
    ratings = tuple(rating for rating in ratings if not str(rating["ticket_id"]).endswith("None"))
    more = replace(one, tickets=(*one.tickets, *copies), ratings=(*one.ratings, *ratings))
    before, after = cells(dataset(one)), cells(dataset(more))
    assert [replace(row, counts={}) for row in after] == [replace(row, counts={}) for row in before]
    created = next(row for row in after if row.kpi == "tickets_created")
    if "excluded" in created.counts:
        assert created.counts["excluded"] >= len(copies)


@few
@given(seeds)
def test_as_of_the_newest_instant_is_as_of_nothing(seed):
    data = dataset(made(seed))
    end = newest(data)
    later = None if end is None else end + timedelta(days=400)
    known = data.activity.filter(pl.col("at") <= end)  # it has an end of its own, where nobody names one
    assert cells(data, Settings(as_of=end)) == cells(replace(data, activity=known))
    ended = {row.kpi: row for row in cells(data, Settings(as_of=later)) if row.stat == "value"}
    for row in cells(data):
        if row.kpi in ("tickets_solved", "tickets_created", "nps", "csat") and row.stat == "value":
            assert ended[row.kpi] == row, "nothing happens after the export"


@pytest.mark.parametrize("seed", range(examples(5)))
def test_the_flow_of_tickets_adds_up_to_the_ticket(seed):
    """B(end) = B(start) + created + reopened - solved, with events on the very edges of the periods (method 2.11)."""
    one = log_desk(Random(seed), 60)
    sound = tuple(ticket for ticket in one.tickets if _sound(ticket))
    facts = fold(dataset(replace(one, tickets=sound)), Settings())
    edges = sorted({event.at for ticket in sound for event in ticket.events})[:: max(1, len(sound) // 6)]
    for start, end in pairwise(edges):
        before = _row(facts, "backlog", Window(start=None, end=start, label="before"))
        after = _row(facts, "backlog", Window(start=start, end=end, label="period"))
        flow = _row(facts, "closure_ratio", Window(start=start, end=end, label="period")).counts
        assert after.n == before.n + flow["net_growth"]
        assert flow["net_growth"] == flow["created"] + flow["reopened"] - flow["solve_events"]


def _sound(ticket: Ticket) -> bool:
    """Created once, and nothing before that or deleted: clocks that are right."""
    born = [event.at for event in ticket.events if event.kind == "created"]
    deleted = any(event.value == "deleted" for event in ticket.events)
    return len(born) == 1 and not deleted and all(event.at >= born[0] for event in ticket.events)


def _row(facts: Facts, kpi: str, window: Window) -> Row:
    return measure(facts, settings=Settings(), window=window, kpis=[kpi]).get(kpi)

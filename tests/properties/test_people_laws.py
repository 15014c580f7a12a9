"""Laws of the KPIs about customers: what must hold between two readings of made-up desks, whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings, strategies
from thorough import examples
from timelines import Desk, at, dataset, desk

from supportkpi.decisions import Repeats, Settings, Window
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.report import Row, State

MARCH = Window(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC), label="2026-03")
PEOPLE = (
    *("first_contact_resolution", "repeat_contact_rate", "returned_without_repeat", "solved_with_high_csat"),
    *("requesters", "requesters_solved", "tickets_per_requester", "tag_share", "ces", "nps"),
)
BY = ["priority", "month", "priority,week"]
some = settings(max_examples=examples(6, times=11), deadline=None, derandomize=True)
seeds = strategies.integers(0, 10_000)


def cells(
    one: Desk, chosen: Settings | None = None, *, shuffled: Random | None = None, **asked: object
) -> tuple[Row, ...]:
    chosen = chosen or Settings()
    facts = fold(dataset(one, shuffled=shuffled), chosen)
    return measure(facts, settings=chosen, kpis=PEOPLE, by=BY, detail=False, **asked).cells


def made(seed: int) -> Desk:
    random = Random(seed)
    return desk(random, random.choice((1, 4, 30)))


@some
@given(seeds, strategies.sampled_from([None, MARCH]))
def test_the_order_of_rows_does_not_matter(seed, window):
    one = made(seed)
    other = replace(one, activity=one.activity[::-1])
    assert cells(one, window=window) == cells(other, shuffled=Random(seed), window=window)


@some
@given(seeds, strategies.sampled_from([None, MARCH]))
def test_other_names_for_customers_change_nothing(seed, window):
    one = made(seed)
    assert cells(renamed(one), window=window) == cells(one, window=window)


def renamed(one: Desk) -> Desk:
    """Every customer under another name, in capitals or not, by a bijection that turns their order round."""

    def called(name: object) -> object:
        if not isinstance(name, str):
            return name
        letters = "".join(chr(ord("z") - (ord(letter) - ord("a"))) for letter in name.lower() if letter.isalpha())
        said = letters + "".join(letter for letter in name if not letter.isalpha())
        return said.upper() if name[0].isupper() else said

    tickets = tuple(
        replace(ticket, columns={**ticket.columns, "requester_id": called(ticket.columns["requester_id"])})
        if "requester_id" in ticket.columns
        else ticket
        for ticket in one.tickets
    )
    ratings = tuple({**rating, "respondent_id": called(rating["respondent_id"])} for rating in one.ratings)
    activity = tuple({**row, "requester_id": called(row["requester_id"])} for row in one.activity)
    return replace(one, tickets=tickets, ratings=ratings, activity=activity)


@some
@given(seeds, strategies.sampled_from([None, MARCH]))
def test_groups_of_tickets_add_up_and_groups_of_customers_do_not_fall_short(seed, window):
    rows = cells(made(seed), window=window)
    for kpi, stat in (("repeat_contact_rate", "lookback"), ("repeat_contact_rate", "lookforward")):
        for dims, parts, total in breakdowns(rows, kpi, stat):
            assert sum(row.n for row in parts) == total.n, (kpi, stat, dims)
            assert sum(row.x or 0 for row in parts) == (total.x or 0), (kpi, stat, dims)
            for name in ("unlinkable", "parallel", "immature", "no_lead_in"):
                assert sum(row.counts.get(name, 0) for row in parts) == total.counts.get(name, 0), (kpi, dims, name)
    for kpi in ("requesters", "requesters_solved"):
        for dims, parts, total in breakdowns(rows, kpi, "value"):
            assert sum(row.counts["tickets"] for row in parts) == total.counts.get("tickets", 0), (kpi, dims)
            assert sum(row.value or 0 for row in parts) >= (total.value or 0), (kpi, dims)
            assert max((row.value or 0 for row in parts), default=0) <= (total.value or 0), (kpi, dims)
            assert max((row.counts["busiest"] for row in parts), default=0) <= total.counts.get("busiest", 0)


def breakdowns(rows: tuple[Row, ...], kpi: str, stat: str) -> list[tuple[tuple[str, ...], list[Row], Row]]:
    mine = [row for row in rows if (row.kpi, row.stat) == (kpi, stat)]
    total = next(row for row in mine if not row.group)
    unseen = {tuple(row.group) for row in mine if row.state is State.not_observed}  # behind the end of a cut file
    every = dict.fromkeys(tuple(row.group) for row in mine if row.group and tuple(row.group) not in unseen)
    return [(dims, [row for row in mine if tuple(row.group) == dims], total) for dims in every]


@some
@given(seeds)
def test_customers_are_no_more_than_their_tickets(seed):
    for row in cells(made(seed)):
        if row.kpi in ("requesters", "requesters_solved") and row.value is not None:
            assert row.value <= row.counts["tickets"]
            assert (row.value == 0) is (row.counts["tickets"] == 0)
        if row.kpi == "tickets_per_requester" and row.value is not None:
            assert 1 <= row.value <= row.counts["busiest"]


@some
@given(seeds)
def test_a_longer_window_finds_no_fewer_repeats(seed):
    one = made(seed)
    short, long = (cells(one, Settings(repeats=Repeats(window_days=days))) for days in (3, 10))
    for before, after in zip(totals(short, "lookback"), totals(long, "lookback"), strict=True):
        assert before.n == after.n
        assert (before.x or 0) <= (after.x or 0)
    for before, after in zip(totals(short, "lookforward"), totals(long, "lookforward"), strict=True):
        assert before.n >= after.n, "a longer window leaves fewer that can be judged"


def totals(rows: tuple[Row, ...], stat: str) -> list[Row]:
    return [row for row in rows if row.kpi == "repeat_contact_rate" and row.stat == stat and not row.group]


@some
@given(seeds)
def test_what_strangers_did_changes_nothing_but_when_it_ends(seed):
    one = made(seed)
    if not one.activity:
        return
    newest = max(row["at"] for row in one.activity)
    more = replace(one, activity=(*one.activity, {"requester_id": "nobody we know", "at": newest}))
    assert cells(more) == cells(one)


@some
@given(seeds)
def test_what_has_not_happened_yet_changes_nothing(seed):
    one, end = made(seed), at(2000)
    known = tuple(row for row in one.activity if row["at"] <= end)
    if not known:
        return
    chosen = Settings(as_of=end)
    before = [row for row in cells(replace(one, activity=known), chosen) if row.kpi == "returned_without_repeat"]
    after = [row for row in cells(one, chosen) if row.kpi == "returned_without_repeat"]
    if before[0].state != "not_observed":
        assert after == before

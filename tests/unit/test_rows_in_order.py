"""Rows by ticket, instant, place in the file: packed, laid among others or sorted plainly, the same order comes out."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from supportkpi.facts import batches
from supportkpi.facts.keyed import (
    KEY,
    Cut,
    are_in_order,
    begins,
    counted,
    in_order,
    inserted,
    placed,
    places,
    with_tickets,
)
from supportkpi.schema import INSTANT

START = datetime(2026, 3, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def rows(*told: tuple[int, datetime | None, int]) -> pl.DataFrame:
    """(KEY, at, seq) and the number of the row."""
    made = pl.DataFrame(told, schema={KEY: pl.UInt32, "at": INSTANT, "seq": pl.Int64}, orient="row")
    return made.with_row_index("n")


def keys(*values: int) -> pl.Series:
    return pl.Series(KEY, values, dtype=pl.UInt32)


def mixed(step: timedelta, tickets: int, events: int, first: datetime = START) -> pl.DataFrame:
    """Events of tickets some steps apart, two and more at one instant, as they stand in no order."""
    chance = random.Random(7)
    told = [(chance.randrange(tickets), first + step * chance.randrange(9), number) for number in range(events)]
    chance.shuffle(told)
    return rows(*told)


@pytest.mark.parametrize(
    "frame",
    [
        mixed(SECOND, 5, 200),
        mixed(timedelta(microseconds=1), 5, 200),
        mixed(timedelta(microseconds=500_000), 3, 90),
        mixed(timedelta(days=365 * 880, microseconds=1), 70, 300, datetime(1, 1, 1, tzinfo=UTC)),
        mixed(timedelta(days=365 * 880), 70, 300, datetime(1, 1, 1, tzinfo=UTC)),
        mixed(SECOND, 1, 40),
        mixed(SECOND, 40, 1),
        mixed(timedelta(0), 4, 60),
        rows(),
    ],
    ids=["seconds", "microseconds", "halves", "ages apart", "ages in seconds", "one ticket", "one", "at once", "none"],
)
def test_rows_stand_by_ticket_instant_and_place(frame):
    found = in_order(frame, "at")
    assert_frame_equal(found, frame.sort(KEY, "at", "seq"))
    assert are_in_order(found, "at")


@pytest.mark.parametrize(
    ("told", "order"),
    [
        ([(0, 1), (0, 0)], [1, 0]),
        ([(0, 1), (0, 0), (0, 2)], [1, 0, 2]),
        ([(0, 5), (1, 1), (1, 0), (2, 0)], [0, 2, 1, 3]),
        ([(0, None), (0, 0), (1, 0)], [0, 1, 2]),
        ([(0, 0), (0, None), (1, 0)], [1, 0, 2]),
    ],
)
def test_rows_by_ticket_and_place_that_go_back_in_time_are_put_in_order(told, order):
    """As a helpdesk writes them down that stamps them itself: the places rise, the instants do not."""
    frame = rows(*((key, None if s is None else START + s * SECOND, n) for n, (key, s) in enumerate(told)))
    assert in_order(frame, "at")["n"].to_list() == order


def test_rows_of_which_an_instant_is_not_known_are_sorted_too():
    frame = rows((1, START, 0), (0, START + SECOND, 1), (0, None, 2), (1, START - SECOND, 3))
    assert in_order(frame, "at")["n"].to_list() == [2, 1, 3, 0]


@pytest.mark.parametrize(
    ("frame", "are"),
    [
        (rows((0, START, 5), (0, START, 4), (1, START - SECOND, 3)), True),
        (rows((0, START + SECOND, 0), (0, START, 1), (1, START, 2)), False),
        (rows((0, START, 0), (1, START + SECOND, 1), (1, START, 2)), False),
        (rows((1, START, 0), (0, START, 1)), False),
        (rows((0, None, 0), (1, START, 1)), False),
        (rows(), True),
    ],
)
def test_rows_that_go_back_in_time_within_a_ticket_are_in_no_order(frame, are):
    assert are_in_order(frame, "at") is are


def test_rows_in_order_whose_places_are_not_are_sorted_by_place_where_instants_are_equal():
    frame = rows((0, START, 5), (0, START, 4), (1, START, 3))
    assert in_order(frame, "at")["seq"].to_list() == [4, 5, 3]


# --- creations among what happened -----------------------------------------------------------------------------------


def among(firsts: pl.DataFrame, frame: pl.DataFrame) -> list[tuple[int, int]]:
    """(KEY, seq) of rows with the first ones among them."""
    return inserted(firsts, in_order(frame, "at"), "at").select(KEY, "seq").rows()


def test_a_creation_comes_first_of_its_ticket_where_instants_are_equal():
    frame = rows((1, START, 0), (1, START + SECOND, 1), (3, START + SECOND, 2))
    firsts = rows(*((key, START, -1) for key in range(5)))
    assert among(firsts, frame) == [(0, -1), (1, -1), (1, 0), (1, 1), (2, -1), (3, -1), (3, 2), (4, -1)]
    assert among(firsts.filter(pl.col(KEY) != 1), frame) == [(0, -1), (1, 0), (1, 1), (2, -1), (3, -1), (3, 2), (4, -1)]
    assert among(firsts.filter(pl.col(KEY) == 1), frame) == [(1, -1), (1, 0), (1, 1), (3, 2)]


def test_what_is_stamped_before_the_creation_stays_before_it():
    """A wrong clock in one ticket, or in the last of several, moves nothing in the others."""
    frame = rows((0, START, 0), (1, START - SECOND, 1), (1, START + SECOND, 2), (2, START, 3))
    firsts = rows(*((key, START, -1) for key in range(3)))
    assert among(firsts, frame) == [(0, -1), (0, 0), (1, 1), (1, -1), (1, 2), (2, -1), (2, 3)]
    late = rows((0, START, 0), (1, START - SECOND, 1))
    assert among(firsts, late) == [(0, -1), (0, 0), (1, 1), (1, -1), (2, -1)]


def test_creations_alone_and_events_alone_stand_as_they_are():
    frame = rows((0, START, 0), (2, START, 1))
    assert among(rows(), frame) == [(0, 0), (2, 1)]
    assert among(frame, rows()) == [(0, 0), (2, 1)]
    assert among(rows(), rows()) == []


def test_creations_that_stand_in_no_order_are_put_in_order():
    frame = rows((0, START, 0), (1, START, 1))
    assert among(rows((1, START, -1), (0, START, -1)), frame) == [(0, -1), (0, 0), (1, -1), (1, 1)]


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "asked", "found"),
    [
        (keys(0, 1, 2), keys(2, 0, 2), [2, 0, 2]),
        (keys(0, 1, 2), keys(3, 1, 9), [None, 1, None]),
        (keys(2, 0, 1), keys(0, 1, 2, 3), [1, 2, 0, None]),
        (keys(0, 2), keys(0, 1, 2, 3), [0, None, 1, None]),
        (keys(0, 3), keys(0, 1, 2, 3), [0, None, None, 1]),
        (keys(0, 4, 9), keys(9, 4, 2, 0), [2, 1, None, 0]),
        (keys(5), keys(5, 4, 6), [0, None, None]),
        (keys(1, 2), keys(0, 1), [None, 0]),
        (keys(), keys(0, 1), [None, None]),
        (keys(0), keys(), []),
    ],
)
def test_the_place_of_each_key_among_others_and_none_where_it_is_not(there, asked, found):
    assert places(there, asked).to_list() == found
    beside = pl.DataFrame([there, pl.Series("v", range(len(there)), dtype=pl.Int64)])
    assert placed(beside, asked)["v"].to_list() == found
    known = [(key, place) for key, place in zip(asked.to_list(), found, strict=True) if place is not None]
    assert with_tickets(asked.to_frame(), beside).rows() == known


def test_the_first_row_of_each_ticket_and_how_many_it_has():
    first = begins(keys(0, 0, 2, 5, 5, 5))
    assert first.to_list() == [True, False, True, True, False, False]
    assert counted(first).to_list() == [2, 1, 3]
    assert counted(begins(keys())).to_list() == []


@pytest.mark.parametrize("stood", [[0, 0, 1, 2], [2, 1, 0, 0], [0, 2, 0, 1], [1, 0, 0, 2]])
def test_a_stretch_of_rows_is_taken_for_its_tickets_only_if_it_holds_them(stood):
    """Cut when the rows of the first ticket stood first; not every plan gives them in that order again."""
    events = pl.LazyFrame({KEY: stood}, schema={KEY: pl.UInt32})
    cut = Cut(first=0, tickets=1, start=0, height=2)
    assert batches._rows(events, cut)[KEY].to_list() == [0, 0]
    both = Cut(first=1, tickets=2, start=2, height=2)
    assert sorted(batches._rows(events, both)[KEY]) == [1, 2]
    assert batches._rows(events, Cut(first=0, tickets=1))[KEY].to_list() == [0, 0]


def test_joined_frames_of_no_rows_are_a_frame_of_no_rows():
    empty = pl.DataFrame(schema={"a": pl.Int8, "b": pl.String})
    assert_frame_equal(batches.joined([empty, empty]), empty)
    assert_frame_equal(batches.joined([empty]), empty)

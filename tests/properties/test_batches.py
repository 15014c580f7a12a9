"""Batches: whatever tickets of a log are folded together, the facts are those of folding all of it at once."""

from __future__ import annotations

import sys
from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings, strategies
from polars.testing import assert_frame_equal
from thorough import examples
from timelines import SPAN, at, by_day, dataset, log_desk

from supportkpi.calendars import Calendar
from supportkpi.decisions import (
    CalendarChoice,
    Class,
    Dimension,
    Escalation,
    FirstResponse,
    NextResponse,
    Settings,
)
from supportkpi.facts import Facts, fold
from supportkpi.facts.batches import Batch, by_batch, joined
from supportkpi.facts.keyed import keyed
from supportkpi.schema import EVENTS, Dataset, Extent, Log, Sight

ROOM = sys.modules[by_batch.__module__]
OFFICE = CalendarChoice(
    name="office", calendar=Calendar(timezone="Europe/Berlin", hours={"mon-fri": ["09:00-13:00", "14:00-18:00"]})
)
URGENT = Dimension(name="category", classes=(Class(value="fire", when={"priority": ("urgent",)}),))
some = settings(max_examples=examples(8), deadline=None, derandomize=True)


def drawn(random: Random) -> tuple[Dataset, Settings]:
    """A log in one of three orders, with ids as text or as codes, of which some sights may be lacking."""
    desk = log_desk(random, random.choice((1, 4, 30)))
    desk = by_day(desk) if random.random() < 0.3 else desk
    data = dataset(desk, shuffled=random if random.random() < 0.4 else None)
    frame = data.history.frame.collect()
    frame = frame.sort("at", maintain_order=True) if random.random() < 0.3 else frame
    if random.random() < 0.6:
        frame = frame.with_columns(pl.col("actor_id").fill_null(pl.format("{} {}", "actor", pl.col("seq") % 3)))
    if random.random() < 0.6:
        frame = frame.with_columns(pl.col("ticket_id", "actor_id", "value", "raw").cast(pl.Categorical))
    lacking = {sight for sight in (Sight.status, Sight.reply, Sight.group, Sight.level) if random.random() < 0.2}
    observes = {sight: extent for sight, extent in data.observes.items() if sight not in lacking}
    chosen = Settings(
        as_of=random.choice((None, None, at(random.randrange(SPAN)), at(2 * SPAN))),
        calendars=random.choice(((), (OFFICE,))),
        dimensions=random.choice(((), (URGENT,))),
        escalation=random.choice((Escalation(), Escalation(levels={"front": 1, "back": 2}))),
        next_response=NextResponse(start=random.choice(("oldest", "latest"))),
        first_response=FirstResponse(
            anchor=random.choice(("created", "first_customer_message", "handoff", "reopen_after_bot")),
            bots=random.choice(("exclude", "include")),
            outbound=random.choice(("exclude", "anchor_customer", "zendesk")),
        ),
    )
    return replace(data, history=Log(frame=frame.lazy()), observes=observes), chosen


def equal(one: Facts, other: Facts) -> None:
    for name in ("tickets", "intervals", "waits", "surveys"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.unobserved == other.unobserved
    assert one.assumptions == other.assumptions
    assert (one.as_of, one.cut, one.attribution) == (other.as_of, other.cut, other.attribution)


@some
@given(strategies.integers(0, 10_000), strategies.sampled_from((1, 2, 7, 40)))
def test_facts_of_batches_are_those_of_the_whole(seed, most):
    data, chosen = drawn(Random(seed))
    whole = fold(data, chosen)
    whole.waits  # noqa: B018 - worked out while nothing is cut
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ROOM, "MOST", most)
        parts = fold(data, chosen)
        equal(whole, parts)


def log(*rows: tuple[str, int, str, str | None]) -> Dataset:
    """A log of (ticket, step, kind, value), of agents whom nobody names."""
    told = [
        {"ticket_id": id, "at": at(step), "seq": n, "kind": kind, "actor": "agent", "public": True, "value": value}
        for n, (id, step, kind, value) in enumerate(rows)
    ]
    ids = dict.fromkeys(id for id, *_ in rows)
    tickets = pl.DataFrame({"ticket_id": [*ids, "silent"]}).with_columns(observed_until=pl.lit(at(SPAN)))
    frame = pl.LazyFrame(told, schema=dict(EVENTS)).with_columns(pl.col("ticket_id").cast(pl.Categorical))
    data = dataset(log_desk(Random(1), 1))
    return replace(
        data,
        tickets=tickets.cast({"observed_until": data.tickets.schema["observed_until"]}),
        history=Log(frame=frame),
        observes=dict.fromkeys(Sight, Extent.EVERY),
        surveys=data.surveys.clear(),
    )


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_no_batch_ends_inside_a_ticket_and_none_is_lost(monkeypatch, most):
    monkeypatch.setattr(ROOM, "MOST", most)
    data = log(*(("a", n, "message", None) for n in range(4)), ("b", 9, "created", None), ("c", 9, "created", None))

    def sizes(batch: Batch) -> tuple[int, int, int]:
        return batch.first, batch.tickets, batch.events.until(None).collect().height

    expected = {1: [(0, 1, 4), (1, 1, 1), (2, 2, 1)], 2: [(0, 1, 4), (1, 3, 2)], 3: [(0, 1, 4), (1, 3, 2)]}
    assert by_batch(keyed(data), sizes) == expected.get(most, [(0, 4, 6)])


def test_what_no_ticket_of_a_batch_says_others_may(monkeypatch):
    """A word that is not understood leaves its ticket open, as long as another one's is understood."""
    data = log(
        ("a", 1, "created", None), ("a", 2, "status", "???"), ("b", 1, "created", None), ("b", 5, "status", "solved")
    )
    monkeypatch.setattr(ROOM, "MOST", 1)
    facts = fold(data, Settings())
    assert facts.tickets["is_resolved"].to_list() == [False, True, False]
    assert "intervals" not in facts.unobserved
    nobody = fold(replace(data, history=Log(frame=data.history.frame.filter(pl.col("ticket_id") == "a"))), Settings())
    assert "intervals" in nobody.unobserved


def test_joined_frames_are_one_below_the_other_and_empty_columns_stay_empty():
    one = pl.DataFrame(
        {"a": [1, 2], "b": [None, None], "c": [None, "x"]}, schema={"a": pl.Int8, "b": pl.Date, "c": pl.String}
    )
    other = pl.DataFrame({"a": [3], "b": [None], "c": [None]}, schema=one.schema)
    assert_frame_equal(joined([one, other]), pl.concat([one, other]))
    assert_frame_equal(joined([one.clear(), one.clear()]), one.clear())

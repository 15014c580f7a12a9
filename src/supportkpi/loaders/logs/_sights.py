"""What a log shows of every ticket: changes where their new value is told, messages where their authors are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from supportkpi.loaders.logs._main import WORDED
from supportkpi.loaders.logs._values import Main
from supportkpi.schema import DONE, Actor, Extent, Kind, Sight

_NEARLY_ALL = 0.99
"""Share of the public messages whose author must be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a log shows, and what is said of it."""

    observes: Mapping[Sight, Extent]
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = field(default_factory=tuple)


def sights(main: Main, states: Sequence[str]) -> Shown:
    """What a log shows by its rows and its columns of state."""
    counted = main.counts.with_columns(
        pl.col("value").is_in(list(DONE)).alias("done"),
        pl.when(pl.col("kind").is_in(list(WORDED))).then(pl.col("value").is_null()).otherwise("bare").alias("bare"),
    )
    seen = {*_changes(counted, main), *({"assignee_id": Sight.assignee}.get(name) or Sight(name) for name in states)}
    statuses = Sight.status in seen
    if statuses:
        seen |= {Sight.solve, Sight.reopen}
    messages, notes = _messages(counted, main)
    return Shown(observes=dict.fromkeys(sorted(seen | messages), Extent.EVERY), notes=notes)


def _changes(counted: pl.DataFrame, main: Main) -> set[Sight]:
    seen = set()
    kinds = _words(counted, pl.lit(value=True))
    if Kind.created.value in kinds:
        seen.add(Sight.created)
    if Kind.handoff.value in kinds:
        seen.add(Sight.handoff)
    told = _words(counted, ~pl.col("bare"))
    seen |= {
        Sight(kind)
        for kind in ("priority", "assignee", "group", "level")
        if kind in told and (main.stated or kind in ("level", "assignee"))
    }
    status = counted.filter((pl.col("kind") == Kind.status.value) & ~pl.col("bare"))
    if status.height:
        seen.add(Sight.solve)
        if not status["done"].all():
            seen.add(Sight.status)
    return seen


def _words(counted: pl.DataFrame, mask: pl.Expr) -> set[str]:
    return set(counted.filter(mask)["kind"].drop_nulls().cast(pl.String).to_list())


def _messages(counted: pl.DataFrame, main: Main) -> tuple[set[Sight], tuple[str, ...]]:
    """Which messages are shown: all of them where nearly every author is known, none of the public ones otherwise."""
    spoken = counted.filter(pl.col("kind") == Kind.message.value)
    hidden = {Sight.note} if main.visible or spoken.filter(~pl.col("public")).height else set()
    shown = spoken.filter(pl.col("public"))
    every, known = int(shown["rows"].sum()), int(shown.filter(pl.col("actor").is_not_null())["rows"].sum())
    if not every:
        return hidden if spoken.filter(~pl.col("public")).height else set(), ()
    if known < _NEARLY_ALL * every:
        return hidden, (
            f"of {every:,} messages only {known:,} have a known author: requests and replies cannot be told apart",
        )
    actors = set(shown["actor"].drop_nulls().cast(pl.String).to_list())
    seen = {Sight.request, Sight.reply} if _whole(actors, main) else _of(actors)
    note = () if known == every else (f"the author of {every - known:,} of {every:,} messages is not known",)
    return seen | hidden | (_of(actors) & {Sight.bot_reply}), note


def _whole(actors: Collection[str], main: Main) -> bool:
    """Whether both sides would be seen if they had spoken: a column says who is who, or both occur."""
    return (main.roles and (main.spoken or Actor.customer.value in actors)) or {"customer", "agent"} <= set(actors)


def _of(actors: Collection[str]) -> set[Sight]:
    known = {Actor.customer: Sight.request, Actor.agent: Sight.reply, Actor.bot: Sight.bot_reply}
    return {sight for actor, sight in known.items() if actor.value in actors}

"""Clocks judged again under other limits: what they showed is read once for each target, calendar and set of pauses.

``ledger`` says everything of every clock once. What-if asks one thing of the same clocks many times: their state. So
starts, stops, rules and readings are kept, and a limit is compared with what is kept (engine.md 4).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks._ledger import ALIKE, Alike, calendars, external, unobserved
from supportkpi.clocks._limits import allowed
from supportkpi.clocks._readings import extends, over, pauses, standing
from supportkpi.clocks._rules import rules_of, spots
from supportkpi.clocks._states import State
from supportkpi.clocks._terms import cuts_of, held, marked, run_on
from supportkpi.clocks._windows import windows
from supportkpi.facts import Facts
from supportkpi.sla import Limit, Sla, Timed, Version

STATES: tuple[State, ...] = tuple(State)
"""The states by their codes."""
CODE: Mapping[State, int] = {state: code for code, state in enumerate(STATES)}
"""The codes of the states."""
_COLUMNS: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "cycle": pl.UInt32(),
    "elapsed_us": pl.Int64(),
    "is_stopped": pl.Boolean(),
}
_JUDGED: Mapping[str, pl.DataType] = {"rule": pl.UInt32(), "target_us": pl.Int64(), "state": pl.UInt8()}
_SECOND = 1_000_000
_KEPT = 3  # of each kind: what BASE needs, and what is held against it
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Clocks of one target under one agreement.

    clocks: row (place in facts.tickets), cycle, elapsed_us, is_stopped, rule (place in ``rules``; null: none),
    target_us, state (place in STATES). Two of the same ``layout`` have the same clocks, row for row.
    """

    clocks: pl.DataFrame
    rules: tuple[str, ...]
    layout: object


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Clocks that run alike: ``read`` is what they showed, and the place of the rule that each found at its start.

    ``spans`` and ``found`` are those that found another rule while they ran, ``odd`` their places in ``read``.
    """

    number: int  # of the version; below 0: before the first
    alike: Alike
    on: Calendar  # less agreed pauses
    read: pl.DataFrame
    spans: pl.DataFrame
    found: pl.DataFrame
    odd: pl.Series
    allowed: dict[tuple[int, Limit], pl.Series] = field(default_factory=dict)
    placed: dict[tuple[int, ...], pl.Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """All clocks of a target, read and not judged."""

    parts: tuple[_Part, ...]
    clocks: pl.DataFrame  # by row and cycle
    order: pl.Series | None  # their places in the parts one behind the other; None: as they are
    external: pl.Series


class Replay:
    """What the clocks of some facts showed, kept for the next agreement that needs the same."""

    def __init__(self, facts: Facts) -> None:
        """Nothing is read before it is asked for."""
        self._facts = facts
        self._kept: dict[str, OrderedDict[Hashable, object]] = {}

    def judged(self, sla: Sla, timed: Timed) -> Judged | None:
        """The clocks of a target, as ``ledger`` has them; None where no rule limits it or the export shows none."""
        if timed not in sla.timed() or unobserved(self._facts, timed, sla):
            return None
        layout = self._once("layout", _agreement(sla, timed), lambda: self._laid(sla, timed))
        names = sla.rules()
        pieces = [_judged(part, _version(sla, part.number), timed, names) for part in layout.parts]
        ruled = pieces[0] if len(pieces) == 1 else pl.concat([pl.DataFrame(schema=_JUDGED), *pieces])
        if layout.order is not None:
            ruled = ruled.select(pl.all().gather(pl.lit(layout.order)))
        apart = layout.external & (ruled["state"] != CODE[State.no_target])
        if apart.any():
            ruled = ruled.with_columns(state=pl.when(apart).then(_code(State.excluded)).otherwise("state"))
        return Judged(clocks=layout.clocks.hstack(ruled), rules=names, layout=layout)

    def _once(self, kind: str, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key, kept until some others have been asked for."""
        kept = self._kept.setdefault(kind, OrderedDict())
        if key not in kept:
            kept[key] = make()
        kept.move_to_end(key)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
        return kept[key]  # type: ignore[return-value]

    def _laid(self, sla: Sla, timed: Timed) -> _Layout:
        parts = tuple(self._parts(sla, timed))
        clocks = pl.concat([pl.DataFrame(schema=_COLUMNS), *(part.read.select(*_COLUMNS) for part in parts)])
        order = None
        if len(parts) > 1:  # as the ledger has them, so that clocks of two layouts stand side by side
            order = clocks.select(pl.arg_sort_by("row", "cycle")).to_series()
            clocks = clocks.select(pl.all().gather(pl.lit(order)))
        return _Layout(
            parts=parts, clocks=clocks, order=order, external=external(self._facts, sla).gather(clocks["row"])
        )

    def _parts(self, sla: Sla, timed: Timed) -> Iterator[_Part]:
        """The clocks version by version, calendar by calendar, pause by pause."""
        in_force, marks = held(self._facts.tickets, sla), marked(self._facts, sla)
        for number in in_force.unique().sort():
            version = _version(sla, number)
            spans, found = self._started(sla, timed, number, in_force)
            names = {rule.calendar or version.calendar for rule in rules_of(version, timed)} | {version.calendar}
            if len(names) == 1 and marks.n_unique() <= 1:
                alike = Alike(facts=self._facts, timed=timed, version=version, calendar=run_on(sla, names.pop()))
                yield _part(alike, number, spans, found, cuts_of(sla, marks[0] if len(marks) else ""))
                continue
            beside = spans.with_columns(cuts=marks.gather(spans["row"]), calendar=calendars(found, version, timed))
            for (name, cuts), mine in beside.partition_by(ALIKE, as_dict=True, maintain_order=True).items():
                alike = Alike(facts=self._facts, timed=timed, version=version, calendar=run_on(sla, name))
                some = found.join(mine.select("clock"), on="clock", how="semi", maintain_order="left")
                yield _part(alike, number, mine.drop(ALIKE), some, cuts_of(sla, cuts))

    def _started(self, sla: Sla, timed: Timed, number: int, in_force: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The windows of the clocks of one version, and which rule each found: the same on whatever calendar."""
        facts, version = self._facts, _version(sla, number)
        rules, terms = rules_of(version, timed), _terms(version, timed)
        key = (terms, tuple(each.since for each in sla.versions), number)

        def spans() -> pl.DataFrame:
            made = self._once("windows", terms, lambda: windows(facts, timed, version))
            made = made.filter((in_force == number).gather(made["row"])).with_row_index("clock")
            # A clock that starts after observation ended shows nothing yet.
            return made.with_columns(end=pl.max_horizontal(pl.coalesce("stopped_at", "until"), "started_at"))

        mine = self._once("spans", key, spans)
        whens = tuple(_words(rule.when) for rule in rules)
        return mine, self._once("spots", (key, whens, timed), lambda: spots(facts, mine, rules))


def _part(
    alike: Alike, number: int, spans: pl.DataFrame, found: pl.DataFrame, cuts: Sequence[tuple[datetime, datetime]]
) -> _Part:
    """The readings of clocks on one calendar, and those of them that must be judged one by one."""
    on, extended = alike.calendar.less(cuts), bool(extends(alike.timed, alike.version))
    if found.height == spans.height:
        first, odd = found["rule"], spans if extended else spans.clear()
    else:
        first = found.unique("clock", keep="first", maintain_order=True)["rule"]
        several = found.filter(pl.col("clock").is_duplicated()).select("clock").unique()
        odd = spans if extended else spans.join(several, on="clock", how="semi", maintain_order="left")
    return _Part(
        number=number,
        alike=alike,
        on=on,
        read=_shown(alike, spans, on).with_columns(first.alias("rule")),
        spans=odd,
        found=found.join(odd.select("clock"), on="clock", how="semi", maintain_order="left"),
        odd=spans["clock"].is_in(odd["clock"].implode()).arg_true() if odd.height else pl.Series([], dtype=pl.UInt32),
    )


def _shown(alike: Alike, spans: pl.DataFrame, on: Calendar) -> pl.DataFrame:
    """row, cycle, started_at, elapsed_us, is_stopped, and the states of each clock: over its limit, and not."""
    opened, stopped = over(spans, on), pl.col("stopped_at").is_not_null()
    still = pauses(alike.facts, spans, standing(alike.timed, alike.version), opened)
    ran = opened(pl.col("end")) - opened(pl.col("started_at"))
    if still.is_empty():
        read = spans.with_columns(elapsed_us=ran, is_paused=pl.lit(value=False))
    else:
        read = spans.join(still, on="clock", how="left", maintain_order="left").with_columns(
            elapsed_us=ran - pl.col("paused_us").fill_null(0), is_paused=pl.col("is_paused").fill_null(value=False)
        )
    waiting = pl.when("is_paused").then(_code(State.paused)).otherwise(_code(State.running))
    return read.select(
        *("row", "cycle", "started_at", "elapsed_us"),
        is_stopped=stopped,
        over=pl.when(stopped).then(_code(State.breached_closed)).otherwise(_code(State.breached_open)),
        within=pl.when(stopped).then(_code(State.met)).otherwise(waiting),
    )


def _code(state: State) -> pl.Expr:
    return pl.lit(CODE[state], pl.UInt8)


def _judged(part: _Part, version: Version, timed: Timed, names: tuple[str, ...]) -> pl.DataFrame:
    """rule (place among ``names``), target_us, state of the clocks of a part under the limits of a version."""
    read, rule, target = part.read, part.read["rule"], _targets(part, version, timed)
    elapsed = read["elapsed_us"]
    if len(part.odd):
        again = replace(part.alike, version=version).read(part.spans, part.found, part.on)
        rule, target = rule.scatter(part.odd, again["rule"]), target.scatter(part.odd, again["target_us"])
        elapsed = elapsed.scatter(part.odd, again["elapsed_us"])
    late = elapsed >= target if version.boundary == "exclusive" else elapsed > target
    no_target = pl.when(pl.lit(late).is_null()).then(_code(State.no_target))
    return read.select(
        _placed(part, rule, version, timed, names).alias("rule"),
        target.alias("target_us"),
        state=no_target.when(pl.lit(late)).then("over").otherwise("within"),
    )


def _placed(part: _Part, rule: pl.Series, version: Version, timed: Timed, names: tuple[str, ...]) -> pl.Series:
    """The places of rules among all names; those of the starts are kept."""
    places = pl.Series([names.index(each.name) for each in rules_of(version, timed)], dtype=pl.UInt32)
    if not len(places):
        return pl.repeat(None, len(rule), dtype=pl.UInt32, eager=True)
    if len(part.odd):
        return places.gather(rule)
    key = tuple(places.to_list())
    if key not in part.placed:
        part.placed[key] = places.gather(rule)
    return part.placed[key]


def _targets(part: _Part, version: Version, timed: Timed) -> pl.Series:
    """The limit of the rule that each clock found at its start, in open microseconds."""
    limits = [rule.limits[timed] for rule in rules_of(version, timed)]
    plain = pl.Series([_microseconds(limit) for limit in limits], dtype=pl.Int64)
    if not len(plain):
        return pl.repeat(None, part.read.height, dtype=pl.Int64, eager=True)
    target = plain.gather(part.read["rule"])
    for place, limit in enumerate(limits):
        if limit.seconds is not None:
            continue
        rows = (part.read["rule"] == place).fill_null(value=False).arg_true()
        if len(rows):
            if (place, limit) not in part.allowed:
                starts = part.read["started_at"].gather(rows)
                spans = part.read.select("started_at", end="started_at")
                part.allowed[place, limit] = allowed(starts, limit, part.alike.calendar, over(spans, part.on))
            target = target.scatter(rows, part.allowed[place, limit])
    return target


def _microseconds(limit: Limit) -> int | None:
    return None if limit.seconds is None else round(limit.seconds * _SECOND)


def _version(sla: Sla, number: int) -> Version:
    """The version of a number; below 0 that of the tickets created before the first, which has no rules."""
    return replace(sla.versions[0], rules=()) if number < 0 else sla.versions[number]


def _terms(version: Version, timed: Timed) -> Hashable:
    """What of a version says when the clocks of a target start and stop."""
    return (
        timed,
        *(version.anchor, version.stops_on, version.solve_ends_reply),
        *(version.reopen, version.update_since, bool(version.rules)),
    )


def _agreement(sla: Sla, timed: Timed) -> Hashable:
    """Everything in an agreement but its limits, goals and names: with the same of it the readings are the same."""
    versions = tuple(
        (
            *(version.since, _terms(version, timed), version.priority),
            *(standing(timed, version), extends(timed, version), version.pause_on.get(timed, ())),
            run_on(sla, version.calendar),
            tuple(
                (_words(rule.when), run_on(sla, rule.calendar or version.calendar)) for rule in rules_of(version, timed)
            ),
        )
        for version in sla.versions
    )
    causes = tuple(
        (cause.effect, cause.start, cause.end, cause.tickets, cause.restored_at, _words(cause.when))
        for cause in sla.exclusions
    )
    return timed, versions, causes


def _words(when: Mapping[str, tuple[str, ...]]) -> Hashable:
    return tuple((name, tuple(values)) for name, values in when.items())

"""The ledger: the clocks of each version of an agreement, read on the calendar of their rule, and judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks._decided import decided
from supportkpi.clocks._readings import Clockwork, extends, moved, over, pauses, readings, standing
from supportkpi.clocks._rules import rules_of, spots
from supportkpi.clocks._states import CLOCKS, State, state
from supportkpi.clocks._terms import cuts_of, held, marked, named, run_on, touches
from supportkpi.clocks._windows import needs, windows
from supportkpi.facts import Facts
from supportkpi.facts.grains import grain as of_instants
from supportkpi.schema import BY_DAY, INSTANT
from supportkpi.sla import Exclusion, Sla, Timed, Version

_SECOND = 1_000_000
_US = ("elapsed", "paused", "target", "good", "late")
ALIKE = ("calendar", "cuts")


def unobserved(facts: Facts, timed: Timed, sla: Sla | None = None) -> tuple[str, ...]:
    """Why the export does not show the clocks of a target, in the user's words; empty when it does.

    What stops a clock is for an agreement to say: without one it is taken as usual.
    """
    versions = sla.versions if sla is not None else (Version(rules=()),)
    wanted = [name for version in versions if sla is None or rules_of(version, timed) for name in needs(timed, version)]
    return tuple(dict.fromkeys(facts.unobserved[name] for name in wanted if name in facts.unobserved))


def ledger(facts: Facts, sla: Sla) -> pl.DataFrame:
    """Every clock under an agreement: ``row`` (place in facts.tickets) and the columns of CLOCKS.

    Tickets of no rule, and those created before the first version, have clocks without a target.
    """
    shown = [timed for timed in sla.timed() if not unobserved(facts, timed, sla)]
    parts = [part for timed in shown for part in _of_target(facts, sla, timed)]
    empty = pl.DataFrame(schema={"row": pl.UInt32(), **CLOCKS})
    clocks = pl.concat([empty, *parts]).sort("target", "row", "cycle")
    apart = external(facts, sla).gather(clocks["row"]) & (clocks["state"] != State.no_target.value)
    excluded = pl.lit(State.excluded.value, CLOCKS["state"])
    return clocks.with_columns(state=pl.when(apart).then(excluded).otherwise("state"))


def _of_target(facts: Facts, sla: Sla, timed: Timed) -> Iterator[pl.DataFrame]:
    """The clocks of one target: version by version, calendar by calendar, pause by pause."""
    in_force, marks = held(facts.tickets, sla), marked(facts, sla)
    before = replace(sla.versions[0], rules=())
    for number in in_force.unique().sort():
        version = before if number < 0 else sla.versions[number]
        label = None if number < 0 else named(version)
        spans = windows(facts, timed, version)
        spans = spans.filter((in_force == number).gather(spans["row"])).with_row_index("clock")
        # A clock that starts after observation ended shows nothing yet.
        spans = spans.with_columns(
            end=pl.max_horizontal(pl.coalesce("stopped_at", "until"), "started_at"), cuts=marks.gather(spans["row"])
        )
        found = spots(facts, spans, rules_of(version, timed))
        spans = spans.with_columns(calendar=calendars(found, version, timed))
        for (name, cuts), mine in spans.partition_by(ALIKE, as_dict=True, maintain_order=True).items():
            alike = Alike(facts=facts, timed=timed, version=version, calendar=run_on(sla, name))
            judged = alike.judged(mine.drop(ALIKE), found, cuts_of(sla, cuts))
            yield judged.with_columns(
                calendar=pl.lit(name, pl.String),
                version=pl.lit(label, pl.String),
                target=pl.lit(timed, CLOCKS["target"]),
            ).select("row", *CLOCKS)


def calendars(found: pl.DataFrame, version: Version, timed: Timed) -> pl.Series:
    """The name of the calendar of each clock: that of its rule, of the first one where the start decides."""
    names = pl.Series([rule.calendar or version.calendar for rule in rules_of(version, timed)], dtype=pl.String)
    keep: Literal["first", "last"] = "first" if version.priority == "at_start" else "last"
    ruled = found.unique("clock", keep=keep, maintain_order=True)["rule"]  # every clock has one, in order
    own = pl.repeat(version.calendar, len(ruled), dtype=pl.String, eager=True)
    return own if names.is_empty() else names.gather(ruled).zip_with(ruled.is_not_null(), own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Clocks of one target that run under one version on one calendar."""

    facts: Facts
    timed: Timed
    version: Version
    calendar: Calendar

    def judged(
        self, spans: pl.DataFrame, found: pl.DataFrame, cuts: Sequence[tuple[datetime, datetime]]
    ) -> pl.DataFrame:
        """The clocks of ``spans``, judged with the agreed pauses (``cuts``) and as if there were none."""
        mine = found.join(spans.select("clock"), on="clock", how="semi", maintain_order="left")
        plain = self.read(spans, mine, self.calendar)
        shown = self.read(spans, mine, self.calendar.less(cuts)) if cuts else plain
        names = pl.Series([rule.name for rule in rules_of(self.version, self.timed)], dtype=pl.String)
        late = pl.when(self._over()).then(pl.col("elapsed_us") - pl.col("target_us"))
        exact = grain(self.facts, self.timed, self.calendar)
        near = (pl.col("elapsed_us") - pl.col("target_us")).abs() < round(exact * _SECOND)
        full = shown.with_columns(late_us=late).select(
            "row",
            "cycle",
            "started_at",
            "stopped_at",
            "is_unanswered",
            *((pl.col(f"{name}_us") / _SECOND).alias(f"{name}_s") for name in _US),
            state=state(self._over()),
            is_mature=(pl.col("possible_us") >= pl.col("target_us")).fill_null(value=False),
            is_uncertain=(near & pl.col("stopped_at").is_not_null()).fill_null(value=False),
        )
        return full.with_columns(
            ticket_id=self.facts.tickets["ticket_id"].cast(pl.String).gather(shown["row"]),
            rule=names.gather(shown["rule"]) if len(names) else pl.lit(None, pl.String),
            judged=plain.select(state(self._over())).to_series(),
        )

    def _over(self) -> pl.Expr:
        if self.version.boundary == "exclusive":
            return pl.col("elapsed_us") >= pl.col("target_us")
        return pl.col("elapsed_us") > pl.col("target_us")

    def read(self, spans: pl.DataFrame, found: pl.DataFrame, on: Calendar) -> pl.DataFrame:
        """What the clocks show on a calendar, with rule and limit."""
        work = Clockwork(calendar=self.calendar, opened=over(spans, on))
        read = readings(self.facts, spans, standing(self.timed, self.version), work.opened)
        ruled = decided(self.facts, spans, found, timed=self.timed, version=self.version, on=work)
        return self._extended(read.hstack(ruled), work)

    def _extended(self, read: pl.DataFrame, work: Clockwork) -> pl.DataFrame:
        """Under ``reopen: extend`` the time that a ticket stood solved runs on the clock, and moves its limit."""
        solved = extends(self.timed, self.version)
        if not solved:
            return read
        gaps = pauses(self.facts, read.drop("paused_us", "is_paused"), solved, work.opened).select(
            "clock", gap_us="paused_us"
        )
        words = standing(self.timed, self.version)
        read = read.join(gaps, on="clock", how="left", maintain_order="left").with_columns(
            pl.col("gap_us").fill_null(0)
        )
        later = moved(self.facts, read, words=words, of=solved, opened=work.opened)
        return read.with_columns(
            pl.col("elapsed_us", "possible_us") + pl.col("gap_us"),
            pl.col("target_us", "good_us") + later,
            paused_us=pl.col("paused_us") - pl.col("gap_us"),
        ).drop("gap_us")


def grain(facts: Facts, timed: Timed, calendar: Calendar | None = None) -> float:
    """How exact the instants that start and stop a clock are, in seconds: those rebuilt from minutes to the minute.

    On a ``calendar`` that never closes the minutes themselves are known, even from a creation of which only the day is.
    """
    ends = {"first_response": ("first_reply_at", "resolved_at"), "resolution": ("resolved_at",)}.get(timed, ())
    begun, ended = of_instants(facts.dataset, "created_at"), of_instants(facts.dataset, *ends)
    counted = calendar is not None and calendar.never_closes and ended < BY_DAY
    return ended if counted else max(begun, ended)


def external(facts: Facts, sla: Sla) -> pl.Series:
    """Whether a cause that is not the desk's was agreed for a ticket: by its column, or by an agreed exclusion."""
    causes = [cause for cause in sla.exclusions if cause.effect == "exclude"]
    own = [pl.col("external_cause").is_not_null()] if "external_cause" in facts.tickets.columns else []
    agreed = [touches(facts, cause) & during(cause) for cause in causes]
    by_cause = pl.any_horizontal(pl.lit(value=False), *own, *agreed)
    return facts.tickets.with_columns(external=by_cause.fill_null(value=False))["external"]


def during(cause: Exclusion) -> pl.Expr:
    """Whether a ticket was created within the time of a cause; one that names tickets, or no time, is about these."""
    if cause.start is None or cause.end is None or cause.tickets:
        return pl.lit(value=True)
    return pl.col("created_at").is_between(pl.lit(cause.start, INSTANT), pl.lit(cause.end, INSTANT), closed="left")

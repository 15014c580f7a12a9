"""Clocks that the export itself judged: its deadlines and verdicts, where no agreement was given (engine.md 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time

import polars as pl

from supportkpi.clocks._ledger import external, grain
from supportkpi.clocks._states import CLOCKS, State
from supportkpi.facts import Facts
from supportkpi.sla import Sla, Timed

_STOPS: Mapping[Timed, str] = {"first_response": "first_reply_at", "resolution": "resolved_at"}
_SECOND = 1_000_000


def given(facts: Facts) -> pl.DataFrame | None:
    """The ledger of the export's own deadlines and verdicts, ``row`` and the columns of CLOCKS; None without any.

    A verdict stands as it is; of a ticket that is not there yet a good one is running. Else the stop, or the end of
    observation, is held against the deadline. There is no rule, no calendar, no reading: only late_s, of the clock.
    """
    parts = [_judged(facts, timed) for timed in _STOPS if sources(facts, timed)]
    return pl.concat(parts).sort("target", "row") if parts else None


def sources(facts: Facts, timed: Timed) -> tuple[str, ...]:
    """The columns with verdicts or deadlines of a target that can be judged."""
    names = [f"given_sla_{timed}_met"] if timed in _STOPS else []
    if timed in _STOPS and _STOPS[timed] not in facts.unobserved:
        names.append(f"{timed}_due_at")
    tickets = facts.tickets
    return tuple(name for name in names if name in tickets.columns and tickets[name].count())


def given_due(facts: Facts, clocks: pl.DataFrame) -> pl.Series:
    """When each clock of ``given(facts)``, or of a part of it, runs out by the export; null without a deadline."""
    dues = facts.tickets.with_columns(_due(facts, timed).alias(timed) for timed in _STOPS)  # as many where all are null
    beside = clocks.select("target", *(dues[timed].gather(clocks["row"]) for timed in _STOPS))
    due = pl.lit(None, CLOCKS["started_at"])
    for timed in _STOPS:
        due = pl.when(pl.col("target") == timed).then(timed).otherwise(due)
    return beside.with_columns(due_at=due)["due_at"]


def given_notes(facts: Facts) -> Iterator[str]:
    """How the export's own verdicts and deadlines were read, a sentence each."""
    judged = {timed: sources(facts, timed) for timed in _STOPS}
    if not any(judged.values()):
        return
    what = " and ".join(
        word
        for word, part in (("verdicts", "_met"), ("deadlines", "_due_at"))
        if any(name.endswith(part) for names in judged.values() for name in names)
    )
    yield f'service levels are those of the export: its own {what}; --sla "first_response=4h" judges by yours'
    for timed in _STOPS:
        if _by_date(facts, timed):
            yield f"deadlines of {timed.replace('_', ' ')} are dates: the whole day counts"


def _by_date(facts: Facts, timed: Timed) -> bool:
    """Whether all deadlines of a target are midnights: dates, not instants."""
    name = f"{timed}_due_at"
    if name not in sources(facts, timed):
        return False
    local = facts.tickets[name].drop_nulls().dt.convert_time_zone(facts.settings.timezone)
    return bool((local.dt.time() == time(0)).all()) if len(local) else False


def _judged(facts: Facts, timed: Timed) -> pl.DataFrame:
    tickets = facts.tickets.with_row_index("row").with_columns(_external=external(facts, Sla(versions=())))
    asked = pl.col("exclusion").is_null() & (pl.col("has_first_response") if timed == "first_response" else True)
    tickets = tickets.filter(asked).with_columns(_due=_due(facts, timed), _met=_verdict(facts, timed))
    seen = _STOPS[timed] not in facts.unobserved
    stop = pl.col(_STOPS[timed]) if seen else pl.lit(None, CLOCKS["stopped_at"])
    is_open = ~pl.col("is_resolved").fill_null(value=True) & stop.is_null() & pl.lit(value=seen)
    tickets = tickets.with_columns(_stop=stop, _open=is_open, _at=pl.coalesce(stop, "until"))
    verdict = (
        pl.when(pl.col("_met").is_not_null())
        .then(
            pl.when("_met")
            .then(_either(State.running, State.met))
            .otherwise(_either(State.breached_open, State.breached_closed))
        )
        .when(pl.col("_due").is_null() | (pl.col("_stop").is_null() & ~pl.col("_open")))
        .then(pl.lit(State.no_target.value))
        .when(pl.col("_at") > pl.col("_due"))
        .then(_either(State.breached_open, State.breached_closed))
        .otherwise(_either(State.running, State.met))
    )
    near = (pl.col("_stop") - pl.col("_due")).abs().dt.total_microseconds() < round(grain(facts, timed) * _SECOND)
    late = (pl.col("_at") - pl.col("_due")).dt.total_microseconds() / _SECOND
    made = tickets.with_columns(
        ticket_id=pl.col("ticket_id").cast(pl.String),
        target=pl.lit(timed),
        cycle=pl.lit(1),
        started_at="created_at",
        stopped_at="_stop",
        judged=verdict,
        late_s=pl.when(verdict.is_in([State.breached_open.value, State.breached_closed.value]) & (late > 0)).then(late),
        is_mature=(pl.col("until") >= pl.col("_due")).fill_null(~is_open),
        is_unanswered=pl.lit(value=False),
        is_uncertain=(near & pl.col("_met").is_null()).fill_null(value=False),
    )
    outside = pl.col("_external") & (pl.col("judged") != State.no_target.value)
    made = made.with_columns(state=pl.when(outside).then(pl.lit(State.excluded.value)).otherwise("judged"))
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in CLOCKS.items() if name not in made.columns]
    return made.with_columns(absent).select("row", *(pl.col(name).cast(dtype) for name, dtype in CLOCKS.items()))


def _either(while_open: State, after: State) -> pl.Expr:
    return pl.when("_open").then(pl.lit(while_open.value)).otherwise(pl.lit(after.value))


def _due(facts: Facts, timed: Timed) -> pl.Expr:
    """The deadline; of a date the end of its day."""
    if f"{timed}_due_at" not in sources(facts, timed):
        return pl.lit(None, CLOCKS["started_at"])
    due = pl.col(f"{timed}_due_at")
    if not _by_date(facts, timed):
        return due
    zone = facts.settings.timezone
    return due.dt.convert_time_zone(zone).dt.offset_by("1d").dt.convert_time_zone("UTC") - pl.duration(microseconds=1)


def _verdict(facts: Facts, timed: Timed) -> pl.Expr:
    name = f"given_sla_{timed}_met"
    return pl.col(name) if name in sources(facts, timed) else pl.lit(None, pl.Boolean)

"""Dimensions that are worked out from what became of a ticket, and what an export must show for each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.clocks import BANDS, loads
from supportkpi.facts import Facts
from supportkpi.facts.agents import OWNERS, Owners, owners
from supportkpi.facts.answers import beside
from supportkpi.schema import Actor

AGENT = "agent"
BAND = "band"
"""The load band of the hour in which a ticket came, unless the export has a column of that name."""
_HOUR, _DAY = 3_600, 86_400
RT_CLASSES: Mapping[str, float] = {
    "00-01h": _HOUR,
    "01-04h": 4 * _HOUR,
    "04-24h": _DAY,
    "1-3d": 3 * _DAY,
    "3-7d": 7 * _DAY,
    "7-30d": 30 * _DAY,
    "over 30d": float("inf"),
}
"""Classes of the resolution time by their upper bound in seconds; they sort as they are written. Open: ``unsolved``."""
_YES_NO = ("yes", "no")
_BY_WHOM = ("solved_by", "handled_by")
NO_HOURS = "the dates are days without a time of the day"
_NO_RETURNS = "needs the requester and the date of each solution: whether a customer came back cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A dimension made of facts: ``values`` in their order; ``rests_on`` names columns of which one must be shown."""

    name: str
    values: tuple[str, ...]
    rests_on: tuple[str, ...]
    missing: str


DERIVED: Mapping[str, Derived] = {
    each.name: each
    for each in (
        Derived(
            name="rt_bucket",
            values=(*RT_CLASSES, "unsolved"),
            rests_on=("resolution_s", "given_resolution_s"),
            missing="no date of the solution",
        ),
        Derived(
            name="reopened",
            values=_YES_NO,
            rests_on=("reopens", "given_reopens"),
            missing="needs reopenings: export the history of the status",
        ),
        Derived(name="had_repeat", values=_YES_NO, rests_on=("has_repeat",), missing=_NO_RETURNS),
        Derived(
            name="solved_by",
            values=tuple(actor.value for actor in (Actor.agent, Actor.bot, Actor.system, Actor.customer)),
            rests_on=("owner solved_by",),
            missing="needs who solved each ticket: export the history of the status with its authors",
        ),
        Derived(
            name="handled_by",
            values=("agent", "bot", "nobody"),
            rests_on=("first_agent_reply_at",),
            missing="needs replies: no date or minutes of the first reply",
        ),
        Derived(name=BAND, values=BANDS, rests_on=("created_at",), missing="needs the date of creation"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Facts whose tickets and surveys have the asked dimensions as columns; ``unobserved`` says which they cannot have.

    The dimension agent is a column for each kind of owner: ``agent as solver``.
    """

    facts: Facts
    unobserved: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()


def owned(dim: str, owner: str) -> str:
    """The column of a dimension: for agent the one of a KPI's own kind of owner."""
    return f"{AGENT} as {owner}" if dim == AGENT else dim


def prepared(facts: Facts, dims: Collection[str]) -> Prepared:
    """The facts with the columns of the derived dimensions among ``dims``, and of agent."""
    own = {BAND} & {*facts.tickets.columns}
    asked = [DERIVED[name] for name in dims if name in DERIVED and name not in own]
    if AGENT not in dims and not asked:
        return Prepared(facts=facts)
    needs_owners = AGENT in dims or any(each.name in _BY_WHOM for each in asked)
    found = owners(facts) if needs_owners else None
    tickets = facts.tickets
    if found is not None:
        tickets = tickets.with_columns(found.tickets["solved_by"].alias("owner solved_by"))
    missing = {each.name: why for each in asked if (why := _unobserved(each, facts, tickets)) is not None}
    made = tickets.select(
        "ticket_id", *(_EXPRESSIONS[each.name](tickets).alias(each.name) for each in asked if each.name != BAND)
    )
    if any(each.name == BAND for each in asked):
        made = made.with_columns(loads(facts).alias(BAND))
    if AGENT in dims and found is not None:
        made = made.with_columns(found.tickets[owner].alias(owned(AGENT, owner)) for owner in OWNERS)
        missing |= {owned(AGENT, name): why for name, why in found.unobserved.items() if name in OWNERS}
    return Prepared(
        facts=replace(facts, tickets=_beside(facts.tickets, made), surveys=_answers(facts, made, found)),
        unobserved=missing,
        assumptions=found.assumptions if AGENT in dims and found is not None else (),
    )


def _beside(tickets: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    return tickets.with_columns(made.drop("ticket_id").get_columns())


def _answers(facts: Facts, made: pl.DataFrame, found: Owners | None) -> pl.DataFrame:
    """The surveys with their tickets' dimensions; of agents, whom each rates."""
    surveys = facts.surveys.drop([name for name in made.columns if name != "ticket_id"], strict=False)
    joined = surveys.hstack(beside(surveys["ticket_id"], made))
    rated = owned(AGENT, "rated_agent")
    return joined.with_columns(found.rated.alias(rated)) if found is not None and rated in made.columns else joined


def _unobserved(each: Derived, facts: Facts, tickets: pl.DataFrame) -> str | None:
    """Why a dimension has no value on any ticket; None where it has."""
    if each.name == BAND and facts.by_day("created_at"):
        return NO_HOURS
    for name in each.rests_on:
        shown = name in tickets.columns and name not in facts.unobserved
        if shown and (tickets.is_empty() or tickets[name].null_count() < tickets.height):
            return None
        if shown and name.endswith("_at"):  # replies are shown, and there is none: that is an answer
            return None
    return next((facts.unobserved[name] for name in each.rests_on if name in facts.unobserved), each.missing)


def _first_shown(tickets: pl.DataFrame, *names: str) -> pl.Expr:
    return pl.coalesce([pl.col(name) for name in names if name in tickets.columns] or [pl.lit(None)])


def _rt_bucket(tickets: pl.DataFrame) -> pl.Expr:
    seconds = _first_shown(tickets, "resolution_s", "given_resolution_s").cast(pl.Float64)
    label = pl.when(~pl.col("is_resolved")).then(pl.lit("unsolved"))
    classes = pl.lit(None, pl.String)
    for name, below in reversed([*RT_CLASSES.items()]):
        classes = pl.when(seconds < below).then(pl.lit(name)).otherwise(classes)
    return label.otherwise(classes)


def _truth(fact: pl.Expr) -> pl.Expr:
    return pl.when(fact).then(pl.lit("yes")).when(~fact).then(pl.lit("no"))


def _reopened(tickets: pl.DataFrame) -> pl.Expr:
    return _truth(_first_shown(tickets, "reopens", "given_reopens").cast(pl.Int64) > 0)


def _had_repeat(tickets: pl.DataFrame) -> pl.Expr:
    return _truth(_first_shown(tickets, "has_repeat").cast(pl.Boolean))


def _solved_by(tickets: pl.DataFrame) -> pl.Expr:
    return _first_shown(tickets, "owner solved_by").cast(pl.String)


def _handled_by(tickets: pl.DataFrame) -> pl.Expr:
    solver = _solved_by(tickets)
    by_agent = pl.col("first_agent_reply_at").is_not_null() | (solver == Actor.agent.value).fill_null(value=False)
    by_bot = pl.col("first_bot_reply_at").is_not_null() | (solver == Actor.bot.value).fill_null(value=False)
    return pl.when(by_agent).then(pl.lit("agent")).when(by_bot).then(pl.lit("bot")).otherwise(pl.lit("nobody"))


_EXPRESSIONS = {
    "rt_bucket": _rt_bucket,
    "reopened": _reopened,
    "had_repeat": _had_repeat,
    "solved_by": _solved_by,
    "handled_by": _handled_by,
}

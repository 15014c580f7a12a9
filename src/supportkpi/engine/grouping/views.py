"""What a run looks at: the dimensions that it names, worked out once, and the persons among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from supportkpi.decisions import Settings, Window
from supportkpi.engine.grouping.derived import AGENT, BAND, NO_HOURS, Prepared, owned, prepared
from supportkpi.engine.grouping.groups import MOST_GROUPS, RULE, Made, chosen, known_as, named, parsed
from supportkpi.engine.grouping.people import People, persons
from supportkpi.engine.grouping.scope import DATES, Breakdown
from supportkpi.errors import DimensionUnknown
from supportkpi.facts import Facts, with_dimensions
from supportkpi.facts.agents import OWNERS, acts
from supportkpi.metrics import Metric, Owner
from supportkpi.schema import SURVEYS, UNASKED, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Facts with the columns of all dimensions that ``by`` and ``where`` name; ``unobserved`` has reasons by column.

    ``where`` maps each filter to its dimension. ``among``: where dimensions and their values are looked for. ``beside``
    are breakdowns that nobody asked for: what the table of agents is made of.
    """

    facts: Facts
    settings: Settings
    window: Window | None
    breakdowns: tuple[Breakdown, ...]
    where: Mapping[str, str]
    among: tuple[pl.DataFrame, ...]
    people: People
    unobserved: Mapping[str, str] = field(default_factory=dict)
    beside: frozenset[Breakdown] = frozenset()
    assumptions: tuple[str, ...] = ()

    @property
    def by_owner(self) -> bool:
        """Whether the tickets of a KPI depend on its own kind of owner: a filter by agent."""
        return AGENT in self.where.values()

    def said(self, text: str) -> str:
        """A filter as the report repeats it: persons by code."""
        dim = self.where.get(text)
        if dim is None or not self.people.hides(dim):
            return text
        _, operator, value = parsed(text)
        return self.people.filter(dim, operator, value)

    def passed(self, owner: Owner) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The tickets and surveys that pass the filters."""
        tickets, surveys = self.facts.tickets, self.facts.surveys
        if self.where:
            among, zone = (*self.among, tickets, surveys), self.settings.timezone
            tickets, surveys = chosen(
                (tickets, surveys), list(self.where), zone, among=among, people=self.people, owner=owner
            )
        return tickets, surveys

    def grouped(self, frame: pl.DataFrame, metrics: Sequence[Metric], made: Made | None = None) -> pl.DataFrame:
        """A frame with its dimensions as small integers; ``made`` are those of other frames."""
        return named(frame, self.columns(metrics), self.settings.timezone, self.people, made=made)

    def columns(self, metrics: Sequence[Metric]) -> list[str]:
        """The dimensions of the breakdowns that tickets have; agent once for each kind of owner that the KPIs have."""
        dims = dict.fromkeys(name for names in self.breakdowns for name in names if name != RULE)
        owners = dict.fromkeys(metric.owner for metric in metrics)
        return list(dict.fromkeys(owned(dim, owner) for dim in dims for owner in owners))

    def missing(self, metric: Metric) -> dict[Breakdown, str]:
        """The breakdowns that the export cannot show for a KPI, each with the reason."""
        found: dict[Breakdown, str] = {}
        for dims in self.breakdowns:
            if RULE in dims and metric.over != "clocks":
                found[dims] = "only service levels have rules"
                continue
            if "hour" in dims and self.facts.by_day(DATES.get(metric.dated_by, "created_at")):
                found[dims] = NO_HOURS
                continue
            columns = [owned(dim, metric.owner) for dim in dims]
            why = next((self.unobserved[name] for name in columns if name in self.unobserved), None)
            if why is not None:
                found[dims] = why
        return found


def view(
    facts: Facts,
    settings: Settings,
    *,
    window: Window | None,
    by: Sequence[str | Sequence[str]],
    where: Sequence[str],
    table: bool = False,
) -> View:
    """The view of a run; with ``table`` also by agent, where the export shows any and not too many for a table.

    Raises:
        DimensionUnknown, OptionWrong: ``by`` or ``where`` names what is not there.
    """
    tickets = with_dimensions(facts.dataset.tickets, facts.settings.dimensions)
    among = (tickets, facts.dataset.surveys.select(pl.exclude(*SURVEYS)))
    headers = _headers(facts.dataset.provenance)
    breakdowns = _breakdowns(by, among, headers)
    filters = {text: known_as(parsed(text)[0], *among, headers=headers) for text in where}
    _refuse_hours(facts, {*filters.values()} - {*tickets.columns})
    asked = [*(name for names in breakdowns for name in names), *filters.values()]
    beside = {(AGENT,)} - {*breakdowns} if table else set()
    dims = list(dict.fromkeys([*asked, *(name for names in beside for name in names)]))
    ready = prepared(facts, dims)
    if beside and not _fits(ready):
        beside, dims = set(), list(dict.fromkeys(asked))
        ready = ready if AGENT in dims else prepared(facts, dims)
    return View(
        facts=ready.facts,
        settings=settings,
        window=window,
        breakdowns=(*breakdowns, *beside),
        beside=frozenset(beside),
        where=filters,
        among=among,
        people=persons(ready.facts, dims, _holders(ready.facts, dims), names=settings.names),
        unobserved=ready.unobserved,
        assumptions=ready.assumptions,
    )


def _refuse_hours(facts: Facts, filters: Collection[str]) -> None:
    """Nothing, unless tickets are to be chosen by an hour that nobody knows: midnight would pass for it."""
    for name in ("hour", BAND):
        if name in filters and facts.by_day("created_at"):
            raise DimensionUnknown(f"--where {name}: {NO_HOURS}", hint="choose by weekday, day or month")


def _holders(facts: Facts, dims: Collection[str]) -> list[pl.DataFrame]:
    """The frames in which persons are looked for: the tickets, the answers, and who did anything at all."""
    done = acts(facts) if AGENT in dims else None
    others = [] if done is None else [done.select(pl.col("agent").unique()).collect()]
    return [facts.tickets, facts.surveys, *(each.rename({"agent": owned(AGENT, "anybody")}) for each in others)]


def _fits(ready: Prepared) -> bool:
    """Whether there are agents, and few enough for a table."""
    shown = [owned(AGENT, owner) for owner in OWNERS if owned(AGENT, owner) not in ready.unobserved]
    most = max((ready.facts.tickets[column].n_unique() for column in shown), default=0)
    return 0 < most <= MOST_GROUPS


def _headers(sources: Sequence[Provenance]) -> tuple[str, ...]:
    """Columns of the files that are only read when they are asked for."""
    columns = (one for source in sources for one in source.columns if one.field is None)
    free = (one.column for one in columns if one.evidence == UNASKED)
    return tuple(dict.fromkeys(column for column in free if column.strip().lower() not in ("tag", "tags")))


def _breakdowns(
    by: Sequence[str | Sequence[str]], among: Sequence[pl.DataFrame], headers: Sequence[str]
) -> tuple[Breakdown, ...]:
    asked: list[Breakdown] = [()]
    for entry in by:
        names = [part.strip() for part in entry.split(",")] if isinstance(entry, str) else list(entry)
        asked.append(tuple(dict.fromkeys(known_as(name, *among, headers=headers) for name in names)))
    return tuple(dict.fromkeys(asked))

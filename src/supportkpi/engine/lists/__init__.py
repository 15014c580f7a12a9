"""Lists of tickets: those that are on every list asked for, with what is known of them, in the order to look at them.

Each list is a frame of tickets and a head that says what it comes to; together they are cut to what they share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import polars as pl

from supportkpi.decisions import Settings, Window
from supportkpi.engine.definitions import selected
from supportkpi.engine.grouping.people import People, persons
from supportkpi.engine.grouping.scope import Scope
from supportkpi.engine.grouping.views import View, view
from supportkpi.engine.kpis.series import own_kpis
from supportkpi.engine.lists import late
from supportkpi.engine.lists.members import Members, members, refuse
from supportkpi.engine.lists.sample import sampled
from supportkpi.engine.lists.silence import silent
from supportkpi.engine.lists.strata import strata
from supportkpi.engine.measure import measure
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.lists import FACTS, SHOWN, Asked, Head, List, Listing, Stratum
from supportkpi.metrics import Compliance, Distribution, Metric, Owner, WaitTimes, catalogue

_SLOW = ("resolution_time", "first_response_time")
"""The spans by which tickets are slow where no KPI is named: the first that the export shows."""
_WATCHED = (List.breached, List.at_risk)
_OPEN = ("on_open", True)
_NEWEST = ("created_at", True)
_ORDERS: dict[List, tuple[tuple[str, bool], ...]] = {  # column, descending; open ones first, then by how bad
    List.slowest: (("took_s", True),),
    List.breached: (_OPEN, ("on_late_s", True)),
    List.at_risk: (("on_paused", False), ("on_left_s", False)),
    List.silent: (("silent_s", True),),
    List.unanswered: (("waiting_s", True),),
    List.rated: (("is_open", True), ("score", False), ("rated_at", True)),
    List.reopened: (("is_open", True), ("reopens", True), _NEWEST),
    List.repeat: (("is_open", True), _NEWEST),
    List.kpi: (("in_n_open", True), _OPEN, ("on_late_s", True), ("took_s", True), ("on_good", False), _NEWEST),
}
"""By what each list is sorted; of several the first here that was asked for decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One list: its tickets with what it tells of them, and its head."""

    rows: pl.DataFrame
    head: Head


@dataclass(frozen=True, kw_only=True)  # without slots: clocks and scopes are made once and kept
class _Run:
    """What all the lists of a run share."""

    facts: Facts
    asked: Asked
    settings: Settings
    window: Window | None
    seen: View

    @cached_property
    def clocks(self) -> late.Bench:
        """All clocks."""
        return late.bench(self.facts, self.settings)

    @cached_property
    def metric(self) -> Metric | None:
        """The KPI that was named."""
        return None if self.asked.kpi is None else selected([self.asked.kpi], own_kpis(self.facts.series))[0]

    @cached_property
    def tickets(self) -> pl.DataFrame:
        """The tickets of the population that pass the filters, created in the period."""
        scope = self.scope("assignee")
        return scope.tickets.filter(pl.col("exclusion").is_null() & scope.inside("created_at"))

    def scope(self, owner: Owner) -> Scope:
        """The facts that pass the filters, in total."""
        tickets, surveys = self.seen.passed(owner)
        facts = self.seen.facts
        intervals = facts.intervals
        if self.seen.where:
            passed = tickets.select("ticket_id")
            intervals = intervals.join(passed, on="ticket_id", how="semi", maintain_order="left")
        return Scope(
            facts=replace(facts, tickets=tickets, surveys=surveys, intervals=intervals),
            tickets=tickets,
            surveys=surveys,
            settings=self.settings,
            window=self.window,
            breakdowns=((),),
            owner=owner,
            people=self.seen.people,
        )

    def behind(self, kpi: str | Metric) -> Members:
        """The tickets behind a KPI."""
        metric = catalogue()[kpi] if isinstance(kpi, str) else kpi
        return members(metric, self.scope(metric.owner))


def listed(
    facts: Facts, asked: Asked, *, settings: Settings, window: Window | None = None, where: Sequence[str] = ()
) -> Listing:
    """The tickets that are on every list asked for.

    Raises:
        OptionWrong: nothing was asked for, or the export cannot show a list.
        KpiUnknown, DimensionUnknown, ValueUnknown: something names what is not there.
    """
    seen = view(facts, settings, window=window, by=[list(asked.per)] if asked.per else [], where=where)
    run = _Run(facts=facts, asked=asked, settings=settings, window=window, seen=seen)
    parts = list(_parts(run))
    rows = _known(_shared(parts, run), run)
    rows = _sorted(rows, [part.head.list for part in parts])
    heads, drawn = [part.head for part in parts], list[Stratum]()
    if asked.slowest is not None:
        rows = rows.head(min(asked.slowest, rows.height))
        heads = [_slow(head, rows) if head.list is List.slowest else head for head in heads]
    if asked.sample is not None:
        head, rows, drawn = _drawn(rows, run)
        heads.append(head)
    report = measure(
        facts,
        settings=replace(settings, targets=()),
        window=window,
        where=where,
        kpis=[asked.kpi or "tickets_created"],
        detail=False,
    )
    clocks = run.clocks.frame.join(rows.select("ticket_id"), on="ticket_id", how="semi")
    clocks = run.clocks.due(clocks).sort("ticket_id", "target", "cycle")
    rows = rows.join(late.beside(clocks, run.clocks.targets), on="ticket_id", how="left", maintain_order="left")
    return Listing(
        asked=asked,
        heads=tuple(heads),
        tickets=rows.drop("on_open", "on_paused", "on_good", "is_bad", strict=False),
        clocks=clocks,
        targets=run.clocks.targets,
        strata=tuple(drawn),
        links=settings.links,
        method=report.method,
        ledger=report.ledger,
        inputs=report.inputs,
    )


# --- the lists -------------------------------------------------------------------------------------------------------


def _parts(run: _Run) -> Iterator[_Part]:
    """Every list that was asked for."""
    asked, metric = run.asked, run.metric
    by_clock = metric is not None and isinstance(metric.measure, Compliance)
    watched = List.breached in asked.flags or asked.at_risk is not None
    if watched:
        yield from _watched(run)
    if List.unanswered in asked.flags:
        yield _unanswered(run)
    if asked.silent is not None:
        rows, head = silent(run.tickets, run.facts, run.settings, asked.silent)
        yield _Part(rows=rows, head=head)
    if asked.rated is not None:
        yield _rated(run)
    if List.reopened in asked.flags:
        yield _those(run, "reopen_rate", List.reopened)
    if List.repeat in asked.flags:
        yield _those(run, "repeat_contact_rate", List.repeat)
    by_span = metric is not None and isinstance(metric.measure, Distribution | WaitTimes)
    if asked.slowest is not None:
        yield _slowest(run)
    if metric is not None and not (watched and by_clock) and not (asked.slowest is not None and (by_span or by_clock)):
        yield _behind(run, metric)


def _watched(run: _Run) -> Iterator[_Part]:
    metric = run.metric
    by_clock = metric is not None and isinstance(metric.measure, Compliance)
    timed = metric.measure.timed if metric is not None and isinstance(metric.measure, Compliance) else None
    kpi = metric.name if metric is not None and by_clock else None
    if List.breached in run.asked.flags:
        rows, head = late.breached(run.clocks, run.tickets, timed, kpi)
        yield _Part(rows=rows, head=head)
    if run.asked.at_risk is not None:
        rows, head = late.at_risk(run.clocks, run.tickets, timed, kpi, within=run.asked.at_risk)
        yield _Part(rows=rows, head=head)


def _unanswered(run: _Run) -> _Part:
    found = run.behind("first_response_time")
    if found.basis == "given":
        missing = run.facts.unobserved
        refuse(catalogue()["first_response_time"], tuple(missing[n] for n in ("first_reply_at",) if n in missing))
    rows = found.rows.filter("in_n_open").select("ticket_id", waiting_s="took_s")
    head = Head(
        list=List.unanswered,
        n=rows.height,
        of=found.count("in_n") + rows.height,
        n_open=rows.height,
        spread=late.spread(rows["waiting_s"]),
        is_business=found.is_business,
    )
    return _Part(rows=rows, head=head)


def _rated(run: _Run) -> _Part:
    found = run.behind("csat")
    rated = found.rows.join(run.facts.tickets.select("ticket_id"), on="ticket_id", how="semi", maintain_order="left")
    rows = rated.filter(pl.col("is_bad") if run.asked.rated == "bad" else pl.col("in_x"))
    head = Head(
        list=List.rated,
        n=rows.height,
        of=rated.height,
        what=run.asked.rated,
        beside={"without_ticket": found.beside["answers"] - rated.height},
    )
    return _Part(rows=rows.select("ticket_id", "score", "scale", "rated_at"), head=head)


def _those(run: _Run, kpi: str, name: List) -> _Part:
    """The tickets in the numerator of a KPI."""
    found = run.behind(kpi)
    kept = [column for column in ("ticket_id", "previous_solved_at") if column in found.rows.columns]
    rows = found.rows.filter("in_x").select(kept)
    head = Head(list=name, n=rows.height, of=found.count("in_n"), what=kpi, basis=found.basis)
    return _Part(rows=rows, head=head)


def _slowest(run: _Run) -> _Part:
    metric = run.metric
    if metric is not None and isinstance(metric.measure, Compliance):
        rows, head = late.behind(run.clocks, run.tickets, metric.measure.timed, metric.name)
        took = rows.with_columns(took_s="on_elapsed_s")
        return _Part(rows=took, head=replace(head, list=List.slowest, of=rows.height))
    if metric is not None and isinstance(metric.measure, Distribution | WaitTimes):
        return _by_span(metric, run.behind(metric))
    for kpi in _SLOW:
        try:
            return _by_span(catalogue()[kpi], run.behind(kpi))
        except OptionWrong:
            continue
    raise OptionWrong("this export shows no span of time: none of its tickets is slow or fast", hint="name a --kpi")


def _by_span(metric: Metric, found: Members) -> _Part:
    rows = found.rows.select("ticket_id", "took_s", "in_n_open")
    head = Head(
        list=List.slowest,
        n=rows.height,
        of=rows.height,
        n_open=found.count("in_n_open"),
        what=metric.name,
        is_business=found.is_business,
        basis=found.basis,
    )
    return _Part(rows=rows, head=head)


def _slow(head: Head, rows: pl.DataFrame) -> Head:
    """The head of the slowest, now that they are known."""
    is_open = pl.col("in_n_open") if "in_n_open" in rows.columns else pl.col("is_open")
    return replace(
        head,
        n=rows.height,
        n_open=int(rows.select(is_open.fill_null(value=False).sum()).item()),
        spread=late.spread(rows["took_s"]),
    )


def _behind(run: _Run, metric: Metric) -> _Part:
    """The tickets behind the KPI that was named."""
    if isinstance(metric.measure, Compliance):
        rows, head = late.behind(run.clocks, run.tickets, metric.measure.timed, metric.name)
        return _Part(rows=rows, head=head)
    found = run.behind(metric)
    counts = {"n": found.count("in_n"), "x": found.count("in_x"), "n_open": found.count("in_n_open"), **found.beside}
    head = Head(
        list=List.kpi,
        n=found.rows.height,
        what=metric.name,
        beside=counts,
        spread=late.spread(found.rows["took_s"]) if "took_s" in found.rows.columns else None,
        is_business=found.is_business,
        basis=found.basis,
    )
    good = ~pl.col("in_x") if metric.direction == "lower" else pl.col("in_x")
    return _Part(rows=found.rows.with_columns(on_good=good), head=head)


def _drawn(rows: pl.DataFrame, run: _Run) -> tuple[Head, pl.DataFrame, list[Stratum]]:
    """A sample of what the other lists leave; of the tickets that an agent worked on where there are none."""
    take = run.asked.sample or 0
    alone = not run.asked.flags and not any((run.asked.at_risk, run.asked.silent, run.asked.rated, run.asked.kpi))
    unhandled = 0
    if alone and run.asked.slowest is None and "is_handled" not in run.facts.unobserved:
        worked = run.tickets.filter(pl.col("is_handled").fill_null(value=True)).select("ticket_id")
        unhandled = rows.height - worked.height
        rows = rows.join(worked, on="ticket_id", how="semi", maintain_order="left")
    labels = strata(rows["ticket_id"], run.seen, run.asked.per, run.settings)
    ordered = rows.with_columns(_label=labels).sort("_label", "ticket_id")
    drawn, found = sampled(ordered.drop("_label"), ordered["_label"], take=take, seed=run.asked.seed)
    head = Head(
        list=List.sample,
        n=drawn.height,
        of=rows.height,
        what=", ".join(run.asked.per) or None,
        limit=str(run.asked.seed),
        beside={"strata": len(found), "take": take, "unhandled": unhandled},
    )
    return head, drawn, found


# --- what is known of them -------------------------------------------------------------------------------------------


def _shared(parts: Sequence[_Part], run: _Run) -> pl.DataFrame:
    """The tickets that are on every list, with what each tells of them; the first that tells something is heard."""
    frames = [part.rows for part in parts] or [run.tickets.select("ticket_id")]

    def both(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
        new = ["ticket_id", *(name for name in other.columns if name not in one.columns)]
        return one.join(other.select(new), on="ticket_id", how="inner", maintain_order="left")

    return reduce(both, frames)


def _known(rows: pl.DataFrame, run: _Run) -> pl.DataFrame:
    """The rows with the columns of FACTS before their own."""
    facts = run.facts
    sources = {"organization": "organization_id", "assignee": "assignee_id", "requester": "requester_id"}
    tickets = facts.tickets.join(rows.select("ticket_id"), on="ticket_id", how="semi", maintain_order="left")
    columns = []
    for name, dtype in FACTS.items():
        source = sources.get(name, name)
        if name == "is_open":
            columns.append((~pl.col("is_resolved")).alias(name))
        elif source in tickets.columns and source not in facts.unobserved:
            columns.append(pl.col(source).cast(dtype).alias(name))
        else:
            columns.append(pl.lit(None, dtype).alias(name))
    known = tickets.select(columns)
    people = persons(facts, ("assignee", "requester"), [facts.tickets], names=run.settings.names)
    known = known.with_columns(_by_code(known[name], name, people) for name in ("assignee", "requester"))
    own = [name for name in rows.columns if name not in known.columns]
    full = known.join(rows.select("ticket_id", *own), on="ticket_id", how="inner")
    if "on_state" not in full.columns:
        return full
    full = full.with_columns(pl.col(f"on_{name}") for name in SHOWN)
    return full.with_columns(on_open=pl.col("on_state") == "breached_open", on_paused=pl.col("on_state") == "paused")


def _by_code(ids: pl.Series, dim: str, people: People) -> pl.Series:
    """Persons as they are shown."""
    distinct = ids.drop_nulls().unique()
    shown = pl.DataFrame({"id": distinct, "as": [people.shown(dim, name) for name in distinct.to_list()]})
    shown = shown.cast({"id": pl.String, "as": pl.String})
    return ids.to_frame("id").join(shown, on="id", how="left", maintain_order="left")["as"].alias(dim)


def _sorted(rows: pl.DataFrame, lists: Sequence[List]) -> pl.DataFrame:
    first = next((name for name in _ORDERS if name in lists), List.repeat)
    keys = [(name, down) for name, down in _ORDERS[first] if name in rows.columns]
    names, downs = [name for name, _ in keys], [down for _, down in keys]
    return rows.sort([*names, "ticket_id"], descending=[*downs, False], nulls_last=True)

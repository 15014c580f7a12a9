"""The same tickets in the layouts of other systems: equal KPIs wherever a layout shows them, not observed elsewhere.

Each is compared with the canonical frames, which show everything, so that any two of them agree as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import polars as pl
import pytest
from layouts import LAYOUTS, Layout
from layouts.writing import fate, rated_at
from made_up import canonical
from test_same_tickets import HOW_MUCH, NOBODY, rows, unseen
from test_same_tickets import _pair as differences
from thorough import LONG

from supportkpi import pipeline
from supportkpi.config import parse_config
from supportkpi.decisions import Reading
from supportkpi.demo import made, settings
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Ticket
from supportkpi.loaders import helpdesks
from supportkpi.metrics import catalogue
from supportkpi.report import Report, Row
from supportkpi.schema import SURVEYS, Dataset, Sight

DESKS = [(1, 60, "en"), *([(4, 120, "ru"), (1, 400, "en")] if LONG else [])]
LAST_ONLY = {
    *("closure_ratio", "backlog"),  # they rest on every solution: one row a ticket knows the last
}
BREAKDOWNS = ["month", "priority"] if LONG else ["month"]
ALWAYS = {"resolution_time", "tickets_created", "tickets_solved", "backlog_age"}
"""What every export of tickets shows, and as it was."""


@cache
def desk_of(
    seed: int, tickets: int, lang: str, fates: frozenset[str] = frozenset(), states: tuple[tuple[str, str], ...] = ()
) -> Desk:
    """The desk of a seed, of tickets of which an export says all that counts: few say who opened one or why it left."""
    desk = made(seed=seed, tickets=tickets, lang=lang)
    kept = (ticket for ticket in desk.tickets if fate(ticket) in fates | {""})
    return replace(desk, tickets=tuple(_with_states(ticket, dict(states)) for ticket in kept))


def _with_states(ticket: Ticket, states: Mapping[str, str]) -> Ticket:
    """A ticket where some states are called as others: a change between two of them is none."""
    events = [
        replace(one, value=states.get(one.value or "", one.value), old=states.get(one.old or "", one.old))
        if one.kind == "status"
        else one
        for one in ticket.events
    ]
    return replace(ticket, events=tuple(one for one in events if one.kind != "status" or one.value != one.old))


def desk_for(layout: Layout, desk: tuple[int, int, str]) -> Desk:
    """The desk as the system of a layout has it."""
    return desk_of(*desk, layout.fates, tuple(layout.states.items()))


def read(layout: Layout, desk: Desk) -> Dataset:
    """The desk as a layout gives it."""
    machines = {"bot": ("bot-*",), "system": ("system-*",)}
    zone = desk.words.zone if layout.is_local else None
    asked = layout.helpdesk if layout.is_asked else None
    how = Reading(responders=machines, source_timezone=zone, helpdesk=asked, csat_scale=layout.csat_scale)
    return pipeline.load_held(layout.write(desk), reading=how)


def report(data: Dataset, desk: Desk, *, satisfied_from: float | None = None) -> Report:
    """The report of the desk's data under the settings of the demo."""
    decided = pipeline.settings_for(parse_config(settings(desk)), data)
    csat = replace(decided.csat, satisfied_from=satisfied_from)
    return pipeline.measure(data, settings=replace(decided, targets=(), csat=csat), by=BREAKDOWNS, detail=LONG)


def truth(layout: Layout, desk: tuple[int, int, str]) -> Report:
    """The report of the canonical frames of the layout's desk, which show everything that a ticket has there."""
    return _truth(desk, layout.fates, tuple(layout.states.items()), layout.lacks, dates_ratings=layout.dates_ratings)


@cache
def _truth(
    seed: tuple[int, int, str],
    fates: frozenset[str],
    states: tuple[tuple[str, str], ...],
    lacks: frozenset[str],
    *,
    dates_ratings: bool,
) -> Report:
    desk = desk_of(*seed, fates, states)
    data = canonical(desk)
    data = replace(data, tickets=data.tickets.drop(*(lacks - {"offer"})))
    if "offer" in lacks:
        answered = data.surveys.filter(pl.col("answer").ne_missing("offered"))
        shown = {sight: extent for sight, extent in data.observes.items() if sight is not Sight.offer}
        data = replace(data, surveys=answered, observes=shown)
    return report(_dated(data, desk) if dates_ratings else data, desk)


def _dated(data: Dataset, desk: Desk) -> Dataset:
    """The same with the days of the ratings."""
    days = {str(one.number): at for one in desk.tickets if (at := rated_at(one)) is not None}
    known = pl.DataFrame({"ticket_id": list(days), "day": [instant(at) for at in days.values()]})
    known = known.cast({"day": SURVEYS["at"]})
    dated = data.surveys.join(known, on="ticket_id", how="left", maintain_order="left")
    return replace(data, surveys=dated.with_columns(pl.coalesce("at", "day").alias("at")).drop("day"))


@pytest.mark.parametrize("desk", DESKS, ids=str)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_tells_the_tickets_as_they_are(name: str, desk: tuple[int, int, str]) -> None:
    """Every row is accounted for, what it cannot show is not observed, and what it shows is the truth."""
    layout = LAYOUTS[name]
    tickets = desk_for(layout, desk)
    data = read(layout, tickets)
    assert {file.helpdesk for file in data.provenance} == {layout.helpdesk} | layout.beside
    _loses_no_row(data)
    found = report(data, tickets, satisfied_from=layout.satisfied_from)
    kpis = {kpi for kpi in catalogue() if not kpi.startswith("sla_")}
    if layout.shows:
        assert _seen(found) & kpis == layout.shows | layout.beyond
    else:
        assert unseen(found) & kpis == {"nps"} | (NOBODY - layout.beyond) | layout.silent
    assert _different(layout, found, truth(layout, desk)) == {}


def _seen(found: Report) -> set[str]:
    """The KPIs of which answers without tickets show a statistic."""
    return {key[0] for key, row in rows(found).items() if not key[3] and row.state != "not_observed"}


def _loses_no_row(data: Dataset) -> None:
    for file in data.ledger:
        assert file.rows_read == file.used + sum(file.excluded.values()) + sum(file.rejected.values())
        assert not file.rejected


def _different(layout: Layout, found: Report, told: Report) -> dict[object, object]:
    one, other = rows(told), rows(found)
    otherwise = layout.otherwise.keys() | (LAST_ONLY if "net_resolution_time" in layout.silent else set())
    shared = [
        key
        for key in one.keys() & other.keys()
        if not {key[0], f"{key[0]}.{key[1]}"} & otherwise
        and "not_observed" not in (one[key].state, other[key].state)
        and (layout.has_priority or "priority" not in dict(key[3]))
        and ("month", None) not in key[3]  # what nobody can date
    ]
    assert {key[0] for key in shared} >= (layout.shows or ALWAYS - layout.silent - otherwise)
    unlike = [key for key in shared if one[key] != other[key]]
    return {key: pair for key in unlike if (pair := differences(*map(_without_left, (one[key], other[key]))))}


def _without_left(row: Row) -> Row:
    """A row without how many tickets it leaves out: when such a ticket came to its end, each system dates otherwise."""
    return replace(row, counts={name: count for name, count in row.counts.items() if name != "excluded"})


def test_the_comparison_sees_a_difference() -> None:
    one = next(row for row in truth(next(iter(LAYOUTS.values())), DESKS[0]).cells if row.kpi == "tickets_created")
    assert differences(one, replace(one, value=one.n + 1.0)).keys() <= set(HOW_MUCH)
    assert differences(one, replace(one, value=one.n + 1.0))


def test_every_kind_of_export_that_is_known_is_written_here() -> None:
    written = {name for layout in LAYOUTS.values() for name in (layout.helpdesk, *layout.beside)}
    assert {helpdesk.id for helpdesk in helpdesks()} - written == set()

"""The same tickets as a flat table, an event log and nested records: equal KPIs wherever both show them.

One model writes all forms (``supportkpi.demo``), on whole minutes, so that the minutes of a flat export lose
nothing and no tolerance is needed. What a form cannot show must be ``not_observed`` in it, never another number.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from made_up import canonical
from thorough import LONG

from supportkpi import pipeline
from supportkpi.config import parse_config
from supportkpi.decisions import Reading
from supportkpi.demo import made, settings
from supportkpi.demo.nested import zendesk_json
from supportkpi.demo.tables import event_log, nps_csv, register, zendesk_csv
from supportkpi.metrics import catalogue
from supportkpi.report import Report, Row
from supportkpi.schema import Dataset

DESKS = [(1, 250, "en"), (3, 60, "ru"), (5, 9, "en"), *([(2, 500, "en"), (4, 300, "ru")] if LONG else [])]
FORMS = ("frames", "flat", "nested", "log")
BREAKDOWNS = ["category", ["channel", "tier"], "month"]
BEYOND_FLAT = {
    *("next_response_time", "first_contact_resolution", "bot_resolution_rate", "net_resolution_time"),
    *("agent_work_time", "hold_time", "case_duration", "escalation_time", "escalation_rate", "transfer_rate"),
}
"""What one row a ticket with its first reply, first and last solution and some counts cannot show."""
GIVEN_FLAT = {"one_touch", "reopen_rate", "replies_per_ticket", "requester_wait_time", "agent_wait_time"}
"""What it shows by the helpdesk's own minutes and counts alone, which are another basis and are not compared."""
BEYOND_LOG = {"csat", "csat_response_rate", "solved_with_high_csat", "tag_share"}
"""What a log of events without ratings and tags cannot show."""
NOBODY = {"csat_mean", "ces", "handle_time", "cost_per_contact", "returned_without_repeat"}
"""What none of the forms shows: no mean of good and bad, no effort, no logged work, no money, no later orders."""
HOW_MUCH = ("value", "n", "x", "n_open", "counts", "low", "high", "state")


@cache
def read(form: str, seed: int, tickets: int, lang: str) -> Dataset:
    """The helpdesk of a seed as one of the forms gives it."""
    desk = made(seed=seed, tickets=tickets, lang=lang)
    if form == "frames":
        return canonical(desk)
    if form.startswith("asked"):  # a register does not say who opened a ticket: only those of customers
        desk = replace(desk, tickets=tuple(ticket for ticket in desk.tickets if ticket.opener == "customer"))
        if form == "asked frames":
            return canonical(desk)
        zone = Reading(source_timezone=desk.words.zone)
        return pipeline.load_held({"register.csv": register(desk)}, reading=zone)
    name, write = {
        "flat": ("zendesk.csv", zendesk_csv),
        "log": ("events.csv", event_log),
        "nested": ("tickets.json", zendesk_json),
    }[form]
    beside = {"nps.csv": nps_csv(desk)} if desk.scores else {}
    return pipeline.load_held({name: write(desk), **beside})


@cache
def report(form: str, seed: int, tickets: int, lang: str) -> Report:
    """The report of a form under the settings of the demo: both clocks, its own zone."""
    data = read(form, seed, tickets, lang)
    config = parse_config(settings(made(seed=seed, tickets=tickets, lang=lang)))
    decided = pipeline.settings_for(config, data)
    return pipeline.measure(data, settings=replace(decided, targets=()), by=BREAKDOWNS, detail=False)


def rows(found: Report) -> dict[tuple[Any, ...], Row]:
    """The rows of a report by their key; of two bases of one number the derived."""
    derived = [row for row in found.cells if row.basis == "derived"]
    return {(row.kpi, row.stat, row.clock, tuple(row.group.items()), row.period): row for row in derived}


def unseen(found: Report) -> set[str]:
    """The KPIs that a form does not show."""
    derived = [row for row in found.cells if row.basis == "derived" and not row.group]
    return {row.kpi for row in derived if row.state == "not_observed"}


@pytest.mark.parametrize("desk", DESKS, ids=str)
@pytest.mark.parametrize("form", FORMS[1:])
def test_what_a_form_shows_it_shows_as_the_tickets_are(form: str, desk: tuple[int, int, str]) -> None:
    """Each against the frames, which show everything: so any two of them agree as well."""
    one, other = (rows(report(name, *desk)) for name in ("frames", form))
    shared = [key for key in one if key in other and "not_observed" not in (one[key].state, other[key].state)]
    assert {key[0] for key in one.keys() ^ other.keys()} <= BEYOND_FLAT | GIVEN_FLAT | BEYOND_LOG
    rough = form == "flat"
    different = {
        key: pair for key in shared if (pair := _pair(one[key], other[key])) and not (rough and _is_rough(key))
    }
    assert different == {}


def _is_rough(key: tuple[Any, ...]) -> bool:
    """Numbers that rest on every solution: one row a ticket knows the last, and counts what it knows."""
    kpi, stat, _, group, _ = key
    return kpi == "closure_ratio" or stat == "days_of_work" or (kpi == "backlog" and "month" in dict(group))


@pytest.mark.parametrize("desk", DESKS, ids=str)
def test_where_a_flat_table_knows_only_the_last_solution_it_errs_to_one_side(desk: tuple[int, int, str]) -> None:
    every, last = rows(report("frames", *desk)), rows(report("flat", *desk))
    for key in filter(_is_rough, every):
        kpi = key[0]
        one, other = every[key].value, last[key].value
        if one is not None and other is not None:
            assert (one >= other) if kpi == "closure_ratio" else (one <= other), key


@pytest.mark.parametrize("desk", DESKS, ids=str)
def test_what_a_form_cannot_show_is_not_observed_in_it(desk: tuple[int, int, str]) -> None:
    kpis = {name for name in catalogue() if not name.startswith("sla_")}  # no service level is agreed here
    assert unseen(report("frames", *desk)) & kpis == NOBODY
    assert unseen(report("nested", *desk)) & kpis == NOBODY
    assert unseen(report("flat", *desk)) & kpis == NOBODY | BEYOND_FLAT
    assert unseen(report("log", *desk)) & kpis == NOBODY | BEYOND_LOG
    given = {row.kpi for row in report("flat", *desk).cells if row.basis == "given" and row.clock != "business"}
    assert given == GIVEN_FLAT


def _pair(one: Row, other: Row) -> dict[str, tuple[object, object]]:
    """What of two rows is not the same."""
    both = {name: (getattr(one, name), getattr(other, name)) for name in HOW_MUCH}
    return {name: pair for name, pair in both.items() if not _same(*pair)}


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


@pytest.mark.parametrize("desk", [desk for desk in DESKS if desk[2] == "ru"], ids=str)
def test_a_register_in_the_words_of_a_country_tells_the_same(desk: tuple[int, int, str]) -> None:
    """Semicolons, cp1251, local time, headers and statuses in Russian: read by synonyms, it is the same helpdesk."""
    one, other = (rows(report(form, *desk)) for form in ("asked frames", "asked register"))
    shared = [key for key in one if key in other and "not_observed" not in (one[key].state, other[key].state)]
    shared = [key for key in shared if not key[0].startswith(("csat", "solved_with"))]  # marks of 1 to 5 there
    assert {key[0] for key in shared} >= {"first_response_time", "resolution_time", "tickets_created", "backlog"}
    different = {key: pair for key in shared if (pair := _pair(one[key], other[key])) and not _is_rough(key)}
    assert different == {}

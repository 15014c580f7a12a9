"""Laws of receipts: what they lay out piece by piece is what the ledger and the report say, of every ticket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

import polars as pl
import pytest
from oracle_clocks import made
from test_clock_oracle import agreed, drawn, facts_of
from thorough import LONG, examples

from supportkpi import demo, pipeline
from supportkpi.clocks import due_at, ledger
from supportkpi.config import parse_config
from supportkpi.decisions import Settings
from supportkpi.engine.receipt import receipts
from supportkpi.facts import Facts, fold
from supportkpi.pipeline import settings_for
from supportkpi.receipts import Clock, Effect, Mark, Receipt
from supportkpi.reporters import RECEIPTS, RenderOptions
from supportkpi.sla import Sla

_SAME = (
    *("version", "rule", "calendar", "state", "judged", "started_at", "stopped_at", "elapsed_s", "target_s"),
    *("good_s", "late_s", "is_unanswered"),
)
RULES = """
timezone: Europe/Berlin
calendar: office
calendars:
  office: {hours: {mon-fri: ["09:00-13:00", "14:00-18:00"], sat: ["10:00-15:00"]}, holidays: {dates: [2025-10-03]}}
sla:
  calendar: office
  pause_on: {resolution: [pending, hold], update: [pending], first_response: [hold]}
  reopen: REOPEN
  priority: PRIORITY
  rules:
    - {name: urgent, when: {priority: [urgent, high]}, first_response: 30m, resolution: 6h, calendar: 24x7}
    - {name: second, when: {group: [Second line]}, resolution: 3bd, next_response: 4h}
    - {name: other, first_response: 2h, next_response: 6h, resolution: 2bd, update: 1bd}
exclusions:
  - {name: outage, from: 2025-11-12 08:00, to: 2025-11-14 11:00, effect: pause}
  - {name: partner, from: 2025-11-17 00:00, to: 2025-11-18 00:00, effect: exclude}
"""


def marks_of(receipt: Receipt, clock: Clock) -> Iterator[tuple[object, Mark]]:
    for entry in receipt.entries:
        for mark in entry.marks:
            if (mark.target, mark.cycle) == (clock.target, clock.cycle):
                yield entry.at, mark


def holds(receipt: Receipt, clocks: pl.DataFrame, sla: Sla) -> None:
    """All that must hold of the receipt of a ticket whose clocks (rows of the ledger with due_at) are given."""
    rows = clocks.filter(pl.col("ticket_id") == receipt.ticket).rows(named=True)
    assert len(rows) == len(receipt.clocks)
    for row, clock in zip(rows, receipt.clocks, strict=True):
        assert {name: getattr(clock, name) for name in _SAME} == {name: row[name] for name in _SAME}
        assert clock.due_at == row["due_at"]
        assert sum(piece.seconds for piece in clock.pieces) == pytest.approx(clock.elapsed_s, abs=1e-6)
        stood = sum(each.seconds for each in clock.stood if each.status)
        assert stood == pytest.approx(row["paused_s"], abs=1e-6)
        days = [piece.day for piece in clock.pieces]
        assert days == sorted(set(days))
        told = list(marks_of(receipt, clock))
        assert all(one <= other for (one, _), (other, _) in pairwise(told))
        of = {effect: [(at, mark) for at, mark in told if mark.effect is effect] for effect in Effect}
        assert [at for at, _ in of[Effect.start]] == [clock.started_at]
        assert [(at, mark.shown_s) for at, mark in of[Effect.stop]] == (
            [] if clock.stopped_at is None else [(clock.stopped_at, clock.elapsed_s)]
        )
        shown = [mark.shown_s for _, mark in told if mark.shown_s is not None]
        assert shown == sorted(shown)
        assert [at for at, _ in of[Effect.due]] == ([clock.due_at] if clock.late_s is not None else [])
        if all(version.reopen != "extend" for version in sla.versions):
            limits = [mark.target_s for _, mark in told if mark.effect in (Effect.start, Effect.moves)]
            assert limits[-1] == clock.target_s
        assert clock.causes == () or clock.state == "excluded"


@pytest.mark.parametrize("target", ["first_response", "next_response", "resolution", "update"])
@pytest.mark.parametrize("seed", range(examples(2)))
def test_the_receipts_of_random_tickets_add_up(target: str, seed: int) -> None:
    random = Random(f"receipt {target} {seed}")
    facts = facts_of([made(random) for _ in range(12)])
    for _ in range(2):
        sla = agreed(drawn(random, target))
        settings = replace(facts.settings, sla=sla)
        known = replace(facts, settings=settings)
        clocks = ledger(facts, sla)
        clocks = clocks.with_columns(due_at=due_at(facts, sla, clocks))
        bare = ledger(facts, replace(sla, exclusions=()))
        for receipt in receipts(known, facts.tickets["ticket_id"].to_list(), settings=settings):
            holds(receipt, clocks, sla)
            for clock in receipt.clocks:
                lost = sum(each.seconds for each in clock.stood if each.cause)
                mine = (pl.col("ticket_id") == receipt.ticket) & (pl.col("cycle") == clock.cycle)
                assert lost == pytest.approx(bare.filter(mine)["elapsed_s"].item() - clock.elapsed_s, abs=1e-6)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return demo.files(demo.made(seed=11, tickets=260 if LONG else 130))


def opened(files: dict[str, bytes], name: str, rules: str) -> tuple[Facts, Settings]:
    config = parse_config(rules)
    data = pipeline.load_held({name: files[name]}, reading=config.reading, columns=config.columns)
    settings = settings_for(config, data)
    return fold(data, settings), settings


@pytest.mark.parametrize(
    ("name", "reopen", "priority"),
    [
        ("events.csv", "continue", "at_event"),
        ("events.csv", "restart", "carry_elapsed"),
        ("tickets.json", "extend", "reset"),
        ("zendesk.csv", "continue", "at_start"),
    ],
)
def test_the_receipts_of_a_desk_say_what_its_report_says(
    files: dict[str, bytes], name: str, reopen: str, priority: str
) -> None:
    facts, settings = opened(files, name, RULES.replace("REOPEN", reopen).replace("PRIORITY", priority))
    assert settings.sla is not None
    clocks = ledger(facts, settings.sla)
    clocks = clocks.with_columns(due_at=due_at(facts, settings.sla, clocks))
    ids = facts.tickets["ticket_id"].to_list()[:: 8 if LONG else 12]
    found = receipts(facts, ids, settings=settings)
    assert [receipt.ticket for receipt in found] == ids
    for receipt in found:
        holds(receipt, clocks, settings.sla)
        row = facts.tickets.row(by_predicate=pl.col("ticket_id") == receipt.ticket, named=True)
        for figure in receipt.figures:
            span = {"first_response_time": "first_response", "resolution_time": "resolution"}.get(figure.kpi)
            if span is None or figure.value is None:
                continue
            column = f"{span}{'_business' if figure.clock == 'business' else ''}{'_age_s' if figure.open else '_s'}"
            assert figure.value == row[column]
        truths = {figure.kpi: figure.value for figure in receipt.figures}
        if truths and name != "zendesk.csv":
            assert truths["first_contact_resolution"] == row["is_first_contact"] or row["is_outbound"]
            assert truths["repeat_contact_rate"] == row["is_repeat"]
        assert bool(receipt.figures) == (row["exclusion"] is None)
    told = json.loads(RECEIPTS.render(found, "json", RenderOptions()))["tickets"]
    assert [len(ticket["clocks"]) for ticket in told] == [len(receipt.clocks) for receipt in found]
    for width in (60, 80, 120):
        lines = RECEIPTS.render(found, "table", RenderOptions(width=width)).splitlines()
        assert max(map(len, lines)) <= width
    assert "…" not in RECEIPTS.render(found, "table", RenderOptions(width=100)).replace(" …", "")

"""Judging again says of every clock what the ledger says, and reads nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest

import supportkpi as sk
from supportkpi import demo, pipeline
from supportkpi.clocks import ledger
from supportkpi.clocks.replay import STATES, Replay
from supportkpi.facts import Facts
from supportkpi.sla import TIMED, Sla, limit

CALENDARS = {
    "office": {"hours": {"mon-fri": ["09:00-18:00"]}},
    "late": {"hours": {"mon-sat": ["10:00-22:00"]}},
}
RULES: dict[str, object] = {
    "plain": {"rules": [{"name": "all", "first_response": "1h", "resolution": "9h"}]},
    "by priority": {
        "calendar": "office",
        "pause_on": ["pending", "hold"],
        "rules": [
            {"name": "top", "when": {"priority": ["urgent", "high"]}, "first_response": "30m", "resolution": "4h"},
            {"name": "low", "when": {"priority": "low"}, "resolution": "3bd"},
            {"name": "rest", "first_response": "4h", "update": "1bd", "next_response": "2h"},
        ],
    },
    "two calendars": {
        "calendar": "office",
        "rules": [
            {"name": "top", "when": {"priority": "urgent"}, "calendar": "24x7", "first_response": "15m"},
            {"name": "rest", "first_response": "2h", "resolution": {"deadline": "end_of_week"}},
        ],
    },
    "versions": [
        {"from": "2025-11-01", "rules": [{"name": "all", "first_response": "2h", "resolution": "8h"}]},
        {"from": "2026-01-01", "calendar": "late", "rules": [{"name": "all", "first_response": "1h"}]},
    ],
}
MODES = ("at_event", "at_start", "current", "carry_elapsed", "reset")


def settings(sla: object, **more: object) -> sk.Settings:
    return sk.settings({"timezone": "Europe/Berlin", "calendars": CALENDARS, "sla": sla, **more})


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A made-up helpdesk with the whole history of its statuses and priorities."""
    desk = demo.made(lang="en", tickets=400)
    files = {name: body for name, body in demo.shown(desk).items() if name == "tickets.json"}
    return sk.fold(pipeline.load_held(files))


def policies() -> Iterator[Sla]:
    for sla in RULES.values():
        yield settings(sla).sla  # type: ignore[misc]
    plan = RULES["by priority"]
    assert isinstance(plan, dict)
    for mode in MODES:
        for reopen in ("continue", "restart", "extend"):
            yield settings({**plan, "priority": mode, "reopen": reopen, "boundary": "exclusive"}).sla  # type: ignore[misc]
    causes = [
        {"name": "outage", "from": "2026-01-10 10:00", "to": "2026-01-20 14:00", "effect": "pause"},
        {"name": "partner", "from": "2026-02-01 00:00", "to": "2026-02-05 00:00", "effect": "exclude"},
    ]
    yield settings(plan, exclusions=causes).sla  # type: ignore[misc]


def states(replay: Replay, sla: Sla) -> pl.DataFrame:
    names = pl.Series([state.value for state in STATES])
    parts = []
    for timed in TIMED:
        judged = replay.judged(sla, timed)
        if judged is not None:
            rules = pl.Series(judged.rules, dtype=pl.String)
            parts.append(
                judged.clocks.select(
                    "row",
                    "cycle",
                    target=pl.lit(timed),
                    rule=rules.gather(judged.clocks["rule"]),
                    state=names.gather(judged.clocks["state"]),
                    target_s=pl.col("target_us") / 1_000_000,
                )
            )
    return pl.concat(parts).sort("target", "row", "cycle")


def said(facts: Facts, sla: Sla) -> pl.DataFrame:
    wanted = ("row", "cycle", "target", "rule", "state", "target_s")
    texts = dict.fromkeys(("target", "rule", "state"), pl.String)
    return ledger(facts, sla).select(wanted).cast(texts).sort("target", "row", "cycle")  # type: ignore[arg-type]


def test_every_clock_is_judged_as_the_ledger_judges_it(facts: Facts) -> None:
    replay = Replay(facts)
    seen = 0
    for sla in policies():
        expected = said(facts, sla)
        assert states(replay, sla).equals(expected)
        seen += len(expected["state"].unique())
    assert seen > 30  # the policies do decide something


def test_other_limits_are_judged_over_the_same_readings(facts: Facts) -> None:
    base = settings(RULES["by priority"]).sla
    assert base is not None
    replay = Replay(facts)
    first = replay.judged(base, "first_response")
    rules = tuple(replace(rule, limits={name: limit("7m") for name in rule.limits}) for rule in base.versions[0].rules)
    tighter = replace(base, versions=(replace(base.versions[0], rules=rules),))
    second = replay.judged(tighter, "first_response")
    assert first is not None
    assert second is not None
    assert second.layout is first.layout
    assert states(replay, tighter).equals(said(facts, tighter))


def test_another_calendar_is_read_anew(facts: Facts) -> None:
    sla = settings(RULES["by priority"]).sla
    assert sla is not None
    replay = Replay(facts)
    first = replay.judged(sla, "resolution")
    plan = RULES["by priority"]
    assert isinstance(plan, dict)
    other = settings({**plan, "calendar": "late"}).sla
    assert other is not None
    second = replay.judged(other, "resolution")
    assert first is not None
    assert second is not None
    assert second.layout is not first.layout
    assert first.clocks["elapsed_us"].sum() < second.clocks["elapsed_us"].sum()


def test_a_target_without_a_limit_has_no_clocks(facts: Facts) -> None:
    sla = settings(RULES["plain"]).sla
    assert sla is not None
    assert Replay(facts).judged(sla, "update") is None

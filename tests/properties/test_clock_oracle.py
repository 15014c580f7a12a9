"""Every clock, every option, against a clock that is stepped through five minutes at a time."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest
from oracle_clocks import PRIORITIES, STEP, WEEK, Reading, Story, Terms, made, readings, when
from thorough import examples

from supportkpi.calendars import Calendar
from supportkpi.clocks import due_at, ledger
from supportkpi.decisions import Settings
from supportkpi.facts import Facts, fold
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check
from supportkpi.sla import Exclusion, Limit, Rule, Sla, Version

HOURS = {
    "split": dict.fromkeys(WEEK[:5], (("08:00", "12:30"), ("13:15", "18:00"))),
    "nights": dict.fromkeys(WEEK, (("20:00", "06:30"),)),
    "odd": {"wed": (("00:00", "24:00"),), "sat": (("10:00", "24:00"),), "sun": (("00:00", "09:05"),)},
}
ZONES = ("Europe/Berlin", "UTC", "Asia/Kolkata", "America/St_Johns")
SAID = {"ask": ("message", "customer"), "reply": ("message", "agent"), "bot": ("message", "bot")}


def facts_of(stories: list[Story]) -> Facts:
    rows = []
    for number, story in enumerate(stories):
        rows.append({"ticket_id": str(number), "seq": 0, "at": when(story.created), "kind": "created"})
        rows.append({**rows[-1], "seq": 1, "kind": "priority", "value": story.priority})
        for seq, (at, kind, value) in enumerate(story.events, 2):
            named, actor = SAID.get(kind, (kind, "agent"))
            row = {"ticket_id": str(number), "seq": seq, "at": when(at), "kind": named, "actor": actor}
            rows.append(row | ({"public": True} if named == "message" else {"value": value}))
    frame = pl.DataFrame(
        {
            "ticket_id": [str(number) for number in range(len(stories))],
            "priority": [story.rank(story.until) for story in stories],
            "opener": ["customer"] * len(stories),
            "observed_until": [when(story.until) for story in stories],
        },
        schema={name: TICKETS[name] for name in ("ticket_id", "priority", "opener", "observed_until")},
    )
    events = pl.DataFrame(rows, schema=dict(EVENTS))
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    every = dict.fromkeys(Sight, Extent.EVERY)
    return fold(
        check(Dataset(history=Log(frame=events.lazy()), tickets=frame, surveys=surveys, observes=every)), Settings()
    )


def agreed(terms: Terms) -> Sla:
    rules = [
        Rule(name=name, when={"priority": (name,)}, limits={terms.target: Limit(seconds=steps * STEP.total_seconds())})
        for name, steps in terms.limits.items()
    ]
    calendars = {}
    if terms.hours is not None:
        week = {day: [f"{opens}-{closes}" for opens, closes in spans] for day, spans in terms.hours.items()}
        calendars["own"] = Calendar(timezone=terms.zone, hours=week)
    version = Version(
        calendar="own" if calendars else None,
        rules=tuple(rules),
        pause_on={terms.target: terms.pauses},
        boundary=terms.boundary,
        reopen=terms.reopen,
        priority=terms.priority,
        solve_ends_reply=terms.solve_ends_reply,
        stops_on=terms.stops_on,
        update_since=terms.update_since,
    )
    causes = ()
    if terms.outage is not None:
        start, end = (when(step) for step in terms.outage)
        causes = (Exclusion(name="outage", effect="pause", start=start, end=end),)
    return Sla(versions=(version,), calendars=calendars, exclusions=causes)


def drawn(random: Random, target: str) -> Terms:
    chosen = random.sample(PRIORITIES, random.choice((1, 2, 3, 3)))
    return Terms(
        target=target,
        limits={name: random.choice((1, 6, 12, 48, 96, 200, 300)) for name in chosen},
        zone=random.choice(ZONES),
        hours=random.choice((None, *HOURS.values())),
        pauses=random.choice(((), ("pending",), ("pending", "hold"), ("open",), ("pending", "solved"))),
        boundary=random.choice(("inclusive", "exclusive")),
        reopen=random.choice(("continue", "restart", "extend")),
        priority=random.choice(("at_event", "at_start", "current", "carry_elapsed", "reset")),
        solve_ends_reply=random.random() < 0.7,
        stops_on=random.choice((("reply",), ("reply", "status"), ("assignment",), ("reply", "assignment", "status"))),
        update_since=random.choice(("last_reply", "last_contact", "request")),
        outage=random.choice((None, None, (700, 790))),
    )


def shown(clocks: pl.DataFrame, due: pl.Series) -> dict[str, list[Reading]]:
    """What the ledger says, by ticket, in steps."""
    seconds = STEP.total_seconds()
    found: dict[str, list[Reading]] = {}
    for row in clocks.with_columns(due=due).iter_rows(named=True):
        step = {
            name: None if row[name] is None else (row[name] - when(0)) / STEP
            for name in ("started_at", "stopped_at", "due")
        }
        reading = Reading(
            started=step["started_at"],
            stopped=step["stopped_at"],
            elapsed=row["elapsed_s"] / seconds,
            paused=row["paused_s"] / seconds,
            due=step["due"],
            state=row["state"],
        )
        found.setdefault(row["ticket_id"], []).append(reading)
    return found


@pytest.mark.parametrize("target", ["first_response", "next_response", "resolution", "update"])
@pytest.mark.parametrize("seed", range(examples(3, times=6)))
def test_a_clock_shows_what_stepping_through_shows(target: str, seed: int) -> None:
    random = Random(f"{target} {seed}")
    stories = [made(random) for _ in range(40)]
    facts = facts_of(stories)
    for _ in range(4):
        terms = drawn(random, target)
        sla = agreed(terms)
        clocks = ledger(facts, sla)
        found = shown(clocks, due_at(facts, sla, clocks))
        for number, story in enumerate(stories):
            wanted = sorted(readings(story, terms), key=lambda reading: reading.started)
            assert found.get(str(number), []) == wanted, (terms, story)
        judged = _without_outage(terms)
        if judged is not None:
            plain = [
                reading.state
                for story in stories
                for reading in sorted(readings(story, judged), key=lambda r: r.started)
            ]
            assert clocks["judged"].to_list() == plain


def _without_outage(terms: Terms) -> Terms | None:
    if terms.outage is None:
        return None
    kept = {name: getattr(terms, name) for name in Terms.__dataclass_fields__ if name not in ("outage", "memo")}
    return Terms(**kept)

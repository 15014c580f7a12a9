"""How receipts say things: spans to the second, sums that add up, limits, and every word through the catalogue."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from inspect import getsource

import pytest
from desks import BOT, OFFICE, REPLY, agreement, at, change, desk, rule, status
from hypothesis import given
from hypothesis import strategies as st

from supportkpi.clocks import State
from supportkpi.engine import receipt
from supportkpi.engine.receipt import counted, receipts
from supportkpi.receipts import Clock, Entry, Receipt, Why
from supportkpi.reporters import RECEIPTS, RenderOptions, _words
from supportkpi.reporters._words import Words
from supportkpi.reporters.receipt._spans import limit, moment, rounded, span
from supportkpi.reporters.receipt._sums import account
from supportkpi.reporters.receipt._told import what
from supportkpi.reporters.receipt._whys import reason
from supportkpi.sla import Exclusion

EN = Words("en")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.4, "0s"),
        (59.5, "1m 00s"),
        (60, "1m 00s"),
        (3600, "1h 00m"),
        (3605, "1h 00m 05s"),
        (7698, "2h 08m 18s"),
        (90_683, "25h 11m 23s"),
        (4_000_000, "1,111h 06m 40s"),
    ],
)
def test_a_span_has_every_second(seconds: float, text: str) -> None:
    assert span(seconds, EN) == text


def test_only_the_clock_of_the_whole_day_counts_in_days() -> None:
    assert span(6 * 86_400 + 18 * 3600 + 49 * 60 + 48, EN, days=True) == "6d 18h 49m 48s"
    assert span(86_400, EN, days=True) == "1d 00h 00m"
    assert span(3600, EN, days=True) == "1h 00m"


@given(st.lists(st.integers(0, 10**11), max_size=20))
def test_rounded_pieces_add_up_to_the_rounded_sum(micros: list[int]) -> None:
    found = rounded([each / 1_000_000 for each in micros])
    assert sum(found) == (sum(micros) + 500_000) // 1_000_000
    assert all(abs(whole - each / 1_000_000) <= 1 for whole, each in zip(found, micros, strict=True))


@pytest.mark.parametrize(
    ("text", "seconds", "said"),
    [("PT4H", 14_400.0, "4h"), ("3bd", 97_200.0, "3bd"), ("15m..30m", 1800.0, "15m..30m"), ("", 5400.0, "1h 30m")],
)
def test_a_limit_is_said_as_it_was_agreed(text: str, seconds: float, said: str) -> None:
    assert limit(text, seconds, EN) == said


def test_a_moment_leaves_out_what_is_clear() -> None:
    instant = datetime(2026, 3, 11, 11, 19, 55, tzinfo=UTC)
    assert moment(instant, "Europe/Moscow", EN) == "Wed 11 Mar 14:19:55"
    assert moment(instant, "Europe/Moscow", EN, of=date(2026, 3, 11)) == "14:19:55"
    assert moment(instant.replace(second=0), "UTC", EN, of=date(2026, 3, 11)) == "11:19"


CLOCK = Clock(
    target="resolution",
    cycle=1,
    state="met",
    judged="met",
    version="",
    started_at=at("2026-03-02 10:00"),
    elapsed_s=3600.0,
    target_s=7200.0,
    limit="2h",
)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "1h 00m of 2h   ✓ met"),
        ({"judged": "breached_closed", "late_s": 60.0}, "✗ late by 1m 00s"),
        ({"judged": "breached_open", "late_s": 60.0}, "✗ still running, late by 1m 00s"),
        ({"judged": "running"}, "· running, 1h 00m left"),
        ({"judged": "paused"}, "‖ standing still, 1h 00m left"),
        ({"judged": "no_target", "target_s": None}, "no limit: no rule is for it"),
        ({"judged": "no_target", "target_s": None, "version": None}, "no limit: created before the first version"),
        ({"state": "excluded", "causes": ("act",)}, "out of the count (act); else ✓ met"),
        ({"is_unanswered": True}, "✓ met, solved without a reply"),
        ({"is_uncertain": True}, "nearer to the limit than the times of the export are exact"),
        ({"basis": "given", "elapsed_s": None, "target_s": None}, "✓ met, as the export itself says"),
        ({"limit": "1bd", "target_s": 28_800.0}, "1h 00m of 8h 00m (1bd)"),
    ],
)
def test_the_account_of_a_clock(changed: dict, said: str) -> None:
    assert said in account(replace(CLOCK, **changed), EN, "UTC")


def test_every_state_has_words() -> None:
    for state in State:
        if state is not State.excluded:
            assert account(replace(CLOCK, state=state.value, judged=state.value), EN, "UTC").rpartition("   ")[2]


# --- every word through the catalogue --------------------------------------------------------------------------------


class Marked:
    """A language in which every sentence stands in angle quotes."""

    def gettext(self, text: str) -> str:
        return f"‹{text}›"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"‹{one if n == 1 else many}›"


IDS = {
    *("first_response", "next_response", "resolution", "update", "escalation", "priority"),
    *("at_event", "at_start", "current", "carry_elapsed", "reset", "pending", "hold", "open", "office", "mon", "fri"),
    *("utc", "mar", "tue", "wed", "thu", "sla"),
}
"""Names of the config and of the calendar: they are the same in every language."""


def rich() -> Receipt:
    events = [
        ("2026-03-02 10:00", change("priority", "P1")),
        ("2026-03-02 10:01", BOT),
        ("2026-03-02 10:02", {**REPLY, "public": False}),
        ("2026-03-02 11:00", change("priority", "P2")),
        ("2026-03-02 11:10", change("assignee", "X1")),
        ("2026-03-02 11:20", change("assignee", "?")),
        ("2026-03-02 11:30", change("assignee", None)),
        ("2026-03-02 11:40", change("group", "G1")),
        ("2026-03-02 11:50", change("level", "2")),
        ("2026-03-02 12:00", change("handoff", None)),
        ("2026-03-02 12:10", change("clock_start", None)),
        ("2026-03-02 12:20", change("calendar", "C1")),
        ("2026-03-02 12:30", status("pending", "W1")),
        ("2026-03-02 12:40", status("unknown", "W2")),
        ("2026-03-03 12:00", REPLY),
        ("2026-03-03 13:00", status("solved")),
        ("2026-03-05 13:00", status("open", actor="customer")),
    ]
    ticket = {"id": "1", "at": "2026-03-02 10:00", "events": events, "priority": "P2", "channel": "E1"}
    rules = [rule("R1", {"priority": ["P2"]}, resolution="2h"), rule("R2", resolution="9h", first_response="1h")]
    outage = Exclusion(name="A1", effect="pause", start=at("2026-03-02 15:00"), end=at("2026-03-02 16:00"))
    facts = desk(ticket, until="2026-03-06 12:00")
    sla = agreement([*rules, rule("R3", next_response="1h", update="1bd")], calendar=OFFICE, exclusions=(outage,))
    settings = replace(facts.settings, sla=sla)
    return receipts(replace(facts, settings=settings), ["1"], settings=settings)[0]


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_no_word_of_a_receipt_bypasses_the_catalogue(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = rich()
    shown = tuple(
        replace(each, title="T1", why=tuple(replace(why, text="R1") for why in each.why)) for each in found.figures
    )
    monkeypatch.setattr(_words, "catalogue", lambda lang: Marked())
    output = RECEIPTS.render([replace(found, figures=shown)], name, RenderOptions(width=400))
    while re.search("‹[^‹›]*›", output):
        output = re.sub("‹[^‹›]*›", "", output)
    left = {word.lower() for word in re.findall(r"[A-Za-z_]{3,}", re.sub(r"[\\]|‹|›", "", output))}
    assert left - IDS == set()


def test_every_kind_of_event_has_words() -> None:
    told = {(entry.kind, what(entry, EN, "UTC")) for entry in rich().entries if entry.kind != "clock"}
    assert all(text for _, text in told)
    assert {kind for kind, _ in told} >= {"closed", "cause", "message", "status", "assignee", "level", "handoff"}
    assert ("status", 'status "W2", not understood') in told


def test_every_reason_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_words, "catalogue", lambda lang: Marked())
    codes = {code for module in (receipt, counted) for code in re.findall(r'code="(\w+)"', getsource(module))}
    assert len(codes) > 20
    for code in codes:
        assert "‹" in reason(Why(code=code, n=2, at=at("2026-03-02 10:00"), text="x"), EN, "UTC"), code


def test_an_entry_of_an_unknown_kind_is_still_told() -> None:
    assert what(Entry(at=at("2026-03-02 10:00"), kind="calendar", value="EU"), EN, "UTC") == "schedule EU"

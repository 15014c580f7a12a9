"""The made-up helpdesk: the same every time, true to life, with five problems that can be found."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportkpi import demo, pipeline
from supportkpi.config import parse_config
from supportkpi.demo import habits
from supportkpi.demo.dice import Dice
from supportkpi.demo.hours import Hours, instant, minute
from supportkpi.demo.model import Desk, Kind, Role
from supportkpi.demo.words import EN, LANGUAGES, RU
from supportkpi.facts import Facts
from supportkpi.report import Row
from supportkpi.schema import Actor, Exclusion, Status
from supportkpi.schema import Kind as CanonicalKind


@pytest.fixture(scope="module", params=LANGUAGES)
def desk(request: pytest.FixtureRequest) -> Desk:
    return demo.made(lang=request.param)


def test_a_seed_gives_the_same_bytes_on_every_machine(golden: Callable[[str, str], None]) -> None:
    digests = [
        f"{lang} {name} {hashlib.sha256(content).hexdigest()}\n"
        for lang in LANGUAGES
        for name, content in demo.files(demo.made(seed=7, tickets=150, lang=lang)).items()
        if name.endswith((".csv", ".json"))
    ]
    golden("demo/seed-7.txt", "".join(digests))


def test_another_seed_gives_another_helpdesk() -> None:
    one, other = (demo.files(demo.made(seed=seed, tickets=50)) for seed in (1, 2))
    assert [name for name in one if one[name] == other[name]] == ["supportkpi.yaml", "README.txt", "answers.txt"]


@pytest.mark.parametrize("tickets", [1, 2, 17])
def test_there_may_be_few_tickets(tickets: int) -> None:
    assert len(demo.made(tickets=tickets).tickets) == tickets
    assert all(demo.files(demo.made(tickets=tickets)).values())


def test_its_words_are_those_of_the_schema(desk: Desk) -> None:
    assert set(get_args(Kind)) <= {str(kind) for kind in CanonicalKind}
    assert set(get_args(Role)) == {str(actor) for actor in Actor}
    events = [event for ticket in desk.tickets for event in ticket.events]
    assert {event.value for event in events if event.kind == "status"} == {str(status) for status in Status}
    assert {ticket.exclusion for ticket in desk.tickets} <= {None, *(str(reason) for reason in Exclusion)}


def test_histories_hang_together(desk: Desk) -> None:
    for ticket in desk.tickets:
        instants = [event.at for event in ticket.events]
        assert instants == sorted(instants)
        assert instants[-1] <= desk.until
        assert (ticket.events[0].kind, ticket.events[0].at) == ("created", ticket.created)
        now: dict[str, str | None] = {}
        for event in ticket.events:
            if event.value is not None and event.kind != "handoff":
                assert event.old == now.get(event.kind), ticket.number
                assert event.value != event.old
                now[event.kind] = event.value


def test_nobody_in_it_exists(desk: Desk) -> None:
    codes = {words.customer for words in (EN, RU)} | {words.agent for words in (EN, RU)}
    machines = {desk.words.bot, "system"}
    for person in desk.people.values():
        name, _, number = person.name.rpartition(" ")
        assert person.name in machines or (name in codes and number.isdigit())
        assert person.email.endswith("@example.com")


def test_the_day_and_the_week_have_a_rhythm(desk: Desk) -> None:
    local = [desk.hours.local(ticket.created) for ticket in desk.tickets]
    share = len([at for at in local if 9 <= at.hour < 18]) / len(local)
    weekend = len([at for at in local if at.weekday() >= 5]) / len(local)
    assert 0.6 < share < 0.85
    assert 0.05 < weekend < 0.14
    assert {at.hour for at in local} > set(range(5, 24))


def test_customers_are_unlike_one_another(desk: Desk) -> None:
    counts = sorted(Counter(ticket.requester.number for ticket in desk.tickets).values(), reverse=True)
    assert sum(counts[: len(counts) // 10]) > 0.3 * len(desk.tickets)
    assert counts.count(1) > 0.25 * len(counts)
    assert 0.02 < len([1 for ticket in desk.tickets if ticket.requester.is_vip]) / len(desk.tickets) < 0.2


def test_everything_that_happens_in_a_helpdesk_happens_in_it(desk: Desk) -> None:
    assert Counter(ticket.exclusion for ticket in desk.tickets).keys() == {None, "spam", "merged", "test"}
    assert {ticket.channel for ticket in desk.tickets} == set(habits.CHANNELS)
    assert {ticket.rating for ticket in desk.tickets} == {None, "unoffered", "offered", "good", "bad"}
    assert {ticket.opener for ticket in desk.tickets} == {"customer", "agent"}
    told = Counter((event.kind, event.by.role, event.public, event.value) for t in desk.tickets for event in t.events)
    for sort in (
        ("message", "customer", True, None),
        ("message", "agent", True, None),
        ("message", "agent", False, None),
        ("message", "bot", True, None),
        ("status", "bot", None, "solved"),
        ("status", "system", None, "solved"),
        ("status", "system", None, "closed"),
        ("status", "agent", None, "pending"),
        ("status", "agent", None, "hold"),
        ("status", "customer", None, "open"),
        ("level", "agent", None, "2"),
        ("handoff", "bot", None, desk.words.groups[0]),
    ):
        assert told[sort] > 5, sort
    statuses = [ticket.last("status") for ticket in desk.tickets]
    assert len([1 for event in statuses if event and event.value in ("new", "open", "pending", "hold")]) > 10


def test_nothing_in_it_is_later_than_its_export(desk: Desk) -> None:
    assert all(score.at < desk.until for score in desk.scores)
    assert desk.hours.local(desk.until).date() == date(2026, 4, 1)
    assert [str(month) for month in desk.costs] == [f"2025-{m}" for m in (10, 11, 12)] + [
        f"2026-0{m}" for m in (1, 2, 3)
    ]


# --- the five problems -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[(demo.SEED, "en"), (11, "ru")], ids=str)
def helpdesk(request: pytest.FixtureRequest) -> tuple[Desk, Facts]:
    """The desk, and its tickets folded under its own settings."""
    seed, lang = request.param
    made = demo.made(seed=seed, lang=lang)
    data = pipeline.load_held(demo.shown(made))
    return made, pipeline.fold(data, pipeline.settings_for(parse_config(demo.settings(made)), data))


def numbers(helpdesk: tuple[Desk, Facts], kpi: str, by: list[str] | None = None, **how: Any) -> dict[str, Row]:
    """The headline rows of a KPI under the demo's own settings, by the value of one dimension."""
    _, facts = helpdesk
    name, _, stat = kpi.partition(".")
    found = pipeline.measure(facts, kpis=[name], by=by or [], **how)
    rows = [
        row for row in found.cells if row.clock in (None, "business") and row.stat == stat and row.basis == "derived"
    ]
    return {str(next(iter(row.group.values()), "all")): row for row in rows if bool(row.group) == bool(by)}


def test_faster_first_answers_and_slower_solutions(helpdesk: tuple[Desk, Facts]) -> None:
    first = [numbers(helpdesk, "first_response_time.median", period=p)["all"] for p in ("2025-Q4", "2026-Q1")]
    whole = [numbers(helpdesk, "resolution_time.km_median", period=p)["all"] for p in ("2025-Q4", "2026-Q1")]
    assert (first[1].high or 0) < (first[0].low or 0)
    assert (whole[1].low or 0) > (whole[0].high or 0)
    assert [row.verdict for row in (*first, *whole)] == ["missed", "met", "met", "missed"]


def test_customers_of_one_topic_come_back(helpdesk: tuple[Desk, Facts]) -> None:
    made, _ = helpdesk
    back = Counter(one.category for one in _followed(made))
    counts = Counter(ticket.category for ticket in made.tickets)
    shares = {topic: back[topic] / counts[topic] for topic in counts}
    assert shares.pop(habits.RETURNING) > 2 * max(shares.values())


def _followed(made: Desk) -> list[Any]:
    """The tickets that the same customer follows up on within a week, on the same topic."""
    last: dict[tuple[int, str], Any] = {}
    found = []
    for ticket in made.tickets:
        key = ticket.requester.number, ticket.category
        if key in last and ticket.created - last[key].created <= 7 * 1440:
            found.append(last[key])
        last[key] = ticket
    return found


def test_one_agent_is_quick_and_what_that_agent_closes_comes_back(helpdesk: tuple[Desk, Facts]) -> None:
    made, facts = helpdesk
    name = f"{made.words.agent} {habits.HASTY:02}"
    solved = facts.tickets.filter(pl.col("is_resolved") & pl.col("exclusion").is_null())
    of_agents = solved.group_by("assignee_id").agg(
        pl.col("resolution_s").median().alias("took"), pl.col("reopens").mean(), pl.len()
    )
    known = of_agents.filter(pl.col("len") > 50, pl.col("assignee_id").is_not_null())
    hasty, others = (known.filter(pl.col("assignee_id").eq(name) == same) for same in (True, False))
    assert known.height > 10
    assert hasty["took"].item() < 0.8 * min(others["took"].to_list())
    assert hasty["reopens"].item() > 1.5 * max(others["reopens"].to_list())


def test_nights_are_not_answered(helpdesk: tuple[Desk, Facts]) -> None:
    made, _ = helpdesk
    chats = [one for one in made.tickets if one.channel == "chat" and not one.exclusion]
    left = [one for one in chats if not any(e.kind == "message" and e.by.role == "agent" for e in one.events)]
    by_bot = [one for one in left if any(e.by.role == "bot" and e.value == "solved" for e in one.events)]
    unanswered = {one.number for one in left} - {one.number for one in by_bot}
    nights = [one for one in chats if not made.hours.is_open(one.created)]
    assert len(unanswered) > 20
    assert len([one for one in nights if one.number in unanswered]) > 0.9 * len(unanswered)


def test_a_month_of_few_answers_looks_better_than_it_was(helpdesk: tuple[Desk, Facts]) -> None:
    answered = {
        month: row.value or 0 for month, row in numbers(helpdesk, "csat_response_rate.value", ["month"]).items()
    }
    content = {month: row.value or 0 for month, row in numbers(helpdesk, "csat.value", ["month"]).items()}
    quiet = answered.pop("2026-02")
    assert all(quiet < share / 2 for month, share in answered.items() if month < "2026-04")
    assert content.pop("2026-02") > max(share for month, share in content.items() if month < "2026-04")


# --- chance and hours ------------------------------------------------------------------------------------------------


@given(st.integers(0, 300_000), st.integers(1, 20_000))
def test_working_minutes_are_found_again(start: int, worked: int) -> None:
    hours = Hours("Europe/Berlin", date(2025, 10, 1), 182, EN.closed)
    begin = minute(datetime.fromisoformat("2025-10-01T00:00+02:00")) + start
    end = hours.after(begin, worked)
    assert hours.between(begin, end) == worked
    assert hours.is_open(end - 1)


def test_open_minutes_are_those_that_a_clock_on_the_wall_counts() -> None:
    hours = Hours("Europe/Berlin", date(2025, 10, 20), 30, (date(2025, 10, 22),))
    begin, end = (minute(datetime.fromisoformat(text)) for text in ("2025-10-21T17:10+02:00", "2025-10-28T09:30+01:00"))
    counted = sum(hours.is_open(at) for at in range(begin, end))
    assert hours.between(begin, end) == counted == 50 + 2 * 540 + 300 + 540 + 30
    assert instant(hours.after(begin, 51)) == datetime.fromisoformat("2025-10-23T09:01+02:00")


@given(st.integers(0, 1000), st.floats(1, 5000))
def test_a_span_lasts_a_minute_at_least_and_has_its_median(seed: int, median: float) -> None:
    dice = Dice(seed)
    spans = sorted(dice.minutes(median) for _ in range(301))
    assert spans[0] >= 1
    assert 0.6 * median - 1 <= spans[150] <= 1.7 * median + 1


def test_both_languages_have_the_same_words() -> None:
    assert EN.log.keys() == RU.log.keys()
    assert EN.categories.keys() == RU.categories.keys() == habits.TOPICS.keys()
    assert all(not re.search("[A-Za-z]", word) for word in RU.log.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_readme_names_every_file(lang: str) -> None:
    files = demo.files(demo.made(tickets=5, lang=lang))
    page = files["README.txt"].decode()
    assert all(f"  {name} " in page for name in files if name != "README.txt")
    named = re.findall(r"^  (\S+\.\w+) ", page, flags=re.MULTILINE)
    assert set(named) == set(files) - {"README.txt"}

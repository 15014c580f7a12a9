"""Timetables: the days of a calendar with the reasons of their exceptions, and calendars written out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkpi.calendars import due_at
from supportkpi.config import parse_config
from supportkpi.config.plans import resolve
from supportkpi.config.timetable import frozen, timetable
from supportkpi.errors import OptionWrong, PeriodWrong
from supportkpi.pipeline import timetable_of
from supportkpi.pipeline.timetabling import plan_named
from supportkpi.reporters import TIMETABLES, RenderOptions, _words
from supportkpi.timetables import Timetable

OFFICE = """
timezone: Europe/Moscow
calendar: office
calendars:
  office:
    hours: {mon-fri: ["09:00-18:00"]}
    holidays: {country: RU, before_holiday: -1h, dates: [2026-04-02]}
    days: {2026-03-28: ["10:00-12:00"], 2026-05-01: ["10:00-14:00"], 2026-05-05: []}
    breaks: {2026-04-10: ["12:00-15:00"]}
    when: {region: [EU, "Nord: \\"west\\" #1"]}
"""


def made(text: str, first: str, last: str, name: str | None = None) -> Timetable:
    config = parse_config(text)
    plan = plan_named(config, name)
    return timetable(
        plan, date.fromisoformat(first), date.fromisoformat(last), timezone=config.timezone or "UTC", label="x"
    )


def exceptions(found: Timetable) -> dict[str, tuple[object, ...]]:
    return {
        each.day.isoformat(): (" ".join(each.spans), *((why.kind, why.name, why.day) for why in each.reasons))
        for each in found.days
        if each.reasons
    }


def test_the_month_of_the_worked_example() -> None:
    found = made(OFFICE.replace('days: {2026-03-28: ["10:00-12:00"],', "days: {"), "2026-03-01", "2026-03-31")
    assert (found.working_days, found.open_s) == (21, 189 * 3600)
    assert exceptions(found) == {
        "2026-03-09": ("", ("moved", "International Women's Day", date(2026, 3, 8))),
    }
    assert [(each.start.isoformat(), each.limit, each.due.isoformat()) for each in found.examples] == [
        ("2026-03-27T14:52:00+00:00", "4h", "2026-03-30T09:52:00+00:00"),  # Fri 17:52 to Mon 12:52, as worked by hand
        ("2026-03-06T13:40:00+00:00", "3bd", "2026-03-12T13:40:00+00:00"),
    ]


def test_every_kind_of_exception_has_its_reason() -> None:
    found = exceptions(made(OFFICE, "2026-03-25", "2026-05-15"))
    assert found == {
        "2026-03-28": ("10:00-12:00", ("special", "", None)),
        "2026-04-02": ("", ("day_off", "", None)),
        "2026-04-10": ("09:00-12:00 15:00-18:00", ("break", "", None)),
        "2026-04-30": ("09:00-17:00", ("eve", "Holiday of Spring and Labor", date(2026, 5, 1))),
        "2026-05-01": ("10:00-14:00", ("special", "", None)),
        "2026-05-05": ("", ("special", "", None)),
        "2026-05-08": ("09:00-17:00", ("eve", "Victory Day", date(2026, 5, 9))),
        "2026-05-11": ("", ("moved", "Victory Day", date(2026, 5, 9))),
    }


def test_a_weekend_day_that_is_worked_says_for_which_day() -> None:
    found = exceptions(made(OFFICE, "2025-10-27", "2025-11-05"))
    assert found["2025-11-01"] == ("09:00-17:00", ("worked", "", date(2025, 11, 3)), ("eve", "", None))
    assert found["2025-11-03"][1] == ("moved", "", date(2025, 11, 1))


def test_versions_say_from_when_they_hold_and_nights_belong_to_their_dates() -> None:
    text = """
calendars:
  night: [{from: 2026-01-05, hours: {daily: ["20:00-04:00"]}}, {from: 2026-01-08, hours: {daily: ["21:00-05:00"]}}]
"""
    found = made(text, "2026-01-04", "2026-01-10")
    assert [" ".join(each.spans) for each in found.days] == [
        "",
        "20:00-24:00",
        "00:00-04:00 20:00-24:00",
        "00:00-04:00 20:00-24:00",
        "00:00-04:00 21:00-24:00",
        "00:00-05:00 21:00-24:00",
        "00:00-05:00 21:00-24:00",
    ]
    assert [each.day.day for each in found.days if each.reasons] == [5, 8]
    assert found.versions[1] == (date(2026, 1, 8), "daily 21:00-05:00")


def test_the_day_on_which_clocks_change_has_its_own_length() -> None:
    text = 'timezone: Europe/Berlin\ncalendar: "c"\ncalendars: {c: {hours: {daily: ["00:00-12:00"]}}}\n'
    found = made(text, "2026-03-28", "2026-03-30")
    assert [each.open_s / 3600 for each in found.days] == [12, 11, 12]


def test_a_calendar_that_never_closes_has_no_examples() -> None:
    found = made("calendar: 24x7\n", "2026-03-01", "2026-03-02")
    assert (found.examples, found.open_s, found.days[0].spans) == ((), 48 * 3600, ("00:00-24:00",))


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (OFFICE, "offce", "did you mean office?"),
        ("calendars: {a: {hours: {mon: [09:00-10:00]}}, b: {hours: {mon: [09:00-10:00]}}}", None, "name one: a, b"),
        ("timezone: UTC", None, "--hours"),
    ],
)
def test_it_must_be_clear_which_calendar_is_meant(text: str, name: str | None, said: str) -> None:
    with pytest.raises(OptionWrong) as wrong:
        plan_named(parse_config(text), name)
    assert said in str(wrong.value.hint)


@pytest.mark.parametrize("period", ["all", "2026-01-01..", "1900..2026"])
def test_a_period_has_two_ends_within_reach(period: str) -> None:
    config = parse_config(OFFICE)
    with pytest.raises(PeriodWrong):
        timetable_of(config, None, period=period, now=None)  # type: ignore[arg-type]


# --- written out -----------------------------------------------------------------------------------------------------


def again(text: str, name: str, years: range, timezone: str) -> None:
    """A calendar that was written out is the same calendar, and names no country any more."""
    plan = plan_named(parse_config(text), name)
    written = frozen(plan, years, timezone=timezone)
    read = plan_named(parse_config(f"calendar: 24x7\n{written}"), name)
    assert all(version.country is None for version in read.versions)
    assert read.when == plan.when
    one, other = (resolve(each, years, timezone=timezone).calendar for each in (plan, read))
    assert one == other


def test_a_calendar_that_is_written_out_is_the_same() -> None:
    again(OFFICE, "office", range(2024, 2028), "Europe/Moscow")
    written = frozen(plan_named(parse_config(OFFICE), None), range(2026, 2027), timezone="Europe/Moscow")
    assert "- 2026-03-09  # International Women's Day, moved from 2026-03-08\n" in written
    assert '2026-04-30: ["09:00-17:00"]\n' in written
    assert written.startswith("# The calendar with all its dates, 2025 to 2027, RU by holidays")


DATES = {*("mon", "tue", "wed", "thu", "fri", "sat", "sun", "mar", "apr", "may", "europe", "moscow", "freeze")}
COUNTRIES = st.sampled_from(["RU", "DE-BY", "US", "JP", "IL", "BR", "KZ", "AE", "GB-SCT"])


@given(
    country=COUNTRIES,
    shorter=st.sampled_from(["-1h", "-90m", None]),
    weekend=st.booleans(),
    name=st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable() and text.strip() == text),
    years=st.integers(2015, 2030),
)
@settings(max_examples=25, deadline=None)
def test_any_calendar_that_is_written_out_is_the_same(
    country: str, shorter: str | None, *, weekend: bool, name: str, years: int
) -> None:
    import json

    holidays = {"country": country} | ({"before_holiday": shorter} if shorter else {})
    hours = {"mon-thu": ["08:30-12:00", "13:00-17:30"], "fri": ["09:00-24:00"]} | (
        {"sat": ["22:00-03:00"]} if weekend else {}
    )
    calendar = {"hours": hours, "holidays": holidays, "breaks": {f"{years}-02-03": ["09:00-10:00", "10:30-11:00"]}}
    if name == "24x7":
        return
    versions = [calendar, {"from": f"{years}-07-01", "hours": {"daily": ["10:00-11:00"]}}]
    text = json.dumps({"calendars": {name: versions}}, ensure_ascii=False)
    again(text, name, range(years, years + 1), "Europe/London")


def test_examples_are_what_the_calendar_says() -> None:
    import polars as pl

    from supportkpi.schema import INSTANT

    found = made(OFFICE, "2026-01-01", "2026-12-31")
    calendar = resolve(plan_named(parse_config(OFFICE), None), range(2026, 2027), timezone="Europe/Moscow").calendar
    start = pl.Series([found.examples[0].start], dtype=INSTANT)
    assert due_at(start, 4 * 3600.0, calendar)[0] == found.examples[0].due


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_no_word_of_a_timetable_bypasses_the_catalogue(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Marked:
        def gettext(self, text: str) -> str:
            return f"‹{text}›"

        def ngettext(self, one: str, many: str, n: int) -> str:
            return f"‹{one if n == 1 else many}›"

    found = made(OFFICE, "2026-03-25", "2026-05-15")
    days = tuple(
        replace(each, reasons=tuple(replace(why, name=why.name and "H1") for why in each.reasons))
        for each in found.days
    )
    shown = replace(found, days=days, name="C1", source="S1", when={"R1": ("E1",)})
    monkeypatch.setattr(_words, "catalogue", lambda lang: Marked())
    for full in (False, True):
        output = TIMETABLES.render(shown, name, RenderOptions(width=400, full=full))
        while re.search("‹[^‹›]*›", output):
            output = re.sub("‹[^‹›]*›", "", output)
        left = {word.lower() for word in re.findall(r"[A-Za-z_]{3,}", output)}
        assert left - DATES == set()

"""The worked examples of every KPI, ``metrics/cases/*.yaml``: sentences in, one body for all of them.

A ticket is ``[ID:] EVENT, EVENT, … [| MARKS]``; an event is ``[DAY] TIME WHAT`` (UTC, 2026; without a day the one
before); marks are ``spam``, ``merged``, ``from WHO``, ``about WHAT``, ``tagged TAG+TAG``, ``status WORD``,
``escalated``, ``ineligible``, ``via CHANNEL``, ``costs AMOUNT``, ``in CURRENCY``, ``took TIME``,
``waited TIME``, ``replies N``, ``reopens N`` (the export's own figures). Besides messages and statuses (``solved by
bot``) there are ``group X``, ``level N``, ``assigned to WHO``, ``unassigned``, ``something`` (a status that nobody
understands). An activity is ``WHO
at WHEN``; costs are ``PERIOD AMOUNT [CURRENCY] [via CHANNEL]``.
A rating is ``SCORE|offered [from WHO] [on ID] [at WHEN] [sent WHEN]``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import yaml

import supportkpi
from supportkpi import durations, periods
from supportkpi.calendars import Calendar, parse_hours
from supportkpi.config.agreements import agreed, inline
from supportkpi.decisions import SECTIONS, CalendarChoice, Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.metrics import Distribution, StockAge, WaitTimes, catalogue
from supportkpi.schema import ACTIVITY, EVENTS, SERIES, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check
from supportkpi.sla import Sla

FOLDER = Path(supportkpi.__file__).parent / "metrics" / "cases"
EVENT = re.compile(r"(?:(?P<day>\d+ [A-Z][a-z]+) )?(?P<time>[\d:]+) (?P<what>.+)")
RATING = re.compile(
    r"(?P<score>\S+)(?: from (?P<who>\w+))?(?: on (?P<on>\w+))?(?: at (?P<at>[^:]+:\d+))?(?: sent (?P<sent>.+))?"
)
MARK = re.compile(
    r"(from|about|status|tagged|via|costs|in|took|waited|replies|reopens) (\S+)|(spam|merged|escalated|ineligible)"
)
COST = re.compile(r"(?P<period>\S+) (?P<amount>[\d.]+)(?: (?P<currency>[A-Z]{3}))?(?: via (?P<via>\w+))?")
MESSAGES = {
    "customer writes": ("customer", True),
    "agent replies": ("agent", True),
    "bot replies": ("bot", True),
    "agent notes": ("agent", False),
}
HANDED = {"group": "group ", "level": "level ", "assignee": "assigned to "}
MARKED = {"from": "requester_id", "about": "category", "tagged": "tags", "via": "channel", "in": "currency"}
WEIGHED = {
    "costs": ("cost", Decimal),
    "took": ("given_handle_s", durations.parse),
    "waited": ("given_requester_wait_s", durations.parse),
    "replies": ("given_replies", int),
    "reopens": ("given_reopens", int),
}
COLUMNS = (
    *MARKED.values(),
    *(name for name, _ in WEIGHED.values()),
    "status",
    "status_raw",
    "exclusion",
    "escalated",
    "eligible",
)


def cases() -> list[object]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem} {case['it']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("kpi", "case"), cases())
def test_case(kpi, case):
    data = dataset(case, kpi if kpi in ("nps", "ces") else "csat")
    settings = settings_of(case)
    period = periods.window(case["period"], timezone=settings.timezone) if "period" in case else None
    facts = fold(data, settings)
    report = measure(facts, settings=settings, window=period, kpis=[kpi], by=case.get("by", ()), detail=False)
    clocked = [row for row in report.cells if row.clock == case.get("clock", row.clock)]
    rows = {row.stat: row for row in clocked if not row.group}
    head, metric = next(iter(rows.values())), catalogue()[kpi]
    timed = isinstance(metric.measure, Distribution | StockAge | WaitTimes)
    known = {"n": head.n, "open": head.n_open, "state": head.state.value, "low": head.low, "high": head.high}
    found = {**head.counts, **known, **{stat: row.value for stat, row in rows.items()}}
    found |= {"basis": head.basis}
    found |= {f"{stat} {name}": n for stat, row in rows.items() for name, n in {**row.counts, "n": row.n}.items()}
    found |= {
        " ".join(map(str, row.group.values())): row.value for row in clocked if row.group and row.stat == head.stat
    }
    for name, wanted in case["gives"].items():
        said = number(wanted, timed=timed)
        assert found[name] == (said if said is None or isinstance(said, str) else pytest.approx(said, abs=1e-4)), name


def number(wanted: object, *, timed: bool) -> float | str | None:
    """``60 %`` is a share, ``1h 30m`` a duration where the KPI has them; the rest is itself."""
    if not isinstance(wanted, str):
        return wanted
    if wanted.endswith("%"):
        return float(wanted.removesuffix("%")) / 100
    return durations.parse(wanted) if timed and wanted[0].isdigit() else wanted


def settings_of(case: dict) -> Settings:
    timezone = case.get("timezone", "UTC")
    hours = parse_hours(case["hours"]) if "hours" in case else None
    calendar = CalendarChoice(name="office", calendar=Calendar(timezone=timezone, hours=hours)) if hours else None
    return Settings(
        timezone=timezone,
        as_of=instant(case["as of"]) if "as of" in case else None,
        calendars=(calendar,) if calendar else (),
        calendar="office" if calendar else None,
        sla=sla_of(case, timezone, calendar),
        **{name: of(**case[said]) for name, of in SECTIONS.items() if (said := name.replace("_", " ")) in case},
    )


def sla_of(case: dict, timezone: str, calendar: CalendarChoice | None) -> Sla | None:
    """``sla: first_response=1h`` as ``--sla`` reads it; a resolution clock pauses while pending or on hold."""
    if "sla" not in case:
        return None
    plan = inline(case["sla"], calendar=calendar.name if calendar else None)
    return agreed(plan, {calendar.name: calendar.calendar} if calendar else {}, timezone=timezone)


def instant(text: str) -> datetime:
    form = "%d %b %H:%M:%S %Y" if text.count(":") == 2 else "%d %b %H:%M %Y"
    return datetime.strptime(f"{text} 2026", form).replace(tzinfo=UTC)


def dataset(case: dict, instrument: str) -> Dataset:
    tickets, events = [], []
    for number, text in enumerate(case.get("tickets", [])):
        name, told, marks = sentence(text, str(number))
        tickets.append({"ticket_id": name, **columns(marks)})
        events += [{"ticket_id": name, "seq": seq, **event} for seq, event in enumerate(told)]
    surveys = [rating(text, instrument, case) for text in case.get("ratings", [])]
    ends = [event["at"] for event in events] + ([instant(case["as of"])] if "as of" in case else [])
    until = max(ends, default=datetime(2026, 3, 31, tzinfo=UTC))
    schema = {name: TICKETS[name] for name in ("ticket_id", "observed_until", *used(tickets))}
    shown = case.get("shows")
    return check(
        Dataset(
            history=Log(frame=pl.LazyFrame(events, schema=dict(EVENTS))),
            tickets=pl.DataFrame([{**ticket, "observed_until": until} for ticket in tickets], schema=schema),
            surveys=pl.DataFrame(surveys, schema={name: SURVEYS[name] for name in SURVEYS}),
            activity=pl.DataFrame([did(text) for text in case.get("activity", [])], schema=dict(ACTIVITY)),
            series=pl.DataFrame([paid(text) for text in case.get("costs", [])], schema=dict(SERIES)),
            observes={Sight(name): Extent[extent.upper()] for name, extent in shown.items()}
            if shown
            else dict.fromkeys(Sight, Extent.EVERY),
        )
    )


def used(tickets: list[dict]) -> list[str]:
    """Columns that any ticket of the case has: an export without a status column is not one whose status is empty."""
    return [name for name in COLUMNS if any(name in ticket for ticket in tickets)]


def sentence(text: str, number: str) -> tuple[str, list[dict], str]:
    told, _, marks = text.partition(" | ")
    name, colon, rest = told.partition(": ")
    events, day = [], None
    for part in (rest if colon else told).split(", "):
        said = EVENT.fullmatch(part)
        assert said, f"no event: {part!r}"
        day = said["day"] or day
        events.append({"at": instant(f"{day} {said['time']}"), **happening(said["what"])})
    return name if colon else number, events, marks


def happening(what: str) -> dict:
    if what in MESSAGES:
        actor, public = MESSAGES[what]
        return {"kind": "message", "actor": actor, "actor_id": actor, "public": public}
    if what.startswith("created"):
        return {"kind": "created", "actor": what.removeprefix("created").removeprefix(" by ") or "customer"}
    for kind, says in HANDED.items():
        if what.startswith(says):
            return {"kind": kind, "value": what.removeprefix(says)}
    if what == "unassigned":
        return {"kind": "assignee", "value": None}
    status, _, actor = what.partition(" by ")
    return {"kind": "status", "value": None if status == "something" else status, "raw": status, "actor": actor or None}


def columns(marks: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value, word in MARK.findall(marks):
        if name == "status":
            found |= {"status": None if value == "?" else value, "status_raw": value}
        elif name in WEIGHED:
            column, read = WEIGHED[name]
            found[column] = read(value)
        elif name:
            found |= {MARKED[name]: value.split("+") if name == "tagged" else value}
        else:
            found |= {"escalated": True} if word == "escalated" else {}
            found |= {"eligible": False} if word == "ineligible" else {}
            found |= {"exclusion": word} if word in ("spam", "merged") else {}
    return found


def did(text: str) -> dict[str, object]:
    who, _, when = text.partition(" at ")
    return {"requester_id": who, "at": instant(when)}


def paid(text: str) -> dict[str, object]:
    said = COST.fullmatch(text)
    assert said, f"no cost: {text!r}"
    days = periods.window(said["period"], timezone="UTC")
    columns = {"value": float(said["amount"]), "unit": "money", "currency": said["currency"], "channel": said["via"]}
    return {"name": "costs", "start": days.start_date, "end": days.end_date, **columns}


def rating(text: str, instrument: str, case: dict) -> dict[str, object]:
    said = RATING.fullmatch(text)
    assert said, f"no rating: {text!r}"
    scale = case.get("scale", "1-5" if instrument == "csat" else None)
    return {
        "instrument": instrument,
        "score": None if said["score"] == "offered" else float(said["score"]),
        "ticket_id": said["on"],
        "respondent_id": said["who"],
        "at": instant(said["at"]) if said["at"] else None,
        "offered_at": instant(said["sent"]) if said["sent"] else None,
        "scale": scale,
    }


def test_every_kpi_has_its_cases():
    counted = {path.stem: len(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.yaml")}
    assert set(counted) == set(catalogue())
    assert min(counted.values()) >= 4


def test_cases_have_names_of_their_own():
    names = [(kpi, case["it"]) for kpi, case in (param.values for param in cases())]
    assert len(names) == len(set(names))

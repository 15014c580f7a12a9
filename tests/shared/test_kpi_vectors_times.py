"""The worked cases about times and hands: the five clocks of a ticket, escalation, and what peers measure."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from test_kpi_vectors import EVERY, VECTORS, approve, calendar_of, cases, instant, log_dataset, on_clock, settings_of

from supportkpi.decisions import FirstResponse, Settings
from supportkpi.engine.measure import measure
from supportkpi.engine.statistics.incidence import incidence
from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.restricted import restricted_means
from supportkpi.engine.statistics.solve import solved
from supportkpi.engine.statistics.survival import medians
from supportkpi.facts import fold
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Log, check

pytestmark = pytest.mark.shared
CLOCKS = {
    "first": "first_resolution_time",
    "full": "resolution_time",
    "net_of_solved": "net_resolution_time",
    "agent_work": "agent_work_time",
    "requester_wait": "requester_wait_time",
    "agent_wait": "agent_wait_time",
}


@pytest.mark.parametrize("case", cases("rt"))
def test_every_clock_of_a_resolution(case):
    if "tickets" not in case["input"]:
        pytest.skip("statistics of plain numbers: see test_kpi_vectors")
    as_of = instant(case["options"].get("as_of"))
    facts = fold(log_dataset(case["input"]["tickets"], as_of), settings := settings_of(case["options"]))
    report = measure(facts, settings=settings, kpis=list(CLOCKS.values()))
    found = {name: report.get(kpi, "mean", clock=on_clock(case)).value for name, kpi in CLOCKS.items()}
    found["reopens"] = facts.tickets["reopens"].item()
    assert set(case["expected"]) <= set(found)
    approve(case, found)
    if found["full"] is not None:  # the sums over statuses are the life of the ticket without its solved gaps
        assert found["requester_wait"] + found["agent_wait"] == found["net_of_solved"] <= found["full"]


@pytest.mark.parametrize("case", cases("rt.survival"))
def test_times_that_open_tickets_belong_to(case):
    """Ends and censored ones, in days: the median, the share that is left, the mean within the first days, the ends."""
    seen, options, found = case["input"]["observations"], case["options"], {}
    if "cause" in options:
        times = [float(one["time"]) for one in seen]
        ends = [None if one["cause"] == 0 else one["cause"] == options["cause"] for one in seen]
        kinds = {"s": pl.Float64, "solved": pl.Boolean}
        curve = incidence(pl.DataFrame({"s": times, "solved": ends}, schema=kinds), [max(times)], 0.95)
        bare = pl.DataFrame({"s": times, "solved": [end or None for end in ends]}, schema=kinds)
        alone = incidence(bare, [max(times)], 0.95)
        found |= {"aalen_johansen": curve[0].share, "one_minus_km": alone[0].share}
    else:
        rows = [(0, float(one["time"]), one["event"] == 1) for one in seen]
        frame = pl.DataFrame(rows, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")
        durations = ordered(frame)
        ended = frame.filter("ended")["s"]
        last = frame.select(pl.col("s").max()).item()
        asked = {name: float(name[1:]) for name in case["expected"] if name[1:].isdigit()} | {"S_last": last}
        known = incidence(frame.select("s", solved=pl.when("ended").then(True)), list(asked.values()), 0.95)
        found |= {name: 1 - at.share for name, at in zip(asked, known, strict=True)}
        found |= {"km_median": medians(durations, 0.95)[0][0], "naive_median": ended.median()}
        if options.get("p", 0.5) != 0.5:
            found |= {"km_quantile": solved(frame, options["p"])[0].value}
        found |= {"rmst": restricted_means(durations, options["tau"], 0.95)[0][0]} if "tau" in options else {}
    assert set(case["expected"]) <= set(found)
    approve(case, found)


@pytest.mark.parametrize("case", cases("escalation"))
def test_escalation(case):
    tickets = [
        {
            "id": ticket["id"],
            "created_at": ticket["created_at"],
            "events": [{"t": step["t"], "type": "level", "to": str(step["tier"])} for step in ticket["assigns"]],
        }
        for ticket in case["input"]["tickets"]
    ]
    facts = fold(_levels(tickets), Settings())
    report = measure(facts, settings=Settings(), kpis=["escalation_rate", "escalation_time"])
    rate = report.get("escalation_rate")
    found = {"num": int(rate.x or 0), "den": rate.n, "rate": rate.value}
    found["median_time"] = report.get("escalation_time", "median").value
    assert set(case["expected"]) <= set(found)
    approve(case, found)


def _levels(tickets: list[dict]) -> Dataset:
    rows = [
        {"ticket_id": ticket["id"], "seq": seq, **row}
        for ticket in tickets
        for seq, row in enumerate(
            [
                {"at": instant(ticket["created_at"]), "kind": "created"},
                *({"at": instant(e["t"]), "kind": e["type"], "value": e["to"]} for e in ticket["events"]),
            ]
        )
    ]
    return _dataset([ticket["id"] for ticket in tickets], rows)


def _dataset(ids: list[str], rows: list[dict], until: datetime | None = None, **columns: list) -> Dataset:
    events = pl.DataFrame(rows, schema=dict(EVENTS))
    end = until or events["at"].max() or datetime(2026, 1, 1, tzinfo=UTC)
    frame = pl.DataFrame(
        {"ticket_id": ids, "observed_until": [end] * len(ids), **columns},
        schema={name: TICKETS[name] for name in ("ticket_id", "observed_until", *columns)},
    )
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    return check(Dataset(history=Log(frame=events.lazy()), tickets=frame, surveys=surveys, observes=EVERY))


@pytest.mark.parametrize("case", cases("escalation.speed"))
def test_two_readings_of_the_speed_of_escalation(case):
    rows, priorities = [], []
    for number, ticket in enumerate(case["input"]["tickets"]):
        created, replied = instant(ticket["created_at"]), instant(ticket["first_reply_at"])
        told = [
            {"at": created, "kind": "created", "actor": "customer"},
            {"at": created, "kind": "level", "value": "1"},
            {"at": replied, "kind": "message", "actor": "agent", "public": True},
        ]
        if ticket["first_escalation_at"]:
            told.append({"at": instant(ticket["first_escalation_at"]), "kind": "level", "value": "2"})
        rows += [{"ticket_id": str(number), "seq": seq, **row} for seq, row in enumerate(told)]
        priorities.append(ticket["priority"])
    facts = fold(_dataset([str(n) for n in range(len(priorities))], rows, priority=priorities), Settings())
    report = measure(facts, settings=Settings(), where=[f"priority={case['options']['priority']}"])
    escalated = report.get("escalation_time", "median")
    found = {
        "reaction_median_s": report.get("first_response_time", "median").value,
        "time_to_escalation_median_s": escalated.value,
        "n_escalated": escalated.n,
    }
    assert set(case["expected"]) == set(found)
    approve(case, found)


# --- what peers measure ----------------------------------------------------------------------------------------------

NOT_OURS = {
    "im-016": "the time to an accepted answer is no KPI of a helpdesk",
    "im-024": "an event without an instant is rejected as it is read",
    "im-028": "a label may come after the closing: a status that does so reopens the ticket",
    "cwm-005": "the clock of a first response starts anew when the customer comes back, not when the bot gives up",
    "dz-001": "a ticket runs on one calendar from end to end: a history of calendars is not read yet",
}
"""Rows that cannot be expressed, and why."""
READ = {"public_message": "message", "internal_note": "message", "bot_handoff": "handoff"}
TURNS = {"bot_resolved": ("solved", "bot"), "opened": ("open", "customer")}
FINAL = ("merged", "closed", "closed successful", "solved")


def peers() -> list[object]:
    path = VECTORS / "peers" / "metrics.jsonl"
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="no reference vectors beside the repository"))]
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    reasons = {row["id"]: NOT_OURS.get(row["id"]) for row in rows}
    marks = {id: [pytest.mark.skip(reason=why)] if why else [] for id, why in reasons.items()}
    return [pytest.param(row, id=row["id"], marks=marks[row["id"]]) for row in rows]


def told(ticket: dict, watched: str | None = None) -> list[dict]:
    """The history of a peer's ticket in our kinds; the state that is watched is told as being on hold."""
    ignored, rows = ticket.get("ignore_users", []), []
    for event in ticket["events"]:
        at, kind, state = instant(event["at"]), event["kind"], event.get("state")
        if at is None or kind in ("draft_message", "schedule"):  # never sent; calendars are chosen for the ticket
            continue
        actor = "system" if event.get("user") in ignored else event.get("actor")
        if kind in ("created", "clock_start", *READ):
            row = {"kind": READ.get(kind, kind), "actor": actor, "public": kind == "public_message"}
            rows.append({"at": at, **row})
        if kind in TURNS:
            value, actor = TURNS[kind]
            rows.append({"at": at, "kind": "status", "value": value, "actor": actor})
        if state is not None:
            rows.append({"at": at, "kind": "status", "value": status_of(kind, state, watched)})
    if rows and not any(row["kind"] == "created" for row in rows):
        rows.append({"at": rows[0]["at"], "kind": "created"})  # it began where its history begins
    return [{"ticket_id": "1", "seq": seq, **row} for seq, row in enumerate(row for row in rows if _is_told(row))]


def _is_told(row: dict) -> bool:
    return row["kind"] != "status" or row["value"] is not None


def status_of(kind: str, state: str, watched: str | None) -> str | None:
    """Entering the watched state is going on hold, leaving it is coming back; of other labels nothing is told."""
    if state in FINAL:
        return "solved"
    if kind == "leave_state":
        return "open" if state == watched else None
    if kind == "enter_state":
        return "hold" if state == watched else None
    return "hold" if state == watched else "open"


def folded(ticket: dict, settings: Settings, watched: str | None = None) -> dict:
    data = _dataset(["1"], told(ticket, watched), instant(ticket.get("as_of")))
    return fold(data, settings).tickets.row(0, named=True)


def on_calendar(ticket: dict) -> Settings:
    spec = ticket.get("calendar") or list(ticket.get("schedules", {}).values())[-1:]
    if not spec:
        return Settings()
    spec = spec if isinstance(spec, dict) else spec[0]
    days = {day: [] for day in spec["holidays"]}
    return Settings(calendars=calendar_of({"calendar": {"tz": spec["tz"], "week": spec["weekly"], "exceptions": days}}))


@pytest.mark.parametrize("row", peers())
def test_metrics_of_peers(row):
    ticket = row["ticket"]
    kinds = {event["kind"] for event in ticket["events"]}
    anchors = {"bot_resolved": "reopen_after_bot", "clock_start": "clock_start", "bot_handoff": "handoff"}
    anchor = next((ours for theirs, ours in anchors.items() if theirs in kinds), "created")
    clock = on_calendar(ticket)
    settings = Settings(first_response=FirstResponse(anchor=anchor), calendars=clock.calendars)
    seen = folded(ticket, settings)
    found = {
        "first_response_seconds": seen["first_response_s"],
        "first_response_clock_start": seen["anchor_at"].strftime("%Y-%m-%dT%H:%M:%SZ") if seen["anchor_at"] else None,
        "merge_seconds": seen["resolution_s"],
        "close_seconds": seen["resolution_s"],
        "close_business_seconds": seen.get("resolution_business_s"),
        "first_response_business_minutes": (seen.get("first_response_business_s") or 0) / 60,
    }
    for state in row["expected"].get("time_in_state_seconds", {}):
        held = folded(ticket, settings, state)
        found.setdefault("time_in_state_seconds", {})[state] = held["hold_s"] or held["hold_age_s"]
    assert set(row["expected"]) <= set(found)
    near = row.get("tolerance_minutes", 1e-9)
    for name, wanted in row["expected"].items():
        assert found[name] == (wanted if isinstance(wanted, dict | str | None) else pytest.approx(wanted, abs=near)), (
            name
        )

"""The worked cases of service levels (method 2.8), each through an agreement of ours and the rows of the report."""

from __future__ import annotations

import json
from datetime import datetime

import polars as pl
import pytest
from test_kpi_vectors import EVERY, VECTORS, approve, cases, instant
from test_kpi_vectors import calendar_of as calendars_of

from supportkpi.clocks import due_at, ledger
from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import Facts, fold
from supportkpi.report import Report
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Log, check
from supportkpi.sla import Limit, Rule, Sla, Version

pytestmark = pytest.mark.shared
SOME_TIME = datetime.fromisoformat("2026-03-02T10:00:00+00:00")


def desk(tickets: list[dict], as_of: datetime | None, settings: Settings | None = None) -> Facts:
    """Tickets of a vector: done is solved, a pause is a time in status pending, a target is the ticket's own tier."""
    rows = []
    for ticket in tickets:
        told = [(ticket["created_at"], {"kind": "created"})]
        told += [(at, {"kind": "priority", "value": word}) for at, word in ticket.get("priority_history", [])]
        for start, end in ticket.get("pauses", []):
            told += [(start, {"kind": "status", "value": "pending"})]
            told += [(end, {"kind": "status", "value": "open"})] if end else []
        if ticket.get("done_at"):
            told += [(ticket["done_at"], {"kind": "status", "value": "solved"})]
        rows += [{"ticket_id": ticket["id"], "seq": n, "at": instant(at), **e} for n, (at, e) in enumerate(told)]
    events = pl.DataFrame(rows, schema=dict(EVENTS))
    until = as_of or events["at"].max()
    columns = {
        "ticket_id": [ticket["id"] for ticket in tickets],
        "tier": [_tier(ticket.get("target", "all")) for ticket in tickets],
        "external_cause": ["partner" if ticket.get("external") else None for ticket in tickets],
        "observed_until": [until] * len(tickets),
        "priority": [([(None, None), *ticket.get("priority_history", [])])[-1][1] for ticket in tickets],
    }
    frame = pl.DataFrame(columns, schema={name: TICKETS[name] for name in columns})
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    data = Dataset(history=Log(frame=events.lazy()), tickets=frame, surveys=surveys, observes=EVERY)
    return fold(check(data), settings or Settings())


def _tier(target: object) -> str | None:
    return None if target is None else str(target)


def rules(tickets: list[dict], target: float | None) -> tuple[Rule, ...]:
    """Each ticket's own limit, else that of the case, else one that no ticket of it has."""
    own = {str(ticket["target"]): ticket["target"] for ticket in tickets if ticket.get("target")}
    rest = {} if target is not None else {"tier": ("nobody",)}
    limits = {"resolution": Limit(seconds=target if target is not None else 1.0)}
    return (
        *(Rule(name=name, when={"tier": (name,)}, limits={"resolution": Limit(seconds=s)}) for name, s in own.items()),
        Rule(name="all", when=rest, limits=limits),
    )


def report_of(facts: Facts, sla: Sla, kpi: str = "sla_resolution", as_of: datetime | None = None) -> Report:
    return measure(facts, settings=Settings(sla=sla, as_of=as_of), kpis=[kpi])


def _age(ticket: dict, as_of: datetime) -> float:
    return (as_of - instant(ticket["created_at"])).total_seconds()


def said(report: Report, kpi: str = "sla_resolution") -> dict[str, float | None]:
    value = report.get(kpi)
    return {
        **value.counts,
        "compliance": value.value,
        "excluded": value.counts["external"],
        **{stat: report.get(kpi, stat).value for stat in ("closed_only", "pessimistic", "optimistic")},
    }


@pytest.mark.parametrize("case", cases("sla"))
def test_compliance(case: dict) -> None:
    options, tickets = case["options"], case["input"]["tickets"]
    as_of = instant(options["as_of"])
    calendars = {choice.name: choice.calendar for choice in calendars_of(options)}
    rule = rules(tickets, options.get("target"))
    version = Version(rules=rule, pause_on={"resolution": ("pending",)}, calendar=next(iter(calendars), None))
    sla = Sla(versions=(version,), calendars=calendars)
    report = report_of(desk(tickets, as_of, Settings(as_of=as_of)), sla, as_of=as_of)
    found = said(report)
    if options.get("cohort") == "mature":
        whole = report.get("sla_resolution", "mature")
        old = [ticket for ticket in tickets if _age(ticket, as_of) >= (ticket.get("target") or options["target"])]
        assert whole.n == len(old)
        facts = desk(old, as_of, Settings(as_of=as_of))
        found = said(report_of(facts, Sla(versions=(version,), calendars=calendars), as_of=as_of))
        assert whole.value == pytest.approx(found["compliance"])
    external = any(ticket.get("external") for ticket in tickets)
    if external and not options.get("exclude_external"):  # both figures are always there
        wanted = case["expected"]
        kept = report.get("sla_resolution", "with_external")
        found |= {"compliance": kept.value, "met": kept.x, "breached_closed": kept.n - kept.x}
        assert set(wanted) <= set(found)
    assert set(case["expected"]) <= set(found)
    approve(case, found)
    if found["no_target"]:
        covered = 1 - found["no_target"] / len(tickets)
        assert report.get("sla_resolution", "coverage").value == pytest.approx(covered)


@pytest.mark.parametrize("case", cases("sla.due"))
def test_due_instants(case: dict) -> None:
    options = case["options"]
    facts = desk([{"id": "1", "created_at": case["input"]["created_at"]}], None)
    limit = Limit(deadline=options["deadline"]) if "deadline" in options else Limit(seconds=options["target"])
    version = Version(calendar="case", rules=(Rule(name="all", limits={"resolution": limit}),))
    sla = Sla(versions=(version,), calendars={"case": calendars_of(options)[0].calendar})
    assert due_at(facts, sla, ledger(facts, sla)).to_list() == [instant(case["expected"]["due"])]


@pytest.mark.parametrize("case", cases("sla.versions"))
def test_a_ticket_is_judged_by_the_version_of_its_creation(case: dict) -> None:
    facts = desk(case["input"]["tickets"], instant(case["options"]["as_of"]))
    listed = sorted(case["input"]["versions"], key=lambda each: instant(each["from"]))
    made = [Version(since=instant(each["from"]), rules=rules([], each["target"])) for each in listed]
    alone = [Version(rules=version.rules) for version in made]
    found = {
        "compliance": said(report_of(facts, Sla(versions=tuple(made))))["compliance"],
        "with_v1_only": said(report_of(facts, Sla(versions=(alone[0],))))["compliance"],
        "with_v2_only": said(report_of(facts, Sla(versions=(alone[1],))))["compliance"],
    }
    assert set(case["expected"]) == set(found)
    approve(case, found)


@pytest.mark.parametrize("case", cases("sla.priority"))
def test_a_priority_that_is_raised(case: dict) -> None:
    ticket = {"id": "1", **case["input"]["ticket"]}
    facts = desk([ticket], None)
    own = tuple(
        Rule(name=name, when={"priority": (name,)}, limits={"resolution": Limit(seconds=seconds)})
        for name, seconds in case["options"]["targets"].items()
    )
    modes = {"at_creation": "at_start", "current": "current", "from_change": "at_event"}
    for name, mode in modes.items():
        clock = ledger(facts, Sla(versions=(Version(rules=own, priority=mode),))).row(0, named=True)
        assert clock["state"].split("_")[0] == case["expected"][name]
    assert Version(rules=own).priority == "at_event"


@pytest.mark.parametrize("case", cases("sla.ticket_level"))
def test_all_targets_of_a_ticket(case: dict) -> None:
    """First responses within an hour, solutions within two: each state of the case is made of events."""
    ends = {"met": "2026-03-02T10:30:00Z", "breached": "2026-03-02T20:00:00Z", "running": None}
    rows, ids = [], [str(number) for number in range(len(case["input"]["tickets"]))]
    for number, states in zip(ids, case["input"]["tickets"], strict=True):
        started = SOME_TIME if states["rt"] != "running" else instant("2026-03-02T20:30:00Z")
        told = [(started, {"kind": "created", "actor": "customer"})]
        replied = instant(ends[states["frt"]]) if states["rt"] != "running" else instant("2026-03-02T20:40:00Z")
        message = {"kind": "message", "actor": "agent", "public": True}
        told.append((replied, message))
        if states["rt"] != "running":
            solved = instant(ends[states["rt"]])
            told.append((solved, {"kind": "status", "value": "solved"}))
        told.sort(key=lambda each: (each[0], each[1]["kind"] == "status"))
        rows += [{"ticket_id": number, "seq": n, "at": at, **e} for n, (at, e) in enumerate(told)]
    events = pl.DataFrame(rows, schema=dict(EVENTS))
    frame = pl.DataFrame(
        {"ticket_id": ids, "observed_until": [instant("2026-03-02T21:00:00Z")] * len(ids)},
        schema={name: TICKETS[name] for name in ("ticket_id", "observed_until")},
    )
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    facts = fold(
        check(Dataset(history=Log(frame=events.lazy()), tickets=frame, surveys=surveys, observes=EVERY)), Settings()
    )
    limits = {"first_response": Limit(seconds=3600), "resolution": Limit(seconds=7200)}
    sla = Sla(versions=(Version(rules=(Rule(name="all", limits=limits),), solve_ends_reply=False),))
    found = {
        name: said(report_of(facts, sla, kpi), kpi)["compliance"]
        for name, kpi in (("frt", "sla_first_response"), ("rt", "sla_resolution"), ("all_targets_met", "sla_all"))
    }
    assert set(case["expected"]) == set(found)
    approve(case, found)


def test_no_group_of_service_levels_is_left_out() -> None:
    path = VECTORS / "kpi.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    groups = {row["kpi"] for row in rows if row["kpi"].split(".")[0] == "sla"}
    assert groups <= {"sla", "sla.due", "sla.versions", "sla.priority", "sla.ticket_level"}

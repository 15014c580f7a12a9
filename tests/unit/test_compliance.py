"""Compliance in a report: by rule and another dimension, the better end of a range, names like ours, fingerprints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from desks import REPLY, agreement, desk, rule

import supportkpi as sk
from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure

MON = "2026-03-02"


def test_the_same_service_levels_have_the_same_fingerprint_in_every_process() -> None:
    code = (
        "from supportkpi.decisions import Settings; from supportkpi.engine.definitions import fingerprint\n"
        "from supportkpi.sla import Exclusion, Sla\n"
        "for n in (9, 8):\n"
        "    cause = Exclusion(name='x', effect='exclude', tickets=frozenset(map(str, range(n))))\n"
        "    print(fingerprint([], Settings(sla=Sla(versions=(), exclusions=(cause,)))))"
    )
    one, other = (
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout.split()
        for seed in ("1", "2")
    )
    assert one == other
    assert one[0] != one[1]


def test_the_better_end_of_a_range_is_shown_and_the_other_one_judged() -> None:
    tickets = [
        {"id": str(n), "at": f"{MON} 09:00", "priority": name, "events": [(f"{MON} 09:{n}", REPLY)]}
        for n, name in ((10, "urgent"), (15, "urgent"), (20, "urgent"), (40, "urgent"), (41, "low"))
    ]
    rules = [rule("urgent", {"priority": ["urgent"]}, first_response="15m..30m"), rule("rest", first_response="1h")]
    facts = desk(*tickets, until=f"{MON} 20:00", settings=Settings(sla=agreement(rules)))
    report = measure(facts, settings=facts.settings, kpis=["sla_first_response"])
    good = [(dict(row.group), row.x, row.n) for row in report.cells if row.stat == "good"]
    assert good == [({}, 2, 4), ({"rule": "urgent"}, 2, 4)]  # those with one limit have no better end
    judged = [(row.x, row.n) for row in report.cells if row.stat == "value"]
    assert judged == [(4, 5), (3, 4), (1, 1)]


def test_columns_of_the_export_may_be_called_as_ours() -> None:
    tickets = [
        {"id": name, "at": f"{MON} 09:00", "state": name, "rule": "x", "events": [(f"{MON} 09:30", REPLY)]}
        for name in ("Bavaria", "Hesse")
    ]
    settings = Settings(sla=agreement({"first_response": "1h"}))
    facts = desk(*tickets, until=f"{MON} 20:00", settings=settings)
    report = measure(facts, settings=settings, by=["state", "rule"], kpis=["sla_first_response"])
    found = [dict(row.group) for row in report.cells if row.stat == "value"]
    assert found == [{}, {"rule": "all"}, {"state": "Bavaria"}, {"state": "Hesse"}]


def test_by_rule_and_another_dimension() -> None:
    tickets = [
        {"id": f"{n}", "at": f"{MON} 09:00", "priority": name, "events": [(f"{MON} {hour}:00", REPLY)]}
        for n, (name, hour) in enumerate([("urgent", 10), ("urgent", 12), ("low", 12)])
    ]
    rules = [rule("fast", {"priority": ["urgent"]}, first_response="1h"), rule("rest", first_response="4h")]
    facts = desk(*tickets, until=f"{MON} 20:00", settings=Settings(sla=agreement(rules)))
    report = measure(facts, settings=facts.settings, by=["rule", "rule,priority"], kpis=["sla_first_response"])
    shares = {tuple(row.group.values()): (row.x, row.n) for row in report.cells if row.stat == "value"}
    assert shares == {
        (): (2, 3),
        ("fast",): (1, 2),
        ("rest",): (1, 1),
        ("fast", "urgent"): (1, 2),
        ("rest", "low"): (1, 1),
    }


MINUTES = """\
Ticket ID,Created at,First reply time in minutes,Full resolution time in minutes,Status
1,2026-03-02 09:00:00,60,120,solved
2,2026-03-02 09:00:00,30,121,solved
"""
TOLD = """\
ticket_id,at,kind,actor,public,value
1,2026-03-02T09:00:00Z,created,customer,,
1,2026-03-02T09:05:00Z,group,agent,,First line
2,2026-03-02T09:00:00Z,created,customer,,
2,2026-03-02T09:05:00Z,group,agent,,First line
"""


def test_minutes_stay_minutes_beside_a_log(tmp_path: Path) -> None:
    """60 of 60 minutes may be 60 m 59 s: a verdict so near to its limit is uncertain, whatever file is read beside."""
    (tmp_path / "tickets.csv").write_text(MINUTES, encoding="utf-8")
    (tmp_path / "events.csv").write_text(TOLD, encoding="utf-8")
    settings = Settings(sla=agreement({"first_response": "1h"}))
    found = []
    for names in (["tickets.csv"], ["tickets.csv", "events.csv"]):
        facts = sk.fold(sk.load(*(str(tmp_path / name) for name in names)), settings)
        row = measure(facts, settings=settings, kpis=["sla_first_response"]).get("sla_first_response")
        found.append((row.n, row.x, row.counts["uncertain"]))
    assert found == [(2, 2, 1), (2, 2, 1)]


def test_the_ends_of_what_running_clocks_leave_open_are_told_apart() -> None:
    met = [{"id": str(n), "at": "2026-03-02 09:00", "events": [("2026-03-02 09:10", REPLY)]} for n in range(1500)]
    tickets = [*met, {"id": "runs", "at": "2026-03-02 19:50"}, {"id": "late", "at": "2026-03-02 09:00"}]
    settings = Settings(sla=agreement({"first_response": "1h"}))
    facts = desk(*tickets, until="2026-03-02 20:00", settings=settings)
    report = measure(facts, settings=settings, kpis=["sla_first_response"])
    assert "1 clock still runs: 99.87–99.93 %" in str(sk.render(report))

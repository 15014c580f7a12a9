"""Service levels in ``report``: the whole run, on a made-up helpdesk with its history and on exports without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RULES = """\
timezone: Europe/Berlin
calendar: office
calendars: {office: {hours: {mon-fri: ["09:00-18:00"], sat: ["10:00-15:00"]}}}
sla:
  - calendar: office
    pause_on: [pending, hold]
    rules:
      - {name: urgent, when: {priority: urgent}, first_response: 15m..30m, next_response: 1h, resolution: 8h, goal: 95%}
      - {name: high, when: {priority: high}, calendar: 24x7, first_response: 1h, resolution: 48h, goal: 92%}
      - {name: other, first_response: 4h, next_response: 8h, resolution: 3bd, goal: 85%}
exclusions:
  - {name: datacentre, from: 2026-02-17 10:00, to: 2026-02-18 14:00, effect: exclude}
source: {timezone: Europe/Berlin}
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sla.yaml").write_text(RULES)


@pytest.mark.parametrize("width", [80, 120])
def test_the_tables_of_a_made_up_helpdesk(
    width: int, cli: Cli, environment: Callable[..., None], golden: Callable[[str, str], None]
) -> None:
    assert cli("demo", "-o", "demo", "--tickets", "400").code == 0
    environment(COLUMNS=str(width))
    asked = "sla_first_response,sla_next_response,sla_resolution"
    run = cli("report", "demo/tickets.json", "-c", "sla.yaml", "-q", "--kpi", asked)
    assert run.code == 0
    golden(f"reporters/service-demo-{width}.txt", run.out[: run.out.index("\nMethod")])


def test_the_line_of_the_method_names_versions_and_calendars(cli: Cli) -> None:
    zendesk = str(EXAMPLES / "zendesk.csv")
    own = cli("report", zendesk, "-c", "sla.yaml", "--kpi", "sla_resolution").out
    inline = cli("report", zendesk, "--sla", "resolution=16h", "--kpi", "sla_resolution").out
    exported = cli("report", str(EXAMPLES / "freshdesk.csv"), "--kpi", "sla_resolution").out
    assert "· SLA (office, 24/7) ·" in own
    assert "· SLA (24/7) ·" in inline
    assert "· SLA of the export ·" in exported
    assert "supportkpi tickets FILES --breached" in own


def test_what_an_export_cannot_show_is_told_with_what_would(cli: Cli) -> None:
    run = cli("report", str(EXAMPLES / "zendesk.csv"), "--sla", "next_response=1h update=1bd", "-f", "json")
    rows = {row["kpi"]: row for row in json.loads(run.out)["rows"] if row["kpi"].startswith("sla_")}
    for kpi in ("sla_next_response", "sla_update"):
        assert (rows[kpi]["state"], rows[kpi]["value"]) == ("not_observed", None)
        assert "export the messages too" in rows[kpi]["reason"][0]
    screen = cli("report", str(EXAMPLES / "zendesk.csv"), "--sla", "next_response=1h", "-q").out
    assert "Next response in time: needs every message" in " ".join(screen.split())
    assert "SLA next response" not in screen


def test_by_rule_the_rows_of_files_are_what_the_screen_shows(cli: Cli) -> None:
    run = cli("report", str(EXAMPLES / "zendesk.csv"), "-c", "sla.yaml", "--kpi", "sla_resolution", "-f", "json")
    rows = [row for row in json.loads(run.out)["rows"] if row["stat"] == "value"]
    assert [row["group"] for row in rows] == [{}, {"rule": "urgent"}, {"rule": "high"}, {"rule": "other"}]
    assert [row["target"] and row["target"]["value"] for row in rows] == [None, 0.95, 0.92, 0.85]
    for count in ("met", "breached_closed", "breached_open", "running", "paused"):
        assert sum(row["counts"][count] for row in rows[1:]) == rows[0]["counts"][count]


def test_tickets_are_not_chosen_by_rule(cli: Cli) -> None:
    run = cli("tickets", str(EXAMPLES / "zendesk.csv"), "-c", "sla.yaml", "--breached", "--where", "rule=urgent", "-q")
    assert (run.code, run.out) == (2, "")
    assert "a rule is of clocks, not of tickets" in run.err
    assert "--by rule shows each" in run.err


@pytest.mark.parametrize("by", [("rule",), ("rule,priority", "rule")])
def test_a_breakdown_by_rule_leaves_the_table_as_it_is(cli: Cli, by: tuple[str, ...]) -> None:
    asked = ("report", str(EXAMPLES / "zendesk.csv"), "-c", "sla.yaml", "--kpi", "sla_resolution", "-q")
    plain = cli(*asked).out
    table = plain[plain.index("SLA resolution") : plain.index("Assumed")]
    out = cli(*asked, *(part for name in by for part in ("--by", name))).out
    assert table.rstrip() in out
    assert "no data" not in out

"""The published schemas hold what is really written and read, and refuse what is not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import built_reports as built
import pytest
from small_schema import faults

from supportkpi.config import parse_config
from supportkpi.config.shape import config_schema
from supportkpi.errors import KpiError
from supportkpi.report import Agreement, Promise
from supportkpi.reporters import RenderOptions, render
from supportkpi.reporters.checks.to_json import check_schema
from supportkpi.reporters.to_json import report_schema
from supportkpi.reporters.whatif.to_json import whatif_schema
from supportkpi.sla import limit
from supportkpi.texts import load

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted([*ROOT.glob("configs/**/*.yaml"), ROOT / "examples" / "supportkpi.yaml"])
CONFIG, REPORT = config_schema(), report_schema()


def plain(text: str) -> Any:
    return load(text).plain()


# --- reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [built.month(), built.quarter(), built.grouped(), built.bare()])
def test_every_report_is_as_its_schema_says(report: Any) -> None:
    document = json.loads(str(render(report, "json", RenderOptions(tool_version="0"))))
    assert faults(document, REPORT) == []


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--sla", "first_response=15m..4h resolution=3bd", "--hours", "mon-fri 09:00-18:00", "--by", "priority"),
        ("-p", "2026-Q1", "--target", "tickets_created>=20 per month", "--by", "agent"),
    ],
)
def test_a_whole_run_is_as_the_schema_says(options: tuple[str, ...], cli: Callable[..., Any]) -> None:
    run = cli("report", str(ROOT / "examples" / "zendesk.csv"), "-f", "json", *options)
    assert run.code == 0, run.err
    assert faults(json.loads(run.out), REPORT) == []


def test_no_key_of_a_report_is_left_out_of_the_schema() -> None:
    promise = Promise(
        kpi="sla_update", rule="other", limit=limit("3bd"), goal=0.9, calendar="office", version="2026-01-01"
    )
    report = built.quarter()
    rules = built.replace(report.method, sla=Agreement(versions=("2026-01-01",), promises=(promise,)))
    document = json.loads(str(render(built.replace(report, method=rules), "json", RenderOptions())))
    strict = copy.deepcopy(REPORT)
    for node in _nodes(strict):
        if "properties" in node:
            node["additionalProperties"] = False
    assert faults(document, strict) == []


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for each in schema.values():
            yield from _nodes(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _nodes(each)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda found: found.pop("ledger"), "$.ledger is missing"),
        (lambda found: found.update(format_version=2), "$.format_version: 2 is not 1"),
        (lambda found: found["rows"][0].update(value="x"), "$.rows[0].value: 'x' is no ['number', 'null']"),
        (lambda found: found["method"].update(as_of="2026-04-02 08:12"), "$.method.as_of: '2026-04-02 08:12' does not"),
        (lambda found: found["rows"][0].update(state="fine"), "$.rows[0].state: 'fine' is none of"),
    ],
)
def test_what_is_no_report_is_refused(spoil: Callable[[Any], object], fault: str) -> None:
    document = json.loads(str(render(built.month(), "json", RenderOptions())))
    spoil(document)
    found = faults(document, REPORT)
    assert len(found) == 1
    assert found[0].startswith(fault)


# --- checks and what-if ----------------------------------------------------------------------------------------------

ZENDESK = str(ROOT / "examples" / "zendesk.csv")
AGREED = """
sla: {rules: [{name: high, when: {priority: high}, first_response: 15m..1h, goal: 90%}, {name: o, first_response: 4h}]}
credits: {base: EUR 1000, tiers: {95%: 0%, 90%: 5%}, per_breach: EUR 5, cap: EUR 90}
checks:
  - {kpi: sla_first_response, expr: goal}
  - {kpi: csat, expr: ">= 99.9%", warn: "> 99.9%", confidence: 0.9}
  - {kpi: nps, expr: ">= 10"}
  - {kpi: sla_first_response.breached_closed, expr: "= 0"}
  - {kpi: first_response_time.median, expr: "<= 900h", by: priority}
  - {max_age: 26h}
"""


def strict(schema: dict[str, object]) -> dict[str, object]:
    """The schema, taking no key that it does not name."""
    found = copy.deepcopy(schema)
    for node in _nodes(found):
        if "properties" in node:
            node["additionalProperties"] = False
    return found


def test_checks_are_as_their_schema_says(cli: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(AGREED, encoding="utf-8")
    run = cli("check", ZENDESK, "-c", tmp_path / "a.yaml", "-f", "json")
    assert run.code == 1
    assert {each["result"] for each in json.loads(run.out)["checks"]} >= {"pass", "fail", "no_data"}
    assert faults(json.loads(run.out), strict(check_schema())) == []


def test_a_whatif_is_as_its_schema_says(cli: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(AGREED, encoding="utf-8")
    asked = ["--set", "first_response=2h", "--solve", "95%", "--per", "month", "--by", "channel", "--grid"]
    sweeps = ["--sweep", "high.first_response=1h,2h", "--sweep", "o.first_response=1h,2h"]
    run = cli("whatif", ZENDESK, "-c", tmp_path / "a.yaml", *asked, *sweeps, "-f", "json")
    found = json.loads(run.out)
    assert all(found[name] for name in ("scenarios", "changes", "sweep", "grid", "solve", "runs"))
    assert faults(found, strict(whatif_schema())) == []


def test_schema_prints_them_all(cli: Callable[..., Any]) -> None:
    for name in ("config", "report", "check", "whatif"):
        assert json.loads(cli("schema", name).out)["$schema"].startswith("https://json-schema.org/")
    wrong = cli("schema", "wahtif")
    assert (wrong.code, "did you mean whatif?" in wrong.err) == (2, True)


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_config_that_is_there_fits_the_schema(path: Path) -> None:
    assert faults(plain(path.read_text(encoding="utf-8")), CONFIG) == []


GOOD = [
    "calendar: 24x7\n",
    'calendars: {a: {hours: "mon-fri 09:00-18:00", holidays: {country: RU, before_holiday: -1h}}}\n',
    "calendars: {a: [{hours: {daily: ['20:00-04:00']}}, {from: 2026-01-01, hours: {daily: '21:00-05:00'}}]}\n",
    "sla: {pause_on: {resolution: [hold]}, rules: [{when: {priority: urgent}, first_response: 15m..30m, goal: 95%}]}\n",
    "sla: [{rules: [{resolution: {deadline: end_of_day, after: 3bd}, goal: {resolution: 90%}}]}]\n",
    "exclusions: [{name: a, effect: exclude, tickets: [66871, A-2]}]\nsla: {rules: [{first_response: 4h}]}\n",
    'credits: {base: "EUR 1000", tiers: {"95%": "0%", "90%": "5%"}}\n',
    "checks: [{max_age: 26h}, {kpi: csat, expr: '>= 85%', confidence: 0.95}]\n",
    "dimensions: {level: {1: {group: First line}, else: 2}}\n",
    "targets: {csat: '>= 90%', nps: 50}\nlabels: {csat: Happy}\nmax_rejects: 0.5%\n",
    "ces: {version: 2.0}\nfcr: {key: customer}\ncost: {utilisation: 60%, rate_per_hour: 30, currency: EUR}\n",
    "statuses: {Согласование: hold}\nsource: {timezone: UTC, dayfirst: true, columns: {created_at: Opened}}\n",
]
BAD = [
    "calender: 24x7\n",
    "statuses: {Waiting: waiting}\n",
    "sla: {rules: [{first_respons: 4h}]}\n",
    "sla: {rules: [{first_response: 4}]}\n",
    "exclusions: [{name: a}]\n",
    "calendars: {a: {hours: 9}}\n",
    "credits: {base: 1000}\n",
    "fcr: {window_days: 0}\n",
    "source: {dayfirst: yes please}\n",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_reader_takes_the_schema_takes(text: str) -> None:
    parse_config(text)
    assert faults(plain(text), CONFIG) == []


@pytest.mark.parametrize("text", BAD)
def test_what_the_schema_refuses_the_reader_refuses(text: str) -> None:
    assert faults(plain(text), CONFIG) != []
    with pytest.raises(KpiError):
        parse_config(text)


def test_every_key_of_the_file_says_what_it_is() -> None:
    silent = [name for name, each in CONFIG["properties"].items() if not each.get("description")]  # type: ignore[attr-defined]
    assert silent == []


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_them(cli: Callable[..., Any]) -> None:
    assert json.loads(cli("schema", "config").out) == CONFIG
    assert json.loads(cli("schema", "report").out) == REPORT


def test_another_name_is_an_error(cli: Callable[..., Any]) -> None:
    run = cli("schema", "confg")
    assert run.code == 2
    assert "did you mean config?" in run.err

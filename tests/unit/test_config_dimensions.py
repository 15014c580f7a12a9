"""Dimensions of the config: columns that the helpdesk does not have, and everything that then follows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.config import parse_config, read_config, settings
from supportkpi.decisions import Class, Dimension
from supportkpi.errors import ConfigKey, ConfigValue, KpiError
from supportkpi.metrics import catalogue
from supportkpi.report import Report

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONFIGS = Path(__file__).resolve().parents[2] / "configs"
TIER = "dimensions: {tier: {vip: {organization: [Northwind, Contoso]}, else: standard}}"


def tickets(**columns: list[object]) -> pl.DataFrame:
    known = {"ticket_id": ["1", "2", "3"], "organization_id": ["Northwind", "contoso", "Acme"]}
    return pl.DataFrame(known | columns)


def report(config: str, frame: pl.DataFrame, **more: object) -> Report:
    at = [START + timedelta(hours=n) for n in range(3)]
    events = pl.DataFrame({"ticket_id": ["1", "2", "3"], "at": at, "kind": ["created"] * 3})
    chosen = settings(parse_config(config), kpis=catalogue(), years=range(2026, 2027))
    return sk.measure(sk.dataset(events=events, tickets=frame), settings=chosen, kpis=["tickets_created"], **more)


def counts(found: Report, dim: str) -> dict[str | None, int]:
    return {row.group[dim]: row.n for row in found.cells if row.group}


def test_the_first_class_that_fits_says_the_value_and_else_the_rest() -> None:
    assert counts(report(TIER, tickets(), by="tier"), "tier") == {"standard": 1, "vip": 2}


def test_a_dimension_is_filtered_by_like_a_column() -> None:
    assert report(TIER, tickets(), where="tier=VIP").get("tickets_created").n == 2
    assert report(TIER, tickets(), where="Tier=standard").get("tickets_created").n == 1


def test_without_else_the_exports_own_value_stays() -> None:
    config = "dimensions: {tier: {vip: {organization: Northwind}}}"
    frame = tickets(tier=["bronze", "gold", None])
    assert counts(report(config, frame, by="tier"), "tier") == {"gold": 1, "vip": 1, None: 1}
    whole = "dimensions: {tier: {vip: {organization: Northwind}, else: other}}"
    assert counts(report(whole, frame, by="tier"), "tier") == {"other": 2, "vip": 1}


def test_all_columns_of_a_class_must_fit_and_one_dimension_may_rest_on_another() -> None:
    config = """
dimensions:
  tier: {vip: {organization: [Northwind, Contoso], Plan: pro}, else: standard}
  desk: {first class: {tier: vip}, else: economy}
"""
    found = report(config, tickets(Plan=["pro", "free", "pro"]), by=["tier", "desk"])
    assert [row.n for row in found.cells if row.group == {"tier": "vip"}] == [1]
    assert [row.n for row in found.cells if row.group == {"desk": "first class"}] == [1]


def test_calendars_can_choose_by_a_dimension() -> None:
    config = f"""
calendar: office
calendars:
  office: {{hours: {{mon-fri: ["09:00-18:00"]}}}}
  always_on: {{hours: {{daily: ["00:00-24:00"]}}, when: {{tier: vip}}}}
{TIER}
"""
    at = datetime(2026, 3, 7, 9, tzinfo=UTC)  # a Saturday
    events = pl.DataFrame(
        {
            "ticket_id": ["1", "3"] * 2,
            "at": [at, at, at + timedelta(hours=2), at + timedelta(hours=2)],
            "kind": ["created"] * 2 + ["message"] * 2,
            "actor": ["customer"] * 2 + ["agent"] * 2,
            "public": [None, None, True, True],
        }
    )
    chosen = settings(parse_config(config), kpis=catalogue(), years=range(2026, 2027))
    found = sk.measure(sk.dataset(events=events, tickets=tickets()[[0, 2]]), settings=chosen, by="tier")
    seconds = {
        row.group["tier"]: row.value
        for row in found.cells
        if row.group and row.clock == "business" and (row.kpi, row.stat) == ("first_response_time", "mean")
    }
    assert seconds == {"vip": 7200.0, "standard": 0.0}


def test_what_no_ticket_has_is_said() -> None:
    config = "dimensions: {tier: {vip: {organization: [Northwindd]}, gold: {Plan: pro}}}"
    said = report(config, tickets()).method.assumptions
    assert 'dimension tier: vip is for organization "Northwindd", which no ticket has: did you mean Northwind?' in said
    assert "dimension tier: gold is for tickets by Plan, which no ticket has" in said


def test_names_of_persons_are_not_told_where_one_was_misspelt() -> None:
    config = "dimensions: {team: {night: {assignee: [Anne]}}}"
    said = " ".join(report(config, tickets(assignee_id=["Anna", "Bob", "Bob"])).method.assumptions)
    assert 'is for assignee "Anne", which no ticket has' in said
    assert "Anna" not in said


def test_support_lines_of_groups_are_those_of_escalations() -> None:
    found = settings(
        parse_config("dimensions: {level: {1: {group: [First line]}, 2: {group: [Engineers, Backend]}}}"),
        kpis=catalogue(),
    )
    assert found.escalation.levels == {"First line": 1, "Engineers": 2, "Backend": 2}
    assert found.dimensions == (
        Dimension(
            name="level",
            classes=(
                Class(value="1", when={"group": ("First line",)}),
                Class(value="2", when={"group": ("Engineers", "Backend")}),
            ),
        ),
    )


def test_a_line_that_escalations_cannot_follow_is_said() -> None:
    found = parse_config("dimensions: {level: {1: {group: [First line]}, 2: {category: outage}}}")
    assert found.notes == ("dimension level: 2 is by more than the group, so escalations do not follow it",)
    assert dict(found.sections["escalation"].levels) == {"First line": 1}
    assert set(found.columns) == {"group", "category"}


@pytest.mark.parametrize(
    ("config", "error", "said", "place"),
    [
        ("dimensions: {status: {done: {group: A}}}", ConfigValue, "a meaning of its own", "1:14"),
        ("dimensions: {month: {done: {group: A}}}", ConfigValue, "a meaning of its own", "1:14"),
        ("dimensions: {agent: {done: {group: A}}}", ConfigValue, "a meaning of its own", "1:14"),
        ("dimensions: {requester_id: {done: {group: A}}}", ConfigValue, "a meaning of its own", "1:14"),
        ("dimensions: {tier: {vip: {}}}", ConfigValue, "names no column", "1:21"),
        ("dimensions: {tier: {else: standard}}", ConfigValue, "no value that a ticket could have", "1:14"),
        ("dimensions: {level: {first: {group: A}}}", ConfigValue, 'from 1 to 9, not "first"', "1:14"),
        ("dimensions: {level: {1: {group: A}}}\nescalation: {levels: {A: 1}}", ConfigValue, "both say", "2:14"),
        ("dimensions: {tier: {vip: Northwind}}", ConfigValue, "takes", "1:26"),
        ("dimensions: {tier: [vip]}", ConfigValue, "takes", "1:20"),
        ("privacy: {name: true}", ConfigKey, "no key that is known", "1:11"),
    ],
)
def test_a_fault_has_its_words_and_its_place(config: str, error: type[KpiError], said: str, place: str) -> None:
    with pytest.raises(error, match=said) as raised:
        parse_config(config)
    assert str(raised.value.where).endswith(place), raised.value.where


def test_dimensions_enter_the_fingerprint_and_names_do_not() -> None:
    plain, other = (report(config, tickets()).method.fingerprint for config in ("", TIER))
    assert plain != other
    assert report("privacy: {names: true}", tickets()).method.fingerprint == plain


def test_the_settings_to_copy_are_as_they_are_read(golden: Callable[[str, str], None]) -> None:
    """Northwind's tickets run around the clock: its own tier says so."""
    at = datetime(2026, 3, 6, 20, tzinfo=UTC)  # a Friday evening
    ids = [str(number) for number in range(24)]
    steps = {"created": 0, "message": 3, "status": 60}
    events = pl.DataFrame(
        {
            "ticket_id": ids * 3,
            "at": [at + timedelta(hours=hours, minutes=15 * n) for hours in steps.values() for n in range(24)],
            "kind": [kind for kind in steps for _ in ids],
            "actor": ["customer"] * 24 + ["agent"] * 48,
            "public": [kind == "message" for kind in steps for _ in ids],
            "value": ["solved" if kind == "status" else None for kind in steps for _ in ids],
        }
    )
    frame = pl.DataFrame(
        {
            "ticket_id": ids,
            "organization_id": ["northwind", "Acme", None] * 8,
            "Plan": ["gold", "gold", "free", "free"] * 6,
            "group": ["First line", "Engineers"] * 12,
        }
    )
    chosen = settings(read_config(CONFIGS / "tiers.yaml"), kpis=catalogue(), years=range(2026, 2027))
    found = sk.measure(
        sk.dataset(events=events, tickets=frame),
        settings=chosen,
        by=["tier", ["level", "tier"]],
        kpis=["first_response_time", "tickets_solved"],
    )
    shown = sk.render(found, "csv")
    assert isinstance(shown, str)
    columns = ("kpi", "stat", "clock", "by", "tier", "level", "n", "value")
    rows = [row for row in csv.DictReader(io.StringIO(shown)) if row["stat"] in ("mean", "value")]
    golden("config/tiers.tsv", "".join("\t".join(row[name] for name in columns) + "\n" for row in rows))

"""Real logs against plain Python: durations of cases, volumes, updates of incidents, comments of issues."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import polars as pl
import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.report import Report
from supportkpi.schema import Dataset, Extent, Log, Sight

pytestmark = pytest.mark.shared
DAY = 86_400


def load(path: Path) -> Dataset:
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    dataset = load_tables(read(str(path), Reading()), Reading())
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    return dataset


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def events(dataset: Dataset) -> pl.DataFrame:
    assert isinstance(dataset.history, Log)
    return dataset.history.frame.collect()


def value(report: Report, kpi: str, stat: str) -> float:
    found = next(cell for cell in report.cells if (cell.kpi, cell.stat) == (kpi, stat) and not cell.group)
    assert found.value is not None, found.reason
    return float(found.value)


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (place - low)


@pytest.mark.parametrize(
    ("file", "case", "time", "said"),
    [
        ("BPI2013_closed_problems.csv", "case:concept:name", "time:timestamp", (178.8817, 81.9805, 527.5414)),
        ("bpi_13_incidents_ids_only.csv", "CaseID", "CompleteTimestamp", (12.0793, 7.5490, 22.5558)),
    ],
)
def test_durations_and_volumes_of_cases(
    shared: Path, file: str, case: str, time: str, said: tuple[float, float, float]
) -> None:
    path = shared / "data/bpi2013_volvo" / file
    dataset = load(path)
    instants: dict[str, list[datetime]] = defaultdict(list)
    for row in rows(path):
        instants[row[case]].append(datetime.fromisoformat(row[time]))
    spans = [(max(ats) - min(ats)).total_seconds() / DAY for ats in instants.values()]
    report = pipeline.measure(dataset, kpis=["case_duration", "tickets_created"])
    ours = tuple(value(report, "case_duration", stat) / DAY for stat in ("mean", "median", "p90"))
    assert ours == pytest.approx((mean(spans), median(spans), percentile(spans, 0.9)), rel=1e-9)
    assert tuple(round(one, 4) for one in ours) == said
    assert value(report, "tickets_created", "value") == len(instants)


def test_an_ids_only_log_gives_durations_and_volumes_and_nothing_else(shared: Path) -> None:
    dataset = load(shared / "data/bpi2013_volvo/bpi_13_incidents_ids_only.csv")
    assert dict(dataset.observes) == {Sight.created: Extent.EVERY, Sight.event: Extent.EVERY}


def test_incidents_are_counted_by_incident_never_by_update(shared: Path) -> None:
    path = shared / "data/servicenow_incident_log/incident_event_log_dd-mm-yyyy.csv"
    dataset = load(path)
    last = {row["number"]: row for row in rows(path)}
    tickets = dataset.tickets
    assert tickets.height == len(last) == 890
    assert dataset.ledger[0].used == len(rows(path)) == 5998
    in_time = [row["made_sla"] == "TRUE" for row in last.values()]
    assert tickets["given_sla_resolution_met"].mean() == pytest.approx(mean(in_time))
    assert tickets["given_reopens"].sum() == sum(int(row["reopen_count"]) for row in last.values())
    assert tickets["requester_id"].n_unique() == len({row["caller_id"] for row in last.values()})
    assert set(tickets["status"].to_list()) == {"closed"}


def test_changes_of_incidents_are_those_between_one_update_and_the_next(shared: Path) -> None:
    path = shared / "data/servicenow_incident_log/incident_event_log_dd-mm-yyyy.csv"
    kinds = events(load(path))["kind"].value_counts().rows()
    ours = {str(kind): count for kind, count in kinds}
    updates: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(path):
        updates[row["number"]].append(row)
    for column, kind in {"assignment_group": "group", "assigned_to": "assignee", "priority": "priority"}.items():
        count = 0
        for history in updates.values():
            ordered = sorted(history, key=lambda row: instant(row["sys_updated_at"]))
            values = ["?", *(row[column] for row in ordered)]
            count += sum(one != two for one, two in pairwise(values))
        assert ours[kind] == count, column


def test_final_instants_of_incidents_stand_where_they_are_not_earlier_than_the_log(shared: Path) -> None:
    path = shared / "data/servicenow_incident_log/incident_event_log_dd-mm-yyyy.csv"
    solved = events(load(path)).filter((pl.col("kind") == "status") & (pl.col("value") == "solved"))
    ours = dict(solved.group_by("ticket_id").agg(pl.col("at").max()).rows())
    logged: dict[str, datetime] = {}
    final: dict[str, datetime] = {}
    before: dict[str, str] = {}
    for row in sorted(rows(path), key=lambda row: instant(row["sys_updated_at"])):
        at = instant(row["sys_updated_at"])
        if row["incident_state"] == "Resolved" and before.get(row["number"]) != "Resolved":
            logged[row["number"]] = at
        before[row["number"]] = row["incident_state"]
        if row["resolved_at"] != "?":
            final[row["number"]] = instant(row["resolved_at"])
    theirs = {
        ticket: max(one for one in (logged.get(ticket), final.get(ticket)) if one is not None)
        for ticket in logged.keys() | final.keys()
    }
    assert {str(ticket): at for ticket, at in ours.items()} == theirs


def test_comments_of_issues_are_messages_of_the_reporter_or_of_others(shared: Path) -> None:
    path = shared / "exports/jira/jira_cloud_en_all_fields_repeated_columns.csv"
    dataset = load(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *issues = list(csv.reader(file))
    comments = [place for place, name in enumerate(head) if name == "Comment"]
    reporter = head.index("Reporter Id")
    authors = [(issue[place].split(";")[1], issue[reporter]) for issue in issues for place in comments if issue[place]]
    messages = events(dataset).filter(pl.col("kind") == "message")
    assert messages.height == len(authors)
    assert messages.filter(pl.col("actor") == "customer").height == sum(one == two for one, two in authors)
    assert not any(column.startswith(("Comment", "Log Work", "Watchers")) for column in dataset.tickets.columns)


@pytest.mark.parametrize(
    ("file", "shows"),
    [
        ("dbt_zendesk/ticket_field_history_data.csv", {Sight.status}),
        ("dbt_jira/issue_field_history.csv", {Sight.event}),
        ("dbt_intercom/conversation_part_history_data.csv", {Sight.event}),
    ],
)
def test_histories_of_warehouses_are_logs(shared: Path, file: str, shows: set[Sight]) -> None:
    path = shared / "data/warehouse_tables" / file
    dataset = load(path)
    assert isinstance(dataset.history, Log)
    assert shows <= set(dataset.observes)

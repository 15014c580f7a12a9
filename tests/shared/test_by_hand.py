"""Every real table of tickets, worked out by hand in plain Python, against what ``report -f json`` says of it.

Nothing of the program's reading is used here: the columns, the words and the formats of each file are written down as a
person sees them who opens it.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

pytestmark = pytest.mark.shared

Row = Mapping[str, Any]
ISO = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%d %H:%M:%S.%f",
)
EMPTY = ("", "NA", "null", "?", None)


@dataclass(frozen=True, kw_only=True)
class Hand:
    """How a person reads a file: the columns of its instants, the words of tickets that are done, what to leave out."""

    path: str
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    formats: Sequence[str] = ISO
    created: str | None = None
    solved: str | None = None
    closed: str | None = None
    replied: str | Callable[[Row], Sequence[str]] | None = None  # a column, or every reply of an agent
    last_solved: Callable[[Row], Sequence[str]] | None = None  # every solution that the history of the row tells
    status: str | None = None
    done: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()  # statuses of which nobody can say whether they are open
    rating: str | None = None
    satisfied: float = 4
    nps: str | None = None
    person: str = ""
    answered: str = ""
    business: Mapping[str, str] = field(default_factory=dict)  # KPI -> column of durations in words


def _replies_in_jira(row: Row) -> list[str]:
    """Comments ("date;account;text", one a column) of anybody but the reporter."""
    cells = [text.split(";", 2) for name, text in row.items() if re.fullmatch(r"Comment( #\d+)?", name) and text]
    return [date for date, account, _ in cells if account != row["Reporter Id"]]


def _replies_on_github(row: Row) -> list[str]:
    """Comments of people of the project who are not the author of the issue."""
    staff = ("OWNER", "MEMBER", "COLLABORATOR")
    said = [one for one in row["comments_list"] if one["user"]["type"] == "User" and one["author_association"] in staff]
    return [one["created_at"] for one in said if one["user"]["login"] != row["user"]["login"]]


FILES = (
    Hand(
        path="exports/freshdesk/freshdesk_export_trial.csv",
        created="Created time",
        solved="Resolved time",
        status="Status",
        done=frozenset(("Resolved", "Closed")),
        unknown=frozenset(("OpenPending",)),
    ),
    Hand(
        path="exports/glpi/glpi10_ptBR_stats_semicolon_bom.csv",
        delimiter=";",
        formats=("%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M"),
        created="Data de abertura",
        solved="Data da solução",
        status="Status",
        done=frozenset(("Solucionado", "Fechado")),
        business={
            "first_response_time": "Estatísticas - Tempo de atribuição",
            "resolution_time": "Estatísticas - Tempo de solução",
        },
    ),
    Hand(
        path="exports/jira/jira_cloud_en_visible_columns.csv",
        formats=("%d/%b/%y %I:%M %p",),
        created="Created",
        status="Status",
        done=frozenset(("Done",)),
    ),
    Hand(
        path="exports/jira/jira_cloud_en_all_fields_repeated_columns.csv",
        formats=("%d/%b/%y %I:%M %p",),
        created="Created",
        solved="Resolved",
        status="Status Category",  # of words of one's own, such as "Staging", the category tells what they are
        done=frozenset(("Done",)),
        replied=_replies_in_jira,
    ),
    Hand(
        path="data/warehouse_tables/dbt_hubspot/ticket_data.csv",
        created="property_createdate",
        closed="property_closed_date",
        replied="property_first_agent_reply_date",
    ),
    Hand(
        path="data/warehouse_tables/dbt_jira/issue.csv",
        created="created",
        solved="resolved",
    ),
    Hand(
        path="exports/servicenow/incident_default_fieldnames_quoted.csv",
        created="opened_at",
        status="state",
        done=frozenset(("Resolved", "Closed", "Canceled")),
    ),
    Hand(
        path="exports/servicenow/incident_labels_MM-DD-YYYY.csv",
        encoding="cp1252",
        formats=("%m-%d-%Y %H:%M:%S",),
        created="Created",
        status="State",
        done=frozenset(("Resolved", "Closed", "Canceled")),
    ),
    Hand(
        path="exports/servicenow/incident_labels_demo.csv",
        formats=("%m/%d/%Y %H:%M", *ISO),
        created="Opened",
        status="State",
        done=frozenset(("Resolved", "Closed", "Canceled")),
    ),
    Hand(
        path="exports/salesforce/Case_weekly_export.csv",
        created="CreatedDate",
        closed="ClosedDate",
        status="Status",
        done=frozenset(("Closed",)),
    ),
    Hand(
        path="data/nyc311/311_Service_Requests.csv",
        created="created_date",
        closed="closed_date",
        status="status",
        done=frozenset(("Closed",)),
    ),
    Hand(
        path="data/nyc311/311_Service_Requests.json",
        created="created_date",
        closed="closed_date",
        status="status",
        done=frozenset(("Closed",)),
    ),
    Hand(
        path="data/rabobank_itsm/ITSM_data.csv",
        created="Open_Time",
        solved="Resolved_Time",
        closed="Close_Time",
        formats=("%d/%m/%Y %H:%M",),
        status="Status",
        done=frozenset(("Closed",)),
    ),
    Hand(
        path="data/customer_support_tickets/customer_support_tickets.csv",
        status="Ticket Status",
        done=frozenset(("Closed",)),
        rating="Customer Satisfaction Rating",
    ),
    Hand(
        path="data/zendesk_api/tickets_api_v2.json",
        created="created_at",
        status="status",
        done=frozenset(("solved", "closed")),
    ),
    Hand(
        path="data/github_issues/sample_200_issues.json",
        created="created_at",
        closed="closed_at",
        last_solved=lambda row: [event["created_at"] for event in row["events"] if event["event"] == "closed"],
        replied=_replies_on_github,
        status="state",
        done=frozenset(("closed",)),
    ),
    Hand(
        path="data/complaints/281_complaints_timely/inputs/input_01.csv",
        created="Date Received",
        solved="Date Resolved",
        formats=("%d/%m/%Y",),
    ),
    Hand(
        path="data/surveys/050_store_nps_dedup/inputs/input_03.csv",
        formats=("%d/%m/%Y %H:%M:%S",),
        nps="Would you recommend C&BSco to your friends and family? (Score 0-10)",
        person="Name",
        answered="Completion Date",
    ),
    Hand(
        path="data/surveys/050_store_nps_dedup/expected/output_01.csv",
        formats=("%d/%m/%Y %H:%M:%S",),
        nps="Would you recommend C&BS Co to your friends and family?",
        person="Name",
        answered="Completion Date (Date Time stamp)",
    ),
)


@pytest.fixture(scope="module", params=FILES, ids=lambda hand: Path(hand.path).stem)
def hand(request: pytest.FixtureRequest) -> Hand:
    return request.param


@dataclass(frozen=True)
class Case:
    """A file in both readings: its rows as a person reads them, its figures as the program prints them."""

    hand: Hand
    rows: list[Row]
    figures: Mapping[tuple[str, str, str | None], Mapping[str, Any]]

    def instant(self, row: Row, column: str | None) -> datetime | None:
        return None if column is None or row.get(column) in EMPTY else self.read(row[column])

    def read(self, text: str) -> datetime:
        for form in self.hand.formats:
            try:
                return datetime.strptime(text.strip(), form)  # noqa: DTZ007
            except ValueError:
                continue
        raise AssertionError(f"no format for {text!r}")

    def took(self, end: Callable[[Row], datetime | None]) -> list[float]:
        spans = []
        for row in self.rows:
            start, stop = self.instant(row, self.hand.created), end(row)
            if start and stop and stop >= start:
                spans.append((stop - start).total_seconds())
        return spans

    def solved_at(self, row: Row) -> datetime | None:
        """The solution, or the closing where no solution was written down; never before the last of the history."""
        given = self.instant(row, self.hand.solved) or self.instant(row, self.hand.closed)
        told = [self.read(text) for text in self.hand.last_solved(row)] if self.hand.last_solved and given else []
        return max((when for when in (given, *told) if when), default=None)

    def replied_at(self, row: Row) -> datetime | None:
        replies = self.hand.replied
        if replies is None or isinstance(replies, str):
            return self.instant(row, replies)
        return min(map(self.read, replies(row)), default=None)

    def is_done(self, row: Row) -> bool:
        return self.hand.status is not None and row[self.hand.status] in self.hand.done

    def figure(self, kpi: str, stat: str, clock: str | None) -> Mapping[str, Any]:
        return self.figures[kpi, stat, clock]


@pytest.fixture(scope="module")
def printed() -> dict[str, Mapping[tuple[str, str, str | None], Mapping[str, Any]]]:
    """The figures of the files that were reported on already, by path: one report a file."""
    return {}


@pytest.fixture
def case(hand: Hand, shared: Path, cli: Callable[..., Any], printed: dict[str, Any]) -> Case:
    path = shared / hand.path
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    if hand.path not in printed:
        run = cli("report", str(path), "-f", "json")
        assert run.code == 0, run.screen
        report = json.loads(run.out)
        printed[hand.path] = {
            (row["kpi"], row["stat"], row["clock"]): row for row in report["rows"] if not row["group"]
        }
    return Case(hand, _rows(path, hand), printed[hand.path])


def _rows(path: Path, hand: Hand) -> list[Row]:
    if path.suffix == ".json":
        page = json.loads(path.read_text("utf-8"))
        return page if isinstance(page, list) else page["tickets"]
    with path.open(encoding=hand.encoding, newline="") as stream:
        names, *rows = csv.reader(stream, delimiter=hand.delimiter)
        seen = [names[:place].count(name) for place, name in enumerate(names)]
        names = [f"{name} #{before + 1}" if before else name for name, before in zip(names, seen, strict=True)]
        return [dict(zip(names, row, strict=False)) for row in rows if any(row)]


def _quantile(values: Sequence[float], share: float) -> float:
    """Type 7, by its definition."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _same(case: Case, kpi: str, clock: str, spans: Sequence[float]) -> None:
    for stat, value in (("mean", fmean(spans)), ("median", _quantile(spans, 0.5)), ("p90", _quantile(spans, 0.9))):
        figure = case.figure(kpi, stat, clock)
        assert figure["n"] == len(spans)
        if figure["value"] is not None:  # too few for it
            assert figure["value"] == pytest.approx(value, rel=1e-12)


def test_the_numbers_of_created_and_solved_and_open_tickets(case: Case) -> None:
    if case.hand.nps:
        pytest.skip("answers only")
    if case.hand.created:
        count = sum(case.instant(row, case.hand.created) is not None for row in case.rows)
    else:
        count = len(case.rows)
    assert case.figure("tickets_created", "value", None)["value"] == count
    done = sum(case.is_done(row) or case.solved_at(row) is not None for row in case.rows)
    assert case.figure("tickets_solved", "value", None)["value"] == done
    if case.hand.status:
        still = [row for row in case.rows if not case.is_done(row) and case.solved_at(row) is None]
        known = [row for row in still if row[case.hand.status] not in case.hand.unknown]
        assert case.figure("backlog", "value", None)["value"] == len(known)


def test_the_time_to_the_solution(case: Case) -> None:
    spans = case.took(case.solved_at) if case.hand.created else []
    figure = case.figure("resolution_time", "median", "calendar")
    if not spans:
        assert figure["value"] is None
        return
    _same(case, "resolution_time", "calendar", spans)


def test_the_time_to_the_first_reply(case: Case) -> None:
    spans = case.took(case.replied_at)
    if spans:
        _same(case, "first_response_time", "calendar", spans)
    else:
        figure = case.figures.get(("first_response_time", "median", "calendar"))
        assert figure is None or figure["value"] is None


_WORDS = {"segundo": 1, "minuto": 60, "hora": 3600, "dia": 86_400}


def _seconds(text: str) -> float:
    """``1 dias 18 horas 47 minutos``."""
    found = re.findall(r"(\d+) (segundo|minuto|hora|dia)s?", text)
    return float(sum(int(amount) * _WORDS[unit] for amount, unit in found))


def test_the_times_that_the_helpdesk_worked_out_itself(case: Case) -> None:
    if not case.hand.business:
        pytest.skip("none given")
    for kpi, column in case.hand.business.items():
        _same(case, kpi, "business", [_seconds(row[column]) for row in case.rows if row[column] not in EMPTY])


def test_the_satisfied(case: Case) -> None:
    figure = case.figures.get(("csat", "value", None))
    if case.hand.rating is None:
        assert figure is None or figure["value"] is None
        return
    scores = [float(row[case.hand.rating]) for row in case.rows if row[case.hand.rating] not in EMPTY]
    assert figure is not None
    assert (figure["n"], figure["value"]) == (len(scores), sum(s >= case.hand.satisfied for s in scores) / len(scores))
    assert case.figure("csat_mean", "value", None)["value"] == pytest.approx(fmean(scores), rel=1e-12)


def test_promoters_less_detractors_of_the_last_answers(case: Case) -> None:
    figure = case.figures.get(("nps", "value", None))
    if case.hand.nps is None:
        assert figure is None or figure["value"] is None
        return
    answers = [row for row in case.rows if row[case.hand.nps] not in EMPTY]
    answers.sort(key=lambda row: case.instant(row, case.hand.answered) or datetime.min)  # noqa: DTZ901
    scores = [*{row[case.hand.person]: float(row[case.hand.nps]) for row in answers}.values()]
    net = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    assert figure is not None
    assert figure["n"] == len(scores)
    assert figure["value"] == pytest.approx(100 * net / len(scores), rel=1e-12)

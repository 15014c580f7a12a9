"""Real exports load right: what each is read as, what it can show, and the figures that are known of it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Extent, Sight, Stamps

pytestmark = pytest.mark.shared
CREATED, REPLY, SOLVE = Sight.created, Sight.reply, Sight.solve


def load(path: Path, **reading: object) -> Dataset:
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    how = Reading(**reading)  # type: ignore[arg-type]
    dataset = load_tables(read(str(path), how), how)
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    return dataset


def stamps(dataset: Dataset) -> pl.DataFrame:
    assert isinstance(dataset.history, Stamps)
    return dataset.history.frame


@pytest.mark.parametrize(
    ("file", "helpdesk", "used", "shows"),
    [
        ("exports/freshdesk/freshdesk_export_trial.csv", "freshdesk", 45, {CREATED, SOLVE}),
        ("exports/glpi/glpi10_ptBR_stats_semicolon_bom.csv", "glpi", 148, {CREATED, SOLVE}),
        ("exports/servicenow/incident_default_fieldnames_quoted.csv", "servicenow", 66, {CREATED}),
        ("exports/servicenow/incident_labels_MM-DD-YYYY.csv", "servicenow", 67, {CREATED}),
        ("exports/servicenow/incident_labels_demo.csv", "servicenow", 93, {CREATED}),
        ("exports/jira/jira_cloud_en_visible_columns.csv", "jira_csv", 32, {CREATED}),
        ("exports/jira/jira_cloud_en_all_fields_repeated_columns.csv", "jira_csv", 25, {CREATED, REPLY, Sight.request}),
        ("exports/salesforce/Case_weekly_export.csv", "salesforce_cases", 1, {CREATED}),
        ("exports/salesforce/Case_weekly_export_entitlements_header_only.csv", "salesforce_cases", 0, {CREATED}),
        ("data/nyc311/311_Service_Requests.csv", "generic", 1000, {CREATED, SOLVE}),
        ("data/nyc311/311_Service_Requests.json", "generic", 1000, {CREATED, SOLVE}),
        ("data/rabobank_itsm/ITSM_data.csv", "generic", 40, {CREATED, SOLVE, Sight.reopen}),
        ("data/customer_support_tickets/customer_support_tickets.csv", "generic", 8469, {REPLY, SOLVE}),
    ],
)
def test_what_a_file_is_read_as(shared: Path, file: str, helpdesk: str, used: int, shows: set[Sight]) -> None:
    dataset = load(shared / file)
    assert dataset.provenance[0].helpdesk == helpdesk
    assert dataset.ledger[0].used == used
    assert dataset.rejects == ()
    assert shows <= set(dataset.observes)
    if CREATED not in shows:
        assert CREATED not in dataset.observes
    if used:
        assert dataset.tickets["observed_until"].null_count() == 0


def test_no_text_and_no_name_is_kept(shared: Path) -> None:
    for file in ("exports/freshdesk/freshdesk_export_trial.csv", "exports/glpi/glpi10_ptBR_stats_semicolon_bom.csv"):
        columns = {column.casefold() for column in load(shared / file).tickets.columns}
        assert not columns & {
            "subject",
            "description",
            "full name",
            "email",
            "título",
            "descrição",
            "solução - solução",
        }


def test_freshdesk_words(shared: Path) -> None:
    dataset = load(shared / "exports/freshdesk/freshdesk_export_trial.csv")
    assert dict(dataset.provenance[0].unmapped) == {"status": {"OpenPending": 1}}
    assert dataset.tickets["status"].null_count() == 1
    assert dataset.tickets.filter(pl.col("status_raw") == "Waiting on Third Party")["status"].unique().to_list() == [
        "hold"
    ]


def test_glpi_in_portuguese(shared: Path) -> None:
    dataset = load(shared / "exports/glpi/glpi10_ptBR_stats_semicolon_bom.csv")
    assert dataset.tickets["ticket_id"].str.contains(r"^\d+$").all()
    assert dataset.tickets["given_resolution_business_s"].null_count() < dataset.tickets.height
    assert dataset.tickets["status"].null_count() == 0
    assert dataset.tickets["priority"].null_count() == 0
    frame = stamps(dataset)
    assert (frame["solved_at"] >= frame["created_at"]).all()


def test_servicenow_dates_and_priorities(shared: Path) -> None:
    months = stamps(load(shared / "exports/servicenow/incident_labels_MM-DD-YYYY.csv"))["created_at"].dt.month()
    assert set(months.to_list()) <= {1, 2, 3}
    named = load(shared / "exports/servicenow/incident_default_fieldnames_quoted.csv").tickets
    assert named.filter(pl.col("priority_raw") == "1 - Critical")["priority"].unique().to_list() == ["urgent"]
    assert named.filter(pl.col("priority_raw") == "5 - Planning")["priority"].unique().to_list() == ["lowest"]


def test_jira_is_known_by_its_keys(shared: Path) -> None:
    tickets = load(shared / "exports/jira/jira_cloud_en_visible_columns.csv").tickets
    assert tickets["ticket_id"].str.contains(r"^[A-Z]+-\d+$").all()


def test_tickets_without_a_creation_have_ratings_all_the_same(shared: Path) -> None:
    dataset = load(shared / "data/customer_support_tickets/customer_support_tickets.csv")
    scores = dataset.surveys["score"]
    assert len(scores) == 2769
    assert round(scores.mean(), 4) == 2.9913  # type: ignore[arg-type]
    assert round(100 * (scores >= 4).mean(), 3) == 39.256  # type: ignore[operator]
    assert dataset.surveys["scale"].unique().to_list() == ["1-5"]
    assert any("2,769 ratings" in said for said in dataset.assumptions)
    assert dataset.observes[REPLY] == Extent.FIRST
    frame = stamps(dataset)
    both = frame.filter(pl.col("solved_at").is_not_null() & pl.col("first_reply_at").is_not_null())
    assert both.filter(pl.col("solved_at") < pl.col("first_reply_at")).height == 1365


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_service_requests_of_three_hours(shared: Path, suffix: str) -> None:
    dataset = load(shared / f"data/nyc311/311_Service_Requests.{suffix}")
    frame = stamps(dataset)
    closed = frame.filter(pl.col("closed_at").is_not_null())
    hours = (closed["closed_at"] - closed["created_at"]).dt.total_seconds() / 3600
    assert closed.height == 677
    assert round(hours.mean(), 4) == 0.4072  # type: ignore[arg-type]
    assert round(hours.median(), 4) == 0.3631  # type: ignore[arg-type]
    assert dataset.provenance[0].zone_source == "assumed"


def test_csv_and_json_of_the_same_rows_are_the_same_tickets(shared: Path) -> None:
    one, two = (load(shared / f"data/nyc311/311_Service_Requests.{suffix}") for suffix in ("csv", "json"))
    assert stamps(one).sort("ticket_id").equals(stamps(two).sort("ticket_id"))
    columns = ["ticket_id", "status", "channel", "category", "region", "group"]
    assert one.tickets.select(columns).sort("ticket_id").equals(two.tickets.select(columns).sort("ticket_id"))


def test_itsm_with_indian_numbers(shared: Path) -> None:
    dataset = load(shared / "data/rabobank_itsm/ITSM_data.csv")
    frame = stamps(dataset)
    assert (frame["closed_at"] >= frame["created_at"]).all()
    assert set(dataset.provenance[0].unmapped) == {"priority"}
    assert "NA" not in dataset.provenance[0].unmapped["priority"]
    assert dataset.tickets["priority"].null_count() == dataset.tickets.height


def test_a_survey_of_recommendations(shared: Path) -> None:
    dataset = load(shared / "data/surveys/050_store_nps_dedup/expected/output_01.csv")
    assert dataset.surveys["instrument"].unique().to_list() == ["nps"]
    assert dataset.surveys["score"].is_between(0, 10).all()
    assert dataset.surveys["at"].null_count() == 0

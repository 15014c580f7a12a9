"""Real exports are read whole: the rows that their README names, the cells that a plain reader finds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders.tables import Table, expand, read

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the reference data beside the repository is not here"),
]
CSV_FILES = sorted(SHARED.glob("exports/*/*.csv")) + sorted(SHARED.glob("data/**/*.csv"))
JSON_FILES = sorted(SHARED.glob("exports/*/*.json")) + sorted(SHARED.glob("data/**/*.json"))


def table(path: Path) -> Table:
    """The one table of a real file."""
    (found,) = read(str(path), Reading())
    return found


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_csv(path: Path) -> None:
    found = table(path)
    frame = found.frame.collect().sort("_row")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *body = list(csv.reader(stream, delimiter=found.delimiter or "\x1f"))
    body = body[2:] if path.parent.name == "qualtrics" else body
    assert frame.height == found.rows == len(body)
    assert len(found.columns) == len(header)
    assert not found.rejects
    assert not found.excluded
    assert found.encoding == "UTF-8"
    assert frame.drop("_row").rows() == [tuple(cell or None for cell in row) for row in body]


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_json(path: Path) -> None:
    found = table(path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    inner = whole.get("tickets") or whole.get("ticket") or whole if isinstance(whole, dict) else whole
    expected = inner if isinstance(inner, list) else [inner]
    assert list(found.records) == expected
    assert found.rows == len(expected)
    assert found.frame.select("_row").collect().height == found.rows
    assert not found.rejects


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("data/servicenow_incident_log/incident_event_log_dd-mm-yyyy.csv", 5_998, 36),
        ("data/bpi2013_volvo/BPI2013_closed_problems.csv", 6_660, 12),
        ("data/bpi2013_volvo/bpi_13_incidents_ids_only.csv", 65_533, 3),
        ("data/customer_support_tickets/customer_support_tickets.csv", 8_469, 17),
        ("data/nyc311/311_Service_Requests.csv", 1_000, 47),
        ("data/zendesk_api/tickets_api_v2.json", 100, 32),
        ("data/github_issues/sample_200_issues.json", 200, 21),
        ("data/rabobank_itsm/ITSM_data.csv", 40, 25),
        ("exports/salesforce/Case_weekly_export_entitlements_header_only.csv", 0, 40),
        ("exports/glpi/glpi10_ptBR_stats_semicolon_bom.csv", 148, 19),
    ],
)
def test_known_sizes(name: str, rows: int, columns: int) -> None:
    found = table(SHARED / name)
    assert (found.rows, len(found.columns)) == (rows, columns)


def test_repeated_columns_keep_their_order() -> None:
    columns = table(SHARED / "exports/jira/jira_cloud_en_all_fields_repeated_columns.csv").columns
    repeated = [name for name in columns if name.startswith("Comment")]
    assert repeated[:3] == ["Comment", "Comment (2)", "Comment (3)"]


def test_a_folder_of_tables() -> None:
    names = expand([str(SHARED / "data/warehouse_tables/dbt_zendesk")])
    assert len(names) == 22
    assert all(table(Path(name)).rows >= 0 for name in names)


def test_the_two_forms_of_one_export_agree() -> None:
    as_csv = table(SHARED / "data/nyc311/311_Service_Requests.csv").frame.collect()
    as_json = table(SHARED / "data/nyc311/311_Service_Requests.json").frame.collect()
    keys = [frame.select("unique_key", "created_date").sort("unique_key").rows() for frame in (as_csv, as_json)]
    assert keys[0] == keys[1]

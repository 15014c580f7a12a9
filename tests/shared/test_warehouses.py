"""Folders of real warehouse tables: which are tickets and events, what each row becomes, no names as tickets."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkpi import pipeline
from supportkpi.errors import NotRecognised
from supportkpi.schema import Dataset, Exclusion, Extent, Sight

pytestmark = pytest.mark.shared
READ = {
    "dbt_zendesk": {
        "ticket_data": (8, {"deleted": 2}),
        "ticket_field_history_data": (19, {"duplicate": 3, "unknown-ticket": 16}),
    },
    "dbt_intercom": {"conversation_history_data": (2, {"superseded": 7})},
    "dbt_jira": {"issue": (4, {}), "issue_field_history": (10, {})},
    "dbt_hubspot": {"ticket_data": (25, {}), "ticket_property_history_data": (4, {"unknown-ticket": 11})},
    "dbt_servicenow": {"incident_data": (1, {})},
}
LIVE = {
    *("ticket_data", "ticket_field_history_data", "ticket_comment_data", "ticket_property_history_data"),
    *("conversation_history_data", "conversation_part_history_data", "issue", "issue_field_history", "incident_data"),
    "ticket_chat_event_data",  # its columns were masked, the connector's mark among them
}
"""Tables that tell of tickets when they are given alone."""


def folder_of(shared: Path, name: str) -> Path:
    folder = shared / "data" / "warehouse_tables" / name
    if not folder.is_dir():
        pytest.skip(f"{name} is not here")
    return folder


def load(path: Path) -> Dataset:
    data = pipeline.load(str(path))
    for file in data.ledger:
        assert file.rows_read == file.used + sum(file.excluded.values()) + sum(file.rejected.values()), file.path
    return data


@pytest.mark.parametrize("name", READ)
def test_a_folder_is_read_as_the_tables_that_it_holds(shared: Path, name: str) -> None:
    data = load(folder_of(shared, name))
    told = {Path(file.path).stem: file for file in data.ledger}
    for table, (used, excluded) in READ[name].items():
        assert (told[table].used, dict(told[table].excluded)) == (used, excluded), table
        assert not told[table].rejected
    gone = {reason.value for reason in Exclusion}
    tickets = next(iter(READ[name].values()))
    assert data.tickets.height == tickets[0] + sum(count for why, count in tickets[1].items() if why in gone)
    assert data.observes[Sight.created] == Extent.EVERY


def test_words_stand_for_the_ids_of_jira(shared: Path) -> None:
    data = load(folder_of(shared, "dbt_jira"))
    assert data.tickets["ticket_id"].str.contains(r"^[A-Z]+-\d+$").all()
    assert data.tickets["priority"].null_count() == 0


@pytest.mark.parametrize("name", [*READ, "dbt_qualtrics"])
def test_no_table_of_names_is_one_of_tickets(shared: Path, name: str) -> None:
    wrong = []
    for path in sorted(folder_of(shared, name).glob("*.csv")):
        try:
            data = load(path)
        except NotRecognised:
            continue
        else:
            wrong += [path.stem] if path.stem not in LIVE or not data.tickets.height else []
    assert wrong == []


def test_surveys_without_a_question_of_recommendation_have_no_scores(shared: Path) -> None:
    with pytest.raises(NotRecognised, match="none of tickets or answers"):
        load(folder_of(shared, "dbt_qualtrics"))

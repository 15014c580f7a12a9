"""Recognition by sets of headers: the most specific match, ties, and what the user demands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from supportkpi.errors import HelpdeskAmbiguous, HelpdeskUnknown
from supportkpi.loaders.mapping import _recognise
from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.mapping._recognise import demanded, normal, recognise, specificity
from supportkpi.loaders.mapping._shelf import Shelf


@pytest.mark.parametrize(
    "header", ["Created  time", " created time ", "\ufeffCreated time", "ï»¿Created time", '"Created\u00a0Time"']
)
def test_headers_compare_without_marks_quotes_spaces_and_case(header: str) -> None:
    assert normal(header) == "created time"


@pytest.mark.parametrize(
    ("columns", "helpdesk"),
    [
        (["Summation column", "Id", "Status"], "zendesk_csv"),
        (["ID", "Status", "First reply time in minutes", "Group stations"], "zendesk_csv"),
        (["Ticket ID", "Ticket created - Timestamp"], "zendesk_explore"),
        (["Ticket ID", "Update - Timestamp", "Agent"], "zendesk_explore"),
        (["Ticket ID", "Created time", "Resolved time", "Closed time"], "freshdesk"),
        (["ticket id", "INITIAL RESPONSE TIME", "due by time"], "freshdesk"),
        (["ID", "Título", "Status", "Requerente - Requerente"], "glpi"),
        (["ID", "Titre", "Temps de résolution + Progression"], "glpi"),
        (["number", "opened_at", "state"], "servicenow"),
        (["Number", "State", "Created", "Affected User"], "servicenow"),
        (["Ticket Id", "Created Time", "Requester Name", "Requester VIP", "Urgency"], "freshservice"),
        (["Ticket ID", "Created time", "Agent interactions", "First response time (in hrs)"], "freshdesk"),
        (["Ticket ID", "Ticket name", "Time to close (HH:mm:ss)"], "hubspot"),
        (["\ufeffCase Number", "Case Owner", "Date/Time Opened"], "salesforce_report"),
        (["Ticket Id", "Subject", "Created Time (Ticket)", "Status (Ticket)"], "zoho_desk"),
    ],
)
def test_a_helpdesk_is_told_by_its_headers(columns: list[str], helpdesk: str) -> None:
    found = recognise(columns, path="x.csv")
    assert found is not None
    assert found.id == helpdesk


@pytest.mark.parametrize(
    "columns",
    [
        ["Ticket ID", "Status", "Priority", "Subject", "Tags"],
        ["id", "created", "resolved"],
        ["number", "name"],
        ["Ticket Id", "Created Time", "Resolved Time", "Requester Name", "Priority"],
        [],
    ],
)
def test_headers_that_many_systems_have_tell_nothing(columns: list[str]) -> None:
    assert recognise(columns, path="x.csv") is None


def test_a_rule_counts_what_it_finds_and_what_it_forbids() -> None:
    rule = Recognise(any=2, of=("A", "B", "C*"), all=("Id",), none=("Not me",))
    assert specificity(rule, {"id", "a", "b"}) == 3
    assert specificity(rule, {"id", "a", "cc", "b"}) == 4
    assert specificity(rule, {"id", "a"}) == 0
    assert specificity(rule, {"a", "b"}) == 0
    assert specificity(rule, {"id", "a", "b", "not me"}) == 0


def test_the_most_specific_wins_and_a_tie_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pages = {
        "freshdesk": {"recognise": [{"any": 1, "of": ["A", "B"]}]},
        "glpi": {"recognise": {"any": 1, "of": ["A", "C"]}},
    }
    for name, page in pages.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(page), encoding="utf-8")
    monkeypatch.setattr(_recognise, "HELPDESKS", Shelf(tmp_path))
    monkeypatch.setattr(_recognise, "mapping_named", lambda name: name)
    assert recognise(["A", "C"], path="x.csv") == "glpi"
    with pytest.raises(HelpdeskAmbiguous) as error:
        recognise(["A"], path="x.csv")
    assert "freshdesk and glpi" in str(error.value)
    assert "--helpdesk" in str(error.value.hint)


def test_a_demanded_helpdesk_must_find_its_id_column() -> None:
    assert demanded("freshdesk", ["Ticket ID"], path="x.csv").id == "freshdesk"
    with pytest.raises(HelpdeskUnknown) as error:
        demanded("freshdesk", ["Number"], path="x.csv")
    assert "Ticket ID" in str(error.value.hint)

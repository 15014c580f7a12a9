"""Tables with one row a target beside tickets: which target counts, when it has a verdict, and what it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

import supportkpi
from supportkpi.decisions import Reading
from supportkpi.loaders.mapping._mapping_page import TARGETS
from supportkpi.schema import Dataset, Extent, Sight, Stamps

HEAD = "task,sla,stage,start_time,planned_end_time,end_time,has_breached\n"


def load(folder: Path, rows: str, incidents: str = "") -> Dataset:
    (folder / "task_sla.csv").write_text(HEAD + rows, encoding="utf-8")
    if incidents:
        text = "number,opened_at,state,short_description\n" + incidents
        (folder / "incident.csv").write_text(text, encoding="utf-8")
    return supportkpi.load(str(folder))


def ticket(data: Dataset, name: str = "INC0000001") -> dict[str, object]:
    return next(row for row in data.tickets.to_dicts() if row["ticket_id"] == name)


def target(sla: str, stage: str, times: str, breached: str, task: str = "INC0000001") -> str:
    day = "2026-03-02 "
    return ",".join([task, sla, stage, *(day + one if one else "" for one in times.split("|")), breached]) + "\n"


@pytest.mark.parametrize(
    ("stage", "end", "breached", "met"),
    [
        ("completed", "09:40", "false", True),
        ("completed", "11:00", "true", False),
        ("in_progress", "", "true", False),
        ("in_progress", "", "false", None),
        ("paused", "", "false", None),
        ("cancelled", "09:40", "true", None),
    ],
)
def test_a_target_has_a_verdict_when_it_is_over_or_missed(
    tmp_path: Path, stage: str, end: str, breached: str, met: bool | None
) -> None:
    rows = target("P1 response", stage, f"09:00|10:00|{end}", breached)
    rows += target("P1 resolution", "in_progress", "09:00|18:00|", "false")
    assert ticket(load(tmp_path, rows)).get("given_sla_first_response_met") is met


def test_a_cancelled_target_gives_way_to_the_one_that_replaced_it(tmp_path: Path) -> None:
    rows = target("P1 response", "completed", "09:00|09:15|09:10", "false")
    rows += target("P1 resolution", "cancelled", "09:00|13:00|10:00", "true")
    rows += target("P3 resolution", "completed", "10:00|18:00|17:00", "false")
    row = ticket(load(tmp_path, rows))
    assert row["given_sla_resolution_met"] is True
    assert f"{row['resolution_due_at']:%H:%M}" == "18:00"
    assert f"{row['first_response_due_at']:%H:%M}" == "09:15"


def test_the_end_of_a_response_is_the_first_reply_of_the_incident_beside_it(tmp_path: Path) -> None:
    rows = target("P1 response", "completed", "09:00|09:15|09:10", "false")
    data = load(tmp_path, rows, "INC0000001,2026-03-02 09:00:00,2,x\n")
    assert data.observes[Sight.reply] is Extent.FIRST
    assert isinstance(data.history, Stamps)
    assert f"{data.history.frame['first_reply_at'][0]:%H:%M}" == "09:10"
    assert [one.used + sum(one.excluded.values()) for one in data.ledger] == [1, 1]


def test_tickets_without_a_response_target_leave_the_first_reply_unknown(tmp_path: Path) -> None:
    rows = target("P1 response", "completed", "09:00|09:15|09:10", "false")
    rows += target("P4 resolution", "in_progress", "09:00|18:00|", "false", task="INC0000002")
    data = load(tmp_path, rows)
    assert Sight.reply not in data.observes
    assert any("1 of 2 tickets have no target of the first response" in said for said in data.assumptions)


def test_what_a_target_is_about_is_asked_for_when_its_name_does_not_say(tmp_path: Path) -> None:
    rows = target("Vendor OLA", "completed", "09:00|09:15|09:10", "false")
    data = load(tmp_path, rows + target("P1 response", "completed", "09:00|09:15|09:10", "false"))
    assert data.provenance[0].unmapped["target"] == {"Vendor OLA": 1}
    assert data.ledger[0].used == 2


def test_the_example_of_the_mapping_page_reads_a_file(tmp_path: Path) -> None:
    own, export = tmp_path / "own.yaml", tmp_path / "agreed.csv"
    own.write_text(TARGETS, encoding="utf-8")
    export.write_text(
        "No;Agreement;State;From;Until;Ended;Missed\n"
        "1;Answer;Done;02.03.2026 09:00;02.03.2026 10:00;02.03.2026 09:30;no\n"
        "1;Spare parts;Runs;02.03.2026 09:00;03.03.2026 10:00;;no\n"
        "2;Answer;Withdrawn;02.03.2026 09:00;02.03.2026 10:00;;yes\n"
        "2;Repair;Late;02.03.2026 09:00;02.03.2026 12:00;;\n",
        encoding="utf-8",
    )
    data = supportkpi.load(str(export), reading=Reading(mapping=str(own)))
    met = [
        (row.get("given_sla_first_response_met"), row["given_sla_resolution_met"]) for row in data.tickets.to_dicts()
    ]
    assert met == [(True, None), (None, False)]
    assert not data.provenance[0].unmapped

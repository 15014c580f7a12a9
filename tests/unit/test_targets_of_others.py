"""Targets of tasks beside a list of incidents: those of changes and requests make no tickets."""

from __future__ import annotations

from supportkpi import pipeline

INCIDENTS = b"""\
number,opened_at,state,resolved_at,caller_id,sys_updated_on
INC1,2026-03-02 09:00:00,Resolved,2026-03-02 12:00:00,Ann,2026-03-02 12:00:00
INC2,2026-03-03 09:00:00,Resolved,2026-03-03 12:00:00,Bob,2026-03-03 12:00:00
"""
TARGETS = b"""\
task,sla,stage,start_time,planned_end_time,end_time,has_breached
INC1,P1 response,completed,2026-03-02 09:00:00,2026-03-02 10:00:00,2026-03-02 09:30:00,false
INC2,P1 response,completed,2026-03-03 09:00:00,2026-03-03 10:00:00,2026-03-03 09:40:00,false
CHG7,P1 response,completed,2026-03-02 09:00:00,2026-03-02 10:00:00,2026-03-02 09:40:00,false
CHG7,P1 resolution,in_progress,2026-03-02 09:00:00,2026-03-02 10:00:00,,false
"""


def test_targets_of_what_is_in_no_other_file_are_left_out_and_said() -> None:
    data = pipeline.load_held({"incident.csv": INCIDENTS, "task_sla.csv": TARGETS})
    assert data.tickets["ticket_id"].sort().to_list() == ["INC1", "INC2"]
    ledger = {file.path: file for file in data.ledger}
    assert (ledger["task_sla.csv"].used, dict(ledger["task_sla.csv"].excluded)) == (2, {"unknown-ticket": 2})
    assert "task_sla.csv: 1 of its 3 tickets are in no other file: 2 rows of them left out" in data.assumptions
    found = pipeline.measure(data).cells
    mean = next(one for one in found if (one.kpi, one.stat, one.clock) == ("first_response_time", "mean", "calendar"))
    assert mean.value == 35 * 60


def test_alone_targets_tell_of_every_task_that_they_name() -> None:
    assert pipeline.load_held({"task_sla.csv": TARGETS}).tickets.height == 3

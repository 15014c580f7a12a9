"""Times that were promised for each ticket, beside the creation: deadlines of the export's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from read_exports import fields, load

import supportkpi
from supportkpi.report import Row
from supportkpi.schema import Dataset

BEGUN = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001
HOURS = (4, 8, 24, 48)


def desk(folder: Path, header: str, *, shape: str = "{}", more: str = "", taken: float = 6.0) -> Dataset:
    """Forty tickets that take six hours each, under limits of 4, 8, 24 and 48 hours in turn."""
    rows = []
    for n in range(40):
        at = BEGUN + timedelta(hours=7 * n)
        end = at + timedelta(hours=taken)
        rows.append(f"{n},{at},{end},closed,{shape.format(HOURS[n % 4])}{',' + str(end) if more else ''}\n")
    return load(folder, f"Ticket ID,Created,Resolved,Status,{header}{',' + more if more else ''}\n" + "".join(rows))


def compliance(dataset: Dataset) -> Row:
    (row,) = [
        each
        for each in supportkpi.measure(dataset).cells
        if (each.kpi, each.stat, each.group) == ("sla_resolution", "value", {})
    ]
    return row


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        ("sla_target_hours", "{}"),
        ("SLA (hours)", "{}.0"),
        ("SLA", "{} hours"),
        ("Target resolution time", "{}h"),
        ("Норматив решения, ч", "{}"),
        ("prazo_atendimento (h)", "{}"),
    ],
)
def test_a_promised_time_is_a_deadline_of_each_ticket(tmp_path: Path, header: str, shape: str) -> None:
    dataset = desk(tmp_path, f'"{header}"', shape=shape)
    due = dataset.tickets["resolution_due_at"]
    assert due[1] - due[0] == timedelta(hours=7 + 8 - 4)
    row = compliance(dataset)
    assert (row.n, row.x, row.basis) == (40, 30, "given")  # six hours are too many for the limit of four alone
    assert any("around the clock" in said for said in dataset.assumptions)


def test_a_deadline_of_the_file_stands_above_a_promised_time(tmp_path: Path) -> None:
    dataset = desk(tmp_path, "SLA hours", more="Due date")
    assert compliance(dataset).x == 40  # each is due when it ends


@pytest.mark.parametrize("header", ["SLA", "SLA target"])
def test_a_number_without_a_unit_promises_nothing(tmp_path: Path, header: str) -> None:
    dataset = desk(tmp_path, header)
    assert "resolution_due_at" not in dataset.tickets.columns
    assert "promised_resolution_s" not in fields(dataset)


def test_times_of_which_each_ticket_has_its_own_were_taken_and_not_promised(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},{BEGUN + timedelta(hours=n)},{BEGUN + timedelta(hours=2 * n + 1)},closed,{n + 1}.25\n" for n in range(40)
    )
    dataset = load(tmp_path, "Ticket ID,Created,Resolved,Status,SLA time (hours)\n" + rows)
    assert "resolution_due_at" not in dataset.tickets.columns


def test_a_promised_first_response_is_one_of_the_answer(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},{BEGUN + timedelta(hours=n)},{BEGUN + timedelta(hours=n, minutes=50)},closed,{(30, 60)[n % 2]}\n"
        for n in range(20)
    )
    dataset = load(tmp_path, "Ticket ID,Created,First response at,Status,First response target (min)\n" + rows)
    found = [each for each in supportkpi.measure(dataset).cells if each.kpi == "sla_first_response" and not each.group]
    assert [(each.n, each.x) for each in found if each.stat == "value"] == [(20, 10)]

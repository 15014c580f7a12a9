"""What a table is does not hang on how far down its ids come again."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.wide import _sample
from supportkpi.schema import Dataset, Log, Stamps


def loaded(path: Path, *, sample: int) -> Dataset:
    with mock.patch.object(_sample, "SIZE", sample):
        return load_tables(read(str(path), Reading()), Reading())


def in_time_order(tickets: int, events: list[str]) -> str:
    """A log: the first event of every ticket, then the second of every ticket, and so on."""
    head = "case id,activity,timestamp\n"
    return head + "".join(
        f"{1000 + ticket},{event},2026-03-{day + 1:02d} {ticket % 24:02d}:00:00\n"
        for day, event in enumerate(events)
        for ticket in range(tickets)
    )


@pytest.mark.parametrize("size", [20, 39, 20_000])
def test_a_log_whose_first_rows_repeat_no_id_is_a_log(tmp_path: Path, size: int) -> None:
    path = tmp_path / "log.csv"
    path.write_text(in_time_order(40, ["created", "assigned", "resolved", "closed"]))
    found = loaded(path, sample=size)
    assert isinstance(found.history, Log)
    assert found.tickets.height == 40
    assert found.ledger[0].used == found.ledger[0].rows_read == 160


@pytest.mark.parametrize("size", [20, 20_000])
def test_tickets_that_are_listed_twice_far_down_stay_tickets(tmp_path: Path, size: int) -> None:
    rows = [f"{1000 + n},2026-03-{n % 28 + 1:02d} 08:00:00,solved\n" for n in range(60)]
    path = tmp_path / "tickets.csv"
    path.write_text("ticket id,created at,status\n" + "".join(rows) + "".join(rows[:3]))
    found = loaded(path, sample=size)
    assert isinstance(found.history, Stamps)
    assert (found.tickets.height, found.ledger[0].excluded) == (60, {"duplicate": 3})

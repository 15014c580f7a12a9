"""Pages of one export: read alike, the same ticket once in its newest state, in whatever order the files come."""
# ruff: noqa: E501 - rows of tables are as long as they are

from __future__ import annotations

from itertools import permutations

import pytest

from supportkpi import pipeline
from supportkpi.errors import DatesAmbiguous
from supportkpi.schema import Dataset

HEAD = "Ticket ID,Created,Updated,Solved,Status,Priority\n"
JANUARY = (
    HEAD
    + "1,05/01/2026 10:00,06/01/2026 10:00,06/01/2026 10:00,Solved,High\n2,07/01/2026 10:00,07/01/2026 10:00,,Open,High\n"
)
FEBRUARY = (
    HEAD
    + "2,07/01/2026 10:00,02/02/2026 10:00,02/02/2026 10:00,Solved,Low\n3,25/02/2026 10:00,26/02/2026 10:00,,Open,Low\n"
)


def load(files: dict[str, str]) -> Dataset:
    data = pipeline.load_held({name: text.encode() for name, text in files.items()})
    for file in data.ledger:
        assert file.rows_read == file.used + sum(file.excluded.values()) + sum(file.rejected.values())
    return data


@pytest.mark.parametrize("order", list(permutations(["january.csv", "february.csv", "january again.csv"])))
def test_the_newest_state_of_a_ticket_wins_and_the_others_are_counted(order: tuple[str, ...]) -> None:
    files = {"january.csv": JANUARY, "february.csv": FEBRUARY, "january again.csv": JANUARY}
    data = load({name: files[name] for name in order})
    tickets = data.tickets.sort("ticket_id")
    assert tickets.select("ticket_id", "status", "priority").rows() == [
        ("1", "solved", "high"),
        ("2", "solved", "low"),
        ("3", "open", "low"),
    ]
    assert sum(file.used for file in data.ledger) == 3
    assert sum(file.excluded.get("duplicate", 0) for file in data.ledger) == 3


def test_one_page_proves_the_order_of_day_and_month_for_all() -> None:
    with pytest.raises(DatesAmbiguous):
        load({"january.csv": JANUARY})
    data = load({"january.csv": JANUARY, "february.csv": FEBRUARY})
    assert data.tickets["observed_until"].max().month == 2  # type: ignore[union-attr]
    other = FEBRUARY.replace("Priority", "Severity")
    with pytest.raises(DatesAmbiguous):
        load({"january.csv": JANUARY, "february.csv": other})


@pytest.mark.parametrize("swapped", [False, True])
def test_without_a_date_of_change_the_file_that_reaches_further_is_the_newer(swapped: bool) -> None:
    old = "Ticket ID,Created,Solved,Status\n1,2026-01-05 10:00,,Open\n2,2026-01-06 10:00,,Open\n"
    new = "Ticket ID,Created,Solved,Status\n1,2026-01-05 10:00,2026-02-01 10:00,Solved\n"
    files = {"a.csv": new, "b.csv": old}
    data = load(dict(reversed(files.items())) if swapped else files)
    assert data.tickets.sort("ticket_id")["status"].to_list() == ["solved", "open"]

"""Day first or month first, proved by the rows where no date proves it: they stand in time, and none ends too soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from read_exports import load, stamps

from supportkpi.errors import DatesAmbiguous
from supportkpi.schema import Dataset


def _list(folder: Path, rows: Sequence[tuple[str, ...]], header: str = "Ticket ID,Created,Solved,Status") -> Dataset:
    text = "\n".join((header, *(",".join(row) for row in rows)))
    return load(folder, text + "\n")


def _created(found: Dataset) -> list[str]:
    return [f"{at:%m-%d}" for at in stamps(found)["created_at"] if isinstance(at, datetime)]


def _numbered(dates: Sequence[str]) -> list[tuple[str, ...]]:
    return [(f"T-{number}", date, "", "Open") for number, date in enumerate(dates, 1)]


SPRING = [
    "01/02/2026 9:05",
    "01/02/2026 10:00",
    "01/05/2026 9:00",
    "01/09/2026 8:00",
    "02/03/2026 9:00",
    "03/01/2026 7:00",
]


def test_rows_in_the_order_of_time_prove_month_first(tmp_path: Path) -> None:
    found = _list(tmp_path, _numbered(SPRING))
    assert _created(found) == ["01-02", "01-02", "01-05", "01-09", "02-03", "03-01"]
    assert any("month first: only so do the rows stand" in said for said in found.assumptions)


def test_rows_from_the_newest_on_prove_day_first(tmp_path: Path) -> None:
    dates = [
        "03/03/2026 9:05",
        "01/03/2026 10:00",
        "12/02/2026 9:00",
        "05/02/2026 8:00",
        "04/02/2026 9:00",
        "10/01/2026 7:00",
    ]
    found = _list(tmp_path, _numbered(dates))
    assert _created(found) == ["03-03", "03-01", "02-12", "02-05", "02-04", "01-10"]


def test_one_date_among_others_fits_its_place(tmp_path: Path) -> None:
    """A column that was filled in by several hands: 01/05 stands between the 4th and the 7th of January."""
    dates = ["2026-01-02", "2026-01-04", "01/05/2026", "2026-01-07", "2026-01-08", "2026/01/09"]
    assert _created(_list(tmp_path, _numbered(dates)))[2] == "01-05"


def test_nothing_is_solved_before_it_was_created(tmp_path: Path) -> None:
    rows = [
        ("7", "05/01/2026", "04/02/2026", "Solved"),
        ("3", "02/03/2026", "01/04/2026", "Solved"),
        ("5", "04/02/2026", "06/02/2026", "Solved"),
    ]
    found = _list(tmp_path, rows)
    assert _created(found) == ["01-05", "03-02", "02-04"]
    assert any("never before the creation" in said and "'Solved'" in said for said in found.assumptions)


@pytest.mark.parametrize("ids", [("4", "1", "6", "3", "5", "2"), ("1", "2", "3", "4", "5", "6")])
def test_text_that_was_sorted_as_text_proves_nothing_without_the_ids(tmp_path: Path, ids: Sequence[str]) -> None:
    dates = ["01/02/2026", "01/05/2026", "02/01/2026", "02/09/2026", "03/04/2026", "04/01/2026"]
    rows = [(number, date, "", "Open") for number, date in zip(ids, dates, strict=True)]
    if ids[0] != "1":
        with pytest.raises(DatesAmbiguous):
            _list(tmp_path, rows)
    else:
        assert _created(_list(tmp_path, rows))[1] == "01-05"


@pytest.mark.parametrize(
    "dates",
    [
        [f"{day:02}/01/2026 9:00" for day in range(1, 9)],
        [
            "01/02/2026 9:00",
            "05/01/2026 9:00",
            "03/02/2026 9:00",
            "02/03/2026 9:00",
            "06/01/2026 9:00",
            "01/01/2026 9:00",
        ],
        SPRING[:4],
    ],
    ids=["both run", "neither runs", "too few"],
)
def test_rows_that_prove_nothing_leave_it_to_ask(tmp_path: Path, dates: Sequence[str]) -> None:
    with pytest.raises(DatesAmbiguous):
        _list(tmp_path, _numbered(dates))


def test_two_proofs_that_differ_are_none(tmp_path: Path) -> None:
    """The rows run month first, and only day first is nothing solved before it was created."""
    solved = ("02/02/2026", "02/02/2026", "01/06/2026", "01/10/2026", "01/04/2026", "01/02/2026")
    rows = [(f"T-{n}", at, end, "Solved") for n, (at, end) in enumerate(zip(SPRING, solved, strict=True), 1)]
    assert _created(_list(tmp_path, [(*row[:2], "", row[3]) for row in rows]))[3] == "01-09"
    with pytest.raises(DatesAmbiguous):
        _list(tmp_path, rows)

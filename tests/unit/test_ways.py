"""What stands far down in a file, beyond the sample, is read as if the sample had shown it."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.values._dates import choose_dates
from supportkpi.loaders.wide import _sample
from supportkpi.schema import Dataset

HEAD = "Ticket ID,Requester ID,Created at,Solved at,First response (min),Reopens,Spam,Status,CSAT\n"


def loaded(path: Path, *, sample: int, reading: Reading) -> Dataset:
    with mock.patch.object(_sample, "SIZE", sample):
        return load_tables(read(str(path), reading), reading)


def row(n: int, **cells: str) -> str:
    day = f"2026-03-{n % 27 + 1:02d}"
    plain = {
        "id": str(1000 + n),
        "requester": str(n % 7),
        "created": f"{day} 08:00:00",
        "solved": f"{day} 17:30:00",
        "minutes": str(n * 3),
        "reopens": str(n % 3),
        "spam": "false",
        "status": "solved",
        "csat": "good",
    }
    return ",".join((plain | cells).values()) + "\n"


LATE = {
    "as in the sample": {},
    "no seconds": {"solved": "2026-03-31 18:00"},
    "spaces around": {"created": " 2026-03-31 08:00:00 ", "id": " 77 ", "minutes": " 12 "},
    "marks of no value": {"solved": "n/a", "minutes": "-", "reopens": "null", "requester": "NULL", "spam": "?"},
    "a creation that nobody can read": {"created": "some time in May"},
    "a solution that nobody can read": {"solved": "31.31.2026"},
    "a remark": {"solved": "Not set"},
    "no id": {"id": ""},
    "an id of letters": {"id": "INC-9", "requester": "Ann@Example.org"},
    "grouped thousands": {"id": "1 234 567"},
    "numbers in other dress": {"minutes": '"1,234"', "reopens": "2 "},
    "numbers that are none": {"minutes": "soon", "reopens": "1e15"},
    "a flag in another language": {"spam": "да"},
    "a flag that is none": {"spam": "perhaps"},
    "a skipped hour": {"created": "2026-03-29 02:30:00"},
    "an hour that ran twice": {"created": "2025-10-26 02:30:00"},
    "an hour that ran twice, otherwise written": {"created": "2025-10-26T02:30"},
    "a year that is a mistake": {"created": "0026-03-01 08:00:00"},
}


INSTANTS = {"created", "solved"}
CASES = [
    pytest.param(late, zone, id=f"{name}-{zone}")
    for name, late in LATE.items()
    for zone in ("Europe/Berlin", None)
    if zone or not late or late.keys() & INSTANTS  # numbers, words and flags know no zone
]


@pytest.mark.parametrize(("late", "zone"), CASES)
def test_what_lies_beyond_the_sample_is_read_as_if_it_did_not(
    tmp_path: Path, late: dict[str, str], zone: str | None
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "".join(row(n) for n in range(60)) + row(60, **late) + row(61))
    reading = Reading(source_timezone=zone)
    little, whole = (loaded(path, sample=size, reading=reading) for size in (40, 20_000))
    assert little.tickets.equals(whole.tickets)
    assert little.surveys.equals(whole.surveys)
    assert little.history.frame.equals(whole.history.frame)
    assert (little.rejects, little.ledger) == (whole.rejects, whole.ledger)
    assert unread(little) == unread(whole)


def unread(data: Dataset) -> list[str]:
    """The notes that count cells of the whole file; others tell of the sample."""
    notes = [note for source in data.provenance for note in source.notes]
    return [note for note in notes if "taken as missing" in note or "clock ran twice" in note]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-28 02:30:00",
        "2026-03-28T02:30:00Z",
        "2026-03-28T02:30:00.250Z",
        "2026-03-28 02:30:00 +0530",
        "2026-03-28T02:30:00-03:30",
        "28.03.2026 02:30",
        "28/03/2026",
        "03/28/2026 02:30 PM",
    ],
)
def test_one_layout_throughout_is_read_quickly_and_as_with_care(text: str) -> None:
    values = pl.Series("at", [text, None, text.replace("28", "27")])
    reading = choose_dates(values, header="at", zone="Europe/Berlin")
    assert reading is not None
    quick = reading.quick(values)
    assert quick is not None
    found = values.to_frame().select(quick=quick.read(pl.col("at")), careful=reading.parse(pl.col("at")))
    assert found["quick"].equals(found["careful"])
    assert found["quick"].null_count() == 1


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-03-28 02:30:00", "28 Mar 2026 02:30"],  # two notations
        ["2026-03-28T02:30:00+01:00", "2026-04-28T02:30:00+02:00"],  # two offsets
        ["2026-03-28 02:30:00", "soon"],
        ["2026-03-28 02:30:00", "2026-03-29 02:30:00"],  # an hour that Berlin skipped
    ],
)
def test_what_is_not_of_one_layout_is_not_read_quickly(texts: list[str]) -> None:
    values = pl.Series("at", texts)
    reading = choose_dates(values, header="at", zone="Europe/Berlin")
    assert reading is not None
    assert reading.quick(values) is None

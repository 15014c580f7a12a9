"""What is said of a name that is not there: what a breakdown would show, which columns there are, which may be ids."""

from __future__ import annotations

import pytest

from supportkpi import pipeline
from supportkpi.errors import DimensionUnknown, NotRecognised, ValueUnknown
from supportkpi.schema import Dataset

ROWS = """Ticket ID,Created at,Solved at,Status,Priority,Product line
1,2026-03-02 09:00,2026-03-02 10:00,Solved,P1,Cable
2,2026-03-02 09:00,2026-03-02 10:00,Solved,P1,Plug
3,2026-03-02 09:00,,Open,P3,Cable
"""


def held(text: str, columns: list[str] | None = None) -> Dataset:
    return pipeline.load_held({"t.csv": text.encode()}, columns=columns)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("priority=P2", "the data has urgent (2), normal (1)"),
        ("priority=urgnt", "did you mean urgent? the data has urgent (2), normal (1)"),
        ("priority=P11", "did you mean P1? the data has urgent (2), normal (1)"),
        ("status=solvd", "did you mean solved? the data has solved (2), open (1)"),
    ],
)
def test_values_are_listed_as_a_breakdown_shows_them(asked: str, hint: str) -> None:
    with pytest.raises(ValueUnknown) as refused:
        pipeline.measure(held(ROWS), where=[asked])
    assert refused.value.hint == hint


def test_both_the_words_of_the_export_and_ours_choose() -> None:
    data = held(ROWS)
    ours, theirs = (
        pipeline.measure(data, where=[f"priority={word}"], kpis=["tickets_created"]) for word in ("urgent", "P1")
    )
    assert [row.n for row in ours.cells] == [row.n for row in theirs.cells] == [2]


def test_columns_of_the_files_that_nobody_has_asked_for_are_named() -> None:
    with pytest.raises(DimensionUnknown) as refused:
        pipeline.measure(held(ROWS, columns=["product"]), by=["product"])
    assert refused.value.hint is not None
    assert refused.value.hint.endswith("; columns of the files: Product line")
    with pytest.raises(DimensionUnknown, match="no dimension 'product lin'") as refused:
        pipeline.measure(held(ROWS, columns=["product lin"]), where=["product lin=Cable"])
    assert "did you mean Product line?" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("table", "near"),
    [
        ("Product,Price\nCable,12\nPlug,3\nLamp,41\n", None),
        ("Товар,Сумма\nКабель,12\nЛампа,3\n", None),
        ("When,Took\n2026-03-01,12.5\n2026-03-02,13\n2026-03-03,14\n", None),
        ("When,Took\n2026-03-01,0:12\n2026-03-02,0:13\n", None),
        ("Thing,Price\nISS-17,12\nISS-18,3\n", "Thing"),
        ("Предмет,Сумма\nЗ-17,12\nЗ-18,3\n", "Предмет"),
        ("Thing,Price\n0f8fad5b-d9cb-469f,12\n7c9e6679-7425-40de,3\n", "Thing"),
        ("Thing,Price\n5003000000D8cuI,12\n5003000000D8cuJ,3\n", "Thing"),
    ],
)
def test_only_what_could_be_an_id_is_offered_as_one(table: str, near: str | None) -> None:
    with pytest.raises(NotRecognised) as refused:
        held(table)
    hint = refused.value.hint or ""
    assert hint.startswith(f"nearest is {near}: " if near else "export the tickets with their ids")
    assert f'--map ticket_id="{near or "COLUMN"}"' in hint

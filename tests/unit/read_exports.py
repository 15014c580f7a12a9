"""An export written and loaded: what tests of headers, values and registers begin with."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Stamps


def load(folder: Path, text: str, name: str = "export.csv", **reading: object) -> Dataset:
    """The Dataset of one file, every row of which is used, excluded or rejected."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    how = Reading(**reading)  # type: ignore[arg-type]
    dataset = load_tables(read(str(path), how), how)
    accounted(dataset)
    return dataset


def accounted(dataset: Dataset) -> None:
    """Holds every file to its rows."""
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())


def fields(dataset: Dataset) -> dict[str, str]:
    """Field to the column that it was read from."""
    return {one.field: one.column for one in dataset.provenance[0].columns if one.field}


def stamps(dataset: Dataset) -> pl.DataFrame:
    """The instants of a list of tickets."""
    assert isinstance(dataset.history, Stamps)
    return dataset.history.frame

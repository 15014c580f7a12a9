"""One body over every helpdesk: its mapping is sound, its file is recognised, its whole Dataset is as it was read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.mapping._claims import plan_of
from supportkpi.loaders.mapping._mapping import mapping_named, packaged
from supportkpi.loaders.mapping._recognise import normal, recognise
from supportkpi.schema import EVENTS, Dataset, Extent, Log, Sight, Stamps, log

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
IDS = list(packaged())
RECOGNISED = [name for name in IDS if mapping_named(name).recognise]
"""Those whose layout is known well enough to tell a file by it; the others are read when they are asked for."""


def export_of(name: str) -> Path:
    return next((GOLDEN / name).glob("export.*"))


def loaded(name: str, **reading: object) -> Dataset:
    how = Reading(**{**asking(name), **reading})  # type: ignore[arg-type]
    return load_tables(read(str(export_of(name)), how), how)


@cache
def dataset_of(name: str) -> Dataset:
    """What the export says, read once for every test that only looks at it."""
    return loaded(name)


def asking(name: str) -> dict[str, object]:
    """What has to be said for the file to be read by that mapping."""
    return {} if name in RECOGNISED else {"helpdesk": name}


def is_survey(name: str) -> bool:
    return mapping_named(name).rows == "survey"


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    return [{name: plain(value) for name, value in row.items() if value is not None} for row in frame.to_dicts()]


def history(told: Log | Stamps) -> dict[str, object]:
    if isinstance(told, Log):
        return {"events": rows(told.frame.collect().sort("ticket_id", "at", "seq"))}
    return {
        "stamps": rows(told.frame),
        "precision": {stamp.column: stamp.precision_s for stamp in told.stamps if stamp.precision_s},
    }


def told(dataset: Dataset) -> dict[str, object]:
    """Everything that a Dataset says, as JSON can hold it; nulls left out."""
    return {
        "tickets": rows(dataset.tickets),
        **history(dataset.history),
        "surveys": rows(dataset.surveys),
        "observes": {sight.value: extent.value for sight, extent in dataset.observes.items()},
        "ledger": [
            {"read": one.rows_read, "used": one.used, "excluded": one.excluded, "rejected": one.rejected}
            for one in dataset.ledger
        ],
        "rejects": [[one.line, one.column, one.slug, one.value] for one in dataset.rejects],
        "columns": {one.column: [one.field, one.confidence] for one in dataset.provenance[0].columns},
        "unmapped": {field: dict(words) for field, words in dataset.provenance[0].unmapped.items()},
        "notes": list(dataset.provenance[0].notes),
        "assumptions": list(dataset.assumptions),
    }


@pytest.mark.parametrize("name", IDS)
def test_its_export_loads_as_it_always_did(name: str, golden: Callable[[str, str], None]) -> None:
    text = json.dumps(told(loaded(name)), ensure_ascii=False, indent=1, default=str)
    golden(f"{name}/dataset.json", text + "\n")


@pytest.mark.parametrize("name", RECOGNISED)
def test_its_export_is_recognised_and_no_other_mapping_claims_it(name: str) -> None:
    table = read(str(export_of(name)), Reading())[0]
    found = recognise(table.columns, path="x")
    assert found is not None
    assert found.id == name
    shouted = recognise([column.upper() for column in table.columns], path="x")
    assert shouted is not None
    assert shouted.id == name


def test_what_is_only_read_when_asked_for_is_marked_as_partly_known() -> None:
    rest = set(IDS) - set(RECOGNISED)
    assert rest
    for name in rest:
        assert mapping_named(name).confidence == "partial"
        assert recognise(read(str(export_of(name)), Reading())[0].columns, path="x") is None


@pytest.mark.parametrize("name", IDS)
def test_every_row_is_accounted_for(name: str) -> None:
    for one in dataset_of(name).ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())


@pytest.mark.parametrize("name", IDS)
def test_its_mapping_is_sound(name: str) -> None:
    mapping = mapping_named(name)
    assert mapping.id == name
    assert mapping.title
    assert mapping.recognise or mapping.confidence == "partial"
    assert mapping.columns.get("ticket_id") or is_survey(name)
    for aliases in mapping.columns.values():
        folded = [normal(alias) for alias in aliases]
        assert len(folded) == len(set(folded)), "an alias stands there twice"


@pytest.mark.parametrize("name", IDS)
def test_one_column_is_not_two_instants(name: str) -> None:
    table = read(str(export_of(name)), Reading())[0]
    plan = plan_of(mapping_named(name), table.columns)
    instants = [claim.column for claim in plan.claims if claim.field.endswith("_at")]
    assert len(instants) == len(set(instants))


@pytest.mark.parametrize("name", IDS)
def test_row_order_does_not_matter(name: str, tmp_path: Path) -> None:
    table = read(str(export_of(name)), Reading())[0]
    frame = table.frame.drop("_row").collect()
    turned = frame.reverse().with_row_index("_row").with_columns(pl.col("_row").cast(pl.UInt32))
    path = tmp_path / "export.csv"
    turned.drop("_row").write_csv(path)
    how = Reading(**asking(name))  # type: ignore[arg-type]
    there = load_tables([replace(table, frame=turned.lazy())] if table.questions else read(str(path), how), how)
    here = dataset_of(name)
    assert there.tickets.sort("ticket_id").equals(here.tickets.sort("ticket_id"))
    assert sorted(map(str, rows(there.surveys))) == sorted(map(str, rows(here.surveys)))
    order = [name for name in EVENTS if name != "seq"]
    one, two = (log(data).drop("seq").collect().sort(order) for data in (there, here))
    assert one.equals(two)
    assert there.observes == here.observes
    excluded = [{why: rows for why, rows in one.ledger[0].excluded.items() if why != "footer"} for one in (there, here)]
    assert excluded[0] == excluded[1]  # a footer stands in the export only, not among the rows that were written


@pytest.mark.parametrize("name", IDS)
def test_it_shows_creations_and_never_more_replies_than_it_has(name: str) -> None:
    dataset = dataset_of(name)
    if mapping_named(name).rows == "survey":
        assert set(dataset.observes) <= {Sight.rating, Sight.offer}
        return
    page = mapping_named(name)
    assert (Sight.created in dataset.observes) is (page.rows != "target" and page.begins)
    if isinstance(dataset.history, Stamps):
        assert Sight.request not in dataset.observes
        assert dataset.observes.get(Sight.reopen, Extent.LAST) is Extent.LAST
    else:
        assert Sight.event in dataset.observes

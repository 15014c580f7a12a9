"""One body over every reader of nested records: recognised, told as it always was, robust, and silent about texts."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders import helpdesks, load_tables, read
from supportkpi.loaders.nested import readers
from supportkpi.loaders.nested._registry import scores
from supportkpi.schema import EVENTS, Dataset, Log, log

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
IDS = list(readers())
BODY = "…"  # what the goldens hold where a text would stand


def export_of(name: str) -> Path:
    return GOLDEN / name / "export.json"


def loaded(path: Path, **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    return load_tables(read(str(path), how), how)


@cache
def dataset_of(name: str) -> Dataset:
    """What the export says, read once for every test that only looks at it."""
    return loaded(export_of(name))


def events_of(dataset: Dataset) -> pl.DataFrame:
    assert isinstance(dataset.history, Log)
    events = log(dataset).with_columns(pl.col(pl.Categorical).cast(pl.String)).collect()
    return events.sort("ticket_id", "at", "seq")


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    return [{name: plain(value) for name, value in row.items() if value is not None} for row in frame.to_dicts()]


def lines(frame: pl.DataFrame) -> list[str]:
    """Events a line each, as a person reads them."""
    shown = ("ticket_id", "at", "kind", "actor", "actor_id", "public", "value", "raw")
    return [" | ".join(f"{plain(row[name])}" for name in shown).replace("None", "-") for row in frame.to_dicts()]


def told(dataset: Dataset) -> dict[str, object]:
    """Everything that a Dataset says, as JSON can hold it; nulls left out."""
    source = dataset.provenance[0]
    return {
        "tickets": rows(dataset.tickets),
        "events": lines(events_of(dataset)),
        "surveys": rows(dataset.surveys),
        "observes": {sight.value: extent.value for sight, extent in dataset.observes.items()},
        "ledger": [
            {"read": one.rows_read, "used": one.used, "excluded": one.excluded, "rejected": one.rejected}
            for one in dataset.ledger
        ],
        "rejects": [[one.line, one.column, one.slug, one.value] for one in dataset.rejects],
        "columns": {one.column: [one.field, one.confidence] for one in source.columns},
        "unmapped": {field: dict(words) for field, words in source.unmapped.items()},
        "notes": list(source.notes),
        "assumptions": list(dataset.assumptions),
    }


def test_each_reader_is_a_file_that_nobody_entered_anywhere() -> None:
    known = {helpdesk.id for helpdesk in helpdesks()}
    folder = Path(__file__).resolve().parents[2] / "src" / "supportkpi" / "loaders" / "nested"
    files = (*folder.glob("[!_]*.py"), *folder.glob("*.yaml"))
    assert {path.stem for path in files} == set(IDS)
    assert set(IDS) <= known


@pytest.mark.parametrize("name", IDS)
def test_its_export_loads_as_it_always_did(name: str, golden: Callable[[str, str], None]) -> None:
    text = json.dumps(told(loaded(export_of(name))), ensure_ascii=False, indent=1, default=str)
    golden(f"{name}/dataset.json", text + "\n")


@pytest.mark.parametrize("name", IDS)
def test_its_export_is_recognised_and_no_other_reader_comes_near(name: str) -> None:
    found = scores(read(str(export_of(name)), Reading())[0].records)
    assert max(found, key=lambda one: found[one]) == name
    assert [one for one in found.values() if one == found[name]] == [found[name]]
    asked = told(loaded(export_of(name), helpdesk=name))
    assert asked == told(dataset_of(name))


@pytest.mark.parametrize("name", IDS)
def test_every_record_is_accounted_for_and_events_are_those_of_tickets(name: str) -> None:
    dataset = dataset_of(name)
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
        assert one.used
        assert one.rejected or any("nobody can read" in note for note in dataset.provenance[0].notes)
    events = events_of(dataset)
    assert dict(events.schema) == dict(EVENTS)
    assert set(events["ticket_id"]) <= set(dataset.tickets["ticket_id"])
    assert dataset.tickets["ticket_id"].is_unique().all()


@pytest.mark.parametrize("name", IDS)
def test_no_text_gets_in(name: str) -> None:
    dataset = dataset_of(name)
    for frame in (dataset.tickets, dataset.surveys, events_of(dataset)):
        for column in frame.get_columns():
            if column.dtype == pl.String:
                assert not column.str.contains(BODY, literal=True).any(), column.name


@pytest.mark.parametrize("name", IDS)
def test_the_order_of_records_does_not_matter(name: str, tmp_path: Path) -> None:
    table = read(str(export_of(name)), Reading())[0]
    records, beside = [*table.records], table.beside
    path = tmp_path / "export.json"
    seen = []
    for ordered in (records, records[::-1]):
        path.write_text(json.dumps({"tickets": ordered, **beside}), encoding="utf-8")
        dataset = loaded(path)
        seen.append((dataset.tickets.sort("ticket_id").rows(named=True), events_of(dataset).drop("seq").rows()))
        assert dataset.observes == dataset_of(name).observes
    assert seen[0] == seen[1]


@pytest.mark.parametrize("name", IDS)
def test_lines_and_pages_tell_what_one_document_tells(name: str, tmp_path: Path) -> None:
    table = read(str(export_of(name)), Reading())[0]
    whole, lined, paged = (tmp_path / f"{one}.json" for one in ("whole", "lined", "paged"))
    whole.write_text(json.dumps({"tickets": [*table.records]}), encoding="utf-8")
    lined.write_text("\n".join(json.dumps(one) for one in table.records), encoding="utf-8")
    pages = [{"tickets": [one]} for one in table.records]
    paged.write_text("\n".join(json.dumps(page) for page in pages), encoding="utf-8")
    one, two, three = (loaded(path) for path in (whole, lined, paged))
    assert one.tickets.equals(two.tickets)
    assert one.tickets.equals(three.tickets)
    assert events_of(one).equals(events_of(two))
    assert events_of(one).equals(events_of(three))
    assert [reject.slug for reject in one.rejects] == [reject.slug for reject in two.rejects]
    assert all(reject.line for reject in two.rejects)


WRONG: tuple[object, ...] = (
    *(None, "", "x", 0, -1, 7.5, 1e300, 10**30, True, [], {}, [None], [[1]], [{}], {"id": None}, {"a": {"b": []}}),
    *(
        "2026-01-01",
        "31.12.2025 25:00",
        "1970-01-01T00:00:00Z",
        "\ud800",
        "id",
        "9" * 400,
        {"name": ["x"]},
        [{"id": []}],
    ),
)


def places(value: object) -> Iterator[tuple[object, object]]:
    """Every container of a document with each of its keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value, key
            yield from places(inner)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield value, at
            yield from places(inner)


@pytest.mark.parametrize("name", IDS)
def test_no_wrong_value_anywhere_is_a_traceback(name: str, tmp_path: Path) -> None:
    table = read(str(export_of(name)), Reading())[0]
    document = json.loads(json.dumps({"tickets": [*table.records], **table.beside}))
    chance = random.Random(name)
    path = tmp_path / "export.json"
    for turn in range(32 if os.environ.get("SUPPORTKPI_LONG") else 2):
        broken = copy.deepcopy(document)
        for holder, key in chance.sample([*places(broken)], chance.randrange(1, 8)):
            if isinstance(holder, dict) and chance.random() < 0.2:
                holder.pop(key, None)
            else:
                holder[key] = chance.choice(WRONG)  # type: ignore[index]
        path.write_text(json.dumps(broken), encoding="utf-8")
        try:
            dataset = loaded(path, **({"helpdesk": name} if turn % 2 else {}))
        except KpiError:
            continue
        for one in dataset.ledger:
            assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())


@pytest.mark.parametrize("name", IDS)
def test_every_key_may_hold_every_wrong_value(name: str, tmp_path: Path) -> None:
    record = read(str(export_of(name)), Reading())[0].records[0]
    id_key = readers()[name].columns["ticket_id"][0]
    step, first = (1, 0) if os.environ.get("SUPPORTKPI_LONG") else (2, IDS.index(name))  # else every other one
    sick = [{**record, key: wrong} for at, key in enumerate(record) for wrong in WRONG[(at + first) % step :: step]]
    whole = [{**record, id_key: f"T-{place}"} for place in range(40)]
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"tickets": [*sick, *whole]}), encoding="utf-8")
    ledger = loaded(path, helpdesk=name).ledger[0]
    assert ledger.rows_read == len(sick) + len(whole)
    assert ledger.rows_read == ledger.used + sum(ledger.excluded.values()) + sum(ledger.rejected.values())
    assert ledger.used >= len(whole)

"""The records of each nested export in the other ways that files of records come in: they tell the same."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from test_nested_loaders import IDS, export_of, told

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.nested import readers

Told = dict[str, Any]
LONG = bool(os.environ.get("SUPPORTKPI_LONG"))
Record = dict[str, Any]


@cache
def document_of(name: str) -> tuple[list[Record], Record]:
    """The records of the golden export, and what stands beside them."""
    table = read(str(export_of(name)), Reading())[0]
    plain = json.loads(json.dumps([[*table.records], table.beside], default=lambda number: json.loads(number.text)))
    return plain[0], plain[1]


def loaded(path: Path, text: str, **reading: object) -> Told:
    path.write_text(text, encoding="utf-8")
    how = Reading(**reading)  # type: ignore[arg-type]
    return told(load_tables(read(str(path), how), how))


@cache
def base_of(name: str) -> Told:
    """What the envelope of the golden export tells."""
    with TemporaryDirectory() as folder:
        return loaded(Path(folder) / "base.json", enveloped(name, document_of(name)[0]))


def enveloped(name: str, records: object) -> str:
    return json.dumps({"tickets": records, **document_of(name)[1]}, ensure_ascii=False)


def same(here: Told, there: Told, *, but: tuple[str, ...] = ()) -> None:
    for part in here:
        if part not in but:
            assert there[part] == here[part], part


def turned(value: object) -> object:
    """The same value with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


def elements_in(value: object, *, listed: bool = True) -> Iterator[Record]:
    """Every object in a list; keys of other objects may be words, such as names of statuses."""
    if isinstance(value, dict):
        if listed:
            yield value
        for inner in value.values():
            yield from elements_in(inner, listed=False)
    elif isinstance(value, list):
        for inner in value:
            yield from elements_in(inner)


@pytest.mark.parametrize("name", IDS)
def test_the_order_of_keys_does_not_matter(name: str, tmp_path: Path) -> None:
    records = document_of(name)[0]
    base = base_of(name)
    other = loaded(tmp_path / "turned.json", enveloped(name, turned(records)))
    same(base, other, but=("columns", "notes", "assumptions", "tickets", "rejects"))
    assert [dict(sorted(one.items())) for one in other["tickets"]] == [dict(sorted(o.items())) for o in base["tickets"]]
    for part in ("notes", "assumptions"):
        assert sorted(other[part]) == sorted(base[part])


@pytest.mark.parametrize("name", IDS)
def test_keys_that_nobody_knows_change_nothing(name: str, tmp_path: Path) -> None:
    records = copy.deepcopy(document_of(name)[0])
    base = base_of(name)
    for one in [*elements_in(records)]:
        one["zz_unheard_of"] = {"list": [], "deep": {"er": None}}
    same(base, loaded(tmp_path / "more.json", enveloped(name, records)), but=("columns",))


@pytest.mark.parametrize("name", IDS)
def test_a_bare_list_and_lines_tell_what_the_envelope_does(name: str, tmp_path: Path) -> None:
    records, beside = document_of(name)
    if any(isinstance(value, list | dict) for value in beside.values()):
        pytest.skip("what stands beside its records belongs to them")
    base = base_of(name)
    bare = loaded(tmp_path / "bare.json", json.dumps(records, indent=2))
    lines = loaded(tmp_path / "lines.json", "\r\n".join(json.dumps(one) for one in records) + "\r\n")
    same(base, bare, but=("notes",))  # how many records there are in all is what an envelope says
    same(base, lines, but=("notes", "rejects"))
    assert [one[1:3] for one in lines["rejects"]] == [one[1:3] for one in base["rejects"]]


@pytest.mark.parametrize("name", IDS)
def test_what_is_null_may_be_left_out_of_a_record(name: str, tmp_path: Path) -> None:
    records = document_of(name)[0]
    base = base_of(name)
    known = {key for one in records for key, value in one.items() if value is not None}
    left = [{key: one[key] for key in one if one[key] is not None or key not in known} for one in records]
    other = loaded(tmp_path / "left.json", enveloped(name, left))
    same(base, other, but=("columns",))


@pytest.mark.parametrize("name", IDS)
def test_a_key_less_loses_no_ticket(name: str, tmp_path: Path) -> None:
    records = document_of(name)[0]
    base = base_of(name)
    reader, chance = readers()[name], random.Random(name)
    keys = sorted(
        {key for one in records for key in one} - {path.partition(".")[0] for path in reader.columns["ticket_id"]}
    )
    for key in chance.sample(keys, len(keys) if LONG else min(3, len(keys))):
        less = [{path: value for path, value in one.items() if path != key} for one in records]
        try:
            found = loaded(tmp_path / "less.json", enveloped(name, less), helpdesk=name)
        except KpiError as error:
            pytest.fail(f"without {key}: {error.message}")
        ledger = found["ledger"][0]
        assert ledger["read"] == ledger["used"] + sum(ledger["excluded"].values()) + sum(ledger["rejected"].values())
        assert {one["ticket_id"] for one in base["tickets"]} <= {one["ticket_id"] for one in found["tickets"]}, key


@pytest.mark.parametrize("name", IDS)
def test_a_file_cut_off_gives_its_whole_records(name: str, tmp_path: Path) -> None:
    records = document_of(name)[0]
    text, chance = json.dumps({"tickets": records}), random.Random(name)
    ends = [text.index(json.dumps(one)) + len(json.dumps(one)) for one in records]
    for at in sorted(chance.sample(range(ends[0] + 1, ends[-1]), 12 if LONG else 2)):
        whole = sum(end <= at for end in ends)
        found = loaded(tmp_path / "cut.json", text[:at], helpdesk=name)
        ledger, rejects = found["ledger"][0], found["rejects"]
        assert ledger["read"] in (whole, whole + 1), at
        assert ledger["read"] - sum(ledger["rejected"].values()) <= whole
        assert any("cut" in str(slug) or "json" in str(slug) for _, _, slug, _ in rejects) or whole == len(ends)

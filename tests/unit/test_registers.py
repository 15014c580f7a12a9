"""Registers of companies, which no mapping knows: every value that a person reads in them is read so, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from registers import REGISTERS, Register

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Stamps


def loaded(register: Register, folder: Path) -> Dataset:
    path = folder / "register.csv"
    path.write_bytes(register.text.encode(register.encoding))
    how = Reading(**register.options)  # type: ignore[arg-type]
    return load_tables(read(str(path), how), how)


def values(dataset: Dataset) -> dict[str, dict[str, object]]:
    """Of each ticket what it is, when what happened, and its rating."""
    assert isinstance(dataset.history, Stamps)
    found = {str(row["ticket_id"]): dict(row) for row in dataset.tickets.to_dicts()}
    for row in dataset.history.frame.to_dicts():
        found[str(row["ticket_id"])] |= row
    for row in found.values():  # a duration that makes an instant stands as that instant
        for span, instant in (("first_response", "first_reply_at"), ("resolution", "solved_at")):
            then, born = row.get(instant), row.get("created_at")
            if row.get(f"given_{span}_s") is None and isinstance(then, datetime) and isinstance(born, datetime):
                row[f"given_{span}_s"] = (then - born).total_seconds()
    for row in dataset.surveys.to_dicts():
        found[str(row["ticket_id"])][str(row["instrument"])] = row["score"]
    return found


def plain(value: object, wanted: object) -> object:
    if isinstance(value, datetime) and isinstance(wanted, str):
        return value == datetime.fromisoformat(wanted).replace(tzinfo=UTC) and wanted
    return float(value) if isinstance(wanted, float) and value is not None else value  # type: ignore[arg-type]


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_a_register_is_read_as_a_person_reads_it(register: Register, tmp_path: Path) -> None:
    dataset = loaded(register, tmp_path)
    found = values(dataset)
    wrong = {}
    for ticket, wanted in register.tickets.items():
        assert ticket in found
        for name, value in wanted.items():
            read_as = plain(found[ticket].get(name), value)
            if read_as != value:
                wrong[f"{ticket} {name}"] = (found[ticket].get(name), value)
    assert wrong == {}
    assert any(register.says in note for note in dataset.provenance[0].notes) or not register.says
    fields = {one.field for one in dataset.provenance[0].columns}
    assert not fields & set(register.absent)

"""Persons by a code that is the same in every run and file, so that a report can be passed on (method 6.3)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import polars as pl

from supportkpi.engine.grouping.derived import DERIVED
from supportkpi.facts import Facts
from supportkpi.workers import workers

AGENT, CUSTOMER, PERSON = "agent", "customer", "person"
KINDS: Mapping[str, str] = {
    "agent": AGENT,
    "assignee": AGENT,
    "assignee_id": AGENT,
    "requester": CUSTOMER,
    "requester_id": CUSTOMER,
}
"""Dimensions that are persons, and the word before their codes."""
_FIELDS: Mapping[str, str] = {**KINDS, "requester_name": CUSTOMER, "submitter": PERSON, "respondent_id": CUSTOMER}
_LENGTH, _WIDE = 4, 8
_CODE = re.compile(r"(?:\w+ )?([0-9a-f]{4,64})")
_BY = re.compile(r"(?i).+[ _]by")


def digest(name: str) -> str:
    """The whole code of a person: the hexadecimal SHA-256 of the id, spaces around it aside."""
    return hashlib.sha256(name.strip().encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The persons of a run: ``kinds`` maps the dimensions that hold them to the word before a code.

    ``codes`` holds the codes of all ids of the data: four digits, more where two would be the same. ``names``: they are
    shown by name, and a code only serves to ask for them.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    names: bool = False

    def hides(self, dim: str) -> bool:
        """Whether the values of a dimension are shown by code."""
        return dim in self.kinds and not self.names

    def shown(self, dim: str, name: str) -> str:
        """``agent 3f2a`` for a person; any other value as it is."""
        if not self.hides(dim):
            return name
        return f"{self.kinds[dim]} {self.codes.get(name) or digest(name)[:_WIDE]}"

    def meant(self, dim: str, text: str) -> list[str]:
        """The ids, in small letters, that a code stands for; none where the text is no code."""
        found = _CODE.fullmatch(text) if dim in self.kinds else None
        return [] if found is None else [name.lower() for name in self.codes if digest(name).startswith(found[1])]

    def filter(self, dim: str, operator: str, value: str) -> str:
        """A filter as the report repeats it: the code of a person, whoever typed the name."""
        if not self.hides(dim) or not value:
            return f"{dim}{operator}{value}"
        known = {name.lower(): name for name in self.codes}
        parts = [value] if value.lower() in known else [part.strip() for part in value.split(",")]
        said = [self.shown(dim, known[part.lower()]) if part.lower() in known else part for part in parts]
        return f"{dim}{operator}{','.join(said)}"


def coded(names: Collection[str]) -> dict[str, str]:
    """Id to code: the first four digits, and as many more as tell it from every other of the ids."""
    ordered = sorted((digest(name), name) for name in names)
    need = [_LENGTH] * len(ordered)
    for place, ((one, _), (other, _)) in enumerate(pairwise(ordered)):
        alike = next((at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), _LENGTH)
        need[place], need[place + 1] = max(need[place], alike + 1), max(need[place + 1], alike + 1)
    return {name: whole[:length] for (whole, name), length in zip(ordered, need, strict=True)}


def persons(facts: Facts, dims: Collection[str], frames: Collection[pl.DataFrame], *, names: bool) -> People:
    """Who must be coded among the dimensions of a run; ``frames`` hold their columns.

    Persons are agents, assignees and requesters; columns that were read as such; others that hold addresses, or whose
    name ends in "by".
    """
    read = {column.column: column.field for source in facts.dataset.provenance for column in source.columns}
    kinds: dict[str, str] = {}
    every: set[str] = set()
    for dim in dims:
        with workers() as pool:
            holding = [frame[name] for frame in frames for name in _holding(frame, dim)]
            columns = list(pool.map(lambda column: column.drop_nulls().unique(), holding))
        kind = KINDS.get(dim.casefold()) or _FIELDS.get(read.get(dim) or "")
        kind = kind if kind is not None or dim in DERIVED else _kind(dim, columns)
        if kind is not None:
            kinds[dim] = kind
            every |= {name for column in columns for name in column.cast(pl.String).to_list()}
    return People(kinds=kinds, codes=coded(every), names=names)


def _holding(frame: pl.DataFrame, dim: str) -> list[str]:
    """The columns of a frame that a dimension is read from: its own, and those of every kind of owner."""
    own = {"agent": "", "assignee": "assignee_id", "requester": "requester_id"}.get(dim, dim)
    return [name for name in frame.columns if name == own or (dim == "agent" and name.startswith("agent as "))]


def _kind(dim: str, columns: Collection[pl.Series]) -> str | None:
    text = [column for column in columns if column.dtype == pl.String]
    if text and (_BY.fullmatch(dim) or any(column.str.contains("@", literal=True).any() for column in text)):
        return PERSON
    return None

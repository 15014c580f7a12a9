"""Plan: which column of a table stands for which field, whoever said so: a mapping, ``--map``, the generic guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default

from supportkpi.errors import ColumnMissing, MappingInvalid, Where
from supportkpi.loaders.mapping._fields import FIELDS, Sort, field_named, span_field
from supportkpi.loaders.mapping._mapping import VERDICTS, HelpdeskMapping, Names, Rating, unknown_field
from supportkpi.loaders.mapping._recognise import by_header, nearest_columns, normal
from supportkpi.loaders.mapping._vocabulary import plain

SAID = "you said so"
BY_HEADER = "the header"
"""What a mapping's claim rests on before its values are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One column that stands for one field, how sure that is and what it rests on."""

    field: str
    column: str
    confidence: str = "sure"
    evidence: str = ""
    unit: str | None = None
    flags: Mapping[str, bool] = default(default_factory=dict)
    rating: Rating | None = None
    assumed: str = ""
    no_zero: bool = False  # 0 stands for "no number"
    undecided: frozenset[str] = frozenset()  # words that say neither yes nor no

    @property
    def sort(self) -> Sort:
        """What the values are."""
        return FIELDS[self.field].sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How one table is read: the claims, and what the helpdesk's mapping says of its words, dates and blanks."""

    id: str
    title: str
    claims: tuple[Claim, ...]
    survey: bool = False
    log: str = ""  # one row an "update" (or any event), or a "message"
    begins: bool = True  # the first row of a ticket may be its beginning
    values: Mapping[str, Mapping[str, str]] = default(default_factory=dict)  # field -> plain word -> meaning
    missing: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()
    zone: str | None = None
    dayfirst: bool | None = None
    keep: str | tuple[str, ...] = "all"
    notes: tuple[str, ...] = ()

    def claim(self, name: str) -> Claim | None:
        """The claim on a field, None when no column stands for it."""
        return next((claim for claim in self.claims if claim.field == name), None)

    def words(self, name: str) -> Mapping[str, str]:
        """The table of words of a field."""
        return self.values.get(name, {})


def plan_of(mapping: HelpdeskMapping, columns: Sequence[str]) -> Plan:
    """The plan that a mapping makes for a table with these columns; of several aliases the first that is there."""
    return Plan(
        id=mapping.id,
        title=mapping.title or mapping.id,
        claims=_claims(mapping, by_header(columns)),
        survey=mapping.rows == "survey",
        log=mapping.rows if mapping.rows in ("update", "message") else "",
        begins=mapping.begins,
        values={name: {plain(word): to for word, to in table.items()} for name, table in mapping.values.items()},
        missing=frozenset(mapping.missing),
        formats=mapping.dates.format,
        zone=mapping.dates.zone,
        dayfirst=mapping.dates.dayfirst,
        keep=mapping.keep,
    )


def _claims(mapping: HelpdeskMapping, headers: Mapping[str, str]) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for name, aliases in mapping.columns.items():
        column = _first(aliases, headers)
        if column is not None:
            found[name] = Claim(field=name, column=column, evidence=BY_HEADER)
    for name, entries in mapping.given.items():
        for entry in entries:
            plainly = f"given_{name}" in FIELDS and entry.unit in (None, *VERDICTS)
            target = f"given_{name}" if plainly else span_field(name, entry.clock)
            column = _first(entry.column, headers)
            if column is not None and target not in found:
                flags = {plain(word): truth for word, truth in entry.values.items() if truth is not None}
                undecided = frozenset(word for word, truth in entry.values.items() if truth is None)
                said = f"{column}: {entry.assumed}" if entry.assumed else ""
                read = Claim(field=target, column=column, unit=entry.unit, flags=flags, evidence=BY_HEADER)
                no_zero = entry.zero == "missing"
                found[target] = replace(read, assumed=said, no_zero=no_zero, undecided=undecided)
    for instrument, rating in mapping.ratings.items():
        column = _first(rating.column, headers)
        if column is not None:
            found[instrument] = Claim(field=instrument, column=column, rating=rating, evidence=BY_HEADER)
    return tuple(found.values())


def _first(aliases: Names, headers: Mapping[str, str]) -> str | None:
    return next((headers[normal(alias)] for alias in aliases if normal(alias) in headers), None)


def asked(columns: Mapping[str, str]) -> dict[str, str]:
    """The ``--map`` choices by the full name of their field.

    Raises:
        MappingInvalid: a field does not exist.
    """
    chosen = {}
    for name, column in columns.items():
        known = field_named(name)
        if known is None:
            raise MappingInvalid(unknown_field(name), hint=f"fields are {', '.join(FIELDS)}")
        chosen[known.name] = column
    return chosen


def check_columns(chosen: Mapping[str, str], tables: Sequence[Sequence[str]], *, path: str) -> None:
    """Every column that ``--map`` names is in at least one table.

    Raises:
        ColumnMissing: one is in none.
    """
    every = [column for columns in tables for column in columns]
    headers = by_header(every)
    for name, column in chosen.items():
        if normal(column) not in headers:
            raise ColumnMissing(
                f"there is no column {column!r} to read as {name}",
                hint=nearest_columns(column, every),
                where=Where(path=path, column=column),
            )


def with_choices(plan: Plan, chosen: Mapping[str, str], columns: Sequence[str]) -> Plan:
    """The plan with the ``--map`` choices in the place of its own; a column can only stand for what was said last."""
    headers = by_header(columns)
    said = {name: headers[normal(column)] for name, column in chosen.items() if normal(column) in headers}
    if not said:
        return plan
    rest = [claim for claim in plan.claims if claim.field not in said and claim.column not in said.values()]
    old = {claim.field: claim for claim in plan.claims}
    new = [_said(name, column, old.get(name)) for name, column in said.items()]
    return replace(plan, claims=(*rest, *new))


def _said(name: str, column: str, before: Claim | None) -> Claim:
    same = before is not None and before.column == column
    claim = before if before is not None and same else Claim(field=name, column=column)
    return replace(claim, confidence="sure", evidence=SAID)

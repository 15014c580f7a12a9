"""Loaders: tables of any export to one Dataset.

``tables`` turns bytes into tables. ``_kinds`` asks each reader whether a table is its own: ``nested`` records, ``logs``
of events, what stands ``beside`` tickets, ``wide`` tables of tickets or answers. ``related`` joins the tables of one
source before that, ``joining`` the parts of all files after it. What a column means ``mapping`` says and, where nobody
knows, ``generic``; ``values`` reads cells.

A helpdesk is one file: in ``helpdesks/`` a table, in ``nested/`` records, in ``related/sources/`` several tables.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supportkpi.decisions import Reading
from supportkpi.errors import FileEmpty, NotRecognised, Where
from supportkpi.loaders._kinds import part_of
from supportkpi.loaders._part import ROLES_GUESSED, Part, Request
from supportkpi.loaders.beside._series_once import once
from supportkpi.loaders.joining._join import join
from supportkpi.loaders.mapping._claims import asked, check_columns
from supportkpi.loaders.mapping._fields import FIELDS
from supportkpi.loaders.mapping._mapping import HelpdeskMapping, mapping_named, packaged, read_mapping
from supportkpi.loaders.mapping._mapping_page import FIELDS_HELP, MAPPING_HELP
from supportkpi.loaders.mapping._recognise import by_header, demanded, normal
from supportkpi.loaders.related import related, source_ids
from supportkpi.loaders.tables import Doubted, Table, expand, read, surely
from supportkpi.loaders.tables._collector import collector_paused
from supportkpi.schema import Dataset, check

if TYPE_CHECKING:
    from supportkpi.loaders.nested import Nested
    from supportkpi.loaders.related import Source

__all__ = [
    "FIELDS_HELP",
    "MAPPING_HELP",
    "Helpdesk",
    "Table",
    "collector_paused",
    "expand",
    "helpdesks",
    "load_tables",
    "read",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpdesk:
    """A kind of export that is recognised: its id for ``--helpdesk``, its title, and the fields that it can fill.

    ``confidence``: what is known of its layout: ``confirmed`` by real files or the vendor's program, ``documented`` by
    the vendor or by others who read it, ``partial`` where only some of it is.
    """

    id: str
    title: str
    confidence: str
    fields: tuple[str, ...]


def helpdesks() -> tuple[Helpdesk, ...]:
    """Every export that a mapping or a reader of nested records knows, in the order of their ids."""
    from supportkpi.loaders.nested import readers  # noqa: PLC0415 - tables of cells need not load them
    from supportkpi.loaders.related import sources  # noqa: PLC0415 - nor a lone file what is of several

    known = [_helpdesk(mapping_named(name)) for name in packaged()]
    known += [_nested(reader) for reader in readers().values()]
    known += [_source(source) for source in sources().values()]
    return tuple(sorted(known, key=lambda one: one.id))


def _nested(reader: Nested) -> Helpdesk:
    stamped = (name for name in reader.reads.values() if name in FIELDS and name not in reader.ratings)
    fields = dict.fromkeys((*reader.columns, *stamped, "events", *reader.ratings))
    return Helpdesk(id=reader.id, title=reader.title, confidence=reader.confidence, fields=tuple(fields))


def _helpdesk(mapping: HelpdeskMapping) -> Helpdesk:
    fields = (*mapping.columns, *(f"given_{name}" for name in mapping.given), *mapping.ratings)
    return Helpdesk(id=mapping.id, title=mapping.title or mapping.id, confidence=mapping.confidence, fields=fields)


def _source(source: Source) -> Helpdesk:
    return Helpdesk(
        id=source.id,
        title=f"{source.title} of a warehouse, several files",
        confidence=source.confidence,
        fields=("events", *source.fields),
    )


def load_tables(tables: Sequence[Table], reading: Reading, *, columns: Collection[str] | None = None) -> Dataset:
    """One Dataset of all tables: tickets and histories joined by id, surveys and what else there is beside them.

    Args:
        tables: what the files say.
        reading: what the user says about reading them.
        columns: further columns that are wanted, by header, besides those that stand for a field; None keeps every
            column of short words that repeat.

    Raises:
        FileEmpty: there is not one record, nor a header.
        NotRecognised: a table holds neither tickets nor events nor answers.
        HelpdeskAmbiguous, HelpdeskUnknown, MappingInvalid, ColumnMissing: what was asked for does not fit.
        DatesAmbiguous, DatesUnreadable, IdsDamaged, DataContradictory: the values do not allow a reading.
    """
    if not tables:
        raise NotRecognised("there is no table to read")
    if not any(table.columns or table.rejects or any(table.excluded.values()) for table in tables):
        raise FileEmpty(
            "the file holds no records", hint="export again, with a longer period", where=Where(path=tables[0].name)
        )
    try:
        return _loaded(tables, reading, columns)
    except Doubted:
        return _loaded([surely(table, reading) for table in tables], reading, columns)


def _loaded(tables: Sequence[Table], reading: Reading, columns: Collection[str] | None) -> Dataset:
    tables = [each for table in tables for each in (table, *_inside(table, reading))]
    chosen = asked(reading.columns)
    check_columns(chosen, [table.columns for table in tables], path=tables[0].name)
    requests = [
        Request(
            table=table, reading=reading, chosen=chosen, mapping=mapping, columns=columns, pages=_pages(table, tables)
        )
        for table, mapping in zip(tables, _mappings(tables, reading), strict=True)
    ]
    parts = [_explained(one) if isinstance(one, Request) else one for one in related(requests)]
    return check(join(once(parts)))


def _inside(table: Table, reading: Reading) -> tuple[Table, ...]:
    """The tables that the lists inside records are, where no reader knows the records."""
    if not table.records or reading.helpdesk is not None or "ticket_id" in reading.columns:
        return ()
    from supportkpi.loaders.nested import lists_apart  # noqa: PLC0415 - tables of cells need not load them

    return lists_apart(table, reading)


def _pages(table: Table, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The other tables with the same headers: pages of one export."""
    headers = {*by_header(table.columns)}
    return tuple(one for one in tables if one is not table and {*by_header(one.columns)} == headers)


def _explained(request: Request) -> Part:
    """The part with why a column stands for a field that neither its header nor an option has given it."""
    part, reasons = part_of(request), request.reasons
    if ROLES_GUESSED in request.table.notes:
        part = replace(part, assumptions=(*part.assumptions, ROLES_GUESSED))
    if not reasons:
        return part
    columns = tuple(
        replace(one, evidence=reasons.get(one.field or "", one.evidence)) for one in part.provenance.columns
    )
    return replace(part, provenance=replace(part.provenance, columns=columns))


def _mappings(tables: Sequence[Table], reading: Reading) -> list[HelpdeskMapping | None]:
    """The mapping that an option asks for, for each table that it fits; it must fit one."""
    if reading.mapping is not None:
        own = read_mapping(reading.mapping)
        fits = [own if _fits(own, table) else None for table in tables]
        return fits if any(fits) or reading.columns else [own for _ in tables]
    if reading.helpdesk is None or reading.helpdesk in ("generic", *source_ids()):
        return [None for _ in tables]
    from supportkpi.loaders.nested import demand_records, readers  # noqa: PLC0415

    if reading.helpdesk in readers():
        demand_records(reading.helpdesk, tables)
        return [None for _ in tables]
    named = mapping_named(reading.helpdesk)
    fits = [named if _fits(named, table) else None for table in tables]
    if not any(fits) and "ticket_id" not in reading.columns:
        demanded(reading.helpdesk, tables[0].columns, path=tables[0].name)
    return fits if any(fits) else [named for _ in tables]


def _fits(mapping: HelpdeskMapping, table: Table) -> bool:
    headers = by_header(table.columns)
    needed = mapping.columns.get("ticket_id", ()) if mapping.rows == "ticket" else ()
    scores = tuple(column for rating in mapping.ratings.values() for column in rating.column)
    figures = mapping.columns.get("value", ()) if mapping.rows == "series" else ()
    return any(normal(alias) in headers for alias in (needed or figures or scores))

"""Nested exports, which a mapping of columns cannot say: one file a system, found by listing this folder.

How to add one. Write ``ID.yaml`` here, in the words of a mapping (``_mapping``; ``explain mapping`` prints them) with
paths for columns, and ``lists`` of messages and changes in the words that a mapping has for a log; ``_system`` holds
the vocabulary, ``freshdesk_json.yaml`` uses most of it. Names in ``recognise`` that have brackets ("audits[].events")
stand in quotes. Then put an export with the awkward values of the system, and a record that cannot be read, into
``tests/golden/ID/export.json``, and let ``pytest tests/conformance --renew`` write its ``dataset.json``; read that.
Records without lists in them need no file here: a mapping in ``../helpdesks`` names their paths as columns, and so it
does for a file of messages or answers alone.

Only what no table of words can say is a module: ``ID.py`` with one ``NESTED``, whose function tells the history. Files
that begin with an underscore are what all of them share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.errors import HelpdeskUnknown, Where
from supportkpi.loaders._part import Part, Request
from supportkpi.loaders._story import part_of_story
from supportkpi.loaders.mapping._recognise import by_header, scored, specificity
from supportkpi.loaders.nested._alone import told_alone
from supportkpi.loaders.nested._apart import lists_apart
from supportkpi.loaders.nested._beside import CALLS, labels, singular, thing
from supportkpi.loaders.nested._files import Tickets, enveloped, sided, without_said
from supportkpi.loaders.nested._history import Beside, Nested
from supportkpi.loaders.nested._registry import holds, keys_of, readers, recognised, scores, written
from supportkpi.loaders.nested._telling import story_of
from supportkpi.loaders.tables import Table

__all__ = [
    "Nested",
    "Tickets",
    "demand_records",
    "enveloped",
    "files_beside",
    "labels",
    "lists_apart",
    "nested_part",
    "reader_of",
    "readers",
    "sided",
    "told_alone",
    "without_said",
    "written",
]


def nested_part(request: Request) -> Part | None:
    """The part of a table whose records tell the history of tickets; None for a table of any other kind.

    Raises:
        HelpdeskAmbiguous: two systems fit the records equally well.
        KpiError: the records contradict themselves, or what was asked for does not fit them.
    """
    table, asked = request.table, request.reading.helpdesk
    if not table.records or request.mapping is not None or request.reading.mapping is not None or asked == "generic":
        return None
    reader = readers().get(asked) if asked is not None else None
    if reader is None or not holds(reader, table.records) or _beside(reader, table, "") is not None:
        reader = reader_of(request)
    return part_of_story(table, story_of(reader, request)) if reader is not None else None


def reader_of(request: Request) -> Nested | None:
    """The reader that knows the records of a table as those of tickets, by their keys; None where there is none.

    Raises:
        HelpdeskAmbiguous: two systems fit the records equally well.
    """
    table = request.table
    found = scores(table.records)
    if request.reading.helpdesk in found:
        return readers()[request.reading.helpdesk]
    return recognised(found, scored(by_header(table.columns)), path=table.name) if found else None


def files_beside(reader: Nested, tables: Mapping[int, Table], names: Mapping[int, str]) -> dict[int, Beside]:
    """Which of the tables hold what stands beside the tickets of a system; ``names``: what their files are called."""
    found = {place: _beside(reader, table, names[place]) for place, table in tables.items()}
    return {place: one for place, one in found.items() if one is not None}


def _beside(reader: Nested, table: Table, name: str) -> Beside | None:
    keys = keys_of(table.records)
    fits = {one.name: max((specificity(rule, keys) for rule in one.recognise), default=0) for one in reader.beside}
    best = max(reader.beside, key=lambda one: fits[one.name], default=None)
    if best is not None and fits[best.name]:
        return best
    inner = keys_of([thing(one) for one in table.records])
    named = "id" in inner and not inner.isdisjoint(CALLS) and "ticket_id" not in inner
    return next((one for one in reader.beside if named and one.called and one.called in (name, singular(name))), None)


def demand_records(name: str, tables: Sequence[Table]) -> None:
    """Nothing, when one of the tables has records that the asked reader can read.

    Raises:
        HelpdeskUnknown: none has.
    """
    reader = readers()[name]
    if not any(table.records and holds(reader, table.records) for table in tables):
        for table in tables:
            spec = _beside(reader, table, "") if table.records else None
            if spec is not None:
                message = f"these are the {spec.name.replace('_', ' ')} of {reader.title}, and no tickets"
                hint = "give the file of the tickets as well"
                raise HelpdeskUnknown(message, hint=hint, where=Where(path=table.name))
        wanted = ", ".join(reader.columns["ticket_id"])
        raise HelpdeskUnknown(
            f"the file has no records of {reader.title}",
            hint=f"it is read from JSON records with {wanted}",
            where=Where(path=tables[0].name),
        )

"""Files of records beside a file of tickets: each either gives what it holds to the tickets, or tells them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from supportkpi.loaders._part import ROWS, Part, Request
from supportkpi.loaders.related._aside import aside
from supportkpi.loaders.related._called import called
from supportkpi.loaders.related._keys import names_things, tells_of_customers
from supportkpi.loaders.related._policies import Labels, of_records

if TYPE_CHECKING:
    from supportkpi.loaders.nested._files import Sided, Tickets
    from supportkpi.loaders.nested._history import Beside, Nested


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """The files of one system: those of tickets, and those beside them with the sort of each, by their places."""

    reader: Nested
    tickets: tuple[int, ...]
    beside: Mapping[int, Beside]


def gathered(requests: Sequence[Request]) -> list[Request | Part]:
    """The requests, those of tickets with what files beside them hold; a part for each of these.

    Raises:
        NotRecognised: the records of a file do not say to which ticket they belong.
        HelpdeskAmbiguous: two systems fit records equally well.
    """
    made: list[Request | Part] = [*requests]
    free = [place for place, one in enumerate(requests) if _is_free(one)]
    if not free:
        return made
    for found in _sets(requests, free):
        told = _with_tickets(found, requests) if found.tickets else _alone(found, requests)
        for place, one in (told | _policies(found, requests)).items():
            made[place] = one
    return made


def _policies(found: _Set, requests: Sequence[Request]) -> dict[int, Part]:
    """The parts of files that hold hours or promises of the helpdesk, which no ticket needs."""
    tables = {place: requests[place].table for place, spec in found.beside.items() if spec.policies}
    names = _labels(found, requests) if tables else {}
    return {
        place: aside(
            table,
            helpdesk=found.reader.id,
            title=f"{found.reader.title}: {found.beside[place].name.replace('_', ' ')}",
            used=True,
            policies=of_records(found.beside[place].name, table, names),
        )
        for place, table in tables.items()
    }


def _labels(found: _Set, requests: Sequence[Request]) -> Labels:
    """What the groups and organizations are called that policies name by their ids."""
    from supportkpi.loaders.nested import labels  # noqa: PLC0415 - cells need no readers

    columns = {"groups": "group", "organizations": "organization_id"}
    return {
        columns[spec.name]: {key: name for key, name in labels(requests[place].table.records).items() if key}
        for place, spec in found.beside.items()
        if spec.name in columns
    }


def _is_free(request: Request) -> bool:
    said = request.reading
    asked = request.mapping is not None or said.mapping is not None or said.helpdesk == "generic"
    return bool(request.table.records) and not asked


def _sets(requests: Sequence[Request], free: Sequence[int]) -> list[_Set]:
    """The systems whose files there are, each with those beside its tickets; or those that tell tickets alone."""
    from supportkpi.loaders.nested import files_beside, reader_of, written  # noqa: PLC0415 - cells need no readers

    of = {place: reader for place in free if (reader := reader_of(requests[place])) is not None}
    others = [place for place in free if place not in of]
    if not others:
        return []
    tables = {place: requests[place].table for place in others}
    names = {place: called(table) for place, table in tables.items()}
    readers = {reader.id: reader for reader in of.values() if reader.beside}
    found = []
    for reader in readers.values() if of else written():
        beside = files_beside(reader, tables, names)
        mine = tuple(place for place, one in of.items() if one.id == reader.id)
        if beside and (mine or any(spec.tickets is not None for spec in beside.values())):
            found.append(_Set(reader=reader, tickets=mine, beside=beside))
    return found


def _with_tickets(found: _Set, requests: Sequence[Request]) -> dict[int, Request | Part]:
    from supportkpi.loaders.nested import Tickets, enveloped, sided, without_said  # noqa: PLC0415

    tickets = Tickets(found.reader, [requests[place].table for place in found.tickets])
    seen: dict[str, dict[str, Mapping[str, object]]] = {}
    files = {
        place: sided(requests[place].table, spec, tickets, seen.setdefault(spec.name, {}))
        for place, spec in found.beside.items()
        if spec.instead is None
    }
    told: dict[int, Request | Part] = {}
    for place in found.tickets:
        table = enveloped(requests[place].table, found.reader, list(files.values()))
        for other, spec in found.beside.items():
            table = without_said(table, found.reader, spec, requests[other].table)
        told[place] = replace(requests[place], table=table)
    for place, one in files.items():
        if one.spec.ticket or not _is_followed(requests[place]):
            told[place] = _part(one, found.reader, tickets)
        else:
            told[place] = replace(requests[place], is_told=True)
    return told


def _is_followed(request: Request) -> bool:
    """Whether a file of names is read besides: its names are joined to other tables, or it tells of customers."""
    return request.reading.helpdesk is None and (names_things(request.table) or tells_of_customers(request))


def _alone(found: _Set, requests: Sequence[Request]) -> dict[int, Request | Part]:
    from supportkpi.loaders.nested import sided, told_alone  # noqa: PLC0415

    seen: dict[str, dict[str, Mapping[str, object]]] = {}
    files = {
        place: sided(requests[place].table, spec, None, seen.setdefault(spec.name, {}))
        for place, spec in found.beside.items()
        if spec.instead is None
    }
    tell = [place for place, one in files.items() if one.spec.tickets is not None]
    rest = {place: one for place, one in files.items() if place not in tell}
    part, settled = told_alone(found.reader, requests[tell[0]], [files[place] for place in tell], list(rest.values()))
    told: dict[int, Request | Part] = {tell[0]: part}
    for place, one in zip(tell[1:], settled[1:], strict=True):
        told[place] = _part(one, found.reader)
    told |= {place: _part(one, found.reader) for place, one in rest.items()}
    return told


def _part(one: Sided, reader: Nested, tickets: Tickets | None = None) -> Part:
    """The part of a file beside tickets, every record accounted for; ``tickets``: those that they belong to."""
    title = f"{reader.title}: {one.spec.name.replace('_', ' ')}"
    made = aside(one.table, helpdesk=reader.id, title=title, used=True)
    assert made.side is not None  # noqa: S101 - an aside has one
    told = one.by_ticket(tickets) if tickets is not None else None
    return replace(
        made,
        side=replace(made.side, used=len(one.elements), excluded=dict(one.excluded), tickets=_counted(told)),
        rejects=(*made.rejects, *one.rejects),
        provenance=replace(made.provenance, notes=(*made.provenance.notes, *one.notes)),
    )


def _counted(rows: Mapping[str, int] | None) -> pl.DataFrame | None:
    """How many records belong to each ticket (ticket_id, ``_rows``)."""
    if rows is None:
        return None
    return pl.DataFrame({"ticket_id": [*rows], ROWS: [*rows.values()]}, schema={"ticket_id": pl.String, ROWS: pl.Int64})

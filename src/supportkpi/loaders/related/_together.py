"""Requests with what other tables say about their rows, and parts of the tables that only name things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.mapping._recognise import by_header, normal
from supportkpi.loaders.related._aside import aside
from supportkpi.loaders.related._askers import with_askers
from supportkpi.loaders.related._called import is_synced, source_ids
from supportkpi.loaders.related._files import gathered
from supportkpi.loaders.related._follow import Followed
from supportkpi.loaders.related._keys import by_keys, with_tags
from supportkpi.loaders.related._known import Named, known, needless
from supportkpi.loaders.related._page import Source, sources
from supportkpi.loaders.related._policies import of_table
from supportkpi.loaders.tables import Table

_KEEPS_POLICIES = "zendesk_tables"
"""The source whose tables of schedules and policies have a known meaning."""


def together(requests: Sequence[Request]) -> list[Request | Part]:
    """The requests in their order, with what other tables say about their rows; a part for each that only names things.

    Tables for which somebody has asked for a mapping, or for a column as the ticket's id, are left as they are.
    """
    made = [_or_empty(one) if isinstance(one, Request) else one for one in gathered(requests)]
    free = [place for place, one in enumerate(made) if isinstance(one, Request) and _is_free(one)]
    if not free:
        return made
    if len(requests) > 1 or is_synced(requests[0].table) or requests[0].reading.helpdesk in source_ids():
        mine = [one for place in free if isinstance(one := made[place], Request)]
        for place, told in zip(free, _of_sources(mine), strict=True):
            made[place] = told
    plain = [(place, one) for place in free if isinstance(one := made[place], Request) and one.mapping is None]
    for (place, _), told in zip(plain, with_tags(by_keys([one for _, one in plain])), strict=True):
        made[place] = told
    return with_askers(made) if len(made) > 1 else made


def _or_empty(request: Request) -> Request | Part:
    """The request, or the part of a file that holds nothing: a page without records beside others."""
    table = request.table
    empty = not table.columns and not table.rejects
    return aside(table, helpdesk="generic", title="a file without records", used=True) if empty else request


def _of_sources(requests: Sequence[Request]) -> list[Request | Part]:
    """The requests with what the sources say of them."""
    tables = [one.table for one in requests]
    made: list[Request | Part] = [*requests]
    asked = next((one.reading.helpdesk for one in requests if one.reading.helpdesk in source_ids()), None)
    found = known(tables, only=asked)
    if asked is None:
        found = {place: named for place, named in found.items() if _is_sure(place, found, tables)}
    for source in {named.source.id: named.source for named in found.values()}.values():
        mine = {place: named for place, named in found.items() if named.source.id == source.id}
        for place, told in _told(source, mine, requests).items():
            made[place] = told
    live = [named.source for named in found.values() if named.page.is_read]
    for place, table in enumerate(tables):
        one = made[place]
        of = _needless(one, live) if isinstance(one, Request) and one.mapping is None else None
        if of is not None:
            made[place] = aside(table, helpdesk=of.id, title=f"{of.title}: a table that no KPI needs", used=False)
    return made


def _is_sure(place: int, found: Mapping[int, Named], tables: Sequence[Table]) -> bool:
    """Whether a connector has written the table, or the tickets of its source stand beside another table of it.

    Alone a table may be any export, and comments of one look like those of another; records may be the interface's own.
    """
    mine = [named for named in found.values() if named.source.id == found[place].source.id]
    several = len({named.name for named in mine}) > 1 and any(named.page.rows == "ticket" for named in mine)
    return is_synced(tables[place]) or (several and not tables[place].records)


def _is_free(request: Request) -> bool:
    said = request.reading
    if any(normal(request.chosen.get(name, "")) in by_header(request.table.columns) for name in ("ticket_id", "at")):
        return False
    if request.mapping is not None or said.mapping is not None:
        return False
    return said.helpdesk in (None, *source_ids()) or _is_of_records(said.helpdesk)


def _is_of_records(helpdesk: str | None) -> bool:
    """Whether a helpdesk is read from records: files beside those that only name things are what they are."""
    from supportkpi.loaders.nested import readers  # noqa: PLC0415 - tables of cells need not load them

    return helpdesk in readers()


def _needless(request: Request, live: Sequence[Source]) -> Source | None:
    """The source of a table that no KPI needs: by its name, or because tickets of its source are read beside it."""
    named = [source for source in (live or sources().values()) if needless(request.table, source)]
    synced = is_synced(request.table)
    if live:
        return named[0] if named else live[0] if synced else None
    return named[0] if named and synced else None


def _told(source: Source, mine: dict[int, Named], requests: Sequence[Request]) -> dict[int, Request | Part]:
    """The tables of one source, those to be read first: what these follow decides which of the others are used."""
    followed = Followed([one.table for one in requests], mine)
    read = {place: followed.whole(place) for place, named in mine.items() if named.page.is_read}
    words = followed.meanings() if read else {}
    told: dict[int, Request | Part] = {}
    for place, named in mine.items():
        if place in read and (read[place].rows or not requests[place].table.rows):
            mapping = source.mapping(named.name, words)
            told[place] = replace(requests[place], table=read[place], mapping=mapping)
        else:
            title = f"{source.title}: {named.page.title or named.name.replace('_', ' ')}"
            used = place in followed.used and bool(read)
            table = read.get(place, followed.sound(place))
            policies = of_table(named.name, table) if source.id == _KEEPS_POLICIES else None
            told[place] = aside(table, helpdesk=source.id, title=title, used=used, policies=policies)
    return told

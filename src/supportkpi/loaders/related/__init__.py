"""Related tables: several files that are the tables of one source, joined by their keys before any of them is read.

Each table of tickets, events or answers gets the columns that others have about its rows (names of groups, roles of
authors) and the mapping of its page; tables that only name things become parts of their own, so that every row of every
file is accounted for. A source is one file in ``sources/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportkpi.doors import door
from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.related._called import is_synced, sort_of, source_ids

if TYPE_CHECKING:
    from supportkpi.loaders.related._page import Source, sources

__all__ = ["Source", "related", "source_ids", "sources"]

__getattr__ = door(__name__, {"Source": "_page", "sources": "_page"})


def related(requests: Sequence[Request]) -> list[Request | Part]:
    """The requests in their order, with what other tables say about their rows; a part for each that only names things.

    Tables for which somebody has asked for a mapping, or for a column as the ticket's id, are left as they are.
    """
    if len(requests) == 1 and _is_alone(requests[0]):
        return [*requests]
    from supportkpi.loaders.related._together import together  # noqa: PLC0415 - a file alone need not load it

    return together(requests)


def _is_alone(request: Request) -> bool:
    """Whether a table can be neither of several of one source nor one of names, whatever stands in it."""
    table = request.table
    named = is_synced(table) or request.reading.helpdesk in source_ids() or sort_of(table) is not None
    return bool(table.columns) and not table.records and not named

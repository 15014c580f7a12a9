"""The object that a row of an audit is about: named by a type and an id side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.wide._sample import Sample

_STEMS = frozenset(
    (
        *("item", "object", "auditable", "trackable", "subject", "record", "entity", "resource", "target", "model"),
        *("loggable", "versionable", "revisionable", "historable", "related", "parent", "row", "content"),
    )
)
_IDS = frozenset(("id", "pk", "key"))
_TYPES = ("type", "model", "class", "table", "kind")
_MOST_DISTINCT = 0.9
_PEOPLE = re.compile(
    r"user|actor|author|agent|operator|account|organi[sz]ation|customer|client|contact|member|owner|assignee|creator|by"
    r"|tenant|workspace|project|company|session|channel|group|team|queue|parent|status|priority|categor|type|form|brand"
)


def named_object(sample: Sample) -> str | None:
    """The column of ids that has the column of its type beside it, and whose ids come again: "item_id"."""
    for column in sample.table.columns:
        stem, _, last = folded(column).rpartition(" ")
        if (
            last in _IDS
            and stem in _STEMS
            and type_beside(sample.table.columns, column)
            and comes_again(sample, column)
        ):
            return column
    return None


def numbered_object(sample: Sample) -> str | None:
    """Of rows that only number themselves, what they are about: other ids that come again, and are no person's."""
    bids = [
        (sample.words(column).n_unique(), -place, column)
        for place, column in enumerate(sample.table.columns)
        if folded(column).rpartition(" ")[2] in _IDS
        and not _PEOPLE.search(folded(column))
        and comes_again(sample, column)
    ]
    most, _, column = max(bids, default=(0, 0, None))
    return column if most > 1 else None


def comes_again(sample: Sample, column: str) -> bool:
    """Whether the values of a column stand in several rows each."""
    words = sample.words(column).drop_nulls()
    return words.n_unique() <= _MOST_DISTINCT * len(words)


def type_beside(columns: Sequence[str], object_id: str) -> str | None:
    """The column of the type that belongs to a column of ids: "item_type" to "item_id"."""
    stem = folded(object_id).rpartition(" ")[0]
    wanted = {f"{stem} {word}" for word in _TYPES} | {"content type", "object type", "object"}
    return next((column for column in columns if folded(column) in wanted), None)


def is_ticket(word: str) -> bool:
    """Whether a type is that of tickets: "Ticket", "support.ticket", "SupportTicket"; "TicketComment" is none."""
    return not synonyms().core(folded(re.split(r"[.\\/:]", word)[-1])) or folded(word).endswith(" ticket")

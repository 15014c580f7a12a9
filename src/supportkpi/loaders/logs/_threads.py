"""Messages that name the message they answer: a chain of answers becomes a ticket, whoever began it its requester."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.logs._headers import candidates, has_text
from supportkpi.loaders.tables import ROW, Table
from supportkpi.loaders.values._values import boolean
from supportkpi.loaders.wide._sample import Sample, words_of

_IDS = frozenset(
    ("id", "tweet id", "message id", "post id", "comment id", "mail id", "email id", "msg id", "guid", "uid")
)
_PARENTS = frozenset(
    (
        *("in response to tweet id", "in reply to tweet id", "in response to", "in response to id", "in reply to"),
        *("in reply to id", "in reply to status id", "in reply to status id str", "in reply to message id"),
        *("parent", "parent id", "parent post id", "parent message id", "parent comment id", "reply to", "reply to id"),
        *("reply to message id", "reply to msg id", "reply to post id", "в ответ на", "ответ на", "id родителя"),
    )
)
_INBOUND = frozenset(
    ("inbound", "is inbound", "incoming", "is incoming", "from customer", "is customer", "by customer")
)
_OWNERS = frozenset(("owner user id", "user screen name"))
_LINKED = 0.5
"""Share of answers whose message must be in the file."""
_DEEPEST = 40
"""Doublings of the way to the first message: more than any chain has."""
_NOT_OF_MESSAGES = ("status", "priority", "solved_at", "closed_at")
_THREAD, _ROLE, _ASKER = "thread id", "author role", "requester id"


def threaded(sample: Sample) -> tuple[Table, tuple[str, ...]] | None:
    """The table with the thread of each message, and a note; None where no message names the one that it answers."""
    columns = sample.table.columns
    own = next((column for column in columns if folded(column) in _IDS), None)
    parent = next((column for column in columns if folded(column) in _PARENTS), None)
    if own is None or parent is None or not has_text(columns) or _is_of_tickets(columns):
        return None
    links = _links(sample, own, parent)
    if not links["id"].is_unique().all() or links["id"].null_count() or not _is_linked(links):
        return None
    made = sample.table.frame.join(_with_asker(sample, links).lazy(), on=ROW, how="left", maintain_order="left")
    inbound = _inbound(sample)
    if inbound is not None:
        word = words_of(inbound, sample.schema[inbound])
        made = made.with_columns(
            pl.when(boolean(word)).then(pl.lit("customer")).when(~boolean(word)).then(pl.lit("agent")).alias(_ROLE)
        )
    gone = {own, parent, inbound, *(column for column in columns if folded(column) == "score")}
    added = [name for name in (_THREAD, _ROLE, _ASKER) if name in made.collect_schema()]
    note = f"messages are joined into tickets by {parent!r}: a ticket is a first message and all that answers it"
    kept = (*(column for column in columns if column not in gone), *added)
    return replace(sample.table, columns=kept, frame=made.select(ROW, *columns, *added)), (note,)


def _is_of_tickets(columns: tuple[str, ...]) -> bool:
    """Whether a header speaks of a ticket's state: its parent is another ticket then."""
    found = [synonyms().matches(column) for column in columns]
    return any(each.get(name, 0.0) >= ENTITY - 1 for each in found for name in _NOT_OF_MESSAGES)


def _links(sample: Sample, own: str, parent: str) -> pl.DataFrame:
    """``_row``, the id of each message and of the one that it answers."""
    cells = (
        words_of(column, sample.schema[column]).cast(pl.String).str.replace(r"\.0$", "").alias(name)
        for name, column in (("id", own), ("parent", parent))
    )
    return sample.table.frame.select(ROW, *cells).collect().sort(ROW)


def _is_linked(links: pl.DataFrame) -> bool:
    answers = links["parent"].drop_nulls()
    return len(answers) > 0 and int(answers.is_in(links["id"].implode()).sum()) >= _LINKED * len(answers)


def _with_asker(sample: Sample, links: pl.DataFrame) -> pl.DataFrame:
    """``_row``, the id of the first message of each chain, and who wrote it."""
    first = links.select("id", top=pl.coalesce("parent", "id"))
    for _ in range(_DEEPEST):
        further = first.join(first.rename({"id": "top", "top": "next"}), on="top", how="left", maintain_order="left")
        moved = further.select("id", top=pl.coalesce("next", "top"))
        if moved["top"].equals(first["top"]):
            break
        first = moved
    made = links.select(ROW, first["top"].alias(_THREAD))
    author = _author(sample)
    if author is None:
        return made
    names = sample.table.frame.select(ROW, words_of(author, sample.schema[author]).alias("who")).collect().sort(ROW)
    begun = pl.DataFrame({_THREAD: links["id"], _ASKER: names["who"]})
    return made.join(begun, on=_THREAD, how="left", maintain_order="left")


def _author(sample: Sample) -> str | None:
    return next((one for one in (*candidates("actor", sample.table.columns), *_owners(sample)) if one != _ASKER), None)


def _owners(sample: Sample) -> list[str]:
    return [
        column for column in sample.table.columns if folded(column) in ("owner user id", "user", "user screen name")
    ]


def _inbound(sample: Sample) -> str | None:
    return next((column for column in sample.table.columns if folded(column) in _INBOUND), None)

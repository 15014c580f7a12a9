"""The vocabulary of a system's YAML file in this folder: the words of a mapping, said of records instead of rows.

``columns``, ``values``, ``missing``, ``given``, ``ratings`` and ``recognise`` mean what they mean in a mapping, with
paths ("stats.resolved_at") for columns; ``lists`` say where the messages and changes of a ticket stand, in the words
that a mapping has for a log.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from supportkpi import texts
from supportkpi.errors import MappingInvalid
from supportkpi.loaders.mapping._fields import LOG_ONLY
from supportkpi.loaders.mapping._mapping import (
    ACTIVITIES,
    Columns,
    Confidence,
    Dates,
    Givens,
    Names,
    Rating,
    Recognise,
    Values,
    listed,
)
from supportkpi.schema import Actor, Exclusion, Sight


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _activity(word: str | None) -> str | None:
    if word is not None and word not in ACTIVITIES:
        raise MappingInvalid(f"{word!r} is no activity", hint=f"write one of {', '.join(ACTIVITIES)}")
    return word


class Role(_Part):
    """Who opened a ticket: the path of a word, and the actor that each word is."""

    column: Names
    values: dict[texts.Text, Actor] = {}


class Listed(_Part):
    """One list of what happened to a ticket: its messages, its changes, or both.

    ``where``: paths in the record, and keys beside the records, that may hold it; elements beside the records name
    their ticket at ``ticket``, whose own id stands at ``ours`` (else at the paths of ticket_id). ``wrapped``: the key
    under which each element holds its object. ``items``: the list inside an element whose members are the single
    changes or messages; what the element itself has under a key that they have too stands under ``_of``. ``count``:
    where the record says how many there are. ``name`` is how a person calls the whole list. ``columns`` are those of a
    log; a column of a state (status, priority, group, assignee_id, level) says how the ticket stands from then on.
    ``bot``: paths that hold something where a machine wrote; ``by`` the same for each actor, asked where no word of
    ``values.role`` tells (a "*" in such a word stands for any text). ``otherwise``: the activity of what no word of
    ``values.activity`` names (None: it is said that nobody knows it); without a column of activities that of every
    element (None: a message), "nothing" of those that only tell of states. ``shows``: sights beyond those that the
    words tell; ``assumed`` is said wherever the list is read. ``file``: the keys that give away a file of its own that
    holds the list of all records.
    """

    name: str
    where: Names
    ticket: Names = ("ticket_id",)
    ours: Names = ()
    wrapped: Names = ()
    items: Names = ()
    count: Names = ()
    columns: Columns
    values: Values = {}
    bot: Names = ()
    by: dict[Actor, Names] = {}
    otherwise: Annotated[str | None, AfterValidator(texts.in_place(_activity))] = None
    shows: tuple[Sight, ...] = ()
    assumed: str = ""
    file: Annotated[tuple[Recognise, ...], BeforeValidator(listed)] = ()


class Rated(Rating):
    """A rating at a path of the record, or in a list of its own (``where``), which names its ticket at ``ticket``.

    ``asked``: paths of the instant at which the customer was asked, answered or not.
    """

    where: Names = ()
    ticket: Names = ("ticket_id",)
    ours: Names = ()
    at: Names = ()
    agent: Names = ()
    asked: Names = ()


def _of_records(columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for name in columns:
        if name in LOG_ONLY:
            raise MappingInvalid(f"{name} stands in a list, not in the record")
    return columns


class System(_Part):
    """How the records of one system are read.

    ``opening``: the record itself is the customer's first message, at its creation. ``opener``: who made it.
    ``names``: keys beside the records, or files called after them, whose objects give ids of a field their names
    ("pipelines.stages": the stages in each of the pipelines). ``sorts``: where the sort of a word stands, by its field:
    what the sort means is what the word means, unless ``values`` know it. ``began``: the word of a state that every
    ticket begins with, where no change tells. ``exclude``: words at other paths than that of the status that take a
    ticket out of the population, "*" any word. ``never``: paths that are never kept.
    """

    id: str
    title: str
    confidence: Confidence = "confirmed"
    recognise: Annotated[tuple[Recognise, ...], BeforeValidator(listed)]
    columns: Annotated[Columns, AfterValidator(texts.in_place(_of_records))]
    values: Values = {}
    missing: Names = ()
    dates: Dates = Dates()
    opening: bool = False
    opener: Role | None = None
    lists: Annotated[tuple[Listed, ...], BeforeValidator(listed)] = ()
    given: Givens = {}
    ratings: dict[Literal["csat", "nps", "ces"], Annotated[tuple[Rated, ...], BeforeValidator(listed)]] = {}
    names: dict[Literal["assignee_id", "group", "organization_id", "requester_id", "category", "status"], Names] = {}
    sorts: dict[Literal["status", "priority"], Names] = {}
    began: dict[Literal["status", "priority"], str] = {}
    exclude: dict[texts.Text, dict[texts.Text, Exclusion]] = {}
    never: Names = ()
    assumed: Names = ()

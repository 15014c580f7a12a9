"""Part: what one table adds to the Dataset, before files are joined; and what a table is asked to be read by.

A part is one of four kinds. Rows a ticket (``frame`` and ``stamps``); histories (``frame`` and ``events``, made by
``_story.part_of_story``); answers of a survey (``survey``); or what stands beside tickets (``side``). ``_join`` makes
the Dataset of them: its history is a Log as soon as one part has events.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders.mapping._mapping import HelpdeskMapping
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._surveys import Rated
from supportkpi.policies import Policies
from supportkpi.schema import INSTANT, Extent, Provenance, Reject, Sight, Stamp

if TYPE_CHECKING:
    from collections.abc import Callable

ROLES_GUESSED = "authors who are not the requester of a ticket, and whose role the file does not tell, are agents"
"""What is assumed of messages in records that name their customer and no roles; a note of their table."""
ROWS = "_rows"
"""A column that the frame of histories may have: how many data rows of the file tell of the ticket; without it, one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One table and how it is to be read: what ``load_tables`` asks of each reader in ``_kinds``.

    ``chosen`` are the fields of ``--map`` by their full names, ``mapping`` the one that an option asked for (None: to
    be recognised), ``columns`` the kept columns that are wanted (None: all that may be kept). ``thorough``: whether ids
    come again is looked up in the whole file, not in its first rows. ``reasons``: why a field is in ``chosen`` that no
    option has put there. ``pages``: other files with the same headers. ``is_told``: the records of another file have
    taken the names that this one holds. ``sample`` is read once for all readers.
    """

    table: Table
    reading: Reading
    chosen: Mapping[str, str] = field(default_factory=dict)
    mapping: HelpdeskMapping | None = None
    columns: Collection[str] | None = None
    thorough: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)
    is_told: bool = False
    pages: tuple[Table, ...] = ()
    sample: Sample = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sample", Sample(self.table, pages=[Sample(page) for page in self.pages]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a table says beside tickets; its data rows are ``used`` in the ledger, ``excluded`` by their reason.

    ``tickets`` (ticket_id, ``_rows``) are the used rows that belong to a ticket, which may have left the population.
    ``customers`` (one row a customer) has the columns by which they may be known (``key.HEADER``, small letters),
    canonical ticket columns that fill what a ticket lacks, and kept columns.
    """

    used: int
    series: pl.DataFrame | None = None  # SERIES
    activity: pl.DataFrame | None = None  # ACTIVITY
    customers: pl.DataFrame | None = None  # key.HEADER, canonical ticket columns, kept columns
    policies: Policies | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    tickets: pl.DataFrame | None = None  # ticket_id, ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one table tells: its rows, their history and ratings, what they show, and how it was read.

    Of histories: ``events`` has the columns of EVENTS (strings also as Categorical), ``seq`` in the order of the file;
    ``derived`` says that the frame was gathered from them, so that a table of tickets knows better;
    ``events_per_row`` says that ``seq // events_per_row`` is the data row that an event came from.
    """

    table: Table
    frame: pl.DataFrame
    survey: bool
    rated: tuple[Rated, ...]
    observes: Mapping[Sight, Extent]
    provenance: Provenance
    stamps: tuple[Stamp, ...] = ()
    events: pl.LazyFrame | None = None
    surveys: pl.DataFrame | None = None  # SURVEYS, where they are not read by ``rated``
    side: Side | None = None
    derived: bool = False
    only_adds: bool = False  # its rows are about tickets of other files, where there are such
    assumed: Mapping[Sight, str] = field(default_factory=dict)  # shown for want of better, and the sentence about it
    events_per_row: int = 1
    excluded: Mapping[str, int] = field(default_factory=dict)  # data rows that are no tickets, beside the table's own
    rejects: tuple[Reject, ...] = ()
    assumptions: tuple[str, ...] = field(default_factory=tuple)
    newest: pl.Series = field(default_factory=lambda: pl.Series("at", [], dtype=INSTANT))

    @property
    def of_tickets(self) -> bool:
        """Whether it tells of tickets: neither answers alone, nor what stands beside tickets."""
        return not self.survey and self.side is None


if TYPE_CHECKING:
    Teller = Callable[[Request], Part | None]
    """A reader of one kind of table: its part, or None where the table is of another kind."""

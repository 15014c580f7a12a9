"""What each row of a log tells by its activity, its changed field or its message: one event a row, told as it is read.

Ten million rows hold a few dozen words: each is looked at once a batch, and of a row only codes are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders.logs._headers import is_negated
from supportkpi.loaders.logs._words import (
    NOTHING,
    Meaning,
    changed_of,
    is_machine,
    meaning_of,
    public_of,
    role_of,
)
from supportkpi.loaders.mapping._vocabulary import plain
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import EVENTS, SOMEBODY, Actor, Kind

CODED = pl.Categorical()
WORDED = (Kind.status.value, Kind.priority.value, Kind.level.value)
"""Kinds of events whose value is what a word means; the word itself is their ``raw``."""
STATED = (*WORDED, Kind.assignee.value, Kind.group.value)
TOLD: Mapping[str, pl.DataType] = {
    "kind": EVENTS["kind"],
    "actor": EVENTS["actor"],
    "public": pl.Boolean(),
    "word": CODED,
}
"""What is kept of a row: the event's kind (null: nobody knows), the author's part, who sees it, the value's word."""
READS = ("activity", "field", "new", "role", "public", "actor")
"""Fields that a batch is told by, as text."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of words of a plan, and what the user said of statuses and authors."""

    settled: Settled
    reading: Reading

    def table(self, name: str) -> Mapping[str, str]:
        """The mapping's words of a field."""
        return self.settled.plan.words(name)

    @property
    def statuses(self) -> dict[str, str]:
        """Status words: the user's above the mapping's."""
        return {**self.table("status"), **{plain(word): to for word, to in self.reading.statuses.items()}}


class Column:
    """A column of text that is read as codes: what each word means is asked once, and then gathered by code."""

    def __init__(self) -> None:
        self.dtype = pl.Categorical(pl.Categories.random())
        self._words: list[str] = []
        self._tables: dict[str, pl.Series] = {}
        self._lock = Lock()

    def told(self, cells: pl.Series, name: str, meaning: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
        """The cells (of ``self.dtype``) by what their words mean; ``name`` is that of the table of meanings."""
        codes = cells.to_physical()
        top = codes.max()
        if not isinstance(top, int):
            return pl.Series([None], dtype=dtype).new_from_index(0, len(cells))
        with self._lock:
            table = self._tables.get(name)
            if table is None or len(table) <= top:
                table = pl.Series([meaning(word) for word in self._known(top)], dtype=dtype)
                self._tables[name] = table
        return table.gather(codes)

    def _known(self, top: int) -> list[str]:
        if len(self._words) <= top:
            self._words = self.dtype.categories.to_series().to_list()
        return self._words


@dataclass(slots=True)
class Teller:
    """Tells the batches of a log; what it met (``unknown`` activities, …) is read when all is told."""

    words: Words
    unknown: Counter[str] = field(default_factory=Counter)
    assumed_public: bool = False
    machines: set[str] = field(default_factory=set)  # authors taken for bots by their names
    _known: dict[str, Meaning | None] = field(default_factory=dict)
    _statuses: dict[str, str] = field(default_factory=dict)
    _columns: dict[str, Column] = field(default_factory=lambda: {name: Column() for name in READS if name != "new"})
    _lock: Lock = field(default_factory=Lock)

    def dtype(self, name: str) -> pl.DataType:
        """The type in which a field of READS is to be handed to ``batch``."""
        return self._columns[name].dtype if name in self._columns else pl.String()

    def batch(self, rows: pl.Series) -> pl.Series:
        """The rows of a batch (a struct of READS) as a struct of TOLD."""
        cells = rows.struct.unnest().to_dict()
        kind, told = self._kinds(cells, len(rows))
        made = {
            "kind": kind,
            "actor": self._actor(cells, len(rows)),
            "public": self._public(cells, kind),
            "word": self._word(cells, kind, told),
        }
        return pl.DataFrame({name: column.alias(name) for name, column in made.items()}).to_struct(rows.name)

    def meant(self, word: str) -> Meaning | None:
        """What an activity means."""
        if word not in self._known:
            self._statuses = self._statuses or self.words.statuses
            self._known[word] = meaning_of(word, self.words.table("activity"), self._statuses)
        return self._known[word]

    def _of(self, word: str) -> Meaning:
        return self.meant(word) or NOTHING

    def _kinds(self, cells: Mapping[str, pl.Series], size: int) -> tuple[pl.Series, pl.Series]:
        """The kind of each row, and whether its value stands in the column of new ones."""
        spoken = self.words.settled.plan.log == "message" and "activity" not in cells
        kind = pl.Series([Kind.message.value if spoken else None], dtype=EVENTS["kind"]).new_from_index(0, size)
        told = pl.Series([False]).new_from_index(0, size)
        if "activity" in cells:
            activity, column = cells["activity"], self._columns["activity"]
            kind = column.told(activity, "kind", lambda word: self._of(word).kind, EVENTS["kind"])
            told = column.told(activity, "told", lambda word: self._of(word).told, pl.Boolean()).fill_null(value=False)
            self._met(activity, column)
            if self.words.settled.plan.log == "message":  # a message of which nothing is said is one all the same
                kind = kind.set(activity.is_null(), Kind.message.value)
        if "field" in cells:
            table = self.words.table("field")
            changed = self._columns["field"].told(
                cells["field"], "", lambda word: _changed(word, table), EVENTS["kind"]
            )
            kind, told = changed.zip_with(changed.is_not_null(), kind), told | changed.is_not_null()
        return kind, told

    def _met(self, activity: pl.Series, column: Column) -> None:
        """Count the activities that nobody knows."""
        strange = column.told(activity, "strange", lambda word: self.meant(word) is None, pl.Boolean())
        if strange.any():
            counts = activity.filter(strange).cast(pl.String).value_counts(name="rows").rows()
            with self._lock:
                self.unknown.update({str(word): int(rows) for word, rows in counts})

    def _word(self, cells: Mapping[str, pl.Series], kind: pl.Series, told: pl.Series) -> pl.Series:
        """Of a change what the column of new values holds, else the activity that names it."""
        worded = kind.is_in(WORDED) & ~told
        none = pl.Series([None], dtype=CODED).new_from_index(0, len(kind))
        word = none
        if "activity" in cells:
            named = self._columns["activity"].told(cells["activity"], "word", str, CODED)
            word = named.zip_with(worded.fill_null(value=False), none)
        if "new" in cells:
            stated = (kind.is_in(STATED) & told).fill_null(value=False)
            return cells["new"].set(~stated, None).cast(CODED).zip_with(stated, word)
        somebody = pl.Series([SOMEBODY], dtype=CODED).new_from_index(0, len(kind))
        return somebody.zip_with((kind == Kind.assignee.value).fill_null(value=False), word)

    def _actor(self, cells: Mapping[str, pl.Series], size: int) -> pl.Series:
        """Who did it: as the config says of the author, then the activity, then the column of roles.

        Where no column says who is what, an author with the name of a machine is a bot.
        """
        dtype = EVENTS["actor"]
        found = pl.Series([None], dtype=dtype).new_from_index(0, size)
        if "role" in cells:
            table = self.words.table("role")
            found = self._columns["role"].told(cells["role"], "", lambda word: role_of(word, table), dtype)
        if "activity" in cells:
            meant = self._columns["activity"].told(cells["activity"], "actor", lambda word: self._of(word).actor, dtype)
            found = meant.zip_with(meant.is_not_null(), found)
        if "actor" in cells:
            said = self._columns["actor"].told(cells["actor"], "", self._named, dtype)
            found = said.zip_with(said.is_not_null(), found)
        return found

    def _named(self, author: str) -> str | None:
        said = named(author, self.words.reading)
        if said is None and not self.words.settled.has("role") and is_machine(author):
            self.machines.add(author)
            return Actor.bot.value
        return said

    def _public(self, cells: Mapping[str, pl.Series], kind: pl.Series) -> pl.Series:
        """Who sees a message: as the activity says, then the column of visibility; taken as public without one."""
        spoken = (kind == Kind.message.value).fill_null(value=False)
        none = pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(kind))
        sees = none
        if "activity" in cells:
            column = self._columns["activity"]
            sees = column.told(cells["activity"], "public", lambda word: self._of(word).public, pl.Boolean())
        claim = self.words.settled.claim("public")
        if claim is None or "public" not in cells:
            self.assumed_public = self.assumed_public or bool((spoken & sees.is_null()).any())
            return sees.fill_null(value=True).zip_with(spoken, none)
        negated, table = is_negated(claim.column), self.words.table("public")
        column = self._columns["public"]
        shown = column.told(cells["public"], "", lambda word: public_of(word, table, negated=negated), pl.Boolean())
        told = sees.zip_with(sees.is_not_null(), shown.fill_null(value=True) if negated else shown)
        return told.zip_with(spoken, none)


def _changed(word: str, table: Mapping[str, str]) -> str | None:
    name = changed_of(word, table)
    return None if name == "nothing" else name


def named(author: str, reading: Reading) -> str | None:
    """The actor that the config's ``responders`` say an author is, None where they name no such one."""
    name = author.casefold()
    patterns = ((actor, text) for actor, texts in reading.responders.items() for text in texts)
    return next((actor for actor, pattern in patterns if fnmatchcase(name, pattern.casefold())), None)

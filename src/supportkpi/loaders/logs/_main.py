"""What each row of a log tells by its activity, its changed field or its message: one event a row.

Ten million rows hold a few dozen words: each is looked at once, and of a row only a code is kept.
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
from supportkpi.loaders.logs._lookup import looked_up, told
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
READS = ("activity", "field", "new", "role", "public")
"""Fields that a row is told by."""


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

    def __init__(self, physical: pl.DataType) -> None:
        self.dtype = pl.Categorical(pl.Categories.random(physical=physical))
        self._words: list[str] = []
        self._table = pl.Series([], dtype=pl.Boolean)
        self._lock = Lock()

    def told(self, cells: pl.Series, meaning: Callable[[str], bool | None]) -> pl.Series:
        """What the words of the cells (of ``self.dtype``) mean."""
        codes = cells.to_physical()
        top = codes.max()
        if not isinstance(top, int):
            return pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(cells))
        with self._lock:
            if len(self._table) <= top:
                known = self.dtype.categories.to_series().to_list()
                self._table = pl.Series([meaning(word) for word in known], dtype=pl.Boolean)
            table = self._table
        return table.gather(codes)


@dataclass(slots=True)
class Teller:
    """Tells what the words of rows mean; what it met (``unknown`` activities, …) is read when all is told."""

    words: Words
    unknown: Counter[str] = field(default_factory=Counter)
    assumed_public: bool = False
    machines: set[str] = field(default_factory=set)  # authors taken for bots by their names
    _known: dict[str, Meaning | None] = field(default_factory=dict)
    _statuses: dict[str, str] = field(default_factory=dict)

    def told(self, some: pl.DataFrame) -> pl.DataFrame:
        """What rows tell (TOLD) by their words (String, those of READS that there are); ``rows`` have each of them."""
        cells = {name: some[name] for name in READS if name in some.columns}
        kind, stands = self._kinds(cells, some["rows"])
        made = {
            "kind": kind,
            "actor": self._actor(cells, some.height),
            "public": self._public(cells, kind),
            "word": self._word(cells, kind, stands),
        }
        return pl.DataFrame([column.alias(name) for name, column in made.items()])

    def authors(self, names: pl.Series) -> pl.Series:
        """The parts of authors (Categorical) of whom the config says it, or their names where no column does."""
        return told(names, self._named, EVENTS["actor"])

    def states(self, activity: str) -> bool:
        """Whether rows of an activity state a value in the column of new ones."""
        meant = self._of(activity)
        return meant.told and meant.kind in STATED

    def changes(self, changed: str) -> bool | None:
        """Whether rows that change a field state a value that counts; None where the field is none of those known."""
        kind = _changed(changed, self.words.table("field"))
        return None if kind is None else kind in STATED

    def meant(self, word: str) -> Meaning | None:
        """What an activity means."""
        if word not in self._known:
            self._statuses = self._statuses or self.words.statuses
            self._known[word] = meaning_of(word, self.words.table("activity"), self._statuses)
        return self._known[word]

    def _of(self, word: str) -> Meaning:
        return self.meant(word) or NOTHING

    def _kinds(self, cells: Mapping[str, pl.Series], rows: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The kind of each row, and whether its value stands in the column of new ones."""
        spoken = self.words.settled.plan.log == "message" and "activity" not in cells
        kind = pl.Series([Kind.message.value if spoken else None], dtype=EVENTS["kind"]).new_from_index(0, len(rows))
        stands = pl.Series([False]).new_from_index(0, len(rows))
        if "activity" in cells:
            activity = cells["activity"]
            kind = looked_up(activity, lambda word: self._of(word).kind, EVENTS["kind"])
            stands = looked_up(activity, lambda word: self._of(word).told, pl.Boolean()).fill_null(value=False)
            self._met(activity, rows)
            if self.words.settled.plan.log == "message":  # a message of which nothing is said is one all the same
                kind = kind.set(activity.is_null(), Kind.message.value)
        if "field" in cells:
            table = self.words.table("field")
            changed = looked_up(cells["field"], lambda word: _changed(word, table), EVENTS["kind"])
            kind, stands = changed.zip_with(changed.is_not_null(), kind), stands | changed.is_not_null()
        return kind, stands

    def _met(self, activity: pl.Series, rows: pl.Series) -> None:
        """Count the activities that nobody knows."""
        strange = looked_up(activity, lambda word: self.meant(word) is None, pl.Boolean())
        if strange.any():
            met = pl.DataFrame({"word": activity, "rows": rows}).filter(strange)
            counts = met.group_by("word", maintain_order=True).agg(pl.col("rows").sum())
            self.unknown.update({str(word): int(count) for word, count in counts.rows()})

    def _word(self, cells: Mapping[str, pl.Series], kind: pl.Series, stands: pl.Series) -> pl.Series:
        """Of a change what the column of new values holds, else the activity that names it."""
        worded = (kind.is_in(WORDED) & ~stands).fill_null(value=False)
        none = pl.Series([None], dtype=pl.String).new_from_index(0, len(kind))
        word = cells["activity"].zip_with(worded, none) if "activity" in cells else none
        if "new" in cells:
            stated = (kind.is_in(STATED) & stands).fill_null(value=False)
            return cells["new"].zip_with(stated, word).cast(CODED)
        somebody = pl.Series([SOMEBODY], dtype=pl.String).new_from_index(0, len(kind))
        return somebody.zip_with((kind == Kind.assignee.value).fill_null(value=False), word).cast(CODED)

    def _actor(self, cells: Mapping[str, pl.Series], size: int) -> pl.Series:
        """Who did it, as the activity says, then the column of roles."""
        dtype = EVENTS["actor"]
        found = pl.Series([None], dtype=dtype).new_from_index(0, size)
        if "role" in cells:
            table = self.words.table("role")
            found = looked_up(cells["role"], lambda word: role_of(word, table), dtype)
        if "activity" in cells:
            meant = looked_up(cells["activity"], lambda word: self._of(word).actor, dtype)
            found = meant.zip_with(meant.is_not_null(), found)
        return found

    def _named(self, author: str) -> str | None:
        """As the config says of the author; where no column says who is what, one with a machine's name is a bot."""
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
            sees = looked_up(cells["activity"], lambda word: self._of(word).public, pl.Boolean())
        claim = self.words.settled.claim("public")
        if claim is None or "public" not in cells:
            self.assumed_public = bool((spoken & sees.is_null()).any())
            return sees.fill_null(value=True).zip_with(spoken, none)
        negated, table = is_negated(claim.column), self.words.table("public")
        shown = looked_up(cells["public"], lambda word: public_of(word, table, negated=negated), pl.Boolean())
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

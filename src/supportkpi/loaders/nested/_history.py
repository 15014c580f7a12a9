"""What a reader of one system finds in its records, before anything is made of it: plain rows, in order of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from supportkpi.loaders.mapping._mapping import Confidence, Dates, Recognise
from supportkpi.loaders.nested._values import Record
from supportkpi.schema import Actor, Extent, Kind, Sight

CREATED, MESSAGE, STATUS = Kind.created.value, Kind.message.value, Kind.status.value
PRIORITY, ASSIGNEE, GROUP = Kind.priority.value, Kind.assignee.value, Kind.group.value
LEVEL, HANDOFF = Kind.level.value, Kind.handoff.value
CUSTOMER, AGENT, BOT, SYSTEM = Actor.customer.value, Actor.agent.value, Actor.bot.value, Actor.system.value

CONVERSATION: Mapping[Sight, Extent] = {
    Sight.request: Extent.EVERY,
    Sight.reply: Extent.EVERY,
    Sight.bot_reply: Extent.EVERY,
    Sight.note: Extent.EVERY,
}
"""What all messages of a ticket show, with the roles of their authors."""
CHANGES: Mapping[Sight, Extent] = dict.fromkeys(
    (Sight.status, Sight.solve, Sight.reopen, Sight.priority, Sight.assignee, Sight.group), Extent.EVERY
)
"""What all changes of a ticket show."""

Event = tuple[int, object, str, str | None, str | None, bool | None, str | None]
"""Place of the record, instant as it is written, kind, actor, who, public, the vendor's word."""
Rating = tuple[int, object, str, float | None, str | None, str | None, str | None]
"""Place of the record, instant as it is written, instrument, score, answer, scale, who was rated."""
Moved = tuple[int, float, str, str | None, bool | None, str | None]
"""Place of the record, seconds after its creation, kind, actor, public, the vendor's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One list that records may carry: whether each does, wholly; what it then shows; how a person calls it."""

    name: str
    has: Sequence[bool]
    shows: Mapping[Sight, Extent]
    is_told: bool = True  # whether a person is told of the tickets that lack it


@dataclass(slots=True, kw_only=True)
class History:
    """What a reader found. Lists of ``values`` and ``kept`` have an entry a record, in their order.

    ``values``: ticket fields (of _fields, or columns of TICKETS) beyond those that stand at a path. ``moved``: events
    that are known by their distance from the creation. ``excluded``: records that are no tickets, and what they are.
    ``words``: meanings that the file itself gives to words. ``paths``: where the instants of a kind of event stand.
    ``never``: paths below which nothing is kept.
    """

    values: dict[str, list[object]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    kept: dict[str, list[object]] = field(default_factory=dict)
    words: dict[str, Mapping[str, str]] = field(default_factory=dict)
    excluded: dict[int, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    never: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


class Responders:
    """Whose names or ids the user has called customer, agent, bot or system: patterns, letter case aside."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        self._patterns = [(actor, name.casefold()) for actor, names in patterns.items() for name in names]
        self._known: dict[str, str | None] = {}

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def has(self, actor: str) -> bool:
        """Whether the user has named somebody of that sort."""
        return any(one == actor for one, _ in self._patterns)

    def actor(self, *names: str | None) -> str | None:
        """The actor that the first name with a pattern has, None where no pattern fits."""
        if not self._patterns:
            return None
        found = (self._actor(name) for name in names if name)
        return next((actor for actor in found if actor is not None), None)

    def _actor(self, name: str) -> str | None:
        if name not in self._known:
            folded = name.casefold()
            fits = (actor for actor, pattern in self._patterns if fnmatchcase(folded, pattern))
            self._known[name] = next(fits, None)
        return self._known[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of one file, what stands beside them in their envelopes, and whom the user has told apart."""

    rows: Sequence[Record]
    beside: Record
    responders: Responders


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Files of their own that hold what an envelope of tickets may hold beside them under ``name``.

    ``recognise``: keys that give the records away; ``called``: names of files, in the singular, whose records with an
    id and a name are of this sort. ``ticket``: where a record names its ticket (beside or in its ``wrapped`` object),
    whose own id stands at ``ours`` (else at the paths of ticket_id); without it records name things, and belong to no
    ticket. ``at``: when it was. ``also``: other names of the list in a ticket's record. ``tickets``: the record of a
    ticket that a list of these gives where no file has the tickets themselves, None where it does not tell the
    beginning; ``assumed`` is said then. ``policies``: it holds hours or promises of the helpdesk, which no ticket
    needs. ``instead``: the file is read by itself, and says better what a ticket says too: the ticket without that.
    """

    name: str
    recognise: tuple[Recognise, ...]
    called: str = ""
    ticket: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    at: tuple[str, ...] = ("created_at",)
    also: tuple[str, ...] = ()
    tickets: Callable[[str, list[Record]], Record | None] | None = None
    assumed: str = ""
    instead: Callable[[Record, list[Record]], Record] | None = None
    policies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """How the nested export of one system is read.

    ``columns``: ticket fields and the paths that they may stand at, the first that has a value. ``words``: meanings of
    the vendor's words by field. ``never``: paths that are never kept. ``ratings``: instruments that it can hold.
    ``reads``: what else is read at which path, for who asks how the file was read. ``confidence``: what the layout
    rests on. ``dates``: zone and formats of instants that do not say so themselves. ``beside``: what may come in files
    of its own.
    """

    id: str
    title: str
    recognise: tuple[Recognise, ...]
    columns: Mapping[str, tuple[str, ...]]
    tell: Callable[[Records], History]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ratings: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    reads: Mapping[str, str] = field(default_factory=dict)
    confidence: Confidence = "confirmed"
    dates: Dates = field(default_factory=Dates)
    beside: tuple[Beside, ...] = ()

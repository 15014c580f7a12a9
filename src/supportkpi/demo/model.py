"""What the made-up helpdesk is: tickets as lists of events, customers, agents. Instants are whole minutes in UTC.

The names of kinds, actors and statuses are those of ``schema``; this room needs no frames, so that it starts quickly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from supportkpi.demo.hours import Hours
from supportkpi.demo.words import Words

Kind = Literal["created", "message", "status", "priority", "assignee", "group", "level", "handoff"]
Role = Literal["customer", "agent", "bot", "system"]

BOT, SYSTEM = "bot", "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A made-up person or machine: a number, and the code that stands for a name."""

    number: int
    name: str
    role: Role
    line: int = 1  # of an agent: the support line
    organization: str | None = None
    is_vip: bool = False

    @property
    def email(self) -> str:
        """An address that cannot exist."""
        return f"{self.role}{self.number}@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a ticket; ``value`` and ``old`` are of the field that changed."""

    at: int
    kind: Kind
    by: Person
    value: str | None = None
    old: str | None = None
    public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it stood when the export was taken; its events in the order in which they happened."""

    number: int
    requester: Person
    channel: str
    category: str
    events: tuple[Event, ...]
    tags: tuple[str, ...] = ()
    rating: str | None = None  # unoffered, offered, good, bad
    exclusion: str | None = None  # spam, merged, test
    merged_into: int | None = None

    @property
    def created(self) -> int:
        """When it came in."""
        return self.events[0].at

    @property
    def opener(self) -> Role:
        """Who began it."""
        return self.events[0].by.role

    def last(self, kind: Kind) -> Event | None:
        """The last event of a kind."""
        return next((event for event in reversed(self.events) if event.kind == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An answer to "would you recommend us", from 0 to 10."""

    at: int
    by: Person
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Something counted once a month: a cost, articles."""

    year: int
    month: int
    value: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A whole made-up helpdesk, from its first day to the minute of the export."""

    words: Words
    hours: Hours
    until: int
    tickets: tuple[Ticket, ...]
    scores: tuple[Score, ...]
    costs: tuple[Month, ...]
    articles: tuple[Month, ...]
    people: Mapping[str, Person] = field(default_factory=dict)  # by name

"""Policies: working hours, closed days and promised times as a helpdesk itself keeps them, beside its tickets.

A report does not judge by them: they are what a first settings file begins with (``init``), for a person to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Weekly working hours: ``week`` has a weekday (mon … sun) with its spans ``09:00-18:00`` (24:00 is its end).

    ``zone`` is an IANA name, None where ``zone_said``, the helpdesk's word for it, is not known. ``since`` orders
    schedules: the oldest is the one that holds where nothing else is said.
    """

    id: str
    name: str
    zone: str | None
    zone_said: str = ""
    week: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Days from ``first`` to ``last``, both included, on which a schedule is closed; None: nobody says which."""

    schedule: str | None
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy of service levels: for which tickets it is.

    ``place`` is its rank: the first that fits a ticket holds. ``when``: ticket columns with values, None where the
    export does not say for which tickets it is; ``unsaid``: its conditions that no rule of ours can say.
    """

    id: str
    name: str
    place: float = 0.0
    when: Mapping[str, tuple[str, ...]] | None = None
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A time that a policy promises to the tickets of a priority; ``metric`` is the helpdesk's word for what.

    ``timed`` is ours for it, None where we have none; ``pauses``: statuses in which its clock stands still;
    ``in_hours``: whether it runs in working hours only; ``since``: the date from which the helpdesk knew it, if told.
    """

    policy: str
    metric: str
    timed: str | None
    priority: str | None
    seconds: float
    in_hours: bool = False
    pauses: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """All that the files of an export hold of them.

    ``policy_column`` and ``schedule_column``: kept ticket columns that say which policy and which schedule a ticket
    has, by name where there are names, else by id. ``unread``: what was there and could not be read, in sentences.
    """

    schedules: tuple[Schedule, ...] = ()
    closings: tuple[Closing, ...] = ()
    policies: tuple[Policy, ...] = ()
    promises: tuple[Promise, ...] = ()
    policy_column: str | None = None
    schedule_column: str | None = None
    unread: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to begin a settings file with."""
        return bool(self.schedules or self.promises)

    def __add__(self, other: Policies) -> Policies:
        """What two files hold together; what both say is there once."""
        return Policies(
            schedules=(*self.schedules, *(one for one in other.schedules if one not in self.schedules)),
            closings=tuple(dict.fromkeys((*self.closings, *other.closings))),
            policies=(*self.policies, *(one for one in other.policies if one not in self.policies)),
            promises=tuple(dict.fromkeys((*self.promises, *other.promises))),
            policy_column=self.policy_column or other.policy_column,
            schedule_column=self.schedule_column or other.schedule_column,
            unread=tuple(dict.fromkeys((*self.unread, *other.unread))),
        )

"""Timetables: the working hours of a calendar day by day, as resolved, with the reason of each exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["day_off", "holiday", "moved", "eve", "worked", "special", "break", "version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a day is not like the same weekday of other weeks.

    ``name`` is that of the holiday; ``day`` the one that a day off was moved from, that a weekend day is worked for, or
    that an eve stands before; ``text`` the hours in question.
    """

    kind: Kind
    name: str = ""
    day: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local date: its open spans ``09:00-18:00`` (24:00 is its end), open seconds, and why it is an exception."""

    day: date
    spans: tuple[str, ...]
    open_s: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A worked example: a limit from an instant, and when it is due."""

    start: datetime
    limit: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A calendar over a period. ``versions``: from which date which weekly hours hold.

    ``country`` is whose public holidays close days, ``source`` the list that they are from.
    """

    name: str
    timezone: str
    label: str
    start: date
    end: date
    versions: tuple[tuple[date | None, str], ...]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    country: str | None = None
    source: str = ""
    days: tuple[Day, ...]
    examples: tuple[Due, ...] = ()

    @property
    def working_days(self) -> int:
        """Dates with open time."""
        return sum(1 for each in self.days if each.open_s > 0)

    @property
    def open_s(self) -> float:
        """Open seconds of the period."""
        return sum(each.open_s for each in self.days)

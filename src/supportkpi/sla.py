"""Service levels as agreed: versions, rules, limits and pauses, frozen; the clocks are judged by them (engine.md 4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from supportkpi import durations
from supportkpi.calendars import Calendar
from supportkpi.errors import DurationWrong, TargetWrong

Timed = Literal["first_response", "next_response", "resolution", "update", "escalation"]
TIMED: tuple[Timed, ...] = ("first_response", "next_response", "resolution", "update", "escalation")
"""What a service level can set a limit for."""
Deadline = Literal["end_of_day", "end_of_week", "end_of_month"]
DEADLINES: tuple[Deadline, ...] = ("end_of_day", "end_of_week", "end_of_month")
PAUSED: tuple[Timed, ...] = ("resolution", "update")
"""What a bare list under ``pause_on`` pauses: reply clocks pause only where it is written."""

LONGEST = 100 * 365.25 * durations.DAY
"""Seconds of the longest limit: one that ends behind the calendar of dates is a slip of the keys."""
_DAYS = re.compile(
    r"(\d{1,3})\s*(?:bd|business days?|working days?|рд|раб(?:очих|очий|очие)?\.?\s*(?:день|дня|дней|дн\.?))"
)
_RANGE = re.compile(r"\s*(?:\.\.|…)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit: open seconds, or working days (``3bd``), or the end of a day, week or month, ``days`` of them later.

    ``good_s`` is the better end of a range such as ``15m..30m``: it is shown, the other is judged.
    """

    seconds: float | None = None
    good_s: float | None = None
    days: int = 0
    deadline: Deadline | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Limits for the tickets that have the values of ``when``; the first rule that sets a limit for a ticket wins.

    ``goals`` are the shares that should be met; ``calendar`` names another one for the limits that this rule sets.
    """

    name: str
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[Timed, Limit]
    goals: Mapping[Timed, float] = field(default_factory=dict)
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The rules that hold for tickets created from an instant on; None from ever."""

    since: datetime | None = None
    label: str = ""
    calendar: str | None = None  # a name among the calendars of the Sla; None: around the clock
    rules: tuple[Rule, ...]
    pause_on: Mapping[Timed, tuple[str, ...]] = field(default_factory=dict)  # status categories or the vendor's words
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    reopen: Literal["continue", "restart", "extend"] = "continue"
    priority: Literal["at_event", "at_start", "current", "carry_elapsed", "reset"] = "at_event"
    solve_ends_reply: bool = True
    stops_on: tuple[Literal["reply", "status", "assignment"], ...] = ("reply",)
    anchor: Literal["created", "clock_start", "handoff", "first_request"] = "created"
    update_since: Literal["last_reply", "last_contact", "request"] = "last_reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An agreed cause that is not the desk's: a stretch of time, or tickets, that pauses clocks or takes them out."""

    name: str
    effect: Literal["pause", "exclude"]
    start: datetime | None = None
    end: datetime | None = None
    tickets: frozenset[str] = field(default=frozenset(), repr=False)  # a set has no order to be written in
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """All that was agreed: versions in order of time, the calendars that they name, agreed causes."""

    versions: tuple[Version, ...]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()

    def timed(self) -> tuple[Timed, ...]:
        """What any rule of any version sets a limit for."""
        named = {name for version in self.versions for rule in version.rules for name in rule.limits}
        return tuple(name for name in TIMED if name in named)

    def between(self, first: datetime | None, last: datetime | None) -> tuple[Version, ...]:
        """The versions that hold for tickets created from ``first`` to ``last``; all where either is unknown."""
        if first is None or last is None:
            return self.versions
        ends = [version.since for version in self.versions[1:]]
        spans = zip(self.versions, [*ends, None], strict=True)
        return tuple(
            version
            for version, end in spans
            if (version.since is None or version.since <= last) and (end is None or end > first)
        )

    def rules(self) -> tuple[str, ...]:
        """The names of all rules, in the order in which they are tried."""
        return tuple(dict.fromkeys(rule.name for version in self.versions for rule in version.rules))


def limit(text: str) -> Limit:
    """The limit that words say: ``30m``, ``15m..30m``, ``PT4H``, ``3bd``.

    Raises:
        TargetWrong: the words are no duration, a range that runs backwards, or a bare day (of 24 hours, or a working
            one?).
    """
    plain = " ".join(text.split()).casefold()
    if found := _DAYS.fullmatch(plain):
        if int(found[1]) == 0:
            raise TargetWrong(f'"{text}" is no time at all', hint="write 1bd for the next working day")
        return Limit(days=int(found[1]), text=text.strip())
    parts = [_seconds(part, text) for part in _RANGE.split(plain)]
    if len(parts) > 2 or parts != sorted(set(parts)):
        raise TargetWrong(f'"{text}" is no range from better to worse', hint="write 15m..30m")
    if parts[-1] <= 0:
        raise TargetWrong(f'"{text}" is no time at all', hint="write 30m or 4h")
    if parts[-1] > LONGEST:
        raise TargetWrong(f'"{text}" is longer than a hundred years', hint="write 30m, 4h, 720h or 90bd")
    return Limit(seconds=parts[-1], good_s=parts[0] if len(parts) == 2 else None, text=text.strip())


def _seconds(part: str, text: str) -> float:
    if re.search(r"(?<![\w.])\d+\s*(?:d|days?|д|дн|дня|дней|день|сут)\.?(?!\w)", part) or re.search(r"^p\d+[dw]", part):
        raise TargetWrong(
            f'"{text}" leaves open what a day is', hint="write 24h for a day of the clock, or 1bd for a working day"
        )
    try:
        return durations.parse(part)
    except DurationWrong as wrong:
        raise TargetWrong(f'"{text}" is no time limit', hint="write 30m, 4h, PT4H, 15m..30m or 3bd") from wrong

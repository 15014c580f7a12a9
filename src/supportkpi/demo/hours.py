"""The hours of the made-up helpdesk: instants are whole minutes since 1970 in UTC, hours are those of its own zone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = {**dict.fromkeys(range(5), (9, 18)), 5: (10, 15)}
"""Opening and closing hour of each weekday, Monday 0; Sundays are closed."""
_SPARE = 400  # days of hours beyond the last one, for work that begins before the export and ends after it


def minute(at: datetime) -> int:
    """The whole minute of an instant."""
    return int(at.timestamp()) // 60


def instant(minutes: int) -> datetime:
    """The instant of a whole minute, in UTC."""
    return datetime.fromtimestamp(minutes * 60, tz=UTC)


class Hours:
    """Open hours from one day on; ``closed`` are the days off."""

    def __init__(self, zone: str, first: date, days: int, closed: Collection[date] = ()) -> None:
        self.zone = ZoneInfo(zone)
        self.first, self.days, self.closed = first, days, frozenset(closed)
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # open minutes before each opening
        open_so_far = 0
        for number in range(days + _SPARE):
            day = first + timedelta(days=number)
            if day in self.closed or day.weekday() not in WEEK:
                continue
            start, end = (self.wall(day, hour) for hour in WEEK[day.weekday()])
            self._starts.append(start)
            self._ends.append(end)
            self._before.append(open_so_far)
            open_so_far += end - start

    def wall(self, day: date, hour: int) -> int:
        """The minute at which it is that hour of a day; the earlier one of an hour that comes twice."""
        return minute(datetime.combine(day, time(hour), tzinfo=self.zone))

    def local(self, at: int) -> datetime:
        """A minute as the clock on the wall shows it."""
        return instant(at).astimezone(self.zone)

    def is_open(self, at: int) -> bool:
        """Whether the desk is open at a minute."""
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self._ends[place]

    def after(self, at: int, minutes: int) -> int:
        """The minute at which so many open minutes have passed; one while the desk is open."""
        wanted = self._worked(at) + max(1, minutes)
        place = bisect_right(self._before, wanted - 1) - 1
        return self._starts[place] + wanted - self._before[place]

    def between(self, start: int, end: int) -> int:
        """Open minutes between two instants."""
        return self._worked(end) - self._worked(start)

    def _worked(self, at: int) -> int:
        place = bisect_right(self._starts, at) - 1
        return 0 if place < 0 else self._before[place] + min(at, self._ends[place]) - self._starts[place]

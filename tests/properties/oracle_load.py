"""Load by hour of the week in plain Python: a period walked through by quarters of an hour (method 2.13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from oracle_numbers import linear

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
QUARTER = timedelta(minutes=15)


def slots(
    instants: list[datetime], start: datetime, end: datetime, zone: str
) -> dict[tuple[str, int], tuple[int, float, float | None, float | None]]:
    """n, hours, mean and p90 of each hour of the week between two instants that lie on whole local hours."""
    hours: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    counts: dict[tuple[str, int], dict[datetime, int]] = defaultdict(dict)
    quarter = start
    while quarter < end:
        hours[label(quarter, zone)] += Fraction(1, 4)
        counts[label(quarter, zone)].setdefault(begun(quarter, zone), 0)
        quarter += QUARTER
    for instant in instants:
        counts[label(instant, zone)][begun(instant, zone)] += 1
    found = {}
    for day in WEEKDAYS:
        for hour in range(24):
            n, exposure = sum(counts[day, hour].values()), float(hours[day, hour])
            mean = n / exposure if exposure else None
            p90 = linear(sorted(map(float, counts[day, hour].values())), 0.9) if exposure else None
            found[day, hour] = (n, exposure, mean, p90)
    return found


def label(instant: datetime, zone: str) -> tuple[str, int]:
    local = instant.astimezone(ZoneInfo(zone))
    return WEEKDAYS[local.weekday()], local.hour


def begun(instant: datetime, zone: str) -> datetime:
    """When the hour of the local clock began, as an instant."""
    local = instant.astimezone(ZoneInfo(zone))
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return instant.astimezone(UTC) - past

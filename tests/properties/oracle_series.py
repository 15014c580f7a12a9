"""Own figures and cost per contact again, day by day in plain Python: slow, and hard to get wrong."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of some days, both ends inside; ``value`` as the whole number of cents that was written."""

    start: date
    end: date
    cents: int
    channel: str | None = None

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A ticket: when it was created, first answered by a person, solved; whether it counts."""

    created: datetime
    replied: datetime | None
    solved: datetime | None
    channel: str | None
    spam: bool = False


def by_day(figures: Iterable[Figure]) -> dict[date, Fraction]:
    """What falls on each day: a figure is spread evenly over its days."""
    spread: dict[date, Fraction] = {}
    for figure in figures:
        for day in figure.days:
            spread[day] = spread.get(day, Fraction()) + Fraction(figure.cents, 100 * len(figure.days))
    return spread


def total(figures: Iterable[Figure], days: set[date]) -> Fraction | None:
    """The sum of figures within some days; None where no figure has any of them."""
    spread = {day: value for day, value in by_day(figures).items() if day in days}
    return sum(spread.values(), Fraction()) if spread else None


def months(days: Iterable[date]) -> Fraction:
    """How many months some days are: each the share of its month that a day is."""
    return sum((Fraction(1, monthrange(day.year, day.month)[1]) for day in days), Fraction())


def per_month(figures: list[Figure], days: set[date]) -> Fraction | None:
    """The total over the months that the figures cover."""
    covered = {day for figure in figures for day in figure.days} & days
    found = total(figures, days)
    return None if found is None else found / months(covered)


def mean(figures: list[Figure], days: set[date]) -> Fraction | None:
    """The mean figure, each weighed by the share of its days that lies inside."""
    weights = [(Fraction(len(set(one.days) & days), len(one.days)), Fraction(one.cents, 100)) for one in figures]
    whole = sum((weight for weight, _ in weights), Fraction())
    return sum((weight * value for weight, value in weights), Fraction()) / whole if whole else None


def contacts(tickets: Iterable[Contact], days: set[date], zone: str) -> dict[str, int]:
    """How many tickets were created, solved, and handled (answered or solved) on some days."""

    def on(at: datetime | None) -> bool:
        return at is not None and at.astimezone(ZoneInfo(zone)).date() in days

    real = [ticket for ticket in tickets if not ticket.spam]
    return {
        "per_created": sum(on(ticket.created) for ticket in real),
        "per_resolved": sum(on(ticket.solved) for ticket in real),
        "value": sum(on(ticket.replied) or on(ticket.solved) for ticket in real),
    }

"""How exact the instants of a history are: some were rebuilt from minutes, others are days without a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from supportkpi.facts.declared import SPANS
from supportkpi.schema import BY_DAY, DONE, Actor, Dataset, Kind, Stamp, Stamps


def _created(stamp: Stamp) -> bool:
    return stamp.kind is Kind.created


def _answered(stamp: Stamp) -> bool:
    return stamp.kind is Kind.message and stamp.actor is Actor.agent


def _solved(stamp: Stamp) -> bool:
    return stamp.kind is Kind.status and stamp.value in DONE


def _any(_: Stamp) -> bool:
    return True


def _taken(stamp: Stamp) -> bool:
    return stamp.kind is Kind.assignee or (stamp.kind is Kind.status and not _solved(stamp))


_BEHIND: Mapping[str, Callable[[Stamp], bool]] = {
    "created_at": _created,
    "anchor_at": _created,
    "first_reply_at": _answered,
    "first_solved_at": _solved,
    "last_solved_at": _solved,
    "resolved_at": _solved,
    "taken_at": _taken,
    "escalated_at": _any,
    "first_event_at": _any,
    "last_event_at": _any,
}
"""The stamps that an instant of a ticket comes from; none for others."""
_ENDS: Mapping[str, str] = {"wait": "first_reply_at", **{span.name: span.end for span in SPANS}}


def grain(dataset: Dataset, *instants: str) -> float:
    """How exact some instants of the tickets (``created_at``, ``resolved_at``) are at worst, in seconds; 0: exactly."""
    history = dataset.history
    stamps = history.stamps if isinstance(history, Stamps) else history.grains
    asked = [_BEHIND[name] for name in instants if name in _BEHIND]
    return max((stamp.precision_s for stamp in stamps if any(fits(stamp) for fits in asked)), default=0.0)


def by_day(dataset: Dataset, instant: str) -> bool:
    """Whether only the day of an instant is known."""
    return grain(dataset, instant) >= BY_DAY


def in_whole_days(dataset: Dataset, span: str) -> bool:
    """Whether a span is a number of days: its end is known to the day, as is whatever an unknown hour would be from."""
    return span in _ENDS and by_day(dataset, _ENDS[span])

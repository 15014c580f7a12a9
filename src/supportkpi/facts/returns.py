"""Returns: whether a ticket repeats another of its customer, was followed by one, or was solved once and for all.

Methods 2.3 and 2.7. The window for new tickets ends at the newest creation, not at the end of observation: an export
of last month's tickets has none of this month's, however late it was taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import polars as pl

from supportkpi.decisions import Repeats, Settings
from supportkpi.facts.contacts import around_creations, around_solutions, first_after, folded
from supportkpi.schema import INSTANT, Dataset

COLUMNS: Mapping[str, pl.DataType] = {
    "next_contact_at": INSTANT,
    "is_reopened_soon": pl.Boolean(),
    "is_return_mature": pl.Boolean(),
    "is_first_contact": pl.Boolean(),
    "previous_solved_at": INSTANT,
    "is_repeat": pl.Boolean(),
    "has_repeat": pl.Boolean(),
    "is_parallel": pl.Boolean(),
    "has_lead_in": pl.Boolean(),
    "came_back_at": INSTANT,
    "is_absence_mature": pl.Boolean(),
}
"""The columns that ``returns`` makes."""
_NEXT = ("created_at", "is_resolved", "resolved_at", "requester_id")
_FIRST_CONTACT: Mapping[str, tuple[str, ...]] = {
    "repeat_free": ("replies", "reopens", "is_resolved", "resolved_at", "requester_id", "created_at"),
    "one_touch": ("replies", "is_resolved"),
    "intercom": ("repliers", "reopens", "is_resolved"),
    "freshservice": ("requests", "is_resolved"),
}
_LOOKING_BACK: Mapping[str, tuple[str, ...]] = {"solved": _NEXT, "created": ("created_at", "requester_id")}
_NO_ACTIVITY = (
    "needs what customers did afterwards: give a file of orders or logins (requester, date) beside the tickets"
)
_STRANGERS = "no requester of the activity file is one of the tickets': both must call customers alike"
_USUAL = Repeats().window_days
_RULES: Mapping[str, str] = {
    "one_touch": "solved with fewer than two replies, whoever came back",
    "intercom": "closed once, with one agent taking part",
    "freshservice": "solved, and the customer wrote only once",
}
_ONE_REPLY = pl.col("replies") <= 1
_RESOLVED = pl.col("is_resolved")
_KNOWN = pl.col("requester_id").is_not_null()


def returns(
    tickets: pl.DataFrame,
    dataset: Dataset,
    settings: Settings,
    reasons: Mapping[str, str],
    *,
    only: Collection[str] | None = None,
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The tickets with COLUMNS, null where that cannot be told, and ``reasons`` with those for them.

    ``only`` names the facts that anyone will read, None all: neighbours are not looked up where none rests on them.

    First contact (``settings.fcr``): next_contact_at, the customer's next creation within the window after the
    solution; is_reopened_soon; is_return_mature, whether the window is over; is_first_contact, null where it cannot be
    judged. Repeats (``settings.repeats``): previous_solved_at, the solution that a creation follows within the window;
    is_repeat and has_repeat, looking back and forward, null without a customer and while the window lasts;
    is_parallel, opened beside an older open one; has_lead_in, whether the data goes back far enough to look.
    Activity: came_back_at, what the customer did first within ``returned_days`` after the solution; is_absence_mature,
    whether these are over.
    """
    known = _unknown(tickets, dataset, settings, reasons)
    if only is not None and not any(name in only and name not in known for name in COLUMNS):
        return tickets.with_columns(_empty(tickets, *COLUMNS)), known
    around = _Around(tickets)
    made = tickets.with_columns(_after(tickets, settings, around, known))
    made = made.with_columns(_empty(made, "is_reopened_soon", "next_contact_at", "is_return_mature"))
    if "is_first_contact" not in known and "contacts" in tickets.columns:
        made = made.with_columns(is_first_contact=_first_contact(settings.fcr.preset, made.columns))
    made = made.with_columns(_repeats(tickets, settings.repeats, around, known))
    if "came_back_at" not in known:
        made = made.with_columns(_active(tickets, dataset.activity, settings))
    return made.with_columns(_empty(made, *COLUMNS)), known


def key_of(tickets: pl.DataFrame, key: Sequence[str]) -> list[pl.Expr]:
    """What makes two contacts one matter: the customer, and the category where the export has any."""
    with_category = "category" in key and "category" in tickets.columns and not tickets["category"].is_null().all()
    return [folded("requester_id"), *([pl.col("category")] if with_category else [])]


def presumed(tickets: pl.DataFrame, settings: Settings, reasons: Mapping[str, str]) -> Iterator[str]:
    """What returns take for granted where the export has no column for it, a sentence each."""
    fcr, repeats = settings.fcr, settings.repeats
    if "is_first_contact" not in reasons and fcr.preset != "repeat_free":
        yield f"first contact resolution goes by the rule {fcr.preset}: {_RULES[fcr.preset]}"
    elif "is_first_contact" not in reasons and fcr.window_days != _USUAL:
        yield f"first contact resolution: a return counts within {fcr.window_days} days"
    if "is_repeat" not in reasons and (repeats.window_days, repeats.anchor) != (_USUAL, "solved"):
        yield f"repeats are counted within {repeats.window_days} days after the first ticket was {repeats.anchor}"
    once = "is_first_contact" not in reasons and settings.fcr.preset == "repeat_free"
    keys = [settings.fcr.key] * once + [settings.repeats.key] * ("is_repeat" not in reasons)
    if any("category" in key for key in keys) and tickets.height and tickets["category"].is_null().all():
        yield "tickets have no category: any further ticket of the same customer counts as a return"
    if once and tickets.height and tickets[_escalated(tickets.columns)].is_null().all():
        yield "nothing tells of escalations: first contact resolution takes no ticket for escalated"


class _Around:
    """The neighbours of tickets by key and window, computed once for all who ask."""

    def __init__(self, tickets: pl.DataFrame) -> None:
        self._tickets = tickets
        self._known: dict[tuple[tuple[str, ...], int], pl.DataFrame] = {}

    def solutions(self, key: Sequence[str], days: int) -> pl.DataFrame:
        """``around_solutions`` of a key such as (customer, category), within days."""
        asked = (tuple(sorted(key)), days)
        if asked not in self._known:
            parts = key_of(self._tickets, key)
            self._known[asked] = around_solutions(self._tickets, parts, timedelta(days=days))
        return self._known[asked]


def _horizon(tickets: pl.DataFrame) -> pl.Expr:
    """The instant up to which new tickets would be in the data (INSTANT)."""
    newest = tickets.select(pl.min_horizontal(pl.col("created_at").max(), pl.col("until").max())).item()
    return pl.lit(newest, INSTANT)


def _empty(tickets: pl.DataFrame, *names: str) -> list[pl.Expr]:
    return [pl.lit(None, COLUMNS[name]).alias(name) for name in names if name not in tickets.columns]


# --- what cannot be told ---------------------------------------------------------------------------------------------


def _unknown(tickets: pl.DataFrame, dataset: Dataset, settings: Settings, reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons for the columns made here, beside those that there were."""
    back = _LOOKING_BACK[settings.repeats.anchor]
    needs = {
        "is_reopened_soon": ("reopens",),
        "next_contact_at": _NEXT,
        "is_return_mature": _NEXT,
        "is_first_contact": _FIRST_CONTACT[settings.fcr.preset],
        "previous_solved_at": _NEXT,
        "is_repeat": back,
        "has_lead_in": back,
        "has_repeat": _NEXT,
        "is_parallel": _NEXT,
        "came_back_at": _NEXT,
        "is_absence_mature": _NEXT,
    }
    absent = _no_activity(tickets, dataset.activity)
    known = dict.fromkeys(("came_back_at", "is_absence_mature"), absent) if absent is not None else {}
    for column, names in needs.items():
        lacking = dict.fromkeys(reasons[name] for name in names if name in reasons)
        if lacking:
            known[column] = "; ".join(lacking)
    return {**reasons, **known}


def _no_activity(tickets: pl.DataFrame, activity: pl.DataFrame) -> str | None:
    if activity.is_empty():
        return _NO_ACTIVITY
    people = tickets.select(folded("requester_id").unique()).to_series().drop_nulls()
    met = activity.select(folded("requester_id").is_in(people.implode()).any()).item()
    return _STRANGERS if len(people) and not met else None


# --- first contact ---------------------------------------------------------------------------------------------------


def _after(tickets: pl.DataFrame, settings: Settings, around: _Around, known: Mapping[str, str]) -> list[pl.Expr]:
    """What came after each solution, within the window of first contact resolution."""
    days = settings.fcr.window_days
    made: list[pl.Expr] = []
    if "is_reopened_soon" not in known:
        soon = pl.col("shortest_solved") <= timedelta(days=days)
        made.append(soon.fill_null(value=False).alias("is_reopened_soon"))
    if "next_contact_at" not in known:
        over = pl.col("resolved_at") + timedelta(days=days) <= _horizon(tickets)
        made.append(pl.lit(around.solutions(settings.fcr.key, days)["after"]).alias("next_contact_at"))
        made.append(over.fill_null(value=False).alias("is_return_mature"))
    return made


def _first_contact(preset: str, columns: Sequence[str]) -> pl.Expr:
    """Whether a solved ticket was one contact by the rule of a preset (method 2.3); null where it cannot be judged."""
    judged, once = _RESOLVED, _ONE_REPLY
    if preset == "repeat_free":
        judged = _RESOLVED & _KNOWN & pl.col("is_return_mature")
        escalated = pl.col(_escalated(columns)).fill_null(value=False)
        alone = ~pl.col("is_reopened_soon") & pl.col("next_contact_at").is_null()
        once = (pl.col("contacts") <= 1) & alone & ~escalated
    if preset == "intercom":
        once = (pl.col("repliers") == 1) & (pl.col("reopens") == 0)
    if preset == "freshservice":
        # The first message is the contact itself, unless the ticket was there and answered before the customer wrote.
        wrote_back = pl.col("first_request_at") > pl.col("first_agent_reply_at")
        once = (pl.col("requests") == 0) | ((pl.col("requests") == 1) & ~wrote_back.fill_null(value=False))
    return pl.when(judged.fill_null(value=False)).then(once.fill_null(value=False))


def _escalated(columns: Sequence[str]) -> str:
    return "is_escalated" if "is_escalated" in columns else "escalated"


# --- repeats ---------------------------------------------------------------------------------------------------------


def _repeats(tickets: pl.DataFrame, chosen: Repeats, around: _Around, known: Mapping[str, str]) -> list[pl.Expr]:
    """What each ticket repeats, and what repeats it (method 2.7)."""
    window = timedelta(days=chosen.window_days)
    made: list[pl.Expr] = []
    if "is_repeat" in known:
        return made
    beside: pl.DataFrame | None = None
    if "has_repeat" not in known:
        beside = around.solutions(chosen.key, chosen.window_days)
        made.append(pl.lit(beside["before"]).alias("previous_solved_at"))
    near = around_creations(tickets, key_of(tickets, chosen.key), window) if chosen.anchor == "created" else beside
    if near is None:
        return made
    linked = _KNOWN & pl.col("created_at").is_not_null()
    follows = pl.lit(near["before"].is_not_null())
    first = pl.lit(tickets["created_at"].min(), INSTANT)
    made.append(pl.when(linked).then(follows).alias("is_repeat"))
    made.append((pl.col("created_at") - window >= first).fill_null(value=False).alias("has_lead_in"))
    if beside is not None:
        begun = pl.col("created_at" if chosen.anchor == "created" else "resolved_at")
        over = _RESOLVED & _KNOWN & (begun + window <= _horizon(tickets))
        made.append(pl.when(over.fill_null(value=False)).then(pl.lit(near["after"].is_not_null())).alias("has_repeat"))
        stood = pl.lit(beside["is_beside"].fill_null(value=False))
        made.append(pl.when(linked).then(stood & ~follows).alias("is_parallel"))
    return made


# --- activity --------------------------------------------------------------------------------------------------------


def _active(tickets: pl.DataFrame, activity: pl.DataFrame, settings: Settings) -> list[pl.Expr]:
    """What customers did after their solutions (method 2.7, rep-08)."""
    within, as_of = timedelta(days=settings.repeats.returned_days), settings.as_of
    seen = activity if as_of is None else activity.filter(pl.col("at") <= pl.lit(as_of, INSTANT))
    newest: datetime | None = seen["at"].max()  # type: ignore[assignment]
    over = pl.col("resolved_at") + within <= pl.lit(newest, INSTANT)
    return [
        pl.lit(first_after(tickets, seen, within)).alias("came_back_at"),
        (_RESOLVED & over).fill_null(value=False).alias("is_absence_mature"),
    ]

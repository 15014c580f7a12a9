"""What one line of a receipt says: what happened, who did it, and what it did to a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from supportkpi.receipts import CAUSE, CLOCK, CLOSED, Effect, Entry, Mark
from supportkpi.reporters._words import Words
from supportkpi.reporters.receipt._spans import day, limit, moment, span
from supportkpi.schema import Status

_UP = "⁰¹²³⁴⁵⁶⁷⁸⁹"
ARROW = "→"
SOMEBODY, SOLVED = "?", "solved"
_MOST_DAYS = 3


def what(entry: Entry, words: Words, zone: str) -> str:
    """The event in words."""
    _ = words.gettext
    if entry.kind == CLOSED:
        return closed(entry, words, zone)
    if entry.kind == CAUSE:
        text = _("agreed pause: {name}") if entry.until is not None else _("end of the agreed pause: {name}")
        restored = _("; restored {instant}") if entry.restored_at is not None else ""
        when = moment(entry.restored_at, zone, words) if entry.restored_at is not None else ""
        return text.format(name=entry.value) + restored.format(instant=when)
    if entry.kind == CLOCK:
        return ""
    if entry.kind == "message":
        return _message(entry, words)
    if entry.kind == "status":
        return _status(entry, words)
    plain = {
        "created": _("created"),
        "handoff": _("handed over to people"),
        "clock_start": _("ready for an answer"),
    }
    return plain.get(entry.kind) or _changed(entry, words)


def _message(entry: Entry, words: Words) -> str:
    _ = words.gettext
    if entry.actor == "agent":
        kinds = {True: _("public reply"), False: _("internal note"), None: _("message, public or not unknown")}
        return kinds[entry.public]
    if entry.actor in ("bot", "system"):
        return _("automatic note") if entry.public is False else _("automatic reply")
    return _("internal note") if entry.public is False else _("message")


def _status(entry: Entry, words: Words) -> str:
    _ = words.gettext
    if entry.value not in tuple(Status):
        return _('status "{word}", not understood').format(word=entry.raw or entry.value or "")
    own = f" ({entry.raw})" if entry.raw and entry.raw.casefold() != entry.value else ""
    names = {"solved": _("solved"), "deleted": _("deleted")}
    text = names.get(entry.value) or _("status {name}").format(name=entry.value)
    if entry.reopens:
        text = _("reopened: {status}").format(status=text)
    return text + own


def _changed(entry: Entry, words: Words) -> str:
    _ = words.gettext
    if entry.kind == "assignee":
        if entry.value is None:
            return _("assigned to nobody")
        name = _("somebody") if entry.value == SOMEBODY else _("agent {code}").format(code=entry.value)
        return _("assigned to {name}").format(name=name)
    titles = {
        "priority": _("priority"),
        "group": _("group"),
        "level": _("support line"),
        "calendar": _("schedule"),
    }
    value = entry.value if entry.value is not None else entry.raw or _("none")
    shown = f"{entry.before} {ARROW} {value}" if entry.before not in (None, entry.value) else value
    return f"{titles.get(entry.kind, entry.kind)} {shown}"


def closed(entry: Entry, words: Words, zone: str) -> str:
    """``closed until 09:00``; of several nights how many, and the days off among them."""
    _ = words.gettext
    text = _("closed for good")
    if entry.until is not None:
        local = entry.at.astimezone(ZoneInfo(zone)).date()
        opening = entry.until.astimezone(ZoneInfo(zone)).date()
        until = moment(entry.until, zone, words, of=opening if (opening - local).days <= 1 else None)
        one, many = _("closed until {instant}"), _("closed {n} times, until {instant}")
        text = (one if entry.times <= 1 else many).format(n=words.number(entry.times), instant=until)
    if entry.value is not None:
        text += f" ({entry.value})"
    if entry.days_off:
        days = ", ".join(day(each, words) for each in entry.days_off[:_MOST_DAYS])
        days += " …" if len(entry.days_off) > _MOST_DAYS else ""
        off = words.ngettext("{days} is a day off", "{days} are days off", len(entry.days_off), days=days)
        text += f"; {off}"
    return text


def who(entry: Entry, words: Words) -> str:
    """Customer, bot, system, or the agent by code."""
    _ = words.gettext
    if entry.kind in (CLOSED, CAUSE, CLOCK):
        return ""
    if entry.actor == "agent":
        return _("agent {code}").format(code=entry.by) if entry.by else _("agent")
    names = {"customer": _("customer"), "bot": _("bot"), "system": _("system")}
    return names.get(entry.actor or "", entry.by or "")


# --- marks -----------------------------------------------------------------------------------------------------------


def marks(told: Sequence[Mark], words: Words, notes: Mapping[int, int]) -> str:
    """What happened to the clocks of one target; ``notes`` are the footnotes of marks, by their place."""
    done = [_mark(each, words, notes.get(place)) for place, each in enumerate(told) if each.effect in _FORMS]
    left = [
        untouched(each.why, words) + raised(notes.get(place))
        for place, each in enumerate(told)
        if each.effect is Effect.untouched
    ]
    return " ".join([*done, *([f"· {', '.join(dict.fromkeys(left))}"] if left else [])])


def _mark(each: Mark, words: Words, note: int | None) -> str:
    return _FORMS[each.effect](each, words) + raised(note)


def _started(each: Mark, words: Words) -> str:
    text = limit(each.limit, each.target_s, words) if each.target_s is not None else words.gettext("no limit")
    return f"▶ {text}"


def _shown(each: Mark, words: Words) -> str:
    sign = "‖" if each.effect is Effect.pause and each.why != SOLVED else "■"
    return sign if each.shown_s is None else f"{sign} {span(each.shown_s, words)}"


def _resumed(each: Mark, words: Words) -> str:
    return f"▶ {words.gettext('goes on')}" if each.why == SOLVED else "▶"


_FORMS: Mapping[Effect, Callable[[Mark, Words], str]] = {
    Effect.start: _started,
    Effect.pause: _shown,
    Effect.resume: _resumed,
    Effect.moves: lambda each, words: words.gettext("due moves"),
    Effect.due: lambda each, words: f"! {words.gettext('due')}",
    Effect.stop: _shown,
}
"""``▶ 4h``, ``‖ 2h 08m 18s``, ``▶``, ``due moves``, ``! due``, ``■ 2h 08m 18s``."""


def untouched(why: str, words: Words) -> str:
    """Why an event left a clock alone."""
    _ = words.gettext
    reasons = {
        "not_human": _("not human"),
        "not_public": _("not public"),
        "unknown_public": _("public or not?"),
        "no_pause": _("no pause"),
        "limit_stays": _("limit stays"),
    }
    return reasons.get(why, why)


def raised(number: int | None) -> str:
    """A footnote's number; nothing without one."""
    return "" if number is None else "".join(_UP[int(digit)] for digit in str(number))

"""What each clock came to, in lines: its sum by day, the verdict, what was not counted, how its limit moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supportkpi.receipts import Change, Clock, Receipt
from supportkpi.reporters._words import Words
from supportkpi.reporters.receipt._spans import day, limit, moment, rounded, span
from supportkpi.reporters.receipt._told import ARROW, raised
from supportkpi.reporters.receipt._whys import reason

_MOST = 8  # days that are listed one by one
_FROM_CHANGE = ("at_event", "reset")
_LATE = ("breached_closed", "breached_open")
Notes = Mapping[tuple[str, int, object], int]


def numbered(receipt: Receipt) -> Notes:
    """The footnotes: the number of each change of a limit, by target, cycle and instant."""
    keys = [(clock.target, clock.cycle, change.at) for clock in receipt.clocks for change in clock.changes]
    return {key: number for number, key in enumerate(keys, start=1)}


def sums(receipt: Receipt, words: Words, notes: Notes) -> Iterator[tuple[str, str]]:
    """Labelled lines: the clocks in order, then the targets that have none."""
    said = ""
    zone = receipt.method.timezone
    for clock in receipt.clocks:
        label = "" if clock.target == said else clock.target
        said = clock.target
        yield label, account(clock, words, zone)
        uncounted = _uncounted(clock, words)
        if uncounted:
            yield "", uncounted
        for change in clock.changes:
            yield "", f"{raised(notes[clock.target, clock.cycle, change.at])} {_moved(change, clock, words)}"
        if clock.otherwise:
            yield "", _otherwise(clock, words)
    for target, whys in receipt.missing.items():
        reasons = "; ".join(reason(why, words, zone) for why in whys)
        yield target, words.gettext("no clock: {reason}").format(reason=reasons)


def account(clock: Clock, words: Words, zone: str) -> str:
    """``1h 19m 48s Thu + 48m 30s Fri = 2h 08m 18s of 4h   ✓ met``."""
    _ = words.gettext
    parts = []
    if clock.elapsed_s is not None:
        total = span(clock.elapsed_s, words)
        pieces = _pieces(clock, words)
        total = f"{pieces} = {total}" if pieces else total
        if clock.target_s is not None:
            total = _("{total} of {limit}").format(total=total, limit=_limit(clock, words))
        parts.append(total)
    if clock.due_at is not None:
        parts.append(_("due {instant}").format(instant=moment(clock.due_at, zone, words)))
    return f"{', '.join(parts)}   {verdict(clock, words, zone)}".strip()


def _limit(clock: Clock, words: Words) -> str:
    """The limit that counted: as agreed where nothing moved it, else to the second."""
    assert clock.target_s is not None  # noqa: S101 - asked before
    moved = any(change.before_s != change.after_s for change in clock.changes)
    exact = span(clock.target_s, words)
    if moved:
        return exact
    text = limit(clock.limit, clock.target_s, words)
    is_time = text == words.exact_duration(clock.target_s, days=False)
    return text if is_time else f"{exact} ({text})"


def _pieces(clock: Clock, words: Words) -> str:
    """The open time of each day, in the order of the days; of many the first and the last."""
    pieces = list(zip(rounded([piece.seconds for piece in clock.pieces]), clock.pieces, strict=True))
    if len(pieces) < 2:
        return ""
    texts = [f"{span(seconds, words)} {day(piece.day, words)}" for seconds, piece in pieces]
    if len(pieces) > _MOST:
        middle = pieces[3:-3]
        between = words.ngettext(
            "{span} on {n} day", "{span} on {n} days", len(middle), span=span(sum(s for s, _ in middle), words)
        )
        texts = [*texts[:3], between, *texts[-3:]]
    return " + ".join(texts)


def verdict(clock: Clock, words: Words, zone: str) -> str:
    """What became of it, and by how much."""
    _ = words.gettext
    late = "" if clock.late_s is None else span(clock.late_s, words)
    left = "" if clock.target_s is None or clock.elapsed_s is None else span(clock.target_s - clock.elapsed_s, words)
    texts = {
        "met": _("✓ met"),
        "breached_closed": _("✗ late by {span}") if late else _("✗ late"),
        "breached_open": _("✗ still running, late by {span}") if late else _("✗ still running, late"),
        "running": _("· running, {left} left") if left else _("· running"),
        "paused": _("‖ standing still, {left} left") if left else _("‖ standing still"),
        "no_target": _("no limit: no rule is for it")
        if clock.version is not None
        else _("no limit: created before the first version"),
    }
    text = texts.get(clock.judged, "").format(span=late, left=left)
    if clock.state == "excluded":
        causes = ", ".join(clock.causes)
        if clock.restored_at is not None:
            causes += _("; restored {instant}").format(instant=moment(clock.restored_at, zone, words))
        text = _("out of the count ({causes}); else {verdict}").format(causes=causes, verdict=text)
    if clock.is_unanswered:
        text += _(", solved without a reply")
    if clock.is_uncertain:
        text += _(", nearer to the limit than the times of the export are exact")
    if clock.basis == "given":
        text += _(", as the export itself says")
    return text


def _uncounted(clock: Clock, words: Words) -> str:
    """``not counted: pending 1h 16m 30s, hold 2h 59m 55s, nights and days off``."""
    _ = words.gettext
    if clock.basis == "given":
        return ""
    parts = [f"{each.status or each.cause} {span(each.seconds, words)}" for each in clock.stood]
    has_closed = clock.calendar is not None
    parts += (
        [_("hours when {calendar} is closed").format(calendar=clock.calendar)] if has_closed and clock.pieces else []
    )
    return _("not counted: {parts}").format(parts=", ".join(parts)) if clock.stood else ""


def _moved(change: Change, clock: Clock, words: Words) -> str:
    """The arithmetic of another limit: ``rule other (45h) → rule high (18h) at 2h 23m 18s: …``."""
    _ = words.gettext
    names = [
        _("no rule") if name is None else _("rule {name} ({limit})").format(name=name, limit=text or "–")
        for name, text in ((change.from_rule, change.from_limit), (change.to_rule, change.to_limit))
    ]
    shown = span(change.shown_s, words)
    head = _("{change} at {shown}").format(change=f" {ARROW} ".join(names), shown=shown)
    if change.after_s is None:
        return f"{head}: {_('no limit')} (priority: {clock.mode})"
    due = span(change.after_s, words)
    if change.before_s == change.after_s:
        text = _("due stays at {due}").format(due=due)
    elif clock.mode in _FROM_CHANGE:
        text = _("due at {due}: {shown} and {limit} from the change").format(
            due=due, shown=shown, limit=change.to_limit or span(change.after_s - change.shown_s, words)
        )
    else:
        text = _("due at {due}, counted from the start").format(due=due)
    return f"{head}: {text} (priority: {clock.mode})"


def _otherwise(clock: Clock, words: Words) -> str:
    """``under at_start it would be met (25h 11m of 45h)``, for every way that comes to something else."""
    _ = words.gettext
    found: dict[str, list[str]] = {}
    for each in clock.otherwise:
        name = {"met": _("met"), "running": _("running"), "paused": _("standing still")}.get(each.state, _("late"))
        name = _("without a limit") if each.target_s is None else name
        limits = (
            ""
            if each.target_s is None
            else _(" ({elapsed} of {limit})").format(
                elapsed=span(each.elapsed_s, words), limit=words.exact_duration(each.target_s, days=False)
            )
        )
        found.setdefault(f"{name}{limits}", []).append(each.mode)
    texts = [
        _("under {modes} it would be {verdict}").format(modes=", ".join(modes), verdict=text)
        for text, modes in found.items()
    ]
    return "; ".join(texts)

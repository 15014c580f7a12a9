"""What a reader must know of an agreement and the data: words that no ticket has, what the export does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from supportkpi.calendars import zone_of
from supportkpi.clocks._bands import BANDS, NAMES, busier
from supportkpi.clocks._ledger import during
from supportkpi.clocks._rigid import without_load
from supportkpi.clocks._rules import asked_of, changed_to, followed, rules_of
from supportkpi.clocks._terms import held, touches
from supportkpi.clocks._windows import ANCHORS
from supportkpi.facts import Facts
from supportkpi.facts.choices import unmet
from supportkpi.schema import CHANNELS, PRIORITIES, Status
from supportkpi.sla import Sla
from supportkpi.texts import meant

_WORKED_OUT: Mapping[str, frozenset[str]] = dict.fromkeys(NAMES, frozenset(BANDS))
_CANONICAL: Mapping[str, frozenset[str]] = {
    "priority": frozenset(PRIORITIES),
    "channel": frozenset(CHANNELS),
    "status": frozenset(Status),
}
_SHOWN_IDS = 3
_USUAL = 0.2  # more hours than these above the usual, and the usual is no longer it (method 7.6)


def idle(facts: Facts, sla: Sla) -> tuple[str, ...]:
    """What rules and agreed causes ask for and no ticket ever had, a sentence each: the report says them."""
    return tuple(dict.fromkeys((*_unmet(facts, _whens(facts, sla)), *_absent(facts, sla), *_never_stood(facts, sla))))


def unknown(facts: Facts, sla: Sla) -> tuple[str, ...]:
    """Those of them that are no words of ours either, so that they can only be mistaken: ``check`` stops at them.

    A priority that no ticket had this month may be had next month; a column that does not exist may not.
    """
    bare = [(of, _uncommon(when)) for of, when in _whens(facts, sla)]
    return tuple(dict.fromkeys(_unmet(facts, bare)))


def assumed(facts: Facts, sla: Sla) -> tuple[str, ...]:
    """What is taken for granted where the export does not show what was agreed upon, a sentence each."""
    return tuple(
        dict.fromkeys(
            (
                *_early(facts, sla),
                *_unfollowed(facts, sla),
                *_unpaused(facts, sla),
                *_moved(facts, sla),
                *_loaded(facts, sla),
                *_causes(facts, sla),
            )
        )
    )


def _whens(facts: Facts, sla: Sla) -> list[tuple[str, Mapping[str, Sequence[str]]]]:
    rules = [(f"rule {rule.name}", rule.when) for version in sla.versions for rule in version.rules]
    whens = [*rules, *((f"exclusion {cause.name}", cause.when) for cause in sla.exclusions)]
    past = changed_to(facts, followed(facts, [rule for version in sla.versions for rule in version.rules]))
    past |= {name: {*words} for name, words in _WORKED_OUT.items() if name not in facts.tickets.columns}
    return [(of, {name: _left(values, past.get(name, set())) for name, values in when.items()}) for of, when in whens]


def _left(values: Sequence[str], past: set[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value.lower() not in past)


def _uncommon(when: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: _left(values, {*_CANONICAL.get(name.lower(), ())}) for name, values in when.items()}


def _unmet(facts: Facts, whens: Sequence[tuple[str, Mapping[str, Sequence[str]]]]) -> Iterator[str]:
    for of, when in whens:
        yield from unmet(facts.tickets, {name: values for name, values in when.items() if values}, of=of)


def _absent(facts: Facts, sla: Sla) -> Iterator[str]:
    """Tickets that an agreed cause names and the files do not have."""
    for cause in sla.exclusions:
        ids = pl.Series(sorted(cause.tickets), dtype=pl.String)
        lost = ids.filter(~ids.is_in(facts.tickets["ticket_id"].cast(pl.String).implode())).to_list()
        if lost:
            more = f" and {len(lost) - _SHOWN_IDS} more" if len(lost) > _SHOWN_IDS else ""
            shown = ", ".join(lost[:_SHOWN_IDS])
            yield f"exclusion {cause.name} names tickets that are not in the files: {shown}{more}"


def _never_stood(facts: Facts, sla: Sla) -> Iterator[str]:
    """Statuses in which clocks should stand still and no ticket ever stood: a slip of the pen pauses nothing."""
    asked = {
        word
        for version in sla.versions
        for timed, words in version.pause_on.items()
        if rules_of(version, timed)
        for word in words
        if word.casefold() not in _CANONICAL["status"]
    }
    if not asked or "intervals" in facts.unobserved:
        return
    columns = [facts.intervals[name] for name in ("status", "raw") if name in facts.intervals.columns]
    shown = {word for column in columns for word in column.drop_nulls().unique().cast(pl.String).to_list()}
    for word in sorted(asked):
        if word.casefold() not in {name.lower() for name in shown}:
            hint = meant(word, sorted(shown))
            yield f'clocks stand still in status "{word}", which no ticket ever had{f": {hint}" if hint else ""}'


def _early(facts: Facts, sla: Sla) -> Iterator[str]:
    early = ((held(facts.tickets, sla) < 0) & facts.tickets["exclusion"].is_null()).sum()
    if early:
        were = "1 ticket was" if early == 1 else f"{early:,} tickets were"
        yield f"{were} created before the first version of the service levels: no target"


def _unfollowed(facts: Facts, sla: Sla) -> Iterator[str]:
    """Rules go by what a ticket is today where the export does not tell what it was."""
    for version in sla.versions:
        if version.priority == "current" or len(version.rules) <= 1:
            continue
        for name in asked_of(facts, version.rules):
            if name not in followed(facts, version.rules) and name in facts.tickets.columns:
                yield f"service levels go by the {name} as it is in the export: it does not show when it was changed"


def _unpaused(facts: Facts, sla: Sla) -> Iterator[str]:
    limited = {timed for version in sla.versions for timed in sla.timed() if rules_of(version, timed)}
    asked = any(version.pause_on.get(timed) for version in sla.versions for timed in limited)
    if asked and "intervals" in facts.unobserved:
        yield "no pauses are taken off service levels: this export does not show when the status changed"


def _moved(facts: Facts, sla: Sla) -> Iterator[str]:
    for version in sla.versions:
        column = ANCHORS.get(version.anchor)
        if column is not None and column in facts.unobserved and rules_of(version, "first_response"):
            yield f"the first response of service levels starts as in the report: {facts.unobserved[column]}"


def _loaded(facts: Facts, sla: Sla) -> Iterator[str]:
    """How many hours go by the limits of a busy one: more and more of them, and the agreement means little."""
    share = busier(facts) if without_load(facts, sla) is not None else None
    if share is not None:
        known = f"limits go by load: {share:.0%} of the hours in which tickets came were busier than usual".replace(
            "%", " %"
        )
        yield f"{known}, more than one in five: what is usual has changed" if share > _USUAL else known


def _causes(facts: Facts, sla: Sla) -> Iterator[str]:
    """What was agreed not to be the desk's, with the date of restoration (method 1.2): nothing is set aside unseen."""
    zone = zone_of(facts.settings.timezone)
    counts = facts.tickets["exclusion"].is_null()
    for cause in sla.exclusions:
        mended = f"; restored {_wall(cause.restored_at, zone)}" if cause.restored_at is not None else ""
        if cause.effect == "exclude":
            hit = facts.tickets.select((touches(facts, cause) & during(cause)).fill_null(value=False)).to_series()
            n = int((hit & counts).sum())
            tickets = "1 ticket" if n == 1 else f"{n:,} tickets"
            if n:
                yield f"agreed: {cause.name} takes {tickets} out of the count{mended}"
        elif cause.start is not None and cause.end is not None:
            span = f"from {_wall(cause.start, zone)} to {_wall(cause.end, zone)}"
            yield f"agreed: {cause.name} stops clocks {span}{mended}"


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

"""Service levels of a config: versions and rules with the calendars that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from supportkpi import sla
from supportkpi.calendars import Calendar, to_utc
from supportkpi.config.plans import ALWAYS
from supportkpi.errors import ConfigValue, OptionWrong, TargetWrong
from supportkpi.sla import TIMED, Exclusion, Limit, Rule, Sla, Timed, Version
from supportkpi.texts import Node, meant

if TYPE_CHECKING:
    from supportkpi.config.sla_keys import ExclusionKeys, RuleKeys, SlaKeys

_PAIR = re.compile(r"\s*(?P<name>\w+)\s*=\s*(?P<limit>[^=]+?)\s*(?=$|[,;]|\s+\w+\s*=)[,;]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPlan:
    """Service levels as asked for; instants are wall times of the report's zone until they are resolved."""

    versions: tuple[tuple[date | None, Version], ...]
    exclusions: tuple[Exclusion, ...] = ()
    walls: tuple[tuple[datetime | None, datetime | None, datetime | None], ...] = ()  # of the exclusions

    def calendars(self) -> tuple[str, ...]:
        """The names of the calendars that versions and rules run on."""
        named = [version.calendar for _, version in self.versions]
        named += [rule.calendar for _, version in self.versions for rule in version.rules]
        return tuple(dict.fromkeys(name for name in named if name is not None))

    @property
    def columns(self) -> tuple[str, ...]:
        """The ticket columns by which rules choose their tickets."""
        chosen = [name for _, version in self.versions for rule in version.rules for name in rule.when]
        return tuple(dict.fromkeys([*chosen, *(name for cause in self.exclusions for name in cause.when)]))


def planned(
    versions: Sequence[SlaKeys], exclusions: Sequence[ExclusionKeys], node: Node, *, known: Iterable[str]
) -> SlaPlan | None:
    """The plan of the ``sla`` section; None without one. ``known`` are the names of the config's calendars.

    Raises:
        ConfigValue: a calendar or a date that does not fit, two rules of one name.
    """
    if not versions:
        return None
    names = [*known, ALWAYS]
    made = []
    for number, keys in enumerate(versions):
        _check_calendar(keys.calendar, names, node, ("sla", number, "calendar"))
        rules = tuple(_rules(keys, node, number, names))
        made.append((keys.since, _version(keys, rules)))
    dates = [since or date.min for since, _ in made]
    if dates != sorted(set(dates)):
        message = "versions of `sla` stand in the order of their dates, each with its own"
        raise ConfigValue(message, hint="sort them by `from`", where=node.key_place("sla"))
    return SlaPlan(
        versions=tuple(made),
        exclusions=tuple(_cause(keys) for keys in exclusions),
        walls=tuple((keys.start, keys.end, keys.restored_at) for keys in exclusions),
    )


def inline(text: str, *, calendar: str | None) -> SlaPlan:
    """The plan of ``--sla "first_response=4h resolution=16h"``: one rule for all tickets.

    Raises:
        OptionWrong: it is not TARGET=TIME.
    """
    limits: dict[Timed, Limit] = {}
    end = 0
    for found in _PAIR.finditer(text):
        if text[end : found.start()].strip() or found["name"] not in TIMED:
            break
        if found["name"] in limits:
            raise OptionWrong(f'--sla "{text}" limits {found["name"]} twice', hint="give each target one time")
        limits[found["name"]] = _limit(found["limit"])
        end = found.end()
    if not limits or text[end:].strip(" ,;"):
        left = text[end:].strip(" ,;").split("=")[0] or text
        hint = meant(left, TIMED) or 'write --sla "first_response=4h resolution=16h"'
        raise OptionWrong(f'--sla "{text}" is not TARGET=TIME with targets {", ".join(TIMED)}', hint=hint)
    version = Version(calendar=calendar, rules=(Rule(name="all", limits=limits),), pause_on=_usual_pauses())
    return SlaPlan(versions=((None, version),))


def _limit(text: str) -> Limit:
    try:
        return sla.limit(text)
    except TargetWrong as wrong:
        raise OptionWrong(f"--sla: {wrong.message}", hint=wrong.hint) from wrong


def _usual_pauses() -> Mapping[Timed, tuple[str, ...]]:
    return dict.fromkeys(sla.PAUSED, ("pending", "hold"))


def moved(plan: SlaPlan | None, calendar: str) -> SlaPlan | None:
    """The same service levels, all on one calendar: ``--hours`` stands for every other one."""
    if plan is None:
        return None
    versions = [
        (
            since,
            replace(version, calendar=calendar, rules=tuple(replace(rule, calendar=None) for rule in version.rules)),
        )
        for since, version in plan.versions
    ]
    return replace(plan, versions=tuple(versions))


def agreed(plan: SlaPlan, calendars: Mapping[str, Calendar], *, timezone: str) -> Sla:
    """The service levels with their calendars and instants; versions hold from midnight of ``timezone``."""
    versions = []
    for since, version in plan.versions:
        midnight = to_utc(datetime.combine(since, datetime.min.time()), timezone) if since is not None else None
        versions.append(_dated(version, midnight, since))
    causes = [_timed(cause, walls, timezone) for cause, walls in zip(plan.exclusions, plan.walls, strict=True)]
    return Sla(versions=tuple(versions), calendars=calendars, exclusions=tuple(causes))


def _dated(version: Version, midnight: datetime | None, since: date | None) -> Version:
    calendar = None if version.calendar == ALWAYS else version.calendar
    return replace(version, since=midnight, label=since.isoformat() if since else "", calendar=calendar)


def _timed(
    cause: Exclusion, walls: tuple[datetime | None, datetime | None, datetime | None], timezone: str
) -> Exclusion:
    start, end, restored = (None if wall is None else to_utc(wall, timezone) for wall in walls)
    return replace(cause, start=start, end=end, restored_at=restored)


def _version(keys: SlaKeys, rules: tuple[Rule, ...]) -> Version:
    return Version(
        calendar=keys.calendar,
        rules=rules,
        pause_on={name: tuple(words) for name, words in keys.pause_on.items()},
        boundary=keys.boundary,
        reopen=keys.reopen,
        priority=keys.priority,
        solve_ends_reply=keys.solve_ends_reply,
        stops_on=keys.first_response.stops_on,
        anchor=keys.first_response.anchor,
        update_since=keys.update.since,
    )


def _rules(keys: SlaKeys, node: Node, number: int, names: Sequence[str]) -> Iterator[Rule]:
    taken: set[str] = set()
    for place, rule in enumerate(keys.rules):
        at = ("sla", number, "rules", place)
        _check_calendar(rule.calendar, names, node, (*at, "calendar"))
        name = rule.name or _own_name(rule, place, len(keys.rules))
        if name in taken:
            raise ConfigValue(f'two rules are called "{name}"', hint="give each its own name", where=node.place(*at))
        taken.add(name)
        limits = {timed: found for timed in TIMED if (found := getattr(rule, timed)) is not None}
        if not limits:
            message = f'the rule "{name}" sets no limit'
            raise ConfigValue(message, hint=f"it takes {', '.join(TIMED)}", where=node.place(*at))
        goals = {timed: share for timed, share in rule.goal.items() if timed in limits}
        yield Rule(name=name, when=dict(rule.when), limits=limits, goals=goals, calendar=rule.calendar)


def _own_name(rule: RuleKeys, place: int, rules: int) -> str:
    """A name for a rule without one: what it is for, or "other" of the last."""
    if rule.when:
        return ", ".join(" ".join(values) for values in rule.when.values())
    return "all" if rules == 1 else "other" if place == rules - 1 else f"rule {place + 1}"


def _check_calendar(name: str | None, known: Sequence[str], node: Node, at: Sequence[str | int]) -> None:
    if name is None or name in known:
        return
    hint = meant(name, known) or f"there are {', '.join(known)}"
    raise ConfigValue(f'no calendar is called "{name}"', hint=hint, where=node.place(*at))


def _cause(keys: ExclusionKeys) -> Exclusion:
    return Exclusion(name=keys.name, effect=keys.effect, tickets=frozenset(keys.tickets), when=dict(keys.when))

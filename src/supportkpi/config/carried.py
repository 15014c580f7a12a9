"""A helpdesk's own schedules and promised times as calendars and service levels of a settings file.

What cannot be said by a calendar or a rule stands there as a comment: nothing is promised to a ticket that the helpdesk
may not have promised to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from supportkpi.config.begun_text import line, printable, quoted, week, words
from supportkpi.config.plans import ALWAYS
from supportkpi.policies import Closing, Policies, Policy, Promise, Schedule
from supportkpi.sla import TIMED

_MOST_DAYS = 366
_GOAL = "90%"
_PRIORITIES = ("urgent", "high", "normal", "low", "lowest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What the files hold of hours and promises, and which of them their tickets have.

    ``of_tickets`` and ``hours_of_tickets``: the names of policies and schedules that tickets have, None where no table
    says so. ``unmet``: policies, by id, that ask for what no ticket has, and what that is.
    """

    policies: Policies = field(default_factory=Policies)
    of_tickets: Collection[str] | None = None
    hours_of_tickets: Collection[str] | None = None
    unmet: Mapping[str, str] = field(default_factory=dict)


# --- hours -----------------------------------------------------------------------------------------------------------


def schedules(known: Carried) -> Sequence[Schedule]:
    """The schedules with open hours, the one first that holds where nothing else is said."""
    return sorted((one for one in known.policies.schedules if one.week), key=lambda one: one.since)


def calendar_lines(known: Carried) -> Iterator[str]:
    """``calendar`` and ``calendars``, with the holidays of each."""
    found = schedules(known)
    names, labels = _calendars(found), _labels(known.policies.schedules)
    yield line(f"calendar: {quoted(names[found[0].id])}", "whose hours count; 24x7 is built in")
    yield ""
    yield line("calendars:", "the schedules of the helpdesk, as it exported them")
    for place, one in enumerate(found):
        yield f"  {quoted(names[one.id])}:"
        yield from (f"    {text}" for text in _schedule(one, known))
        if place:
            yield from (f"    {text}" for text in _claim(labels[one.id], known))
    yield from _left_over(known)


def _calendars(found: Sequence[Schedule]) -> dict[str, str]:
    """The name of each schedule's calendar, by id: its own, with the id beside it where that is taken."""
    labels = _labels(found)
    return {key: f"{name} ({key})" if name == ALWAYS else name for key, name in labels.items()}


def _labels(found: Sequence[Schedule] | Sequence[Policy]) -> dict[str, str]:
    """What each is called in the tickets, by id: a name that two share has the id beside it."""
    shared = Counter(one.name for one in found)
    return {one.id: f"{one.name} ({one.id})" if shared[one.name] > 1 else one.name for one in found}


def _schedule(one: Schedule, known: Carried) -> Iterator[str]:
    if one.zone is not None:
        yield line(f"timezone: {one.zone}", printable(one.zone_said) if one.zone_said != one.zone else "")
    else:
        said = f'the export calls it "{printable(one.zone_said)}"' if one.zone_said else "the export does not say it"
        yield line("# timezone: Europe/Berlin", f"{said}: write the zone of these hours")
    yield f"hours: {week(one.week)}"
    closed = {day: each.name for each in _closings(one, known) for day in _days(each)}
    if closed:
        yield "holidays:"
        yield "  dates:"
        yield from (line(f"    - {day}", printable(name)) for day, name in sorted(closed.items()))
    else:
        yield line("# holidays: {country: DE}", "public holidays are closed: DE, RU, US …")


def _closings(one: Schedule, known: Carried) -> Iterator[Closing]:
    """The holidays of a schedule; those of nobody belong to the only one that there is."""
    alone = len(known.policies.schedules) == 1
    for each in known.policies.closings:
        if (each.schedule == one.id or (each.schedule is None and alone)) and not _is_too_long(each):
            yield each


def _is_too_long(closing: Closing) -> bool:
    return (closing.last - closing.first).days >= _MOST_DAYS


def _days(closing: Closing) -> Iterator[date]:
    for later in range((closing.last - closing.first).days + 1):
        yield closing.first + timedelta(days=later)


def _claim(label: str, known: Carried) -> Iterator[str]:
    """For which tickets a further schedule holds."""
    if known.hours_of_tickets is None:
        yield line("# when: {group: [Second line]}", "for which tickets: the files do not say it")
    else:
        yield f"when: {words({known.policies.schedule_column or '': (label,)})}"


def _left_over(known: Carried) -> Iterator[str]:
    """Holidays that no calendar has, and what could not be read."""
    taken = [each for one in schedules(known) for each in _closings(one, known)]
    for each in known.policies.closings:
        if each not in taken:
            of = f"the schedule {each.schedule}, which is not among the files" if each.schedule else "a schedule"
            said = str(each.first) if each.first == each.last else f"{each.first} to {each.last}"
            why = "longer than a year" if _is_too_long(each) else f"a holiday of {of}" if each.schedule else "whose?"
            yield f"# {said}  {printable(each.name)}: {printable(why)}"
    for one in known.policies.schedules:
        if not one.week:
            yield f"# the schedule {printable(one.name)} has no open hours"
    yield from (f"# {printable(text)}" for text in known.policies.unread)


# --- service levels --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aimed:
    """A policy as rules know it: its name, its tickets, and why its rules stand there as comments."""

    id: str
    name: str
    when: Mapping[str, tuple[str, ...]]
    doubt: str = ""


def sla_lines(known: Carried, calendar: str | None) -> Iterator[str]:
    """``sla``: a version for each date on which a policy changed; ``calendar`` where no schedule is known."""
    names = _calendars(schedules(known))
    default = next(iter(names.values()), calendar or ALWAYS)
    aimed, before = _aimed(known), None
    head = line("sla:", f"the promises of the helpdesk, as it exported them; {_GOAL} is a proposal")
    yield head if judged(known) else f"# {head}"
    for since in _dates(known.policies.promises):
        rules = list(_rules(known, aimed, since, names))
        if rules == before:
            continue
        version = [*_version(known, since if before is not None else None, default, since), *rules]
        holds = any(not text.lstrip().startswith("#") for text in rules)  # a version of comments alone is one itself
        yield from version if holds else (text if text.startswith("#") else f"# {text}" for text in version)
        yield from _unsaid(known, since)
        before = rules
    yield from _unjudged(known.policies.promises)


def judged(known: Carried) -> Sequence[str]:
    """What rules of the promises set limits for, those that are no comments."""
    rules = {policy.id for policy in _aimed(known) if not policy.doubt}
    found = {one.timed for one in _judged(known.policies.promises) if one.policy in rules}
    return [timed for timed in TIMED if timed in found]


def _dates(promises: Sequence[Promise]) -> Sequence[date | None]:
    """The dates on which policies changed; None alone where none is told."""
    dates = sorted({one.since for one in promises if one.since is not None})
    return dates or [None]


def _version(known: Carried, since: date | None, calendar: str, first: date | None) -> Iterator[str]:
    pauses = {timed: held for timed, held in _pauses(known.policies.promises).items() if held}
    if since is not None:
        yield f"  - from: {since}"
        yield f"    calendar: {quoted(calendar)}"
    else:
        yield f"  - calendar: {quoted(calendar)}"
        if first is not None:
            yield line(f"    # from: {first}", "known from then on; older tickets are judged by it, too")
    if pauses:
        shown = ", ".join(f"{name}: [{', '.join(held)}]" for name, held in pauses.items())
        yield f"    pause_on: {{{shown}}}"
    yield "    rules:"


def _pauses(promises: Sequence[Promise]) -> dict[str | None, tuple[str, ...]]:
    """The statuses in which each clock stands still in most of the targets."""
    counted = Counter((one.timed, one.pauses) for one in _judged(promises))
    return {timed: pauses for (timed, pauses), _ in reversed(counted.most_common())}


def _judged(promises: Sequence[Promise]) -> list[Promise]:
    return [one for one in promises if one.timed is not None]


def _aimed(known: Carried) -> list[_Aimed]:
    """The policies in the order in which they are tried, each with the tickets that it is for."""
    told = {one.id: one for one in known.policies.policies}
    labels = _labels(known.policies.policies)
    ids = dict.fromkeys(one.policy for one in known.policies.promises)
    order = sorted(ids, key=lambda key: told[key].place if key in told else 0.0)
    return [_aim(key, labels.get(key, key), told.get(key), place, known) for place, key in enumerate(order)]


def _aim(key: str, name: str, policy: Policy | None, place: int, known: Carried) -> _Aimed:
    column = known.policies.policy_column
    if column is not None and known.of_tickets is not None:
        doubt = "" if name in known.of_tickets else "no ticket of the files has this policy"
        return _Aimed(id=key, name=name, when={column: (name,)}, doubt=doubt)
    if policy is not None and policy.when is not None:
        doubt = f"no rule can say: {'; '.join(policy.unsaid)}" if policy.unsaid else known.unmet.get(key, "")
        return _Aimed(id=key, name=name, when=policy.when, doubt=doubt)
    doubt = "" if place == 0 else "the files do not say for which tickets this policy is: add that to when"
    return _Aimed(id=key, name=name, when={}, doubt=doubt)


def _rules(known: Carried, aimed: Sequence[_Aimed], since: date | None, names: Mapping[str, str]) -> Iterator[str]:
    for policy in aimed:
        held = _current([one for one in known.policies.promises if one.policy == policy.id], since)
        lead = "      # " if policy.doubt else "      "
        if policy.doubt and held:
            yield f"      # {printable(f'{policy.name}: {policy.doubt}')}"
        for priority in _in_order(held):
            mine = [one for one in _judged(held) if one.priority == priority]
            yield from (f"{lead}{text}" for text in _of_priority(policy, priority, mine, known, names))


def _current(promises: Sequence[Promise], since: date | None) -> list[Promise]:
    """Those that hold on a date: the newest by then, else the oldest that are known."""
    dates = sorted({one.since for one in promises if one.since is not None})
    held = max((day for day in dates if since is not None and day <= since), default=dates[0] if dates else None)
    return [one for one in promises if one.since == held]


def _in_order(promises: Sequence[Promise]) -> list[str | None]:
    found = dict.fromkeys(one.priority for one in _judged(promises))
    rank = {name: place for place, name in enumerate(_PRIORITIES)}
    return sorted(found, key=lambda name: rank.get(name or "", len(rank) + (name is None)))


def _of_priority(
    policy: _Aimed, priority: str | None, promises: Sequence[Promise], known: Carried, names: Mapping[str, str]
) -> Iterator[str]:
    """The rules of one priority: those of working hours on each schedule, those around the clock."""
    chosen = _chosen(promises)
    when = {**policy.when, **({"priority": (priority,)} if priority is not None else {})}
    title = " ".join(part for part in (policy.name, priority) if part)
    hourly = [one for one in chosen.values() if one.in_hours]
    steady = [one for one in chosen.values() if not one.in_hours]
    for label, calendar in _others(known, names) if hourly else ():
        own = {**when, known.policies.schedule_column or "": (label,)}
        yield _rule(f"{title}, {calendar}", own, hourly, calendar)
    if hourly:
        yield _rule(title, when, hourly, None)
    if steady:
        yield _rule(f"{title}, around the clock" if hourly else title, when, steady, ALWAYS)


def _chosen(promises: Sequence[Promise]) -> dict[str | None, Promise]:
    """The target of a policy and priority for each clock: the first of several."""
    chosen: dict[str | None, Promise] = {}
    for one in promises:
        chosen.setdefault(one.timed, one)
    return chosen


def _unsaid(known: Carried, since: date | None) -> Iterator[str]:
    """What rules of a version cannot say of targets: another one for the same clock, other pauses."""
    pauses, found = _pauses(known.policies.promises), []
    labels = _labels(known.policies.policies)
    for policy in dict.fromkeys(one.policy for one in known.policies.promises):
        held = _judged(_current([one for one in known.policies.promises if one.policy == policy], since))
        for priority in _in_order(held):
            mine = [one for one in held if one.priority == priority]
            for one in mine:
                title = f"{labels.get(policy, policy)}: {one.metric}"
                if one not in _chosen(mine).values():
                    found.append(f"{title} of {_span(one.seconds)} for {priority or 'all'}: a rule has one {one.timed}")
                elif one.pauses != pauses[one.timed]:
                    still = f"stands still in {' and '.join(one.pauses)}" if one.pauses else "never stands still"
                    found.append(f"{title} {still}, unlike pause_on")
    yield from (f"      # {printable(text)}" for text in dict.fromkeys(found))


def _others(known: Carried, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The further schedules that tickets have, and their calendars."""
    labels = _labels(known.policies.schedules)
    for key, calendar in list(names.items())[1:]:
        if known.hours_of_tickets is not None and labels[key] in known.hours_of_tickets:
            yield labels[key], calendar


def _rule(name: str, when: Mapping[str, Sequence[str]], promises: Sequence[Promise], calendar: str | None) -> str:
    parts = [f"name: {quoted(name)}"]
    if when:
        parts.append(f"when: {words(when)}")
    if calendar is not None:
        parts.append(f"calendar: {quoted(calendar)}")
    parts += [f"{one.timed}: {_span(one.seconds)}" for one in promises]
    return f"- {{{', '.join(parts)}, goal: {_GOAL}}}"


def _span(seconds: float) -> str:
    for unit, letter in ((3600, "h"), (60, "m")):
        if seconds % unit == 0:
            return f"{seconds / unit:.0f}{letter}"
    return f"{seconds:g}s"


def _unjudged(promises: Sequence[Promise]) -> Iterator[str]:
    for metric, count in Counter(one.metric for one in promises if one.timed is None).items():
        times = "1 target" if count == 1 else f"{count} targets"
        yield f"# {printable(metric)}: {times}, and nothing here measures that"

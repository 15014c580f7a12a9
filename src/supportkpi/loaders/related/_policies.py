"""Schedules, holidays and policies of service levels, as Zendesk keeps them in tables and in records of their own.

Times of a schedule are minutes since the midnight in which Sunday begins, by the wall clock of its zone; holidays
include their last day; targets are minutes. A policy's targets are there once for each version of it, with the instant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import PurePath
from zoneinfo import available_timezones

import yaml

from supportkpi.calendars.hours import WEEKDAYS, written
from supportkpi.loaders.related._known import column_of
from supportkpi.loaders.tables import Table
from supportkpi.policies import Closing, Policies, Policy, Promise, Schedule

_OF_TICKETS: Mapping[str, Policies] = {
    "ticket_sla_policy": Policies(policy_column="sla_policy"),
    "ticket_schedule": Policies(schedule_column="schedule"),
}
"""Tables of which ticket has which, and the ticket columns that they fill."""
_WEEK, _DAY, _MINUTE = 7 * 1440, 1440, 60
_METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "first_reply_time": ("first_response", ()),
    "next_reply_time": ("next_response", ()),
    "requester_wait_time": ("resolution", ("pending",)),
    "agent_work_time": ("resolution", ("pending", "hold")),
    "total_resolution_time": ("resolution", ()),
    "periodic_update_time": ("update", ()),
    "pausable_update_time": ("update", ("pending",)),
}
"""What each metric is to us, and the statuses in which its clock stands still."""
_PRIORITIES = {"medium": "normal"}
_TAGS = "current_tags"
_COLUMNS = {
    "group_id": "group",
    "organization_id": "organization_id",
    "priority": "priority",
    "type": "type",
    _TAGS: "tag",
}
"""Fields of a policy's conditions that are ticket columns."""
Record = Mapping[str, object]
Labels = Mapping[str, Mapping[str, str]]
"""column -> id -> name."""


def of_table(name: str, table: Table) -> Policies | None:
    """What a table of a source holds of policies; None for one that holds none."""
    if name in _OF_TICKETS:
        return _OF_TICKETS[name]
    reader = _TABLES.get(name)
    if reader is None:
        return None
    known = {wanted: held for wanted in _HEADERS if (held := column_of(table, wanted)) is not None}
    rows = table.frame.select(known.values()).collect().to_dicts()
    return reader([{wanted: row[held] for wanted, held in known.items()} for row in rows])


_HEADERS = (
    *("id", "name", "title", "time_zone", "start_time", "end_time", "created_at", "schedule_id", "start_date"),
    *("end_date", "sla_policy_id", "metric", "priority", "target", "target_in_seconds", "business_hours"),
    *("sla_policy_updated_at", "position"),
)


def of_records(name: str, table: Table, labels: Labels) -> Policies | None:
    """What records beside tickets hold of policies; None for those that hold none.

    ``labels`` are the names of ids in conditions.
    """
    if name == "schedules":
        return _schedules([{**one, **span} for one in table.records for span in _listed(one.get("intervals"))])
    if name == "holidays":
        number = re.search(r"\d{3,}", PurePath(table.name).stem)
        of = number[0] if number is not None else None
        return _closings([{"schedule_id": of, **one} for one in table.records])
    return _policies_of(table.records, labels) if name == "sla_policies" else None


def _listed(value: object) -> list[Record]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


# --- hours -----------------------------------------------------------------------------------------------------------


def _schedules(rows: Sequence[Record]) -> Policies:
    """A schedule for each id, of a row a span."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(_text(row.get("id")) or "", []).append(row)
    found.pop("", None)
    made, unread = [], []
    for key, mine in found.items():
        name = _text(mine[0].get("name")) or key
        spans = [_minutes(row) for row in mine]
        sound = [span for span in spans if span is not None]
        if len(sound) < len(spans):
            unread.append(f"{len(spans) - len(sound)} of the spans of the schedule {name} cannot be read")
        said = _text(mine[0].get("time_zone")) or ""
        since = _text(mine[0].get("created_at")) or ""
        made.append(Schedule(id=key, name=name, zone=_zone(said), zone_said=said, week=_week(sound), since=since))
    return Policies(schedules=tuple(made), unread=tuple(unread))


def _minutes(row: Record) -> tuple[int, int] | None:
    start, end = _number(row.get("start_time")), _number(row.get("end_time"))
    if start is None or end is None or not 0 <= start < end <= _WEEK or start % 1 or end % 1:
        return None
    return int(start), int(end)


def _week(spans: Sequence[tuple[int, int]]) -> dict[str, tuple[str, ...]]:
    """The days with their spans, Monday first; what runs past midnight goes on with the next day."""
    open_minutes = _merged(spans)
    days: dict[str, tuple[str, ...]] = {}
    for place, name in enumerate(WEEKDAYS):
        midnight = (place + 1) % 7 * _DAY  # the week of the export begins with Sunday
        inside = [(max(low - midnight, 0), min(high - midnight, _DAY)) for low, high in open_minutes]
        mine = [(low * _MINUTE, high * _MINUTE) for low, high in inside if low < high]
        if mine:
            days[name] = written(mine)
    return days


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if made and low <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return made


@cache
def _zones() -> Mapping[str, str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    page = yaml.load(resources.files(__package__).joinpath("zones.yaml").read_text("utf-8"), Loader=loader)  # noqa: S506
    return {str(name).casefold(): str(zone) for name, zone in page.items()}


def _zone(said: str) -> str | None:
    return _zones().get(said.casefold()) or (said if said in available_timezones() else None)


def _closings(rows: Sequence[Record]) -> Policies:
    made, unread = [], 0
    for row in rows:
        first, last = _date(row.get("start_date")), _date(row.get("end_date"))
        name = _text(row.get("name")) or ""
        if first is None or (last or first) < first:
            unread += 1
            continue
        made.append(Closing(schedule=_text(row.get("schedule_id")), name=name, first=first, last=last or first))
    said = (f"{unread} of the holidays cannot be read",) if unread else ()
    return Policies(closings=tuple(made), unread=said)


# --- service levels --------------------------------------------------------------------------------------------------


def _promises(rows: Sequence[Record]) -> Policies:
    """The targets; of two that are for one priority of ours the one that is called so."""
    made = [_promise(_text(row.get("sla_policy_id")) or "", row) for row in rows]
    sound = [one for one in made if one is not None]
    lost = len(made) - len(sound)
    said = [f"{lost} of the targets of service levels cannot be read"] if lost else []
    own = {_key(one) for one in sound if one.priority not in _PRIORITIES}
    kept = []
    for one in sound:
        ours = replace(one, priority=_PRIORITIES.get(one.priority or "", one.priority))
        if one.priority in _PRIORITIES and _key(ours) in own:
            said.append(f"{one.metric} of policy {one.policy} for {one.priority}: {ours.priority} has a target, too")
        else:
            kept.append(ours)
    return Policies(promises=tuple(kept), unread=tuple(said))


def _key(one: Promise) -> tuple[object, ...]:
    return one.policy, one.since, one.metric, one.priority


def _promise(policy: str, row: Record) -> Promise | None:
    metric, minutes = _text(row.get("metric")), _number(row.get("target"))
    exact = _number(row.get("target_in_seconds"))
    seconds = exact if exact is not None else minutes * _MINUTE if minutes is not None else None
    if not policy or metric is None or seconds is None or seconds <= 0:
        return None
    timed, pauses = _METRICS.get(metric.casefold(), (None, ()))
    priority = (_text(row.get("priority")) or "").casefold() or None
    return Promise(
        policy=policy,
        metric=metric,
        timed=timed,
        priority=priority,
        seconds=seconds,
        in_hours=str(row.get("business_hours")).casefold() in ("true", "1", "t"),
        pauses=pauses,
        since=_date(row.get("sla_policy_updated_at")),
    )


def _names(rows: Sequence[Record]) -> Policies:
    """The policies of a table that only names them."""
    found = [(_text(row.get("id")), _text(row.get("title")), _number(row.get("position"))) for row in rows]
    made = [Policy(id=key, name=name or key, place=place or 0.0) for key, name, place in found if key is not None]
    return Policies(policies=tuple({one.id: one for one in made}.values()))


def _policies_of(records: Sequence[Record], labels: Labels) -> Policies:
    """Policies with their conditions and targets."""
    policies, made = [], Policies()
    for place, one in enumerate(records):
        key = _text(one.get("id")) or str(place + 1)
        when, unsaid = _conditions(one.get("filter"), labels)
        rank = _number(one.get("position"))
        policies.append(
            Policy(
                id=key,
                name=_text(one.get("title")) or key,
                place=rank if rank is not None else float(place),
                when=when,
                unsaid=unsaid,
            )
        )
        made += _promises([{**target, "sla_policy_id": key} for target in _listed(one.get("policy_metrics"))])
    return made + Policies(policies=tuple(policies))


def _conditions(given: object, labels: Labels) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    """The conditions that a rule can say, and the others in words."""
    held = given if isinstance(given, dict) else {}
    when: dict[str, tuple[str, ...]] = {}
    unsaid = []
    for one in _listed(held.get("all")):
        said = _condition(one, labels)
        if said is None or said[0] in when:
            unsaid.append(_words(one))
        else:
            when[said[0]] = said[1]
    either = _listed(held.get("any"))
    found = [_condition(one, labels) for one in either]
    columns = {said[0] for said in found if said is not None}
    if either and None not in found and len(columns) == 1 and not columns & {*when}:
        when[columns.pop()] = tuple(value for said in found if said is not None for value in said[1])
    elif either:
        unsaid.append(" or ".join(map(_words, either)))
    return when, tuple(unsaid)


def _condition(one: Record, labels: Labels) -> tuple[str, tuple[str, ...]] | None:
    field, value = _text(one.get("field")) or "", one.get("value")
    column = _COLUMNS.get(field)
    if field == _TAGS and isinstance(value, str):
        value = value.split()  # any of the words
    values = [_text(each) for each in (value if isinstance(value, list) else [value])]
    plain = [each for each in values if each is not None]
    if column is None or one.get("operator") not in ("is", "includes") or not plain or len(plain) < len(values):
        return None
    names = labels.get(column, {})
    return column, tuple(names.get(each, _PRIORITIES.get(each, each)) for each in plain)


def _words(one: Record) -> str:
    value = one.get("value")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    parts = (str(one.get("field") or "?"), str(one.get("operator") or "").replace("_", " "), shown)
    return " ".join(part for part in parts if part)


# --- values ----------------------------------------------------------------------------------------------------------


def _text(value: object) -> str | None:
    if value is None or isinstance(value, bool | dict | list):
        return None
    return str(value).strip() or None


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


_TABLES: Mapping[str, Callable[[Sequence[Record]], Policies]] = {
    "schedule": _schedules,
    "schedule_holiday": _closings,
    "sla_policy_metric": _promises,
    "sla_policy": _names,
}

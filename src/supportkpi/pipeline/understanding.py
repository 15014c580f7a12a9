"""What files say of themselves, for a first settings file: zone, words, hours of work, priorities, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from supportkpi.calendars import zone_of
from supportkpi.calendars.hours import WEEKDAYS
from supportkpi.clocks import given
from supportkpi.config.beginning import Understood
from supportkpi.config.carried import Carried
from supportkpi.decisions import Reading, Settings
from supportkpi.errors import ZoneUnknown
from supportkpi.facts import Facts
from supportkpi.facts.choices import unmet
from supportkpi.pipeline.inspection import Ability, inspect
from supportkpi.pipeline.measuring import fold
from supportkpi.policies import Policies, Policy
from supportkpi.schema import PRIORITIES, Dataset, Provenance
from supportkpi.sla import Timed

_ENOUGH = 50
_OPEN_FROM = 0.2
"""A day is one of work from this share of the busiest day's answers on."""
_TAILS = 0.02
"""The share of answers at each end of a day that may be early birds and night owls."""
_ALL_DAY_H = 20
_STOPS: Mapping[Timed, str] = {"first_response": "first_reply_at", "resolution": "resolved_at"}
_GROUPS = 6


def understood(data: Dataset, reading: Reading) -> Understood:
    """What was understood of files, for ``config.beginning``."""
    zone, source = _zone(data.provenance, reading)
    facts = fold(data, Settings(timezone=zone))
    counted = facts.tickets.filter(pl.col("exclusion").is_null())
    hours, share = _hours(_answers(counted, facts), zone)
    missing = {able.metric.name: _why(able) for able in inspect(facts.dataset).abilities if _is_no(able)}
    return Understood(
        files=[_said(each) for each in data.provenance],
        zone=zone,
        zone_source=source,
        reading=reading,
        rush=None if facts.by_day("created_at") else _rush(counted["created_at"], zone),
        unknown=_unknown(data.provenance),
        hours=hours,
        share=share,
        priorities=_counts(counted["priority"]),
        limits=[timed for timed, stop in _STOPS.items() if stop not in facts.unobserved and counted[stop].count()],
        own=given(facts) is not None,
        pauses="intervals" not in facts.unobserved,
        groups=[name for name in _counts(counted["group"]) if name is not None][:_GROUPS],
        lacks=missing,
        carried=_carried(data.policies, facts.dataset.tickets),
    )


def _carried(policies: Policies, tickets: pl.DataFrame) -> Carried:
    """The hours and promises of the helpdesk, and which of them the tickets have."""

    def of(column: str | None) -> frozenset[str] | None:
        if column is None or column not in tickets.columns:
            return None
        return frozenset(tickets[column].drop_nulls().unique().to_list())

    met = [_met(one, tickets) for one in policies.policies]
    return Carried(
        policies=replace(
            policies,
            policies=tuple(one for one, _ in met),
            unread=(
                *policies.unread,
                *(f"{one.name} is not for all that it asks for: {why}" for one, why in met if why),
            ),
        ),
        of_tickets=of(policies.policy_column),
        hours_of_tickets=of(policies.schedule_column),
        unmet={one.id: why for one in policies.policies if (why := _unmet(one, tickets)) is not None},
    )


def _unmet(policy: Policy, tickets: pl.DataFrame) -> str | None:
    """Why no ticket can have a policy: a column of which none has any of its values; None where some may."""
    for name, values in (policy.when or {}).items():
        whys = [next(unmet(tickets, {name: (value,)}, of="it"), None) for value in values]
        if None not in whys and not (name == "priority" and {*values} & {*PRIORITIES}):
            return whys[0]
    return None


def _met(policy: Policy, tickets: pl.DataFrame) -> tuple[Policy, str]:
    """The policy with the values alone that tickets have, and what has been left out of it."""
    when: dict[str, tuple[str, ...]] = {}
    left: list[str] = []
    for name, values in (policy.when or {}).items():
        whys = {value: next(unmet(tickets, {name: (value,)}, of="it"), None) for value in values}
        present = tuple(value for value, why in whys.items() if why is None)
        when[name] = present or values
        left += [why for why in whys.values() if why is not None and present]
    return (replace(policy, when=when) if policy.when else policy), "; ".join(left)


def _is_no(able: Ability) -> bool:
    return able.verdict == "no" or "no ticket has it" in able.reasons


def _why(able: Ability) -> str:
    """The first of the reasons: the others come up when that one is gone."""
    return able.reasons[0].partition("; ")[0] if able.reasons else "not in these files"


def _said(source: Provenance) -> str:
    rows = f"{source.rows:,} rows" if source.rows != 1 else "1 row"
    return f"{PurePath(source.path).name}: {source.title}, {rows}, {source.encoding}"


def _zone(sources: Sequence[Provenance], reading: Reading) -> tuple[str, str]:
    """The zone that the dates were read in and where it comes from; the first file without one decides."""
    naive = [source for source in sources if source.zone_source != "file"]
    if reading.source_timezone is not None:
        return zone_of(reading.source_timezone).key, "option"
    for source in [*naive, *sources]:
        try:
            return zone_of(source.zone).key, source.zone_source
        except ZoneUnknown:
            continue
    return "UTC", "file"


def _unknown(sources: Sequence[Provenance]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for source in sources:
        for name, words in source.unmapped.items():
            for word, rows in words.items():
                into = found.setdefault(name, {})
                into[word] = into.get(word, 0) + rows
    return found


def _counts(column: pl.Series) -> dict[str | None, int]:
    """Tickets by value, the most frequent first."""
    counted = (
        column.cast(pl.String)
        .rename("value")
        .to_frame()
        .group_by("value")
        .len()
        .sort("len", "value", descending=[True, False])
    )
    return dict(counted.iter_rows())


# --- hours -----------------------------------------------------------------------------------------------------------


def _answers(tickets: pl.DataFrame, facts: Facts) -> pl.Series:
    """When people worked: their first replies, or the solutions where no replies are shown with their hours."""
    timed = [name for name in _STOPS.values() if name in tickets.columns and not facts.by_day(name)]
    found = [tickets[name].drop_nulls() for name in timed]
    return next((instants for instants in found if len(instants) >= _ENOUGH), pl.Series(dtype=pl.Datetime("us", "UTC")))


def _hours(instants: pl.Series, zone: str) -> tuple[dict[str, tuple[str, ...]], float | None]:
    """Days and hours in which nearly all was done, and how much of it; nothing of too few."""
    if len(instants) < _ENOUGH:
        return {}, None
    local = instants.dt.convert_time_zone(zone).rename("at").to_frame()
    at = local.select(day=pl.col("at").dt.weekday() - 1, hour=pl.col("at").dt.hour())
    days = dict(at.group_by("day").len().iter_rows())
    worked = [day for day in range(7) if days.get(day, 0) >= _OPEN_FROM * max(days.values())]
    spans = {
        part: span
        for part in (tuple(day for day in worked if day < 5), tuple(day for day in worked if day >= 5))
        if part and (span := _span(at.filter(pl.col("day").is_in(part))["hour"])) is not None
    }
    if len(worked) == 7 and all(closing - opening >= _ALL_DAY_H for opening, closing in spans.values()):
        return {"daily": ("00:00-24:00",)}, 1.0
    inside = sum(
        at.filter(pl.col("day").is_in(part) & pl.col("hour").is_between(opening, closing - 1)).height
        for part, (opening, closing) in spans.items()
    )
    named: dict[str, tuple[str, ...]] = {
        run: (f"{opening:02}:00-{closing:02}:00",) for part, (opening, closing) in spans.items() for run in _runs(part)
    }
    return named, inside / at.height


def _span(hours: pl.Series) -> tuple[int, int] | None:
    first, last = hours.quantile(_TAILS, "nearest"), hours.quantile(1 - _TAILS, "nearest")
    return None if first is None or last is None else (int(first), int(last) + 1)


def _runs(days: Sequence[int]) -> Iterator[str]:
    """mon-thu, sat: days that follow one another under one name."""
    start = 0
    for place in range(1, len(days) + 1):
        if place == len(days) or days[place] != days[place - 1] + 1:
            first, last = WEEKDAYS[days[start]], WEEKDAYS[days[place - 1]]
            yield first if first == last else f"{first}-{last}"
            start = place


def _rush(created: pl.Series, zone: str) -> str | None:
    """10:00–12:00: the two hours of a day in which most tickets come."""
    if created.count() < _ENOUGH:
        return None
    hours = dict(created.drop_nulls().dt.convert_time_zone(zone).dt.hour().value_counts().iter_rows())
    busiest = max(range(24), key=lambda hour: (hours.get(hour, 0) + hours.get((hour + 1) % 24, 0), -hour))
    return f"{busiest:02}:00–{(busiest + 2) % 24:02}:00"

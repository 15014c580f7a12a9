"""The keys of ``supportkpi.yaml``: what each takes, and which ones are for later versions (interface.md 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from supportkpi import durations
from supportkpi.calendars import zone_of
from supportkpi.calendars.hours import parse_hours, spans, week, written
from supportkpi.errors import ConfigValue
from supportkpi.scales import scale
from supportkpi.texts import Number, Text, in_place

_SPANS = 'spans such as ["09:00-13:00", "14:00-18:00"]'


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else _no_date(value)
    except ValueError:
        return _no_date(value)


def _no_date(value: str) -> date:
    raise ConfigValue(f'"{value}" is no date', hint="write 2026-03-09")


def _spans(value: object) -> object:
    return list(written(spans(value, of="this day"))) if isinstance(value, str | Sequence) else value


def _weekly(value: object) -> object:
    return parse_hours(value) if isinstance(value, str) else value


def _checked_week(hours: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    week(hours)
    return hours


def _cut(value: object) -> object:
    """Seconds of ``-1h``: whole minutes, less than a day, and written as the reduction that it is."""
    text = value.strip().replace("\u2212", "-") if isinstance(value, str) else ""
    if not text.startswith("-"):
        raise ConfigValue(f"{value!r} does not make a day shorter", hint="write -1h")
    seconds = durations.parse(text[1:])
    if not 0 < seconds < durations.DAY or seconds % durations.MINUTE:
        raise ConfigValue(f'"{value}" is not between a minute and a day in whole minutes', hint="write -1h")
    return int(seconds)


def _share(value: object) -> object:
    """A share in 0-1 of ``0.5%``; of bare numbers only 0 is not ambiguous."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    if found is not None and float(found[1].replace(",", ".")) <= 100:
        return float(found[1].replace(",", ".")) / 100
    if value == 0 and not isinstance(value, bool):
        return 0.0
    raise ConfigValue(f"{value!r} is no share of rows", hint='write "0.5%", or 0 for none at all')


def _several(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _word(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


Zone = Annotated[str, AfterValidator(in_place(lambda name: zone_of(name).key))]
Day = Annotated[date, BeforeValidator(in_place(_day))]
Spans = Annotated[tuple[str, ...], BeforeValidator(in_place(_spans)), Field(description=_SPANS)]
Hours = Annotated[dict[str, Spans], BeforeValidator(in_place(_weekly)), AfterValidator(in_place(_checked_week))]
Words = Annotated[
    tuple[Annotated[Text, BeforeValidator(_word)], ...],
    BeforeValidator(_several),
    Field(description="a value or a list of values"),
]
ScaleName = Annotated[str, AfterValidator(in_place(lambda name: scale(name).name))]


def _with_customer(key: tuple[str, ...]) -> tuple[str, ...]:
    """A contact repeats another of the same customer; the category may be asked for beside that."""
    if "customer" not in key:
        raise ConfigValue("contacts of different customers never repeat each other", hint="write [customer, category]")
    return tuple(dict.fromkeys(key))


def _version(value: object) -> object:
    return f"{value:.1f}" if isinstance(value, int | float) and not isinstance(value, bool) else value


class Keys(BaseModel):
    """A mapping of which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HolidaysKeys(Keys):
    """``holidays`` of a calendar."""

    LATER: ClassVar[frozenset[str]] = frozenset({"hours"})

    country: Text | None = Field(default=None, description="an ISO code such as RU or DE")
    subdivision: Text | None = Field(default=None, description="a region of the country such as BY")
    dates: tuple[Day, ...] = Field(default=(), description="a list of dates such as [2026-12-24]")
    before_holiday: Annotated[int, BeforeValidator(in_place(_cut))] | None = Field(
        default=None, description="by how much the day before a holiday is shorter, such as -1h"
    )


class CalendarKeys(Keys):
    """One calendar, or one version of it."""

    since: Day | None = Field(default=None, alias="from", description="the date from which this version holds")
    timezone: Zone | None = Field(default=None, description="an IANA zone such as Europe/Moscow")
    hours: Hours = Field(default={}, description=f"days with {_SPANS}, or a text such as mon-fri 09:00-18:00")
    holidays: HolidaysKeys = Field(
        default=HolidaysKeys(), description="keys with values: country, subdivision, dates, before_holiday"
    )
    days: dict[Day, Spans] = Field(default={}, description=f"dates with {_SPANS}; [] is closed")
    breaks: dict[Day, Spans] = Field(default={}, description=f"dates with {_SPANS} that are cut out")
    when: dict[str, Words] = Field(default={}, description="ticket columns with values, such as {region: EU}")


Versions = Annotated[
    tuple[CalendarKeys, ...],
    BeforeValidator(_several),
    Field(description="keys with values: hours, holidays, days, breaks, timezone, when", min_length=1),
]


class SourceKeys(Keys):
    """``source``: how the files are to be read."""

    timezone: Zone | None = Field(default=None, description="the IANA zone of dates without an offset")
    dayfirst: StrictBool | None = Field(default=None, description="true (31/12/2026) or false (12/31/2026)")
    date_format: str | None = Field(default=None, description='a format such as "%d.%m.%Y %H:%M"')
    encoding: Text | None = Field(default=None, description="an encoding such as cp1251")
    delimiter: str | None = Field(default=None, description='one character such as ";"')
    sheet: Text | None = Field(default=None, description="the name of a workbook's sheet")
    columns: dict[str, Annotated[Text, Field(description="the name of a column")]] = Field(
        default={}, description="fields with columns, such as {created_at: Opened}"
    )


class FirstResponseKeys(Keys):
    """``first_response``: options of first response time (method 2.1)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"clock", "statistics", "stops_on"})

    anchor: Literal["created", "first_customer_message", "handoff", "reopen_after_bot"] = "created"
    bots: Literal["exclude", "include"] = "exclude"
    outbound: Literal["exclude", "anchor_customer", "zendesk"] = "exclude"


class CsatKeys(Keys):
    """``csat``: options of satisfaction (method 2.4)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"unit"})

    scale: ScaleName | None = Field(default=None, description="a scale such as 1-5, 0-10 or binary")
    satisfied_from: Number | None = Field(default=None, description="the lowest score that counts as satisfied")
    duplicates: Literal["last", "first", "all"] = "last"


class NpsKeys(Keys):
    """``nps``: options of the net promoter score (method 2.5)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"transactional_hours", "interval"})

    duplicates: Literal["last_per_customer", "all"] = "last_per_customer"
    scale: Literal["0-10", "1-10"] | None = None


class NextResponseKeys(Keys):
    """``next_response``: options of next response time."""

    include_first: StrictBool = False
    start: Literal["oldest", "latest"] = "oldest"


Key = Annotated[
    tuple[Literal["customer", "category"], ...],
    BeforeValidator(_several),
    AfterValidator(in_place(_with_customer)),
    Field(description="customer, or [customer, category]"),
]
Days = Annotated[int, Field(ge=1, le=366, description="a number of days such as 7")]


class FcrKeys(Keys):
    """``fcr``: options of first contact resolution (method 2.3)."""

    preset: Literal["repeat_free", "one_touch", "intercom", "freshservice"] = "repeat_free"
    window_days: Days = 7
    key: Key = ("customer", "category")


class RepeatsKeys(Keys):
    """``repeats``: options of the repeat-contact rate (method 2.7)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"table", "quality", "boundary"})

    window_days: Days = 7
    key: Key = ("customer", "category")
    anchor: Literal["solved", "created"] = "solved"
    returned_days: Days = 30


class CesKeys(Keys):
    """``ces``: options of the customer effort score (method 2.6)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"value"})

    version: Annotated[Literal["2.0", "1.0"], BeforeValidator(_version)] = "2.0"
    scale: ScaleName | None = Field(default=None, description="a scale such as 1-7 or 1-5")


class EscalationKeys(Keys):
    """``escalation``: what an escalation is (method 2.9)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"by", "count"})

    levels: dict[str, Annotated[int, Field(ge=1, le=9, description="a support line from 1 to 9")]] = Field(
        default={}, description='groups with support lines, such as {"Second line": 2}'
    )
    field: Text | None = Field(default=None, description="the name of a column that says yes or no")
    tags: Words = Field(default=(), description="tags of escalated tickets")


class CostKeys(Keys):
    """``cost``: options of cost per contact (method 2.10)."""

    denominator: Literal["handled", "created", "resolved"] = "handled"


Category = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]


class ConfigKeys(Keys):
    """The whole file."""

    LATER: ClassVar[frozenset[str]] = frozenset(
        {
            *("agents", "annotations", "as_of", "attribution", "backlog", "benchmarks", "calendar_at", "charts"),
            *("checks", "compare", "credits", "dimensions", "events", "exclusions"),
            *("goals", "guardrails", "helpdesk", "links", "load", "load_bands", "percentiles"),
            *("population", "privacy", "resolution", "sla", "surveys", "uncertainty"),
        }
    )

    timezone: Zone | None = Field(default=None, description="an IANA zone such as Europe/Moscow")
    calendar: Text | None = Field(default=None, description="the name of a calendar below, or 24x7")
    calendars: dict[str, Versions] = Field(
        {}, description="names with keys: hours, holidays, days, breaks, timezone, when"
    )
    source: SourceKeys = Field(default=SourceKeys(), description="keys with values: timezone, dayfirst and others")
    targets: dict[str, Annotated[str | Number, Field(description='a value such as ">= 90%" or PT1H')]] = Field(
        default={}, description='KPIs with values, such as {csat: ">= 90%"}'
    )
    labels: dict[str, Annotated[Text, Field(description="a title")]] = Field(
        default={}, description="KPIs with titles of your own"
    )
    first_response: FirstResponseKeys = Field(
        default=FirstResponseKeys(), description="keys with values: anchor, bots, outbound"
    )
    csat: CsatKeys = Field(default=CsatKeys(), description="keys with values: scale, satisfied_from, duplicates")
    nps: NpsKeys = Field(default=NpsKeys(), description="keys with values: duplicates, scale")
    next_response: NextResponseKeys = Field(
        default=NextResponseKeys(), description="keys with values: include_first, start"
    )
    fcr: FcrKeys = Field(default=FcrKeys(), description="keys with values: preset, window_days, key")
    repeats: RepeatsKeys = Field(
        default=RepeatsKeys(), description="keys with values: window_days, key, anchor, returned_days"
    )
    ces: CesKeys = Field(default=CesKeys(), description="keys with values: version, scale")
    escalation: EscalationKeys = Field(default=EscalationKeys(), description="keys with values: levels, field, tags")
    cost: CostKeys = Field(default=CostKeys(), description="keys with values: denominator")
    responders: dict[Literal["agent", "bot", "customer", "system"], Words] = Field(
        default={}, description="actors with names or patterns of names, such as {bot: [Auto*]}"
    )
    statuses: dict[str, Category] = Field(
        default={}, description="status words with categories, such as {Согласование: hold}"
    )
    max_rejects: Annotated[float, BeforeValidator(in_place(_share))] | None = Field(
        default=None, description="the share of rows that may be rejected, such as 0.5%"
    )

"""What keys of ``supportkpi.yaml`` take: zones, dates, hours, shares, lists of words, and how faults are said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from supportkpi import durations
from supportkpi.calendars import zone_of
from supportkpi.calendars.hours import parse_hours, spans, week, written
from supportkpi.errors import ConfigValue
from supportkpi.scales import scale
from supportkpi.texts import Text, in_place

SPANS_TEXT = 'spans such as ["09:00-13:00", "14:00-18:00"]'


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


def shortened(value: object) -> object:
    """Seconds of ``-1h``: whole minutes, less than a day, and written as the reduction that it is."""
    text = value.strip().replace("\u2212", "-") if isinstance(value, str) else ""
    if not text.startswith("-"):
        raise ConfigValue(f"{value!r} does not make a day shorter", hint="write -1h")
    seconds = durations.parse(text[1:])
    if not 0 < seconds < durations.DAY or seconds % durations.MINUTE:
        raise ConfigValue(f'"{value}" is not between a minute and a day in whole minutes', hint="write -1h")
    return int(seconds)


def share_of_rows(value: object) -> object:
    """A share in 0-1 of ``0.5%``; of bare numbers only 0 is not ambiguous."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    if found is not None and float(found[1].replace(",", ".")) <= 100:
        return float(found[1].replace(",", ".")) / 100
    if value == 0 and not isinstance(value, bool):
        return 0.0
    raise ConfigValue(f"{value!r} is no share of rows", hint='write "0.5%", or 0 for none at all')


def address(value: object) -> object:
    """The template of a ticket's address: http or https, a host, and ``{id}`` behind it."""
    written = value if isinstance(value, str) else ""
    if re.fullmatch(r"https?://[^\s/?#{}<>\"\\@]+[/?#][^\s<>\"\\]*", written) and "{id}" in written:
        return written
    example = "https://acme.zendesk.com/agent/tickets/{id}"
    raise ConfigValue(f"{value!r} is no address of a ticket", hint=f'write "{example}"')


def several(value: object) -> object:
    """A list; one value alone is a list of one."""
    return value if isinstance(value, list) else [value]


def _word(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


Zone = Annotated[str, AfterValidator(in_place(lambda name: zone_of(name).key))]
Day = Annotated[date, BeforeValidator(in_place(_day))]
Spans = Annotated[
    tuple[str, ...],
    BeforeValidator(in_place(_spans), json_schema_input_type=str | tuple[str, ...]),
    Field(description=SPANS_TEXT),
]
Hours = Annotated[
    dict[str, Spans],
    BeforeValidator(in_place(_weekly), json_schema_input_type=str | dict[str, Spans]),
    AfterValidator(in_place(_checked_week)),
]
_Scalar = str | int | bool
Words = Annotated[
    tuple[Annotated[Text, BeforeValidator(_word)], ...],
    BeforeValidator(several, json_schema_input_type=_Scalar | tuple[_Scalar, ...]),
    Field(description="a value or a list of values"),
]
ScaleName = Annotated[str, AfterValidator(in_place(lambda name: scale(name).name))]


class Keys(BaseModel):
    """A mapping of which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

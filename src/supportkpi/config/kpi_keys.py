"""The sections of options of KPIs in ``supportkpi.yaml``, a class each (method 2.19)."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool

from supportkpi.config.kinds import Keys, ScaleName, Words, several
from supportkpi.errors import ConfigValue
from supportkpi.texts import Number, Text, in_place


def _with_customer(key: tuple[str, ...]) -> tuple[str, ...]:
    """A contact repeats another of the same customer; the category may be asked for beside that."""
    if "customer" not in key:
        raise ConfigValue("contacts of different customers never repeat each other", hint="write [customer, category]")
    return tuple(dict.fromkeys(key))


def _version(value: object) -> object:
    return f"{value:.1f}" if isinstance(value, int | float) and not isinstance(value, bool) else value


def _worked(value: object) -> object:
    """The share of ``60%``, above 0."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    share = float(found[1].replace(",", ".")) / 100 if found is not None else 0.0
    if not 0 < share <= 1:
        raise ConfigValue(f"{value!r} is no share of paid time", hint='write "60%"')
    return share


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise ConfigValue(f'"{code}" is no currency', hint="write a code of three letters such as EUR")
    return code.upper()


class FirstResponseKeys(Keys):
    """``first_response``: options of first response time (method 2.1)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"clock", "statistics", "stops_on"})

    anchor: Literal["created", "clock_start", "first_customer_message", "handoff", "reopen_after_bot"] = "created"
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


_Part = Literal["customer", "category"]
Key = Annotated[
    tuple[_Part, ...],
    BeforeValidator(several, json_schema_input_type=_Part | tuple[_Part, ...]),
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


_Ces = Literal["2.0", "1.0", 1, 2]


class CesKeys(Keys):
    """``ces``: options of the customer effort score (method 2.6)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"value"})

    version: Annotated[Literal["2.0", "1.0"], BeforeValidator(_version, json_schema_input_type=_Ces)] = "2.0"
    scale: ScaleName | None = Field(default=None, description="a scale such as 1-7 or 1-5")
    easy_from: Number | None = Field(default=None, description="the score nearest to the middle that counts as easy")
    hard_to: Number | None = Field(default=None, description="the score nearest to the middle that counts as hard")


class EscalationKeys(Keys):
    """``escalation``: what an escalation is (method 2.9)."""

    LATER: ClassVar[frozenset[str]] = frozenset({"by", "count"})

    levels: dict[str, Annotated[int, Field(ge=1, le=9, description="a support line from 1 to 9")]] = Field(
        default={}, description='groups with support lines, such as {"Second line": 2}'
    )
    field: Text | None = Field(default=None, description="the name of a column that says yes or no")
    tags: Words = Field(default=(), description="tags of escalated tickets")


class LoadBandsKeys(Keys):
    """``load_bands``: how many times the usual arrivals make an hour busy, or a rush (method 7.6)."""

    high: Annotated[Number, Field(gt=1, description="a number above 1 such as 1.5")] = 1.5
    incident: Annotated[Number, Field(gt=1, description="a number above 1 such as 3")] = 3.0


def _rising(keys: LoadBandsKeys) -> LoadBandsKeys:
    if keys.incident <= keys.high:
        raise ConfigValue("a rush is no more than a busy hour", hint="write {high: 1.5, incident: 3}")
    return keys


LoadBands = Annotated[LoadBandsKeys, AfterValidator(in_place(_rising))]


class CostKeys(Keys):
    """``cost``: options of cost per contact (method 2.10)."""

    denominator: Literal["handled", "created", "resolved"] = "handled"
    rate_per_hour: Annotated[Number, Field(gt=0, description="what an hour of work costs, such as 30")] | None = None
    currency: Annotated[Text, AfterValidator(in_place(_currency))] | None = Field(
        default=None, description="the currency of rate_per_hour, such as EUR"
    )
    utilisation: Annotated[float, BeforeValidator(in_place(_worked), json_schema_input_type=str)] = Field(
        default=1.0, description="the share of paid time that is work on tickets, such as 60%"
    )

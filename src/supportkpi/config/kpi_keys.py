"""The sections of options of KPIs in ``supportkpi.yaml``, a class each (method 2.19)."""

from __future__ import annotations

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
    BeforeValidator(several),
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

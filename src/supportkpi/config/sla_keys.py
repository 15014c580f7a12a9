"""The keys of ``sla`` and ``exclusions`` in ``supportkpi.yaml``: what each takes (interface.md 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool

from supportkpi import sla
from supportkpi.config.kinds import Day, Keys, Words
from supportkpi.errors import ConfigValue
from supportkpi.sla import Limit, Timed
from supportkpi.texts import Text, in_place

_LIMIT = "a time such as 30m, PT4H, 15m..30m or 3bd"
_WHEN = "ticket columns with values, such as {priority: [urgent, high]}"


def _limit(value: object) -> object:
    """The limit of ``4h``, or of ``{deadline: end_of_week, after: 3bd}``."""
    if isinstance(value, Mapping):
        return DeadlineKeys.model_validate(value).limit()
    if not isinstance(value, str):
        raise ConfigValue(f"{value!r} has no unit", hint=f"write {_LIMIT}")
    return sla.limit(value)


def _share(value: object) -> object:
    """A share in 0-1 of ``95%``."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    share = float(found[1].replace(",", ".")) / 100 if found else -1.0
    if not 0 < share <= 1:
        raise ConfigValue(f"{value!r} is no share of clocks", hint='write "95%"')
    return share


def _goals(value: object) -> object:
    """One share for all limits of a rule, or one each."""
    if isinstance(value, Mapping):
        for name in value:
            if name not in sla.TIMED:
                raise ConfigValue(f'"{name}" has no limit', hint=f"limits are {', '.join(sla.TIMED)}")
        return {name: _share(share) for name, share in value.items()}
    return dict.fromkeys(sla.TIMED, _share(value))


def _pauses(value: object) -> object:
    """A list of statuses pauses resolution and update; a mapping says it limit by limit."""
    if isinstance(value, Mapping):
        for name in value:
            if name not in sla.TIMED:
                raise ConfigValue(f'"{name}" has no clock', hint=f"clocks are {', '.join(sla.TIMED)}")
        return value
    return dict.fromkeys(sla.PAUSED, value)


def _moment(value: object) -> object:
    """A wall time as ``2026-02-17 10:00`` or a date."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ConfigValue(f'"{value}" is no time', hint="write 2026-02-17 10:00") from None


Goals = Annotated[
    dict[Timed, float],
    BeforeValidator(in_place(_goals), json_schema_input_type=str | dict[Timed, str]),
    Field(description='a share such as "95%"'),
]
When = Annotated[dict[str, Words], Field(description=_WHEN)]
Moment = Annotated[
    datetime,
    BeforeValidator(in_place(_moment), json_schema_input_type=str),
    Field(description="a time such as 2026-02-17 10:00"),
]


def _after(value: object) -> object:
    found = sla.limit(value) if isinstance(value, str) else None
    if found is None or not found.days:
        raise ConfigValue(f"{value!r} is no number of working days", hint="write 3bd")
    return found.days


class DeadlineKeys(Keys):
    """A limit that ends with a day, a week or a month."""

    deadline: Literal["end_of_day", "end_of_week", "end_of_month"]
    after: Annotated[int, BeforeValidator(in_place(_after), json_schema_input_type=str)] = 0

    def limit(self) -> Limit:
        """The limit that these keys say."""
        later = f" after {self.after}bd" if self.after else ""
        return Limit(deadline=self.deadline, days=self.after, text=f"{self.deadline.replace('_', ' ')}{later}")


LimitText = Annotated[
    Limit,
    BeforeValidator(in_place(_limit), json_schema_input_type=str | DeadlineKeys),
    Field(description=_LIMIT),
]


class RuleKeys(Keys):
    """One rule: for which tickets, and which limits."""

    name: Text | None = Field(default=None, description="a name of your own")
    when: When = Field(default={})
    first_response: LimitText | None = None
    next_response: LimitText | None = None
    resolution: LimitText | None = None
    update: LimitText | None = None
    escalation: LimitText | None = None
    goal: Goals = Field(default={})
    calendar: Text | None = Field(default=None, description="the name of a calendar, or 24x7")


class FirstResponseTerms(Keys):
    """What starts and stops the first clock."""

    stops_on: tuple[Literal["reply", "status", "assignment"], ...] = Field(default=("reply",), min_length=1)
    anchor: Literal["created", "clock_start", "handoff", "first_request"] = "created"


class UpdateTerms(Keys):
    """From when on the customer waits for news."""

    since: Literal["last_reply", "last_contact", "request"] = "last_reply"


def _some(rules: tuple[RuleKeys, ...]) -> tuple[RuleKeys, ...]:
    if not rules:
        raise ConfigValue("there is no rule", hint="write rules: [{first_response: 4h}]")
    return rules


class SlaKeys(Keys):
    """One version of the service levels."""

    since: Day | None = Field(default=None, alias="from", description="the date from which this version holds")
    calendar: Text | None = Field(default=None, description="the name of a calendar, or 24x7")
    pause_on: Annotated[
        dict[Timed, Words], BeforeValidator(in_place(_pauses), json_schema_input_type=Words | dict[Timed, Words])
    ] = Field(default={}, description="statuses such as [pending, hold], or clocks with statuses")
    rules: Annotated[tuple[RuleKeys, ...], AfterValidator(in_place(_some))] = Field(description="a list of rules")
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    reopen: Literal["continue", "restart", "extend"] = "continue"
    priority: Literal["at_event", "at_start", "current", "carry_elapsed", "reset"] = "at_event"
    solve_ends_reply: StrictBool = True
    first_response: FirstResponseTerms = FirstResponseTerms()
    update: UpdateTerms = UpdateTerms()


def _whole(keys: ExclusionKeys) -> ExclusionKeys:
    """A cause says what it is about: a stretch of time with both ends, or tickets."""
    if (keys.start is None) != (keys.end is None):
        raise ConfigValue("a cause with one end of its time has no length", hint="give both `from` and `to`")
    if keys.start is None and not keys.tickets:
        raise ConfigValue("nothing says what the cause touched", hint="give `from` and `to`, or `tickets`")
    if keys.start is not None and keys.end is not None and keys.start >= keys.end:
        raise ConfigValue("the cause ends before it begins", hint="swap `from` and `to`")
    if keys.effect == "pause" and keys.start is None:
        raise ConfigValue("a pause needs its time", hint="give `from` and `to`, or write effect: exclude")
    return keys


class ExclusionKeys(Keys):
    """An agreed cause that is not the desk's."""

    name: Text = Field(description="what it is called in reports")
    effect: Literal["pause", "exclude"]
    start: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    tickets: Words = ()
    when: When = Field(default={})
    restored_at: Moment | None = None
    note: Text | None = None


Exclusions = tuple[Annotated[ExclusionKeys, AfterValidator(in_place(_whole))], ...]

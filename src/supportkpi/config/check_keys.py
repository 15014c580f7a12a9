"""The keys of ``checks`` in ``supportkpi.yaml``: what gates a pipeline (interface.md 3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from supportkpi import durations
from supportkpi.config.kinds import Keys, Words
from supportkpi.errors import ConfigValue
from supportkpi.texts import Number, Text, in_place


def _level(value: float) -> float:
    if not 0.5 <= value < 1:
        raise ConfigValue(f"{value:g} is no level of confidence", hint="write 0.95")
    return value


def _age(value: object) -> object:
    if not isinstance(value, str):
        raise ConfigValue(f"{value!r} has no unit", hint="write 26h")
    return durations.parse(value)


def _whole(check: CheckKeys) -> CheckKeys:
    """A check asks one thing: a KPI against an expression, or the age of the export."""
    if check.max_age is not None:
        if check.kpi is not None or check.expr is not None:
            raise ConfigValue("`max_age` stands alone", hint="make two checks of it")
    elif check.kpi is None or check.expr is None:
        raise ConfigValue("a check needs `kpi` and `expr`", hint='write {kpi: csat, expr: ">= 85%"} or {max_age: 26h}')
    return check


class CheckKeys(Keys):
    """One check."""

    kpi: Text | None = Field(default=None, description="a KPI, KPI.STAT or KPI.COUNT, such as csat")
    expr: str | Number | None = Field(default=None, description='a comparison such as ">= 85%", or goal, or target')
    warn: str | Number | None = Field(default=None, description='a comparison such as ">= 90%"')
    by: Words = Field(default=(), description="dimensions such as priority, or rule")
    min_n: Annotated[int, Field(ge=1)] = Field(default=1, description="a whole number from 1")
    no_data: Literal["warn", "fail", "error"] = "warn"
    confidence: Annotated[Number, AfterValidator(in_place(_level))] | None = Field(
        default=None, description="a level such as 0.95"
    )
    max_age: Annotated[float, BeforeValidator(in_place(_age), json_schema_input_type=str)] | None = Field(
        default=None, description="a time such as 26h"
    )


Checks = tuple[Annotated[CheckKeys, AfterValidator(in_place(_whole))], ...]

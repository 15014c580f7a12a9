"""The keys of ``supportkpi.yaml``: what each takes, and which ones are for later versions (interface.md 3)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool

from supportkpi.config.check_keys import Checks
from supportkpi.config.credit_keys import CreditKeys
from supportkpi.config.kinds import (
    SPANS_TEXT,
    Day,
    Hours,
    Keys,
    Spans,
    Words,
    Zone,
    address,
    several,
    share_of_rows,
    shortened,
)
from supportkpi.config.kpi_keys import (
    CesKeys,
    CostKeys,
    CsatKeys,
    EscalationKeys,
    FcrKeys,
    FirstResponseKeys,
    LoadBands,
    LoadBandsKeys,
    NextResponseKeys,
    NpsKeys,
    RepeatsKeys,
)
from supportkpi.config.sla_keys import Exclusions, SlaKeys
from supportkpi.texts import Number, Text, in_place

_COLUMNS = "ticket columns with values, such as {organization: [Northwind]}"


class HolidaysKeys(Keys):
    """``holidays`` of a calendar."""

    LATER: ClassVar[frozenset[str]] = frozenset({"hours"})

    country: Text | None = Field(default=None, description="an ISO code such as RU or DE")
    subdivision: Text | None = Field(default=None, description="a region of the country such as BY")
    dates: tuple[Day, ...] = Field(default=(), description="a list of dates such as [2026-12-24]")
    before_holiday: Annotated[int, BeforeValidator(in_place(shortened), json_schema_input_type=str)] | None = Field(
        default=None, description="by how much the day before a holiday is shorter, such as -1h"
    )


class CalendarKeys(Keys):
    """One calendar, or one version of it."""

    since: Day | None = Field(default=None, alias="from", description="the date from which this version holds")
    timezone: Zone | None = Field(default=None, description="an IANA zone such as Europe/Moscow")
    hours: Hours = Field(default={}, description=f"days with {SPANS_TEXT}, or a text such as mon-fri 09:00-18:00")
    holidays: HolidaysKeys = Field(
        default=HolidaysKeys(), description="keys with values: country, subdivision, dates, before_holiday"
    )
    days: dict[Day, Spans] = Field(default={}, description=f"dates with {SPANS_TEXT}; [] is closed")
    breaks: dict[Day, Spans] = Field(default={}, description=f"dates with {SPANS_TEXT} that are cut out")
    when: dict[str, Words] = Field(default={}, description="ticket columns with values, such as {region: EU}")


Versions = Annotated[
    tuple[CalendarKeys, ...],
    BeforeValidator(several, json_schema_input_type=CalendarKeys | tuple[CalendarKeys, ...]),
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


Category = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]


class DimensionKeys(Keys):
    """One of ``dimensions``: values with the tickets that have them, the first that fits wins; and ``else``."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Annotated[dict[str, Words], Field(description=_COLUMNS)]]

    otherwise: Text | None = Field(default=None, alias="else", description="the value of all other tickets")


class PrivacyKeys(Keys):
    """``privacy``: what of persons a report shows."""

    names: StrictBool = Field(default=False, description="true: persons by name, false: by a code")


class ConfigKeys(Keys):
    """The whole file."""

    LATER: ClassVar[frozenset[str]] = frozenset(
        {
            *("agents", "annotations", "as_of", "attribution", "backlog", "benchmarks", "calendar_at", "charts"),
            *("compare", "events"),
            *("goals", "guardrails", "helpdesk", "load", "percentiles"),
            *("population", "resolution", "surveys", "uncertainty"),
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
    ces: CesKeys = Field(default=CesKeys(), description="keys with values: version, scale, easy_from, hard_to")
    escalation: EscalationKeys = Field(default=EscalationKeys(), description="keys with values: levels, field, tags")
    cost: CostKeys = Field(
        default=CostKeys(), description="keys with values: denominator, rate_per_hour, currency, utilisation"
    )
    load_bands: LoadBands = Field(default=LoadBandsKeys(), description="keys with values: high, incident")
    responders: dict[Literal["agent", "bot", "customer", "system"], Words] = Field(
        default={}, description="actors with names or patterns of names, such as {bot: [Auto*]}"
    )
    sla: Annotated[
        tuple[SlaKeys, ...],
        BeforeValidator(several, json_schema_input_type=SlaKeys | tuple[SlaKeys, ...]),
        Field(description="keys with values, or a list of versions"),
    ] = ()
    checks: Checks = Field(default=(), description="a list of checks")
    credits: CreditKeys | None = Field(default=None, description="keys with values: base, tiers, target, per_breach")
    exclusions: Exclusions = Field(default=(), description="a list of agreed causes")
    links: Annotated[str, BeforeValidator(in_place(address))] | None = Field(
        default=None, description="the address of a ticket such as https://acme.zendesk.com/agent/tickets/{id}"
    )
    dimensions: dict[str, DimensionKeys] = Field(
        default={}, description="names with values, such as {tier: {vip: {organization: [Northwind]}, else: standard}}"
    )
    privacy: PrivacyKeys = Field(default=PrivacyKeys(), description="a key with a value: names")
    statuses: dict[str, Category] = Field(
        default={}, description="status words with categories, such as {Согласование: hold}"
    )
    max_rejects: (
        Annotated[float, BeforeValidator(in_place(share_of_rows), json_schema_input_type=str | Literal[0])] | None
    ) = Field(default=None, description="the share of rows that may be rejected, such as 0.5%")

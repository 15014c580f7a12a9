"""Settings: what config and options decided, frozen, with the method's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from supportkpi.calendars import Calendar
from supportkpi.errors import Where
from supportkpi.sla import Sla, Timed

Operator = Literal["<", "<=", ">", ">=", "="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A wanted value of one KPI statistic: ``stat`` None means the KPI's own headline, ``clock`` None the report's."""

    kpi: str
    value: float
    op: Operator | None = None  # None: the KPI's own direction
    stat: str | None = None
    clock: str | None = None
    currency: str | None = None
    per: Literal["day", "week", "month", "quarter", "year"] | None = None  # a count or an amount for each of these
    text: str = ""  # as the user wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChoice:
    """A named business calendar and the tickets that it is for (``when`` empty: all that no other one claims)."""

    name: str
    calendar: Calendar
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: str = ""  # what it was resolved from, whatever the years: for the fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstResponse:
    """Options of first response time (method 2.1)."""

    anchor: Literal["created", "clock_start", "first_customer_message", "handoff", "reopen_after_bot"] = "created"
    bots: Literal["exclude", "include"] = "exclude"
    outbound: Literal["exclude", "anchor_customer", "zendesk"] = "exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Csat:
    """Options of CSAT (method 2.4): a scale such as ``1-5``, ``binary``, ``1-3``; the lowest satisfied score."""

    scale: str | None = None
    satisfied_from: float | None = None
    duplicates: Literal["last", "first", "all"] = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nps:
    """Options of NPS (method 2.5)."""

    duplicates: Literal["last_per_customer", "all"] = "last_per_customer"
    scale: str | None = None  # "1-10" must be said: it has no zero


@dataclass(frozen=True, slots=True, kw_only=True)
class NextResponse:
    """Options of next response time: whether the first wait counts, and which message of several starts a wait."""

    include_first: bool = False
    start: Literal["oldest", "latest"] = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fcr:
    """Options of first contact resolution (method 2.3): whose rule, how long and of what a return counts."""

    preset: Literal["repeat_free", "one_touch", "intercom", "freshservice"] = "repeat_free"
    window_days: int = 7
    key: tuple[Literal["customer", "category"], ...] = ("customer", "category")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Options of the repeat-contact rate (method 2.7): a repeat follows a solution within the window."""

    window_days: int = 7
    key: tuple[Literal["customer", "category"], ...] = ("customer", "category")
    anchor: Literal["solved", "created"] = "solved"
    returned_days: int = 30  # how long a customer may take to be active again, for returned_without_repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Ces:
    """Options of the customer effort score (method 2.6): 2.0 asks for ease, 1.0 for effort (low is good).

    ``easy_from`` and ``hard_to`` are the scores nearest to the middle that still count as easy, and as hard; None: all
    on their side of the middle.
    """

    version: Literal["2.0", "1.0"] = "2.0"
    scale: str | None = None
    easy_from: float | None = None
    hard_to: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """What an escalation is, where the export has no support level of its own (method 2.9)."""

    levels: Mapping[str, int] = field(default_factory=dict)  # group -> support line
    field: str | None = None  # a column that says yes or no
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBands:
    """How many times the usual arrivals of its hour make a ticket's hour a busy one, or a rush (method 7.6)."""

    high: float = 1.5
    incident: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Options of cost per contact (method 2.10): what the costs are divided by; and, for files with minutes of work and
    no costs, what an hour of work costs and which share of paid time it is.
    """

    denominator: Literal["handled", "created", "resolved"] = "handled"
    rate_per_hour: float | None = None
    currency: str | None = None  # of rate_per_hour
    utilisation: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """One value of a dimension of the config, and the tickets that have it: each column with one of its words."""

    value: str
    when: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A ticket column that the config makes: the first class that fits a ticket says its value, else ``otherwise``."""

    name: str
    classes: tuple[Class, ...]
    otherwise: str | None = None  # None: the export's own value stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing asked. ``expr`` None: each rule's own goal; ``max_age_s`` alone asks how old the export is.

    ``count`` names one of the KPI's counts instead of a statistic. ``confidence``: a miss counts only where the whole
    interval of that level is on the wrong side. ``min_n`` is the least n that says anything.
    """

    kpi: str = ""
    stat: str | None = None
    clock: str | None = None
    count: str | None = None
    by: tuple[str, ...] = ()
    expr: Target | None = None
    warn: Target | None = None
    min_n: int = 1
    no_data: Literal["warn", "fail", "error"] = "warn"
    confidence: float | None = None
    max_age_s: float | None = None
    where: Where | None = None  # its place in the config

    @property
    def key(self) -> str:
        """The KPI with its statistic or count, as it was asked for."""
        return ".".join(part for part in (self.kpi, self.stat or self.count, self.clock) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a contract pays back (method 7.4): of ``base`` a month, the share of the first tier that is reached.

    ``tiers`` are (share met, share paid back) from the best down; below the last one its share stays. ``target`` names
    the limit that counts, None each by itself. ``per_breach`` is paid for every missed clock, ``cap`` is the most
    that a month pays back.
    """

    base: Decimal
    tiers: tuple[tuple[Decimal, Decimal], ...]
    currency: str | None = None
    target: Timed | None = None
    per_breach: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that decides what a number is, apart from the data; hashed into the fingerprint.

    ``calendars`` are tried in order, the first whose ``when`` fits a ticket is its business clock; without any there is
    only calendar time. ``as_of`` None means the newest instant of the data.
    """

    timezone: str = "UTC"
    calendar: str | None = None  # name of the default business calendar, as printed
    calendars: tuple[CalendarChoice, ...] = ()
    as_of: datetime | None = None
    targets: tuple[Target, ...] = ()
    targets_to_read: Mapping[str, str] = field(default_factory=dict)  # by key, of KPIs that only the data can name
    first_response: FirstResponse = field(default_factory=FirstResponse)
    next_response: NextResponse = field(default_factory=NextResponse)
    fcr: Fcr = field(default_factory=Fcr)
    repeats: Repeats = field(default_factory=Repeats)
    csat: Csat = field(default_factory=Csat)
    nps: Nps = field(default_factory=Nps)
    ces: Ces = field(default_factory=Ces)
    escalation: Escalation = field(default_factory=Escalation)
    cost: Cost = field(default_factory=Cost)
    load_bands: LoadBands = field(default_factory=LoadBands)
    dimensions: tuple[Dimension, ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)  # words as the config reads them: a yardstick too
    responders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # actor -> patterns: who is no agent
    names: bool = False  # whether persons are shown by name; by a code that is the same in every run else
    conf: float = 0.95
    labels: Mapping[str, str] = field(default_factory=dict)
    sla: Sla | None = None
    checks: tuple[Check, ...] = ()
    credits: Credits | None = None
    links: str | None = None  # the address of a ticket, with {id} in it
    max_rejects: float | None = None  # share of rows; None: no limit


SECTIONS: Mapping[str, type] = {
    "first_response": FirstResponse,
    "next_response": NextResponse,
    "fcr": Fcr,
    "repeats": Repeats,
    "csat": Csat,
    "nps": Nps,
    "ces": Ces,
    "escalation": Escalation,
    "cost": Cost,
    "load_bands": LoadBands,
}
"""The sections of options of KPIs: a field of Settings and a key of the config of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are to be read: what options and config said, None where the file decides."""

    source_timezone: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # canonical field -> column, from --map
    helpdesk: str | None = None
    mapping: str | None = None  # path of a user's mapping file
    encoding: str | None = None
    delimiter: str | None = None
    date_format: str | None = None
    dayfirst: bool | None = None
    sheet: str | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)  # vendor word -> status category
    csat_scale: str | None = None
    responders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # actor -> patterns of authors' names


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A half-open period [start, end) of instants with the label that it was asked by; None is unbounded."""

    start: datetime | None
    end: datetime | None
    label: str
    start_date: date | None = None
    end_date: date | None = None  # the last day inside, for print

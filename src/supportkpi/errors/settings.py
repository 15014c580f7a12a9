"""Errors of settings and options: what was asked for is not there, or cannot be read."""

from supportkpi.errors.error import KpiError


class ConfigBroken(KpiError):
    """The configuration file is not YAML, is too large, or repeats itself without end.

    The message names the line. Text with ``:``, ``#`` or ``*`` in it wants quotes.
    """

    slug = "config-broken"


class ConfigQuotes(KpiError):
    """A target such as ``>= 90%`` must stand in quotes: YAML takes a bare ``>`` for the start of a text block.

    Write ``csat: ">= 90%"``.
    """

    slug = "config-quotes"


class ConfigKey(KpiError):
    """The configuration has a key that is not known here.

    The message names line and column and the nearest key that is known.
    """

    slug = "config-key"


class ConfigValue(KpiError):
    """A key of the configuration, or an option, holds a value that it cannot take.

    The message says what it takes.
    """

    slug = "config-value"


class OptionWrong(KpiError):
    """An option was used in a way that it does not allow, or two options exclude each other.

    ``supportkpi COMMAND --help`` shows how it is meant.
    """

    slug = "option-wrong"


class ZoneUnknown(KpiError):
    """No time zone has that name.

    Zones are named as in the IANA list: Europe/Moscow, America/New_York, UTC.
    """

    slug = "zone-unknown"


class PeriodWrong(KpiError):
    """The period is none of the forms that are known, or it ends before it starts.

    Write 2026, 2026-H1, 2026-Q1, 2026-03, 2026-W07, 2026-03-15, 2026-03-01..2026-03-31, ..2026-03-31,
    last-quarter, last-month, this-month, last-7d or yesterday. Relative periods count from ``--as-of``.
    """

    slug = "period-wrong"


class DurationWrong(KpiError):
    """The text is no duration.

    Write 45m, 1h 30m, PT1H30M, 00:45:00 or 2 ч 10 мин.
    """

    slug = "duration-wrong"


class TargetWrong(KpiError):
    """A target cannot be read, or does not fit its KPI.

    Write ``--target csat=90%``, ``--target first_response_time.median=1h``, ``--target "nps=>= 50"``.
    A bare number on a share is percent above 1, and is refused up to 1 because 0.9 may mean 90 % or 0.9 %.
    """

    slug = "target-wrong"


class HoursWrong(KpiError):
    """Working hours cannot be read, overlap, or leave a calendar without a single open hour.

    Write ``--hours "mon-fri 09:00-18:00"``; several spans are ``"mon-fri 09:00-13:00 14:00-18:00; sat 10:00-14:00"``.
    """

    slug = "hours-wrong"


class CalendarHorizon(KpiError):
    """A due date lies beyond the last working hour that the calendar has.

    A calendar whose hours stand on single dates only comes to an end: give it weekly hours or more dates.
    """

    slug = "calendar-horizon"


class CountryUnknown(KpiError):
    """No holidays are known for that country or region.

    Countries are ISO codes: RU, DE, US; a region stands behind a hyphen: DE-BY.
    """

    slug = "country-unknown"


class KpiUnknown(KpiError):
    """No KPI, or no statistic of it, has that name.

    ``supportkpi kpis`` lists them.
    """

    slug = "kpi-unknown"


class DimensionUnknown(KpiError):
    """The data has no such dimension to group or to filter by.

    The message lists those that the files have.
    """

    slug = "dimension-unknown"


class ValueUnknown(KpiError):
    """A filter names a value that the dimension never has.

    The message lists the values that occur.
    """

    slug = "value-unknown"


class FormatUnsupported(KpiError):
    """There is no output format of that name, or the suffix of an output file says none.

    The formats are table, plain, markdown, csv and json.
    """

    slug = "format-unsupported"


class OutputFailed(KpiError):
    """The output file could not be written; what stood there before is untouched.

    Check the folder, the permissions and the free space.
    """

    slug = "output-failed"


class TicketUnknown(KpiError):
    """No ticket of the files has that id.

    It may be an id, ``'#66871'`` in quotes, or the address of the ticket's page; the message names the nearest ids.
    """

    slug = "ticket-unknown"


class TopicUnknown(KpiError):
    """``explain`` knows no KPI, error or topic of that name.

    ``supportkpi kpis`` lists the KPIs; an error's slug stands in brackets behind its message.
    """

    slug = "topic-unknown"


class TooManyRejects(KpiError):
    """More rows were rejected than ``--strict`` allows.

    ``--rejects FILE`` writes them with line, column and reason.
    """

    slug = "too-many-rejects"
    code = 3

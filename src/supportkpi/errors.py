"""Every error a user can meet: one class a slug, its docstring the page that ``explain SLUG`` prints.

A message says what is (lower case, no full stop), the hint says what to do, ``where`` says in which file, line and column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place in the user's own files: path, 1-based line, column (a header, or a 1-based character position)."""

    path: str | None = None
    line: int | None = None
    column: str | int | None = None

    def __str__(self) -> str:
        """``tickets.csv:12:Created at``, as much of it as is known."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class KpiError(Exception):
    """The one error that the library raises on purpose; subclasses carry a stable slug and an exit code."""

    slug: ClassVar[str] = "error"
    code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str | None = None, where: Where | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        """Message, place and hint in one text, as a library user sees it."""
        place = f" ({self.where})" if self.where and str(self.where) else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.message}{place} [{self.slug}]{hint}"


# --- files -----------------------------------------------------------------------------------------------------------


class FileMissing(KpiError):
    """No file or folder of that name is there.

    Check the spelling and the folder you are in. A pattern such as ``exports/*.csv`` that matches nothing is this error too.
    """

    slug = "file-not-found"


class FileUnreadable(KpiError):
    """The file is there but the system does not let it be read: no permission, or another program holds it open.

    Close the program that has it open (a spreadsheet on Windows locks its workbook), or copy the file.
    """

    slug = "file-unreadable"


class FileEmpty(KpiError):
    """The file has no bytes, or nothing but blank lines.

    An export that ran into a time limit often ends like this. Export again.
    """

    slug = "file-empty"


class FormatUnknown(KpiError):
    """The bytes are none of CSV, TSV, JSON, NDJSON, XLSX, nor any of these in gzip.

    A page of HTML with the name of a spreadsheet, a PDF and an old binary workbook end here.
    Open the file in the program that it belongs to and save it as CSV (UTF-8) or XLSX.
    """

    slug = "format-unknown"


class ArchiveBroken(KpiError):
    """A compressed file ends too early, is damaged, or expands beyond what any export needs.

    Download it again; if it is sound, unpack it yourself and give the file inside.
    """

    slug = "archive-broken"


class EncodingUnclear(KpiError):
    """The text is not UTF-8 and its bytes fit several old encodings about equally well.

    Say which one it is with ``--encoding``, for example ``--encoding cp1251``, or export as UTF-8.
    """

    slug = "encoding-unclear"


class EncodingWrong(KpiError):
    """The file cannot be read in the encoding that was asked for, or no encoding has that name.

    Leave ``--encoding`` out to let the program find it, or give another one.
    """

    slug = "encoding-wrong"


class TableBroken(KpiError):
    """The file opens but no table can be found in it: no header row, or one column only where several are needed.

    Give the delimiter with ``--delimiter``, the sheet with ``--sheet``, or remove title lines above the header.
    """

    slug = "table-broken"


class JsonBroken(KpiError):
    """The file starts like JSON but does not continue as JSON, or holds no list of records.

    A record for each ticket is needed: a list, an object with a list inside, or one object a line.
    """

    slug = "json-broken"


class SheetUnknown(KpiError):
    """The workbook has no sheet of that name, or several sheets that look like ticket tables.

    Name one with ``--sheet``.
    """

    slug = "sheet-unknown"


# --- recognition and mapping -----------------------------------------------------------------------------------------


class NotRecognised(KpiError):
    """Neither tickets nor surveys were found in the file: no column could be the ticket's id.

    The message lists the columns that the file has. Name the id column with ``--map ticket_id="COLUMN"``,
    or write the whole reading as a mapping file and give it with ``--mapping``.
    """

    slug = "not-recognised"


class HelpdeskAmbiguous(KpiError):
    """Two helpdesks recognise the file equally well.

    Say which one it came from with ``--helpdesk``; ``supportkpi helpdesks`` lists the names.
    """

    slug = "helpdesk-ambiguous"


class HelpdeskUnknown(KpiError):
    """No helpdesk of that name is known, or a known one finds none of its columns in the file.

    ``supportkpi helpdesks`` lists the names.
    """

    slug = "helpdesk-unknown"


class MappingInvalid(KpiError):
    """A mapping file, or a ``--map FIELD=COLUMN``, has a key, a field or a value that the vocabulary does not know.

    The message names line and column. ``supportkpi explain mapping`` shows the vocabulary.
    """

    slug = "mapping-invalid"


class ColumnMissing(KpiError):
    """A column that an option or a mapping names is not in the file.

    The message gives the nearest names that the file does have.
    """

    slug = "column-missing"


class DatesAmbiguous(KpiError):
    """Every date of a column reads as day/month and as month/day, and nothing in the file decides between them.

    Say ``--dayfirst`` (31/12/2026) or ``--monthfirst`` (12/31/2026), or give ``--date-format``.
    """

    slug = "dates-ambiguous"


class DatesUnreadable(KpiError):
    """Most values of a column that should hold dates are in no format that is known.

    Give the format with ``--date-format "%d.%m.%Y %H:%M"``, or name another column with ``--map``.
    """

    slug = "dates-unreadable"


class IdsDamaged(KpiError):
    """The id column is in scientific notation (2.02508E+15): a spreadsheet has rounded the ids and tickets became one.

    Export again and do not open the file in a spreadsheet, or import that column there as text.
    """

    slug = "ids-damaged"


class DataContradictory(KpiError):
    """Two files, or two columns of one, cannot both be true.

    The message names them. Leave one out, or say with ``--map`` which one holds.
    """

    slug = "data-contradictory"


class ShapeWrong(KpiError):
    """A frame given to the library is not of the canonical schema: a column is missing or has another type.

    The message names frame, column and the type that is wanted.
    """

    slug = "shape-wrong"


# --- settings and options --------------------------------------------------------------------------------------------


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


def slugs() -> dict[str, type[KpiError]]:
    """Every slug and its class, in the order of this file."""
    return {kind.slug: kind for kind in KpiError.__subclasses__()}

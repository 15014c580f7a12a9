"""Every error a user can meet: one class a slug, its docstring the page that ``explain SLUG`` prints.

A message says what is (lower case, no full stop), the hint says what to do, ``where`` in which file, line and column.
"""

from __future__ import annotations

from supportkpi.errors.error import (
    KpiError,
    Where,
)
from supportkpi.errors.files import (
    ArchiveBroken,
    DatasetBroken,
    EncodingUnclear,
    EncodingWrong,
    FileEmpty,
    FileMissing,
    FileUnreadable,
    FormatUnknown,
    JsonBroken,
    SheetUnknown,
    TableBroken,
)
from supportkpi.errors.reading import (
    ColumnMissing,
    DataContradictory,
    DatesAmbiguous,
    DatesUnreadable,
    HelpdeskAmbiguous,
    HelpdeskUnknown,
    IdsDamaged,
    MappingInvalid,
    NotRecognised,
    ShapeWrong,
)
from supportkpi.errors.rejects import REJECTS
from supportkpi.errors.settings import (
    CalendarHorizon,
    ConfigBroken,
    ConfigKey,
    ConfigQuotes,
    ConfigValue,
    CountryUnknown,
    DimensionUnknown,
    DurationWrong,
    FormatUnsupported,
    HoursWrong,
    KpiUnknown,
    OptionWrong,
    OutputFailed,
    PeriodWrong,
    TargetWrong,
    TicketUnknown,
    TooManyRejects,
    TopicUnknown,
    ValueUnknown,
    ZoneUnknown,
)

__all__ = [
    "REJECTS",
    "ArchiveBroken",
    "CalendarHorizon",
    "ColumnMissing",
    "ConfigBroken",
    "ConfigKey",
    "ConfigQuotes",
    "ConfigValue",
    "CountryUnknown",
    "DataContradictory",
    "DatasetBroken",
    "DatesAmbiguous",
    "DatesUnreadable",
    "DimensionUnknown",
    "DurationWrong",
    "EncodingUnclear",
    "EncodingWrong",
    "FileEmpty",
    "FileMissing",
    "FileUnreadable",
    "FormatUnknown",
    "FormatUnsupported",
    "HelpdeskAmbiguous",
    "HelpdeskUnknown",
    "HoursWrong",
    "IdsDamaged",
    "JsonBroken",
    "KpiError",
    "KpiUnknown",
    "MappingInvalid",
    "NotRecognised",
    "OptionWrong",
    "OutputFailed",
    "PeriodWrong",
    "ShapeWrong",
    "SheetUnknown",
    "TableBroken",
    "TargetWrong",
    "TicketUnknown",
    "TooManyRejects",
    "TopicUnknown",
    "ValueUnknown",
    "Where",
    "ZoneUnknown",
    "slugs",
]


def slugs() -> dict[str, type[KpiError]]:
    """Every slug and its class, files first, then reading, then settings."""
    return {kind.slug: kind for kind in KpiError.__subclasses__()}

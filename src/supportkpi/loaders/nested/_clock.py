"""Instants of records: one reading for all that stand at one path, as for a column of a table."""

from __future__ import annotations

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.errors import DatesUnreadable, Where
from supportkpi.loaders.mapping._mapping import Dates
from supportkpi.loaders.values._dates import DateReading, choose_dates
from supportkpi.schema import INSTANT

_PLAIN = Dates()
_ASSUMED = "dates without a zone are read as UTC (--source-tz)"


def _counts(cells: pl.Series) -> tuple[str, ...]:
    """Seconds or milliseconds since 1970 where most values are such numbers: at these keys nothing else is counted."""
    for name, pattern in (("unix", r"^\d{9,10}(?:\.\d+)?$"), ("unix-ms", r"^\d{12,13}(?:\.\d+)?$")):
        if 2 * int(cells.str.contains(pattern).sum()) > len(cells):
            return (name,)
    return ()


class Clock:
    """Reads the instants of one file, and remembers whose zone they were in."""

    def __init__(self, reading: Reading, path: str, dates: Dates = _PLAIN) -> None:
        self._asked = reading
        self._dates = dates
        self._path = path
        self._readings: dict[str, DateReading] = {}

    def read(self, texts: pl.Series, header: str, *, needed: bool) -> pl.Series | None:
        """The instants of a column of text, null where a value is none; None for a column that holds no dates.

        Raises:
            DatesUnreadable: most values are no dates, though they are needed.
            DatesAmbiguous, DataContradictory: day and month cannot be told apart.
        """
        if not texts.count():
            return pl.Series(texts.name, [None], dtype=INSTANT).new_from_index(0, len(texts))
        zone = self.zone
        cells = texts.drop_nulls()
        formats = (self._asked.date_format,) if self._asked.date_format else _counts(cells) or self._dates.format
        dayfirst = self._asked.dayfirst if self._asked.dayfirst is not None else self._dates.dayfirst
        found = choose_dates(cells, header=header, zone=zone, formats=formats, dayfirst=dayfirst)
        if found is None:
            if not needed:
                return None
            raise DatesUnreadable(
                f"most values of {header!r} are dates in no format that is known",
                hint='give the format: --date-format "%d.%m.%Y %H:%M"',
                where=Where(path=self._path, column=header),
            )
        self._readings[header] = found
        return texts.to_frame("t").select(found.parse(pl.col("t")).alias(texts.name)).to_series()

    def gap(self, texts: pl.Series, header: str) -> pl.Series:
        """Which of the texts name an hour that the clock of their zone skipped."""
        found = self._readings.get(header)
        return texts.to_frame("t").select(found.gap(pl.col("t")) if found else pl.lit(value=False)).to_series()

    def evidence(self, header: str) -> str:
        """How the dates of a column are written."""
        found = self._readings.get(header)
        return "; ".join((found.format, *found.notes)) if found is not None else "no value in it"

    @property
    def source(self) -> str:
        """Who said what zone the instants are in: all of them themselves, an option, or nobody."""
        if all(found.zoned or found.zone_in_header for found in self._readings.values()):
            return "file"
        if self._asked.source_timezone:
            return "option"
        return "mapping" if self._dates.zone else "assumed"

    @property
    def zone(self) -> str:
        """The zone of instants that name none."""
        return self._asked.source_timezone or self._dates.zone or "UTC"

    @property
    def assumptions(self) -> list[str]:
        """What had to be assumed of the dates read so far."""
        return [_ASSUMED] if self.source == "assumed" else []

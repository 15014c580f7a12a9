"""A list as CSV: one record a ticket, facts first, then its clocks (interface.md 4)."""

from __future__ import annotations

from datetime import datetime

from supportkpi.lists import Listing
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.lists._records import columns, records
from supportkpi.reporters.to_csv import line
from supportkpi.reporters.to_json import instant_text

FORMAT = "csv"
SUFFIXES = (".csv",)


def render(listing: Listing, options: RenderOptions) -> str:
    """The whole list under a header; instants in UTC with Z, truths as true and false."""
    names = columns(listing)
    return line(names) + "".join(line([_cell(record[name]) for name in names]) for record in records(listing))


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    return str(value).lower() if isinstance(value, bool) else value

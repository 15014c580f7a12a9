"""Why a row of a file was rejected: the slugs of rejects, each with the page that ``explain SLUG`` prints."""

from __future__ import annotations

from collections.abc import Mapping

REJECTS: Mapping[str, str] = {
    "ragged-row": """
        The row has more cells or fewer than the header, so that nobody can tell which cell belongs to which column.

        Most often a text holds the delimiter, a quote or a line break and was exported without quotes around it.
        Export again with quoted fields, or give the right sign with `--delimiter`.
        """,
    "cut-record": """
        The file ends inside this record: a quote or a bracket is opened and never closed.

        The download or the copy was cut off, so that later records are missing, too. Export it again.
        """,
    "not-a-record": """
        An element of a JSON list, or a line of an NDJSON file, is no object with named fields, or is no JSON.

        Other lines of the file are read. Export it again if it matters which ones are missing.
        """,
    "bad-date": """
        A date of the row is no date in the format that the other rows of its column have, or cannot be: 31 February.

        The row is left out of everything, because a ticket without its dates would distort every duration. `inspect`
        shows the format that a column was read in; `--date-format`, `--dayfirst` and `--monthfirst` change it. A remark
        without digits, such as "not set", in a column that may be empty is taken for an empty cell.
        """,
    "dst-gap": """
        A date of the row names a wall time that did not exist: the clocks were put forward over it.

        Most often the dates are of another zone than the one that they are read in: say `--source-tz ZONE`, or
        `source: {timezone: ZONE}` in the config. Many helpdesks export UTC.
        """,
    "no-id": """
        The row has no ticket id, and so belongs to no ticket.

        Lines of totals at the end of a file are known and count as excluded. If another column holds the id, say
        `--map ticket_id="COLUMN"`.
        """,
    "bad-number": """
        A figure of the row is no number, so that the month (or the day) that it stands for has none.

        An empty cell is no fault: the month is not known then, which is not nought. Write figures as 1234.5, 1 234,5,
        94 % or 12 000 EUR, and what is to be said about them in a column of its own.
        """,
}
"""Slug of a reject to its page: what it means, what to do."""

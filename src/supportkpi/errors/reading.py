"""Errors of recognition and mapping: what the columns are and what their values mean."""

from supportkpi.errors.error import KpiError


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

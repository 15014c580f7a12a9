"""Whatever a verb answers, in a format."""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi import reporters
from supportkpi.checks import Gate
from supportkpi.lists import Listing
from supportkpi.receipts import Receipt
from supportkpi.report import Report
from supportkpi.reporters import RenderOptions
from supportkpi.version import VERSION
from supportkpi.whatifs import WhatIf

Answer = Report | Gate | Listing | WhatIf | Receipt | Sequence[Receipt]


def render(
    answer: Answer, name: str = "table", *, lang: str = "en", width: int = 100, full: bool = False
) -> str | bytes:
    """A report, a gate of checks, a list of tickets, a what-if or receipts as text (or bytes) of a format.

    Every one has table, markdown and json; a report also plain and csv, lists and what-if csv, checks junit and github.

    Raises:
        FormatUnsupported: the answer has no format of that name.
    """
    options = RenderOptions(lang=lang, width=width, full=full, tool_version=VERSION)
    match answer:
        case Report():
            return reporters.render(answer, name, options)
        case Gate():
            return reporters.render_checks(answer, name, options)
        case Listing():
            return reporters.render_list(answer, name, options)
        case WhatIf():
            return reporters.render_whatif(answer, name, options)
        case Receipt():
            return reporters.render_receipts([answer], name, options)
        case _:
            return reporters.render_receipts(answer, name, options)

"""Whatever a verb answers, in a format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from supportkpi import reporters
from supportkpi.checks import Gate
from supportkpi.lists import Listing
from supportkpi.receipts import Receipt
from supportkpi.reconciliations import Reconciliation
from supportkpi.report import Report
from supportkpi.reporters import RenderOptions, Shelf
from supportkpi.version import VERSION
from supportkpi.whatifs import WhatIf

_SHELVES: dict[type, str] = {Gate: "CHECKS", Listing: "LISTS", WhatIf: "WHATIFS", Reconciliation: "RECONCILIATIONS"}
Answer = Report | Gate | Listing | WhatIf | Reconciliation | Receipt | Sequence[Receipt]


def render(
    answer: Answer, name: str = "table", *, lang: str = "en", width: int = 100, full: bool = False
) -> str | bytes:
    """What a verb answered as text (or bytes) of a format.

    Every answer has table, markdown and json; a report also plain and csv, lists, what-if and reconciliations csv,
    checks junit and github.

    Raises:
        FormatUnsupported: the answer has no format of that name.
    """
    options = RenderOptions(lang=lang, width=width, full=full, tool_version=VERSION)
    if isinstance(answer, Report):
        return reporters.render(answer, name, options)
    for kind, shelf in _SHELVES.items():
        if isinstance(answer, kind):
            return cast("Shelf[object]", getattr(reporters, shelf)).render(answer, name, options)
    receipts = [answer] if isinstance(answer, Receipt) else cast("Sequence[Receipt]", answer)
    return reporters.RECEIPTS.render(receipts, name, options)

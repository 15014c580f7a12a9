"""Reporters of what-if, one module a format."""

from supportkpi.reporters._shelf import Shelf
from supportkpi.reporters.to_csv import line
from supportkpi.whatifs import WhatIf

WHATIFS: Shelf[WhatIf] = Shelf(__name__, "whatif")


def moved_csv(found: WhatIf) -> str:
    """Every clock that changes as CSV, one record a clock and scenario."""
    columns = found.moved.columns or ["scenario", "target", "ticket_id"]
    return line(columns) + "".join(line(record) for record in found.moved.iter_rows())

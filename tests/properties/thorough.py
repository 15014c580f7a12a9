"""How much is drawn: little in every run, so that the suite stays short, and much with ``SUPPORTKPI_LONG``."""

from __future__ import annotations

import os

LONG = bool(os.environ.get("SUPPORTKPI_LONG"))


def examples(few: int, *, times: int = 8) -> int:
    """A count of examples or seeds: ``few``, or ``times`` as many in a long run."""
    return few * times if LONG else few

"""What stands beside tickets as something of its own: series, activity, policies."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.policies import Policies
from supportkpi.schema import ACTIVITY, SERIES


def series_of(parts: Sequence[Part]) -> pl.DataFrame:
    """The series of all parts (columns of SERIES)."""
    made = [part.side.series for part in parts if part.side is not None and part.side.series is not None]
    return pl.concat(made) if made else pl.DataFrame(schema=dict(SERIES))


def activity_of(parts: Sequence[Part]) -> pl.DataFrame:
    """The activity of all parts (columns of ACTIVITY)."""
    made = [part.side.activity for part in parts if part.side is not None and part.side.activity is not None]
    return pl.concat(made) if made else pl.DataFrame(schema=dict(ACTIVITY))


def policies_of(parts: Sequence[Part]) -> Policies:
    """The hours and promises that all parts hold together."""
    held = (part.side.policies for part in parts if part.side is not None and part.side.policies is not None)
    return sum(held, start=Policies())

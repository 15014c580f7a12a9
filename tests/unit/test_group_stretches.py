"""The stretch of local time of every row is that of its own instant, in zones with quarter hours and odd clocks."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from supportkpi.engine.grouping.groups import TIMES, grouped
from supportkpi.periods import bucket
from supportkpi.schema import INSTANT

ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")
DAY = 86_400


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("dim", TIMES)
def test_a_row_is_in_the_stretch_of_its_instant(dim: str, zone: str) -> None:
    random = Random(dim + zone)
    for rows, days in ((2_000, 20), (60, 60 * 365), (1, 1)):  # close together, far apart
        begin = random.randrange(631_238_400, 1_900_000_000)
        at = [(begin + random.randrange(days * DAY)) * 1_000_000 + random.choice((0, 1, 999_999)) for _ in range(rows)]
        frame = pl.DataFrame({"created_at": pl.Series([*at, None], dtype=pl.Int64).cast(INSTANT)})
        found = grouped(frame, [dim], "created_at", zone)
        wanted = frame.select(bucket(pl.col("created_at"), dim, zone).cast(pl.String))["created_at"].to_list()
        assert [found.labels[code][dim] for code in found.codes] == wanted

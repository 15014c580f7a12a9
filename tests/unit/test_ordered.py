"""Groups cut from one sort against sorting each group alone, and sums that no order of the file can change."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from supportkpi.engine.statistics.ordered import ended, line, ordered, parted
from supportkpi.engine.statistics.quantiles import summaries


def drawn(rows: int, groups: int, *, scale: float, low: int = 0) -> pl.DataFrame:
    random = Random(rows + groups)
    data = [(random.randrange(groups), random.randint(low, 500) * scale, random.random() < 0.8) for _ in range(rows)]
    return pl.DataFrame(data, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")


def by_hand(frame: pl.DataFrame) -> dict[int, list[tuple[float, bool]]]:
    """Ends before open ones at equal times: False sorts before True."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for code, s, is_ended in frame.iter_rows():
        groups.setdefault(code, []).append((s, not is_ended))
    return {code: sorted(rows) for code, rows in sorted(groups.items())}


@pytest.mark.parametrize(
    ("rows", "groups", "scale", "low"),
    [
        (1, 1, 1.0, 0),
        (400, 3, 60.0, 0),
        (9_000, 17, 1.0, 0),  # digits of the code: more than one
        (3_000, 300, 0.25, 0),  # many groups of few rows
        (5_000, 4, 1e-6, 0),  # microseconds
        (2_000, 5, 1.0, -500),  # a clock that ran backwards
        (2_000, 5, 1e10, 0),  # beyond what can be packed beside a row's place
    ],
)
def test_groups_stand_in_order_with_ends_before_open_ones(rows, groups, scale, low):
    frame = drawn(rows, groups, scale=scale, low=low)
    found, wanted = ordered(frame), by_hand(frame)
    assert found.codes == list(wanted)
    assert found.sizes == [len(group) for group in wanted.values()]
    assert found.ends == [sum(not lasts for _, lasts in group) for group in wanted.values()]
    ticks = found.ticks.to_list()
    for offset, size, group in zip(found.offsets, found.sizes, wanted.values(), strict=True):
        mine = ticks[offset : offset + size]
        assert [found.seconds(tick) for tick in mine] == pytest.approx([s for s, _ in group], abs=1e-7)
        assert [bool(tick & 1) for tick in mine] == [lasts for _, lasts in group]
    assert found.open_at.to_list() == [place for place, tick in enumerate(ticks) if tick & 1]


def test_one_line_serves_breakdowns_of_a_larger_frame():
    """The line holds the rows that count; the codes are those of all rows, by their place."""
    observed = pl.DataFrame({"row": [1, 2, 5], "s": [30.0, 10.0, 20.0], "ended": [True] * 3}).cast({"row": pl.UInt32})
    found = parted(line(observed), pl.Series([9, 1, 0, 9, 9, 1], dtype=pl.UInt32))
    assert (found.codes, found.sizes) == ([0, 1], [1, 2])
    assert [found.seconds(tick) for tick in found.ticks] == [10.0, 20.0, 30.0]


def test_durations_of_decades_stand_in_order_beside_the_places_of_a_million_rows():
    """Too large to be packed together with a place of 21 bits, though the shortest of them would have room."""
    decades = 9e8 + 0.5
    observed = pl.DataFrame({"row": [1 << 20, 7, 3], "s": [decades, 0.25, 0.5], "ended": [True, False, True]})
    found = line(observed.cast({"row": pl.UInt32}))
    assert found.rows.to_list() == [7, 3, 1 << 20]
    assert found.ticks.to_list() == [2 * 250_000 + 1, 2 * 500_000, 2 * 900_000_000_500_000]


def test_a_duration_is_kept_to_the_microsecond():
    observed = pl.DataFrame({"code": [0, 0], "s": [123_456.789012, 0.25], "ended": [True, True]})
    found = ordered(observed.cast({"code": pl.UInt32}))
    assert [found.seconds(tick) for tick in found.ticks] == [0.25, 123_456.789012]


@pytest.mark.parametrize("highest", [127, 128, 255, 256, 65_535, 65_536, 70_000])
def test_codes_of_any_size_keep_their_groups(highest):
    """The widest codes, and those around the sizes at which more bytes are needed to hold them."""
    codes = [highest, 0, highest - 1, highest]
    frame = pl.DataFrame({"code": codes, "s": [4.0, 3.0, 2.0, 1.0], "ended": [True] * 4}).cast({"code": pl.UInt32})
    found = ordered(frame)
    assert (found.codes, found.sizes) == ([0, highest - 1, highest], [1, 1, 2])
    assert [found.seconds(tick) for tick in found.ticks] == [3.0, 2.0, 1.0, 4.0]


def test_nothing_is_no_group():
    found = ordered(pl.DataFrame(schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}))
    assert (found.codes, found.sizes, summaries(found, 0.95)) == ([], [], {})


def test_ended_leaves_out_groups_that_only_wait():
    frame = pl.DataFrame(
        {"code": [0, 1, 1], "s": [5.0, 7.0, 6.0], "ended": [False, False, True]}, schema_overrides={"code": pl.UInt32}
    )
    found = ended(ordered(frame))
    assert (found.codes, found.sizes, found.ends) == ([1], [1], [1])
    assert summaries(found, 0.95)[1].mean == 6.0


def test_ended_keeps_every_end_and_no_open_one():
    """Whole seconds and others, odd and even: what a span lasted says nothing of whether it has ended."""
    for unit in (1.0, 0.5, 0.001):
        lasted = [unit * number for number in (1, 2, 3, 4, 4, 3, 2, 1)]
        frame = pl.DataFrame({"code": [0] * 8, "s": lasted, "ended": [True] * 4 + [False] * 4})
        found = ended(ordered(frame.cast({"code": pl.UInt32})))
        assert [found.seconds(tick) for tick in found.ticks] == [unit, 2 * unit, 3 * unit, 4 * unit]
        assert (found.sizes, found.ends, found.open_at.to_list()) == ([4], [4], [])


@pytest.mark.parametrize("scale", [1.0, 0.001, 3e11])
def test_means_are_the_same_to_the_last_bit_in_whatever_order(scale):
    """0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 in floats; a report must not depend on how a file was sorted."""
    frame = drawn(4_000, 1, scale=scale).with_columns(ended=pl.lit(value=True))
    one, other = (summaries(ordered(rows), 0.95)[0] for rows in (frame, frame.sort("s", descending=True)))
    assert (one.mean, one.hardest_decile_mean) == (other.mean, other.hardest_decile_mean)
    assert one.mean == pytest.approx(sum(frame["s"]) / 4_000, rel=1e-12)

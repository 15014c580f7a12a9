"""Day first or month first: what the values of a column prove, and what they leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.loaders.values._date_notations import NOTATIONS, Notation, Order, day_before_month, washed

_FRONT = (
    r"^(?:\p{L}+\.?,?\s+(?:-\s+)?|\d{1,2}:\d{2}[\d:.]*(?:\s?[ap]\.?m\.?)?,?\s+)?"
    r"(\d{1,2})([-/.])(\d{1,2})[-/.](?:\d{4}|\d{2})(?:\D|$)"
)
_YEAR_FIRST = r"^\d{4}[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)"
_MAY_TURN = r"^\d{4}[-/.](\d{1,2})[-/.]\d{1,2}(?:[^\dt]|$)"  # before a T the standard has the month in the middle
_CERTAIN = 0.001  # of a pattern that honest data would show by chance
_FEW = 3  # dates of either look that a pattern needs: one or two are slips of somebody's hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the numeric dates of a column say: rows that only fit one order, rows that fit both and differ."""

    dayfirst: int = 0
    monthfirst: int = 0
    either: int = 0  # both orders give a date, and not the same one
    twin: int = 0  # day and month are the same number
    dotted: bool = False  # every numeric date is written with dots
    iso_low: int = 0  # year-first dates whose day is 12 or less
    iso_high: int = 0
    iso_turned: int = 0  # year-first dates whose middle part can only be a day

    @property
    def order(self) -> Order | None:
        """The order that is proved, if exactly one is."""
        if self.dayfirst and not self.monthfirst:
            return "dayfirst"
        return "monthfirst" if self.monthfirst and not self.dayfirst else None

    @property
    def contradictory(self) -> bool:
        """Whether some rows prove the one order and some the other."""
        return bool(self.dayfirst and self.monthfirst)

    @property
    def damaged(self) -> bool:
        """Whether a spreadsheet has turned the dates that it could read, and only those, into dates of its own.

        It reads 3/4/2025 in its own order and leaves 4/23/2025 as text: then year-first dates never have a day above
        12, numeric ones always have, and the year-first ones are turned around.
        """
        proved = self.dayfirst + self.monthfirst
        if self.iso_high or self.either or self.twin or min(self.iso_low, proved) < _FEW:
            return False
        chance = (12 / 30.44) ** self.iso_low * (1 - 12 / 30.44) ** proved
        return chance < _CERTAIN


def year_first(
    present: Sequence[Notation], sample: pl.Series, also: Mapping[str, pl.Series]
) -> tuple[list[Notation], tuple[str, ...]]:
    """The notations of a column, the year-first ones with the day before the month where only that fits its dates.

    Where they fit both, the other columns of the file decide; and a note about it.
    """
    seen = evidence(sample.unique()) if any(_is_year_first(one) for one in present) else Evidence()
    elsewhere = [evidence(values.unique()) for values in also.values() if values.dtype == pl.String]
    proofs = [seen] if seen.iso_high or seen.iso_turned or not seen.iso_low else elsewhere
    turned = sum(one.iso_turned for one in proofs)
    dates = sum(one.iso_low for one in proofs)  # those that are turned are among them
    if not turned or dates < _FEW or any(one.iso_high for one in proofs):
        return [*present], ()
    fit = "value fits" if turned == 1 else "values fit"
    note = f"the day before the month behind the year: {turned:,} {fit} no other order"
    return [day_before_month(one) if _is_year_first(one) else one for one in present], (note,)


def _is_year_first(notation: Notation) -> bool:
    return notation.name.startswith("yyyy") and bool(notation.mark)


def evidence(values: pl.Series) -> Evidence:
    """Counts what the dates of a text column prove about the order of day and month."""
    frame = values.alias("v").to_frame().select(washed(pl.col("v")).alias("v"))
    front = pl.col("v").str.extract_groups(_FRONT)
    parts = frame.select(
        a=front.struct.field("1").cast(pl.Int16),
        b=front.struct.field("3").cast(pl.Int16),
        mark=front.struct.field("2"),
        iso=pl.col("v").str.extract(_YEAR_FIRST, 2).cast(pl.Int16),
        middle=pl.col("v").str.extract(_MAY_TURN, 1).cast(pl.Int16),
    )
    a, b = pl.col("a"), pl.col("b")
    day, month = (13, 31), (1, 12)
    both = a.is_between(*month) & b.is_between(*month)
    counts = parts.select(
        dayfirst=(a.is_between(*day) & b.is_between(*month)).sum(),
        monthfirst=(a.is_between(*month) & b.is_between(*day)).sum(),
        either=(both & (a != b)).sum(),
        twin=(both & (a == b)).sum(),
        dotted=(pl.col("mark") == ".").all() & a.is_not_null().any(),
        iso_low=(pl.col("iso") <= 12).sum(),
        iso_high=(pl.col("iso") > 12).sum(),
        iso_turned=(pl.col("middle").is_between(*day) & pl.col("iso").is_between(*month)).sum(),
    )
    return Evidence(**counts.row(0, named=True))


def choose_order(columns: Mapping[str, pl.Series]) -> Order | None:
    """The order that numeric dates of several columns of one file prove together; None if none or both are proved.

    Args:
        columns: name -> text values; columns that hold no numeric dates do not matter.
    """
    found = {column.order for column in (evidence(numeric(values)) for values in columns.values()) if _speaks(column)}
    return found.pop() if len(found) == 1 else None


def numeric(values: pl.Series) -> pl.Series:
    """The values of a text column that are wholly a numeric date, other ones null; of other types nothing."""
    if values.dtype != pl.String:
        return pl.Series(values.name, [], dtype=pl.String)
    frame = values.alias("v").to_frame()
    fits = pl.any_horizontal(
        washed(pl.col("v")).str.contains(notation.pattern) for notation in NOTATIONS if notation.numeric
    )
    return frame.select(pl.when(fits).then("v")).to_series()


def _speaks(column: Evidence) -> bool:
    return bool(column.dayfirst or column.monthfirst)

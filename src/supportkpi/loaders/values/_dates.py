"""Dates by column: one reading for all values, chosen by what the column holds, never cell by cell.

``choose_dates`` decides, ``DateReading`` reads. Day and month are never swapped in silence: the order is proved by the
column, by another column of the file, given by an option or the helpdesk's rule, or it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.errors import DataContradictory, DatesAmbiguous, Where
from supportkpi.loaders.values._batches import spread
from supportkpi.loaders.values._date_formats import check_zone, header_zone, order_of, shown, step_named
from supportkpi.loaders.values._date_notations import (
    COUNTS,
    NOTATIONS,
    Careful,
    Counted,
    Fast,
    Given,
    Notation,
    Order,
    Step,
    Wall,
    fast_steps,
    washed,
)
from supportkpi.loaders.values._date_order import Evidence, choose_order, evidence, year_first
from supportkpi.loaders.values._date_reading import DateReading, full
from supportkpi.loaders.values._date_words import DOUBTFUL

__all__ = ["LEAST_SHARE", "DateReading", "choose_dates", "choose_order", "header_zone"]

LEAST_SHARE = 0.5
"""Share of a column's values that must be instants for the column to be one; ``DateReading.share`` tells the share."""

_NEARLY_ALL = 0.9  # bare numbers may be anything: a few in range prove nothing
_PROBE, _SAMPLE = 64, 4096


def choose_dates(
    column: pl.Series,
    *,
    header: str,
    zone: str,
    formats: Sequence[str] = (),
    dayfirst: bool | None = None,
    whole: Callable[[], pl.Series] | None = None,
    also: Mapping[str, pl.Series] | None = None,
) -> DateReading | None:
    """The one reading of a column's instants, or None if fewer than ``LEAST_SHARE`` of its values are instants.

    Args:
        column: values, or a sample of them; missing marks already null.
        header: the column's name, for messages; ``(UTC)`` in it is the zone of its values.
        zone: IANA zone of values that have no offset.
        formats: strptime codes, printed formats (``dd.mm.yyyy HH:MM``) or ``unix``, ``unix-ms``, ``excel``,
            ``excel-1904``; the best of them is taken unless the values fit another reading better.
        dayfirst: the order where the values do not prove one (an option, or the helpdesk's rule).
        whole: gives the whole column where the sample does not prove an order.
        also: other date columns of the file, whose proof decides where this column has none.

    Raises:
        DatesAmbiguous: nothing decides between day/month and month/day, and it matters.
        DataContradictory: some values prove day/month, others month/day, or a spreadsheet has turned some around.
        ZoneUnknown: no zone of that name.
        OptionWrong: a format has codes that nobody knows.
    """
    check_zone(zone)
    own = header_zone(header)
    base = DateReading(format="", zone=own or zone, zone_in_header=own is not None)
    sample = spread(column, _SAMPLE)
    if not len(sample):
        return None
    if sample.dtype.is_temporal() and sample.dtype not in (pl.Time, pl.Duration):
        return _typed(sample, base)
    if sample.dtype.is_numeric() or sample.dtype == pl.String:
        ask = _Question(column, header, dayfirst, whole, also or {})
        return _best(sample, base, [step_named(text) for text in formats], ask)
    return None


@dataclass(frozen=True, slots=True)
class _Question:
    """Whom to ask for the order of day and month, in this order."""

    column: pl.Series
    header: str
    dayfirst: bool | None
    whole: Callable[[], pl.Series] | None
    also: Mapping[str, pl.Series]


def _best(sample: pl.Series, base: DateReading, steps: list[Step], ask: _Question) -> DateReading | None:
    given = _given(sample, base, steps, ask.dayfirst)
    if given is not None and given.share == 1.0:
        return given
    try:
        found = _counted(sample, base) or (_written(sample, base, ask) if sample.dtype == pl.String else None)
    except (DatesAmbiguous, DataContradictory):
        if given is not None and given.share >= LEAST_SHARE:
            return given
        raise
    best = max((reading for reading in (given, found) if reading), key=lambda reading: reading.share, default=None)
    return best if best is not None and best.share >= LEAST_SHARE else None


def _share(wall: Wall, sample: pl.Series) -> float:
    return wall.local.count() / len(sample)


def _given(sample: pl.Series, base: DateReading, steps: list[Step], dayfirst: bool | None) -> DateReading | None:
    """The best of the formats that the caller named; an order that was asked for rules out formats of the other."""
    best: DateReading | None = None
    for step in steps:
        order = order_of(step)
        if (dayfirst is not None and order and (order == "dayfirst") != dayfirst) or (
            isinstance(step, Given) and sample.dtype != pl.String
        ):
            continue
        wall = step.read(sample)
        share = _share(wall, sample)
        if best is None or share > best.share:
            name = step.format if isinstance(step, Given) else step.name if isinstance(step, Counted) else ""
            zoned = wall.offset is not None
            best = replace(base, format=name, order=order, share=share, given=True, zoned=zoned, steps=(step,))
    return best


def _typed(sample: pl.Series, base: DateReading) -> DateReading | None:
    years = sample.dt.year()
    share = years.is_between(1990, 2100).mean()
    if not isinstance(share, float) or share < LEAST_SHARE:
        return None
    zoned = isinstance(sample.dtype, pl.Datetime) and sample.dtype.time_zone is not None
    return replace(base, format="date cells", share=share, zoned=zoned)


def _counted(sample: pl.Series, base: DateReading) -> DateReading | None:
    """The count that reads nearly all of a column of numbers, zeros aside: the ranges of the counts do not meet."""
    best = replace(base, share=0.0)
    if sample.dtype == pl.String and _share_like(sample, r"^\s*\d{1,19}(?:[.,]\d*)?\s*$") < _NEARLY_ALL:
        return None
    counted = sample.filter(sample.cast(pl.String).str.strip_chars() != "0")
    for name, step in COUNTS.items() if len(counted) else ():
        if name == "excel-1904":  # its serials look like those of 1900: only a person can tell
            continue
        share = _share(step.read(counted), counted)
        if share > best.share:
            best = replace(base, format=step.name, share=share, bare=True, zoned=step.utc, steps=(step,))
    return best if best.share >= _NEARLY_ALL else None


# --- written dates ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Trial:
    """A careful step and what it read of the sample."""

    step: Careful
    wall: Wall

    @property
    def count(self) -> int:
        return self.wall.local.count()


def _written(sample: pl.Series, base: DateReading, ask: _Question) -> DateReading | None:
    present = _present(sample)
    if not present:
        return None
    base = _ordered(sample, base, present, ask)
    present, turned = year_first(present, sample, ask.also)
    steps = [Careful(notation, base.order != "monthfirst") for notation in present]
    trials = sorted((_Trial(step, step.read(sample)) for step in steps), key=lambda trial: -trial.count)
    main = trials[0]
    trials = [trial for trial in trials if trial.count and (trial is main or not trial.step.notation.bare)]
    if not trials:
        return None
    fast = _fastest(sample, main)
    read = pl.select(pl.any_horizontal(trial.wall.local.is_not_null() for trial in trials).mean()).item()
    return replace(
        base,
        format=shown(main.step, main.wall, fast.format if fast else None),
        zoned=main.wall.offset is not None,
        share=float(read),
        bare=main.step.notation.bare,
        notes=base.notes + turned + _remarks(sample, trials),
        steps=(*([fast] if fast else []), *(trial.step for trial in trials)),
    )


def _share_like(values: pl.Series, pattern: str) -> float:
    return float(pl.select(values.str.contains(pattern).mean()).item() or 0)


def _present(sample: pl.Series) -> list[Notation]:
    """The notations that a few values are written in, tried on a probe before the sample is."""
    probe = spread(sample, _PROBE).alias("v").to_frame()
    looks = probe.select((pl.col("v").str.contains(r"\d") & pl.col("v").str.len_chars().is_between(5, 60)).mean())
    if looks.item() < LEAST_SHARE / 2:
        return []
    hits = probe.select(washed(pl.col("v"))).select(
        pl.col("v").str.contains(notation.pattern).sum().alias(str(index)) for index, notation in enumerate(NOTATIONS)
    )
    return [notation for notation, count in zip(NOTATIONS, hits.row(0), strict=True) if count]


def _fastest(sample: pl.Series, main: _Trial) -> Fast | None:
    """An exact layout that reads at least half of a probe, and nothing otherwise than the careful step does."""
    every = max(1, len(sample) // _PROBE)
    probe, local = sample.gather_every(every), main.wall.local.gather_every(every)
    offset = full(main.wall.offset, len(sample)).gather_every(every)
    least, chosen = len(probe) / 2, None
    for step in fast_steps(main.step.notation, dayfirst=main.step.dayfirst):
        if chosen is not None and least == len(probe):
            break
        if not step.could(probe):
            continue
        read = step.read(probe)
        same = (read.local == local) & full(read.offset, len(probe)).eq_missing(offset)
        count = int(same.sum())
        agrees = same.fill_null(value=False) | read.local.is_null()
        if agrees.all() and count >= least and (chosen is None or count > least):
            least, chosen = count, step
    return chosen


def _remarks(sample: pl.Series, trials: Sequence[_Trial]) -> tuple[str, ...]:
    notes = []
    if len(trials) > 1:
        names = " and ".join(shown(trial.step, trial.wall, None) for trial in trials[1:])
        notes.append(f"some values are written {names}")
    main = trials[0].wall
    if isinstance(main.offset, pl.Series) and main.offset.null_count() > main.local.null_count():
        notes.append("some values have an offset and some have none")
    tails = sample.str.to_lowercase().str.extract(r"\d\s?(?:[ap]\.?\s?m\.?)?\s?\(?([a-z]{3,4})\)?$")
    doubtful = sorted(zone.upper() for zone in tails.drop_nulls().unique() if zone in DOUBTFUL)
    if doubtful and main.offset is not None:
        notes.append(f"{', '.join(doubtful)} names several zones: the North American or British one is taken")
    return tuple(notes)


def _ordered(sample: pl.Series, base: DateReading, present: list[Notation], ask: _Question) -> DateReading:
    """The reading with the order of day and month decided, if any notation present leaves it open."""
    if not any(notation.numeric for notation in present):
        return base
    seen = evidence(sample)
    if seen.order is None and not seen.contradictory and seen.either:
        seen = evidence(ask.whole() if ask.whole else ask.column)
    _refuse(seen, ask.header)
    if seen.order is not None:
        proof = seen.dayfirst + seen.monthfirst
        first = "day" if seen.order == "dayfirst" else "month"
        note = f"{first} first: {proof:,} {'values fit' if proof > 1 else 'value fits'} no other order"
        return replace(base, order=seen.order, proof=proof, notes=(*base.notes, note))
    order, why = _unproved(seen, ask)
    return replace(base, order=order, notes=(*base.notes, *([why] if why else [])))


def _refuse(seen: Evidence, header: str) -> None:
    where = Where(column=header)
    hint = "export again without a spreadsheet in between, or give the one format that holds with --date-format"
    if seen.contradictory:
        message = f"dates of both orders: {seen.dayfirst:,} can only be day/month, {seen.monthfirst:,} only month/day"
        raise DataContradictory(message, hint=hint, where=where)
    if seen.damaged:
        proved = seen.dayfirst + seen.monthfirst
        message = (
            f"a spreadsheet seems to have turned dates around: {seen.iso_low:,} are written year first, none of them "
            f"with a day above 12, while all of the other {proved:,} have"
        )
        raise DataContradictory(message, hint=hint, where=where)


def _unproved(seen: Evidence, ask: _Question) -> tuple[Order, str]:
    if ask.dayfirst is not None:
        return ("dayfirst", "day first, as stated") if ask.dayfirst else ("monthfirst", "month first, as stated")
    elsewhere = choose_order(ask.also)
    if elsewhere is not None:
        first = "day" if elsewhere == "dayfirst" else "month"
        return elsewhere, f"{first} first, as another column of the file proves"
    if seen.dotted:
        return "dayfirst", "day first, as dates with dots are written"
    if not seen.either:
        return "dayfirst", ""
    fit = "date fits" if seen.either == 1 else "dates fit"
    message = f"{seen.either:,} {fit} day/month and month/day alike, and nothing in the file decides between them"
    hint = "say --dayfirst (31/12/2026) or --monthfirst (12/31/2026), or give --date-format"
    raise DatesAmbiguous(message, hint=hint, where=Where(column=ask.header))

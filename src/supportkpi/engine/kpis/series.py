"""KPIs of the user's own figures: articles a month, retention, costs; each a Metric made from the data.

A figure of a whole stretch (a month) that a period cuts counts by its share of days. Counts and money are added up,
shares, scores and durations are averaged: adding three months' retention would be a number of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from supportkpi.engine.grouping.groups import MOST_GROUPS, STRETCHES, TIMES, parsed
from supportkpi.engine.grouping.rows import Days
from supportkpi.engine.grouping.scope import NEAR, Breakdown, Scope, absent, edges
from supportkpi.errors import OptionWrong, ValueUnknown
from supportkpi.metrics import Figures, Metric, catalogue
from supportkpi.periods import lengths
from supportkpi.report import Row, State
from supportkpi.schema import CHANNELS
from supportkpi.texts import meant

MEANS = ("ratio", "score", "points", "s", "days")
"""Units of which a period has a mean; every other unit (counts, money) adds up."""
COLUMNS = ("channel", "currency")
"""What figures may be broken down or filtered by."""
FIRST_RANK = 90
_AVERAGES = re.compile(r"\bper\b|\baverage\b|\bavg\b|\bmean\b|\bmedian\b|\barpu\b|средн|медиан|\bза\b|\bна\b|чек")
_EXACT = pl.Decimal(38, 10)


def series_id(name: str) -> str:
    """The KPI id of a series: ``New articles`` is new_articles; one that a KPI of ours has ends in ``_series``."""
    plain = re.sub(r"\W+", "_", name.casefold()).strip("_") or "series"
    return f"{plain}_series" if plain in catalogue() else plain


def own_kpis(series: pl.DataFrame) -> dict[str, Metric]:
    """A Metric for each name of a frame of SERIES, by its id, in the order of the frame."""
    found: dict[str, Metric] = {}
    for name in series["name"].drop_nulls().unique(maintain_order=True).to_list():
        found.setdefault(series_id(name), _metric(name, _unit(series.filter(pl.col("name") == name)), len(found)))
    return found


def _unit(rows: pl.DataFrame) -> str:
    units = rows["unit"].drop_nulls() if "unit" in rows.columns else pl.Series(dtype=pl.String)
    if "currency" in rows.columns and rows["currency"].count():
        return "money"
    return str(units[0]) if len(units) else "count"


def _metric(name: str, unit: str, place: int) -> Metric:
    total = unit not in MEANS and not _AVERAGES.search(name.casefold())
    how = "added up over the period" if total else "the mean over the period"
    return Metric(
        name=series_id(name),
        title=f"{name[:1].upper()}{name[1:]}",
        abbr=f"{name[:1].upper()}{name[1:]}",
        unit=unit,
        direction="none",
        definition=f"Your own figures of {name}, {how}; one that the period cuts counts by its days.",
        why="A figure that no ticket shows, beside those that tickets show.",
        over="series",
        dated_by="instant",
        measure=Figures(series=name, is_total=total),
        rank=FIRST_RANK + place,
        stats=("value", "per_month") if total else ("value",),
        min_sample=0,
        headline=True,  # who gives a file of it wants to see it
    )


def filtered(series: pl.DataFrame, where: Sequence[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The figures that pass the filters on their channel and currency, and the filters that they cannot be asked.

    Raises:
        ValueUnknown: no figure has that currency.
    """
    deaf: list[str] = []
    wanted: dict[str, list[tuple[bool, str]]] = {}
    for text in where:
        dim, operator, value = parsed(text)
        if dim.casefold() in COLUMNS and series.height:
            wanted.setdefault(dim.casefold(), []).append((operator == "!=", value.lower()))
        else:
            deaf.append(text)
    for dim, asked in wanted.items():
        words = pl.col(dim).str.to_lowercase().fill_null("")
        some = [word for negated, value in asked if not negated for word in _words(value)]
        none = [word for negated, value in asked if negated for word in _words(value)]
        _check_currency(series, dim, [*some, *none])
        series = series.filter(~words.is_in(none) & (words.is_in(some) if some else pl.lit(value=True)))
    return series, tuple(deaf)


def _words(value: str) -> list[str]:
    return [part.strip() for part in value.split(",")]


def _check_currency(series: pl.DataFrame, dim: str, asked: Iterable[str]) -> None:
    known = series[dim].drop_nulls().unique().sort().to_list()
    for word in asked:
        if dim == "currency" and known and word and word.upper() not in known:
            hint = meant(word.upper(), known) or f"the data has {', '.join(known)}"
            raise ValueUnknown(f"currency is never {word.upper()!r}", hint=hint)


# --- figures of a stretch of days --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Figures within some days: their sum and mean, each counted by the share of its days that lies inside."""

    total: Fraction
    weight: Fraction  # figures inside, cut ones by their share
    n: int  # figures that reach into the days

    @property
    def mean(self) -> Fraction:
        """The mean figure."""
        return self.total / self.weight


def within_days(rows: pl.DataFrame, days: Days, by: Sequence[str] = ()) -> dict[tuple[str | None, ...], Part]:
    """The part of figures (start, end: the last day inside, value) that lies within some days, by columns.

    Exact: values as the decimals that they were written as, shares of months as fractions.
    """
    first, last = (pl.lit(day, pl.Date) for day in days)
    inside = (pl.min_horizontal("end", last) - pl.max_horizontal("start", first)).dt.total_days() + 1
    cut = rows.select(
        *by,
        value=pl.col("value").cast(pl.String).cast(_EXACT),
        inside=inside,
        days=(pl.col("end") - pl.col("start")).dt.total_days() + 1,
    ).filter(pl.col("inside") > 0)
    sums = cut.group_by(*by, "inside", "days").agg(pl.col("value").sum(), n=pl.len())
    found: dict[tuple[str | None, ...], Part] = {}
    for *key, got, whole, value, n in sums.select(*by, "inside", "days", "value", "n").rows():
        share, before = Fraction(got, whole), found.get(tuple(key), Part(total=Fraction(), weight=Fraction(), n=0))
        found[tuple(key)] = Part(
            total=before.total + Fraction(value) * share, weight=before.weight + n * share, n=before.n + n
        )
    return found


def stretch_of(rows: pl.DataFrame) -> list[Days]:
    """The days that figures cover, in order: stretches that touch or overlap made one.

    Figures of single days cover the days between them, too (nothing was written down for a Sunday), and a month that
    they nearly fill.
    """
    singles, merged = pl.col("start") == pl.col("end"), list[Days]()
    spans = rows.filter(~singles).select("start", "end").unique().rows()
    first, last = rows.filter(singles).select(pl.col("start").min(), pl.col("end").max()).row(0)
    spans += [_whole_months(first, last)] if first is not None else []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _whole_months(first: date, last: date) -> Days:
    """Days up to the edges of their first and last month, where these are near."""
    start = first.replace(day=1)
    end = (last.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return start if first - start < NEAR else first, end if end - last < NEAR else last


def common(days: Days, covered: Iterable[Days]) -> list[Days]:
    """Those of some days that are covered."""
    both = [(max(days[0], first), min(days[1], last)) for first, last in covered]
    return [(first, last) for first, last in both if first <= last]


def day_count(stretches: Iterable[Days]) -> int:
    """How many days some stretches have."""
    return sum((last - first).days + 1 for first, last in stretches)


def buckets(days: Days, dim: str) -> dict[str, Days]:
    """The stretches of a dimension (day, week, month, quarter) that some days lie in, cut to them, by label.

    Raises:
        OptionWrong: more of them than a breakdown can show.
    """
    found: dict[str, Days] = {}
    day, last = days
    while day <= last:
        label = _label(day, dim)
        found[label] = (found.get(label, (day, day))[0], day)
        day += timedelta(days=1)
    if len(found) > MOST_GROUPS:
        raise OptionWrong(f"{len(found):,} groups are more than the {MOST_GROUPS:,} that a breakdown can show")
    return found


def _label(day: date, dim: str) -> str:
    if dim == "day":
        return day.isoformat()
    if dim == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day:%Y-%m}" if dim == "month" else f"{day.year}-Q{(day.month + 2) // 3}"


def period_of(rows: pl.DataFrame, scope: Scope) -> Days | None:
    """The days of the report's period; where it has no end, those of the figures. None without any."""
    start, end = edges(scope.window, scope.settings.timezone)
    first, last = start or rows["start"].min(), end or rows["end"].max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) and first <= last else None


def split(dims: Breakdown) -> tuple[list[str], str | None, list[str]]:
    """A breakdown's own columns, its stretch of time, and what figures of whole days and months do not have."""
    plain = [dim for dim in dims if dim == "channel"]
    times = [dim for dim in dims if dim in STRETCHES]
    strange = [dim for dim in dims if dim not in (*plain, *times[:1])]
    return plain, times[0] if times else None, strange


def by_channel(key: tuple[str | None, ...]) -> tuple[int, str]:
    """The natural order of channels, those without one last."""
    name = key[0] if key else None
    return (len(CHANNELS) + 1, "") if name is None else ((*CHANNELS, name).index(name), name)


# --- rows --------------------------------------------------------------------------------------------------------


def own_figures(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of a series: its total (and the mean month), or its mean, over the period and for every breakdown."""
    every = scope.facts.series
    names = [name for name in every["name"].drop_nulls().unique().to_list() if series_id(name) == metric.name]
    rows = every.filter(pl.col("name").is_in(names))
    frame, days = scope.frame(metric, None), period_of(rows, scope)
    if scope.deaf or days is None:
        yield from absent(frame, (deafness(scope),), basis="given")
        return
    if len(codes := currencies(rows)) > 1:
        yield from absent(frame, (mixed(codes),), state=State.needs_answer, basis="given")
        return
    for dims in scope.breakdowns:
        plain, time, strange = split(dims)
        if any(dim in TIMES for dim in strange):
            continue  # a figure of a month has no hour of the day and no weekday
        if strange or (plain and not rows["channel"].count()):
            why, none = (f"these figures are not split by {', '.join(strange or plain)}",), dict.fromkeys(dims)
            for stat in metric.stats:
                yield frame.row(stat, none, n=0, state=State.not_observed, reason=why, basis="given")
            continue
        for label, part in (buckets(days, time) if time else {"": days}).items():
            for key, of_key in _parts(rows, part, plain):
                named = dict(zip(plain, key, strict=True)) | ({time: label} if time else {})
                yield from _stats(metric, scope, of_key, part, group={dim: named[dim] for dim in dims})


def _parts(
    rows: pl.DataFrame, days: Days, plain: Sequence[str]
) -> Iterator[tuple[tuple[str | None, ...], pl.DataFrame]]:
    """The figures that reach into some days, apart by channel; the total also where there is none."""
    inside = rows.filter((pl.col("start") <= pl.lit(days[1], pl.Date)) & (pl.col("end") >= pl.lit(days[0], pl.Date)))
    if not plain:
        yield (), inside
        return
    for key in sorted(inside.select(plain).unique().rows(), key=by_channel):
        yield key, inside.filter(pl.col(plain[0]).eq_missing(pl.lit(key[0], pl.String)))


def _stats(
    metric: Metric, scope: Scope, rows: pl.DataFrame, days: Days, *, group: Mapping[str, str | None]
) -> Iterator[Row]:
    """The rows of one group in some days, with how much of them the figures cover."""
    frame, part = scope.frame(metric, None), within_days(rows, days).get(())
    if part is None:
        if not any(dim in TIMES for dim in group):
            why = ("there is no figure in the period",)
            for stat in metric.stats:
                yield frame.row(stat, group, n=0, state=State.empty, reason=why, basis="given")
        return
    covered = common(days, stretch_of(rows))
    counts = {"figures": part.n, "days": day_count([days]), "days_covered": day_count(covered)}
    partly = counts["days_covered"] < counts["days"]
    said = (f"the figures cover {counts['days_covered']:,} of {counts['days']:,} days",) if partly else None
    shared: dict[str, object] = {"counts": counts, "basis": "given", "unit": _unit_of(metric, rows), "reason": said}
    frame = replace(frame, days=covered)
    if not metric.adds_up:
        yield frame.row("value", group, n=part.n, value=float(part.mean), **shared)
        return
    months = sum((lengths(first, last, "month") for first, last in covered), Fraction())
    n = max(0, int(part.total)) if metric.unit == "count" else part.n  # what was counted: articles, visits
    yield frame.row("value", group, n=n, value=float(part.total), **shared)
    yield frame.row("per_month", group, n=n, value=float(part.total / months), **shared)


def _unit_of(metric: Metric, rows: pl.DataFrame) -> str:
    """The unit of a row: of money its currency, where one is known."""
    return next(iter(currencies(rows)), metric.unit) if metric.unit == "money" else metric.unit


def currencies(rows: pl.DataFrame) -> list[str]:
    """The currencies of some figures."""
    return sorted(rows["currency"].drop_nulls().unique().to_list())


def mixed(codes: Sequence[str]) -> str:
    """Why money of several currencies has no sum, and what to say."""
    return f"amounts in {' and '.join(codes)} are not added up: choose one with --where currency={codes[0]}"


def deafness(scope: Scope) -> str:
    """Why figures are not shown under a filter of tickets."""
    filters = ", ".join(scope.deaf)
    return f"your own figures are not split that way ({filters})" if filters else "no figure passes the filters"

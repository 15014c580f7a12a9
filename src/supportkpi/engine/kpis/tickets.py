"""KPIs over tickets: durations, shares and counts, for every breakdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Required, TypedDict

import polars as pl

from supportkpi.engine.grouping.groups import TIMES, Groups
from supportkpi.engine.grouping.rows import Clock, Frame, clocks
from supportkpi.engine.grouping.scope import DATES, Breakdown, Scope, absent
from supportkpi.engine.kpis.given import so_far
from supportkpi.engine.statistics.intervals import clustered_wilson, design_effect
from supportkpi.engine.statistics.ordered import Line, ended, line, parted
from supportkpi.engine.statistics.quantiles import Summary, summaries
from supportkpi.engine.statistics.restricted import Mean, restricted_means
from supportkpi.engine.statistics.survival import Median, medians
from supportkpi.facts.grains import in_whole_days
from supportkpi.metrics import Count, Distribution, Metric, Rate
from supportkpi.report import RMST_DAYS, WHOLE_DAYS, Row
from supportkpi.workers import workers

_IN_POPULATION = pl.col("exclusion").is_null()
_HORIZON = RMST_DAYS * 86_400
_TOO_YOUNG = f"the oldest open ticket has been open for less than {RMST_DAYS} days"
_CLUSTERED_FROM = 0.10  # share of observations from clusters of two or more, above which the correction is on


def durations(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of a KPI of durations: derived on every clock that there is, else the export's own figures."""
    measure = metric.measure
    assert isinstance(measure, Distribution)  # noqa: S101 - the registry of measures says so
    dated, frame = _dated(metric, scope)
    reasons = scope.reasons(metric)
    shown: dict[Clock, tuple[str, str | None]] = {}
    for clock in _clocks(metric, scope) if not reasons else ():
        middle = "_business" if clock == "business" else ""
        shown[clock] = (f"{measure.span}{middle}_s", f"{measure.span}{middle}_age_s")
    shown |= {clock: (column, None) for clock, column in _given(measure, scope, [*shown])}
    if not shown:
        yield from absent(frame, reasons, clock="calendar")
        return
    tally = _tally(metric, scope, dated)
    for clock, columns in shown.items():
        yield from _clocked(frame, scope, dated, tally, columns=columns, clock=clock)


def _clocks(metric: Metric, scope: Scope) -> Iterator[Clock]:
    """The clocks on which spans are known: no working hours of minutes that began at an unknown hour."""
    measure = metric.measure
    assert isinstance(measure, Distribution)  # noqa: S101
    hourless = scope.facts.by_day("created_at") and not in_whole_days(scope.facts.dataset, measure.span)
    for clock in clocks(metric, scope.settings):
        if clock == "calendar" or not hourless:
            yield clock


def _given(measure: Distribution, scope: Scope, shown: Sequence[Clock]) -> Iterator[tuple[Clock, str]]:
    """Clocks that only the export's own figures have: never a helpdesk's business minutes under a calendar of ours."""
    for clock, part in (("calendar", ""), ("business", "_business")):
        column = f"given_{measure.given}{part}_s"
        if (
            clock not in shown
            and column in scope.tickets.columns
            and scope.tickets[column].null_count() < scope.tickets.height
        ):
            yield clock, column  # type: ignore[misc]


def _dated(metric: Metric, scope: Scope) -> tuple[str, Frame]:
    attribution = metric.dated_by if DATES[metric.dated_by] not in scope.facts.unobserved else None
    return DATES[metric.dated_by], scope.frame(metric, attribution)


def _clocked(
    frame: Frame,
    scope: Scope,
    dated: str,
    tally: _Tally,
    *,
    columns: tuple[str, str | None],
    clock: Clock,
) -> Iterator[Row]:
    value, age = columns
    given = age is None
    observed = _observed(scope, frame.metric, dated, value=value, age=age)
    whole_days = not given and in_whole_days(scope.facts.dataset, value.removesuffix("_s").removesuffix("_business"))
    # A week of the wall clock is none of working hours, and the export's own figures have no open tickets.
    stats = [stat for stat in frame.metric.stats if stat != "rmst" or (clock == "calendar" and not given)]
    grouped = [scope.groups("tickets", scope.tickets, dated, dims) for dims in scope.breakdowns]
    with workers() as pool:  # the sorts of one breakdown leave cores idle
        measured = list(pool.map(lambda groups: _spread(observed, groups, scope.settings.conf, stats), grouped))
    for dims, groups, spread in zip(scope.breakdowns, grouped, measured, strict=True):
        for code, label in enumerate(groups.labels):
            found, counts = spread.summary.get(code), tally.of(dims, code)
            if dims and found is None and not any(counts.values()) and code not in spread.running:
                continue
            counts.pop("population", None)
            counts |= {name: of_code.get(code, 0) for name, of_code in spread.aside.items()}
            counts |= {WHOLE_DAYS: found.n if found else 0} if whole_days else {}
            waiting = spread.running.get(code, 0)
            shared: dict[str, object] = {
                "clock": clock,
                "counts": counts,
                "basis": "given" if given else "derived",
                "n_open": None if given else waiting,
            }
            for stat in stats:
                told = spread.restricted_to(code) if stat == "rmst" else spread.duration(stat, code)
                yield frame.row(stat, label, n=found.n if found else 0, **told, **shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observed:
    """Durations of a KPI's population on one clock, in order; ``aside`` are rows that are counted by themselves.

    That is those that fell outside of all hours, and open tickets whose figure of the export is one so far.
    """

    durations: Line
    aside: Mapping[str, pl.Series]


def _observed(scope: Scope, metric: Metric, dated: str, *, value: str, age: str | None) -> _Observed:
    fits = _IN_POPULATION & metric.eligible & scope.inside(dated)
    seconds = pl.coalesce(value, age) if age is not None else pl.col(value)
    unfinished = so_far(metric) if age is None else None
    wide = scope.tickets.select(
        row=pl.int_range(pl.len(), dtype=pl.UInt32),
        s=seconds,
        ended=pl.col(value).is_not_null(),
        kept=(fits & seconds.is_not_null()).fill_null(value=False),
        calendar=pl.col(value.replace("_business", "")),
        so_far=pl.lit(value=False) if unfinished is None else unfinished,
    )
    rows, aside = wide.filter("kept"), {}
    if age is not None and "_business" in value:
        asleep = pl.col("ended") & (pl.col("s") == 0) & (pl.col("calendar") > 0)
        aside["off_hours"] = rows.filter(asleep)["row"]
    if unfinished is not None:
        aside["still_open"], rows = rows.filter("so_far")["row"], rows.filter(~pl.col("so_far"))
    return _Observed(durations=line(rows), aside=aside)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """What the durations of one breakdown come to, by the code of the group."""

    summary: Mapping[int, Summary]
    running: Mapping[int, int]
    survival: Mapping[int, Median]
    restricted: Mapping[int, Mean]
    aside: Mapping[str, Mapping[int, int]]

    def duration(self, stat: str, code: int) -> dict[str, object]:
        """value, low and high of one statistic; complete groups keep the ordinary median (method 4.2)."""
        if stat == "km_median" and self.running.get(code) and code in self.survival:
            value, low, high = self.survival[code]
            return (
                {"value": value, "low": low, "high": high}
                if value is not None
                else {"reason": ("more than half are still open: the median is not reached",)}
            )
        if code not in self.summary:
            return {}
        value, low, high = self.summary[code].stat("median" if stat == "km_median" else stat)
        return {"value": value, "low": low, "high": high}

    def restricted_to(self, code: int) -> dict[str, object]:
        """value, low and high of the mean within the first days, open tickets included (method 4.3)."""
        if code in self.restricted:
            value, low, high = self.restricted[code]
            return {"value": value, "low": low, "high": high}
        return {"reason": (_TOO_YOUNG,)} if self.running.get(code) else {}


def _spread(observed: _Observed, groups: Groups, conf: float, stats: Sequence[str]) -> _Spread:
    rows = parted(observed.durations, groups.codes)
    waiting = (size - end for size, end in zip(rows.sizes, rows.ends, strict=True))
    running = dict(zip(rows.codes, waiting, strict=True))
    return _Spread(
        summary=summaries(ended(rows), conf),
        running=running,
        survival=medians(rows, conf) if any(running.values()) else {},
        restricted=restricted_means(rows, _HORIZON, conf) if "rmst" in stats else {},
        aside={name: _counts(groups.codes.gather(rows)) for name, rows in observed.aside.items()},
    )


def _counts(codes: pl.Series) -> dict[int, int]:
    return dict(codes.value_counts().iter_rows())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """Whole numbers of every group of every breakdown: excluded, population, and the KPI's own counts over it."""

    names: tuple[str, ...]
    groups: Mapping[Breakdown, Mapping[int, Mapping[str, int]]]

    def of(self, dims: Breakdown, code: int) -> dict[str, int]:
        """The counts of one group; zeros where it has no rows."""
        return dict(self.groups[dims].get(code, dict.fromkeys(self.names, 0)))


def _tally(metric: Metric, scope: Scope, dated: str) -> _Tally:
    fits = _IN_POPULATION & metric.eligible
    missing = scope.facts.unobserved
    shown = {
        name: expr
        for name, expr in metric.counts.items()
        if not any(root in missing for root in expr.meta.root_names())
    }
    marks = scope.tickets.select(
        (scope.inside(dated) & ~fits).alias("excluded"),
        (scope.inside(dated) & fits).alias("population"),
        *((scope.inside(dated) & fits & expr).fill_null(value=False).alias(name) for name, expr in shown.items()),
    )
    kinds = _kinds(marks)
    return _Tally(
        names=tuple(marks.columns),
        groups={
            dims: _sums(kinds, marks.columns, scope.groups("tickets", scope.tickets, dated, dims).codes)
            for dims in scope.breakdowns
        },
    )


def _kinds(marks: pl.DataFrame) -> pl.Series:
    """Which of the marks each row has, a bit each: whole numbers are counted once for all marks of a breakdown."""
    bits = [pl.col(name).fill_null(value=False).cast(pl.Int64) * (1 << bit) for bit, name in enumerate(marks.columns)]
    return marks.select(pl.sum_horizontal(bits).alias("kind")).to_series()


def _sums(kinds: pl.Series, names: Sequence[str], codes: pl.Series) -> dict[int, dict[str, int]]:
    """code -> how many of its rows have each mark."""
    sums: dict[int, dict[str, int]] = {}
    both = (codes.cast(pl.Int64) * (1 << len(names)) + kinds).alias("both")
    for both_of, count in both.value_counts(name="count").iter_rows():
        code, kind = divmod(both_of, 1 << len(names))
        of_code = sums.setdefault(code, dict.fromkeys(names, 0))
        for bit, name in enumerate(names):
            of_code[name] += count if kind >> bit & 1 else 0
    return sums


def counted(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of a KPI that counts tickets; without dates the whole file can still be counted, not a part of it."""
    measure = metric.measure
    assert isinstance(measure, Count)  # noqa: S101
    dated, frame = _dated(metric, scope)
    reasons = scope.reasons(metric, but=dated if scope.window is None else None)  # all of a file needs no dates
    data = scope.facts.dataset
    if data.tickets.is_empty() and not (data.surveys.is_empty() and data.series.is_empty()):
        only = "figures of your own" if data.surveys.is_empty() else "answers of surveys"
        reasons = (f"no tickets: these files hold {only} only",)
    if reasons:
        yield from absent(frame, reasons)
        return
    fits = _IN_POPULATION & metric.eligible & scope.inside(dated)
    marks = scope.tickets.select(
        (scope.inside(dated) & _IN_POPULATION.not_()).alias("excluded"),
        (fits & measure.which).fill_null(value=False).alias("n"),
    )
    kinds = _kinds(marks)
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", scope.tickets, dated, dims)
        sums = _sums(kinds, marks.columns, groups.codes)
        for code, label in enumerate(groups.labels):
            counts = dict(sums.get(code, {"n": 0, "excluded": 0}))
            n = counts.pop("n")
            if n or counts["excluded"] or not any(dim in TIMES for dim in dims):  # nought solved is a number
                yield frame.row("value", label, n=n, value=float(n), counts=counts)


def shares(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of a KPI that is a share of tickets, with the Wilson interval at the effective sample size."""
    measure = metric.measure
    assert isinstance(measure, Rate)  # noqa: S101
    reasons = scope.reasons(metric)
    dated, frame = _dated(metric, scope)
    if reasons:
        yield from absent(frame, reasons)
        return
    tally = _tally(metric, scope, dated)
    fits = _IN_POPULATION & metric.eligible & scope.inside(dated)
    for stat in metric.stats:
        extra = measure.net if stat == "net" and measure.net is not None else pl.lit(value=True)
        marks = scope.tickets.select(
            decided=(fits & measure.decided & extra).fill_null(value=False),
            success=measure.success.fill_null(value=False),
            cluster=pl.col(measure.cluster).str.to_lowercase() if measure.cluster else pl.lit(None, pl.String),
        )
        for dims in scope.breakdowns:
            groups = scope.groups("tickets", scope.tickets, dated, dims)
            found = share_of(marks.with_columns(code=groups.codes), scope.settings.conf)
            for code, label in enumerate(groups.labels):
                counts = tally.of(dims, code)
                if dims and not any(counts.values()):
                    continue
                del counts["population"]
                yield frame.row(stat, label, counts=counts, **found.get(code, {"n": 0, "x": 0.0}))


class Share(TypedDict, total=False):
    """A share with its range, as a row takes it; of no observation there is n alone."""

    n: Required[int]
    x: float
    value: float
    low: float | None
    high: float | None


def share_of(marks: pl.DataFrame, conf: float) -> dict[int, Share]:
    """By code: n, x, value, low, high of the share of success among decided; clusters widen the interval (method 3.1).

    Every row without a cluster is one of its own.
    """
    return share_of_clusters(clustered(marks, "success").rename({"success": "x"}), conf)


def clustered(marks: pl.DataFrame, *successes: str) -> pl.DataFrame:
    """The decided rows by code and cluster: ``n``, how many have each success, and whether they are ``single``."""
    sums = marks.filter("decided").group_by("code", "cluster").agg(pl.len().alias("n"), pl.col(successes).sum())
    return sums.with_columns(single=pl.col("cluster").is_null())


def share_of_clusters(each: pl.DataFrame, conf: float) -> dict[int, Share]:
    """By code the share of ``x`` in ``n``, a row a cluster; a row that is ``single`` stands for n clusters of one.

    Whole numbers alone are summed, so that the same data gives the same last digit in whatever order groups come.
    """
    x, n, single = pl.col("x").cast(pl.Int64), pl.col("n").cast(pl.Int64), pl.col("single")
    sums = each.group_by("code").agg(
        x.sum(),
        n.sum(),
        repeated=pl.when(~single & (n >= 2)).then(n).sum(),
        clusters=pl.when(single).then(n).otherwise(1).sum(),
        xx=pl.when(single).then(x).otherwise(x * x).sum(),
        xn=pl.when(single).then(x).otherwise(x * n).sum(),
        nn=pl.when(single).then(n).otherwise(n * n).sum(),
    )
    found: dict[int, Share] = {}
    for code, hits, size, repeated, clusters, xx, xn, nn in sums.iter_rows():
        squares = (xx * size**2 - 2 * hits * size * xn + hits**2 * nn) / size**2  # of x_c - r n_c, with r = hits / size
        effect = design_effect(hits, size, clusters, squares) if repeated >= _CLUSTERED_FROM * size else 1.0
        low, high = clustered_wilson(hits, size, effect, conf) or (None, None)
        found[code] = {"n": size, "x": float(hits), "value": hits / size, "low": low, "high": high}
    return found

"""KPIs that are so many of something a ticket: the mean of a count, its median, its ninth decile."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from supportkpi.engine.grouping.scope import DATES, Scope, absent
from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.quantiles import Summary, summaries
from supportkpi.metrics import Metric, Ratio
from supportkpi.report import Row


def per_ticket(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of a KPI that counts something on every ticket; its mean has no interval (method 3.4)."""
    measure = metric.measure
    assert isinstance(measure, Ratio)  # noqa: S101 - the registry of measures says so
    reasons, dated = scope.reasons(metric), DATES[metric.dated_by]
    frame = scope.frame(metric, metric.dated_by if dated not in scope.facts.unobserved else None)
    if reasons:
        yield from absent(frame, reasons)
        return
    inside, used = scope.inside(dated), pl.col("exclusion").is_null() & metric.eligible
    marks = scope.tickets.select(
        (inside & ~used).fill_null(value=False).alias("excluded"),
        (inside & used).fill_null(value=False).alias("population"),
        *((inside & used & expr).fill_null(value=False).alias(name) for name, expr in metric.counts.items()),
        (inside & used & measure.each & measure.of.is_not_null()).fill_null(value=False).alias("kept"),
        measure.of.cast(pl.Float64).alias("s"),
    )
    none = dict.fromkeys(("excluded", *metric.counts, "population"), 0)
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", scope.tickets, dated, dims)
        rows = marks.with_columns(code=groups.codes)
        kept = rows.filter("kept").select("code", "s", ended=pl.lit(value=True))
        found = summaries(ordered(kept), scope.settings.conf)
        total = dict(kept.group_by("code").agg(pl.col("s").sum()).iter_rows())
        counted = {
            row.pop("code"): row
            for row in rows.group_by("code").agg(pl.exclude("kept", "s", "code").sum()).iter_rows(named=True)
        }
        for code, label in enumerate(groups.labels):
            summary, counts = found.get(code), {**none, **counted.get(code, {})}
            if dims and not any(counts.values()):
                continue
            del counts["population"]
            for stat in metric.stats:
                yield frame.row(
                    stat,
                    label,
                    n=summary.n if summary else 0,
                    counts=counts,
                    **_value(stat, summary, total.get(code)),
                )


def _value(stat: str, summary: Summary | None, total: float | None) -> dict[str, float | None]:
    if summary is None:
        return {}
    value, low, high = summary.stat("mean" if stat == "value" else stat)
    return {"value": value, "low": low, "high": high, **({"x": total} if stat == "value" else {})}

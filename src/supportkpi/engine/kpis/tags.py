"""Share of tickets by tag: a row for each of the most frequent tags, and the tickets with any in total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from supportkpi.engine.grouping.rows import Frame
from supportkpi.engine.grouping.scope import Scope, absent
from supportkpi.engine.kpis.customers import summed
from supportkpi.engine.statistics.intervals import wilson
from supportkpi.metrics import Metric
from supportkpi.report import Row

MOST_TAGS = 20
"""Tags that have a row of their own; how many more there are is counted."""
_ABSENT = (
    "no tags: where the files have a column of them it is read when asked for by --kpi tag_share or --map tags=COLUMN"
)


def tag_share(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the share of tickets with a tag: any in total and in every breakdown, then one row a tag."""
    frame = scope.frame(metric, metric.dated_by if "created_at" not in scope.facts.unobserved else None)
    known, tickets = scope.facts.dataset.tickets, scope.tickets
    if "tags" not in known.columns or known["tags"].null_count() == known.height:
        yield from absent(frame, (_ABSENT,))
        return
    if scope.window is not None and "created_at" in scope.facts.unobserved:
        yield from absent(frame, (scope.facts.unobserved["created_at"],))
        return
    about = pl.col("exclusion").is_null() & scope.inside("created_at")
    marks = tickets.select(
        n=about,
        x=(about & (pl.col("tags").list.len() > 0)).fill_null(value=False),
        excluded=~pl.col("exclusion").is_null() & scope.inside("created_at"),
    )
    tags = _tags(tickets.select("tags", about=about).filter("about")["tags"])
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", tickets, "created_at", dims)
        sums = summed(marks, groups.codes)
        for code, label in enumerate(groups.labels):
            mine = sums.get(code, dict.fromkeys(marks.columns, 0))
            if not dims or mine["n"] or mine["excluded"]:
                counts = {"excluded": mine["excluded"], **({} if dims else {"tags": tags.height})}
                yield _row(frame, label, mine["x"], mine["n"], counts)
    n = int(marks["n"].sum())
    for tag, x in tags.head(MOST_TAGS).iter_rows():
        yield _row(frame, {"tag": tag}, x, n, {})


def _tags(tags: pl.Series) -> pl.DataFrame:
    """(tag, tickets with it), the most frequent first; a tag that a ticket has twice counts once."""
    listed = tags.alias("tag").to_frame().with_row_index("row").explode("tag").drop_nulls()
    words = listed["tag"].unique().sort()
    # Tags by number and tickets by row go into one integer: whether a ticket has one twice is quick to know then.
    code = listed["tag"].cast(pl.Enum(words)).to_physical().cast(pl.Int64)
    both = listed["row"].cast(pl.Int64) * (len(words) or 1) + code
    each = code if both.n_unique() == len(both) else both.unique() % (len(words) or 1)
    counted = each.alias("code").value_counts(name="x").select("x", tag=pl.lit(words).gather("code"))
    return counted.select("tag", "x").sort("x", "tag", descending=[True, False])


def _row(frame: Frame, label: Mapping[str, str | None], x: int, n: int, counts: Mapping[str, int]) -> Row:
    low, high = wilson(x, n, frame.settings.conf) or (None, None)
    return frame.row("value", label, n=n, x=float(x), value=x / n if n else None, low=low, high=high, counts=counts)

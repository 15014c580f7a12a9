"""Reopen rate (method 2.7)."""

import polars as pl

from supportkpi.metrics import Given, Metric, Rate

_SOLVED = pl.col("is_reopened").is_not_null()

METRIC = Metric(
    name="reopen_rate",
    title="Reopen rate",
    abbr="Reopened",
    unit="ratio",
    direction="lower",
    definition=(
        "Tickets that came back within the window (7 days) after a solution, as a share of the solved tickets whose "
        "first solution is that long ago; what an agent reopens does not count."
    ),
    why="Solutions that did not hold. One helpdesk reopens where another starts a new ticket: read it with repeats.",
    over="tickets",
    dated_by="created",
    measure=Rate(
        success=pl.col("is_reopened"),
        decided=_SOLVED & pl.col("is_reopen_mature"),
        cluster="requester_id",
    ),
    rank=42,
    headline=True,
    owner="solver",
    counts={
        "immature": _SOLVED & ~pl.col("is_reopen_mature"),
        "by_agent": pl.col("is_reopened_by_agent") & pl.col("is_reopen_mature"),
    },
    given=Given(
        measure=Rate(
            success=pl.col("given_reopens") > 0,
            decided=pl.col("given_reopens").is_not_null() & (pl.col("is_resolved") | (pl.col("given_reopens") > 0)),
            cluster="requester_id",
        )
    ),
    caveats=(
        "Where the export has only how often a ticket was reopened, every reopening counts, whenever and by whom.",
        "Tickets solved within the last days of the data cannot be judged yet and are counted as immature.",
    ),
    sources=("Method 2.7", "Wilson 1927"),
    shown_with=("repeat_contact_rate",),
)

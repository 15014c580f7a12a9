"""Replies per solved ticket (method 1.2, 001-74)."""

import polars as pl

from supportkpi.metrics import Given, Metric, Ratio

METRIC = Metric(
    name="replies_per_ticket",
    title="Replies per solved ticket",
    abbr="Replies / ticket",
    unit="replies",
    direction="none",
    definition="Public replies of humans on solved tickets, divided by the solved tickets.",
    why="How often both sides must write. Fewer is better only while customers do not come back.",
    over="tickets",
    dated_by="created",
    measure=Ratio(
        of=pl.col("replies"),
        each=pl.col("is_resolved"),
    ),
    rank=77,
    owner="solver",
    stats=("value", "median", "p90"),
    counts={"no_reply": pl.col("is_resolved") & (pl.col("replies") == 0)},
    given=Given(
        measure=Ratio(of=pl.col("given_replies"), each=pl.col("is_resolved") & pl.col("given_replies").is_not_null()),
        counts={"no_reply": pl.col("is_resolved") & (pl.col("given_replies") == 0)},
    ),
    caveats=("Notes, automatic replies and bots are not counted.",),
    sources=("Help Scout: replies to resolve",),
    shown_with=("one_touch",),
)

"""Bot resolution rate (method 1.2, 002-09)."""

import polars as pl

from supportkpi.metrics import Metric, Rate

_UNTOUCHED = pl.col("first_agent_reply_at").is_null() & (pl.col("solved_by").cast(pl.String) != "agent").fill_null(
    value=True
)

METRIC = Metric(
    name="bot_resolution_rate",
    title="Solved by bots alone",
    abbr="Bot resolution",
    unit="ratio",
    direction="higher",
    definition=(
        "Solved tickets that a bot answered or solved and no human did, as a share of the solved tickets: neither a "
        "public reply nor the solution is of an agent."
    ),
    why="What bots take off the desk. A customer who gives up looks the same: read it with repeats and CSAT.",
    over="tickets",
    dated_by="created",
    measure=Rate(
        success=_UNTOUCHED
        & (pl.col("first_bot_reply_at").is_not_null() | (pl.col("solved_by").cast(pl.String) == "bot")).fill_null(
            value=False
        ),
        decided=pl.col("is_resolved"),
        cluster="requester_id",
    ),
    rank=45,
    eligible=~pl.col("is_outbound"),
    counts={
        "bot_and_human": pl.col("is_resolved")
        & pl.col("first_bot_reply_at").is_not_null()
        & pl.col("first_agent_reply_at").is_not_null(),
        "solver_unknown": pl.col("is_resolved") & pl.col("solved_by").is_null(),
    },
    reads=("is_resolved",),
    caveats=(
        "Both sides are the same tickets: no bot solution of one month over the conversations of another.",
        "What a rule closes counts for the bot only if the bot had answered.",
    ),
    sources=("Chatwoot: bot resolutions", "Wilson 1927"),
    shown_with=("repeat_contact_rate",),
)

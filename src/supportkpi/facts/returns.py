"""Returns: whether a solved ticket was reopened soon or followed by another of the same customer (method 2.3)."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from supportkpi.schema import INSTANT

WINDOW = timedelta(days=7)
NEEDS = ("created_at", "resolved_at", "replies", "reopens", "requester_id")


def returns(tickets: pl.DataFrame, *, observed: bool) -> pl.DataFrame:
    """Adds next_contact_at (within 7 days after the solution), is_reopened_soon, is_return_mature; null if unobserved.

    The window for new tickets ends at the newest creation, not at the end of observation: an export of last month's
    tickets has none of this month's, however late it was taken.
    """
    if not observed:
        return tickets.with_columns(
            pl.lit(None, INSTANT).alias("next_contact_at"),
            pl.lit(None, pl.Boolean).alias("is_reopened_soon"),
            pl.lit(None, pl.Boolean).alias("is_return_mature"),
        )
    horizon = tickets.select(pl.min_horizontal(pl.col("created_at").max(), pl.col("until").max())).item()
    return _next_contacts(tickets).with_columns(
        is_reopened_soon=(pl.col("shortest_solved") <= WINDOW).fill_null(value=False),
        is_return_mature=(pl.col("resolved_at") + WINDOW <= pl.lit(horizon, INSTANT)).fill_null(value=False),
    )


def _next_contacts(tickets: pl.DataFrame) -> pl.DataFrame:
    """Adds next_contact_at: the customer's next creation (in the category, where there is one) after the solution."""
    key = ["_customer"] + (["category"] if tickets["category"].null_count() < tickets.height else [])
    keyed = tickets.with_columns(_customer=pl.col("requester_id").str.to_lowercase(), _order=pl.int_range(pl.len()))
    later = keyed.filter(pl.col("exclusion").is_null()).select(*key, next_contact_at="created_at").drop_nulls()
    solved = keyed.filter(pl.col("resolved_at").is_not_null() & pl.col("_customer").is_not_null())
    # A solution stamped before the creation must not find its own ticket.
    solved = solved.with_columns(_from=pl.max_horizontal("resolved_at", "created_at"))
    found = solved.sort("_from").join_asof(
        later.sort("next_contact_at"),
        left_on="_from",
        right_on="next_contact_at",
        by=key,
        strategy="forward",
        tolerance=WINDOW,
        allow_exact_matches=False,
        check_sortedness=False,
        coalesce=False,
    )
    return keyed.join(found.select("_order", "next_contact_at"), on="_order", how="left", maintain_order="left").drop(
        "_order", "_customer"
    )

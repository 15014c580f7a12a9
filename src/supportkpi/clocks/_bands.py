"""Load bands: whether a ticket came in a normal hour, a busy one, or a rush, by arrivals alone (method 7.6)."""

from __future__ import annotations

import polars as pl

from supportkpi.facts import Facts

BANDS = ("normal", "high", "incident")
NAMES = ("load", "band")
"""What a rule may call the load band of a ticket."""
_WEEKS = 8
_KNOWN = 4  # weeks without which nobody knows what an hour is usually like
_RUSH = 4  # more arrivals than these are a rush where there are none as a rule: Poisson, 99.9 % of half a ticket


def loads(facts: Facts) -> pl.Series:
    """The load band of the hour in which each ticket of facts.tickets was created, String; null without a date.

    Its arrivals are held against the median of the same hour of the eight weeks before, of the local clock; hours
    before the first arrival are unknown, and fewer than four known ones make a normal hour. Arrivals are outside the
    desk's control: no band can be earned by working slowly.
    """
    slots = _slots(facts)
    banded = _banded(facts, slots)
    beside = slots.join(banded, on="hour", how="left", maintain_order="left")
    return beside.select(
        load=pl.when(pl.col("hour").is_not_null()).then(pl.col("load").fill_null("normal"))
    ).to_series()


def busier(facts: Facts) -> float | None:
    """The share of hours above normal, of those in which any ticket came; None without one."""
    found = _banded(facts, _slots(facts))["load"]
    return float((found != BANDS[0]).sum()) / len(found) if len(found) else None


def _slots(facts: Facts) -> pl.DataFrame:
    """hour (of the local clock), counts (whether it is one of the population) of each ticket."""
    hour = (
        pl.col("created_at").dt.convert_time_zone(facts.settings.timezone).dt.replace_time_zone(None).dt.truncate("1h")
    )
    return facts.tickets.select(hour=hour, counts=pl.col("exclusion").is_null())


def _banded(facts: Facts, slots: pl.DataFrame) -> pl.DataFrame:
    """hour, load: the band of every hour in which tickets came."""
    bands = facts.settings.load_bands
    arrived = slots.filter("counts").drop_nulls("hour").group_by("hour").agg(n=pl.len())
    usual = _usual(arrived)
    load, n = pl.col("usual"), pl.col("n")
    band = (
        pl.when(load.is_null())
        .then(pl.lit("normal"))
        .when(load == 0)
        .then(pl.when(n > _RUSH).then(pl.lit("incident")).otherwise(pl.lit("normal")))
        .when(n > bands.incident * load)
        .then(pl.lit("incident"))
        .when(n > bands.high * load)
        .then(pl.lit("high"))
        .otherwise(pl.lit("normal"))
    )
    return usual.select("hour", load=band)


def _usual(arrived: pl.DataFrame) -> pl.DataFrame:
    """hour, n, usual: the median of the same hours before; null where too few are known."""
    weeks = pl.DataFrame({"back": range(1, _WEEKS + 1)}).cast(pl.Int64)
    before = arrived.join(weeks, how="cross").with_columns(then=pl.col("hour") - pl.duration(days=7 * pl.col("back")))
    known = before.filter(pl.col("then") >= pl.col("hour").min())
    past = arrived.select(then="hour", was="n")
    each = known.join(past, on="then", how="left").with_columns(pl.col("was").fill_null(0))
    usual = each.group_by("hour").agg(usual=pl.when(pl.len() >= _KNOWN).then(pl.col("was").median()))
    return arrived.join(usual, on="hour", how="left")

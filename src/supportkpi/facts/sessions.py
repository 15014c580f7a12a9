"""Contacts: how often a customer had a human before them until the matter was over (method 2.3).

By e-mail and form each reply is one. Where people talk, many messages are one conversation, until it is closed or a day
passes in silence. A conversation in which no human answers, such as thanks for the solution, is no contact.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.facts.keyed import KEY, Keyed, placed
from supportkpi.schema import DONE, Actor, Kind

TALKS = ("chat", "messenger", "phone", "sms")
"""Channels on which people talk."""
SILENCE = timedelta(hours=24)
"""What comes after a longer silence is another conversation."""
_SAME = (pl.col(KEY) == pl.col(KEY).shift(1)).fill_null(value=False)


def contacts(tickets: pl.DataFrame, events: Keyed, settings: Settings) -> pl.Series:
    """The contacts of each ticket (UInt32): replies of humans, or conversations with one; null where none are shown."""
    replies = tickets["replies"].cast(pl.UInt32).alias("contacts")
    talked = pl.col("channel").cast(pl.String).is_in(TALKS) & (pl.col("replies") > 1)  # one reply is one contact
    some = tickets.filter(talked.fill_null(value=False)).select(KEY)
    if some.is_empty():
        return replies
    counted = placed(_conversations(some, events, settings), tickets[KEY])["contacts"]
    return pl.select(pl.coalesce(counted, replies).alias("contacts")).to_series()


def _conversations(some: pl.DataFrame, events: Keyed, settings: Settings) -> pl.DataFrame:
    """KEY, contacts: the conversations of some tickets in which a human answered."""
    people = pl.col("actor").cast(pl.String).is_in([Actor.customer.value, Actor.agent.value])
    message = (pl.col("kind") == Kind.message.value) & pl.col("public") & people
    ends = (pl.col("kind") == Kind.status.value) & pl.col("value").cast(pl.String).is_in(DONE)
    told = events.until(settings.as_of).select(
        KEY,
        "at",
        is_end=ends.fill_null(value=False),
        is_reply=(pl.col("actor") == Actor.agent.value),
        told=message | ends,
    )
    told = told.filter(pl.col("told")).join(some.lazy(), on=KEY, how="semi").collect().lazy()
    # What is said at the instant of a closing belongs to what it closes.
    ordered = told.sort(KEY, "at", "is_end")
    silent = pl.col("at") - pl.col("at").shift(1) > SILENCE
    begins = ~_SAME | pl.col("is_end").shift(1) | silent
    numbered = ordered.with_columns(number=begins.fill_null(value=True).cast(pl.UInt32).cum_sum())
    answered = numbered.filter(~pl.col("is_end") & pl.col("is_reply"))
    return answered.group_by(KEY).agg(pl.col("number").n_unique().cast(pl.UInt32).alias("contacts")).collect()

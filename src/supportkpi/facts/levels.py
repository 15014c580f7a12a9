"""Support lines and hands: how a ticket rose from line to line, and how often it changed hands (method 2.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from supportkpi.decisions import Escalation, Settings
from supportkpi.facts.declared import shows
from supportkpi.facts.keyed import KEY, Keyed, begins, in_order, placed, text
from supportkpi.schema import INSTANT, Actor, Extent, Kind, Sight

NO_LEVEL = "no support level: name the lines of the groups under escalation: {levels: …} in the config"
NO_HANDS = "needs the history of the group or of the assignee: export the changes of the tickets too"
NO_AUTHORS = "needs who wrote each reply: export the messages with their authors"
YES = ("yes", "y", "true", "t", "1", "x", "on", "escalated", "да", "истина", "ja", "wahr", "oui", "vrai", "sí", "sim")
NO = ("no", "n", "false", "f", "0", "off", "not escalated", "normal", "none", "", "нет", "ложь", "nein", "non", "não")
_LEVELS = {"first_level": pl.Int32(), "escalated_at": INSTANT, "escalations": pl.UInt32()}
_SAME = pl.col(KEY) == pl.col(KEY).shift(1)


def handed(tickets: pl.DataFrame, events: Keyed, settings: Settings) -> tuple[pl.DataFrame, dict[str, str]]:
    """The tickets with who handled them, and the reasons for the columns that the export cannot fill.

    repliers, transfers, escalations (UInt32), first_level (Int32), escalated_at (INSTANT); is_handled: a human replied
    to it or solved it; is_escalated; counts_in_escalation: it was handled, given to a support line or escalated, or
    nobody can tell.
    """
    lacking, made = dict[str, str](), dict[str, pl.Series | pl.Expr]()
    for name, counted, why in (("repliers", repliers, NO_AUTHORS), ("transfers", transfers, NO_HANDS)):
        found = counted(tickets, events, settings)
        lacking |= {name: why} if found is None else {}
        made[name] = pl.lit(None, pl.UInt32) if found is None else found
    lines = levels(tickets, events, settings)
    if lines is None:
        lacking |= dict.fromkeys(_LEVELS, NO_LEVEL)
        made |= {name: pl.lit(None, dtype) for name, dtype in _LEVELS.items()}
    else:
        made |= {name: lines[name] for name in _LEVELS}
    tickets = tickets.with_columns(**made)
    tickets = tickets.with_columns(
        is_escalated=escalated(tickets, settings.escalation, by_level=lines is not None), is_handled=_handled()
    )
    counts = pl.col("is_handled").fill_null(value=True) | pl.col("is_escalated") | pl.col("first_level").is_not_null()
    return tickets.with_columns(counts_in_escalation=counts.fill_null(value=False)), lacking


def _handled() -> pl.Expr:
    """A human replied, or solved it: a solution counts as one of a human unless a bot or a rule is named for it."""
    given = pl.any_horizontal(pl.col("given_first_response_s").is_not_null(), pl.col("given_replies") > 0)
    machine = pl.col("solved_by").cast(pl.String).is_in([Actor.bot.value, Actor.system.value]).fill_null(value=False)
    yes = pl.col("first_agent_reply_at").is_not_null() | given.fill_null(value=False)
    solved = pl.col("is_resolved") & ~machine
    return pl.when(yes).then(pl.lit(value=True)).otherwise(solved)


def levels(tickets: pl.DataFrame, events: Keyed, settings: Settings) -> pl.DataFrame | None:
    """first_level, escalated_at, escalations, row for row with the tickets; None where no support line is shown.

    ``escalated_at`` is the first time that a ticket stood on a higher line than its first one, ``escalations`` how
    often its line rose. Of several lines at one instant the last in the file stands. Null: never on any line.
    """
    changes = _changes(events, settings)
    if changes is None:
        return None
    steps = _settled(changes.filter(pl.col("to").is_not_null())).with_columns(
        first=pl.when(_SAME.fill_null(value=False)).then(None).otherwise(pl.col("to")).forward_fill(),
        rose=(_SAME & (pl.col("to") > pl.col("to").shift(1))).fill_null(value=False),
    )
    above = pl.when(pl.col("to") > pl.col("first")).then("at")
    found = steps.group_by(KEY).agg(
        pl.col("first").min().alias("first_level"),
        above.min().alias("escalated_at"),
        pl.col("rose").sum().cast(pl.UInt32).alias("escalations"),
    )
    return placed(found, tickets[KEY])


def _changes(events: Keyed, settings: Settings) -> pl.DataFrame | None:
    """(KEY, at, seq, to) of every support line that a ticket came to: by its level, else by the line of its group."""
    seen = events.until(settings.as_of)
    if shows(events.dataset, Sight.level, Extent.EVERY):
        told = seen.filter(pl.col("kind") == Kind.level.value)
        return told.select(KEY, "at", "seq", to=text("value").str.strip_chars().cast(pl.Int32, strict=False)).collect()
    lines = {group.casefold(): line for group, line in settings.escalation.levels.items()}
    if not lines or not shows(events.dataset, Sight.group, Extent.EVERY):
        return None
    told = seen.filter(pl.col("kind") == Kind.group.value)
    line = pl.coalesce(_line(text(column), lines) for column in ("value", "raw"))
    return told.select(KEY, "at", "seq", to=line).collect()


def _line(group: pl.Expr, lines: Mapping[str, int]) -> pl.Expr:
    found, folded = pl.lit(None, pl.Int32), group.str.strip_chars().str.to_lowercase()
    for name, line in lines.items():
        found = pl.when(folded == name).then(pl.lit(line, pl.Int32)).otherwise(found)
    return found


def _settled(changes: pl.DataFrame) -> pl.DataFrame:
    """Changes in order; of several at one instant the last in the file."""
    ordered = in_order(changes, "at")
    again = (pl.col(KEY) == pl.col(KEY).shift(-1)) & (pl.col("at") == pl.col("at").shift(-1))
    return ordered.filter(~again.fill_null(value=False))


def transfers(tickets: pl.DataFrame, events: Keyed, settings: Settings) -> pl.Series | None:
    """How often each ticket went from one group to another (UInt32); from hand to hand where no groups are shown.

    Null: it never had a group (an assignee); None where the export does not show every change.
    """
    kinds = {Sight.group: Kind.group, Sight.assignee: Kind.assignee}
    kind = next((kind for sight, kind in kinds.items() if shows(events.dataset, sight, Extent.EVERY)), None)
    if kind is None:
        return None
    told = events.of(kind, settings.as_of).filter(pl.col("value").is_not_null())
    stops = _settled(told.select(KEY, "at", "seq", pl.col("value").cast(pl.Categorical).alias("to")))
    moved = _SAME & (pl.col("to") != pl.col("to").shift(1))
    counted = stops.with_columns(moved=moved.fill_null(value=False)).group_by(KEY).agg(pl.col("moved").sum())
    return placed(counted, tickets[KEY])["moved"].cast(pl.UInt32).alias("transfers")


def repliers(tickets: pl.DataFrame, events: Keyed, settings: Settings) -> pl.Series | None:
    """How many different agents replied to each ticket (UInt32); None where replies or their authors are not shown."""
    if not shows(events.dataset, Sight.reply, Extent.EVERY):
        return None
    is_reply = pl.col("public") & (pl.col("actor") == Actor.agent.value)
    told = events.of(Kind.message, settings.as_of).filter(is_reply).select(KEY, "actor_id")

    def nameless(whole: Keyed) -> bool:
        all_replies = whole.until(settings.as_of).filter((pl.col("kind") == Kind.message.value) & is_reply)
        replies, named = all_replies.select(n=pl.len(), named=pl.col("actor_id").count()).collect().row(0)
        return bool(replies) and not named

    if told["actor_id"].null_count() == told.height and events.holds("no reply has an author", nameless):
        return None
    again = (pl.col(KEY) == pl.col(KEY).shift(1)) & pl.col("actor_id").eq_missing(pl.col("actor_id").shift(1))
    turns = told.filter(~again.fill_null(value=False))  # most replies follow one of the same agent
    first = begins(turns[KEY])
    alone = first & first.shift(-1, fill_value=True)  # and most tickets have but one agent
    pairs = turns.filter(~alone).with_columns(pl.col("actor_id").cast(pl.Categorical)).unique()
    several = pairs.group_by(KEY).agg(pl.len().cast(pl.UInt32).alias("repliers"))
    lone = turns.filter(alone).select(KEY, pl.lit(1, pl.UInt32).alias("repliers"))
    counts = pl.concat([lone, several])
    return placed(counts, tickets[KEY])["repliers"].fill_null(0)


def escalated(tickets: pl.DataFrame, options: Escalation, *, by_level: bool) -> pl.Expr:
    """Whether a ticket was escalated, by all that tells: its lines, a column of the export, a column or tags named.

    True where any of these says so, false where one says no and none says yes, null where nothing is known.
    """
    said = list(_said(tickets, options))
    if by_level:
        said.append(pl.col("escalated_at").is_not_null())
    if not said:
        return pl.lit(None, pl.Boolean)
    yes = pl.any_horizontal(one.fill_null(value=False) for one in said)
    known = pl.any_horizontal(one.is_not_null() for one in said)
    return pl.when(known).then(yes)


def _said(tickets: pl.DataFrame, options: Escalation) -> Iterator[pl.Expr]:
    if tickets["escalated"].null_count() < tickets.height:
        yield pl.col("escalated")
    column = named_column(tickets, options.field)
    if column is not None:
        word = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
        yield pl.when(word.is_in(YES)).then(pl.lit(value=True)).when(word.is_in(NO)).then(pl.lit(value=False))
    if options.tags and tickets["tags"].null_count() < tickets.height:
        wanted = [tag.lower() for tag in options.tags]
        tags = pl.col("tags").list.eval(pl.element().str.to_lowercase().is_in(wanted)).list.any()
        yield tags.fill_null(value=False)


def named_column(tickets: pl.DataFrame, name: str | None) -> str | None:
    """The ticket column of a name, letter case aside; one of the file's that had to make way for ours, too."""
    if name is None:
        return None
    folded = {column.removeprefix("raw.").casefold(): column for column in tickets.columns}
    return folded.get(name.casefold())


def idle(tickets: pl.DataFrame, options: Escalation) -> Iterator[str]:
    """What the options of escalation ask for and no ticket has, a sentence each."""
    if options.field is None:
        return
    column = named_column(tickets, options.field)
    if column is None:
        yield f'escalation: no file has a column "{options.field}"'
        return
    words = tickets[column].cast(pl.String).drop_nulls().str.strip_chars().str.to_lowercase()
    strange = words.filter(~words.is_in([*YES, *NO])).unique().sort().to_list()
    if strange:
        shown = ", ".join(strange[:3])
        yield f"escalation: {options.field} says {shown}: neither yes nor no, so nothing is known of these tickets"

"""Whose work a ticket was: who replied first, who solved it, who was rated for it, whose first line it was (2.12).

Worked out only when a report asks for agents. Bots and the system itself are not agents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.facts import Facts
from supportkpi.facts.answers import beside
from supportkpi.facts.keyed import KEY, Keyed, keyed
from supportkpi.schema import DONE, EVENTS, INSTANT, SOMEBODY, Actor, Extent, Kind, Log, Sight, Stamps

OWNERS = ("first_replier", "solver", "rated_agent", "tier1_owner", "assignee")
ACTS: Mapping[str, pl.DataType] = {
    "ticket_id": pl.String(),
    "at": INSTANT,
    "agent": pl.String(),
    "is_reply": pl.Boolean(),
}
_AGENT = pl.col("actor") == Actor.agent.value
_MACHINE = (pl.col("actor") == Actor.bot.value) | (pl.col("actor") == Actor.system.value)
_UNSAID = pl.col("actor").is_null()
_REPLY = (pl.col("kind") == Kind.message.value) & pl.col("public") & _AGENT
_NOBODY = "needs the assignee: this export names nobody who worked on a ticket"
_MISSING = {
    "first_replier": "needs who replied: export the messages with their authors, or the assignee",
    "solver": "needs who solved each ticket: export the history with its authors, or the assignee",
    "rated_agent": "needs who was rated: export the assignee",
    "tier1_owner": "needs the assignee: whose ticket it was before it was escalated",
    "assignee": _NOBODY,
    "solved_by": "needs who solved each ticket: export the history of the status with its authors",
}
_STANDS_FOR_ALL = (
    "agents: the assignee of each ticket stands for whoever replied to it, solved it or was rated for it: "
    "this export names nobody else"
)
_NO_PAST = "agents: the assignee of today stands for the one of then: the export does not show when assignees changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Whose each ticket is, for each kind of owner, and whom each survey rates.

    ``tickets`` stands row for row beside the tickets of the facts: a column of ids (String, null: nobody, or not a
    person) for each of OWNERS, and ``solved_by`` (Enum Actor). ``rated`` is row for row with the surveys.
    ``unobserved`` maps a column that the export cannot fill to the reason, in the user's words.
    """

    tickets: pl.DataFrame
    rated: pl.Series
    unobserved: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()


def owners(facts: Facts) -> Owners:
    """The owners of every ticket: from the authors of a log; in a flat export the assignee stands for all of them."""
    found = _flat(facts) if isinstance(facts.dataset.history, Stamps) else _logged(facts)
    missing = dict(found.unobserved)
    if all(name in missing for name in OWNERS):
        missing |= dict.fromkeys(OWNERS, _NOBODY)
    return replace(found, unobserved=missing, assumptions=() if "assignee" in missing else found.assumptions)


def _unnamed(tickets: pl.DataFrame, named: pl.DataFrame, rated: pl.Series) -> dict[str, str]:
    """Reasons for the owners that nothing names, though there is something that they own; bots are names, too."""
    by_others = named["solved_by"].is_in([Actor.customer.value, Actor.bot.value, Actor.system.value])
    by_others = by_others.fill_null(value=False)  # what bots, rules and customers solve is no agent's
    owned = {
        "first_replier": tickets["first_reply_at"].count() > 0,
        "solver": bool((tickets["last_solved_at"].is_not_null() & ~by_others).any()),
        "rated_agent": rated.count() == 0,
        "tier1_owner": True,
        "assignee": True,
        "solved_by": True,
    }
    silent = {name for name, there in owned.items() if there and not named[name].count()}
    return {name: _MISSING[name] for name in owned if name in silent}


def acts(facts: Facts) -> pl.LazyFrame | None:
    """What human agents did, a row an event (columns ACTS), as far as the settings see; None where no author is shown.

    An author whose kind nobody says counts for what customers do not do: changes of status, of assignee, of group.
    """
    history = facts.dataset.history
    if isinstance(history, Stamps):
        return None
    own = pl.col("kind").is_in([Kind.message.value, Kind.created.value])
    seen = _seen(history, facts.settings).filter(
        (_AGENT | (_UNSAID & ~own)).fill_null(value=False) & pl.col("actor_id").is_not_null()
    )
    strangers = _strangers(history, facts.settings)
    named = seen.select(
        pl.col("ticket_id").cast(pl.String),
        "at",
        agent=pl.col("actor_id").cast(pl.String),
        is_reply=_REPLY.fill_null(value=False),
    )
    return named.filter(~pl.col("agent").is_in(strangers)) if strangers else named


def repliers(facts: Facts) -> pl.DataFrame:
    """(ticket_id, agent): every human agent who replied to a ticket, once each, in order."""
    known = acts(facts)
    if known is None:
        return pl.DataFrame(schema={"ticket_id": pl.String, "agent": pl.String})
    replies = known.filter("is_reply").select("ticket_id", "agent").unique()
    return replies.sort("ticket_id", "agent").collect()


# --- flat exports ------------------------------------------------------------------------------------------------


def _flat(facts: Facts) -> Owners:
    """The assignee for all; a survey's own agent first."""
    strangers = _named_as_bots(facts.tickets["assignee_id"], facts.settings)
    assignee = _persons(facts.tickets["assignee_id"], strangers)
    columns = {name: assignee.alias(name) for name in OWNERS}
    history = facts.dataset.history
    assert isinstance(history, Stamps)  # noqa: S101 - asked before
    solvers = {stamp.actor for stamp in history.stamps if stamp.kind is Kind.status and stamp.value in DONE}
    known = next(iter(solvers)) if len(solvers) == 1 else None
    solved_by = pl.when(pl.col("is_resolved")).then(pl.lit(known.value if known else None, EVENTS["actor"]))
    by = facts.tickets.select(solved_by=solved_by)["solved_by"]
    rated = _of_surveys(facts, pl.DataFrame({"ticket_id": facts.tickets["ticket_id"], "_agent": assignee}))
    named = pl.DataFrame({**dict.fromkeys(OWNERS, facts.tickets["assignee_id"]), "solved_by": by})
    return Owners(
        tickets=pl.DataFrame(columns).with_columns(by),
        rated=_persons(rated, strangers),
        unobserved=_unnamed(facts.tickets, named, rated),
        assumptions=(_STANDS_FOR_ALL,),
    )


def _of_surveys(facts: Facts, by_ticket: pl.DataFrame) -> pl.Series:
    """The agent that each survey names itself, else the one of its ticket (``_agent``)."""
    rows = beside(facts.surveys["ticket_id"], by_ticket).with_columns(facts.surveys["agent_id"])
    return rows.select(rated_agent=pl.coalesce("agent_id", "_agent"))["rated_agent"]


# --- logs --------------------------------------------------------------------------------------------------------


def _logged(facts: Facts) -> Owners:
    history = facts.dataset.history
    assert isinstance(history, Log)  # noqa: S101 - asked before
    events = keyed(facts.dataset)
    seen, tickets = events.until(facts.settings.as_of), _with_keys(facts, events)
    strangers = _strangers(history, facts.settings)
    changes = _changes(facts, seen)
    final = _final(tickets, changes)
    then = _Then(changes=changes, tickets=tickets, final=final)
    replier, solver = _first_repliers(tickets, seen), _solvers(tickets, seen)
    asked = pl.DataFrame(
        {
            "first_replier": _or_assignee(replier, then, tickets["first_reply_at"]),
            "solver": _or_assignee(solver, then, tickets["last_solved_at"]),
            "rated_agent": then.at(tickets["resolved_at"]),
            "tier1_owner": _first_line(tickets, then),
            "assignee": final,
        }
    )
    columns = {name: _persons(asked[name], strangers).alias(name) for name in OWNERS}
    rated = _rated(facts, then)
    return Owners(
        tickets=pl.DataFrame(columns).with_columns(solver["solved_by"]),
        rated=_persons(rated, strangers),
        unobserved=_unnamed(tickets, asked.with_columns(solver["solved_by"]), rated),
        assumptions=tuple(_assumed(facts, replier, solver)),
    )


def _with_keys(facts: Facts, events: Keyed) -> pl.DataFrame:
    """The tickets of the facts with the integers of their events."""
    ids = facts.dataset.tickets["ticket_id"]
    if len(ids) == facts.tickets.height:  # row for row: none was hidden
        return facts.tickets.with_columns(events.keys)
    return facts.tickets.join(pl.DataFrame([ids, events.keys]), on="ticket_id", how="left", maintain_order="left")


def _seen(history: Log, settings: Settings) -> pl.LazyFrame:
    if settings.as_of is None:
        return history.frame
    return history.frame.filter(pl.col("at") <= pl.lit(settings.as_of, INSTANT))


def _strangers(history: Log, settings: Settings) -> list[str]:
    """Ids that act for a bot or the system, and those that the settings name as such."""
    known = history.frame.filter(pl.col("actor_id").is_not_null())
    machines = known.filter(_MACHINE).select(pl.col("actor_id").unique()).collect()["actor_id"].cast(pl.String)
    if not any(actor != Actor.agent.value for actor in settings.responders):
        return sorted(machines)
    ids = known.select(pl.col("actor_id").unique()).collect()["actor_id"].cast(pl.String)
    return sorted({*machines, *_named_as_bots(ids, settings)})


def _named_as_bots(ids: pl.Series, settings: Settings) -> list[str]:
    """The ids that ``responders`` gives to bots, the system or customers: names, or patterns such as ``Auto*``."""
    patterns = [
        name.casefold() for actor, names in settings.responders.items() if actor != Actor.agent.value for name in names
    ]
    if not patterns:
        return []
    words = ids.drop_nulls().cast(pl.String).unique().to_list()
    return [word for word in words if any(fnmatchcase(word.casefold(), pattern) for pattern in patterns)]


def _persons(ids: pl.Series, strangers: list[str]) -> pl.Series:
    text = ids.cast(pl.String)
    return text if not strangers else text.set(text.is_in(strangers).fill_null(value=False), None)


def _changes(facts: Facts, seen: pl.LazyFrame) -> pl.DataFrame:
    """(KEY, at, to) of every assignment, in order; ``to`` null where it was taken away."""
    if Sight.assignee not in facts.observes:
        return pl.DataFrame(schema={KEY: pl.UInt32, "at": INSTANT, "to": pl.String})
    named = pl.col("value").cast(pl.String).ne_missing(SOMEBODY)
    assigned = seen.filter((pl.col("kind") == Kind.assignee.value) & named).select(
        KEY, "at", "seq", to=pl.col("value").cast(pl.String)
    )
    return assigned.sort("at", "seq").select(KEY, "at", "to").collect()


def _final(tickets: pl.DataFrame, changes: pl.DataFrame) -> pl.Series:
    """The assignee of the export, else the last one of the history."""
    last = changes.group_by(KEY, maintain_order=True).agg(pl.col("to").last())
    beside = tickets.select(KEY, "assignee_id").join(last, on=KEY, how="left", maintain_order="left")
    return beside.select(assignee=pl.coalesce("assignee_id", "to"))["assignee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Then:
    """Who was the assignee at an instant: by the changes; the last one known where a ticket has none."""

    changes: pl.DataFrame
    tickets: pl.DataFrame
    final: pl.Series

    def at(self, instants: pl.Series, *, before: bool = False) -> pl.Series:
        """The assignee of each ticket at an instant of its own (``before``: just before it); null without one."""
        beside = pl.DataFrame({KEY: self.tickets[KEY], "_at": instants, "_final": self.final})
        return self.of(beside, before=before)

    def of(self, rows: pl.DataFrame, *, before: bool = False) -> pl.Series:
        """The same for rows of (KEY, _at, _final), in their order."""
        placed = rows.with_row_index("_row")
        dated = placed.drop_nulls("_at").sort("_at")
        found = dated.join_asof(
            self.changes.rename({"at": "_changed"}),
            left_on="_at",
            right_on="_changed",
            by=KEY,
            strategy="backward",
            allow_exact_matches=not before,
            check_sortedness=False,
            coalesce=False,
        )
        known = pl.col(KEY).is_in(self.changes[KEY].unique().implode())
        who = pl.when(known).then("to").otherwise("_final")
        return (
            placed.select("_row")
            .join(found.select("_row", who=who), on="_row", how="left", maintain_order="left")
            .select("who")["who"]
        )


def _first_repliers(tickets: pl.DataFrame, seen: pl.LazyFrame) -> pl.DataFrame:
    """Row for row: ``agent`` who wrote the reply that counts; ``unsaid`` where it has no author."""
    replies = seen.filter(_REPLY).select(KEY, "at", "seq", agent=pl.col("actor_id").cast(pl.String))
    first = _first_of(tickets, replies, "first_reply_at")
    return first.select("agent", unsaid=pl.col("_there").fill_null(value=False) & pl.col("agent").is_null())


def _solvers(tickets: pl.DataFrame, seen: pl.LazyFrame) -> pl.DataFrame:
    """Row for row: ``agent`` who solved it last, ``unsaid`` where nobody is named, ``solved_by`` (Enum Actor)."""
    done = pl.any_horizontal(pl.col("value") == word for word in DONE)
    solving = (pl.col("kind") == Kind.status.value) & done
    solves = seen.filter(solving).select(
        KEY,
        "at",
        # What was solved by a person and closed by a rule at one instant was solved by the person.
        (pl.col("seq").cast(pl.Int64) + pl.when(_AGENT).then(0).otherwise(1 << 40)).fill_null(1 << 41).alias("seq"),
        "actor",
        who=pl.col("actor_id").cast(pl.String),
    )
    rows = _first_of(tickets, solves, "last_solved_at").with_columns(tickets["requester_id"])
    own = (pl.col("who").str.to_lowercase() == pl.col("requester_id").str.to_lowercase()).fill_null(value=False)
    person = _AGENT | (pl.col("actor").is_null() & pl.col("who").is_not_null() & ~own)
    actor = pl.coalesce(
        "actor",
        pl.when(pl.col("who").is_not_null()).then(
            pl.when(own).then(pl.lit(Actor.customer.value)).otherwise(pl.lit(Actor.agent.value)).cast(EVENTS["actor"])
        ),
    )
    there = pl.col("_there").fill_null(value=False)
    return rows.select(
        agent=pl.when(person).then("who"),
        unsaid=there & pl.col("who").is_null() & (_AGENT | pl.col("actor").is_null()),
        solved_by=pl.when(there).then(actor),
    )


def _first_of(tickets: pl.DataFrame, events: pl.LazyFrame, instant: str) -> pl.DataFrame:
    """Row for row: of the events at an instant of the ticket the first by ``seq``; ``_there`` if there is any."""
    wanted = tickets.lazy().select(KEY, at=instant).drop_nulls("at")
    found = wanted.join(events, on=[KEY, "at"], how="inner").collect()
    one = found.sort(KEY, "seq").unique(KEY, keep="first", maintain_order=True)
    return tickets.select(KEY).join(
        one.drop("at").with_columns(_there=pl.lit(value=True)), on=KEY, how="left", maintain_order="left"
    )


def _or_assignee(found: pl.DataFrame, then: _Then, instants: pl.Series) -> pl.Series:
    """The authors that were found; the assignee of that time where none is named."""
    if not found["unsaid"].any():
        return found["agent"]
    assignee = then.at(instants.set(~found["unsaid"], None))
    return found.select(agent=pl.when("unsaid").then(pl.lit(assignee)).otherwise("agent"))["agent"]


def _first_line(tickets: pl.DataFrame, then: _Then) -> pl.Series:
    """The assignee before the first escalation; of a ticket that was never escalated its assignee at the end."""
    if "escalated_at" not in tickets.columns:
        return then.final
    before = then.at(tickets["escalated_at"], before=True)
    escalated = tickets["escalated_at"].is_not_null()
    return pl.select(pl.when(escalated).then(before).otherwise(then.final)).to_series()


def _rated(facts: Facts, then: _Then) -> pl.Series:
    """The agent that a survey names, else the assignee at the last solution before the rating, else at the rating."""
    surveys = facts.surveys.select("ticket_id", "agent_id", "at", "resolved_at").with_row_index("_survey")
    by_ticket = then.tickets.select("ticket_id", KEY).with_columns(_final=then.final)
    rows = surveys.join(_solutions(facts, surveys), on="_survey", how="left", maintain_order="left")
    rows = rows.join(by_ticket, on="ticket_id", how="left", maintain_order="left")
    solved = pl.when(pl.col("resolved_at") <= pl.col("at")).then("resolved_at")
    rows = rows.with_columns(_at=pl.coalesce("_solved", solved, "at", "resolved_at"))
    named = then.of(rows.select(KEY, "_at", "_final"))
    return rows.with_columns(named).select(rated_agent=pl.coalesce("agent_id", "who"))["rated_agent"]


def _solutions(facts: Facts, surveys: pl.DataFrame) -> pl.DataFrame:
    """(_survey, _solved): the last solution of its ticket up to each rating, where the history shows every one."""
    done = pl.col("status").is_in(DONE)
    goes_on = (done.shift(1) & (pl.col("ticket_id") == pl.col("ticket_id").shift(1))).fill_null(value=False)
    entered = facts.intervals.filter(done & ~goes_on).select("ticket_id", _solved="start")
    dated = surveys.drop_nulls(["ticket_id", "at"]).select("_survey", "ticket_id", "at")
    both = dated.join(entered, on="ticket_id").filter(pl.col("_solved") <= pl.col("at"))
    return both.group_by("_survey").agg(pl.col("_solved").max())


def _assumed(facts: Facts, replier: pl.DataFrame, solver: pl.DataFrame) -> Iterator[str]:
    if facts.observes.get(Sight.assignee, Extent(0)) != Extent.EVERY:
        yield _NO_PAST
    unsaid = int(replier["unsaid"].sum()), int(solver["unsaid"].sum())
    if any(unsaid):
        yield (
            f"agents: {unsaid[0]:,} first replies and {unsaid[1]:,} solutions name no author: "
            "they count for the assignee of that time"
        )

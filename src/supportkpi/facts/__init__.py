"""Facts: what the history of each ticket comes to, folded once, eagerly, from either form of a Dataset.

``fold`` is the only function that looks at the form: down the groups of a Log, across the columns of Stamps, from the
same declarations. Law: folding ``log(stamps)`` equals folding the stamps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.facts.answers import Attribution, answers, effort_wording
from supportkpi.facts.beside import beside_tickets
from supportkpi.facts.choices import ALIASES, ON_CALENDAR, PERSONS, claimed, idle
from supportkpi.facts.contacts import folded
from supportkpi.facts.declared import DERIVED, FACTS, GIVEN_ONLY, SPANS, Fact, Span, unobserved
from supportkpi.facts.dimensions import idle_classes, with_dimensions
from supportkpi.facts.each import each
from supportkpi.facts.grains import by_day
from supportkpi.facts.keyed import KEY, keyed
from supportkpi.facts.levels import idle as idle_escalation
from supportkpi.facts.reasons import derived_reasons
from supportkpi.facts.returns import key_of, presumed, returns
from supportkpi.facts.slices import Slice, sliced
from supportkpi.facts.spans import clocked, elapsed_until, measured
from supportkpi.facts.statuses import named, reopened
from supportkpi.facts.waits import readable, waits
from supportkpi.schema import DONE, SURVEYS, TICKETS, Dataset, Sight, Stamps, Status

__all__ = [
    "ALIASES",
    "FACTS",
    "GIVEN_ONLY",
    "ON_CALENDAR",
    "PERSONS",
    "SPANS",
    "Fact",
    "Facts",
    "Span",
    "beside_tickets",
    "claimed",
    "elapsed_until",
    "fold",
    "folded",
    "key_of",
    "newest",
    "open_spans",
    "population",
    "reopen_events",
    "sliced",
    "solve_events",
    "unobserved",
    "with_dimensions",
]


_MOST_WORDS = 6
_TELLING = 30  # answers from which on a missing 0 tells something


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Frames folded once; instants UTC, spans seconds.

    tickets: one row a ticket: the dataset's columns, FACTS, the derived instants and SPANS. intervals: (ticket_id,
    status, start, end) where every status is shown, end null while it lasts; else empty. surveys: answers beside their
    ticket's columns. ``unobserved`` maps a column that the export cannot fill to the reason, in the user's words.
    """

    tickets: pl.DataFrame
    intervals: pl.DataFrame
    surveys: pl.DataFrame
    series: pl.DataFrame
    observes: Mapping[Sight, object]
    unobserved: Mapping[str, str]
    as_of: datetime | None
    calendar: str | None
    attribution: Mapping[str, Attribution]  # what dates the answers of each instrument
    dataset: Dataset
    settings: Settings  # those that it was folded under
    cut: Slice | None  # where the files end that were cut by creation
    waiting: Callable[[], pl.DataFrame]  # works the waits out when they are first asked for
    assumptions: tuple[str, ...] = ()

    @property
    def waits(self) -> pl.DataFrame:
        """A row a wait of a customer (columns WAITS), worked out when it is first asked for."""
        return self.waiting()

    def by_day(self, instant: str) -> bool:
        """Whether only the day of an instant of the tickets (``created_at``) is known, never the hour."""
        return by_day(self.dataset, instant)

    def fits(self, settings: Settings) -> bool:
        """Whether folding under these settings would give the same facts."""
        return _read(self.settings) == _read(settings)


def fold(dataset: Dataset, settings: Settings, *, only: Collection[str] | None = None) -> Facts:
    """Everything that the KPIs read, from a Dataset of either form; ``settings.as_of`` hides what came later.

    ``only`` names the facts that will be read, where that is known: returns of customers are not looked for in vain.
    """
    dataset = _apart(dataset)
    export = newest(dataset)
    as_of = settings.as_of or export
    reasons = {fact.name: why for fact in FACTS if (why := unobserved(fact, dataset)) is not None}
    events = keyed(dataset)
    counts = only is None or "is_first_contact" in only  # contacts are for nothing else
    told = each(events, settings, reasons, with_contacts=counts)
    tickets = clocked(told.tickets, settings, as_of, export)
    tickets = reopened(tickets, timedelta(days=settings.repeats.window_days))
    reasons = derived_reasons({**reasons, **told.lacking}, events, told.statuses, tickets)
    tickets = measured(tickets, told.statuses.frame, settings, reasons)
    tickets = tickets if told.contacts is None else tickets.with_columns(told.contacts)
    tickets, reasons = returns(tickets, dataset, settings, reasons, only=only)
    waiting = cache(partial(waits, events, tickets.select(readable(tickets)), settings))
    named_statuses, tickets = named(told.statuses.frame, tickets), tickets.drop(KEY)
    surveys, attribution = answers(dataset, tickets, settings.as_of)
    return Facts(
        tickets=tickets,
        intervals=named_statuses,
        cut=sliced(tickets),
        waiting=waiting,
        surveys=surveys,
        series=dataset.series,
        observes=dict(dataset.observes),
        unobserved=reasons,
        as_of=as_of,
        calendar=settings.calendar if settings.calendars else None,
        attribution=attribution,
        dataset=dataset,
        settings=settings,
        assumptions=_assumptions(dataset, tickets, settings, reasons),
    )


def _read(settings: Settings) -> tuple[object, ...]:
    """What of the settings the fold reads."""
    sections = (settings.first_response, settings.next_response, settings.fcr, settings.repeats, settings.escalation)
    shown = (settings.timezone, settings.load_bands)  # by which what rests on the facts reads them
    return settings.as_of, settings.calendar, settings.calendars, settings.dimensions, *sections, *shown


def _apart(dataset: Dataset) -> Dataset:
    """The dataset with its kept columns out of the way of the columns that the fold makes."""
    tickets, surveys = (
        frame.rename({name: f"raw.{name}" for name in frame.columns if name in DERIVED and name not in canonical})
        for frame, canonical in ((dataset.tickets, TICKETS), (dataset.surveys, SURVEYS))
    )
    return replace(dataset, tickets=tickets, surveys=surveys)


def newest(dataset: Dataset) -> datetime | None:
    """The newest instant of the data: the moment it was exported, as far as the data shows (method 0.1)."""
    candidates: list[object] = [dataset.tickets["observed_until"].max()]
    if "at" in dataset.surveys.columns:
        candidates.append(dataset.surveys["at"].max())
    if isinstance(dataset.history, Stamps):
        candidates += [dataset.history.frame[stamp.column].max() for stamp in dataset.history.stamps]
    else:
        candidates.append(dataset.history.frame.select(pl.col("at").max()).collect().item())
    return max((instant for instant in candidates if isinstance(instant, datetime)), default=None)


def population(facts: Facts) -> pl.DataFrame:
    """The tickets that were not excluded as spam, deleted, merged or test."""
    if facts.tickets["exclusion"].null_count() == facts.tickets.height:  # as hardly any log leaves one out
        return facts.tickets
    return facts.tickets.filter(pl.col("exclusion").is_null())


def open_spans(facts: Facts) -> pl.DataFrame:
    """The stretches in which each ticket of the population was open: ``start``, ``end`` (null: it is), ticket columns.

    From the status intervals where every status is shown; else from creation to the last solution, so that the past of
    a ticket that was reopened in between reads as open throughout.
    """
    if "intervals" not in facts.unobserved:
        lasting = facts.intervals.filter(~pl.col("status").is_in([*DONE, Status.deleted.value]))
        beside = beside_tickets(lasting.select("ticket_id", "start", "end"), population(facts))
        return beside.with_columns(start=pl.max_horizontal("start", "created_at"))  # none stands before its creation
    known_end = pl.col("resolved_at").is_not_null() | ~pl.col("is_resolved")
    return population(facts).filter(known_end).with_columns(start="created_at", end="resolved_at")


def solve_events(facts: Facts) -> pl.DataFrame:
    """Every solution (``at``) of the population with its ticket's columns; the last where the history shows no more."""
    if "intervals" in facts.unobserved:
        return population(facts).filter(pl.col("resolved_at").is_not_null()).with_columns(at="resolved_at")
    return _turns(facts, into_done=True)


def reopen_events(facts: Facts) -> pl.DataFrame | None:
    """Every reopening (``at``) of the population with its ticket's columns; None where the history shows none."""
    return None if "reopens" in facts.unobserved else _turns(facts, into_done=False)


def _turns(facts: Facts, *, into_done: bool) -> pl.DataFrame:
    done = pl.col("status").is_in(DONE)
    before = (done.shift(1) & (pl.col("ticket_id") == pl.col("ticket_id").shift(1))).fill_null(value=False)
    turned = done & ~before if into_done else ~done & before
    turns = facts.intervals.filter(turned).select("ticket_id", pl.col("start").alias("at"))
    return beside_tickets(turns, population(facts))


def _distance(as_of: datetime, export: datetime | None) -> list[str]:
    """What an ``as_of`` earlier or later than the export itself takes for granted."""
    if export is None or as_of == export:
        return []
    if as_of < export:
        return ["columns of the tickets (status, priority, group) are those of the export, later than --as-of"]
    return [f"nothing is known after {export:%Y-%m-%d %H:%M} UTC: what was open then is taken as open until --as-of"]


def _assumptions(
    dataset: Dataset, tickets: pl.DataFrame, settings: Settings, reasons: Mapping[str, str]
) -> tuple[str, ...]:
    notes = list(dataset.assumptions)
    if settings.first_response.bots == "include":
        notes.append("replies of bots count as first responses, as asked")
    notes += [*_unknown_words(dataset), *_no_zero(dataset, settings), *effort_wording(dataset.surveys, settings.ces)]
    notes += [*presumed(tickets, settings, reasons)]
    notes += idle_escalation(tickets, settings.escalation)
    anchor = settings.first_response.anchor
    needs = {"handoff": "handoff_at", "reopen_after_bot": "intervals", "first_customer_message": "first_request_at"}
    if anchor in needs and needs[anchor] in reasons:
        notes.append(f"first response time starts at creation: this export does not show what anchor {anchor} needs")
    if settings.as_of is not None:
        notes += _distance(settings.as_of, newest(dataset))
    return (*notes, *idle_classes(tickets, settings.dimensions), *idle(tickets, settings.calendars))


def _unknown_words(dataset: Dataset) -> Iterator[str]:
    """Status words that nobody mapped: their tickets are neither open nor solved, unless a date says so."""
    counted: dict[str, int] = {}
    for source in dataset.provenance:
        for word, rows in source.unmapped.get("status", {}).items():
            counted[word] = counted.get(word, 0) + rows
    if counted:
        shown = ", ".join(f"{word} ({rows:,})" for word, rows in list(counted.items())[:_MOST_WORDS])
        more = f" and {len(counted) - _MOST_WORDS} more" if len(counted) > _MOST_WORDS else ""
        yield f"status words not understood: {shown}{more}; name them under statuses: in the config"


def _no_zero(dataset: Dataset, settings: Settings) -> Iterator[str]:
    """A question from 1 to 10 passes for one from 0 to 10, and makes detractors of neutral answers."""
    if settings.nps.scale is not None or "scale" not in dataset.surveys.columns:
        return
    unscaled = dataset.surveys.filter((pl.col("instrument") == "nps") & pl.col("scale").is_null())["score"].drop_nulls()
    if unscaled.len() >= _TELLING and unscaled.min() == 1 and unscaled.max() == 10:
        yield (
            f"NPS is read as a question from 0 to 10, but none of {unscaled.len():,} answers is 0 while 1 occurs: "
            "if it asked 1 to 10, say nps: {scale: 1-10} in the config"
        )

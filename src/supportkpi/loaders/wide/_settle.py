"""Settling: one reading for each claimed column of instants or spans, one order of day and month for the whole file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.errors import DatesAmbiguous, DatesUnreadable, Where
from supportkpi.loaders.generic._checks import EMPTY, check
from supportkpi.loaders.mapping._claims import BY_HEADER, SAID, Claim, Plan
from supportkpi.loaders.mapping._fields import Sort
from supportkpi.loaders.values._dates import DateReading, choose_dates, choose_order
from supportkpi.loaders.values._spans import SpanReading, choose_spans
from supportkpi.loaders.wide._copies import said_of, without_copies
from supportkpi.loaders.wide._row_order import order_of_rows
from supportkpi.loaders.wide._sample import Sample

_RELATIVE = r"(?i)^(?:\d+|an?) [a-zа-я]+ (?:ago|назад)$|^just now$|^(?:vor|il y a|hace|há) \d+ \w+$"
_UNREADABLE = {Sort.instant: "not dates", Sort.span: "not durations"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a table will be read: its claims with a reading for each that needs one, and the claims that fell through."""

    plan: Plan
    claims: tuple[Claim, ...]
    dates: Mapping[str, DateReading] = field(default_factory=dict)
    spans: Mapping[str, SpanReading] = field(default_factory=dict)
    dropped: tuple[Claim, ...] = ()
    zone: str = "UTC"
    zone_source: str = "assumed"
    assumptions: tuple[str, ...] = ()

    def claim(self, name: str) -> Claim | None:
        """The claim on a field, None when no column stands for it."""
        return next((claim for claim in self.claims if claim.field == name), None)

    def has(self, name: str) -> bool:
        """Whether a column stands for the field."""
        return self.claim(name) is not None


def settle(plan: Plan, sample: Sample, reading: Reading) -> Settled:
    """The readings that the claims of a plan come to.

    Raises:
        DatesAmbiguous: day and month cannot be told apart.
        DatesUnreadable: a column that must hold dates does not.
    """
    said_zone = reading.source_timezone or sample.table.zone or plan.zone
    zone = said_zone or "UTC"
    dates: dict[str, DateReading] = {}
    spans: dict[str, SpanReading] = {}
    plan, copies = without_copies(plan, sample)
    kept: list[Claim] = []
    dropped: list[Claim] = [*copies]
    created = plan.claim("created_at")
    assumptions: list[str] = [said_of(claim, created.column) for claim in copies if created is not None]
    also = _beside(sample, [claim.column for claim in plan.claims if claim.sort is Sort.instant])
    for claim in plan.claims:
        read: DateReading | SpanReading | None = None
        if claim.sort is Sort.instant:
            read, said = _dates(claim, sample, _Ask(plan, reading, zone, also))
            assumptions += said
            if read is not None:
                dates[claim.field] = read
        elif claim.sort is Sort.span:
            read = choose_spans(sample.telling(claim.column), claim.column, claim.unit)
            if read is not None:
                spans[claim.field] = read
        kept_claim = _judged(claim, read, sample, plan.words(claim.field))
        (dropped if kept_claim.confidence == "not loaded" else kept).append(kept_claim)
    _used(reading.date_format, dates, sample)
    assumptions += [] if said_zone else _named_once(dates, _zone(zone, dates))
    source = "file" if sample.table.zone and not reading.source_timezone else _zone_source(plan, reading, dates)
    return Settled(
        plan=plan,
        claims=tuple(kept),
        dates=dates,
        spans=spans,
        dropped=tuple(dropped),
        zone=_zone(zone, dates),
        zone_source=source,
        assumptions=tuple(dict.fromkeys(assumptions)),
    )


def _beside(sample: Sample, columns: Sequence[str]) -> dict[str, pl.Series]:
    """The columns of instants that one hand wrote: those of the file, and of other pages of the same export."""
    also = {column: sample.cells(column) for column in columns}
    return also | {
        f"{column} of {page.table.name}": page.cells(column)
        for page in sample.pages
        for column in columns
        if column in page.table.columns
    }


def _named_once(dates: dict[str, DateReading], zone: str) -> list[str]:
    """Gives the zone that the header of one column names to the others that name none, and says so."""
    others = [name for name, read in dates.items() if not (read.zoned or read.zone_in_header or read.zone == zone)]
    dates |= {name: replace(dates[name], zone=zone) for name in others}
    return [f"dates without a zone are read as {zone}, which another header names"] if others else []


def _used(asked: str | None, dates: Mapping[str, DateReading], sample: Sample) -> None:
    """Stop when a format was asked for and no column is in it: to read on by another would ignore what was said."""
    if asked is None or not dates or any(read.given for read in dates.values()):
        return
    found = ", ".join(dict.fromkeys(read.format for read in dates.values()))
    raise DatesUnreadable(
        f"no dates are in the format {asked!r}; they read as {found}",
        hint="leave --date-format out, or mend it",
        where=Where(path=sample.table.name),
    )


@dataclass(frozen=True, slots=True)
class _Ask:
    plan: Plan
    reading: Reading
    zone: str
    also: Mapping[str, pl.Series]


def _dates(claim: Claim, sample: Sample, ask: _Ask) -> tuple[DateReading | None, list[str]]:
    """The reading of a column of instants; the helpdesk's own order only where no column of the file proves one."""
    formats = (ask.reading.date_format,) if ask.reading.date_format else ask.plan.formats

    def choose(dayfirst: bool | None, also: Mapping[str, pl.Series]) -> DateReading | None:
        return choose_dates(
            sample.dated(claim.column),
            header=claim.column,
            zone=ask.zone,
            formats=formats,
            dayfirst=dayfirst,
            whole=lambda: sample.whole(claim.column),
            also={column: values for column, values in also.items() if column != claim.column},
        )

    try:
        return choose(ask.reading.dayfirst, ask.also), []
    except DatesAmbiguous as error:
        others = {column: sample.cells(column) for column in sample.table.columns}
        if choose_order(others) is not None:  # a date that stands for no field was written by the same hand
            return choose(ask.reading.dayfirst, others), []
        proved = order_of_rows(sample, ask.plan) if ask.reading.date_format is None else None
        if proved is not None:
            return _by_rows(choose(proved[0] == "dayfirst", ask.also)), [proved[1]]
        if ask.plan.dayfirst is None:
            raise _placed(error, sample, claim) from None
        order, other = ("day", "--monthfirst") if ask.plan.dayfirst else ("month", "--dayfirst")
        return choose(ask.plan.dayfirst, ask.also), [
            f"dates are read {order} first, as {ask.plan.title} writes them; nothing in the file decides ({other})"
        ]


def _by_rows(found: DateReading | None) -> DateReading | None:
    """The reading without the note that somebody stated its order."""
    if found is None:
        return None
    return replace(found, notes=tuple(note for note in found.notes if not note.endswith("as stated")))


def _placed(error: DatesAmbiguous, sample: Sample, claim: Claim) -> DatesAmbiguous:
    return DatesAmbiguous(error.message, hint=error.hint, where=Where(path=sample.table.name, column=claim.column))


def _judged(claim: Claim, read: DateReading | SpanReading | None, sample: Sample, words: Mapping[str, str]) -> Claim:
    """The claim with what its reading proves, or as "not loaded" when its values are something else."""
    if claim.sort not in _UNREADABLE:
        found = check(claim.field, claim.column, sample, words) if claim.evidence == BY_HEADER else None
        return replace(claim, evidence=found.evidence) if found is not None else claim
    if isinstance(read, DateReading):
        return replace(claim, evidence="; ".join((read.format, *read.notes)))
    if read is not None:
        return replace(claim, evidence=f"durations as {read.shape}")
    if not sample.telling(claim.column).count():
        return replace(claim, evidence=EMPTY)
    if claim.sort is Sort.instant and (claim.field in ("created_at", "at") or claim.evidence == SAID):
        if sample.telling(claim.column).str.contains(_RELATIVE).mean() == 1.0:
            raise DatesUnreadable(
                f"{claim.column!r} says how long ago it was, not when",
                hint="have the helpdesk show dates instead of ages (another column or format of dates), export again",
                where=Where(path=sample.table.name, column=claim.column),
            )
        raise DatesUnreadable(
            f"most values of {claim.column!r} are dates in no format that is known",
            hint='give the format: --date-format "%d.%m.%Y %H:%M"',
            where=Where(path=sample.table.name, column=claim.column),
        )
    return replace(claim, evidence=_UNREADABLE[claim.sort], confidence="not loaded")


def _zone(zone: str, dates: Mapping[str, DateReading]) -> str:
    stated = {reading.zone for reading in dates.values() if reading.zone_in_header and not reading.zoned}
    return stated.pop() if len(stated) == 1 else zone


def _zone_source(plan: Plan, reading: Reading, dates: Mapping[str, DateReading]) -> str:
    """Who said what zone the instants are in: all values themselves, an option, the mapping, or nobody.

    A file without dates leaves nothing to assume.
    """
    if all(read.zoned or read.zone_in_header for read in dates.values()):
        return "file"
    if reading.source_timezone is None and any(read.zone_in_header and not read.zoned for read in dates.values()):
        return "file"
    if reading.source_timezone:
        return "option"
    return "mapping" if plan.zone else "assumed"

"""What a report on a desk has to say, by the oracle: for each KPI the groups, and in each group every statistic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import oracle
import oracle_ratings
import oracle_slices
from oracle import Clock, Seen, see
from oracle_numbers import Answer
from timelines import Desk

from supportkpi.decisions import Settings, Window

Dims = tuple[str, ...]
Label = tuple[str | None, ...]
TIMES = ("month", "week")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one report is asked for, and the clocks that the oracle reads for it."""

    settings: Settings
    window: Window | None
    by: tuple[Dims, ...]
    where: str | None
    clocks: Mapping[str, Clock]


def passes(ticket: Seen | None, where: str | None) -> bool:
    """Whether a ticket, or the ticket of a rating, is chosen; an empty value is none at all."""
    if where is None:
        return True
    dim, _, value = where.partition("=")
    negated = dim.endswith("!")
    has = (ticket.column(dim.rstrip("!")) if ticket else None) == (value or None)
    return has is not negated


def inside(when: datetime | None, window: Window | None) -> bool:
    if window is None:
        return True
    return (
        when is not None
        and (window.start is None or when >= window.start)
        and (window.end is None or when < window.end)
    )


def stretch(when: datetime | None, dim: str, timezone: str) -> str | None:
    if when is None:
        return None
    local = when.astimezone(ZoneInfo(timezone))
    return local.strftime("%Y-%m" if dim == "month" else "%G-W%V")


def label(of: Seen | None, when: datetime | None, dims: Dims, timezone: str) -> Label:
    return tuple(stretch(when, dim, timezone) if dim in TIMES else (of.column(dim) if of else None) for dim in dims)


class Reading:
    """A desk read for one run: the rows that the definitions ask for."""

    def __init__(self, desk: Desk, run: Run) -> None:
        self.run = run
        whole = see(desk, run.settings.as_of)  # what happened before and after on other tickets counts
        self.whole = whole
        self.world = replace(
            whole,
            tickets=[ticket for ticket in whole.tickets if passes(ticket, run.where)],
            ratings=[rating for rating in whole.ratings if passes(rating["of"], run.where)],
        )
        self.shape = set(desk.wide) if desk.wide is not None else None
        self.zone = run.settings.timezone
        self.cut = oracle_slices.cut(whole)

    def asked(self, instrument: str) -> bool:
        """Whether the files hold any survey of an instrument."""
        return any(rating["instrument"] == instrument for rating in self.world.desk.ratings)

    def shows(self, *names: str) -> bool:
        """Whether a wide export has all of these columns; a log shows everything."""
        return self.shape is None or self.shape >= set(names)

    @property
    def shows_solves(self) -> bool:
        return self.shape is None or bool(self.shape & {"solved", "closed"})

    @property
    def shows_state(self) -> bool:
        known = [ticket for ticket in self.whole.tickets if ticket.resolved is not None]
        return (self.shows_solves or self.world.has("status")) and bool(known or not self.whole.tickets)

    @property
    def only_answers(self) -> bool:
        """Whether the files hold answers of surveys and no ticket at all: then nothing is said of tickets."""
        return not self.world.desk.tickets and bool(self.world.desk.ratings)

    def groups(self, rows: list, date_of: Callable, of: Callable, dims: Dims) -> dict[Label, list]:
        """Rows in the period by group; the total is always there."""
        found: dict[Label, list] = {} if dims else {(): []}
        for row in rows:
            if inside(date_of(row), self.run.window):
                found.setdefault(label(of(row), date_of(row), dims, self.zone), []).append(row)
        return found

    def tickets(self, date: str, dims: Dims) -> dict[Label, list[Seen]]:
        return self.groups(self.world.tickets, lambda t: getattr(t, date), lambda t: t, dims)


def answers(reading: Reading, kpi: str, dims: Dims, clock: str | None) -> dict[Label, dict[str, Answer]] | None:
    """What the oracle says of a KPI, by group; None where the export cannot show it."""
    window, as_of = reading.run.window, reading.world.as_of
    if window is not None and window.start is not None and as_of is not None and window.start > as_of:
        return None  # nobody has seen those days
    if window is not None and window.start is not None and reading.cut is not None and window.start > reading.cut.last:
        return None  # their tickets are missing
    found = KPIS[kpi](reading, dims, clock)
    if found is None or reading.cut is None or as_of is None:
        return found
    return {
        key: oracle_slices.unseen(rows) if _is_unseen(reading, kpi, dims, key) else rows for key, rows in found.items()
    }


def _is_unseen(reading: Reading, kpi: str, dims: Dims, key: Label) -> bool:
    stretch = next((name for dim, name in zip(dims, key, strict=True) if dim in TIMES and name is not None), None)
    return oracle_slices.is_unseen(kpi, stretch, _end(reading)[0], reading.cut, reading.zone)


def _created_in(kpi: str, *needs: str) -> Callable:
    def answer(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
        if not reading.shows("created", *needs) or (kpi == "resolution_time" and not reading.shows_solves):
            return None
        of = reading.run.clocks[clock]
        found = {key: getattr(oracle, kpi)(rows, of) for key, rows in reading.tickets("created", dims).items()}
        return found if reading.shows_state else _without(("solved_unanswered", "end_unknown", "status_unknown"), found)

    return answer


def _without(counts: Sequence[str], found: dict[Label, dict[str, Answer]]) -> dict[Label, dict[str, Answer]]:
    """Counts that the export cannot show are not there at all, rather than 0."""
    for answer in (row for stats in found.values() for row in stats.values()):
        answer["counts"] = {name: number for name, number in answer["counts"].items() if name not in counts}
    return found


def _created(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    if reading.only_answers or (reading.run.window is not None and not reading.shows("created")):
        return None
    return {key: oracle.tickets_created(rows) for key, rows in _counted(reading, "created", dims).items()}


def _solved(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    undated = reading.run.window is not None and not reading.shows_solves
    if reading.only_answers or not reading.shows_state or undated:
        return None
    found = {key: oracle.tickets_solved(rows) for key, rows in _counted(reading, "resolved_at", dims).items()}
    timed = any(dim in TIMES for dim in dims)
    return {key: answer for key, answer in found.items() if not timed or answer["value"]["n"] or _left_out(answer)}


def _counted(reading: Reading, dated: str, dims: Dims) -> dict[Label, list[Seen]]:
    """Tickets by group; nought of a group that has tickets at other times is a number, a time without any is none."""
    found = dict(reading.tickets(dated, dims))
    if not any(dim in TIMES for dim in dims):
        for ticket in reading.world.tickets:
            found.setdefault(label(ticket, None, dims, reading.zone), [])
    return found


def _left_out(answer: Mapping[str, Answer]) -> int:
    return answer["value"]["counts"]["excluded"]


def _closure(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    if not reading.shows("created") or not reading.shows_solves:
        return None
    mine = [t for t in reading.world.tickets if not t.excluded]
    sides = {
        "created": [(t, t.created) for t in mine],
        "solved": [(t, when) for t in mine for when in t.solves],
        "reopened": [(t, when) for t in mine for when, _ in t.reopens],
    }
    found = {name: reading.groups(rows, lambda row: row[1], lambda row: row[0], dims) for name, rows in sides.items()}
    counted = {name: {key: len(rows) for key, rows in groups.items()} for name, groups in found.items()}
    of = {key: [counted[name].get(key, 0) for name in sides] for groups in counted.values() for key in groups}
    log = reading.shape is None
    return {key: oracle.closure_ratio(c, s, r if log else None) for key, (c, s, r) in of.items()}


def _end(reading: Reading) -> tuple[datetime | None, bool]:
    """The instant of a stock and whether it is the end of a period, whose own instant is outside."""
    window, as_of = reading.run.window, reading.world.as_of
    if window is not None and window.end is not None and (as_of is None or window.end <= as_of):
        return window.end, True
    return as_of, False


def _backlog(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    window = reading.run.window
    if not reading.shows_state or (window is not None and not reading.shows("created")) or _end(reading)[0] is None:
        return None
    plain, times = tuple(d for d in dims if d not in TIMES), [d for d in dims if d in TIMES]
    end, before = _end(reading)
    since = window.start if window is not None else None
    moments = {None: (end, before)} if not times else _ends(reading, times[0], end, before)
    found = {}
    mine = [t for t in reading.world.tickets if not t.excluded]
    for name, (when, strict) in moments.items():
        groups: dict[Label, list[Seen]] = {} if plain else {(): []}
        for ticket in mine:
            groups.setdefault(label(ticket, None, plain, reading.zone), []).append(ticket)
        for key, rows in groups.items():
            values = iter(key)
            full = tuple(name if d in times else next(values) for d in dims)
            found[full] = oracle.backlog(rows, reading.world, when, before=strict, since=since)
    return found


def _ends(reading: Reading, dim: str, end: datetime, before: bool) -> dict[str, tuple[datetime, bool]]:
    """The end of every month or week in which a ticket was created, at most the end of the report."""
    found = {}
    for ticket in reading.world.tickets:
        if ticket.created is None or not inside(ticket.created, reading.run.window):
            continue
        local = ticket.created.astimezone(ZoneInfo(reading.zone)).replace(hour=0, minute=0)
        days = 7 - local.weekday() if dim == "week" else 0
        after = local.date() + timedelta(days=days) if days else (local.date().replace(day=1) + timedelta(days=32))
        after = after if days else after.replace(day=1)
        last = datetime.combine(after, time(), ZoneInfo(reading.zone)).astimezone(end.tzinfo)
        found[stretch(ticket.created, dim, reading.zone)] = (end, before) if end < last else (last, True)
    return found


def _ages(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    end, before = _end(reading)
    if not reading.shows_state or not reading.shows("created") or end is None:
        return None
    if set(dims) & set(TIMES):
        return {}
    standing = [t for t in reading.world.tickets if not t.excluded and t.created]
    standing = [t for t in standing if oracle.is_open(t, end, before=before)]
    groups: dict[Label, list[Seen]] = {} if dims else {(): []}
    for ticket in standing:
        groups.setdefault(label(ticket, None, dims, reading.zone), []).append(ticket)
    of = reading.run.clocks[clock]
    return {key: oracle.backlog_age(rows, of, end, before=before) for key, rows in groups.items()}


def _rated(
    reading: Reading, instrument: str, dims: Dims, *, keep: Callable, split: Callable, only: Callable | None = None
) -> dict | None:
    """Valid ratings, one of each key, and how many were invalid, by group."""
    world, window = reading.world, reading.run.window
    mine = [r for r in world.ratings if r["instrument"] == instrument]
    if not reading.asked(instrument) or (window is not None and mine and all(r["dated"] is None for r in mine)):
        return None
    chosen = [
        r for r in mine if inside(r["dated"], window) and r["score"] is not None and not (r["of"] and r["of"].excluded)
    ]
    ways = {"csat": reading.run.settings.csat.duplicates, "nps": reading.run.settings.nps.duplicates.split("_")[0]}
    valid = oracle_ratings.last_of([r for r in chosen if split(r["score"])], keep, ways[instrument])
    marked = [(r, True) for r in valid] + [(r, False) for r in chosen if not split(r["score"])]
    marked = [(r, good) for r, good in marked if only is None or only(r)]
    groups = reading.groups(marked, lambda row: row[0]["dated"], lambda row: row[0]["of"], dims)
    return {key: ([r for r, good in rows if good], sum(not good for _, good in rows)) for key, rows in groups.items()}


def _stars(reading: Reading, dims: Dims) -> dict | None:
    return _rated(reading, "csat", dims, keep=lambda r: r["ticket_id"], split=lambda score: 1 <= score <= 5)


def _csat(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    found, base = _stars(reading, dims), _asked(reading, dims)
    if found is None:
        return None
    offered = {key: None if base is None else len(base.get(key, [])) for key in found}
    return {key: oracle_ratings.csat(*rows, offered[key]) for key, rows in found.items()}


def _csat_mean(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    found = _stars(reading, dims)
    return None if found is None else {key: oracle_ratings.csat_mean(*rows) for key, rows in found.items()}


def _asked(reading: Reading, dims: Dims) -> dict[Label, list[bool]] | None:
    """Whether each survey that was offered, or each solved ticket, has an answer."""
    world, window = reading.world, reading.run.window
    mine = [r for r in world.ratings if r["instrument"] == "csat"]
    if world.desk.offers:
        inner = [r for r in mine if inside(r["dated"], window) and not (r["of"] and r["of"].excluded)]
        answered = {r["ticket_id"] for r in inner if r["score"] is not None}
        rated = oracle_ratings.last_of([r for r in inner if r["score"] is not None], lambda r: r["ticket_id"])
        bare = [r for r in inner if r["score"] is None and (r["ticket_id"] is None or r["ticket_id"] not in answered)]
        rows = rated + oracle_ratings.last_of(bare, lambda r: r["ticket_id"])
        groups = reading.groups(rows, lambda r: r["dated"], lambda r: r["of"], dims)
        return {key: [r["score"] is not None for r in some] for key, some in groups.items()}
    if not reading.shows_state or not world.tickets or (window is not None and not reading.shows_solves):
        return None
    rated_tickets = {r["ticket_id"] for r in mine if r["score"] is not None}
    groups = reading.tickets("resolved_at", dims)
    kept = {key: [t for t in rows if t.resolved and not t.excluded] for key, rows in groups.items()}
    return {key: [t.ticket.id in rated_tickets for t in rows] for key, rows in kept.items() if rows or not dims}


def _response(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    base, world = _asked(reading, dims), reading.world
    mine = [r for r in world.ratings if r["instrument"] == "csat"]
    undated = mine and all(r["dated"] is None for r in mine)
    if base is None or not reading.asked("csat") or (reading.run.window is not None and undated):
        return None
    name = "offered" if world.desk.offers else "solved"
    return {key: oracle_ratings.csat_response_rate(sum(rows), len(rows), name) for key, rows in base.items()}


def _nps(reading: Reading, dims: Dims, stat: str | None) -> dict | None:
    """The score, or that of one stream: soon after a solution of the customer, or not."""
    chosen = {"transactional": True, "relational": False}.get(stat)

    def only(rating: dict) -> bool:
        return chosen is None or oracle_ratings.is_transactional(rating, reading.whole) is chosen

    def split(score: float) -> bool:
        return score == int(score) and 0 <= score <= 10

    found = _rated(reading, "nps", dims, keep=oracle_ratings.customer, split=split, only=only)
    return None if found is None else {key: {stat: oracle_ratings.nps(*rows)} for key, rows in found.items()}


KPIS: dict[str, Callable] = {
    "first_response_time": _created_in("first_response_time", "replied"),
    "resolution_time": _created_in("resolution_time"),
    "first_resolution_time": _created_in("first_resolution_time", "first_solved"),
    "csat": _csat,
    "csat_mean": _csat_mean,
    "csat_response_rate": _response,
    "nps": _nps,
    "tickets_created": _created,
    "tickets_solved": _solved,
    "closure_ratio": _closure,
    "backlog": _backlog,
    "backlog_age": _ages,
}

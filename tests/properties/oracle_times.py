"""Every KPI about waits, times in statuses, hands and lines again in plain Python (methods 2.1, 2.2, 2.7, 2.9).

Importing it adds them to those that ``oracle_report`` answers for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import oracle
from oracle import DONE, Clock, Seen, World, calendar_time
from oracle_numbers import Answer, durations, linear, ranks, share
from oracle_report import KPIS, Dims, Label, Reading
from timelines import Event

WORK = ("new", "open")
Rows = dict[str, Answer]


def happened(ticket: Seen, world: World, kind: str) -> list[Event]:
    """What happened up to the end of observation, in the order of the file within an instant."""
    return sorted((e for e in ticket.ticket.events if e.kind == kind and e.at <= world.as_of), key=lambda e: e.at)


def settled(ticket: Seen, world: World, kind: str) -> list[tuple[datetime, str]]:
    """Values by instant: of several at one instant the last in the file; being taken away is no value."""
    return list({e.at: e.value for e in happened(ticket, world, kind) if e.value is not None}.items())


def says(ticket: Seen, world: World, *actors: str) -> list[Event]:
    return [e for e in happened(ticket, world, "message") if e.public and e.actor in actors]


def who_turned(ticket: Seen, world: World, when: datetime) -> str | None:
    return [e.actor for e in happened(ticket, world, "status") if e.at == when][-1]


def who_solved(ticket: Seen, world: World) -> str | None:
    return who_turned(ticket, world, ticket.resolved_at) if ticket.resolved else None


# --- times in statuses -----------------------------------------------------------------------------------------------


def spent(ticket: Seen, statuses: Iterable[str], clock: Clock) -> float:
    """The time in some statuses from creation on; the last status lasts to the end of observation."""
    ends = [when for when, _ in ticket.life[1:]] + [ticket.until]
    total = 0.0
    for (when, status), end in zip(ticket.life, ends, strict=True):
        begin = max(when, ticket.created)
        if status in statuses and end > begin:
            total += clock(ticket, begin, end)
    return total


def in_statuses(*statuses: str, count: str | None = None) -> Callable:
    def answer(tickets: list[Seen], world: World, clock: Clock) -> Rows:
        mine = [t for t in tickets if not t.excluded]
        dated = [t for t in mine if t.created is not None]
        solved = [t for t in dated if t.resolved and t.resolved_at >= t.created]
        ended = [(spent(t, statuses, clock), spent(t, statuses, calendar_time)) for t in solved]
        waiting = [spent(t, statuses, clock) for t in dated if t.resolved is False and t.until >= t.created]
        counts = {"excluded": len(tickets) - len(mine)}
        counts["invalid"] = sum(bool(t.resolved) and t.resolved_at < t.created for t in dated)
        if clock is not calendar_time:
            counts["off_hours"] = sum(s == 0 and plain > 0 for s, plain in ended)
        if count == "never":
            counts["never"] = sum(plain == 0 for _, plain in ended)
        if count == "reopened":
            full = [calendar_time(t, t.created, t.resolved_at) for t in solved]
            counts["reopened"] = sum(plain < whole for (_, plain), whole in zip(ended, full, strict=True))
        return told(durations([s for s, _ in ended], waiting), counts)

    return answer


def told(found: Rows, counts: dict[str, int]) -> Rows:
    return {stat: {**answer, "counts": counts} for stat, answer in found.items()}


# --- from one instant to another -------------------------------------------------------------------------------------


def spans(tickets: list[Seen], rows: list[tuple], clock: Clock, **counts: int) -> Rows:
    found = oracle._spans(rows, clock)
    left_out = sum(t.excluded for t in tickets)
    return {stat: {**row, "counts": row["counts"] | {"excluded": left_out} | counts} for stat, row in found.items()}


def reaction_time(tickets: list[Seen], world: World, clock: Clock) -> Rows:
    mine = [t for t in tickets if not t.excluded]
    rows = []
    for t in mine:
        taken = [e.at for e in happened(t, world, "assignee") if e.value is not None]
        taken += [e.at for e in happened(t, world, "status") if e.actor == "agent"]
        first = min(taken, default=None)
        rows.append((t, t.created, first, first is None and t.resolved is False))
    at_once = sum(start is not None and start == end for _, start, end, _ in rows)
    return spans(tickets, rows, clock, at_creation=at_once)


def escalated_at(ticket: Seen, world: World) -> datetime | None:
    lines = settled(ticket, world, "level")
    return min((when for when, line in lines if int(line) > int(lines[0][1])), default=None)


def escalation_time(tickets: list[Seen], world: World, clock: Clock) -> Rows:
    rows = [(t, t.created, escalated_at(t, world), False) for t in tickets if not t.excluded]
    return spans(tickets, rows, clock)


def case_duration(tickets: list[Seen], world: World, clock: Clock) -> Rows:
    mine = [t for t in tickets if not t.excluded]
    rows, single = [], 0
    for t in mine:
        when = [e.at for e in t.ticket.events if e.at <= world.as_of]
        rows.append((t, min(when, default=None), max(when, default=None), False))
        single += bool(when) and min(when) == max(when)
    return spans(tickets, rows, clock, single_event=single)


# --- waits -----------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Wait:
    ticket: Seen
    asked: datetime
    answered: datetime | None = None
    solved: bool = False
    is_first: bool


def waits(ticket: Seen, world: World) -> list[Wait]:
    """Every run of the customer's messages, ended by the next message of a human or by a solution."""
    steps = [(ticket.created, "asks")] if ticket.created is not None and not ticket.outbound else []
    for e in sorted((e for e in ticket.ticket.events if e.at <= world.as_of), key=lambda e: e.at):
        if e.kind == "message" and e.public and e.actor in ("customer", "agent"):
            steps.append((e.at, "asks" if e.actor == "customer" else "answers"))
        if e.kind == "status" and e.value in DONE:
            steps.append((e.at, "solves"))
    found, running, replied = [], None, False
    for when, what in sorted(steps, key=lambda step: step[0]):
        if what == "asks":
            if running is None:
                running = Wait(ticket=ticket, asked=when, is_first=not replied and not ticket.outbound)
                found.append(running)
            continue
        if running is not None:
            running.answered, running.solved = (when, False) if what == "answers" else (None, True)
        running, replied = None, replied or what == "answers"
    if running is not None:
        running.solved = ticket.resolved is not False
    return found


def next_response_time(tickets: list[Seen], world: World, clock: Clock) -> Rows:
    later = [wait for t in tickets for wait in waits(t, world) if not wait.is_first]
    mine = [wait for wait in later if not wait.ticket.excluded]
    answered = [w for w in mine if w.answered is not None]
    open_ones = [w for w in mine if w.answered is None and not w.solved and w.ticket.until >= w.asked]
    ended = [(clock(w.ticket, w.asked, w.answered), w.answered > w.asked) for w in answered]
    counts = {"excluded": len(later) - len(mine), "ended_by_solve": sum(w.solved for w in mine)}
    if clock is not calendar_time:
        counts["off_hours"] = sum(s == 0 and lasted for s, lasted in ended)
    waiting = [clock(w.ticket, w.asked, w.ticket.until) for w in open_ones]
    return told(durations([s for s, _ in ended], waiting), counts)


# --- shares and counts -----------------------------------------------------------------------------------------------


def shared(decided: list[tuple[Seen, bool]], counts: dict[str, int]) -> Rows:
    def customer(ticket: Seen) -> str | None:
        who = ticket.column("requester_id")
        return None if who is None else who.lower()

    return {"value": {**share([(success, customer(t)) for t, success in decided]), "counts": counts}}


def one_touch(tickets: list[Seen], world: World) -> Rows:
    mine = [t for t in tickets if not t.excluded and not t.outbound]
    solved = [t for t in mine if t.resolved]
    counts = {"excluded": len(tickets) - len(mine), "no_reply": sum(t.replies == 0 for t in solved)}
    return shared([(t, t.replies == 1) for t in solved], counts)


def reopen_rate(tickets: list[Seen], world: World, within: timedelta) -> Rows:
    mine = [t for t in tickets if not t.excluded]
    solved = [t for t in mine if t.first_solved is not None]
    mature = [t for t in solved if t.first_solved + within <= min(t.ticket.until, world.as_of)]  # as far as seen
    soon = {t.ticket.id: [when for when, stood in t.reopens if stood <= within] for t in mature}
    asked = {id: any(_asked(id, when, mature, world) for when in times) for id, times in soon.items()}
    counts = {
        "excluded": len(tickets) - len(mine),
        "immature": len(solved) - len(mature),
        "by_agent": sum(bool(times) and not asked[id] for id, times in soon.items()),
    }
    return shared([(t, asked[t.ticket.id]) for t in mature], counts)


def _asked(id: str, when: datetime, tickets: list[Seen], world: World) -> bool:
    ticket = next(t for t in tickets if t.ticket.id == id)
    return who_turned(ticket, world, when) != "agent"


def bot_resolution_rate(tickets: list[Seen], world: World) -> Rows:
    mine = [t for t in tickets if not t.excluded and not t.outbound]
    solved = [(t, who_solved(t, world), bool(says(t, world, "bot"))) for t in mine if t.resolved]
    alone = [(t, t.replied is None and by != "agent" and (answered or by == "bot")) for t, by, answered in solved]
    counts = {
        "excluded": len(tickets) - len(mine),
        "bot_and_human": sum(answered and t.replied is not None for t, _, answered in solved),
        "solver_unknown": sum(by is None for _, by, _ in solved),
    }
    return shared(alone, counts)


def escalation_rate(tickets: list[Seen], world: World) -> Rows:
    mine, decided, direct, again = [t for t in tickets if not t.excluded], [], 0, 0
    for t in mine:
        lines = [int(line) for _, line in settled(t, world, "level")]
        rose = escalated_at(t, world) is not None or t.column("escalated") is True
        handled = t.replied is not None or (t.resolved is True and who_solved(t, world) not in ("bot", "system"))
        if handled or rose or lines:
            decided.append((t, rose))
        direct += bool(lines) and lines[0] > 1
        again += sum(above > below for below, above in pairwise(lines)) > 1
    counts = {"excluded": len(tickets) - len(mine), "direct": direct, "ping_pong": again}
    return shared(decided, counts | {"unhandled": len(mine) - len(decided)})


def transfer_rate(tickets: list[Seen], world: World) -> Rows:
    mine = [t for t in tickets if not t.excluded]
    groups = [(t, [group for _, group in settled(t, world, "group")]) for t in mine]
    moves = [(t, sum(one != other for one, other in pairwise(known))) for t, known in groups if known]
    counts = {"excluded": len(tickets) - len(mine), "nobody": len(mine) - len(moves)}
    counts["twice_or_more"] = sum(moved > 1 for _, moved in moves)
    return shared([(t, moved > 0) for t, moved in moves], counts)


def replies_per_ticket(tickets: list[Seen], world: World) -> Rows:
    mine = [t for t in tickets if not t.excluded]
    numbers = sorted(t.replies for t in mine if t.resolved)
    n, counts = len(numbers), {"excluded": len(tickets) - len(mine), "no_reply": numbers.count(0)}
    found = {"value": {"n": n, "value": sum(numbers) / n if n else None}}
    if n:
        found["value"]["x"] = sum(numbers)
    for stat, p in (("median", 0.5), ("p90", 0.9)):
        low, high = ranks(n, p)
        found[stat] = {"n": n, "value": linear(numbers, p) if n else None}
        found[stat] |= {"low": numbers[low - 1] if low else None, "high": numbers[high - 1] if high else None}
    return told(found, counts)


# --- what a report has to say ----------------------------------------------------------------------------------------


def timed(kpi: Callable) -> Callable:
    def answer(reading: Reading, dims: Dims, clock: str | None) -> dict[Label, Rows] | None:
        if reading.shape is not None:
            return None
        of = reading.run.clocks[clock]
        return {key: kpi(rows, reading.whole, of) for key, rows in reading.tickets("created", dims).items()}

    return answer


def plain(kpi: Callable) -> Callable:
    def answer(reading: Reading, dims: Dims, clock: str | None) -> dict[Label, Rows] | None:
        if reading.shape is not None:
            return None
        return {key: kpi(rows, reading.whole) for key, rows in reading.tickets("created", dims).items()}

    return answer


def of_waits(reading: Reading, dims: Dims, clock: str | None) -> dict[Label, Rows] | None:
    found = timed(next_response_time)(reading, dims, clock)
    if found is None or not dims:
        return found
    some = reading.tickets("created", dims)
    waited = {key for key, rows in some.items() if any(not w.is_first for t in rows for w in waits(t, reading.whole))}
    return {key: rows for key, rows in found.items() if key in waited}


def of_reopenings(reading: Reading, dims: Dims, clock: str | None) -> dict[Label, Rows] | None:
    within = timedelta(days=reading.run.settings.repeats.window_days)
    return plain(lambda tickets, world: reopen_rate(tickets, world, within))(reading, dims, clock)


KPIS |= {
    "next_response_time": of_waits,
    "reaction_time": timed(reaction_time),
    "net_resolution_time": timed(in_statuses(*WORK, "hold", "pending", count="reopened")),
    "agent_work_time": timed(in_statuses(*WORK)),
    "requester_wait_time": timed(in_statuses(*WORK, "hold")),
    "agent_wait_time": timed(in_statuses("pending", count="never")),
    "hold_time": timed(in_statuses("hold", count="never")),
    "case_duration": timed(case_duration),
    "escalation_time": timed(escalation_time),
    "one_touch": plain(one_touch),
    "reopen_rate": of_reopenings,
    "bot_resolution_rate": plain(bot_resolution_rate),
    "escalation_rate": plain(escalation_rate),
    "transfer_rate": plain(transfer_rate),
    "replies_per_ticket": plain(replies_per_ticket),
}

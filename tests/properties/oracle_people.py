"""Every KPI about customers again in plain Python, from the method (2.3, 2.6, 2.7, 2.14): one ticket after another.

Importing it adds them to those that ``oracle_report`` answers for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import oracle_ratings
from oracle import Seen, World
from oracle_numbers import Answer, share, wilson
from oracle_report import KPIS, TIMES, Dims, Label, Reading, inside, label
from oracle_times import escalated_at

from supportkpi.decisions import Fcr, Repeats

BY_STAT = ("repeat_contact_rate",)
"""KPIs whose statistics have groups of their own, each by another date."""
DAY = timedelta(days=1)


# --- what happened beside a ticket -----------------------------------------------------------------------------------


def customer(ticket: Seen) -> str | None:
    who = ticket.column("requester_id")
    return str(who).lower() if who is not None else None


def others(ticket: Seen, world: World, key: Iterable[str]) -> list[Seen]:
    """Tickets of the same customer; of the same category where the export has any and it is asked for."""
    mine = [t for t in world.tickets if t is not ticket and not t.excluded and customer(t) == customer(ticket)]
    if customer(ticket) is None:
        return []
    if "category" not in key or all(t.column("category") is None for t in world.tickets):
        return mine
    about = ticket.column("category")
    return [t for t in mine if about is not None and t.column("category") == about]


def ended(ticket: Seen) -> datetime | None:
    """When it was solved; a solution stamped before the creation is taken to be made with it."""
    return max(ticket.resolved_at, ticket.created or ticket.resolved_at) if ticket.resolved_at else None


def soon(first: datetime | None, then: datetime | None, days: int) -> bool:
    return first is not None and then is not None and timedelta(0) < then - first <= days * DAY


def horizon(world: World) -> datetime | None:
    """Up to when new tickets would be there: the newest creation, no later than what was observed."""
    created, until = [t.created for t in world.tickets if t.created], [t.until for t in world.tickets]
    return min(max(created, default=max(until)), max(until)) if until else None


def follows(ticket: Seen, world: World, chosen: Repeats) -> bool:
    known = others(ticket, world, chosen.key)
    befores = [t.created if chosen.anchor == "created" else ended(t) for t in known]
    return any(soon(before, ticket.created, chosen.window_days) for before in befores)


def is_followed(ticket: Seen, world: World, chosen: Repeats) -> bool | None:
    """Whether a solved ticket has a repeat; None while the window lasts."""
    begun = ticket.created if chosen.anchor == "created" else ticket.resolved_at
    over = begun is not None and begun + chosen.window_days * DAY <= horizon(world)
    if not ticket.resolved or customer(ticket) is None or not over:
        return None
    after = ticket.created if chosen.anchor == "created" else ended(ticket)
    return any(soon(after, t.created, chosen.window_days) for t in others(ticket, world, chosen.key))


def is_parallel(ticket: Seen, world: World, chosen: Repeats) -> bool:
    if follows(ticket, world, chosen) or ticket.created is None:
        return False
    older = [t for t in others(ticket, world, chosen.key) if t.created is not None and t.created < ticket.created]
    return any(ended(t) is None or ended(t) >= ticket.created for t in older)


# --- KPIs ------------------------------------------------------------------------------------------------------------


def _messages(ticket: Seen, world: World, actor: str) -> list[datetime]:
    events = [e for e in ticket.ticket.events if e.at <= world.as_of]
    return sorted(e.at for e in events if e.kind == "message" and e.public and e.actor == actor)


def contacts(ticket: Seen, world: World) -> int:
    """Replies; on chat and phone the conversations with one: each ends with a closing, or when a day passes in silence.

    A message at the instant of a closing belongs to what it closes.
    """
    if ticket.column("channel") not in ("chat", "phone"):
        return ticket.replies
    replies = set(_messages(ticket, world, "agent"))
    told = sorted({*_messages(ticket, world, "customer"), *replies})
    seen = [e for e in ticket.ticket.events if e.at <= world.as_of and e.kind == "status"]
    ends = [e.at for e in seen if e.value in ("solved", "closed")]
    found, answered = 0, False
    for before, when in zip([None, *told], told, strict=False):
        if before is None or when - before > DAY or any(before <= end < when for end in ends):
            answered = False
        found += when in replies and not answered
        answered = answered or when in replies
    return found


def once(ticket: Seen, world: World, fcr: Fcr) -> bool:
    """Whether it was one contact, by the rule of a preset."""
    if fcr.preset == "one_touch":
        return ticket.replies <= 1
    if fcr.preset == "freshservice":
        wrote, replied = _messages(ticket, world, "customer"), _messages(ticket, world, "agent")
        return not wrote or (len(wrote) == 1 and not (replied and wrote[0] > replied[0]))
    back = any(soon(ended(ticket), t.created, fcr.window_days) for t in others(ticket, world, fcr.key))
    reopened = any(stood <= fcr.window_days * DAY for _, stood in ticket.reopens)
    escalated = ticket.column("escalated") is True or escalated_at(ticket, world) is not None
    return contacts(ticket, world) <= 1 and not reopened and not escalated and not back


def first_contact_resolution(tickets: list[Seen], world: World, fcr: Fcr) -> dict[str, Answer]:
    mine = [t for t in tickets if not t.excluded and not t.outbound]
    solved = [t for t in mine if t.resolved]
    judged, counts = solved, {}
    if fcr.preset == "repeat_free":
        mature = [t for t in solved if t.resolved_at + fcr.window_days * DAY <= horizon(world)]
        judged = [t for t in mature if customer(t) is not None]
        strangers = sum(customer(t) is None for t in solved)
        counts = {"immature": len(solved) - len(mature), "unlinkable": strangers}
    counts |= {
        "excluded": len(tickets) - len(mine),
        "ineligible": sum(t.column("eligible") is False for t in solved),
    }
    eligible = [t for t in judged if t.column("eligible") is not False]
    return {
        stat: {**share([(once(t, world, fcr), customer(t)) for t in some]), "counts": counts}
        for stat, some in (("value", judged), ("net", eligible))
    }


def lookback(tickets: list[Seen], world: World, chosen: Repeats) -> Answer:
    mine = [t for t in tickets if not t.excluded]
    linked = [t for t in mine if customer(t) is not None and t.created is not None]
    first = min((t.created for t in world.tickets if t.created), default=None)
    counts = {
        "excluded": len(tickets) - len(mine),
        "unlinkable": sum(customer(t) is None for t in mine),
        "parallel": sum(is_parallel(t, world, chosen) for t in mine),
        "no_lead_in": sum(t.created < first + chosen.window_days * DAY for t in linked),
    }
    return {**share([(follows(t, world, chosen), customer(t)) for t in linked]), "counts": counts}


def lookforward(tickets: list[Seen], world: World, chosen: Repeats) -> Answer:
    mine = [t for t in tickets if not t.excluded]
    solved = [t for t in mine if t.resolved]
    known = [(t, is_followed(t, world, chosen)) for t in solved if customer(t) is not None]
    counts = {
        "excluded": len(tickets) - len(mine),
        "unlinkable": sum(customer(t) is None for t in solved),
        "immature": sum(found is None for _, found in known),
    }
    return {**share([(found, customer(t)) for t, found in known if found is not None]), "counts": counts}


def of_customers(x: int, n: int, **counts: int) -> Answer:
    low, high = wilson(x, n) if n else (None, None)
    return {"n": n, "x": x, "value": x / n if n else None, "low": low, "high": high, "counts": counts}


def customers(tickets: list[Seen], world: World, chosen: Repeats) -> Answer:
    mine = [t for t in tickets if not t.excluded and customer(t) is not None]
    repeating = {customer(t) for t in mine if any(other in mine for other in others(t, world, chosen.key))}
    strangers = sum(not t.excluded and customer(t) is None for t in tickets)
    return of_customers(len(repeating), len({customer(t) for t in mine}), unlinkable=strangers)


def returned(tickets: list[Seen], world: World, chosen: Repeats, did: list[tuple[str, datetime]]) -> Answer:
    mine = [t for t in tickets if not t.excluded and t.resolved and customer(t) is not None]
    newest = max((when for _, when in did), default=None)
    judged = [
        t
        for t in mine
        if is_followed(t, world, chosen) is not None
        and newest is not None
        and t.resolved_at is not None  # solved, and nobody knows when
        and t.resolved_at + chosen.returned_days * DAY <= newest
    ]
    known = {customer(t) for t in judged}
    again = {customer(t) for t in judged if is_followed(t, world, chosen)}
    back = {
        customer(t)
        for t in judged
        if any(who == customer(t) and soon(t.resolved_at, when, chosen.returned_days) for who, when in did)
    }
    return of_customers(
        len(back - again),
        len(known),
        immature=len({customer(t) for t in mine} - known),
        repeated=len(again),
        unlinkable=sum(not t.excluded and t.resolved is True and customer(t) is None for t in tickets),
    )


def requesters(tickets: list[Seen], *, for_each: bool = False) -> Answer:
    mine = [t for t in tickets if not t.excluded]
    of = Counter(customer(t) for t in mine)
    strangers = of.pop(None, 0)
    linked, people = sum(of.values()), len(of)
    counts = {
        "tickets": linked,
        "busiest": max(of.values(), default=0),
        "unlinkable": strangers,
        "excluded": len(tickets) - len(mine),
    }
    if for_each:
        return {"n": people, "x": linked, "value": linked / people if people else None, "counts": counts}
    return {"n": linked, "value": None if strangers and not people else people, "counts": counts}


def tags(tickets: list[Seen], total: int | None) -> Answer:
    mine = [t for t in tickets if not t.excluded]
    x, n = sum(bool(t.column("tags")) for t in mine), len(mine)
    low, high = wilson(x, n) if n else (None, None)
    counts = {"excluded": len(tickets) - n} | ({} if total is None else {"tags": total})
    return {"n": n, "x": x, "value": x / n if n else None, "low": low, "high": high, "counts": counts}


def satisfied(tickets: list[Seen], ratings: list[dict], keep: str) -> Answer:
    """Solved tickets whose rating from 1 to 5 is 4 or 5."""
    solved = {t.ticket.id for t in tickets if not t.excluded and t.resolved}
    valid = [r for r in ratings if r["score"] is not None and 1 <= r["score"] <= 5]
    chosen = oracle_ratings.last_of(valid, lambda r: r["ticket_id"], keep)
    rated = {r["ticket_id"] for r in chosen} & solved
    happy = {r["ticket_id"] for r in chosen if r["score"] >= 4} & solved
    value = len(happy) if rated or not solved else None
    return {"n": len(happy), "value": value, "counts": {"solved": len(solved), "rated": len(rated)}}


def effort(valid: list[dict], invalid: int) -> dict[str, Answer]:
    """On 1 to 7 where 7 is easy: from 5 it was easy; net takes 6 and 7 less 1 to 3."""
    scores = [r["score"] for r in valid]
    n, easy, hard = len(scores), sum(s >= 5 for s in scores), sum(s <= 3 for s in scores)
    best = sum(s >= 6 for s in scores)
    like_nps = [{"score": 10.0}] * best + [{"score": 8.0}] * (n - best - hard) + [{"score": 0.0}] * hard
    counts = {"invalid": invalid, "easy": easy, "hard": hard, "neutral": n - easy - hard}
    found = {
        "value": share([(r["score"] >= 5, oracle_ratings.customer(r)) for r in valid]),
        "mean": {"n": n, "value": sum(scores) / n if n else None},
        "net": oracle_ratings.nps(like_nps, invalid),
    }
    return {stat: {**row, "counts": counts} for stat, row in found.items()}


# --- rows of a report ------------------------------------------------------------------------------------------------


def _linked(reading: Reading) -> bool:
    return any(customer(t) is not None for t in reading.whole.tickets)


def _dated(reading: Reading) -> bool:
    """Whether creations, solutions and customers are shown: what repeats rest on."""
    return _linked(reading) and reading.shows("created") and reading.shows_solves and reading.shows_state


def _worth_a_row(found: dict[Label, dict[str, Answer]], dims: Dims) -> dict[Label, dict[str, Answer]]:
    """Groups about which anything is known; the total always."""

    def known(answers: dict[str, Answer]) -> bool:
        return any(answer["n"] or any(answer["counts"].values()) for answer in answers.values())

    return {key: answers for key, answers in found.items() if not dims or known(answers)}


def _fcr(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    fcr = reading.run.settings.fcr
    if reading.shape is not None or not reading.shows_state or (fcr.preset == "repeat_free" and not _linked(reading)):
        return None
    found = reading.tickets("created", dims).items()
    return {key: first_contact_resolution(rows, reading.whole, fcr) for key, rows in found}


def _repeats(reading: Reading, dims: Dims, stat: str | None) -> dict | None:
    chosen, created = reading.run.settings.repeats, reading.shows("created")
    if stat == "customers":
        if not _linked(reading) or (reading.run.window is not None and not created):
            return None
        answer, dated = customers, "created"
    elif stat == "lookback":
        if not _dated(reading) and not (chosen.anchor == "created" and created and _linked(reading)):
            return None
        answer, dated = lookback, "created"
    else:
        if not _dated(reading):
            return None
        answer, dated = lookforward, "resolved_at"
    found = {key: {stat: answer(rows, reading.whole, chosen)} for key, rows in reading.tickets(dated, dims).items()}
    if stat == "lookback" and not _dated(reading):  # what is open beside what cannot be told
        for answers in found.values():
            del answers[stat]["counts"]["parallel"]
    return _worth_a_row(found, dims)


def _returned(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    did = [((row["requester_id"] or "").lower(), row["at"]) for row in reading.world.desk.activity]  # "" is nobody
    people = {customer(t) for t in reading.whole.tickets}
    if not _dated(reading) or not people & {who for who, _ in did}:
        return None
    chosen, as_of = reading.run.settings.repeats, reading.run.settings.as_of
    seen = [(who, when) for who, when in did if as_of is None or when <= as_of]  # a file with an end of its own
    groups = reading.tickets("resolved_at", dims).items()
    return _worth_a_row({k: {"value": returned(rows, reading.whole, chosen, seen)} for k, rows in groups}, dims)


def _people(dated: str, *, for_each: bool = False) -> Callable:
    def answer(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
        solved = dated == "resolved_at"
        shown = reading.shows_solves if solved else reading.shows("created")
        if not _linked(reading) or (reading.run.window is not None and not shown):
            return None
        if solved and not reading.shows_state:
            return None
        return _also_nought(reading, dated, dims, lambda rows: {"value": requesters(rows, for_each=for_each)})

    return answer


def _also_nought(reading: Reading, dated: str, dims: Dims, answer: Callable) -> dict[Label, dict[str, Answer]]:
    """Groups of a desk that have tickets at other times have nought in the period; times without any have no row."""
    groups = dict(reading.tickets(dated, dims))
    timed = any(dim in TIMES for dim in dims)
    for ticket in reading.world.tickets if not timed else ():
        groups.setdefault(label(ticket, None, dims, reading.zone), [])
    if dated == "resolved_at":
        groups = {key: [t for t in rows if t.excluded or t.resolved] for key, rows in groups.items()}
    found = {key: answer(rows) for key, rows in groups.items()}
    return _worth_a_row(found, dims) if timed else found


def _tags(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    # The file as it is, before what had not happened yet was taken out.
    tagged = any(ticket.columns.get("tags") is not None for ticket in reading.world.desk.tickets)
    if not tagged or (reading.run.window is not None and not reading.shows("created")):
        return None
    groups = reading.tickets("created", dims)
    mine = [t for t in reading.world.tickets if not t.excluded and inside(t.created, reading.run.window)]
    known = {tag for t in mine for tag in t.column("tags") or ()}
    found = {key: {"value": tags(rows, None if dims else len(known))} for key, rows in groups.items()}
    return _worth_a_row(found, dims)


def _satisfied(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    mine = [r for r in reading.world.ratings if r["instrument"] == "csat"]
    every = [r for r in reading.world.desk.ratings if r["instrument"] == "csat"]
    dated = reading.run.window is None or reading.shows_solves
    if not reading.shows_state or not dated or all(r["ticket_id"] is None for r in every):
        return None
    chosen = [r for r in mine if not (r["of"] and r["of"].excluded)]
    keep = reading.run.settings.csat.duplicates

    def answer(rows: list[Seen]) -> dict[str, Answer]:
        return {"value": satisfied(rows, chosen, keep)}

    return _also_nought(reading, "resolved_at", dims, answer)


def _effort(reading: Reading, dims: Dims, clock: str | None) -> dict | None:
    window = reading.run.window
    mine = [r for r in reading.world.ratings if r["instrument"] == "ces"]
    if not reading.asked("ces") or (window is not None and mine and all(r["dated"] is None for r in mine)):
        return None
    answered = [r for r in mine if r["score"] is not None and not (r["of"] and r["of"].excluded)]
    answered = [r for r in answered if inside(r["dated"], window)]
    on_scale = [r for r in answered if 1 <= r["score"] <= 7]
    marked = [(r, True) for r in oracle_ratings.last_of(on_scale, lambda r: r["ticket_id"])]
    marked += [(r, False) for r in answered if not 1 <= r["score"] <= 7]
    groups = reading.groups(marked, lambda row: row[0]["dated"], lambda row: row[0]["of"], dims)
    return {
        key: effort([r for r, good in rows if good], sum(not good for _, good in rows)) for key, rows in groups.items()
    }


KPIS |= {
    "first_contact_resolution": _fcr,
    "repeat_contact_rate": _repeats,
    "returned_without_repeat": _returned,
    "requesters": _people("created"),
    "requesters_solved": _people("resolved_at"),
    "tickets_per_requester": _people("created", for_each=True),
    "tag_share": _tags,
    "solved_with_high_csat": _satisfied,
    "ces": _effort,
}

"""Every KPI over ratings again in plain Python, from the method (2.4, 2.5, 3.1, 3.2): one answer after another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from math import sqrt

from oracle import DAY, World
from oracle_numbers import Answer, share, wilson
from timelines import ORIGIN


def last_of(ratings: list[dict], key: Callable[[dict], object], keep: str = "last") -> list[dict]:
    """One rating a key: the newest by date, then by place in the file; those without a key all stay."""
    if keep == "all":
        return ratings
    in_time = sorted(ratings, key=lambda r: (r["dated"] is not None, r["dated"] or ORIGIN, r["place"]))
    chosen = {key(r): r for r in (in_time if keep == "last" else reversed(in_time)) if key(r) is not None}
    return [*chosen.values(), *(r for r in ratings if key(r) is None)]


def customer(rating: dict) -> str | None:
    """The customer behind a rating: the requester of its ticket, else who answered."""
    known = (rating["of"].column("requester_id") if rating["of"] else None) or rating["respondent_id"]
    return known.lower() if known else None


def csat(valid: list[dict], invalid: int, offered: int | None) -> dict[str, Answer]:
    """On 1 to 5: satisfied from 4, dissatisfied up to 2."""
    n, scores = len(valid), [r["score"] for r in valid]
    happy, unhappy = sum(s >= 4 for s in scores), sum(s <= 2 for s in scores)
    counts = {"invalid": invalid, "satisfied": happy, "neutral": n - happy - unhappy, "dissatisfied": unhappy}
    of = defaultdict(list)
    for rating in valid:
        of[customer(rating)].append(rating["score"] >= 4)
    of.pop(None, None)
    each = [sum(marks) / len(marks) for marks in of.values()]
    tests = {"value": lambda s: s >= 4, "strict": lambda s: s == 5, "dissatisfied": lambda s: s <= 2}
    found = {stat: share([(test(r["score"]), customer(r)) for r in valid]) for stat, test in tests.items()}
    found = {stat: row if n else {"n": 0, "value": None} for stat, row in found.items()}
    found["by_customer"] = {"n": len(each), "value": sum(each) / len(each) if each else None}
    found["net"] = {"n": n, "value": 100 * (happy - unhappy) / n if n else None}
    for stat, bound in (("worst_case", 0), ("best_case", (offered or 0) - n)):
        known = offered is not None and offered >= n
        bare = {"n": 0, "value": None} | ({"unseen": True} if n and not known else {})  # who did not answer
        found[stat] = {"n": offered, "value": (happy + bound) / offered} if known and n else bare
    return {stat: {**row, "counts": counts} for stat, row in found.items()}


def csat_mean(valid: list[dict], invalid: int) -> dict[str, Answer]:
    scores = [r["score"] for r in valid]
    value = sum(scores) / len(scores) if scores else None
    return {"value": {"n": len(scores), "value": value, "counts": {"invalid": invalid}}}


def csat_response_rate(answered: int, base: int, name: str) -> dict[str, Answer]:
    low, high = wilson(answered, base) if base else (None, None)
    value = answered / base if base else None
    return {"value": {"n": base, "x": answered, "value": value, "low": low, "high": high, "counts": {name: base}}}


def nps(valid: list[dict], invalid: int) -> Answer:
    groups = Counter("up" if r["score"] >= 9 else "down" if r["score"] <= 6 else "even" for r in valid)
    up, down, even, n = groups["up"], groups["down"], groups["even"], len(valid)
    counts = {"invalid": invalid, "promoters": up, "passives": even, "detractors": down}
    if n == 0:
        return {"n": 0, "value": None, "counts": counts}
    p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    half = 1.959963984540054 * sqrt((p + d - (p - d) ** 2) / (n + 3))
    low, high = max(-100.0, 100 * (p - d - half)), min(100.0, 100 * (p - d + half))
    value = 100 * (up - down) / n  # which the interval of a single answer would leave out
    return {"n": n, "value": value, "low": min(low, value), "high": max(high, value), "counts": counts}


def is_transactional(rating: dict, world: World) -> bool:
    """Within a day after the last solution of any ticket of the customer; what has no date or no customer is not."""
    if rating["at"] is None or customer(rating) is None:
        return False
    theirs = [
        t.resolved_at
        for t in world.tickets
        if not t.excluded and t.resolved_at and str(t.column("requester_id")).lower() == customer(rating)
        if t.resolved_at <= rating["at"]
    ]
    return bool(theirs) and rating["at"] - max(theirs) <= DAY

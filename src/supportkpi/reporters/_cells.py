"""What one row of the report says in a table, and how much of it the size of n allows (method 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from supportkpi.report import RMST_DAYS, WHOLE_DAYS, Report, Row, RowTarget, State
from supportkpi.reporters._words import NOTHING, Words, is_money, share_digits

COUNTS_BELOW = 20
"""Under this n a share or a net score is printed as counts and gets no verdict."""
DECIMALS_FROM = 100
PERCENTILES_FROM = 20
_TITLE_AT_MOST = 30
_TOO_FEW = 5
_WIDE = 0.10
_UPPER_FROM = {"p80": 17, "p90": 36, "p95": 72, "p99": 368}
"""Smallest n at which a percentile has an upper limit (method 3.3)."""


def title(report: Report, kpi: str) -> str:
    """A KPI's name as a line shows it: First response time (FRT); the short form alone where that would be too long."""
    definition = report.method.definitions.get(kpi)
    if definition is None:
        return kpi.replace("_", " ").capitalize()
    initials = definition.abbr.isupper() and definition.abbr not in definition.title
    whole = f"{definition.title} ({definition.abbr})" if initials else definition.title
    return whole if len(whole) <= _TITLE_AT_MOST else definition.abbr or whole


def short(report: Report, kpi: str) -> str:
    """A KPI's short form, else its name."""
    definition = report.method.definitions.get(kpi)
    return (definition.abbr or definition.title) if definition is not None else kpi.replace("_", " ")


def few(row: Row) -> bool:
    """Whether the row is so small that only counts are printed."""
    return not exact(row) and (row.state is State.too_few or row.n < _TOO_FEW)


def exact(row: Row) -> bool:
    """Whether the value is no estimate from a sample: tickets counted, money divided, the user's own figures."""
    own = row.basis == "given" and row.clock is None and row.x is None
    return row.unit in ("tickets", "requesters", "days", "count") or is_money(row.unit) or own


def counted(row: Row) -> bool:
    """Whether the row is a share or a net score of too few to be a percentage."""
    return (row.unit == "points" or (row.unit == "ratio" and row.x is not None)) and (few(row) or row.n < COUNTS_BELOW)


def value(row: Row, words: Words) -> str:
    """The value as print allows it: 38.6 %, 58m 00s, 3 of 4; – where there is none."""
    if row.value is None or row.state not in (State.ok, State.too_few) or (row.unit == "score" and few(row)):
        return NOTHING
    if not counted(row):
        return _value(row, row.value, words)
    made_of = basis(row, words)
    return NOTHING if made_of == _only_n(row, words) else made_of


def _value(row: Row, number: float, words: Words) -> str:
    digits = _digits(row)
    if row.unit == "s":
        return _duration(row, number, words)
    if row.unit == "ratio":
        return words.share(number, digits, row.target)
    if row.unit == "points":
        return words.points(number, digits, row.target)
    if is_money(row.unit):
        return words.money(number, row.unit, row.target)
    text = words.amount(number, digits + 1 if row.unit == "score" else digits, row.target)
    return words.gettext("{number} days").format(number=text) if row.unit == "days" else text


def size(row: Row) -> int:
    """What the value rests on; a figure that counts unfinished tickets rests on them, too."""
    return row.n + (row.n_open or 0) if row.stat in ("km_median", "rmst") else row.n


def _duration(row: Row, seconds: float, words: Words) -> str:
    text = _time(row, seconds, words, row.target)
    if row.stat not in _UPPER_FROM:
        return NOTHING if row.n < _TOO_FEW and row.stat not in ("median", "km_median") else text
    if row.n < PERCENTILES_FROM:
        return NOTHING
    if row.high is not None or (row.low is None and row.n >= _UPPER_FROM[row.stat]):
        return text
    return f"≥ {_time(row, row.low, words)}" if row.low is not None else NOTHING


def _time(row: Row, seconds: float, words: Words, target: RowTarget | None = None) -> str:
    """A duration as exact as the row's are: 3d where only days are known, of working hours 27h."""
    on_clock = row.clock != "business"
    if WHOLE_DAYS in row.counts:
        return words.in_unit(seconds, "d" if on_clock else "h", target=target)
    return words.duration(seconds, days=on_clock, target=target)


def _digits(row: Row) -> int:
    if row.unit != "score" and row.n < DECIMALS_FROM and not exact(row):
        return 0 if row.unit in ("ratio", "points") else 1
    wide = row.unit == "ratio" and row.low is not None and row.high is not None and row.high - row.low >= _WIDE
    return 0 if wide else 1


def basis(row: Row, words: Words) -> str:
    """What a value is made of: 514 of 1,331; 12 : 5 : 3 for a net score; empty for a count of its own."""
    if row.state in (State.not_observed, State.needs_answer):
        return ""
    parts = [row.counts.get(name) for name in ("promoters", "passives", "detractors")]
    if row.unit == "points" and None not in parts:
        return " : ".join(words.number(part) for part in parts if part is not None)
    if row.x is not None and row.unit == "ratio":
        return words.gettext("{part} of {whole}").format(part=words.amount(row.x), whole=words.number(row.n))
    if row.value == row.n or row.unit in ("tickets", "days"):
        return ""
    return _only_n(row, words)


def _only_n(row: Row, words: Words) -> str:
    return words.gettext("n {n}").format(n=words.number(row.n))


def likely(row: Row, words: Words) -> str:
    """The interval: 36–41 %, 28m 42s … 31m 23s, ≥ 3h; empty where there is none."""
    if row.value is None or few(row) or (row.low is None and row.high is None):
        return ""
    if row.low is None or row.high is None:
        bound = row.low if row.low is not None else row.high
        sign = "≥" if row.low is not None else "≤"
        return f"{sign} {_bound(row, bound, words)}" if bound is not None else ""
    if row.unit != "ratio":
        return f"{_bound(row, row.low, words)} … {_bound(row, row.high, words)}"
    digits = max(share_digits(bound, 0 if row.high - row.low >= 0.02 else 1) for bound in (row.low, row.high))
    ends = [words.number(Decimal(repr(bound)) * 100, digits) for bound in (row.low, row.high)]
    return words.percent_sign(f"{ends[0]}–{ends[1]}")


def _bound(row: Row, bound: float, words: Words) -> str:
    if row.unit == "s":
        return _time(row, bound, words)
    if row.unit == "ratio":
        return words.share(bound, 0)
    if row.unit == "points":
        return words.points(bound, 0)
    return words.amount(bound, 2 if row.unit == "score" else 1)


def verdict(row: Row, words: Words) -> str:
    """✓ met, ✗ missed with ``?`` where chance could explain it, – and why not else; empty without a target."""
    _ = words.gettext
    if row.target is None:
        return ""
    if row.state is State.needs_answer:
        return _("– needs an answer")
    if row.state is State.not_observed:
        return _("– not in this export")
    if row.verdict not in ("met", "missed") or row.value is None:
        return _("– no data")
    if few(row) or counted(row):
        return _("– too few")
    text = _("✓ met") if row.verdict == "met" else _("✗ missed")
    return f"{text} ?" if row.certainty == "uncertain" and not exact(row) else text


def coarse(row: Row) -> bool:
    """Whether a doubtful verdict is in doubt for its times alone: the target lies outside of the likely range."""
    if row.target is None or row.low is None or row.high is None:
        return False
    return not row.low <= row.target.value <= row.high


def too_coarse(words: Words) -> str:
    """What the question mark behind such a verdict means."""
    return words.gettext("? the times of this file are not exact enough for a sure verdict")


def mark(row: Row, words: Words) -> str:
    """The verdict's first sign, for a table with many values; empty without a verdict."""
    sign = verdict(row, words)[:1]
    return sign if sign in ("✓", "✗") else ""


def count_words(name: str, n: int, words: Words) -> str:
    """What a count of a row means: 32 solved unanswered."""
    many = words.ngettext
    known = {
        "excluded": many("{n} left out", "{n} left out", n),
        "invalid": many("{n} invalid", "{n} invalid", n),
        "unlinkable": many("{n} not linked to a ticket", "{n} not linked to a ticket", n),
        "immature": many("{n} solved too near the end of the data", "{n} solved too near the end of the data", n),
        "ineligible": many("{n} not eligible", "{n} not eligible", n),
        "no_reply": many("{n} without any reply", "{n} without any reply", n),
        "still_open": many("{n} still open left out", "{n} still open left out", n),
        "off_hours": many("{n} asked and answered while closed", "{n} asked and answered while closed", n),
        "solved_unanswered": many("{n} solved unanswered", "{n} solved unanswered", n),
        "end_unknown": many("{n} solved at an unknown time", "{n} solved at an unknown time", n),
        "status_unknown": many("{n} of unknown status", "{n} of unknown status", n),
        "solve_events": many("{n} solve", "{n} solves", n),
        "parallel": many("{n} opened beside an open one", "{n} opened beside an open one", n),
        "no_lead_in": many("{n} too near the start of the data", "{n} too near the start of the data", n),
        "promoters": many("{n} promoter", "{n} promoters", n),
        "passives": many("{n} passive", "{n} passives", n),
        "detractors": many("{n} detractor", "{n} detractors", n),
        "figures": many("{n} figure", "{n} figures", n),
        "days": many("{n} day", "{n} days", n),
        WHOLE_DAYS: many("{n} in whole days", "{n} in whole days", n),
        "days_covered": many("{n} day covered", "{n} days covered", n),
        "without_cost": many("{n} of unknown cost", "{n} of unknown cost", n),
    }
    return known.get(name) or f"{words.number(n)} {name.replace('_', ' ')}"


SAID: Mapping[str, tuple[str, ...]] = {
    "first_response_time": ("solved_unanswered", "invalid", "off_hours"),
    "resolution_time": ("invalid", "end_unknown", "status_unknown"),
    "backlog": ("status_unknown",),
    "first_contact_resolution": ("immature", "unlinkable"),
    "repeat_contact_rate": ("unlinkable", "immature", "parallel", "no_lead_in"),
    "returned_without_repeat": ("unlinkable", "immature"),
    "requesters": ("unlinkable",),
    "requesters_solved": ("unlinkable",),
    "tickets_per_requester": ("unlinkable",),
    "csat": ("invalid", "unlinkable"),
    "nps": ("invalid",),
}
"""Counts that one screen tells beside a KPI; every other KPI tells ``invalid``."""


def remarks(row: Row, words: Words) -> list[str]:
    """What a reader of the value must know: what waits, what was left out as wrong, by which date, whose figures."""
    said = [_waiting(row, words)] if row.n_open else []
    said += [
        count_words(name, row.counts[name], words)
        for name in SAID.get(row.kpi, ("invalid", "immature"))
        if row.counts.get(name)
    ]
    said += _dating(row, words)
    said += [words.gettext("whole days")] if row.counts.get(WHOLE_DAYS) else []
    return said + ([words.gettext("the export's own figures")] if row.basis == "given" else [])


def _waiting(row: Row, words: Words) -> str:
    n, many = row.n_open or 0, words.ngettext
    if row.kpi in ("first_response_time", "next_response_time"):
        return many("{n} waiting", "{n} waiting", n)
    if row.unit == "s":
        return many("{n} still open", "{n} still open", n)
    return many("{n} not decided yet", "{n} not decided yet", n)


def _dating(row: Row, words: Words) -> list[str]:
    _ = words.gettext
    if row.kpi not in ("csat", "csat_mean", "nps", "ces") or row.attribution in (None, "rated"):
        return []
    by = {"solved": _("dated by the solve"), "created": _("dated by creation")}
    return [by[row.attribution]] if row.attribution in by else []


def stat_title(stat: str, words: Words) -> str:
    """A statistic's name."""
    _ = words.gettext
    known = {
        "median": _("median"),
        "mean": _("mean"),
        "km_median": _("median, open incl."),
        "hardest_decile_mean": _("slowest 10 %, mean"),
        "rmst": _("mean within {days} days, open incl.").format(days=RMST_DAYS),
        "value": _("value"),
        "strict": _("the best answer only"),
        "dissatisfied": _("dissatisfied"),
        "net": _("net"),
        "transactional": _("within a day of a solve"),
        "relational": _("later than a day"),
        "lookback": _("looking back"),
        "lookforward": _("looking forward"),
        "customers": _("share of customers"),
        "by_customer": _("mean of customers"),
        "days_of_work": _("days of work"),
        "per_month": _("a month"),
        "per_created": _("per ticket created"),
        "per_resolved": _("per ticket solved"),
        "of_repeats": _("all repeats"),
        "worst_case": _("if all others were dissatisfied"),
        "best_case": _("if all others were satisfied"),
    }
    return known.get(stat) or stat.replace("_", " ")


def clock_words(report: Report, clock: str | None, words: Words) -> str:
    """How a line names its clock: not at all where it is the one of the report's head."""
    ours = report.method.calendar is not None
    if clock == "calendar" and ours:
        return words.gettext("24/7")
    return words.gettext("helpdesk hours") if clock == "business" and not ours else ""


def reason(row: Row) -> str:
    """Why there is no value, in the engine's words."""
    return "; ".join(row.reason or ())

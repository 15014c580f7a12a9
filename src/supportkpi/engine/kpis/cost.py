"""Cost per contact (method 2.10): costs of some days over the contacts of the same days, as exact fractions.

Costs come from the first of: the user's own figures (a month, an amount), a column of the tickets, the minutes of work
at a rate an hour. Money is never a binary fraction before the last division, and never of two currencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

import polars as pl

from supportkpi.decisions import Window
from supportkpi.engine.grouping.groups import TIMES
from supportkpi.engine.grouping.rows import Days
from supportkpi.engine.grouping.scope import NEAR, Scope, absent, covered, within
from supportkpi.engine.kpis.series import (
    buckets,
    by_channel,
    common,
    currencies,
    day_count,
    deafness,
    mixed,
    period_of,
    split,
    stretch_of,
    within_days,
)
from supportkpi.metrics import Metric
from supportkpi.periods import window as window_of
from supportkpi.report import Row, State

_COSTS = re.compile(
    r"\b(?:costs?|expens\w*|opex|spend\w*|payroll|salar\w*|wages?|budget|расход\w*|затрат\w*|стоимост\w*|издержк\w*"
    r"|себестоимост\w*|зарплат\w*|фот|бюджет\w*|gastos?|costes?|costos?|custos?|despesas?|kosten|ausgaben|couts?|depenses?)\b"
)
_WHOLE = re.compile(
    r"(?:total |все |общие |итого )?(?:support )?(?:costs?|expenses|расходы|затраты|стоимость)(?: total)?"
)
_NOT_COSTS = re.compile(
    r"\bper\b|\bза\b|\bна\b|revenue|income|sales|turnover|\bmrr\b|\barr\b|выручк|доход|продаж|прибыл|profit|refund|credit"
    r"|\bltv\b|\barpu\b|average|\bavg\b|средн|чек"
)
_IN_POPULATION = pl.col("exclusion").is_null()
_STATS = {"per_created": "created", "per_resolved": "resolved"}
_OF_REPEATS = "of_repeats"
_REPEATS, _LINKED = "repeats", "linked"  # tickets that repeat another, and those of which that can be told
_NEEDS = {"created": "created_at", "resolved": "resolved_at"}
_NO_COSTS = "no costs: give a file of month, amount, currency, or a column of costs"
_BY_SOLVE = "which tickets a person handled is not shown: solved ones stand for them"
_BY_CREATION = "neither replies nor solutions are dated: created tickets stand for handled ones"


def cost(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of costs per contact handled (or created, resolved) in the period, in total and for every breakdown."""
    figures, tickets = _costs(scope.facts.series), scope.tickets
    if figures is not None:
        yield from _from_figures(metric, scope, figures)
    elif "cost" in tickets.columns and tickets["cost"].count():
        yield from _from_tickets(metric, scope, pl.col("cost"), currency=_currency_of_tickets(scope))
    elif scope.settings.cost.rate_per_hour is not None and _minutes(tickets):
        options = scope.settings.cost
        rate = Fraction(Decimal(repr(options.rate_per_hour))) / Fraction(Decimal(repr(options.utilisation)))
        hours = pl.col("given_handle_s")
        codes = [options.currency] if options.currency is not None else []
        yield from _from_tickets(metric, scope, hours, currency=codes, rate=rate / 3600)
    else:
        lost = scope.figures is not None and _costs(scope.figures) is not None
        yield from absent(scope.frame(metric, "handled"), (deafness(scope) if lost else _NO_COSTS,))


def _minutes(tickets: pl.DataFrame) -> bool:
    return "given_handle_s" in tickets.columns and tickets["given_handle_s"].count() > 0


def _costs(series: pl.DataFrame) -> pl.DataFrame | None:
    """The figures that are costs: the one called so; else all of such names and all money that is no income."""
    names = {name: name.casefold().replace("_", " ") for name in series["name"].drop_nulls().unique().to_list()}
    paid = set(series.filter(pl.col("currency").is_not_null() | (pl.col("unit") == "money"))["name"].to_list())
    named = [name for name, text in names.items() if _COSTS.search(text) and not _NOT_COSTS.search(text)]
    whole = [name for name in named if _WHOLE.fullmatch(names[name])]
    money = [name for name in names if name in paid and not _NOT_COSTS.search(names[name])]
    chosen = whole or list(dict.fromkeys((*named, *money)))
    return series.filter(pl.col("name").is_in(chosen)) if chosen else None


# --- contacts ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contacts:
    """What counts as a contact: by denominator the columns of which one must lie in the period, and who takes part."""

    dates: Mapping[str, tuple[str, ...]]
    fits: Mapping[str, pl.Expr]
    why: tuple[str, ...]  # what stands for contacts handled, where that is not shown

    def inside(self, name: str, windows: Sequence[Window | None]) -> pl.Expr:
        """Whether a ticket is a contact of one of the windows."""
        dated = [within(column, window) for column in self.dates[name] for window in windows]
        return (_IN_POPULATION & self.fits[name] & pl.any_horizontal(dated)).fill_null(value=False)


def _contacts(scope: Scope) -> _Contacts:
    missing, columns = scope.facts.unobserved, scope.tickets.columns
    anyone = pl.lit(value=True)
    dates: dict[str, tuple[str, ...]] = {name: (date,) for name, date in _NEEDS.items() if date not in missing}
    known = "is_handled" in columns and "is_handled" not in missing and scope.tickets["is_handled"].count() > 0
    handling = tuple(date for date in ("first_agent_reply_at", "resolved_at") if date not in missing)
    fits = {"created": anyone, "resolved": anyone, "handled": anyone}
    if "is_repeat" in columns and "is_repeat" not in missing and "created" in dates:
        dates |= dict.fromkeys((_REPEATS, _LINKED), dates["created"])
        fits |= {_REPEATS: pl.col("is_repeat"), _LINKED: pl.col("is_repeat").is_not_null()}
    if known and handling:
        dates["handled"], fits["handled"] = handling, pl.col("is_handled")
        return _Contacts(dates=dates, fits=fits, why=())
    if "resolved" in dates:
        dates["handled"] = dates["resolved"]
        return _Contacts(dates=dates, fits=fits, why=(_BY_SOLVE,))
    if "created" in dates:
        dates["handled"] = dates["created"]
    return _Contacts(dates=dates, fits=fits, why=(_BY_CREATION,))


def _denominator(stat: str, scope: Scope) -> str:
    return _STATS.get(stat, scope.settings.cost.denominator)


def _attribution(stat: str, scope: Scope) -> str:
    return {"created": "created", "resolved": "solved"}.get(_denominator(stat, scope), "handled")


def _lacking(stat: str, scope: Scope, contacts: _Contacts) -> str | None:
    """Why contacts of a statistic cannot be counted."""
    name = _denominator(stat, scope)
    if stat == _OF_REPEATS and _REPEATS not in contacts.dates:
        return scope.facts.unobserved.get("is_repeat", "no dates")
    if name in contacts.dates:
        return None
    return scope.facts.unobserved.get(_NEEDS.get(name, "created_at"), "no dates")


# --- costs of a period -------------------------------------------------------------------------------------------


def _from_figures(metric: Metric, scope: Scope, figures: pl.DataFrame) -> Iterator[Row]:
    frame, codes, days = scope.frame(metric, "handled"), currencies(figures), _seen_days(figures, scope)
    if scope.deaf:
        yield from absent(frame, (deafness(scope),))
        return
    if len(codes) > 1:
        yield from absent(frame, (mixed(codes),), state=State.needs_answer)
        return
    if not days:
        yield from absent(frame, ("no day has both costs and tickets",))
        return
    for dims in scope.breakdowns:
        plain, time, strange = split(dims)
        if any(dim in TIMES for dim in strange):
            continue
        if strange or (plain and figures["channel"].null_count()):
            said = ", ".join(strange) if strange else "channel throughout"
            for stat in metric.stats:
                why = (f"the costs are not split by {said}",)
                yield frame.row(stat, dict.fromkeys(dims), n=0, state=State.not_observed, reason=why)
            continue
        whole = (days[0][0], days[-1][1])
        for label, stretch in (buckets(whole, time) if time else {"": whole}).items():
            inside = common(stretch, days)
            for key, values in _divided(metric, scope, figures, inside, plain):
                named = dict(zip(plain, key, strict=True)) | ({time: label} if time else {})
                group = {dim: named[dim] for dim in dims}
                yield from _rows(metric, scope, values, group, unit=codes[0] if codes else "money", days=inside)


def _seen_days(figures: pl.DataFrame, scope: Scope) -> list[Days]:
    """The days of the period that have costs and lie within what the tickets show."""
    period, shown = period_of(figures, scope), covered(scope.facts, None, scope.settings.timezone)
    if period is None or shown is None:
        return []
    first = period[0] if period[0] + NEAR > shown[0] else shown[0]
    last = period[1] if period[1] - NEAR < shown[1] else shown[1]
    return common((first, last), stretch_of(figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Values:
    """Costs, and contacts by denominator; ``costs`` None where none are given for the group."""

    costs: Fraction | None
    contacts: Mapping[str, int]


def _divided(
    metric: Metric, scope: Scope, figures: pl.DataFrame, days: Sequence[Days], plain: Sequence[str]
) -> Iterator[tuple[tuple[str | None, ...], _Values]]:
    """Costs and contacts of some days; apart by channel where asked."""
    costs: dict[tuple[str | None, ...], Fraction] = {}
    for stretch in days:
        for key, part in within_days(figures, stretch, plain).items():
            costs[key] = costs.get(key, Fraction()) + part.total
    counted = _counted(scope, days, plain)
    keys = {*costs, *counted} if plain else {()}
    for key in sorted(keys, key=by_channel):
        yield key, _Values(costs=costs.get(key), contacts=counted.get(key, {}))


def _counted(scope: Scope, days: Sequence[Days], plain: Sequence[str]) -> dict[tuple[str | None, ...], dict[str, int]]:
    """How many contacts of each kind some days have, by channel where asked."""
    contacts, zone = _contacts(scope), scope.settings.timezone
    windows = [window_of(f"{first}..{last}", timezone=zone) for first, last in days]
    marks = [contacts.inside(name, windows).sum().alias(name) for name in contacts.dates]
    tickets = scope.tickets
    if not marks or not windows:
        return {}
    if not plain:
        return {(): tickets.select(marks).row(0, named=True)}
    raw = [pl.col("channel_raw").str.to_lowercase()] if "channel_raw" in tickets.columns else []
    by = pl.coalesce(pl.col("channel").str.to_lowercase(), *raw).alias("channel")
    summed = tickets.group_by(by).agg(marks).to_dicts()
    return {(row.pop("channel"),): row for row in summed if any(row.values())}


def _rows(
    metric: Metric,
    scope: Scope,
    values: _Values,
    group: Mapping[str, str | None],
    *,
    unit: str,
    days: Sequence[Days],
) -> Iterator[Row]:
    contacts = _contacts(scope)
    counts = {"days": day_count([(days[0][0], days[-1][1])]), "days_covered": day_count(days)} if days else {}
    for stat in metric.stats:
        frame, name = scope.frame(metric, _attribution(stat, scope)), _denominator(stat, scope)
        if (lacking := _lacking(stat, scope, contacts)) is not None:
            yield frame.row(stat, group, n=0, state=State.not_observed, reason=(lacking,))
            continue
        n, costs = values.contacts.get(name, 0), values.costs
        repeats = values.contacts.get(_REPEATS, 0) if stat == _OF_REPEATS else None
        why = contacts.why if name == "handled" else ()
        why = (*why, "no costs are given for it") if costs is None else why
        value = float(costs / n * (1 if repeats is None else repeats)) if n and costs is not None else None
        shared: dict[str, object] = {"state": State.empty} if value is None else {}
        if costs is not None and repeats is None:
            shared["x"] = float(costs)
        beside = counts if repeats is None else counts | _over(repeats, values.contacts.get(_LINKED, 0), scope)
        yield frame.row(stat, group, n=n, value=value, counts=beside, unit=unit, reason=why or None, **shared)


def _over(repeats: int, linked: int, scope: Scope) -> dict[str, int]:
    """How many repeats there are, and how many of them are above what a target for their share allows."""
    found = {_REPEATS: repeats}
    for target in scope.settings.targets:
        if target.kpi == "repeat_contact_rate" and target.stat in (None, "lookback") and target.op in (None, "<", "<="):
            found["over_target"] = max(0, ceil(repeats - Fraction(repr(target.value)) * linked))
    return found


# --- costs of each ticket ----------------------------------------------------------------------------------------


def _currency_of_tickets(scope: Scope) -> list[str]:
    tickets = scope.tickets.filter(_IN_POPULATION & pl.col("cost").is_not_null())
    return sorted(tickets["currency"].drop_nulls().unique().to_list()) if "currency" in tickets.columns else []


def _from_tickets(
    metric: Metric, scope: Scope, amount: pl.Expr, *, currency: Sequence[str], rate: Fraction = Fraction(1)
) -> Iterator[Row]:
    """Rows of what tickets cost each; those of unknown cost stay out and are counted."""
    if len(currency) > 1:
        yield from absent(scope.frame(metric, "handled"), (mixed(currency),), state=State.needs_answer)
        return
    contacts, unit = _contacts(scope), currency[0] if currency else "money"
    tickets = scope.tickets
    for stat in metric.stats:
        frame, name = scope.frame(metric, _attribution(stat, scope)), _denominator(stat, scope)
        if (lacking := _lacking(stat, scope, contacts)) is not None:
            yield from (row for row in absent(frame, (lacking,)) if row.stat == stat)
            continue
        name = _REPEATS if stat == _OF_REPEATS else name
        dated = contacts.dates[name][-1]
        marks = tickets.select(amount=amount, inside=contacts.inside(name, [scope.window]))
        for dims in scope.breakdowns:
            groups = scope.groups("tickets", tickets, dated, dims)
            inside = marks.with_columns(code=groups.codes).filter("inside")
            sums = inside.group_by("code").agg(pl.col("amount").sum(), n=pl.col("amount").count(), all=pl.len())
            found = {
                code: (total, n, every) for code, total, n, every in sums.select("code", "amount", "n", "all").rows()
            }
            for code, label in enumerate(groups.labels):
                total, n, every = found.get(code, (0, 0, 0))
                value = float(Fraction(total) * rate / (n if stat != _OF_REPEATS else 1)) if n else None
                counts = {"without_cost": every - n}
                why = contacts.why if name == "handled" else ()
                x = {"x": float(Fraction(total) * rate)} if n and stat != _OF_REPEATS else {}
                yield frame.row(stat, label, n=n, value=value, counts=counts, unit=unit, reason=why or None, **x)

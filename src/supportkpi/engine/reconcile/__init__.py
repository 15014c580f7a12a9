"""Reconcile: the export's own minutes, counts and verdicts beside ours, ticket by ticket, and the rule between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.clocks import ledger
from supportkpi.decisions import Settings
from supportkpi.dialects import Dialect
from supportkpi.engine.reconcile.rules import Rules
from supportkpi.facts import Facts, fold, newest, population
from supportkpi.reconciliations import (
    ONLY_OURS,
    ONLY_THEIRS,
    ROUNDED,
    ROWS,
    SAME,
    UNEXPLAINED,
    Compared,
    Reason,
    Reconciliation,
)
from supportkpi.schema import GIVEN_SPANS

_GRAINS = (3600.0, 360.0, 60.0, 36.0, 1.0)
"""Whole hours, tenths of an hour, minutes, hundredths of an hour, seconds."""
_USUAL = (60.0, 1.0)
"""Those that a few figures can tell: three spans of whole hours may be just that."""
_MANY = 10
_EXACT, _MINUTE = 1e-3, 60.0
_ZONE = 1800.0
_FARTHEST = 14 * 3600.0
_SHOWN = 5
_END = "_end "
_ENOUGH = 3
_TEXTS = {
    "zone": "theirs is off by {hours} for many tickets: look at the zone of the dates (--source-tz)",
    UNEXPLAINED: "no rule that is known here gives theirs",
    ONLY_THEIRS: "ours has none: {why}",
    ONLY_OURS: "theirs is empty",
    "after_as_of": "it came after --as-of, and theirs is from the end of the export",
    "open": "the ticket is open, so that ours still runs",
    "agent_opened_left_out": "an agent opened the ticket, so that ours asks for no response",
    "reversed": "the end lies before the start, so that ours leaves it out",
    "not_shown": "the export does not show when it happened",
    "another_count": "theirs counts otherwise",
    "judged_otherwise": "judged by the dates, the limit gives the other verdict",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A figure of theirs and of ours: columns, unit, clock, and the span that it is of."""

    figure: str
    theirs: str
    ours: str
    unit: str
    clock: str | None = None
    span: str | None = None


def reconciled(facts: Facts, settings: Settings, dialect: Dialect | None) -> Reconciliation:
    """Every figure that the export carries, beside ours."""
    rules = Rules(facts=facts, settings=settings)
    tickets = _with_ends(_with_verdicts(population(facts), facts, settings), facts, settings)
    told = [_compared(pair, tickets, rules, dialect) for pair in _pairs(tickets)]
    return Reconciliation(
        figures=tuple(compared for compared, _ in told),
        rows=pl.concat([rows for _, rows in told]) if told else pl.DataFrame(schema=dict(ROWS)),
        n=tickets.height,
        dialect=dialect,
        calendar=facts.calendar,
        timezone=settings.timezone,
        inputs=facts.dataset.provenance,
        assumptions=tuple(dict.fromkeys([*facts.dataset.assumptions, *facts.assumptions])),
    )


def _with_verdicts(tickets: pl.DataFrame, facts: Facts, settings: Settings) -> pl.DataFrame:
    """The tickets with ``met_first_response``, ``met_resolution``: by the settings' service levels, else by dates."""
    if settings.sla is not None:
        clocks = ledger(facts, settings.sla).filter(pl.col("state").is_in(["met", "breached_closed", "breached_open"]))
        for timed in ("first_response", "resolution"):
            judged = (
                clocks.filter(pl.col("target") == timed).group_by("ticket_id").agg(met=(pl.col("state") == "met").all())
            )
            tickets = tickets.join(judged.rename({"met": f"met_{timed}"}), on="ticket_id", how="left")
        return tickets
    stops = {"first_response": "first_reply_at", "resolution": "resolved_at"}
    return tickets.with_columns(
        (pl.col(stop) <= pl.col(f"{timed}_due_at")).alias(f"met_{timed}")
        if f"{timed}_due_at" in tickets.columns
        else pl.lit(None, pl.Boolean).alias(f"met_{timed}")
        for timed, stop in stops.items()
    )


def _with_ends(tickets: pl.DataFrame, facts: Facts, settings: Settings) -> pl.DataFrame:
    """The tickets with what ours come to at the export's own end (``_end NAME``), where ``as_of`` lies before it."""
    end = newest(facts.dataset)
    if settings.as_of is None or end is None or settings.as_of >= end:
        return tickets
    later = replace(settings, as_of=None)
    whole = fold(facts.dataset, later)
    known = _with_verdicts(population(whole), whole, later)
    asked = pl.when("has_first_response").then(pl.col("^first_response(_business)?_s$"))
    known = known.with_columns(asked.name.keep()) if "first_response_s" in known.columns else known
    names = [pair.ours for pair in _pairs(tickets) if pair.ours in known.columns]
    ends = known.select("ticket_id", *(pl.col(name).cast(pl.Float64).alias(f"{_END}{name}") for name in names))
    return tickets.join(ends, on="ticket_id", how="left", maintain_order="left")


def _pairs(tickets: pl.DataFrame) -> Iterator[_Pair]:
    """What the export carries any of."""
    possible = [
        _Pair(
            figure=f"{span}{'_business' if clock == 'business' else ''}",
            theirs=f"given_{span}{'_business' if clock == 'business' else ''}_s",
            ours=f"{span}{'_business' if clock == 'business' else ''}_s",
            unit="s",
            clock=clock,
            span=span,
        )
        for span in GIVEN_SPANS
        for clock in ("calendar", "business")
    ]
    possible += [
        _Pair(figure=name, theirs=f"given_{name}", ours=name, unit="number") for name in ("reopens", "replies")
    ]
    possible += [
        _Pair(figure=f"sla_{timed}", theirs=f"given_sla_{timed}_met", ours=f"met_{timed}", unit="flag")
        for timed in ("first_response", "resolution")
    ]
    for pair in possible:
        if pair.theirs in tickets.columns and tickets[pair.theirs].count():
            yield pair


def _compared(
    pair: _Pair, tickets: pl.DataFrame, rules: Rules, dialect: Dialect | None
) -> tuple[Compared, pl.DataFrame]:
    rows, grain = _rows(pair, tickets)
    found, texts = _explained(pair, rows, tickets, (rules, dialect, grain))
    counts = dict(found["rule"].value_counts().iter_rows())
    plain = (SAME, ROUNDED, ONLY_THEIRS, ONLY_OURS)
    both = found.filter(pl.col("theirs").is_not_null() & pl.col("ours").is_not_null())
    alone = both.height == 0 and found["ours"].count() == 0
    compared = Compared(
        figure=pair.figure,
        unit=pair.unit,
        clock=pair.clock,
        columns=_columns(pair, rules.facts),
        n_same=counts.get(SAME, 0),
        n_rounded=counts.get(ROUNDED, 0),
        n_differ=both.filter(~pl.col("rule").is_in(plain)).height,
        n_only_theirs=found.filter(pl.col("ours").is_null()).height,
        n_only_ours=found.filter(pl.col("theirs").is_null()).height,
        theirs_median=_middle(both["theirs"]),
        ours_median=_middle(both["ours"]),
        grain=grain,
        says=_says(pair, dialect),
        ours=_lacking(pair, rules.facts) if alone else None,
        reasons=tuple(one for one in _reasons(found, texts) if not alone or one.rule in texts),
    )
    return compared, found


def _rows(pair: _Pair, tickets: pl.DataFrame) -> tuple[pl.DataFrame, float | None]:
    """Both figures of each ticket that has either, and the grain of theirs."""
    ours = pl.col(pair.ours) if pair.ours in tickets.columns else pl.lit(None)
    if pair.span == "first_response":  # of a ticket that an agent opened none is asked
        ours = pl.when("has_first_response").then(ours)
    rows = tickets.select(
        pl.lit(pair.figure).alias("figure"),
        "ticket_id",
        pl.col(pair.theirs).cast(pl.Float64).alias("theirs"),
        ours.cast(pl.Float64).alias("ours"),
    ).filter(pl.col("theirs").is_not_null() | pl.col("ours").is_not_null())
    rows = rows.with_columns(difference=pl.col("theirs") - pl.col("ours"))
    return rows, _grain(rows["theirs"]) if pair.unit == "s" else None


def _near(rows: pl.DataFrame, grain: float | None) -> float:
    """How far two figures may be apart by rounding: theirs, and ours where its instants are whole minutes."""
    if grain is None:
        return _EXACT
    return grain + (_MINUTE if rows["ours"].count() and _grain(rows["ours"]) >= _MINUTE else 0.0)


def _grain(theirs: pl.Series) -> float:
    """The largest step that all of theirs are multiples of: what they were rounded to."""
    some = theirs.drop_nulls()
    for grain in _GRAINS if len(some) >= _MANY else _USUAL:
        rest = some % grain
        if bool((pl.select(pl.min_horizontal(rest, grain - rest)).to_series() < _EXACT).all()):
            return grain
    return _EXACT


def _explained(
    pair: _Pair, rows: pl.DataFrame, tickets: pl.DataFrame, how: tuple[Rules, Dialect | None, float | None]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The rows with ``rule``, and the texts of the rules that are no fixed words."""
    rules, dialect, grain = how
    near = _near(rows, grain)
    apart = pl.col("difference").abs()
    rule = (
        pl.when(apart < _EXACT)
        .then(pl.lit(SAME))
        .when(apart < near)
        .then(pl.lit(ROUNDED))
        .when(pl.col("theirs").is_null())
        .then(pl.lit(ONLY_OURS))
    )
    rows = rows.with_columns(rule=rule)
    texts: dict[str, str] = {}
    rows = _by_end(pair, rows, tickets, near)
    if pair.span is not None:
        rows = _by_rules(pair, rows, (rules, dialect, near), texts)
        rows = _by_zone(rows, near, texts)
    rows = rows.with_columns(rule=pl.coalesce("rule", _why_missing(pair, rows, tickets)))
    rest = {"s": UNEXPLAINED, "number": "another_count", "flag": "judged_otherwise"}[pair.unit]
    return rows.with_columns(rule=pl.col("rule").fill_null(rest)).select(list(ROWS)), texts


def _by_end(pair: _Pair, rows: pl.DataFrame, tickets: pl.DataFrame, near: float) -> pl.DataFrame:
    """The rows of what came after ``as_of``: ours has it at the export's end, or has what theirs is then."""
    column = f"{_END}{pair.ours}"
    if column not in tickets.columns:
        return rows
    ends = rows.select("ticket_id").join(
        tickets.select("ticket_id", end=column), on="ticket_id", how="left", maintain_order="left"
    )["end"]
    came = pl.col("ours").is_null() & ends.is_not_null() & pl.col("theirs").is_not_null()
    moved = (ends - pl.col("ours")).abs() >= _EXACT
    theirs = (ends - pl.col("theirs")).abs() < max(near, _EXACT)
    later = (came | (moved & theirs).fill_null(value=False)) & pl.col("rule").is_null()
    return rows.with_columns(rule=pl.when(later).then(pl.lit("after_as_of")).otherwise("rule"))


def _by_rules(
    pair: _Pair, rows: pl.DataFrame, how: tuple[Rules, Dialect | None, float], texts: dict[str, str]
) -> pl.DataFrame:
    """The rows with the first rule whose figure is theirs."""
    rules, dialect, near = how
    if pair.span is None or rows["rule"].null_count() == 0:
        return rows
    first = dialect.first.get(pair.span, ()) if dialect is not None else ()
    for rule in rules.of(pair.span, pair.clock or "calendar", first):
        texts[rule.id] = rule.text
        counted = rows.select("ticket_id").join(rule.figures, on="ticket_id", how="left", maintain_order="left")["ours"]
        fits = ((pl.col("theirs") - counted).abs() < max(near, _EXACT)) & pl.col("rule").is_null()
        moved = pl.col("ours").is_null() | ((counted - pl.col("ours")).abs() >= _EXACT)
        rows = rows.with_columns(rule=pl.when(fits & moved).then(pl.lit(rule.id)).otherwise("rule"))
    return rows


def _by_zone(rows: pl.DataFrame, near: float, texts: dict[str, str]) -> pl.DataFrame:
    """Differences of the same whole number of half hours in many tickets: the dates were read in another zone."""
    step = (pl.col("difference") / _ZONE).round() * _ZONE
    off = pl.col("rule").is_null() & (step.abs() >= _ZONE) & (step.abs() <= _FARTHEST)
    off &= (pl.col("difference") - step).abs() < max(near, _EXACT)
    left = rows.filter(pl.col("rule").is_null() & pl.col("difference").is_not_null()).height
    common = rows.filter(off).select(step.alias("step")).group_by("step").len().sort("len", "step", descending=True)
    if common.is_empty() or common["len"][0] < _ENOUGH or common["len"][0] * 2 < left:
        return rows
    seconds = float(common["step"][0])
    texts["zone"] = _TEXTS["zone"].format(hours=f"{seconds / 3600:+g} h")
    return rows.with_columns(rule=pl.when(off & (step == seconds)).then(pl.lit("zone")).otherwise("rule"))


def _why_missing(pair: _Pair, rows: pl.DataFrame, tickets: pl.DataFrame) -> pl.Series:
    """Why ours has none, where theirs has."""
    wanted = [name for name in ("has_first_response", "is_resolved", f"{pair.span}_invalid") if name in tickets.columns]
    beside = rows.join(tickets.select("ticket_id", *wanted), on="ticket_id", how="left", maintain_order="left")
    missing = pl.col("ours").is_null()
    why: dict[str, pl.Expr] = {}
    if f"{pair.span}_invalid" in wanted:
        why["reversed"] = pl.col(f"{pair.span}_invalid").fill_null(value=False)
    if pair.span == "first_response" and "has_first_response" in wanted:
        why["agent_opened_left_out"] = ~pl.col("has_first_response")
    if pair.span in ("resolution", "first_resolution") and "is_resolved" in wanted:
        why["open"] = ~pl.col("is_resolved").fill_null(value=True)
    first = [pl.when(missing & holds).then(pl.lit(name)) for name, holds in why.items()]
    return beside.select(pl.coalesce(*first, pl.when(missing).then(pl.lit("not_shown"))).alias("why"))["why"]


def _reasons(rows: pl.DataFrame, texts: dict[str, str]) -> Iterator[Reason]:
    """What explains the rows that are not the same, the most frequent first; what nothing explains last."""
    told = rows.filter(~pl.col("rule").is_in([SAME, ROUNDED]))
    order = told.with_columns(size=pl.col("difference").abs().fill_null(0)).sort(
        "size", "ticket_id", descending=[True, False]
    )
    found = order.group_by("rule", maintain_order=True).agg(pl.len().alias("n"), pl.col("ticket_id").head(_SHOWN))
    for rule, n, tickets in sorted(found.iter_rows(), key=lambda one: (one[0] == UNEXPLAINED, -one[1], one[0])):
        yield Reason(rule=rule, text=texts.get(rule) or _TEXTS[rule], n=n, tickets=tuple(tickets))


def _says(pair: _Pair, dialect: Dialect | None) -> str | None:
    return dialect.says.get(pair.span or pair.figure) if dialect is not None else None


def _columns(pair: _Pair, facts: Facts) -> tuple[str, ...]:
    """The columns of the export that theirs stands in."""
    read = [column for source in facts.dataset.provenance for column in source.columns if column.field == pair.theirs]
    return tuple(dict.fromkeys(column.column for column in read))


def _lacking(pair: _Pair, facts: Facts) -> str:
    """Why there is nothing of ours to hold beside theirs."""
    if pair.clock == "business" and facts.calendar is None:
        return 'needs the working hours: --hours "mon-fri 09:00-18:00"'
    if pair.unit == "flag":
        return 'needs a limit or a deadline: --sla "first_response=4h resolution=16h"'
    wanted: Sequence[str] = (f"{pair.span}_s", pair.ours)
    return next((facts.unobserved[name] for name in wanted if name in facts.unobserved), "the export does not show it")


def _middle(values: pl.Series) -> float | None:
    found = values.median()
    return float(found) if isinstance(found, int | float) else None

"""KPIs over survey answers: satisfied share, mean score, net promoters, and how many answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from supportkpi.decisions import Csat
from supportkpi.engine.grouping.groups import Groups
from supportkpi.engine.grouping.rows import Frame
from supportkpi.engine.grouping.scope import Breakdown, Scope, absent
from supportkpi.engine.kpis.tickets import clustered, share_of_clusters
from supportkpi.engine.statistics.intervals import net_promoter, wilson
from supportkpi.metrics import Effort, MeanScore, Metric, NetShare, ResponseShare, Satisfaction, SatisfiedCount
from supportkpi.report import Row, State
from supportkpi.scales import Scale, scale
from supportkpi.schema import Extent, Sight

_DATED = "dated_at"
_NO_SCALE = "the rating scale is not known: say --csat-scale 1-5 (or binary, 1-3, 0-10)"
_TEN = 10
_OF_TEN = {"from_8": 8, "from_7": 7}
"""Other readings of a scale to ten, all in use by vendors: always counted beside the two best answers (method 2.4)."""
_SHARES = {"value": "_satisfied", "strict": "_strict", "dissatisfied": "_dissatisfied"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of one instrument, one a ticket: ``every`` with marks for what each of them counts as.

    ``reasons``: what the user must say before shares can be computed. ``scale`` None: none is known, or several are.
    """

    every: pl.DataFrame
    scale: Scale | None
    reasons: tuple[str, ...] = ()


def _instrument(metric: Metric) -> str:
    measure = metric.measure
    assert isinstance(measure, Satisfaction | NetShare | MeanScore | ResponseShare | Effort | SatisfiedCount)  # noqa: S101
    return measure.instrument


def _sent(instrument: str, scope: Scope) -> pl.DataFrame:
    """Every survey of an instrument in the period, with its place in the file, and whether it was ``_answered``."""
    fits = (pl.col("instrument") == instrument) & ~pl.col("is_excluded") & scope.inside(_DATED)
    return scope.once(
        f"sent-{instrument}",
        lambda: scope.surveys.with_row_index("_order").filter(fits).with_columns(_answered=_is_answer()),
    )


def _is_answer() -> pl.Expr:
    """A score, or words that are no score; a bare offer is neither."""
    offer = pl.col("answer").str.to_lowercase().is_in(["offered", "unoffered"]).fill_null(value=True)
    return pl.col("score").is_not_null() | ~offer


def instrument_frame(metric: Metric, scope: Scope) -> Frame:
    """What the rows of a KPI over answers share."""
    return scope.frame(metric, scope.facts.attribution.get(_instrument(metric)))


def nothing_to_say(metric: Metric, scope: Scope) -> str | None:
    """Why there is nothing to say about an instrument at all, in this whole file."""
    instrument = _instrument(metric)
    if (why := unasked(instrument, scope)) is not None:
        return why
    every = scope.surveys.filter(pl.col("instrument") == instrument)
    if scope.window is not None and every.height and every[_DATED].null_count() == every.height:
        return "no date of the answers, the solutions or the tickets: the period cannot be told"
    return None


def unasked(instrument: str, scope: Scope) -> str | None:
    """That no file holds any survey of an instrument, None where one does."""
    if (scope.facts.dataset.surveys["instrument"] == instrument).any():
        return None
    return f"no {instrument.upper()} answers: add the survey file, or name the column with --map"


def _one_each(answers: pl.DataFrame, key: str, keep: str) -> pl.DataFrame:
    """One row a key, the newest (or oldest) by date, then by place in the file; rows without a key all stay."""
    known = answers[key].drop_nulls()
    if keep == "all" or known.n_unique() == known.len():
        return answers
    ordered = answers.sort(_DATED, "_order", nulls_last=False)
    first = ordered.filter(pl.col(key).is_not_null()).unique(key, keep="last" if keep == "last" else "first")
    return pl.concat([first, ordered.filter(pl.col(key).is_null())])


def _answers(metric: Metric, scope: Scope) -> Answers:
    instrument = _instrument(metric)
    return scope.once(f"answers-{instrument}", lambda: marked(answered(instrument, scope), scope.settings.csat))


def answered(instrument: str, scope: Scope) -> pl.DataFrame:
    """The answers of an instrument in the period, several of a ticket or a customer among them."""
    return _sent(instrument, scope).filter("_answered")


def given(instrument: str, surveys: pl.DataFrame) -> pl.DataFrame:
    """The answers of an instrument whenever they were given, those of excluded tickets aside."""
    fits = (pl.col("instrument") == instrument) & ~pl.col("is_excluded") & _is_answer()
    return surveys.with_row_index("_order").filter(fits)


def last_of_ticket(answers: pl.DataFrame) -> pl.DataFrame:
    """The last answer of each ticket, and those that are of no ticket."""
    return _one_each(answers, "ticket_id", "last")


def marked(answers: pl.DataFrame, options: Csat) -> Answers:
    """Answers marked by their scale: one a ticket, ``_valid``, ``_satisfied``, ``_dissatisfied``, ``_strict``."""
    every = answers.with_columns(pl.col("scale").fill_null(pl.lit(options.scale, pl.String)))
    names = sorted(every["scale"].drop_nulls().unique().to_list())
    if every.is_empty():
        return Answers(every=_graded(every, scale("binary"), 1), scale=scale("binary"))
    if len(names) != 1 or every["scale"].null_count():
        several = f"ratings on several scales ({', '.join(names)}) are never pooled: filter with --where"
        return Answers(every=every, scale=None, reasons=(several if len(names) > 1 else _NO_SCALE,))
    bounds = scale(names[0])
    threshold = options.satisfied_from if options.satisfied_from is not None else bounds.satisfied_from
    graded = _graded(every, bounds, threshold if threshold is not None else bounds.high)
    # A score off the scale is no answer, so it never takes the place of one; it stays beside them to be counted.
    valid = _one_each(graded.filter("_valid"), "ticket_id", options.duplicates)
    every = pl.concat([valid, graded.filter(~pl.col("_valid"))])
    return Answers(every=every, scale=bounds, reasons=_threshold_unsaid(threshold, valid, bounds))


def _graded(every: pl.DataFrame, bounds: Scale, threshold: float) -> pl.DataFrame:
    score = pl.col("score")
    others = {name: score >= least for name, least in _OF_TEN.items() if bounds.high == _TEN}
    return every.with_columns(
        **others,
        _valid=score.is_between(bounds.low, bounds.high).fill_null(value=False),
        _satisfied=score >= threshold,
        _dissatisfied=score <= bounds.dissatisfied_to(threshold),
        _strict=score >= bounds.high,
    )


def _threshold_unsaid(threshold: float | None, valid: pl.DataFrame, bounds: Scale) -> tuple[str, ...]:
    """What the user must say before "satisfied" means anything on this scale."""
    if threshold is None:
        return (_both_readings(valid, bounds),)
    if bounds.low < threshold <= bounds.high:
        return ()
    why = f"csat: {{satisfied_from: {threshold:g}}} is no score above {bounds.low:g} up to {bounds.high:g}"
    return (f"{why}, and the ratings are on the scale {bounds.name}: leave it out of the config",)


def _both_readings(rated: pl.DataFrame, bounds: Scale) -> str:
    """A scale without an agreed threshold: what the two highest would give."""
    step = 1 if bounds.high <= 10 else (bounds.high - bounds.low) / 5
    readings = [
        f"{_mean(rated['score'] >= score) or 0:.1%} from {score:g}" for score in (bounds.high - step, bounds.high)
    ]
    said = " or ".join(readings)
    return f"from which score on is a customer satisfied? {said}: say csat: {{satisfied_from: …}} in the config"


def _per_group(rows: pl.DataFrame, *sums: pl.Expr) -> dict[int, dict[str, float]]:
    return {row.pop("code"): row for row in rows.group_by("code").agg(*sums).iter_rows(named=True)}


def satisfaction(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the satisfied share and its companions."""
    frame = instrument_frame(metric, scope)
    if (why := nothing_to_say(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    found = _answers(metric, scope)
    if found.reasons:
        yield from absent(frame, found.reasons, state=State.needs_answer)
        return
    for dims in scope.breakdowns:
        groups = scope.groups("csat answers", found.every, _DATED, dims)
        yield from _satisfied(frame, scope, found.every.with_columns(code=groups.codes), groups, dims)


def _satisfied(frame: Frame, scope: Scope, every: pl.DataFrame, groups: Groups, dims: Breakdown) -> Iterator[Row]:
    valid = every.filter("_valid")
    others = [name for name in _OF_TEN if name in valid.columns]
    sums = _per_group(valid, pl.len().alias("n"), *(pl.col(name).sum() for name in (*_SHARES.values(), *others)))
    invalid = _per_group(every, (~pl.col("_valid")).sum().alias("n"))
    marks = valid.select("code", *_SHARES.values(), cluster="customer", decided=True)
    each_customer = clustered(marks, *_SHARES.values())
    shares = {
        stat: share_of_clusters(each_customer.rename({column: "x"}), frame.settings.conf)
        for stat, column in _SHARES.items()
    }
    customers = _by_customer(each_customer)
    offered = _offered(scope, dims)
    for code, label in enumerate(groups.labels):
        total = sums.get(code, dict.fromkeys(("n", *_SHARES.values(), *others), 0))
        n, happy, unhappy = (int(total[name]) for name in ("n", "_satisfied", "_dissatisfied"))
        counts = {"invalid": int(invalid.get(code, {"n": 0})["n"]), "satisfied": happy}
        counts |= {"neutral": n - happy - unhappy, "dissatisfied": unhappy}
        counts |= {name: int(total[name]) for name in others}
        for stat in frame.metric.stats:
            if stat in _SHARES:
                yield frame.row(stat, label, counts=counts, **shares[stat].get(code, {"n": 0}))
            elif stat == "by_customer":
                each = customers.get(code, {"n": 0, "mean": None})
                yield frame.row(stat, label, n=int(each["n"] or 0), value=each["mean"], counts=counts)
            elif stat == "net":
                yield frame.row(stat, label, n=n, value=100 * (happy - unhappy) / n if n else None, counts=counts)
            else:
                base = offered.get(tuple(label.values())) if offered is not None else None
                yield _bound(frame, stat, label, n=n, happy=happy, base=base, counts=counts)


def _by_customer(each: pl.DataFrame) -> dict[int, dict[str, float]]:
    """code -> customers, and the mean of their own shares."""
    known = each.filter(~pl.col("single")).select("code", mean=pl.col("_satisfied") / pl.col("n"))
    # Sorted, so that the last digit goes by the shares alone, not by the order of customers in the file.
    return _per_group(known, pl.len().alias("n"), pl.col("mean").sort().mean())


def _bound(
    frame: Frame,
    stat: str,
    label: Mapping[str, str | None],
    *,
    n: int,
    happy: int,
    base: int | None,
    counts: dict[str, int],
) -> Row:
    """The share if nobody (or everybody) who did not answer were satisfied (method 2.4, csat-12)."""
    if n == 0:
        return frame.row(stat, label, n=0, counts=counts)
    if base is None or base < n:
        why = ("how many surveys were offered is not known",)
        return frame.row(stat, label, n=0, counts=counts, state=State.not_observed, reason=why)
    x = happy if stat == "worst_case" else happy + base - n
    return frame.row(stat, label, n=base, x=float(x), value=x / base, counts=counts)


def _mean(values: pl.Series) -> float | None:
    mean = values.mean()
    return float(mean) if isinstance(mean, int | float) else None


def _offered(scope: Scope, dims: Breakdown) -> dict[tuple[str | None, ...], int] | None:
    """Surveys offered in every group by its labels; as one a solved ticket where offers are not shown."""
    base = response_base(scope, "csat")
    if base is None:
        return None
    groups = scope.groups("csat base", base, _DATED, dims)
    sizes = dict(groups.codes.value_counts().iter_rows())
    return {tuple(label.values()): sizes.get(code, 0) for code, label in enumerate(groups.labels)}


def response_base(scope: Scope, instrument: str) -> pl.DataFrame | None:
    """What could have been answered, with ``_answered`` in each row; None where that is not known."""
    make = _offers if _shows_offers(scope) else _solved
    return scope.once(f"base-{instrument}", lambda: make(scope, instrument))


def _shows_offers(scope: Scope) -> bool:
    return bool(scope.facts.observes.get(Sight.offer, Extent(0)))


def _offers(scope: Scope, instrument: str) -> pl.DataFrame:
    sent = _sent(instrument, scope)
    known = sent["ticket_id"].drop_nulls()
    if known.n_unique() == known.len():
        return sent
    # Of one ticket's surveys an answered one stands for them all.
    best = sent.sort("_answered", _DATED, "_order").unique("ticket_id", keep="last", maintain_order=True)
    return pl.concat([best.filter(pl.col("ticket_id").is_not_null()), sent.filter(pl.col("ticket_id").is_null())])


def _solved(scope: Scope, instrument: str) -> pl.DataFrame | None:
    needed = ("is_resolved",) if scope.window is None else ("is_resolved", "resolved_at")
    if scope.tickets.is_empty() or any(fact in scope.facts.unobserved for fact in needed):
        return None
    rated = scope.surveys.filter((pl.col("instrument") == instrument) & _is_answer())
    fits = pl.col("exclusion").is_null() & pl.col("is_resolved").fill_null(value=False) & scope.inside("resolved_at")
    answered = pl.col("ticket_id").is_in(rated["ticket_id"].drop_nulls().implode())
    return scope.tickets.filter(fits).with_columns(_answered=answered, dated_at="resolved_at")


def response(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the share of surveys answered."""
    by_offer = _shows_offers(scope)
    frame = instrument_frame(metric, scope) if by_offer else scope.frame(metric, "solved")
    why = nothing_to_say(metric, scope)
    base = response_base(scope, _instrument(metric)) if why is None else None
    if base is None:
        yield from absent(frame, (why or "neither surveys offered nor solved tickets are shown",))
        return
    for dims in scope.breakdowns:
        groups = scope.groups("csat base", base, _DATED, dims)
        rows = base.select("_answered", code=groups.codes)
        sums = _per_group(rows, pl.len().alias("n"), pl.col("_answered").sum().alias("x"))
        for code, label in enumerate(groups.labels):
            n, x = (int(sums.get(code, {"n": 0, "x": 0})[name]) for name in ("n", "x"))
            low, high = wilson(x, n, scope.settings.conf) or (None, None)
            counts = {"offered" if by_offer else "solved": n}
            yield frame.row(
                "value", label, n=n, x=float(x), value=x / n if n else None, low=low, high=high, counts=counts
            )


def mean_score(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the mean rating; a yes/no scale has none."""
    frame = instrument_frame(metric, scope)
    if (why := nothing_to_say(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    found = _answers(metric, scope)
    if found.scale is None:
        yield from absent(frame, found.reasons, state=State.needs_answer)
        return
    if found.scale.name == "binary" and found.every.height:
        yield from absent(frame, ("a scale of good and bad has no mean",))
        return
    for dims in scope.breakdowns:
        groups = scope.groups("csat answers", found.every, _DATED, dims)
        rows = found.every.select("score", "_valid", code=groups.codes)
        means = _per_group(rows.filter("_valid"), pl.len().alias("n"), pl.col("score").mean().alias("mean"))
        invalid = _per_group(rows, (~pl.col("_valid")).sum().alias("n"))
        for code, label in enumerate(groups.labels):
            each = means.get(code, {"n": 0, "mean": None})
            counts = {"invalid": int(invalid.get(code, {"n": 0})["n"])}
            yield frame.row("value", label, n=int(each["n"] or 0), value=each["mean"], counts=counts)


def net_share(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the net promoter score: of all answers, of those soon after a solution, of the others."""
    frame = instrument_frame(metric, scope)
    if (why := nothing_to_say(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    every = promoters(_instrument(metric), scope)
    if isinstance(every, str):
        yield from absent(frame, (every,), state=State.needs_answer)
        return
    apart = every["is_transactional"].null_count() < every.height
    for stat in metric.stats:
        if stat != "value" and not apart:
            why_apart = ("needs dated answers and the customer's tickets",)
            yield frame.row(stat, {}, n=0, state=State.not_observed, reason=why_apart)
            continue
        soon = pl.col("is_transactional").fill_null(value=False)
        rows = every if stat == "value" else every.filter(soon if stat == "transactional" else ~soon)
        for dims in scope.breakdowns:
            yield from _net(frame, stat, rows, scope.groups(f"nps {stat}", rows, _DATED, dims))


def promoters(instrument: str, scope: Scope) -> pl.DataFrame | str:
    """Answers marked ``_valid``, ``_up``, ``_down``, one a customer; or why a scale is none from 0 to 10.

    Answers off the scale stay beside them to be counted.
    """
    options, answers = scope.settings.nps, answered(instrument, scope)
    scales = {name or options.scale or "0-10" for name in answers["scale"].unique().to_list()}
    if scales - {"0-10", options.scale}:
        named = ", ".join(sorted(scales))
        return f"a scale of {named} is not 0 to 10: declare nps: {{scale: 1-10}}, or leave it out"
    low, keep = (1 if "1-10" in scales else 0), ("last" if options.duplicates == "last_per_customer" else "all")
    score = pl.col("score")
    whole = ((score == score.round()) & score.is_between(low, 10)).fill_null(value=False)
    graded = answers.with_columns(_valid=whole, _up=whole & (score >= 9), _down=whole & (score <= 6))
    return pl.concat([_one_each(graded.filter("_valid"), "customer", keep), graded.filter(~pl.col("_valid"))])


def _net(frame: Frame, stat: str, rows: pl.DataFrame, groups: Groups) -> Iterator[Row]:
    marks = rows.select("_valid", "_up", "_down", code=groups.codes)
    sums = _per_group(marks, pl.len().alias("all"), *(pl.col(name).sum() for name in ("_valid", "_up", "_down")))
    for code, label in enumerate(groups.labels):
        each = sums.get(code, dict.fromkeys(("all", "_valid", "_up", "_down"), 0))
        n, up, down = (int(each[name]) for name in ("_valid", "_up", "_down"))
        counts = {"invalid": int(each["all"]) - n, "promoters": up, "passives": n - up - down, "detractors": down}
        low, high = net_promoter(up, down, n, frame.settings.conf) or (None, None)
        yield frame.row(stat, label, n=n, value=100 * (up - down) / n if n else None, low=low, high=high, counts=counts)

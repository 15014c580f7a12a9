"""KPIs over survey answers: satisfied share, mean score, net promoters, and how many answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from supportkpi.engine.intervals import net_promoter, wilson
from supportkpi.engine.rows import Frame
from supportkpi.engine.scope import Scope, absent
from supportkpi.engine.tickets import share_of
from supportkpi.metrics import MeanScore, Metric, NetShare, ResponseShare, Satisfaction
from supportkpi.report import Row, State
from supportkpi.scales import scale
from supportkpi.schema import Extent, Sight

_DATED = "dated_at"
TRANSACTIONAL = timedelta(hours=24)
"""An answer this soon after a solution is about that contact (method 2.5)."""
_SCALE_HINT = "the rating scale is not known: say --csat-scale 1-5 (or binary, 1-3, 0-10)"
_THRESHOLD_HINT = "say from which score on a customer is satisfied: csat: {{satisfied_from: {low:g}}} gives {lenient}, {high:g} gives {strict}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """The answers of one instrument in the period, one a ticket or customer, with their place on the scale."""

    offered: pl.DataFrame  # every survey sent, answered or not
    rated: pl.DataFrame  # with a score on the scale
    invalid: pl.DataFrame  # with a score off the scale
    scale: str | None
    satisfied_from: float | None
    reasons: tuple[str, ...]  # why the shares need an answer of the user first


def _instrument(metric: Metric) -> str:
    measure = metric.measure
    assert isinstance(measure, Satisfaction | NetShare | MeanScore | ResponseShare)  # noqa: S101
    return measure.instrument


def _chosen(metric: Metric, scope: Scope) -> pl.DataFrame:
    surveys = scope.surveys.with_row_index("_order")
    return surveys.filter((pl.col("instrument") == _instrument(metric)) & ~pl.col("is_excluded") & scope.inside(_DATED))


def _frame(metric: Metric, scope: Scope) -> Frame:
    return scope.frame(metric, scope.facts.attribution)


def _missing(metric: Metric, scope: Scope) -> str | None:
    """Why there is nothing to say about an instrument at all, in this whole file."""
    every = scope.facts.surveys.filter(pl.col("instrument") == _instrument(metric))
    if every.is_empty():
        return f"no {_instrument(metric).upper()} answers: add the survey file, or name the column with --map"
    if scope.window is not None and every[_DATED].null_count() == every.height:
        return "no date of the answers, the solutions or the tickets: the period cannot be told"
    return None


def _latest(answers: pl.DataFrame, key: pl.Expr, keep: str) -> pl.DataFrame:
    """One row a key, the newest (or oldest) by date, then by place in the file; rows without a key all stay."""
    if keep == "all":
        return answers
    keyed = answers.with_columns(_key=key)
    # A rating outranks the bare offer of the same survey, whichever row came later.
    ordered = keyed.sort(pl.col("score").is_not_null(), "dated_at", "_order", nulls_last=False)
    known = ordered.filter(pl.col("_key").is_not_null())
    one = known.unique("_key", keep="last" if keep == "last" else "first", maintain_order=True)
    if keep == "first":
        rated = known.filter(pl.col("score").is_not_null()).unique("_key", keep="first", maintain_order=True)
        one = pl.concat([rated, one.join(rated.select("_key"), on="_key", how="anti")])
    return pl.concat([one, ordered.filter(pl.col("_key").is_null())]).drop("_key")


def _answers(metric: Metric, scope: Scope) -> _Answers:
    options = scope.settings.csat
    offered = _latest(_chosen(metric, scope), pl.col("ticket_id"), options.duplicates)
    offered = offered.with_columns(pl.col("scale").fill_null(pl.lit(options.scale, pl.String)))
    scored = offered.filter(pl.col("score").is_not_null() | pl.col("answer").is_not_null())
    scored = scored.filter(pl.col("score").is_not_null() | ~_unanswered())
    names = scored["scale"].unique().to_list()
    if len(names) != 1 or names[0] is None:
        known = sorted(name for name in names if name is not None)
        why = (
            _SCALE_HINT
            if len(known) < 2
            else f"ratings on several scales ({', '.join(known)}) are never pooled: filter with --where"
        )
        reasons = (why,) if scored.height else ()
        return _Answers(
            offered=offered,
            rated=scored.clear(),
            invalid=scored.clear(),
            scale=None,
            satisfied_from=None,
            reasons=reasons,
        )
    found = scale(names[0])
    valid = pl.col("score").is_between(found.low, found.high).fill_null(value=False)
    rated = scored.filter(valid)
    threshold = options.satisfied_from if options.satisfied_from is not None else found.satisfied_from
    reasons = () if threshold is not None or rated.is_empty() else (_both_readings(rated, found.high),)
    return _Answers(
        offered=offered,
        rated=rated,
        invalid=scored.filter(~valid),
        scale=found.name,
        satisfied_from=threshold,
        reasons=reasons,
    )


def _unanswered() -> pl.Expr:
    return pl.col("answer").str.to_lowercase().is_in(["offered", "unoffered"]).fill_null(value=False)


def _both_readings(rated: pl.DataFrame, high: float) -> str:
    lenient, strict = (f"{(rated['score'] >= score).mean():.1%}" for score in (high - 1, high))
    return _THRESHOLD_HINT.format(low=high - 1, high=high, lenient=lenient, strict=strict)


def _codes(scope: Scope, frame: pl.DataFrame) -> Iterator[tuple[dict[str, str | None], pl.DataFrame, bool]]:
    """Every group of every breakdown with its rows; True for the total."""
    for dims in scope.breakdowns:
        groups = scope.groups(f"answers-{id(frame)}", frame, _DATED, dims)
        if not dims:
            yield {}, frame, True
            continue
        parts = frame.with_columns(code=groups.codes).partition_by("code", as_dict=True, include_key=False)
        for code, label in enumerate(groups.labels):
            if (code,) in parts:
                yield dict(label), parts[(code,)], False


def satisfaction(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the satisfied share and its companions."""
    frame = _frame(metric, scope)
    if (why := _missing(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    found = _answers(metric, scope)
    if found.reasons:
        yield from absent(frame, found.reasons, state=State.needs_answer)
        return
    threshold = found.satisfied_from if found.satisfied_from is not None else 0.0
    bounds = scale(found.scale) if found.scale else None
    every = pl.concat([found.rated.with_columns(_valid=True), found.invalid.with_columns(_valid=False)], how="vertical")
    every = every.with_columns(
        _satisfied=pl.col("score") >= threshold,
        _dissatisfied=pl.col("score") <= (bounds.dissatisfied_to(threshold) if bounds else 0.0),
        _strict=pl.col("score") >= (bounds.high if bounds else 0.0),
    )
    for label, rows, _ in _codes(scope, every):
        valid = rows.filter("_valid")
        offered = _offered(scope, label)
        for stat in metric.stats:
            yield _satisfied_row(frame, stat, label, valid, invalid=rows.height - valid.height, offered=offered)


def _satisfied_row(
    frame: Frame, stat: str, label: dict[str, str | None], valid: pl.DataFrame, *, invalid: int, offered: int | None
) -> Row:
    n, happy, unhappy = valid.height, int(valid["_satisfied"].sum()), int(valid["_dissatisfied"].sum())
    counts = {"invalid": invalid, "satisfied": happy, "neutral": n - happy - unhappy, "dissatisfied": unhappy}
    conf = frame.settings.conf
    if n == 0:
        return frame.row(stat, label, n=0, counts=counts)
    if stat in ("value", "strict", "dissatisfied"):
        success = {"value": "_satisfied", "strict": "_strict", "dissatisfied": "_dissatisfied"}[stat]
        marks = valid.select(code=pl.lit(0), decided=True, success=pl.col(success), cluster="customer")
        return frame.row(stat, label, counts=counts, **share_of(marks, conf)[0])  # type: ignore[arg-type]
    if stat == "by_customer":
        known = valid.filter(pl.col("customer").is_not_null())
        each = known.group_by("customer").agg(pl.col("_satisfied").mean())["_satisfied"]
        return frame.row(stat, label, n=each.len(), value=_mean(each), counts=counts)
    if stat == "net":
        return frame.row(stat, label, n=n, value=100 * (happy - unhappy) / n, unit="points", counts=counts)
    if offered is None or offered < n:
        why = ("how many surveys were offered is not known",)
        return frame.row(stat, label, n=0, counts=counts, state=State.not_observed, reason=why)
    bound = happy if stat == "worst_case" else happy + offered - n
    return frame.row(stat, label, n=offered, x=float(bound), value=bound / offered, counts=counts)


def _mean(values: pl.Series) -> float | None:
    mean = values.mean()
    return float(mean) if isinstance(mean, int | float) else None


def _offered(scope: Scope, label: dict[str, str | None]) -> int | None:
    """Surveys offered in a group, by the export or as one a solved ticket; None where neither is known."""
    base = _response_base(scope, "csat")
    if base is None:
        return None
    for group, rows, _ in base:
        if group == label:
            return rows.height
    return 0


def _response_base(scope: Scope, instrument: str) -> list[tuple[dict[str, str | None], pl.DataFrame, bool]] | None:
    """The groups of what could have been answered, with ``_answered`` in each row."""
    key = f"base-{instrument}"
    if key not in scope.memo:
        scope.memo[key] = _computed_base(scope, instrument)
    return scope.memo[key]  # type: ignore[return-value]


def _computed_base(scope: Scope, instrument: str) -> list[tuple[dict[str, str | None], pl.DataFrame, bool]] | None:
    if scope.facts.observes.get(Sight.offer, Extent(0)):
        surveys = scope.surveys.with_row_index("_order")
        mine = surveys.filter((pl.col("instrument") == instrument) & ~pl.col("is_excluded") & scope.inside(_DATED))
        offered = _latest(mine, pl.col("ticket_id"), "last").with_columns(_answered=pl.col("score").is_not_null())
        return list(_codes(scope, offered))
    if "is_resolved" in scope.facts.unobserved or scope.tickets.is_empty():
        return None
    rated = scope.surveys.filter((pl.col("instrument") == instrument) & pl.col("score").is_not_null())
    solved = scope.tickets.filter(
        pl.col("exclusion").is_null() & pl.col("is_resolved").fill_null(value=False) & scope.inside("resolved_at")
    )
    answered = rated.select("ticket_id").unique().with_columns(_answered=True)
    base = solved.join(answered, on="ticket_id", how="left", maintain_order="left")
    base = base.with_columns(pl.col("_answered").fill_null(value=False), dated_at="resolved_at")
    return list(_codes(scope, base))


def response(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the share of surveys answered."""
    by_offer = bool(scope.facts.observes.get(Sight.offer, Extent(0)))
    frame = scope.frame(metric, scope.facts.attribution if by_offer else "solved")
    base = None if (why := _missing(metric, scope)) is not None else _response_base(scope, _instrument(metric))
    if base is None:
        yield from absent(frame, (why or "neither surveys offered nor solved tickets are shown",))
        return
    for label, rows, _ in base:
        n, x = rows.height, int(rows["_answered"].sum())
        low, high = wilson(x, n, scope.settings.conf) or (None, None)
        counts = {"offered": n} if by_offer else {"solved": n}
        yield frame.row("value", label, n=n, x=float(x), value=x / n if n else None, low=low, high=high, counts=counts)


def mean_score(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the mean rating; a yes/no scale has none."""
    frame = _frame(metric, scope)
    if (why := _missing(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    found = _answers(metric, scope)
    if found.scale is None and found.reasons:
        yield from absent(frame, found.reasons, state=State.needs_answer)
        return
    if found.scale == "binary":
        yield from absent(frame, ("a scale of good and bad has no mean",))
        return
    every = pl.concat([found.rated.with_columns(_valid=True), found.invalid.with_columns(_valid=False)])
    for label, rows, _ in _codes(scope, every):
        valid = rows.filter("_valid")
        counts = {"invalid": rows.height - valid.height}
        yield frame.row("value", label, n=valid.height, value=_mean(valid["score"]), counts=counts)


def net_share(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the net promoter score: of all answers, of those soon after a solution, of the others."""
    frame = _frame(metric, scope)
    if (why := _missing(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    options = scope.settings.nps
    last = "last" if options.duplicates == "last_per_customer" else "all"
    scored = _chosen(metric, scope).filter(
        pl.col("score").is_not_null() | (pl.col("answer").is_not_null() & ~_unanswered())
    )
    scales = {name or options.scale or "0-10" for name in scored["scale"].unique().to_list()}
    if scales - {"0-10", options.scale}:
        yield from absent(
            frame,
            (f"the scale {', '.join(sorted(scales))} has no zero: declare nps: {{scale: 1-10}}, or leave it out",),
            state=State.needs_answer,
        )
        return
    low = 1 if "1-10" in scales else 0
    whole = (pl.col("score") == pl.col("score").round()) & pl.col("score").is_between(low, 10)
    marked = scored.with_columns(_valid=whole.fill_null(value=False))
    kept = _latest(marked.filter("_valid"), pl.col("customer"), last)
    every = pl.concat([kept, marked.filter(~pl.col("_valid"))])
    streams = _streamed(every, scope)
    for stat in metric.stats:
        if stat != "value" and streams is None:
            why_not = ("needs dated answers and the customer's tickets",)
            yield frame.row(stat, {}, n=0, state=State.not_observed, reason=why_not)
            continue
        rows = every if stat == "value" or streams is None else every.filter(streams == (stat == "transactional"))
        for label, part, _ in _codes(scope, rows):
            yield _promoters(frame, stat, label, part)


def _promoters(frame: Frame, stat: str, label: dict[str, str | None], part: pl.DataFrame) -> Row:
    valid = part.filter("_valid")["score"]
    n, up, down = valid.len(), int((valid >= 9).sum()), int((valid <= 6).sum())
    counts = {"invalid": part.height - n, "promoters": up, "passives": n - up - down, "detractors": down}
    low, high = net_promoter(up, down, n, frame.settings.conf) or (None, None)
    return frame.row(stat, label, n=n, value=100 * (up - down) / n if n else None, low=low, high=high, counts=counts)


def _streamed(answers: pl.DataFrame, scope: Scope) -> pl.Series | None:
    """Whether each answer came within a day of the customer's last solution; None where that cannot be told."""
    solved = (
        scope.facts.tickets.filter(pl.col("exclusion").is_null())
        .select(_who=pl.col("requester_id").str.to_lowercase(), _solved_at="resolved_at")
        .drop_nulls()
    )
    asked = answers.with_row_index("_row").select("_row", "at", _who="customer")
    if solved.is_empty() or asked["at"].null_count() == asked.height or asked["_who"].null_count() == asked.height:
        return None
    dated = asked.drop_nulls().sort("at")
    last = dated.join_asof(
        solved.sort("_solved_at"),
        left_on="at",
        right_on="_solved_at",
        by="_who",
        strategy="backward",
        check_sortedness=False,
    )
    soon = last.filter(pl.col("at") - pl.col("_solved_at") <= TRANSACTIONAL)
    return asked["_row"].is_in(soon["_row"].implode())

"""The customer effort score (method 2.6): which answers are easy goes by the version of the question and its scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.decisions import Ces
from supportkpi.engine.grouping.groups import Groups
from supportkpi.engine.grouping.rows import Frame
from supportkpi.engine.grouping.scope import Scope, absent
from supportkpi.engine.kpis.ratings import answered, instrument_frame, last_of_ticket, nothing_to_say
from supportkpi.engine.kpis.tickets import share_of
from supportkpi.engine.statistics.intervals import net_promoter
from supportkpi.metrics import Metric
from supportkpi.report import Row, State
from supportkpi.scales import Scale, scale

_TELLING = 30
"""Answers from which on the ends of the scale that occur tell what it is."""
_USUAL = {"2.0": "1-7", "1.0": "1-5"}
_TOP_TWO = "1-7"
"""The scale whose net takes the two best answers, not all on the easy side (method 2.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ease:
    """How an effort question is read: its scale, whether high scores are easy (2.0) or hard (1.0), and from where on.

    ``easy_from`` and ``hard_to`` None: on either side of the middle.
    """

    scale: Scale
    is_high_easy: bool
    easy_from: float | None = None
    hard_to: float | None = None

    @property
    def middle(self) -> float:
        """The score that is neither easy nor hard, where nothing else is said."""
        return (self.scale.low + self.scale.high) / 2

    def marks(self) -> dict[str, pl.Expr]:
        """``_valid``, ``_easy`` (value), ``_easiest`` (net) and ``_hard``, from the column score."""
        score, up = pl.col("score"), self.is_high_easy
        easy, hard = self._beyond(self.easy_from, upwards=up), self._beyond(self.hard_to, upwards=not up)
        best = score >= self.scale.high - 1 if up else score <= self.scale.low + 1
        on_scale = score.is_between(self.scale.low, self.scale.high).fill_null(value=False)
        return {
            "_valid": on_scale,
            "_easy": on_scale & easy,
            "_easiest": on_scale & (best if self.scale.name == _TOP_TWO and self.easy_from is None else easy),
            "_hard": on_scale & hard,
        }

    def _beyond(self, edge: float | None, *, upwards: bool) -> pl.Expr:
        score = pl.col("score")
        if edge is None:
            return score > self.middle if upwards else score < self.middle
        return score >= edge if upwards else score <= edge

    def is_apart(self) -> bool:
        """Whether no score is both easy and hard, and both edges are scores of the scale."""
        edges = [self.middle if edge is None else edge for edge in (self.hard_to, self.easy_from)]
        low, high = edges if self.is_high_easy else edges[::-1]
        both = self.easy_from is not None and self.easy_from == self.hard_to
        return self.scale.low <= low <= high <= self.scale.high and not both


def effort(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the share, the mean and the net of the answers to an effort question."""
    frame = instrument_frame(metric, scope)
    if (why := nothing_to_say(metric, scope)) is not None:
        yield from absent(frame, (why,))
        return
    answers = answered("ces", scope)
    read = reading(answers, scope.settings.ces)
    if isinstance(read, str):
        yield from absent(frame, (read,), state=State.needs_answer)
        return
    marked = answers.with_columns(**read.marks())
    every = pl.concat([last_of_ticket(marked.filter("_valid")), marked.filter(~pl.col("_valid"))])
    for dims in scope.breakdowns:
        yield from _rows(frame, every, scope.groups("ces answers", every, "dated_at", dims), read)


def _rows(frame: Frame, every: pl.DataFrame, groups: Groups, read: Ease) -> Iterator[Row]:
    coded = every.with_columns(code=groups.codes)
    valid = coded.filter("_valid")
    shares = share_of(valid.select("code", success="_easy", cluster="customer", decided=True), frame.settings.conf)
    sums = coded.group_by("code").agg(
        *(pl.col(name).sum() for name in ("_valid", "_easy", "_easiest", "_hard")),
        pl.len().alias("all"),
        pl.when("_valid").then("score").sort().sum().alias("score"),
    )
    found = {row.pop("code"): row for row in sums.iter_rows(named=True)}
    # Of effort a low mean is good, whatever way a target points.
    by_mean = frame if read.is_high_easy else replace(frame, metric=replace(frame.metric, direction="lower"))
    for code, label in enumerate(groups.labels):
        mine = found.get(code, dict.fromkeys(("_valid", "_easy", "_easiest", "_hard", "all", "score"), 0))
        n, easy, best, hard = (int(mine[name]) for name in ("_valid", "_easy", "_easiest", "_hard"))
        counts = {"invalid": int(mine["all"]) - n, "easy": easy, "neutral": n - easy - hard, "hard": hard}
        yield frame.row("value", label, counts=counts, **shares.get(code, {"n": 0, "x": 0.0}))
        yield by_mean.row("mean", label, n=n, value=mine["score"] / n if n else None, counts=counts)
        low, high = net_promoter(best, hard, n, frame.settings.conf) or (None, None)
        net = 100 * (best - hard) / n if n else None
        yield frame.row("net", label, n=n, value=net, low=low, high=high, counts=counts)


def reading(answers: pl.DataFrame, options: Ces) -> Ease | str:
    """How the answers are read, or what the user must say first: the direction is never guessed (method 2.6).

    The scale is that of the answers, else of the config, else the usual one of version 1.0 where that is declared, else
    1-7 where both its ends occur and nothing outside. On 1-7 high is easy unless version 1.0 is declared.
    """
    known = answers["scale"].fill_null(options.scale) if options.scale else answers["scale"]
    names = sorted(known.drop_nulls().unique().to_list())
    if len(names) > 1:
        return f"answers on several scales ({', '.join(names)}) are never pooled: filter with --where"
    if names and known.null_count():
        return _which_scale(answers)
    if options.scale is not None and names and names[0] != options.scale:
        return f"the answers are on the scale {names[0]}, not on {options.scale}: leave ces: scale out of the config"
    name = names[0] if names else _USUAL["1.0"] if options.version == "1.0" else _by_ends(answers)
    if name is None and answers["score"].null_count() < answers.height:
        return _which_scale(answers)
    name = name or _USUAL["2.0"]
    if options.version == "2.0" and options.scale is None and name != _USUAL["2.0"]:
        low, _, high = name.partition("-")
        return (
            f'which end of {low} to {high} is easy? Say ces: {{version: "2.0", scale: {name}}} in the config where '
            f'{high} agrees that it was easy, ces: {{version: "1.0", scale: {name}}} where {high} is much effort'
        )
    high = options.version == "2.0"
    read = Ease(scale=scale(name), is_high_easy=high, easy_from=options.easy_from, hard_to=options.hard_to)
    return read if read.is_apart() else _crossed(read)


def _crossed(read: Ease) -> str:
    """Scores that would count twice, or that the scale does not have."""
    low, high = ("hard_to", "easy_from") if read.is_high_easy else ("easy_from", "hard_to")
    said = (
        f"{name}: {edge:g}"
        for name, edge in (("easy_from", read.easy_from), ("hard_to", read.hard_to))
        if edge is not None
    )
    return (
        f"ces: {{{', '.join(said)}}} does not fit the scale {read.scale.name}: both are scores of it, {low} below "
        f"{high}; for one that is not said stands {read.middle:g}"
    )


def _by_ends(answers: pl.DataFrame) -> str | None:
    scores = answers["score"].drop_nulls()
    whole = bool((scores == scores.round()).all())
    return _USUAL["2.0"] if len(scores) >= _TELLING and whole and (scores.min(), scores.max()) == (1, 7) else None


def _which_scale(answers: pl.DataFrame) -> str:
    scores = answers["score"].drop_nulls()
    low, high = scores.min(), scores.max()
    seen = f" (answers from {low:g} to {high:g})" if isinstance(low, float) and isinstance(high, float) else ""
    return (
        f'the scale of the effort question is not known{seen}: say ces: {{version: "2.0", scale: 1-7}} in the config '
        'where a high score is easy, ces: {version: "1.0", scale: 1-5} where it is much effort'
    )

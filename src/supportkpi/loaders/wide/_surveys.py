"""Ratings to the SURVEYS frame: from the columns of a ticket table, or from a file of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl
import polars.selectors as cs

from supportkpi.decisions import Reading
from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.mapping._fields import Sort
from supportkpi.loaders.mapping._vocabulary import plain
from supportkpi.loaders.values._anchors import is_no_answer, is_turned
from supportkpi.loaders.values._rating_words import UNDECIDED, UNOFFERED
from supportkpi.loaders.values._ratings import satisfied_from, strays
from supportkpi.loaders.values._values import ScaleGuess, guess_scale, score
from supportkpi.loaders.wide._answers import answering
from supportkpi.loaders.wide._coded import by_word, once_a_word
from supportkpi.loaders.wide._collect import kept
from supportkpi.loaders.wide._settle import Settled
from supportkpi.scales import scale
from supportkpi.schema import SURVEYS, Extent, Sight

_OFFERED, _UNOFFERED = frozenset(("offered",)) | UNDECIDED, UNOFFERED
_READ = ("rated_at", "offered_at", "ticket_id", "requester_id", "assignee_id")
_ENOUGH = 50_000
"""Answers of one word that a guess of the scale needs to see at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """How a rating column is read: its scale, the score of each of its words, the words that are no answer."""

    claim: Claim
    guess: ScaleGuess
    scores: Mapping[str, float]
    offered: frozenset[str]
    unoffered: frozenset[str]
    unused: str | None = None  # a scale that was asked for, where the answers are words of another
    turned: bool = False  # 1 is the best answer: scores are mirrored, so that a high one is good
    mine: pl.Expr | None = None  # the rows that answer this question, where a file mixes several

    @property
    def assumption(self) -> str | None:
        """The sentence about a scale that only the values told, that they gainsay, or that no source confirms."""
        if self.unused is not None:
            return f"{self.claim.column}: the answers are words of the scale {self.guess.scale}, not of {self.unused}"
        if self.turned:
            fits = ', and effort is read as version "2.0"' if self.claim.field == "ces" else ""
            return f"{self.claim.column}: low numbers are the good ones; scores are turned round, high is good{fits}"
        if self.guess.basis == "values":
            return f"{self.claim.column}: {self.guess.reason}"
        stated = self.claim.rating.assumed if self.claim.rating is not None and self.scores else ""
        return f"{self.claim.column}: {stated}" if stated else None


def rate(frame: pl.DataFrame, settled: Settled, reading: Reading) -> tuple[Rated, ...]:
    """A reading for each rating column of a table's rows."""
    rated = []
    for claim in settled.claims:
        if claim.sort is Sort.score:
            mine = answering(claim, frame)
            words = frame[claim.field] if mine is None else frame.filter(mine)[claim.field]
            if mine is None or len(words):
                rated.append(replace(_rated(words, claim, reading), mine=mine))
    return tuple(rated)


def _rated(words: pl.Series, claim: Claim, reading: Reading) -> Rated:
    rating = claim.rating
    counts = words.value_counts(name="rows").drop_nulls().with_columns(pl.col(words.name).cast(pl.String))
    offered = _OFFERED | {plain(word) for word in (rating.offered if rating else ())}
    unoffered = _UNOFFERED | {plain(word) for word in (rating.unoffered if rating else ())}
    distinct = [word for word in counts[words.name].to_list() if plain(word) not in offered | unoffered]
    if rating is None or not rating.answers:
        unoffered |= (none := strays(distinct))
        distinct = [word for word in distinct if word not in none]
    table = {plain(word): value for word, value in (rating.answers if rating else {}).items()}
    fits = not table or not distinct or any(plain(word) in table for word in distinct)
    stated = rating.scale if rating is not None and fits else None
    asked = reading.csat_scale if claim.field == "csat" else None
    worded = bool(table) and stated is not None and bool(distinct)  # the mapping says what each of the words is worth
    stated = stated if worded or asked is None else asked
    answers = counts.filter(pl.col(words.name).is_in(distinct)).select(
        pl.col(words.name).repeat_by(pl.min_horizontal("rows", pl.lit(_ENOUGH, pl.UInt32))).explode()
    )
    guess = _guess(answers.to_series(), claim, stated)
    if worded and stated is not None and guess.scale != stated:  # its words are worth what the mapping says
        guess = ScaleGuess(scale=stated, basis="stated", satisfied_from=satisfied_from(stated))
    numbers = pl.Series("word", distinct, dtype=pl.String).to_frame().select(score(pl.col("word"), guess)).to_series()
    scores = {
        word: table.get(plain(word), number)
        for word, number in zip(distinct, numbers.to_list(), strict=True)
        if table.get(plain(word), number) is not None
    }
    unused = asked if guess.scale != asked else None
    none = frozenset(word for word in distinct if is_no_answer(word) or _is_below(scores.get(word), guess))
    turned = not table and not guess.words and _is_turned(claim, distinct)
    return Rated(
        claim=claim,
        guess=guess,
        scores={word: _placed(value, guess, turned=turned) for word, value in scores.items() if word not in none},
        offered=offered,
        unoffered=unoffered | {plain(word) for word in none},
        unused=unused,
        turned=turned and guess.scale is not None,
    )


def _is_below(value: float | None, guess: ScaleGuess) -> bool:
    """Whether an answer is the nought that systems write where nobody answered, on a scale that begins at one."""
    return value == 0 and guess.scale is not None and scale(guess.scale).low >= 1


def _is_turned(claim: Claim, distinct: list[str]) -> bool:
    if claim.rating is not None and claim.rating.turned:
        return True
    return claim.field != "nps" and is_turned(claim.column, distinct)


def _placed(value: float, guess: ScaleGuess, *, turned: bool) -> float:
    """The score with the good end of its scale on top; one that is not on the scale stays, to be counted."""
    if guess.scale is None or not turned:
        return value
    ends = scale(guess.scale)
    return ends.low + ends.high - value if ends.low <= value <= ends.high else value


def _guess(answers: pl.Series, claim: Claim, stated: str | None) -> ScaleGuess:
    found = guess_scale(answers, claim.column, stated)
    if claim.field == "csat" or found.basis in ("stated", "header"):
        return found
    agrees = claim.field == "ces" and found.words.get("agree") is not None  # effort is asked for as a statement
    # Beside that only satisfaction has scales that speak for themselves.
    return ScaleGuess(scale=found.scale if agrees else None, words=found.words)


def surveys_of(frame: pl.DataFrame, rated: tuple[Rated, ...], *, alone: bool) -> pl.DataFrame:
    """One row an answer or an offer; ``alone``: the rows are answers, so an empty one is an offer without answer."""
    parts = [_one(frame, reading, alone=alone) for reading in rated]
    return pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema=dict(SURVEYS))


def _one(frame: pl.DataFrame, rated: Rated, *, alone: bool) -> pl.DataFrame:
    rows = _answered(frame, rated, alone=alone)
    words = rows[rated.claim.field]

    def said(answers: pl.Series) -> pl.Series:
        asked = [word for word in answers.drop_nulls().unique().to_list() if plain(word) in rated.offered]
        return answers.set(answers.is_in(asked).fill_null(value=False), "offered")

    made: dict[str, pl.Expr | pl.Series] = {
        "instrument": pl.lit(rated.claim.field, SURVEYS["instrument"]),
        "at": _column(rows, "rated_at", "at"),
        "ticket_id": _column(rows, "ticket_id", "ticket_id"),
        "respondent_id": _column(rows, "requester_id", "respondent_id"),
        "score": by_word(words, rated.scores, SURVEYS["score"]),
        "answer": once_a_word(words, said),
        "scale": pl.lit(rated.guess.scale, pl.String),
        "offered_at": _column(rows, "offered_at", "offered_at"),
        "agent_id": _column(rows, "assignee_id", "agent_id"),
    }
    extra = [pl.col(name) for name in rows.columns if name.startswith(kept(""))] if alone else []
    return rows.select(*(value.alias(name) for name, value in made.items()), *extra)


def _answered(frame: pl.DataFrame, rated: Rated, *, alone: bool) -> pl.DataFrame:
    """The rows that are answers or offers of a rating, with no more columns of the tickets than surveys have."""
    words = frame[rated.claim.field]

    def none(answers: pl.Series) -> pl.Series:
        unoffered = [word for word in answers.drop_nulls().unique().to_list() if plain(word) in rated.unoffered]
        return answers.is_in(unoffered)

    counts = ~once_a_word(words, none).fill_null(value=False) & (words.is_not_null() | alone)
    if rated.mine is not None:
        counts &= frame.select(mine=rated.mine)["mine"]
    return (frame if alone else frame.select(cs.by_name(*_READ, rated.claim.field, require_all=False))).filter(counts)


def _column(rows: pl.DataFrame, name: str, canonical: str) -> pl.Expr:
    return pl.col(name) if name in rows.columns else pl.lit(None, SURVEYS[canonical])


def _answers(frame: pl.DataFrame, reading: Rated) -> pl.Series:
    rows = frame if reading.mine is None else frame.filter(reading.mine)
    return rows[reading.claim.field]


def shown(frame: pl.DataFrame, rated: tuple[Rated, ...], *, alone: bool) -> dict[Sight, Extent]:
    """What rating columns show: the ratings, and who was asked where the export says so."""
    if not rated:
        return {}
    extent = Extent.EVERY if alone else Extent.LAST
    seen = {Sight.rating: extent}
    # Offers are only ever asked about for satisfaction; blanks of another survey must not speak for it.
    csat = [reading for reading in rated if reading.claim.field == "csat"]
    tells = any(reading.claim.rating is not None and reading.claim.rating.offered for reading in csat)
    # A blank in a form says that somebody skipped the question, not that nobody answered when asked.
    blank = alone and any(_answers(frame, one).null_count() for one in csat if one.claim.rating is None)
    if csat and (tells or blank or "offered_at" in frame.columns):
        seen[Sight.offer] = Extent.EVERY
    return seen

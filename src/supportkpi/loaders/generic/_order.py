"""Which of several headers for one field comes first: names before numbers, ids before names, times before days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.errors import DataContradictory, DatesAmbiguous
from supportkpi.loaders.generic._checks import check, is_answered
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.values._dates import choose_dates
from supportkpi.loaders.wide._sample import Sample

_CODES = ("status", "priority", "channel")
_NEAR = 15.0
"""How much worse a header may be whose words are understood."""
_IDENTIFYING = frozenset(("id", "email", "e", "mail", "почта", "correo", "uuid", "uid"))
_NAMING = frozenset(("name", "имя", "фио", "nombre", "nome", "nom", "full"))
_STEM, _FEW, _FULL, _MOST = 5, 0.2, 0.9, 1.5
"""Letters that cases and numbers leave alone; shares of names with digits, of names with an id, ids a name."""
_DATED = ("created_at", "first_reply_at", "solved_at", "closed_at")
_CLOCK = r"\d:\d{2}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A field that a column might stand for, and how well its header says so."""

    score: float
    field: str
    column: str
    place: int


def in_order(bids: Sequence[Bid], sample: Sample) -> list[Bid]:
    """The bids, the best first, where what stands beside a column says more than its header."""
    found = _scores_before_words(_words_before_numbers(bids, sample), sample)
    return _times_before_days(_ids_before_names(found, sample), sample)


def _words_before_numbers(bids: Sequence[Bid], sample: Sample) -> list[Bid]:
    """The bids, the name of a status, priority or channel before its number that stands beside it."""
    ordered = list(bids)
    for field in _CODES:
        own = [bid for bid in ordered if bid.field == field]
        near = [bid for bid in own if bid.score >= own[0].score - _NEAR or _parent(bid) == _parent(own[0]) != ""]
        clear = next((bid for bid in near if _is_understood(bid, sample)), None)
        if clear is not None and clear is not own[0]:
            ordered.remove(clear)
            ordered.insert(ordered.index(own[0]), clear)
    return ordered


def _ids_before_names(bids: Sequence[Bid], sample: Sample) -> list[Bid]:
    """The bids, a customer's id or address before the name of the same customer: two may have one name."""
    own = [bid for bid in bids if bid.field == "requester_id"]
    if not own or not _IDENTIFYING.isdisjoint(folded(own[0].column).split()):
        return [*bids]
    whose = _whose(own[0].column)
    near = [bid for bid in own[1:] if not _IDENTIFYING.isdisjoint(folded(bid.column).split())]
    found = next((bid for bid in near if _whose(bid.column) <= whose and _tells_more(bid, own[0], sample)), None)
    return [*bids] if found is None else [found, *(bid for bid in bids if bid is not found)]


def _whose(column: str) -> frozenset[str]:
    """How the words of a header begin that are not for an id, an address or a name."""
    words = frozenset(folded(column).split()) - _IDENTIFYING - _NAMING
    return frozenset(word[:_STEM] for word in words if len(word) >= _STEM)


def _tells_more(bid: Bid, name: Bid, sample: Sample) -> bool:
    """Whether a column tells the people apart that another has the names of: as full, and one or more for each name."""
    pair = pl.DataFrame({"id": sample.words(bid.column), "name": sample.words(name.column)})
    names = pair["name"].drop_nulls()
    unnamed = names.str.contains(r"[@\d]").sum()
    if not len(names) or unnamed > _FEW * len(names) or sample.filled(bid.column) < _FULL * len(names) / len(pair):
        return False
    people, ids, pairs = names.n_unique(), pair["id"].drop_nulls().n_unique(), pair.drop_nulls().n_unique()
    return ids >= _FULL * people and pairs <= _MOST * people


def _parent(bid: Bid) -> str:
    return bid.column.rpartition(".")[0]


def _is_understood(bid: Bid, sample: Sample) -> bool:
    found = check(bid.field, bid.column, sample)
    return found is not None and found.sure


def _scores_before_words(bids: Sequence[Bid], sample: Sample) -> list[Bid]:
    """The bids, a rating in numbers or known words before a column whose words rate nothing: "Resolved", "n/a"."""
    own = [bid for bid in bids if bid.field == "csat"]
    if not own or is_answered(sample.words(own[0].column)):
        return [*bids]
    found = next((bid for bid in own if is_answered(sample.words(bid.column))), None)
    return [*bids] if found is None else [found, *(bid for bid in bids if bid is not found)]


def _times_before_days(bids: Sequence[Bid], sample: Sample) -> list[Bid]:
    """The bids, of two dates of one thing the one with the time of the day before the one without, on the same days."""
    ordered = list(bids)
    for field in _DATED:
        own = [bid for bid in ordered if bid.field == field]
        if not own or not _is_day_only(sample, own[0]):
            continue
        near = (bid for bid in own[1:] if bid.score >= own[0].score - _NEAR)
        timed = next((bid for bid in near if _is_same_day(sample, own[0], bid)), None)
        if timed is not None:
            ordered.remove(timed)
            ordered.insert(ordered.index(own[0]), timed)
    return ordered


def _is_day_only(sample: Sample, bid: Bid) -> bool:
    present = sample.words(bid.column).drop_nulls()
    return bool(len(present)) and not present.str.contains(":", literal=True).any()


def _is_same_day(sample: Sample, days: Bid, timed: Bid) -> bool:
    """Whether a column has times, and in nearly every row the day that the other says."""
    present = sample.words(timed.column).drop_nulls()
    if not len(present) or not present.str.contains(_CLOCK).all():
        return False
    read = [_days(sample, bid.column) for bid in (days, timed)]
    if read[0] is None or read[1] is None:
        return False
    same = (read[0] == read[1]).drop_nulls()
    return bool(len(same)) and 2 * len(same) >= len(present) and int(same.sum()) >= _FULL * len(same)


def _days(sample: Sample, column: str) -> pl.Series | None:
    cells = sample.dated(column)
    try:
        reading = choose_dates(cells, header=column, zone="UTC", dayfirst=True)
    except (DatesAmbiguous, DataContradictory):
        return None
    if reading is None:
        return None
    return cells.alias("v").to_frame().select(reading.parse(pl.col("v")).dt.date()).to_series()

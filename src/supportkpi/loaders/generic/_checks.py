"""Whether the values of a column are what its header promises: the second half of every generic guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from supportkpi.errors import DataContradictory, DatesAmbiguous
from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.generic._verdicts import NO, TURNED, YES, undecided, verdicts
from supportkpi.loaders.mapping._fields import FIELDS, PROMISED, Sort
from supportkpi.loaders.mapping._vocabulary import channel_of, plain, priority_of, status_of
from supportkpi.loaders.values._dates import choose_dates
from supportkpi.loaders.values._rating_words import KNOWN
from supportkpi.loaders.values._spans import choose_spans
from supportkpi.loaders.values._values import boolean, decimal_mark, number, score
from supportkpi.loaders.wide._sample import Sample

_MOST_WORDS = {"status": 80, "priority": 30, "channel": 80, "tier": 50, "language": 100, "currency": 50}
_LONGEST = 60
_MOSTLY = 0.9
_SORTS_OF = frozenset(("category", "region", "tier"))
"""Words that sort tickets: where most rows have one of their own, it is a subject or an address."""
_LEFT = 0.05
"""Share of negative durations from which on they are the time that is left of a target."""
_CUSTOM = re.compile(
    r"^(?:custom field|campo personalizado|champ personnalis|benutzerdefiniert|(?:пользовательское|настраиваемое) поле)"
)
"""Jira's own fields: the "Time to …" among them is what is left of an SLA, not what it took."""
_ENOUGH = 10
_FEW_PROMISES, _MOST_PROMISES = 6, 24
"""Different times that are promised to the tickets of a small table, and of any."""
_FEW_WORDS = 30
_MOST_STATES = 12
_PLACE = r"^[A-Z]{2,3}$"
_CALL_ENDS = frozenset(
    (
        *("answered", "abandoned", "missed", "no answer", "noanswer", "not answered", "unanswered", "busy"),
        *("voicemail", "voice mail", "failed", "dropped", "disconnected", "transferred", "hang up", "hangup", "lost"),
        *("connected", "отвечен", "отвечено", "пропущен", "пропущено", "не отвечен", "неотвечен", "занято"),
        *("потерян", "нет ответа", "принятый", "пропущенный", "принят", "принята", "успешный", "неуспешный"),
        *("потерянный", "отвеченный", "неотвеченный", "completed", "abandon", "short abandoned"),
    )
)
_CUT_OFF = r"^(?:abandoned|missed|unanswered|not answered|abandonada|perdida)\b"
"""Calls that ended "abandoned_in_queue" are among those that ended in other ways."""
"""How a call ended: an abandoned one is no closed ticket."""
_PLACES = frozenset(
    (
        *("city", "country", "county", "zip", "zip code", "zipcode", "postal code", "postcode", "province", "cidade"),
        *("municipio", "bairro", "cep", "uf", "ciudad", "pais", "ville", "pays", "stadt", "plz", "город", "страна"),
    )
)
"""Headers of what stands beside the state of an address."""
_PEOPLE = frozenset(("requester_id", "organization_id", "assignee_id"))
_EMPTY_LIST, _DATED_RECORD = r"^(?:\[\s*\]|\{\s*\})$", r"^[\[{].*\d{4}-\d{2}-\d{2}T\d{2}.*[\]}]$"
"""Cells of a program as they stood: an empty list names nobody, and a record with an instant is another each time."""
OPENERS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("inbound", "incoming", "in", "received", "входящий", "входящие", "входящая", "входящее", "вх"),
            *("entrante", "entrada", "recebida", "recebido", "eingehend", "ankommend", "entrant"),
        ),
        "customer",
    ),
    **dict.fromkeys(
        (
            *("outbound", "outgoing", "out", "placed", "исходящий", "исходящие", "исходящая", "исходящее", "исх"),
            *("saliente", "saida", "saída", "realizada", "ausgehend", "abgehend", "sortant"),
        ),
        "agent",
    ),
}
"""Who began a call or a chat, by the words for its direction."""
_HALF = 0.5
_VERDICTS = frozenset(("given_sla_first_response_met", "given_sla_resolution_met"))
EMPTY = "no value in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a column's values say for a field: whether they leave no doubt, and the sentence about it.

    ``flags`` are words that say yes or no in their own way, ``undecided`` those that say neither; ``no_zero``: 0 is
    nobody, or nothing.
    """

    sure: bool
    evidence: str
    unit: str | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    undecided: frozenset[str] = frozenset()
    no_zero: bool = False


def check(field: str, column: str, sample: Sample, words: Mapping[str, str] | None = None) -> Check | None:
    """The evidence that a column's values are those of a field, None when they are not; ``words`` have a meaning."""
    values = sample.words(column)
    if field == "ticket_id":
        return _check_id(values)
    if values.null_count() == len(values):
        return _check_empty(field, column)
    sort = FIELDS[field].sort
    if sort is Sort.instant:
        return _check_instant(column, sample)
    if sort is Sort.span:
        return _check_promised(column, sample) if field in PROMISED else _check_span(column, sample)
    if sort is Sort.word:
        found = _check_word(field, values, words or {})
        return (
            None
            if found is not None and field == "status" and not found.sure and _are_places(sample, values)
            else found
        )
    return _check_flag(field, column, values) if sort is Sort.flag else _check_number(field, column, values)


def _check_empty(field: str, column: str) -> Check | None:
    """An empty column may only be what nothing else could be, and never ratings: they must be seen to be such."""
    if FIELDS[field].sort is Sort.score:
        return None
    others = [name for name in synonyms().matches(column) if FIELDS[name].sort is not FIELDS[field].sort]
    return None if others else Check(sure=False, evidence=EMPTY)


def _check_id(values: pl.Series) -> Check | None:
    present = values.drop_nulls()
    if not len(values):
        return Check(sure=True, evidence="no rows")
    if len(present) < 0.5 * len(values) or (present.str.len_chars().mean() or 0) > _LONGEST:  # type: ignore[operator]
        return None
    if _are_subjects(present):
        return None
    distinct = present.n_unique()
    if distinct < len(present):
        return Check(sure=distinct > _MOSTLY * len(present), evidence=f"{len(present) - distinct:,} rows repeat an id")
    return Check(sure=len(present) >= _MOSTLY * len(values), evidence=f"unique, {_shape(present)}")


def _are_subjects(values: pl.Series) -> bool:
    """Whether values say in words what tickets are about: most are sentences, or of several words and no number."""
    if _share(values, r"(?:\S+\s+){3}\S") > _HALF:
        return True
    return _share(values, r"\S\s+\S") > _HALF and _share(values, r"\d") < _HALF


def _share(values: pl.Series, pattern: str) -> float:
    return float(values.str.contains(pattern).sum()) / max(len(values), 1)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _shape(ids: pl.Series) -> str:
    if ids.str.contains(r"^\d+$").all():
        lengths = sorted(ids.str.len_chars().unique().to_list())
        return _many(lengths[0], "digit") if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]} digits"
    return "codes" if ids.str.contains(r"\d").all() else "text"


def _check_instant(column: str, sample: Sample) -> Check | None:
    try:
        reading = choose_dates(sample.dated(column), header=column, zone="UTC", dayfirst=True)
    except (DatesAmbiguous, DataContradictory):
        return Check(sure=True, evidence="dates")
    if reading is None or (reading.bare and _may_be_a_number(column)):
        return None
    return Check(sure=reading.share >= _MOSTLY, evidence=f"dates as {reading.format}")


def _may_be_a_number(column: str) -> bool:
    return any(FIELDS[name].sort in (Sort.span, Sort.amount) for name in synonyms().matches(column))


def _check_span(column: str, sample: Sample) -> Check | None:
    if _check_instant(column, sample) is not None:
        return None
    values = sample.words(column)
    reading = choose_spans(values, column, None)
    if reading is None or _CUSTOM.search(column.casefold()):
        return None
    below = values.to_frame().select((reading.seconds(pl.col(values.name)) < 0).mean()).item()
    if below is not None and below >= _LEFT:
        return None
    return Check(sure=True, evidence=f"durations as {reading.shape}")


def _check_promised(column: str, sample: Sample) -> Check | None:
    """Promised times are few, the same for many tickets, and never nought: any other would be one that was taken."""
    present = sample.words(column).drop_nulls()
    distinct = present.n_unique()
    if distinct > _MOST_PROMISES or (distinct > _FEW_PROMISES and distinct * 3 > len(present)):
        return None
    if present.str.contains(r"^[-0.,:]*$").any():
        return None
    return _check_span(column, sample)


def _check_word(field: str, values: pl.Series, table: Mapping[str, str]) -> Check | None:
    present = values.drop_nulls()
    if _is_no_word_of(field, present):
        return None
    if field == "opener":
        return _check_opener(present)
    known = {"status": status_of, "priority": priority_of, "channel": channel_of}.get(field)
    distinct = present.n_unique()
    if known is None:
        nobody = field in _PEOPLE and _zero_is_nobody(present)
        return Check(sure=True, evidence=_many(distinct, "different value"), no_zero=nobody)
    words = present.value_counts()
    count = words["count"]
    read = pl.Series([known(word, table) is not None for word in words[present.name]], dtype=pl.Boolean)
    understood = count.filter(read).sum() / len(present)
    strange = len(words) - read.sum()
    said = _many(distinct, "word") + (f", {strange} not understood" if strange else "")
    return Check(sure=understood >= 0.5, evidence=said)


def _check_opener(present: pl.Series) -> Check | None:
    """Inbound or outbound, in every row: what else a "direction" may hold says nothing of who began."""
    words = {plain(word) for word in present.unique()}
    return Check(sure=True, evidence=_many(len(words), "word")) if words <= OPENERS.keys() else None


def _zero_is_nobody(present: pl.Series) -> bool:
    """Whether 0 stands for an unknown person: among names, or among numbers, since nobody has 1, which follows it."""
    others = present.filter(present != "0")
    if len(others) in (0, len(present)):
        return False
    if not others.str.contains(r"^\d+$").any():
        return True
    return bool(others.str.contains(r"^\d+$").all() and not others.is_in(["1", "2"]).any())


def _is_no_word_of(field: str, present: pl.Series) -> bool:
    """Whether there are too many words, or too long ones, for what they are to sort; or words of something else."""
    distinct = present.n_unique()
    if field in _MOST_WORDS and distinct > _MOST_WORDS[field]:
        return True
    if field in _SORTS_OF and len(present) >= _ENOUGH and 2 * distinct > len(present):
        return True
    if _is_of_something_else(field, present):
        return True
    length = present.str.len_chars().mean()
    return field != "tags" and isinstance(length, float) and length > _LONGEST


def _is_of_something_else(field: str, present: pl.Series) -> bool:
    """Whether words are those of another field, or of a program: states, directions, ends of calls, records."""
    if field == "region":
        return _are_states(present)
    if field in _PEOPLE:
        return bool(present.str.contains(f"{_EMPTY_LIST}|{_DATED_RECORD}").all())
    if field == "category":
        return {plain(word) for word in present.unique().head(len(OPENERS))} <= OPENERS.keys()
    return field == "status" and present.n_unique() <= len(_CALL_ENDS) and _are_ends_of_calls(present)


def _are_ends_of_calls(present: pl.Series) -> bool:
    """Whether each word says how a call ended; "completed" alone may as well be a ticket's."""
    words = {plain(word) for word in present.unique()}
    cut = {word for word in words if re.match(_CUT_OFF, word)}
    return words - cut <= _CALL_ENDS and words != {"completed"}


def _are_places(sample: Sample, values: pl.Series) -> bool:
    """Whether a "state" is one of a country: codes such as CA and SP, too many words, a city or a country beside."""
    if "region" not in synonyms().matches(values.name):
        return False
    present = values.drop_nulls()
    beside = any(folded(column) in _PLACES for column in sample.table.columns)
    return beside or present.n_unique() > _MOST_STATES or bool(present.str.contains(_PLACE).all())


def _are_states(present: pl.Series) -> bool:
    """Whether what could be a place by its header holds states of tickets."""
    named = "status" in synonyms().matches(present.name)
    return named and any(status_of(word, {}) is not None for word in present.unique().to_list()[:_FEW_WORDS])


def _check_flag(field: str, column: str, values: pl.Series) -> Check | None:
    """Yes or no, or of a deadline the words of a verdict; yes means no under a header that asks what was missed."""
    present = values.drop_nulls()
    negated = synonyms().is_negated(field, column)
    silent = undecided(present.unique().to_list()) if present.n_unique() <= _FEW_WORDS else frozenset()
    said_so = present.filter(~present.is_in(list(silent)))
    if len(said_so) and _boolean_share(said_so) >= _MOSTLY:
        said = "yes (missed) or no" if negated else "yes or no"
        return Check(sure=True, evidence=said, flags=TURNED if negated else {}, undecided=silent)
    found = verdicts(present.unique().to_list()) if field in _VERDICTS and present.n_unique() <= _FEW_WORDS else None
    if found is None:
        return None
    said = f"{', '.join(sorted(found.kept, key=lambda word: not found.kept[word]))}"
    return Check(sure=True, evidence=said, flags=found.kept, undecided=found.undecided)


def _boolean_share(present: pl.Series) -> float:
    """The share of cells that say yes or no."""
    return float(present.to_frame().select(boolean(pl.col(present.name)).is_not_null().mean()).item())


def _check_number(field: str, column: str, values: pl.Series) -> Check | None:
    present = values.drop_nulls()
    cells = pl.col(present.name)
    is_score = FIELDS[field].sort is Sort.score
    read = score(cells) if is_score else number(cells, decimal=decimal_mark(present))
    share = present.to_frame().select(read.is_not_null().mean()).item()
    if field == "cost" and share >= _MOSTLY and not present.to_frame().select(read.fill_null(0).any()).item():
        return None  # a column of noughts is not kept: it is no proof that the work is free
    if share >= _MOSTLY:
        return Check(sure=True, evidence=_many(len(present), "rating") if is_score else "numbers")
    if field == "given_reopens" and present.to_frame().select(boolean(cells).is_not_null().all()).item():
        return Check(sure=True, evidence="yes or no", flags={**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)})
    if not is_score or field == "nps" or synonyms().is_text(column):
        return None
    few = present.n_unique() <= 12 and (present.str.len_chars().max() or 0) <= _LONGEST  # type: ignore[operator]
    return Check(sure=False, evidence=_many(present.n_unique(), "word")) if few else None


def is_answered(values: pl.Series) -> bool:
    """Whether some cells are ratings: numbers, stars, faces, words that some survey answers with."""
    present = values.drop_nulls().unique().head(_FEW_WORDS)
    read = present.to_frame().select(score(pl.col(present.name))).to_series()
    return bool(read.count()) or any(plain(word) in KNOWN for word in present)

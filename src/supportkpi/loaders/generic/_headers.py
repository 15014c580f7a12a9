"""Headers of unknown exports against the synonyms: how well a header names a field, before any value is looked at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

from supportkpi.loaders.generic._opinions import ASKING, ASKS, ASPECT, ASPECT_COSTS, LEAST_ASKED, NO_OPINION, WHOLE
from supportkpi.loaders.mapping._fields import FIELDS, PROMISED, Sort
from supportkpi.loaders.mapping._recognise import normal

EXACT, ENTITY, PART, ASKED, WEAK = 100.0, 90.0, 60.0, 42.0, 40.0
"""A synonym itself; with "ticket", "заявки" … around it; inside a longer header; a question; a name that many have."""

_CAMEL = re.compile(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_MARKS = re.compile(r"[^\w#№°º%]+|_")
_PERSONAL = frozenset(
    ("email", "phone", "mobile", "telephone", "телефон", "почта", "фио", "telefone", "telefono", "telefon")
)
_TAGS = re.compile(r"<[^<>]{1,80}>")  # questions of forms keep their markup
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_QUESTIONS = ("csat", "nps", "ces")
_UNCHECKED = frozenset(
    (
        "requester_id",
        "organization_id",
        "assignee_id",
        "group",
        "category",
        "region",
        "tier",
        "language",
        "tags",
        "currency",
        "merged_into",
        "external_cause",
    )
)
"""Fields that any word could be a value of: only the header can speak for them."""
_LEAST_PART, _LEAST_QUESTION = 5, 8
_AHEAD = re.compile(
    r"\b(?:planned|plan|expected|estimated|target|scheduled|forecast|anticipated|promised|proposed|due|deadline|sla|ola|goal"
    r"|overdue|breach\w*|план\w*|ожидаем\w*|предполагаем\w*|прогноз\w*|целев\w*|нормативн\w*|контрольн\w*|крайн\w*|срок\w*"
    r"|previst[oa]|estimad[oa]|planificad[oa]|planejad[oa]|objetivo|prazo|limite|vencimiento|vencimento"
    r"|geplant\w*|erwartet\w*|voraussichtlich\w*|soll\w*|frist|fallig\w*|prevue?|estimee?|echeance)\b"
)
"""Words of what is to be: such a date did not happen, and such a time was not taken."""
# Patterns that few headers ask are texts: re compiles each when it is first used, and keeps it.
_ACTUAL = r"actual|факт|\breal|tatsachlich|effecti"
_WHO = frozenset(("by", "por", "von", "par", "кем"))
"""Last words of a header that ask who did it, not when: "resolved by"."""
_SIGNS_SPELLED = {"#": "number", "№": "номер", "n°": "numero", "n": "numero"}
_SIGNS = frozenset(_SIGNS_SPELLED)
"""Signs that are short for "number", in the words of the languages that write them."""
_TALK = (
    r"\b(?:talk|calls?|rings?|ringing|hold|queue|wait\w*|ivr|acw|wrap|chat|session|разговор\w*|звонк\w*|вызов\w*|ожидан\w*|очеред\w*"
    r"|удержан\w*|чат\w*|llamada|chamada|ligacao|gesprachs?|anruf\w*|appel)"
)
_LASTS = r"durat|dauer|длительн|продолжительн|duraci|durac|duree|length"
"""How long a call lasts is not how long its question took to be solved."""
_SHORT = {"dt": "date", "dte": "date", "dttm": "date", "dtm": "date", "datetime": "date", "tm": "time"}
_ZONED = re.compile(r"\s+in [A-Z]\w+/[\w/\-]+\s*$")
"""The zone of the values in a header: "chat start date in Europe/Paris"."""
_SCALED = re.compile(r" (?:[01] )?(?:3|4|5|7|10)$")
"""The scale at the end of a header: "csat 1 5", "note 10"."""
_PATH = re.compile(r"^(?:properties|attributes|fields) ")
"""Where records of JSON keep what they say."""
_WRAPPED = re.compile(
    r"^(?:_?(?:data|payload|body|record|node|doc|document|resource|detail|entity|source)\.)+", re.IGNORECASE
)
"""What an envelope of events calls what it carries; without a path "data" is a date in other languages."""
_EXTENDED = re.compile(
    r"\.\$(?:date|numberLong|numberInt|numberDouble|numberDecimal|oid)\b"
    r"|@OData\.Community\.Display\.V1\.FormattedValue$"
)
"""How a database of documents says of which type a value is, and a service that it is the word of a code."""
_DENIED = re.compile(r"\b(?:not|no|non|never|не|нет|nicht|kein\w*|sin|sem|nao|sans|pas)\b")
_MISSED = re.compile(
    r"\b(?:fail\w*|breach\w*|violat\w*|missed|exceed\w*|overdue|late|delayed|lapsed|наруш\w*|просроч\w*|превыш\w*"
    r"|vencid\w*|incumpl\w*|estour\w*|violad\w*|atrasad\w*|depass\w*|verletz\w*|uberschritt\w*|verspatet\w*)\b"
)
"""What a deadline is not that was kept, wherever it stands: "SLA status failed"."""
_DATE_AND_TIME = re.compile(
    r"\b(date|data|fecha|datum|дата)\s+(?:(?:and|и|y|e|et|und)\s+)?(?:time|hora|heure|uhrzeit|zeit|время)\b"
)
"""A date with the time of the day beside it, in one column."""
_LEAST_GLUED, _LONGEST_WORD = 7, 14
_AND_TIME = re.compile(r"\b(?:and|и|y|e|et|und)\s+(?:the\s+|la\s+|a\s+|l\s+)?(?:time|время|hora|heure|uhrzeit|zeit)\b")
"""What a date has beside it in "date and time of …"."""
_LATER = r"\b(?:last|latest|next|previous|последн\w*|следующ\w*|ultim[oa]|letzte\w*|derniere?)\b"
_BEFORE = (
    r"\b(?:old|previous|prior|former|prev|было|стар(?:ый|ая|ое|ые|ого)|предыдущ\w*|прежн\w*|anterior|antigu[oa]|ancien\w*|vorherig\w*|alter)\b"
    r"|\bfrom (?:status|state|stage|priority|group|team|queue|assignee|owner|level|value)\b"
    r"|\b(?:status|state|stage|priority|group|team|assignee|owner|level) (?:from|before)\b"
)
"""How something stood before a change: never how it stands."""
_FIRST = re.compile(r"\b(?:first|initial|перв\w+|primer[ao]?|primeir[ao]|erste[rs]?|premiere?)\b")
_FIRST_OF = {"solved_at": "first_solved_at", "closed_at": "first_solved_at"}
"""The first of several solutions is not when a ticket was solved."""
_STANDS = ("status", "priority", "group", "assignee_id", "channel", "category")
_CUSTOMERS = (
    r"\b(?:(?:customer|contact|client|requester|end user|consumer) (?:email )?(?:reply|response|answer|message)"
    r"|(?:ответ\w*|сообщени\w*) (?:клиента|заявителя|пользователя)|(?:respuesta|resposta) d[eo]l? cliente|kundenantwort"
    r"|reponse (?:du )?client)"
)
_FIRSTS = (
    "first_reply_at",
    "given_first_response_s",
    "bot_reply_at",
    "first_solved_at",
    "first_assigned_at",
    "created_at",
)
_AHEAD_OF = {
    "first_reply_at": "first_response_due_at",
    "solved_at": "resolution_due_at",
    "closed_at": "resolution_due_at",
}
_REPEAT = re.compile(r"\s\(\d+\)$")
_FOLDED = re.compile(r"[a-z0-9а-я]+(?: [a-z0-9а-я]+)*")
"""What folding leaves as it is: most of our own names, and they are many."""


def folded(header: str) -> str:
    """A header without accents, punctuation, camel and letter case: ``createdDate (UTC)`` is "created date utc"."""
    return header if _FOLDED.fullmatch(header) else _refolded(header)


@lru_cache(maxsize=20_000)  # each reader asks for the headers of a table again, and some tables have hundreds
def _refolded(header: str) -> str:
    spaced = _CAMEL.sub(" ", _TAGS.sub(" ", _REPEAT.sub("", header)))
    bare = "".join(
        c
        for c in unicodedata.normalize("NFKD", spaced.replace("й", "\0").replace("Й", "\0"))
        if not unicodedata.combining(c)
    )
    return " ".join(_MARKS.sub(" ", normal(bare.replace("\0", "й").replace("№", " № ").replace("#", " # "))).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """Which fields each name stands for, with its place in the field's list (the earlier, the better)."""

    names: Mapping[str, tuple[tuple[str, int], ...]]
    vocabulary: frozenset[str]  # the words of English names, to take apart what was run together
    weak: Mapping[str, tuple[tuple[str, int], ...]]
    unjointed: Mapping[tuple[str, ...], tuple[tuple[str, int], ...]]  # by words in order, without "of", "de", "du"
    joints: frozenset[str]
    noise: frozenset[str]
    tails: frozenset[str]
    text: frozenset[str]
    log: frozenset[str]
    negated: Mapping[str, frozenset[str]]  # names of flags under which yes means no
    figures: Mapping[str, frozenset[str]]  # what headers of plain figures call a period, a value, a currency

    def matches(self, header: str) -> dict[str, float]:
        """How well a header names each field that it names at all, 0 to 100."""
        header = _ZONED.sub("", _WRAPPED.sub("", _EXTENDED.sub("", header)))
        text = self.unglued(folded(header))
        bare = self.untailed(text)
        found: dict[str, float] = {}
        bodies = {
            text,
            bare,
            _PATH.sub("", bare),
            self.untailed(folded(_BRACKETS.sub(" ", header))),
        }
        for words in bodies:
            self._add(found, words, EXACT)
            self._add(found, _spelled_out(words), EXACT - 1)
            if " " in words and not _SIGNS.isdisjoint(words.split()):
                spelled = " ".join(_SIGNS_SPELLED.get(word, word) for word in words.split())
                self._add(found, spelled, EXACT - 1)
        found |= self._rated(_SCALED.sub("", text)) if _SCALED.search(text) else {}
        self._add_unjointed(found, _spelled_out(bare))
        core = self.core(_spelled_out(bare))
        if core != bare:
            self._add(found, core, ENTITY)
        if text not in self.text:
            self._add_parts(found, core.split())
        if len(text.split()) >= LEAST_ASKED:
            found |= {name: ASKED for name, words in ASKS.items() if name not in found and words.search(text)}
        for name, place in self.weak.get(bare, ()):
            found.setdefault(name, WEAK - place / 100)
        for name, place in self.weak.get(core, ()):  # "Call timestamp": the values can object to an instant
            if FIELDS[name].sort is Sort.instant:
                found.setdefault(name, WEAK - place / 100)
        if "csat" in found and NO_OPINION.search(text):
            del found["csat"]
        elif "csat" in found and ASPECT.search(text) and not WHOLE.search(text):
            found["csat"] -= ASPECT_COSTS
        if "given_resolution_s" in found and re.search(_TALK, text) and re.search(_LASTS, text):
            del found["given_resolution_s"]
        found = _as_late(found, text)
        return _ahead(found) if found and _AHEAD.search(text) and not re.search(_ACTUAL, text) else found

    def _rated(self, words: str) -> dict[str, float]:
        """The ratings that words name, which had their scale behind them: a "tag 3" is no tag."""
        rated: dict[str, float] = {}
        self._add(rated, words, EXACT)
        return {name: score for name, score in rated.items() if FIELDS[name].sort is Sort.score}

    def _add(self, found: dict[str, float], words: str, score: float) -> None:
        for name, place in self.names.get(words, ()):
            found[name] = max(found.get(name, 0.0), score - min(place, 90) / 100)

    def _add_unjointed(self, found: dict[str, float], bare: str) -> None:
        """What the words name in any order, whatever joins them: "data do registro", "registro data"."""
        words = _bag(_AND_TIME.sub(" ", bare), self.joints)
        if len(words) > 1:
            for name, place in self.unjointed.get(words, ()):
                found[name] = max(found.get(name, 0.0), EXACT - 2 - min(place, 90) / 100)

    def _add_parts(self, found: dict[str, float], words: list[str]) -> None:
        size = len(words)
        for start in range(min(size, 20)):
            for end in range(start + 1, min(start + 6, size) + 1):
                part = " ".join(words[start:end])
                extra = size - (end - start)
                if extra and len(part) >= _LEAST_PART:
                    for name, place in self.names.get(part, ()):
                        score = _part_score(name, part, extra) - min(place, 90) / 100
                        if score > 0 and not (words[-1] in _WHO and FIELDS[name].sort is Sort.instant):
                            found[name] = max(found.get(name, 0.0), score)

    def untailed(self, text: str) -> str:
        """The text without the units and zones behind it: they say how values are written, not what they are."""
        words = text.split()
        while len(words) > 1 and words[-1] in self.tails:
            words.pop()
        if len(words) > 1 and words[-1] in ("in", "в", "em", "en"):
            words.pop()
        return " ".join(words)

    def unglued(self, text: str) -> str:
        """Long words in the words that they were run together from: "servicerequestid" is "service request id"."""
        return " ".join(self._apart(word) for word in text.split())

    def _apart(self, word: str) -> str:
        if len(word) < _LEAST_GLUED or not word.isascii() or word in self.vocabulary:
            return word
        return " ".join(_taken_apart(word, self.vocabulary) or [word])

    def core(self, text: str) -> str:
        """The text without the words that only say "ticket"."""
        return " ".join(word for word in text.split() if word not in self.noise)

    def is_text(self, header: str) -> bool:
        """Whether a header announces text, a person or an address: never loaded unasked."""
        words = self.unglued(folded(header))
        return words in self.text or self.core(words) in self.text or bool(_PERSONAL & set(words.split()))

    def is_negated(self, field: str, header: str) -> bool:
        """Whether a header asks for the contrary of a flag: "SLA breached" for a deadline that was kept."""
        words = folded(header)
        if _DENIED.search(words) or field not in self.negated:
            return False
        return bool(_MISSED.search(words)) or any(f" {name} " in f" {words} " for name in self.negated[field])

    def is_log(self, header: str) -> bool:
        """Whether a header announces that one row is an update, not a ticket."""
        return folded(header) in self.log


def _taken_apart(text: str, words: frozenset[str]) -> list[str] | None:
    """The fewest known words that a text is made of, None where it is not made of them alone."""
    ways: list[list[str] | None] = [[], *(None for _ in text)]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            before, best = ways[start], ways[end]
            if before is not None and text[start:end] in words and (best is None or len(before) + 1 < len(best)):
                ways[end] = [*before, text[start:end]]
    return ways[-1]


def asks(header: str) -> bool:
    """Whether a header is a question, as forms have them, and not the name of a column."""
    return ("?" in header and len(header.split()) >= LEAST_ASKED) or bool(ASKING.search(folded(header)))


def _as_late(found: dict[str, float], text: str) -> dict[str, float]:
    """Without the first instants under words of later ones, and without states under words of what was before."""
    if not found.keys().isdisjoint(_FIRSTS) and (re.search(_LATER, text) or re.search(_CUSTOMERS, text)):
        found = {name: score for name, score in found.items() if name not in _FIRSTS}
    if _FIRST.search(text):
        found = {_FIRST_OF.get(name, name): score for name, score in found.items()}
    if not found.keys().isdisjoint(_STANDS) and re.search(_BEFORE, text):
        found = {name: score for name, score in found.items() if name not in _STANDS}
    return found


def _spelled_out(words: str) -> str:
    """The text with "dt" and the like as "date", and without the time that stands beside the date in its name."""
    parts = " ".join(_SHORT.get(word, word) for word in words.split())
    return _DATE_AND_TIME.sub(r"\1", parts)


def _ahead(found: Mapping[str, float]) -> dict[str, float]:
    """What a header with a word of planning may stand for: a deadline, never what happened or how long it took."""
    sure = {name: score for name, score in found.items() if not _happened(name)}
    for name, due in _AHEAD_OF.items():
        if name in found and due not in sure:
            sure[due] = found[name]
    return sure


def _happened(field: str) -> bool:
    known = FIELDS.get(field)
    return known is not None and field not in PROMISED and (known.stamp is not None or known.sort is Sort.span)


def _part_score(field: str, name: str, extra: int) -> float:
    """A name inside a longer header, where the values can still object; the question of a survey may be long."""
    if field in _QUESTIONS:
        return PART - 8.0 * min(extra, 3) if len(name) >= _LEAST_QUESTION or extra <= 2 else 0.0
    words = len(name.split())
    if field == "ticket_id":
        most = 2 if words > 1 else 0
    elif field in _UNCHECKED:
        most = 1 if words > 1 else 0
    else:
        most = 2
    return PART - 8.0 * extra if extra <= most else 0.0


@cache
def synonyms() -> Synonyms:
    """The synonyms that come with the program."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    page = yaml.load(resources.files(__package__).joinpath("synonyms.yaml").read_text("utf-8"), Loader=loader)  # noqa: S506
    fields = page["fields"]
    joints = frozenset(folded(page["joints"]).split())
    missed = page["negated"]
    names = _inverted(
        {name: [*_parted(entry["names"]), *_parted(missed.get(name, ""))] for name, entry in fields.items()}
    )
    return Synonyms(
        names=names,
        vocabulary=_vocabulary(names, page["noise"]),
        unjointed=_without(joints, names),
        joints=joints,
        weak=_inverted({name: _parted(entry.get("weak", "")) for name, entry in fields.items()}),
        noise=frozenset(folded(page["noise"]).split()),
        tails=frozenset(folded(page["tails"]).split()),
        text=frozenset(_parted(page["never"]["text"])),
        log=frozenset(_parted(page["never"]["log"])),
        negated={name: frozenset(_parted(listed)) for name, listed in missed.items()},
        figures={role: frozenset(_parted(listed)) for role, listed in page["series"].items()},
    )


def _parted(text: str) -> list[str]:
    """The names of a text with commas between them, folded."""
    return [folded(name.strip()) for name in text.split(",") if name.strip()]


_JOINED = frozenset(("at", "by", "on", "of", "id", "is", "no", "sr", "to", "in", "dt"))
"""Short words that names are run together with."""


def _vocabulary(names: Mapping[str, object], noise: str) -> frozenset[str]:
    words = {word for name in names for word in name.split()} | set(noise.split())
    return frozenset(word for word in words if word.isascii() and word.isalpha() and len(word) > 2) | _JOINED


def _bag(text: str, joints: frozenset[str]) -> tuple[str, ...]:
    """The words of a text in the order of the alphabet, without those that only join others."""
    return tuple(sorted([word for word in text.split() if word not in joints]))


def _without(
    joints: frozenset[str], names: Mapping[str, tuple[tuple[str, int], ...]]
) -> dict[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The names of several words by what they are made of."""
    found: dict[tuple[str, ...], tuple[tuple[str, int], ...]] = {}
    for text, fields in names.items():
        words = _bag(_AND_TIME.sub(" ", text), joints) if " " in text else ()
        if len(words) > 1:
            known = found.get(words, ())
            told = {name for name, _ in known}
            found[words] = (*known, *(one for one in fields if one[0] not in told)) if known else fields
    return found


def _inverted(lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for field, names in lists.items():
        for place, name in enumerate(names):
            known = found.get(name, ())
            if all(field != other for other, _ in known):
                found[name] = (*known, (field, place))
    return found

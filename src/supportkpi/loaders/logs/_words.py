"""What the words of a log mean: activities, roles of authors, visibility, names of changed fields.

Whole words first, then turns of speech; where nothing fits, the word means nothing that is known, and is counted so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.logs._headers import page
from supportkpi.loaders.mapping._vocabulary import plain, status_of
from supportkpi.schema import Actor, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a word of an activity tells: the event's kind, and of a message its author and who sees it.

    ``value`` is the status that it leads to; ``told`` says that the value stands in the column of new values.
    """

    kind: Kind | None
    actor: Actor | None = None
    public: bool | None = None
    value: str | None = None
    told: bool = False


NOTHING = Meaning(kind=None)
ANY = "*"
_CREATED = Meaning(kind=Kind.created)
_MEANINGS: Mapping[str, Meaning] = {
    "created": _CREATED,
    "request": Meaning(kind=Kind.message, actor=Actor.customer, public=True),
    "reply": Meaning(kind=Kind.message, actor=Actor.agent, public=True),
    "bot_reply": Meaning(kind=Kind.message, actor=Actor.bot, public=True),
    "note": Meaning(kind=Kind.message, public=False),
    "message": Meaning(kind=Kind.message),
    "handoff": Meaning(kind=Kind.handoff),
    "escalation": Meaning(kind=Kind.level),
    "nothing": NOTHING,
    **{name: Meaning(kind=Kind(name), told=True) for name in ("status", "priority", "assignee", "group", "level")},
}
_LONGEST_STATUS = 4
_AWAITS = re.compile(
    r"(?:a?wait|pending|queued|on hold|ожида|жд[её]м|жд[её]т|в ожидани|aguard|esper|en espera|wartet|warte|en attente)"
)
"""A wait for somebody's reply is no reply of his."""
_LEADS = frozenset(
    (
        *(
            "was",
            "has",
            "have",
            "been",
            "is",
            "be",
            "to",
            "as",
            "set",
            "mark",
            "marked",
            "moved",
            "put",
            "made",
            "work",
            "job",
        ),
        *("auto", "automatically", "automatic", "system", "agent", "user", "customer", "operator", "the", "a", "by"),
        *("была", "был", "было", "автоматически", "система", "оператор", "клиент", "пользователь", "работа", "работы"),
    )
)
"""Words before a status that say who set it, or that somebody did."""
_BARE = {
    **{name: name for name in ("status", "priority", "assignee", "group", "level", "handoff", "message")},
    "state": "status",
}
_YES = frozenset(("true", "yes", "1", "t", "y", "да", "истина", "si", "sim", "ja", "oui"))
_NO = frozenset(("false", "no", "0", "f", "n", "нет", "ложь", "nao", "nein", "non"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    """The words of logs as regular expressions; ``turns`` in the order in which they are asked."""

    turns: tuple[tuple[re.Pattern[str], str], ...]
    state_to: re.Pattern[str]
    born: re.Pattern[str]
    roles: Mapping[str, re.Pattern[str]]
    seen: re.Pattern[str]
    unseen: re.Pattern[str]
    changed: Mapping[str, re.Pattern[str]]
    levels: Mapping[str, re.Pattern[str]]


def _texts(name: str) -> Mapping[str, str]:
    return cast("Mapping[str, str]", page()[name])


def _turns() -> Sequence[Mapping[str, str]]:
    return cast("Sequence[Mapping[str, str]]", page()["turns"])


def _compiled(text: str) -> re.Pattern[str]:
    for name, part in _texts("parts").items():
        text = text.replace(f"<{name}>", part)
    return re.compile(text)


@cache
def _patterns() -> _Patterns:
    return _Patterns(
        turns=tuple((_compiled(text), meaning) for turn in _turns() for meaning, text in turn.items()),
        state_to=_compiled(str(page()["state_to"])),
        born=_compiled(str(page()["born"])),
        roles={role: _compiled(text) for role, text in _texts("roles").items()},
        seen=_compiled(str(page()["seen"])),
        unseen=_compiled(str(page()["unseen"])),
        changed={name: _compiled(text) for name, text in _texts("changed").items()},
        levels={str(line): _compiled(text) for line, text in _texts("levels").items()},
    )


@cache
def _machines() -> re.Pattern[str]:
    """What machines are called: asked of the agents of every table, also of those that are no logs."""
    return _compiled(str(page()["machine"]))


def meaning_of(word: str, table: Mapping[str, str], statuses: Mapping[str, str]) -> Meaning | None:
    """What an activity tells, None when nobody knows; ``table`` is the mapping's, ``statuses`` the user's words.

    The table's "*" is any word that it does not name.
    """
    given, said = table.get(plain(word), table.get(ANY)), statuses.get(plain(word))
    if given is not None:
        return Meaning(kind=Kind.status, value=given.partition("=")[2]) if "=" in given else _MEANINGS[given]
    if said is not None:
        return Meaning(kind=Kind.status, value=said)
    text = folded(word)
    if not any(c.isalpha() for c in text):
        return None
    return _by_words(text, statuses) or _as_status(plain(word), statuses)  # the words of statuses have their accents


def _by_words(text: str, statuses: Mapping[str, str]) -> Meaning | None:
    core = " ".join(part for part in text.split() if part not in synonyms().noise or part in ("call", "request"))
    core = core or text
    known = _patterns()
    if known.born.match(core):
        return _CREATED
    if core in _BARE:
        return _MEANINGS[_BARE[core]]
    found = known.state_to.match(core)
    if found is not None:
        return _to_status(found.group(1), statuses)
    if _AWAITS.match(core) and (awaited := _as_status(core, statuses)) is not None:
        return awaited
    turn = next((meaning for pattern, meaning in known.turns if pattern.search(core)), None)
    if turn == "escalation":
        return Meaning(kind=Kind.level, value=level_of(core))
    return _MEANINGS[turn] if turn is not None else _as_status(core, statuses)


def _to_status(word: str, statuses: Mapping[str, str]) -> Meaning:
    """A change of status: to the one that is named, else to the one in the column of new values."""
    if not word or word in ("changed", "change", "updated"):
        return _MEANINGS["status"]
    status = status_of(word, statuses)
    return Meaning(kind=Kind.status, value=status.value if status is not None else None)


def _as_status(core: str, statuses: Mapping[str, str]) -> Meaning | None:
    """A short activity that is a status itself: "Resolve ticket", "Closed", "Wait"; not "Quality indicator fixed".

    Its first two words must already be one, behind those that only say who set it, or that it was set.
    """
    words = core.split()
    while len(words) > 1 and words[0] in _LEADS:
        del words[0]
    if len(words) > _LONGEST_STATUS or all(status_of(" ".join(words[:size]), statuses) is None for size in (1, 2)):
        return None
    status = status_of(" ".join(words), statuses)
    return None if status is None else Meaning(kind=Kind.status, value=status.value)


def role_of(word: str, table: Mapping[str, str]) -> str | None:
    """The role of an author by the word for it, None when it names none."""
    given, text = table.get(plain(word)), folded(word)
    return given or next((role for role, pattern in _patterns().roles.items() if pattern.fullmatch(text)), None)


def public_of(word: str, table: Mapping[str, str], *, negated: bool) -> bool | None:
    """Whether the customer sees a row, by the word in its column of visibility; ``negated``: "yes" is "no" there."""
    given, text = table.get(plain(word)), folded(word)
    if given is not None:
        return given == "true"
    if text in _YES or text in _NO:
        return (text in _YES) != negated
    if _patterns().unseen.search(text):
        return False
    return True if _patterns().seen.search(text) else None


def changed_of(word: str, table: Mapping[str, str]) -> str | None:
    """Which state a changed field is: status, priority, assignee, group, level or the creation."""
    given, text = table.get(plain(word)), folded(word)
    return given or next((name for name, pattern in _patterns().changed.items() if pattern.fullmatch(text)), None)


def level_of(word: str) -> str | None:
    """The support line that a word names, as digits: "L2", "Second line", "Вторая линия"."""
    text = folded(word)
    if text.isdecimal():
        return str(int(text))
    return next((line for line, pattern in _patterns().levels.items() if pattern.search(text)), None)


def is_status(word: str) -> bool:
    """Whether a word is that of a status, as far as words go."""
    return status_of(word, {}) is not None


def is_machine(name: str) -> bool:
    """Whether an author's name is that of a machine: "AnswerBot", "Automation", "Робот"."""
    return bool(_machines().search(folded(name)))

"""Headers of logs: which column could be the instant, the activity, the author, the changed field and its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import cast

import yaml

from supportkpi.loaders.generic._headers import folded, synonyms

_MESSAGES = re.compile(
    r"\b(?:comments?|messages?|repl(?:y|ies)|conversations?|сообщени\w*|комментари\w*|ответы|переписк\w*"
    r"|comentarios?|mensajes?|mensagens?|nachrichten|kommentare?|messages)\b"
)


@cache
def page() -> Mapping[str, object]:
    """The words of logs that come with the program."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files(__package__).joinpath("words.yaml").read_text("utf-8")
    return cast("Mapping[str, object]", yaml.load(text, Loader=loader))  # noqa: S506


@cache
def _names(field: str) -> Mapping[str, int]:
    headers = cast("Mapping[str, Sequence[str]]", page()["headers"])
    return {folded(str(name)): place for place, name in enumerate(headers[field])}


def candidates(field: str, columns: Sequence[str]) -> list[str]:
    """The columns whose header is a name of the field, the surest first."""
    found = [(place, column) for column in columns if (place := _place(field, column)) is not None]
    return [column for _, column in sorted(found, key=lambda pair: pair[0])]


def _place(field: str, column: str) -> int | None:
    known = _names(field)
    ways = _ways(column)
    if field == "activity":  # "Incident activity type": what is done to tickets, whatever they are called
        ways = (*ways, synonyms().core(folded(column)))
    return next((known[words] for words in ways if words in known), None)


@lru_cache(maxsize=4_096)
def _ways(column: str) -> tuple[str, ...]:
    """What a header may be called: as it is, without units behind it, taken apart, the last part of a path."""
    text = folded(column)
    last = folded(column.rpartition(".")[2])
    return tuple(dict.fromkeys((text, synonyms().untailed(text), synonyms().unglued(text), last)))


def instants(columns: Sequence[str], *, messages: bool) -> list[str]:
    """The columns that could be the instant of a row: named as one; then of messages the creation, else the change."""
    sure = [column for column in candidates("at", columns) if folded(column) not in _names("vague")]
    order = ("created", "updated", "vague") if messages else ("updated", "created", "vague")
    return list(dict.fromkeys([*sure, *(column for name in order for column in candidates(name, columns))]))


def has_changes(columns: Sequence[str]) -> bool:
    """Whether rows are changes, whatever else their headers say: a field, what it was, what it is."""
    return all(candidates(name, columns) for name in ("field", "old", "new"))


def is_negated(column: str) -> bool:
    """Whether "yes" in a column of visibility means that the customer does not see it."""
    return folded(column) in _names("private")


def has_text(columns: Sequence[str]) -> bool:
    """Whether a column holds what was written: rows are messages then."""
    return any(folded(column) in _names("text") for column in columns)


def says_messages(name: str) -> bool:
    """Whether a file is called after messages: comments.csv, "Сообщения"."""
    return bool(_MESSAGES.search(folded(name)))

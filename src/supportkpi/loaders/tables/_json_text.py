"""JSON text to values: one document or many, numbers with their digits, whole parts of what breaks off."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from supportkpi.errors import JsonBroken, Where
from supportkpi.loaders.tables._table import CUT, STRAY
from supportkpi.schema import Reject

SHOWN = 200  # characters of a bad line that are kept
_HALF_NUMBER = re.compile(r"-|\.|[eE][-+]?|\.\d+[eE][-+]?")
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_SPACE = " \t\r\n\x1e\x00\x1a\ufeff"
_STUCK = "the text breaks off before its first record is whole"


class Number(float):
    """A number with a fraction or an exponent, and the digits that it was written with."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Number:
        """Read the number, keep its digits."""
        number = super().__new__(cls, text)
        number.text = text
        return number


_DECODER = json.JSONDecoder(parse_float=Number, parse_constant=lambda _: None)


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value of a text, and the line that it starts on."""

    line: int
    value: object


@dataclass(slots=True)
class Documents:
    """All JSON values of a text, and what could not be read among them."""

    found: list[Document] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def parse(text: str, path: str, is_page: Callable[[object], bool]) -> Documents:
    """Every JSON value of the text: one, pages one behind the other, or one a line.

    A bad line among good ones is a reject. A text that breaks off keeps its whole records, and the broken one is a
    reject. Raises JsonBroken, RecursionError.
    """
    parsed = Documents()
    at, line, seen = _skip(text, 0), 1, 0
    while at < len(text):
        line, seen = line + text.count("\n", seen, at), at
        try:
            value, end = _DECODER.raw_decode(text, at)
            parsed.found.append(Document(line, value))
        except json.JSONDecodeError as fault:
            end = text.find("\n", at) + 1 or len(text)
            if _ran_out(fault, text):
                _keep_whole_parts(parsed, Document(line, _salvage(text, at)), path, is_page)
                end = len(text)
            elif _one_a_line(text, at, end, parsed):
                bad = text[at:end].strip()[:SHOWN]
                parsed.rejects.append(Reject(path=path, line=line, column=None, slug=STRAY, value=bad))
            else:
                raise _broken(fault, path) from None
        except ValueError:
            raise JsonBroken("a number has thousands of digits", where=Where(path=path, line=line)) from None
        at = _skip(text, end)
    return parsed


def _skip(text: str, at: int, also: str = ",") -> int:
    while at < len(text) and (text[at] in _SPACE or text[at] in also):
        at += 1
    return at


def _broken(fault: json.JSONDecodeError, path: str) -> JsonBroken:
    what = fault.msg[0].lower() + fault.msg[1:]
    return JsonBroken(
        f"the text stops being JSON: {what}",
        hint="export it again, as JSON or as CSV",
        where=Where(path=path, line=fault.lineno, column=fault.colno),
    )


def _ran_out(fault: json.JSONDecodeError, text: str) -> bool:
    """Whether the fault is that the text ends, and nothing else."""
    rest = text[fault.pos : fault.pos + 12].strip(_SPACE)
    if fault.msg.startswith("Unterminated string") or not rest:
        return True
    if fault.msg.startswith("Invalid \\"):
        return len(text) - fault.pos < 8
    if _HALF_NUMBER.fullmatch(rest) and len(text) - fault.pos < 12:
        return True
    return len(text) - fault.pos < 12 and any(word.startswith(rest) for word in _LITERALS)


def _one_a_line(text: str, at: int, end: int, parsed: Documents) -> bool:
    """Whether records stand one a line here: those before did, or the next line begins one too."""
    alone = text[:at].rstrip(" \t").endswith("\n") or at == 0
    follows = text[_skip(text, end) : _skip(text, end) + 1] == "{"
    before = len(parsed.found) + len(parsed.rejects) > 0
    return alone and text[at] == "{" and (before or (follows and text[at:end].rstrip().endswith("}")))


def _keep_whole_parts(parsed: Documents, partial: Document, path: str, is_page: Callable[[object], bool]) -> None:
    """Take what is whole of the last document: the records of a list or page, nothing of a single record."""
    whole = isinstance(partial.value, list) or is_page(partial.value)
    if whole:
        parsed.found.append(partial)
    if not parsed.found or (whole and len(parsed.found) == 1 and not _any(partial.value)):
        raise JsonBroken(_STUCK, hint="export it again", where=Where(path=path))
    line = None if whole else partial.line
    parsed.rejects.append(Reject(path=path, line=line, column=None, slug=CUT, value=None))


def _any(value: object) -> bool:
    """Whether a list, or one somewhere inside an envelope, has an element."""
    if isinstance(value, dict):
        return any(_any(inner) for inner in value.values() if isinstance(inner, dict | list))
    return isinstance(value, list) and len(value) > 0


def _salvage(text: str, at: int) -> object:
    """The whole elements of a list, or the members of an object, that breaks off at the end of the text."""
    if text[at] == "[":
        return _salvage_list(text, _skip(text, at + 1))
    if text[at] != "{":
        return None
    members: dict[str, object] = {}
    at = _skip(text, at + 1)
    while at < len(text) and text[at] == '"':
        try:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, at, ":")
            members[key], at = _DECODER.raw_decode(text, at)
        except ValueError:
            if at < len(text) and text[at] in "[{":
                members[key] = _salvage(text, at)
            break
        at = _skip(text, at)
    return members


def _salvage_list(text: str, at: int) -> list[object]:
    elements: list[object] = []
    while at < len(text):
        try:
            element, at = _DECODER.raw_decode(text, at)
        except ValueError:
            break
        elements.append(element)
        at = _skip(text, at)
    return elements

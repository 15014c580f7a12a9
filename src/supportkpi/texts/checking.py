"""A text's values against a closed vocabulary: pydantic decides, the words and places are ours.

A model may name keys that the design has but this version does not honour yet, ``LATER: ClassVar[frozenset[str]]``:
they are refused as such. The ``description`` of a field, or of a mapping's values, says what it takes, for messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import isclass
from types import UnionType
from typing import Annotated, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from supportkpi.errors import ConfigValue, KpiError, Where
from supportkpi.texts.reading import CONFIG, Faults, Node, Step
from supportkpi.texts.words import meant

M = TypeVar("M", bound=BaseModel)
V = TypeVar("V")
W = TypeVar("W")

_TAKES: Sequence[tuple[str, str]] = (
    ("bool", "true or false"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("string", "text"),
    ("date", "a date such as 2026-03-09"),
    ("list", "a list"),
    ("tuple", "a list"),
    ("set", "a list"),
    ("dict", "keys with values"),
    ("mapping", "keys with values"),
    ("model", "keys with values"),
    ("too_short", "at least one value"),
)


class _Unfit(ValueError):
    """A KpiError on its way through pydantic."""

    def __init__(self, error: KpiError) -> None:
        super().__init__(error.message)
        self.error = error


def in_place(check: Callable[[V], W]) -> Callable[[V], W]:
    """Let a check that raises KpiError be a pydantic validator: ``validate`` raises the same error with its place."""

    def checked(value: V) -> W:
        try:
            return check(value)
        except KpiError as error:
            raise _Unfit(error) from error

    return checked


def _text(value: object) -> object:
    """Text as written; a whole number counts as text, for such is many a status or level."""
    if isinstance(value, bool | float):
        raise ConfigValue(f"{_shown(value)} is not text", hint="put it in quotes")
    return str(value) if isinstance(value, int) else value


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigValue(f"a number is wanted, not {_shown(value)}")
    return value


Text = Annotated[str, BeforeValidator(in_place(_text), json_schema_input_type=str | int)]
"""Text, or a whole number taken as text; true, false and fractions want quotes."""

Number = Annotated[float, BeforeValidator(in_place(_number))]
"""A number that is written as one: not in quotes, not true or false."""


def refused(error: KpiError, where: Where, *, path: Sequence[Step] = ()) -> KpiError:
    """The same error with a place, its message led by the key's path."""
    lead = f"`{dotted(path)}`: " if path else ""
    return type(error)(f"{lead}{error.message}", hint=error.hint, where=where)


def dotted(path: Sequence[Step]) -> str:
    """A key's path as a user writes it: ``calendars.office.days.2026-03-09[0]``."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def validate(node: Node, model: type[M], *, faults: Faults = CONFIG) -> M:
    """A text's values as a model; nothing at all is an empty mapping.

    Raises:
        KpiError: of the kind that ``faults`` names, or the one that a check inside the model raised; with line, column,
            the key's path and what the key takes. Of several faults it is the first in the text.
    """
    value = {} if node.value is None else node.plain()
    if not isinstance(value, dict):
        raise faults.value(f"the file takes keys with values, not {_shown(value)}", where=node.where)
    try:
        return model.model_validate(value)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False)
        # A list is called too short, too, when what it holds was refused: that is said of what it holds.
        own = [each for each in found if each["type"] != "too_short" or not _inside(each, found)]
        first = min(own, key=lambda detail: _position(_where(node, detail)))
        raise _refusal(node, model, first, faults) from wrong


def _inside(detail: ErrorDetails, others: Sequence[ErrorDetails]) -> bool:
    """Whether another complaint is about a part of what this one is about."""
    loc = detail["loc"]
    return any(len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in others)


def _refusal(node: Node, model: type[BaseModel], detail: ErrorDetails, faults: Faults) -> KpiError:
    """Say one of pydantic's complaints in the user's words."""
    loc, kind, where = detail["loc"], detail["type"], _where(node, detail)
    path, at = node.descend(step for step in loc if step != "[key]")
    if kind == "missing":
        path = [*path, loc[-1]]
    models, takes = _vocabulary(model, path)
    if kind == "extra_forbidden":
        return _unknown_key(path, models, where, faults)
    if kind == "missing":
        return faults.key(f"`{dotted(path)}` is missing", hint=f"it takes {takes}" if takes else None, where=where)
    unfit = detail.get("ctx", {}).get("error")
    if isinstance(unfit, _Unfit):
        error = unfit.error
        if type(error) is ConfigValue:
            error = faults.value(error.message, hint=error.hint or (f"it takes {takes}" if takes else None))
        return refused(error, where, path=path)
    if kind in ("literal_error", "enum"):
        words = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        if loc[-1:] == ("[key]",):
            message = f"`{dotted(path)}` is no key that is known here"
            return faults.key(
                message, hint=meant(str(path[-1]), words) or f"the keys here are {_listed(words)}", where=where
            )
        message = f"`{dotted(path)}` takes {_listed(words)}, not {_shown(at.value)}"
        return faults.value(message, hint=meant(str(at.text), words), where=where)
    takes = takes or next((words for name, words in _TAKES if kind.startswith(name)), None)
    wanted = f"takes {takes}" if takes else detail["msg"].replace("Input should", "should")
    return faults.value(f"`{dotted(path)}` {wanted}, not {_shown(at.value)}", where=where)


def _unknown_key(path: Sequence[Step], models: Sequence[type[BaseModel]], where: Where, faults: Faults) -> KpiError:
    """Say that a key is unknown, or known and not honoured yet, and which ones are."""
    key = str(path[-1])
    names = [info.alias or name for model in models for name, info in model.model_fields.items()]
    listed = f"the keys here are {', '.join(names)}"
    if any(key in getattr(model, "LATER", ()) for model in models):
        message = f"`{dotted(path)}` is not supported yet by this version"
        return faults.key(message, hint=f"leave it out: {listed}", where=where)
    hint = meant(key, names) or listed
    return faults.key(f"`{dotted(path)}` is no key that is known here", hint=hint, where=where)


def _where(node: Node, detail: ErrorDetails) -> Where:
    """Where a complaint belongs: at the key if it is about the key or nothing follows it, else at the value."""
    path, at = node.descend(step for step in detail["loc"] if step != "[key]")
    about_key = detail["loc"][-1:] == ("[key]",) or detail["type"] == "extra_forbidden" or at.value is None
    return node.key_place(*path) if path and about_key else at.where


def _position(where: Where) -> tuple[int, int]:
    return where.line or 0, where.column if isinstance(where.column, int) else 0


def _vocabulary(model: type[BaseModel], path: Sequence[Step]) -> tuple[list[type[BaseModel]], str | None]:
    """The models that the path's last key belongs to, and what the innermost field on it takes."""
    kinds: list[object] = [model]
    owners: list[type[BaseModel]] = [model]
    takes: str | None = None
    for step in path:
        if isinstance(step, int):
            continue
        owners = [kind for kind in kinds if isclass(kind) and issubclass(kind, BaseModel)]
        fields = [info for owner in owners for name, info in owner.model_fields.items() if step in (name, info.alias)]
        inside = [get_args(kind)[1] for kind in kinds if get_origin(kind) in (dict, Mapping)]
        notes = [note for kind in inside if get_origin(kind) is Annotated for note in get_args(kind)[1:]]
        said = [info.description for info in (*fields, *notes) if isinstance(info, FieldInfo)]
        takes = next((text for text in said if text), None)
        kinds = [kind for found in (*(info.annotation for info in fields), *inside) for kind in _flat(found)]
    return owners, takes


def _flat(kind: object) -> Iterator[object]:
    """The models and mappings in a type, out of their unions, lists and annotations."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _flat(get_args(kind)[0])
    elif origin in (Union, UnionType, list, tuple):
        for part in get_args(kind):
            yield from _flat(part)
    else:
        yield kind


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _shown(value: object) -> str:
    """A value as a message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value[:60]}"'
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return "keys with values"
    return "a list" if value else "an empty list"

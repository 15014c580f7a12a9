"""The JSON Schema of ``supportkpi.yaml``, made of the same models that read it: editors complete and check by it."""

from __future__ import annotations

from collections.abc import Mapping

_BOUNDS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
"""Bounds of numbers behind a validator, which come out in the words of the models."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_schema() -> dict[str, object]:
    """What every key takes, with descriptions; a key that is not in it is refused."""
    # a run that asks for no schema need not build the vocabulary
    from supportkpi.config.keys import ConfigKeys  # noqa: PLC0415

    made = ConfigKeys.model_json_schema(mode="validation", by_alias=True)
    title = {"$schema": _DIALECT, "title": "supportkpi.yaml", "description": "Settings of supportkpi."}
    return {**title, **{key: value for key, value in _plain(made).items() if key not in title}}


def _plain(node: Mapping[str, object]) -> dict[str, object]:
    """A schema without titles that repeat keys and without empty defaults; its prose for a person in an editor."""
    kept = {key: value for key, value in node.items() if key != "title" and (key != "default" or _is_said(value))}
    return {_BOUNDS.get(key, key): _part(key, value) for key, value in kept.items()}


def _is_said(default: object) -> bool:
    """Whether a default tells a reader something: a word, a number, yes or no."""
    return isinstance(default, str | int | float)


def _part(key: str, value: object) -> object:
    if isinstance(value, Mapping):
        # in a mapping of names to schemas a name may be "title", too
        named = key in ("properties", "$defs")
        return {name: _part("", each) for name, each in value.items()} if named else _plain(value)
    if isinstance(value, list | tuple):
        return [_part("", each) for each in value]
    return value.replace("``", "`") if key == "description" and isinstance(value, str) else value

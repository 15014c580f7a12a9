"""As much of JSON Schema as our schemas use: what a value breaks, and where; a word that is not known is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
_PROSE = {"$schema", "$defs", "title", "description", "default", "format"}
_KNOWN = _PROSE | {
    *("$ref", "anyOf", "type", "enum", "const", "pattern", "properties", "required", "additionalProperties"),
    *("propertyNames", "items", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "minLength"),
}


def faults(value: object, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None, at: str = "$") -> list[str]:
    """Everything that a value breaks of a schema."""
    return list(_faults(value, schema, schema if root is None else root, at))


def _faults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> Iterator[str]:
    assert set(schema) <= _KNOWN, f"teach this checker {set(schema) - _KNOWN}"
    if "$ref" in schema:
        yield from _faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        tried = [list(_faults(value, each, root, at)) for each in schema["anyOf"]]
        if all(tried):
            yield f"{at}: none of {min(tried, key=len)}"
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from _sizes(value, schema, at)
    if isinstance(value, dict):
        yield from _members(value, schema, root, at)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{at}: too few"
        for place, each in enumerate(value):
            yield from _faults(each, schema.get("items", {}), root, f"{at}[{place}]")


def _is_of(value: object, kinds: str | list[str]) -> bool:
    named = [kinds] if isinstance(kinds, str) else kinds
    return any(isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)) for kind in named)


def _sizes(value: float, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    fits = {
        "minimum": value >= schema.get("minimum", value),
        "maximum": value <= schema.get("maximum", value),
        "exclusiveMinimum": "exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"],
        "exclusiveMaximum": "exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"],
    }
    yield from (f"{at}: {value} breaks {name}" for name, holds in fits.items() if not holds)


def _members(value: dict[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, each in value.items():
        if "propertyNames" in schema:
            yield from _faults(name, schema["propertyNames"], root, f"{at}.{name} (the key)")
        if name in properties:
            yield from _faults(each, properties[name], root, f"{at}.{name}")
        elif others is False:
            yield f"{at}.{name} is no key"
        elif isinstance(others, dict):
            yield from _faults(each, others, root, f"{at}.{name}")

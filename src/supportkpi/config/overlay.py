"""One config over another: what ``whatif`` reads of an alternative (interface.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from supportkpi.config import Config, text_of
from supportkpi.config.reading import config_of
from supportkpi.errors import OptionWrong
from supportkpi.texts import Node, load

WHOLE = ("sla",)
"""Sections that an alternative replaces as a whole."""
_READING = ("source", "statuses", "responders", "csat")
"""Sections that say how files are read: they are read once."""
CALENDARS = ("calendar", "calendars")


def over(path: Path, base: Path | None) -> Config:
    """The config of ``path`` over that of ``base``: key by key, in sections their keys, ``sla`` replaced as a whole.

    A calendar that both have is the alternative's.

    Raises:
        OptionWrong: the alternative would have the files read anew.
        KpiError: a file cannot be read, or is no config; with line, column and key.
    """
    above = load(text_of(path), path=str(path))
    below = load(text_of(base), path=str(base)) if base is not None else None
    if below is None or not isinstance(below.value, Mapping):
        return config_of(above)
    for name in _READING:
        said, held = above.child(name), below.child(name)
        if said is not None and (held is None or said.plain() != held.plain()):
            message = f"{path} says how the files are read ({name}), and they are read once, as {base} says"
            raise OptionWrong(message, hint=f"write {name} into {base}", where=above.key_place(name))
    return config_of(merged(below, above))


def merged(below: Node, above: Node) -> Node:
    """One text over another, two keys deep; each value keeps the place where it was written."""
    if not isinstance(below.value, Mapping) or not isinstance(above.value, Mapping):
        return above if above.value is not None else below
    values: dict[str, Node] = {**below.value}
    for name, node in above.value.items():
        held = below.value.get(name)
        values[name] = _section(held, node) if held is not None and name not in WHOLE else node
    return replace(above, value=values, keys={**below.keys, **above.keys})


def _section(below: Node, above: Node) -> Node:
    if not isinstance(below.value, Mapping) or not isinstance(above.value, Mapping):
        return above
    return replace(above, value={**below.value, **above.value}, keys={**below.keys, **above.keys})


def sets_calendars(path: Path) -> bool:
    """Whether a config has calendars of its own."""
    node = load(text_of(path), path=str(path))
    return any(node.child(name) is not None for name in CALENDARS)

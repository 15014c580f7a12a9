"""Doors of rooms that load what stands behind them when it is first asked for: a run pays for what it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from sys import modules


def door(room: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A module's ``__getattr__`` that finds public names in the files of its room: ``homes`` maps names to files."""

    def found(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = getattr(import_module(f"{room}.{homes[name]}"), name)
        setattr(modules[room], name, value)
        return value

    return found

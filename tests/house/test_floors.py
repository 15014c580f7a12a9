"""The floors: a file imports only from lower floors or its own room, and nothing imports in a circle."""

from __future__ import annotations

import sys
from graphlib import CycleError, TopologicalSorter

import pytest
from sources import Source, breaches, imports, sources, strangers

GROUND, MEANING, ROOMS, HALL, STREET = range(5)
FLOOR = {
    **dict.fromkeys(
        (
            *("errors", "schema", "durations", "periods", "calendars", "decisions", "dialects", "texts"),
            *("doors", "policies", "proofs", "scales", "sla", "targets", "translations", "version", "workers"),
        ),
        GROUND,
    ),
    **dict.fromkeys(
        (
            "canonical",
            "checks",
            "clocks",
            "facts",
            "lists",
            "metrics",
            "receipts",
            "reconciliations",
            "report",
            "timetables",
            "whatifs",
        ),
        MEANING,
    ),
    **dict.fromkeys(("loaders", "engine", "reporters"), ROOMS),
    **dict.fromkeys(("pipeline", "config", "catalogue", "demo"), HALL),
    **dict.fromkeys(("cli", "__main__"), STREET),
}
PACKAGE = ""  # supportkpi/__init__.py loads lazily: it stands above all floors, and none may import it


def inside() -> list[Source]:
    return [source for source in sources() if source.name != PACKAGE]


def test_a_file_imports_only_from_lower_floors_or_its_own_room() -> None:
    assert {source.room for source in inside()} - FLOOR.keys() == set(), "a new room: choose its floor in this table"
    assert breaches(inside(), _from_above) == {}


def _from_above(source: Source) -> set[str]:
    return {name for name in imports(source) - {PACKAGE} if not _allowed(source.room, name.partition(".")[0])}


def _allowed(room: str, other: str) -> bool:
    if room == other:
        return True
    return FLOOR[other] < FLOOR[room] or (FLOOR[other] == FLOOR[room] and FLOOR[room] != ROOMS)


def test_a_room_is_entered_by_its_door() -> None:
    """Files whose names begin with an underscore are a room's own."""
    assert breaches(inside(), _past_the_door) == {}


def _past_the_door(source: Source) -> set[str]:
    return {name for name in imports(source) if "._" in name and name.partition(".")[0] != source.room}


def test_nothing_imports_in_a_circle() -> None:
    graph = {source.name: imports(source) - {PACKAGE} for source in inside()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_only_the_street_asks_the_package_itself() -> None:
    asking = {source.room for source in inside() if PACKAGE in imports(source)}
    assert asking <= {"cli"}


GROUND_MAY = {"polars", "yaml", "dateutil", "pydantic", "pydantic_core"}  # pydantic where text enters


def test_the_ground_rests_on_few_libraries() -> None:
    ground = [source for source in inside() if FLOOR.get(source.room) == GROUND]
    assert ground
    assert breaches(ground, lambda source: strangers(source) - set(sys.stdlib_module_names) - GROUND_MAY) == {}


HOMES = {
    "holidays": {"config"},
    "babel": {"reporters", "translations"},
    "typer": {"cli"},
    "click": {"cli"},
    "fastexcel": {"loaders"},
    "charset_normalizer": {"loaders"},
    "rich": {"reporters", "cli"},
    "pydantic": {"canonical", "config", "texts", "loaders"},
}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_used_where_it_lives(library: str) -> None:
    users = {source.room for source in sources() if library in strangers(source)}
    assert users <= HOMES[library]

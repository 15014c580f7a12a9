"""The floors: a file imports only from lower floors or its own room, and nothing imports in a circle."""

from __future__ import annotations

import sys
from graphlib import CycleError, TopologicalSorter

import pytest
from sources import Source, imports, sources, strangers

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
INSIDE = [source for source in sources() if source.name != PACKAGE]


@pytest.mark.parametrize("source", INSIDE, ids=lambda source: source.name)
def test_a_file_imports_only_from_lower_floors_or_its_own_room(source: Source) -> None:
    assert source.room in FLOOR, f"{source.room} is new: choose its floor in this table"
    wrong = {name for name in imports(source) - {PACKAGE} if not _allowed(source.room, name.partition(".")[0])}
    assert wrong == set()


def _allowed(room: str, other: str) -> bool:
    if room == other:
        return True
    return FLOOR[other] < FLOOR[room] or (FLOOR[other] == FLOOR[room] and FLOOR[room] != ROOMS)


@pytest.mark.parametrize("source", INSIDE, ids=lambda source: source.name)
def test_a_room_is_entered_by_its_door(source: Source) -> None:
    """Files whose names begin with an underscore are a room's own."""
    strange = {name for name in imports(source) if "._" in name and name.partition(".")[0] != source.room}
    assert strange == set()


def test_nothing_imports_in_a_circle() -> None:
    graph = {source.name: imports(source) - {PACKAGE} for source in INSIDE}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_only_the_street_asks_the_package_itself() -> None:
    asking = {source.room for source in INSIDE if PACKAGE in imports(source)}
    assert asking <= {"cli"}


GROUND_MAY = {"polars", "yaml", "dateutil", "pydantic", "pydantic_core"}  # pydantic where text enters


@pytest.mark.parametrize("source", [one for one in INSIDE if FLOOR.get(one.room) == GROUND], ids=lambda one: one.name)
def test_the_ground_rests_on_few_libraries(source: Source) -> None:
    assert strangers(source) - set(sys.stdlib_module_names) <= GROUND_MAY


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

"""A shelf of mappings is only glanced at: what the glance leaves out could not have been recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkpi.loaders.mapping._mapping import HELPDESKS, packaged
from supportkpi.loaders.mapping._recognise import normal, scored
from supportkpi.loaders.mapping._shelf import Shelf
from supportkpi.loaders.nested._registry import SYSTEMS

SHELVES = [(shelf, name) for shelf in (HELPDESKS, SYSTEMS) for name in shelf.texts]


def named(rule: object) -> list[str]:
    """Every header of a rule."""
    assert isinstance(rule, dict)
    lists = [rule.get(key, []) for key in ("of", "all")]
    return [str(name) for found in lists for name in (found if isinstance(found, list) else [found])]


@pytest.mark.parametrize(("shelf", "name"), SHELVES, ids=[name for _, name in SHELVES])
def test_the_block_of_rules_is_what_the_whole_file_says_and_the_glance_sees_each_header(
    shelf: Shelf, name: str
) -> None:
    said = shelf.page(name).get("recognise", [])  # without rules a file is only read when it is asked for
    assert list(shelf.rules(name)) == (said if isinstance(said, list) else [said])
    for rule in shelf.rules(name):
        for header in named(rule):
            seen = normal(header) if "*" not in header else "no such header at all"
            assert name in set(shelf.likely([seen])), header


def test_only_files_with_a_header_in_their_rules_are_parsed(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("recognise: {any: 1, of: [First seen]}\ncolumns: {a: [b}\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("recognise:\n  - all: [Second]  # sure\ntitle: [broken\n", encoding="utf-8")
    shelf = Shelf(tmp_path)
    assert list(shelf.likely(["first seen", "other"])) == ["one"]
    assert shelf.rules("one") == ({"any": 1, "of": ["First seen"]},)
    assert list(shelf.likely(["second"])) == ["two"]
    assert shelf.rules("two") == ({"all": ["Second"]},)
    assert not list(shelf.likely(["title", "any of them"]))


def test_headers_of_no_helpdesk_score_nothing() -> None:
    assert scored({"nothing of this": "x"}) == {}
    assert len(packaged()) == len(set(packaged()))

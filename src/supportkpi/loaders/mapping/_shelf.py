"""A folder of YAML files of which each says how one kind of export is read, opened no further than it must be.

Sixty files are looked at for every table: their texts are read once, and of each only the block ``recognise:`` whose
words stand among the headers is parsed; the whole file of the one that is recognised.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import cast

import yaml

_KEY, _NEXT = "\nrecognise:", re.compile(r"\n[^\s#-]")
_ITEM = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s\[\]{},\"'-][^\[\]{},\n]*)")
_ANYTHING = "*"


class Shelf:
    """The YAML files of one folder by their names; adding one is putting it there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What each file says, by its name without the ending, in order."""
        return {path.stem: path.read_text("utf-8") for path in sorted(self._folder.glob("*.yaml"))}

    @cached_property
    def _blocks(self) -> Mapping[str, str]:
        return {name: _block(text) for name, text in self.texts.items()}

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        return {name: _items(block) for name, block in self._blocks.items()}

    def likely(self, headers: Collection[str]) -> Iterator[str]:
        """The names whose rules have a word among the (normal) headers, or one that stands for many."""
        present = set(headers)
        return (name for name, words in self._words.items() if _ANYTHING in words or not present.isdisjoint(words))

    @cache  # noqa: B019 - a shelf lives as long as the program
    def rules(self, name: str) -> tuple[Mapping[str, object], ...]:
        """The rules of a file, as they are written."""
        page = _parsed(self._blocks[name])
        rules = page.get("recognise") or []
        return tuple(rules) if isinstance(rules, list) else (cast("Mapping[str, object]", rules),)

    @cache  # noqa: B019
    def page(self, name: str) -> Mapping[str, object]:
        """All that a file says."""
        return _parsed(self.texts[name])


def _block(text: str) -> str:
    """The rules of a file: from their key to the next one, nothing where there are none."""
    begin = f"\n{text}".find(_KEY)
    if begin < 0:
        return ""
    found = _NEXT.search(text, begin + len(_KEY))
    return text[begin : found.start()] if found is not None else text[begin:]


def _items(block: str) -> frozenset[str]:
    """The words of a block that may be headers; too many rather than too few, a pattern as one star."""
    found = (next(part for part in parts if part or part is parts[-1]) for parts in _ITEM.findall(block))
    words = {word.partition(" #")[0].strip(" -\"'").casefold() for word in found}
    lone = {word.partition(":")[2].strip() for word in words if ":" in word}  # the word behind a key
    return frozenset((*words, *lone, *(_ANYTHING for word in words if _ANYTHING in word)))


def _parsed(text: str) -> Mapping[str, object]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return cast("Mapping[str, object]", yaml.load(text, Loader=loader) or {})  # noqa: S506

"""Safe YAML with line and column: bounded, in the core schema of YAML 1.2, for config and mappings alike.

Only events of the YAML parser are used, never its constructors, so that no text can build anything but text, numbers,
true, false, null, lists and mappings. ``NO``, ``on``, ``9:00`` and ``0123`` stay text; keys are always text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from supportkpi.errors import ConfigBroken, ConfigKey, ConfigQuotes, ConfigValue, KpiError, MappingInvalid, Where

LIMIT_BYTES = 1024 * 1024
LIMIT_DEPTH = 40
LIMIT_NODES = 100_000

Scalar = None | bool | int | float | str
Plain = Scalar | list["Plain"] | dict[str, "Plain"]
Step = str | int
_Valued = yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent

# The parser written in C is ten times faster and gives the same events; it is not there on every platform.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""A text: it takes long to compile, and few runs read a file of the user's."""
_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BARE: Mapping[str, str] = {
    ">": "a text block",
    "|": "a text block",
    "*": "the name of an anchor",
    "&": "an anchor",
    "!": "a tag",
    "%": "a directive",
    "@": "a reserved sign",
    "`": "a reserved sign",
}
_TROUBLES: Sequence[tuple[str, str, str | None]] = (
    ("quoted scalar", "a quote is opened here and never closed", None),
    ("flow sequence", "a [ is opened here and not closed", None),
    ("flow mapping", "a { is opened here and not closed", None),
    ("flow node", "a value is missing in brackets that are opened before", "close them, or put text in quotes"),
    ("mapping values", "a second colon stands in one value", 'put text with ": " in it in quotes'),
    ("block collection", "this line does not fit the list above it", "indent the items of a list alike, with spaces"),
    ("block mapping", "this line does not fit the keys above it", "indent keys of one level alike, with spaces"),
    ("simple key", "this line has no colon behind its key", "write KEY: VALUE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The errors that a text of one purpose raises: not YAML, unquoted, unknown key, wrong value."""

    broken: type[KpiError]
    quotes: type[KpiError]
    key: type[KpiError]
    value: type[KpiError]


CONFIG = Faults(broken=ConfigBroken, quotes=ConfigQuotes, key=ConfigKey, value=ConfigValue)
MAPPING = Faults(broken=MappingInvalid, quotes=MappingInvalid, key=MappingInvalid, value=MappingInvalid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value with the place where it stands; ``keys`` are the places of a mapping's keys.

    ``text`` is a scalar as it was written (``0.90``, ``~``), ``size`` the number of values with aliases written out.
    """

    value: Scalar | tuple[Node, ...] | Mapping[str, Node]
    where: Where
    keys: Mapping[str, Where] = field(default_factory=dict)
    text: str | None = None
    size: int = 1

    def plain(self) -> Plain:
        """The value without places: None, bool, int, float, str, list, dict with text keys."""
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        return self.value

    def child(self, step: Step) -> Node | None:
        """The value under a key or an index, None where there is none."""
        if isinstance(self.value, tuple):
            return self.value[step] if isinstance(step, int) and 0 <= step < len(self.value) else None
        return self.value.get(str(step)) if isinstance(self.value, Mapping) else None

    def descend(self, path: Iterable[Step]) -> tuple[list[Step], Node]:
        """Follow a path as far as it leads; steps that nothing here answers to are left out of the path returned."""
        taken: list[Step] = []
        node = self
        for step in path:
            below = node.child(step)
            if below is not None:
                taken.append(step)
                node = below
        return taken, node

    def place(self, *path: Step) -> Where:
        """Where the value at the end of a path stands."""
        return self.descend(path)[1].where

    def key_place(self, *path: Step) -> Where:
        """Where the last key of a path stands; the value's place where the last step is no key."""
        *parents, last = path
        parent = self.descend(parents)[1]
        return parent.keys.get(str(last), parent.where)


def load(text: str, *, path: str | None = None, faults: Faults = CONFIG) -> Node:
    """The one YAML document of a text, with a place for every key and value.

    Raises:
        KpiError: of the kind that ``faults`` names, with line and column.
    """
    text = text.removeprefix("\ufeff")
    if len(text.encode("utf-8", "surrogatepass")) > LIMIT_BYTES:
        raise faults.broken(f"the file is larger than {LIMIT_BYTES // 1024} KiB", where=Where(path=path))
    source = _Source(text=text, path=path, faults=faults)
    if forbidden := re.search(_FORBIDDEN, text):
        line = text.count("\n", 0, forbidden.start())
        column = forbidden.start() - (text.rfind("\n", 0, forbidden.start()) + 1)
        source.refuse(f"a character is not allowed here: U+{ord(forbidden.group()):04X}", line, column)
    try:
        return _Composer(source).document()
    except yaml.MarkedYAMLError as trouble:
        source.translate(trouble)
    except yaml.YAMLError as trouble:
        raise faults.broken("this is not YAML", where=Where(path=path)) from trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """The text that is being read, its name and the errors that it raises."""

    text: str
    path: str | None
    faults: Faults

    def where(self, line: int, column: int) -> Where:
        return Where(path=self.path, line=line + 1, column=column + 1)

    def refuse(self, message: str, line: int, column: int, *, hint: str | None = None) -> NoReturn:
        raise self.faults.broken(message, where=self.where(line, column), hint=hint)

    def translate(self, trouble: yaml.MarkedYAMLError) -> NoReturn:
        """Say in plain words what the parser stumbled over, and where it began."""
        marks = [(mark.line, mark.column) for mark in (trouble.context_mark, trouble.problem_mark) if mark is not None]
        for line, column in marks:
            if self._sign(line, column) in _BARE:
                self.unquoted(line, column)
            if self._sign(line, column) == "\t":
                self.refuse("a tab stands where YAML takes only spaces", line, column)
        said = f"{trouble.context or ''} {trouble.problem or ''}"
        for token, message, hint in _TROUBLES:
            if token in said:
                opened = marks[0] if "opened" in message else marks[-1]
                self.refuse(message, *opened, hint=hint)
        self.refuse("this is not YAML", *marks[-1], hint='text with ":", "#" or "*" in it wants quotes')

    def unquoted(self, line: int, column: int) -> NoReturn:
        """Refuse a value whose first sign means something else to YAML."""
        whole = self._line(line)
        before, value = whole[:column], re.split(r"\s+#", whole[column:])[0].rstrip()
        if before.count("{") + before.count("[") > before.count("}") + before.count("]"):
            value = re.split(r"[,}\]]", value)[0].rstrip()
        key = re.search(r"([^\s{}\[\],:'\"][^{}\[\],:'\"]*):\s*$", before)
        raise self.faults.quotes(
            f"`{value}` must stand in quotes: YAML takes a bare {value[:1]} for {_BARE[value[:1]]}",
            where=self.where(line, column),
            hint=f'write {key.group(1) + ": " if key else ""}"{value}"',
        )

    def _line(self, line: int) -> str:
        lines = self.text.split("\n")
        return lines[line].rstrip("\r") if line < len(lines) else ""

    def _sign(self, line: int, column: int) -> str:
        return self._line(line)[column : column + 1]


class _Composer:
    """Events to nodes, with bounds on depth and on what aliases expand to."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._events: Iterator[yaml.Event] = iter(yaml.parse(source.text, Loader=_LOADER))
        self._anchors: dict[str, Node] = {}
        self._open: set[str] = set()

    def document(self) -> Node:
        """The document's node; an empty text is null."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._refuse("a second document begins here: one file holds one", event)
                root = self._node(event, depth=0)
        return root or Node(value=None, where=self._source.where(0, 0))

    def _node(self, event: yaml.Event, *, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if not isinstance(event, _Valued):
            self._refuse("this is not YAML", event)
        if depth > LIMIT_DEPTH:
            self._refuse(f"values are nested more than {LIMIT_DEPTH} levels deep", event)
        if event.anchor is not None:
            self._open.add(event.anchor)
        node = self._valued(event, depth=depth)
        if node.size > LIMIT_NODES:
            self._refuse("the file expands to more values than any settings need", event)
        if event.anchor is not None:
            self._open.discard(event.anchor)
            self._anchors[event.anchor] = node
        return node

    def _valued(self, event: _Valued, *, depth: int) -> Node:
        self._check_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth=depth)
        return self._mapping(event, depth=depth)

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor in self._open:
            self._refuse(f"`*{event.anchor}` repeats the value that it stands in, without end", event)
        if event.anchor not in self._anchors:
            self._source.unquoted(*_mark(event))
        return self._anchors[event.anchor]

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        plain = event.style in ("", None) and event.implicit[0]
        if event.value.strip() == "" and (event.style in (">", "|") or (plain and event.anchor is not None)):
            self._source.unquoted(*_mark(event))
        value = _typed(event.value) if plain else event.value
        return Node(value=value, text=event.value, where=self._where(event))

    def _sequence(self, event: yaml.SequenceStartEvent, *, depth: int) -> Node:
        items: list[Node] = []
        size = 1
        while not isinstance(following := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(following, depth=depth + 1))
            size += items[-1].size
        return Node(value=tuple(items), where=self._where(event), size=size)

    def _mapping(self, event: yaml.MappingStartEvent, *, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Where] = {}
        size = 1
        while not isinstance(key_event := next(self._events), yaml.MappingEndEvent):
            key = self._key(key_event, keys)
            keys[key] = self._where(key_event)
            values[key] = self._node(next(self._events), depth=depth + 1)
            size += values[key].size
        return Node(value=values, keys=keys, where=self._where(event), size=size)

    def _key(self, event: yaml.Event, known: Mapping[str, Where]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse("a key must be plain text", event, hint="put text that begins with { [ * or & in quotes")
        self._check_tag(event)
        key: str = event.value
        if key == "<<" and event.implicit[0]:
            self._refuse("merging with `<<` is not taken here", event, hint="write the keys out")
        if key in known:
            self._refuse(f"`{key}` stands here a second time", event, hint=f"the first is in line {known[key].line}")
        return key

    def _check_tag(self, event: _Valued) -> None:
        tag = event.tag
        if tag is None or tag in ("!", "tag:yaml.org,2002:str"):
            return
        if tag.startswith("tag:"):
            self._refuse("a value's type cannot be set with !!", event, hint="leave the tag out")
        self._source.unquoted(*_mark(event))

    def _where(self, event: yaml.Event) -> Where:
        return self._source.where(*_mark(event))

    def _refuse(self, message: str, event: yaml.Event, *, hint: str | None = None) -> NoReturn:
        self._source.refuse(message, *_mark(event), hint=hint)


def _mark(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (0, 0) if mark is None else (mark.line, mark.column)


def _typed(text: str) -> Scalar:
    """A plain scalar by the core schema, less what people mean as text: leading zeros, hexadecimals, long ids, nan."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdigit():
        number = float(text)
        return number if math.isfinite(number) else text
    return text

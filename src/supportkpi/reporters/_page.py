"""A page: the report as titles, tables and labelled lines of plain words, before it is laid out for a medium.

Texts on a page are raw; whoever lays it out escapes them for where they go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "strong", "faint", "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: ``drop`` says in which order it goes when the page is narrow (None: never).

    ``tail`` stands for remarks: where a line has no room for its own, it goes below. ``only``: shown there alone.
    """

    title: str
    align: Literal["left", "right"] = "right"
    drop: int | None = None
    tail: bool = False
    tone: Tone = ""
    only: Literal["", "document"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; ``title`` is a line above it, grids of one ``family`` stand under one another on the same edges.

    Too wide, it drops columns, or (``stack``) goes on below with the first ``keys`` columns repeated. ``links`` holds
    the address that the first cell of each row stands for.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    family: str = ""
    indent: int = 0
    stack: bool = False
    keys: int = 1
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Labelled lines; an empty label goes on under the one above."""

    lines: tuple[tuple[str, str], ...]
    title: str = ""


Block = Grid | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Title, lines of head (each of parts that stand apart), blocks in order."""

    title: str
    head: tuple[tuple[str, ...], ...]
    blocks: tuple[Block, ...]

"""One pass over all bytes of a text, in a thread of its own: its hash, and whether all of it is plain UTF-8.

It needs nothing but the standard library, so that it can begin while the program is still being loaded.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

BLOCK = 1 << 20
LEAST = 1 << 24  # bytes of a file for which a head start is worth a thread
_OTHERS = (".gz", ".zst", ".zip", ".parquet", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".json", ".ndjson", ".jsonl")
"""Suffixes of files that are read otherwise."""
_BEGUN: dict[tuple[Path, int, int], Future[Proof]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What all bytes together show."""

    sha256: str
    utf8: bool
    zeros: bool
    quotes: bool


def is_utf8(data: bytes, *, clipped: bool = False) -> bool:
    """Whether the bytes are strict UTF-8; ``clipped`` forgives a character cut at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=not clipped)
    except UnicodeDecodeError:
        return False
    return True


def begin(names: Iterable[str]) -> None:
    """Begin the pass over those of the names that are large files of text, one after another."""
    files: list[tuple[Path, Future[Proof]]] = []
    for name in names:
        with suppress(OSError, ValueError):  # whoever reads the file will say what is wrong with it
            path = Path(name)
            if path.is_file() and path.stat().st_size >= LEAST and not name.lower().endswith(_OTHERS):
                files.append((path, _BEGUN.setdefault(_state(path), Future())))
    if files:
        Thread(target=_run, args=(files,), daemon=True).start()


def prove(body: Path | bytes) -> Future[Proof]:
    """The pass over a file or a text in memory: the one that has begun, if the file is as it was then, else its own."""
    begun = _BEGUN.pop(_state(body), None) if isinstance(body, Path) else None
    if begun is not None:
        return begun
    future: Future[Proof] = Future()
    Thread(target=_run, args=([(body, future)],), daemon=True).start()
    return future


def _state(path: Path) -> tuple[Path, int, int]:
    info = path.stat()
    return path, info.st_size, info.st_mtime_ns


def _run(bodies: Iterable[tuple[Path | bytes, Future[Proof]]]) -> None:
    for body, future in bodies:
        try:
            future.set_result(_proof(body))
        except Exception as fault:  # it is raised where the result is asked for
            future.set_exception(fault)


def _blocks(body: Path | bytes) -> Iterator[bytes]:
    if isinstance(body, bytes):
        for at in range(0, len(body), BLOCK):
            yield body[at : at + BLOCK]
        return
    with body.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _proof(body: Path | bytes) -> Proof:
    digest = hashlib.sha256()
    utf8, zeros, quotes, tail = True, False, False, b""
    for block in _blocks(body):
        digest.update(block)
        zeros = zeros or b"\x00" in block
        quotes = quotes or b'"' in block
        if utf8 and (tail or not block.isascii()):
            joined = tail + block
            utf8 = is_utf8(joined, clipped=True)
            tail = _unfinished(joined) if utf8 else b""
    return Proof(sha256=digest.hexdigest(), utf8=utf8 and not tail, zeros=zeros, quotes=quotes)


def _unfinished(block: bytes) -> bytes:
    """The first bytes of a character that the block cuts in two."""
    for back in range(1, min(4, len(block) + 1)):
        if block[-back] >= 0xC0:
            return b"" if is_utf8(block[-back:]) else block[-back:]
    return b""

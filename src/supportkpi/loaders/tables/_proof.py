"""One pass over all bytes of a text, in a thread of its own: its hash, and whether all of it is plain UTF-8."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from supportkpi.loaders.tables._encodings import is_utf8

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What all bytes together show."""

    sha256: str
    utf8: bool
    zeros: bool
    quotes: bool


def prove(body: Path | bytes) -> Future[Proof]:
    """Begin the pass over a file or a text in memory; it runs while the table is scanned."""
    pool = ThreadPoolExecutor(max_workers=1)
    future = pool.submit(_prove, body)
    pool.shutdown(wait=False)
    return future


def _blocks(body: Path | bytes) -> Iterator[bytes]:
    if isinstance(body, bytes):
        for at in range(0, len(body), BLOCK):
            yield body[at : at + BLOCK]
        return
    with body.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _prove(body: Path | bytes) -> Proof:
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

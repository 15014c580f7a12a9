"""Packed bytes to plain ones: gzip and zstd, piece by piece, so that nothing expands beyond what an export needs."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from supportkpi.errors import ArchiveBroken, Where

PIECE = 1 << 20  # bytes that are unpacked at a time
LARGEST = 8 << 30  # bytes that a file may expand to, with all that is packed inside it
FREE = 64 << 20  # bytes up to which nobody asks how well they were packed
RATIO = 250  # times that more than those may expand; a repetitive export reaches about 60
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPED = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
"""What zstd frames begin with that hold no data."""


@dataclass(slots=True)
class Room:
    """How much a file may still expand to: one for all that is inside it, archives in archives too."""

    name: str
    packed: int
    used: int = 0

    def take(self, size: int) -> None:
        """Count bytes that were unpacked. Raises ArchiveBroken when they are too many."""
        self.used += size
        if self.used > LARGEST or (self.used > FREE and self.used > RATIO * self.packed):
            raise ArchiveBroken(
                f"{self.name} expands to over {self.used >> 20:,} MB",
                hint="no export is packed like that; unpack it yourself if it is sound",
                where=Where(path=self.name),
            )


def is_packed(data: bytes) -> bool:
    """Whether bytes begin as gzip or zstd does."""
    return data.startswith((GZIP, ZSTD, *_SKIPPED))


def unpacked(data: bytes, name: str, room: Room) -> tuple[bytes, bool]:
    """What gzip or zstd bytes hold, all their members one after another; True when they end too early.

    Raises ArchiveBroken.
    """
    pieces: list[bytes] = []
    cut = False
    for piece in _gunzip(data, name) if data.startswith(GZIP) else _unzstd(data, name):
        if piece is None:
            cut = True
        else:
            room.take(len(piece))
            pieces.append(piece)
    return b"".join(pieces), cut


def _damaged(name: str) -> ArchiveBroken:
    return ArchiveBroken(f"{name} is damaged and cannot be unpacked", hint="download it again", where=Where(path=name))


def _gunzip(data: bytes, name: str) -> Iterator[bytes | None]:
    """The pieces of gzip members; None at the end where the last of them is cut."""
    while data.startswith(GZIP):  # behind the last member there may be zero padding
        unpack = zlib.decompressobj(31)
        rest = data
        while not unpack.eof:
            try:
                piece = unpack.decompress(rest, PIECE)
            except zlib.error:
                raise _damaged(name) from None
            rest = unpack.unconsumed_tail
            yield piece
            if not rest and not piece:
                yield None
                return
        data = unpack.unused_data


def _unzstd(data: bytes, name: str) -> Iterator[bytes | None]:
    """The pieces of zstd frames; None at the end where the last of them is cut."""
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - few exports are packed so
    else:
        from backports import zstd  # noqa: PLC0415
    while data.startswith((ZSTD, *_SKIPPED)):
        unpack = zstd.ZstdDecompressor()
        rest = data
        while not unpack.eof:
            try:
                piece = unpack.decompress(rest, PIECE)
            except zstd.ZstdError:
                raise _damaged(name) from None
            rest = b""
            yield piece
            if not piece and unpack.needs_input:
                yield None
                return
        data = unpack.unused_data

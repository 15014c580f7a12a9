"""Old binary workbooks (.xls): whether their inside is whole, and how far their sheets reach.

Such a file is a small file system. Its reader follows chains of sectors without asking whether they end, so that is
proven first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST, _FREE = 0xFFFFFFFA, 0xFFFFFFFF
_STREAM, _ROOT = 2, 5
_NAMES = ("Workbook", "Book")
_SHEET, _WORDS = 0x0200, 0x00FC
_ROWS, _COLUMNS = 65_536, 256
_CELLS = frozenset((0x0203, 0x00FD, 0x027E, 0x00BD, 0x0006, 0x0204, 0x0205, 0x00D6, 0x0406, 0x0206, 0x0003, 0x0004))


class Torn(Exception):
    """The chains of the file do not hold together."""


def reach(data: bytes) -> tuple[int, int]:
    """The last row and column with a value in any sheet of an old workbook. Raises Torn."""
    try:
        return _reach(_Office(data).workbook())
    except (struct.error, IndexError, ValueError):
        raise Torn from None


def _reach(book: bytes) -> tuple[int, int]:
    rows, columns, at = 0, 0, 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind in _CELLS and size >= 6 and at + 8 <= len(book):
            row, column = struct.unpack_from("<HH", book, at + 4)
            last = (
                struct.unpack_from("<H", book, at + 2 + size)[0] if kind == 0x00BD and at + 4 + size <= len(book) else 0
            )
            rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
        elif kind in (_SHEET, _WORDS):
            _check_promise(kind, book[at + 4 : at + 4 + size], len(book))
        at += 4 + size
    if columns > _COLUMNS:
        raise Torn
    return rows, columns


def _check_promise(kind: int, said: bytes, length: int) -> None:
    """How large a sheet and how many the words are is believed by the reader, who makes room for that. Raises Torn."""
    if kind == _WORDS and len(said) >= 8 and max(struct.unpack_from("<LL", said)) > length:
        raise Torn
    if kind == _SHEET and len(said) >= 10:
        first, rows, left, columns = struct.unpack_from("<LLHH" if len(said) >= 12 else "<HHHH", said)
        if not first <= rows <= _ROWS or not left <= columns <= _COLUMNS:
            raise Torn


class _Office:
    """The chains and streams of a file, each of them proven to end."""

    def __init__(self, data: bytes) -> None:
        shift, small = struct.unpack_from("<HH", data, 30)
        if not data.startswith(MAGIC) or shift not in (9, 12) or small != 6:
            raise Torn
        self.data, self.size = data, 1 << shift
        self.count = len(data) // self.size + 1
        self.next = self._table()
        first, _, cutoff, mini = struct.unpack_from("<4L", data, 48)
        self.entries = list(self._entries(b"".join(map(self._sector, self._chain(first, self.next)))))
        self.mini = self._numbers(self._chain(mini, self.next)) if mini < _LAST else []
        for kind, _name, start, size in self.entries:
            if kind == _ROOT or size >= cutoff:
                self._chain(start, self.next)
            elif size:
                self._chain(start, self.mini)
        self.cutoff = cutoff

    def workbook(self) -> bytes:
        """The stream of the workbook."""
        found = [entry for entry in self.entries if entry[0] == _STREAM and entry[1] in _NAMES]
        if not found:
            raise Torn
        _kind, _name, start, size = found[0]
        if size >= self.cutoff:
            return b"".join(map(self._sector, self._chain(start, self.next)))[:size]
        root = next((entry for entry in self.entries if entry[0] == _ROOT), None)
        if root is None:
            raise Torn
        whole = b"".join(map(self._sector, self._chain(root[2], self.next)))
        return b"".join(whole[at << 6 : (at + 1) << 6] for at in self._chain(start, self.mini))[:size]

    def _table(self) -> list[int]:
        """Which sector follows each."""
        sectors = [number for number in struct.unpack_from("<109L", self.data, 76) if number != _FREE]
        more, left = struct.unpack_from("<L", self.data, 68)[0], self.count
        while more < _LAST:
            *numbers, more = self._numbers([more])
            sectors += [number for number in numbers if number != _FREE]
            left -= 1
            if left < 0:
                raise Torn
        if len(sectors) > self.count:
            raise Torn
        return self._numbers(sectors)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.data):
            raise Torn
        return self.data[start : start + self.size]

    def _numbers(self, sectors: list[int]) -> list[int]:
        found: list[int] = []
        for sector in map(self._sector, sectors):
            found += struct.unpack(f"<{len(sector) // 4}L", sector[: len(sector) // 4 * 4])
        return found

    def _chain(self, start: int, following: list[int]) -> list[int]:
        """The sectors from one on. Raises Torn where they do not end."""
        found: list[int] = []
        while start < _LAST:
            if start >= len(following) or len(found) > len(following):
                raise Torn
            found.append(start)
            start = following[start]
        return found

    def _entries(self, folder: bytes) -> Iterator[tuple[int, str, int, int]]:
        """Kind, name, first sector and size of what is in the file."""
        for at in range(0, len(folder) - 127, 128):
            length, kind = struct.unpack_from("<HB", folder, at + 64)
            if kind in (_STREAM, _ROOT):
                name = folder[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
                start, size = struct.unpack_from("<LL", folder, at + 116)
                if size > len(self.data) and kind == _STREAM:
                    raise Torn
                yield kind, name, start, size

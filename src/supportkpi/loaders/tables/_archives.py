"""Zip archives: the exports among their members, each under the archive's name, ``march.zip/tickets.csv``."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supportkpi.errors import ArchiveBroken, Where
from supportkpi.loaders.tables._unpack import PIECE, Room

BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SUFFIXES = (*(".csv", ".tsv", ".tab", ".json", ".ndjson", ".jsonl", ".parquet", ".zip"), *BOOKS)
PACKED = (".gz", ".zst")
MEMBERS = 10_000  # that an archive may have
ZIP = b"PK\x03\x04"
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError),
    *(NotImplementedError, OverflowError, IndexError),
)
_DRIVE = re.compile(r"[A-Za-z]:")
_CYRILLIC = re.compile(r"[А-яЁё]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive: its whole name, ``march.zip/tickets.csv``, and its bytes."""

    name: str
    data: bytes
    notes: tuple[str, ...] = ()


def is_export(name: str) -> bool:
    """Whether a file's name is that of an export: by suffix, in whatever letters; no hidden file, no mark of a lock."""
    last = name.rpartition("/")[2].rpartition("\\")[2].lower()
    for suffix in PACKED:
        last = last.removesuffix(suffix)
    return last.endswith(SUFFIXES) and not last.startswith((".", "~$"))


def is_lock(name: str) -> bool:
    """Whether a file only says that a spreadsheet has another one open."""
    return name.startswith(("~$", ".~lock."))


def members_of(data: bytes, name: str, room: Room, only: str | None = None) -> Iterator[Member]:
    """The exports in an archive, or ``only`` the one of that name and what it may lie in.

    Raises:
        ArchiveBroken: it is damaged, locked, expands too far, has names that lead out of it, or no export.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            named = {_name(entry, name): entry for entry in entries}
            if len(entries) > MEMBERS:
                raise _broken(name, f"has {len(entries):,} files in it", "give the ones that are exports")
            seen = [one for one in named if not any(part.startswith((".", "__MACOSX")) for part in one.split("/"))]
            exports = _exports(seen, name)
            notes = _passed_over([one for one in seen if one not in set(exports)])
            for member in exports:
                whole = f"{name}/{member}"
                if only is None or only == whole or only.startswith(f"{whole}/"):
                    yield Member(name=whole, data=_bytes(archive, named[member], whole, room), notes=notes)
                    notes = ()
    except _FAULTS:
        raise _broken(name, "is damaged and cannot be unpacked") from None


def _broken(name: str, what: str, hint: str = "download it again") -> ArchiveBroken:
    shown = "standard input" if name == "-" else name
    return ArchiveBroken(f"{shown} {what}", hint=hint, where=Where(path=name))


def _name(entry: zipfile.ZipInfo, archive: str) -> str:
    """The name of a member, with slashes; those of Windows are in the old encoding of its country."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            russian = raw.decode("cp866")
            name = russian if _CYRILLIC.search(russian) else name
    name = name.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        hint = "no export is packed like that; if you know where it comes from, unpack it yourself"
        raise _broken(archive, f"holds a file with a name that leads out of it: {name!r}", hint)
    return name


def _passed_over(names: Sequence[str]) -> tuple[str, ...]:
    listed = ", ".join(sorted(names)[:3]) + (" …" if len(names) > 3 else "")
    count = f"{len(names):,} files that are no exports" if len(names) > 1 else "a file that is no export"
    return (f"{count} passed over in the archive: {listed}",) if names else ()


def _exports(seen: Sequence[str], archive: str) -> list[str]:
    """The members that are exports; a lone file is one, whatever its name is."""
    found = sorted(name for name in seen if is_export(name))
    if found or len(seen) == 1:
        return found or list(seen)
    if not seen:
        raise _broken(archive, "is an archive with no file in it", "export it again")
    listed = ", ".join(sorted(seen)[:5]) + (" …" if len(seen) > 5 else "")
    raise _broken(
        archive, f"is an archive without an export: it holds {listed}", "unpack it and name the file you mean"
    )


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: Room) -> bytes:
    if entry.flag_bits & 0x1:
        raise _broken(name, "is locked with a password", "unpack it yourself and give the file inside")
    pieces: list[bytes] = []
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                room.take(len(piece))
                pieces.append(piece)
    except NotImplementedError:
        raise _broken(name, "is packed in a way that is not known here", "unpack it yourself") from None
    except _FAULTS:
        raise _broken(name, "is damaged and cannot be unpacked") from None
    return b"".join(pieces)

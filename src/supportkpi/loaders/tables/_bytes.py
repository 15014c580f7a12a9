"""Files to bytes: opening, unpacking within bounds, and what kind of content it is."""

from __future__ import annotations

import difflib
import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from supportkpi.errors import ArchiveBroken, FileEmpty, FileMissing, FileUnreadable, FormatUnknown, KpiError, Where
from supportkpi.loaders.tables._archives import BOOKS, ZIP, members_of
from supportkpi.loaders.tables._encodings import marked, wide
from supportkpi.loaders.tables._unpack import Room, is_packed, unpacked

HEAD = 1 << 20  # bytes that are looked at before anything is decided
SMALL = HEAD  # a file up to this size is simply held and read with care
NESTED = 3  # archives inside archives

_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"BZh", "a file packed with bzip2"),
    (b"\xfd7zXZ", "a file packed with xz"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_PACKED = ("bzip2", "xz", "7-Zip", "RAR")
_OTHER_ZIPS = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a presentation"),
    ("Index/Document.iwa", "a document of Apple's Numbers"),
)
_MARKUP = re.compile(rb"<(!doctype\s+html|html|table|head|body|meta|style|script|div)\b", re.IGNORECASE)
_JSON = re.compile(r"[\[{]\s*(?:[\[{\"\]}]|$)|\[\s*(?:-?\d|null|true|false)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An opened input: its first bytes, and all of them either held in ``data`` or left in ``file``."""

    name: str
    head: bytes
    size: int
    data: bytes | None = None
    file: Path | None = None
    sha256: str = ""
    cut: bool = False  # the archive ended too early
    notes: tuple[str, ...] = ()
    room: Room = field(default_factory=lambda: Room(name="", packed=0))  # what it may still expand to
    given: bool = False  # its bytes came from the caller, so that nobody can open it again by its name

    @property
    def body(self) -> bytes | None:
        """What has to be kept to read it once more."""
        return self.data if self.given else None

    def everything(self) -> bytes:
        """All bytes. Raises FileUnreadable."""
        if self.data is not None:
            return self.data
        try:
            return Path(self.name).read_bytes()
        except OSError as fault:
            raise unreadable(self.name, fault) from None

    def digest(self) -> str:
        """The SHA-256 of the file as it lies there, in hexadecimal."""
        if self.sha256 or self.file is None:
            return self.sha256
        with self.file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def titled(name: str) -> str:
    """A file as a sentence names it."""
    return "standard input" if name == "-" else name


def unreadable(name: str, fault: OSError) -> FileUnreadable | FileMissing:
    """The system's refusal as an error of ours."""
    if isinstance(fault, FileNotFoundError | NotADirectoryError):
        return missing(name)
    if isinstance(fault, IsADirectoryError):
        return FileUnreadable(f"{name} is a folder", hint=f"name the files in it, for example {name}/*.csv")
    reason = "no permission" if isinstance(fault, PermissionError) else (fault.strerror or "the system refuses").lower()
    return FileUnreadable(f"{name} cannot be read: {reason}", hint="close what has it open, or copy the file")


def missing(name: str) -> FileMissing:
    """The error for a name that nothing bears, with the nearest name that something does."""
    near: list[str] = []
    try:
        folder = Path(name).parent
        near = difflib.get_close_matches(Path(name).name, [entry.name for entry in folder.iterdir()], n=1)
        near = [str(folder / found) for found in near]
    except (OSError, ValueError):
        pass
    if re.match(r"[a-z]+://", name):
        return FileMissing(f"{name} is an address, not a file", hint="download it first")
    return FileMissing(f"no such file: {name}", hint=f"did you mean {near[0]}?" if near else "check name and folder")


def open_source(name: str, given: bytes | None = None) -> Source:
    """Open a file, one in an archive (``march.zip/tickets.csv``), or bytes that are ``given``; gzip and zstd unpacked.

    Raises FileMissing, FileUnreadable, FileEmpty, ArchiveBroken.
    """
    if given is not None or name == "-":
        body = given if given is not None else b""
        return opened(name, body, Room(name=titled(name), packed=len(body)), given=True)
    path = Path(name)
    try:
        info = path.stat()
        _check_ordinary(info.st_mode)
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if stat.S_ISFIFO(info.st_mode) or info.st_size <= SMALL or is_packed(head):
                data = head + stream.read()
                return opened(name, data, Room(name=name, packed=len(data)), notes=_left_open(path))
    except (FileNotFoundError, NotADirectoryError) as fault:
        inside = _inside(name)
        if inside is not None:
            return inside
        raise unreadable(name, fault) from None
    except OSError as fault:
        raise unreadable(name, fault) from None
    except ValueError:
        raise missing(name) from None
    room = Room(name=name, packed=info.st_size)
    return Source(name=name, head=head, size=info.st_size, file=path, room=room, notes=_left_open(path))


def _check_ordinary(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        raise OSError(0, "not an ordinary file")


def _left_open(path: Path) -> tuple[str, ...]:
    """What is to be said of a workbook that lies beside the mark of a spreadsheet which has it open."""
    marks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    if not path.name.lower().endswith(BOOKS) or not any(path.with_name(mark).exists() for mark in marks):
        return ()
    return ("a spreadsheet has this workbook open: what is not saved there yet is missing here",)


def _inside(name: str) -> Source | None:
    """The file in an archive that a name with the archive's own name in front means."""
    for slash in reversed([at for at, letter in enumerate(name) if letter in "/\\" and at]):
        try:
            lies = Path(name[:slash]).is_file()
        except (OSError, ValueError):
            return None
        if lies:
            outer = open_source(name[:slash])
            return _found(outer, name) if kind_of(outer) == "zip" else None
    return None


def is_inside(name: str) -> bool:
    """Whether a name means a file in an archive."""
    try:
        return _inside(name) is not None
    except KpiError:  # it will be told when it is read
        return True


def _found(outer: Source, name: str) -> Source | None:
    for inner in inside(outer, only=name):
        return inner if inner.name == name else _found(inner, name)
    return None


def inside(archive: Source, only: str | None = None) -> Iterator[Source]:
    """The exports in an archive, one after another. Raises ArchiveBroken."""
    for member in members_of(archive.everything(), archive.name, archive.room, only):
        yield opened(member.name, member.data, archive.room, given=archive.given, notes=(*archive.notes, *member.notes))


def opened(name: str, raw: bytes, room: Room, *, given: bool = False, notes: tuple[str, ...] = ()) -> Source:
    """Bytes that are held, unpacked. Raises FileEmpty, ArchiveBroken."""
    if not raw:
        raise FileEmpty(f"{titled(name)} is empty", hint="export it again", where=Where(path=name))
    sha256 = hashlib.sha256(raw).hexdigest()
    data, cut = raw, False
    for _ in range(NESTED):
        if not is_packed(data):
            break
        data, short = unpacked(data, titled(name), room)
        cut = cut or short
    if not data and cut:
        raise ArchiveBroken(
            f"{titled(name)} ends before anything can be unpacked", hint="download it again", where=Where(path=name)
        )
    if not data:
        raise FileEmpty(f"{titled(name)} holds nothing", hint="export it again", where=Where(path=name))
    said = ("the packed file ends too early; what could be unpacked was read",) if cut else ()
    return Source(
        name=name,
        head=data[:HEAD],
        size=len(data),
        data=data,
        sha256=sha256,
        cut=cut,
        room=room,
        given=given,
        notes=(*notes, *said),
    )


def kind_of(source: Source) -> str:
    """What the content is: ``xlsx``, ``xls``, ``ods``, ``parquet``, ``zip``, ``html`` or ``text``.

    Raises FormatUnknown with what else it is, FileEmpty, ArchiveBroken.
    """
    head = source.head
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise _unknown(source.name, what)
    if head.startswith(ZIP):
        return _zip_kind(source)
    if head.startswith((b"PAR1", b"\xd0\xcf\x11\xe0")):
        return "parquet" if head.startswith(b"PAR1") else "xls"
    start = head[:4000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _MARKUP.match(start) or (start.startswith(b"<?xml") and b"<html" in start.lower()):
        if b"<tr" in head.lower():
            return "html"
        raise web_page(source.name)
    if start.startswith(b"<?xml"):
        raise _unknown(source.name, "an XML document")
    if not head.strip(b"\x00\x1a \t\r\n\xef\xbb\xbf"):
        raise FileEmpty(
            f"{titled(source.name)} holds nothing but blanks", hint="export it again", where=Where(path=source.name)
        )
    if marked(head) in (None, "utf-8") and wide(head) is None and _is_binary(head):
        raise _unknown(source.name, "not text but binary data")
    return "text"


def web_page(name: str) -> FormatUnknown:
    """The error about a web page without a table."""
    return _unknown(name, "a web page (HTML) without a table, whatever its name says")


def looks_like_json(text: str) -> bool:
    """Whether a text begins as JSON does, and not as a header in brackets."""
    return _JSON.match(text[:2000].lstrip("\ufeff \t\r\n")) is not None


def _is_binary(head: bytes) -> bool:
    sample = head[:65536].rstrip(b"\x00")
    control = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f")
    return control > 5 and control * 50 > len(sample)


def _zip_kind(source: Source) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source.everything())) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise ArchiveBroken(
            f"{titled(source.name)} is a damaged workbook or archive",
            hint="download it again",
            where=Where(path=source.name),
        ) from None
    names = {entry.filename for entry in entries}
    book = any(name.startswith("xl/workbook") for name in names)
    if book or {"content.xml", "mimetype"} <= names:  # who reads it does not count what it expands to
        source.room.take(sum(entry.file_size for entry in entries))
        return "xlsx" if book else "ods"
    for name, what in _OTHER_ZIPS:
        if name in names:
            raise _unknown(source.name, what)
    return "zip"


def _unknown(name: str, what: str) -> FormatUnknown:
    packed = any(word in what for word in _PACKED)
    hint = (
        "unpack it and give the file inside"
        if packed
        else "open it in its own program and save it as CSV (UTF-8) or XLSX"
    )
    return FormatUnknown(f"{titled(name)} is {what}", hint=hint, where=Where(path=name))

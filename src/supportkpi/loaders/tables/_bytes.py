"""Files to bytes: opening, unpacking within bounds, and what kind of content it is."""

from __future__ import annotations

import difflib
import hashlib
import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from supportkpi.errors import ArchiveBroken, FileEmpty, FileMissing, FileUnreadable, FormatUnknown, Where
from supportkpi.loaders.tables._encodings import marked, wide

HEAD = 1 << 20  # bytes that are looked at before anything is decided
SMALL = HEAD  # a file up to this size is simply held and read with care
LARGEST = 8 << 30  # bytes that an archive may expand to
RATIO = 250  # times that an archive may expand; a repetitive export reaches about 60

_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old binary workbook (.xls), or a workbook with a password"),
    (b"PAR1", "a Parquet file"),
    (b"\x28\xb5\x2f\xfd", "a file packed with zstd"),
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
_PACKED = ("zstd", "bzip2", "xz", "7-Zip", "RAR", "zip")
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


def open_source(name: str, stdin: bytes | None = None) -> Source:
    """Open a file, or the bytes of standard input for ``-``, and unpack gzip.

    Raises FileMissing, FileUnreadable, FileEmpty, ArchiveBroken.
    """
    if name == "-":
        return _held(name, stdin if stdin is not None else b"")
    path = Path(name)
    try:
        info = path.stat()
        _check_ordinary(info.st_mode)
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if stat.S_ISFIFO(info.st_mode) or info.st_size <= SMALL or head.startswith(b"\x1f\x8b"):
                return _held(name, head + stream.read())
    except OSError as fault:
        raise unreadable(name, fault) from None
    except ValueError:
        raise missing(name) from None
    return Source(name=name, head=head, size=info.st_size, file=path)


def _check_ordinary(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        raise OSError(0, "not an ordinary file")


def _held(name: str, raw: bytes) -> Source:
    if not raw:
        raise FileEmpty(f"{titled(name)} is empty", hint="export it again", where=Where(path=name))
    sha256 = hashlib.sha256(raw).hexdigest()
    if not raw.startswith(b"\x1f\x8b"):
        return Source(name=name, head=raw[:HEAD], size=len(raw), data=raw, sha256=sha256)
    data, cut = gunzip(raw, name)
    if not data and cut:
        raise ArchiveBroken(f"{titled(name)} ends before anything can be unpacked", hint="download it again")
    if not data:
        raise FileEmpty(f"{titled(name)} holds nothing", hint="export it again", where=Where(path=name))
    notes = ("the gzip file ends too early; what could be unpacked was read",) if cut else ()
    return Source(name=name, head=data[:HEAD], size=len(data), data=data, sha256=sha256, cut=cut, notes=notes)


def gunzip(raw: bytes, name: str) -> tuple[bytes, bool]:
    """Unpack gzip, all its members, within bounds; True when it ends too early. Raises ArchiveBroken."""
    parts: list[bytes] = []
    size = 0
    rest = raw
    unpack = zlib.decompressobj(31)
    while True:
        try:
            part = unpack.decompress(rest, HEAD)
        except zlib.error:
            raise ArchiveBroken(f"{titled(name)} is damaged and cannot be unpacked", hint="download it again") from None
        parts.append(part)
        size += len(part)
        if size > LARGEST or (size > 64 * HEAD and size > RATIO * len(raw)):
            raise ArchiveBroken(
                f"{titled(name)} expands to over {size >> 20:,} MB", hint="unpack it yourself if it is sound"
            )
        if not unpack.eof:
            rest = unpack.unconsumed_tail
            if not rest and not part:
                return b"".join(parts), True
            continue
        rest = unpack.unused_data
        if not rest.startswith(b"\x1f\x8b"):  # zero padding and the like behind the last member
            return b"".join(parts), False
        unpack = zlib.decompressobj(31)


def kind_of(source: Source) -> str:
    """``xlsx``, ``html`` or ``text``, by content. Raises FormatUnknown with what else it is, FileEmpty."""
    head = source.head
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise _unknown(source.name, what)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(source)
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
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ArchiveBroken(
            f"{titled(source.name)} is a damaged workbook or archive", hint="download it again"
        ) from None
    names = {entry.filename for entry in entries}
    size = sum(entry.file_size for entry in entries)
    if size > LARGEST or (size > 256 * HEAD and size > RATIO * source.size):
        raise ArchiveBroken(
            f"{titled(source.name)} expands to {size >> 20:,} MB", hint="no export needs that; export it again"
        )
    if any(name.startswith("xl/workbook") for name in names):
        return "xlsx"
    what = "an OpenDocument spreadsheet" if "content.xml" in names else "a zip archive"
    raise _unknown(source.name, what)


def _unknown(name: str, what: str) -> FormatUnknown:
    packed = any(word in what for word in _PACKED)
    hint = (
        "unpack it and give the file inside"
        if packed
        else "open it in its own program and save it as CSV (UTF-8) or XLSX"
    )
    return FormatUnknown(f"{titled(name)} is {what}", hint=hint, where=Where(path=name))

"""Archives and packed files: what is in them, under which name, and which are refused."""

from __future__ import annotations

import gzip
import io
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.errors import ArchiveBroken, FileEmpty, FileMissing, FormatUnknown
from supportkpi.loaders.tables import Table, _unpack, expand, lines_of, read, surely

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TICKETS = b"id,status,created at\n1,open,2026-05-04 10:00\n2,closed,2026-05-05 10:00\n"
RECORDS = b'[{"id":3,"status":"open"}]'


def packed(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def tables(data: bytes) -> list[Table]:
    """The tables of an archive called march.zip."""
    return read("march.zip", Reading(), data)


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_packed_file_is_what_is_in_it(pack: object) -> None:
    assert callable(pack)
    for body, kind in ((TICKETS, "csv"), (RECORDS, "json"), (packed({"a.csv": TICKETS}), "csv")):
        once, twice = tables(pack(body)), tables(pack(body) + pack(b"") if kind != "csv" else pack(pack(body)))
        assert [table.format for table in once] == [table.format for table in twice] == [kind]
    (joined,) = tables(pack(TICKETS) + pack(b"3,open,2026-05-06 10:00\n"))
    assert joined.rows == 3


def test_members_are_named_with_their_archive() -> None:
    inner = packed({"deep.csv": TICKETS})
    found = tables(
        packed(
            {
                "tickets/may.csv": TICKETS,
                "Win\\april.csv": TICKETS,
                "JUNE.CSV.GZ": gzip.compress(TICKETS),
                "more/inner.zip": inner,
                "extra.json": RECORDS,
                "readme.md": b"# no export",
                "photo.png": b"\x89PNG",
                "__MACOSX/tickets/._may.csv": b"\x00\x05",
                ".hidden.csv": TICKETS,
                "~$book.xlsx": b"x",
                "empty/": b"",
            }
        )
    )
    assert [table.name for table in found] == [
        "march.zip/JUNE.CSV.GZ",
        "march.zip/Win/april.csv",
        "march.zip/extra.json",
        "march.zip/more/inner.zip/deep.csv",
        "march.zip/tickets/may.csv",
    ]
    assert [table.rows for table in found] == [2, 2, 1, 2, 2]
    assert found[0].notes == (
        "3 files that are no exports passed over in the archive: photo.png, readme.md, ~$book.xlsx",
    )
    assert not found[1].notes


def test_a_lone_member_needs_no_suffix() -> None:
    assert tables(packed({"export": TICKETS}))[0].rows == 2


def test_a_file_in_an_archive_has_a_name_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = b"id,status\n" + b"1,open\n" * 160_000 + b"2,a,b\n"
    (tmp_path / "m.zip").write_bytes(packed({"t/a.csv": lines, "b.zip": packed({"c.csv": TICKETS})}))
    assert expand(["m.zip/t/a.csv", "m.zip/b.zip/c.csv", "m.zip"]) == ["m.zip/t/a.csv", "m.zip/b.zip/c.csv", "m.zip"]
    (inner,) = read("m.zip/b.zip/c.csv", Reading())
    assert (inner.name, inner.rows) == ("m.zip/b.zip/c.csv", 2)
    (large,) = read("m.zip/t/a.csv", Reading())
    assert large.body is None
    assert [(reject.path, reject.line) for reject in large.rejects] == [("m.zip/t/a.csv", 160_002)]
    assert lines_of(large, [0, 5]) == {0: 2, 5: 7}
    assert surely(large, Reading()).rows == large.rows
    with pytest.raises(FileMissing):
        expand(["m.zip/none.csv"])


def test_the_ledger_names_each_file_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "m.zip"
    path.write_bytes(packed({"april.csv": TICKETS, "may.csv": TICKETS.replace(b"\n1,", b"\n7,") + b"9,open\n"}))
    data = pipeline.load(str(path))
    assert [(Path(one.path).name, one.rows_read, one.used) for one in data.ledger] == [
        ("april.csv", 2, 1),
        ("may.csv", 3, 2),
    ]
    assert [reject.path for reject in data.rejects] == [f"{path}/may.csv"]


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "C:\\a.csv", "x/../../a.csv", "..\\a.csv"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(ArchiveBroken, match="leads out"):
        tables(packed({name: TICKETS, "b.csv": TICKETS}))


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_unpack, "FREE", 1 << 20)
    zeros = bytes(2 << 20)
    for bomb in (
        packed({"a.csv": TICKETS + zeros}),
        gzip.compress(TICKETS + zeros),
        zstd.compress(TICKETS + zeros),
        packed({f"{number}.csv": TICKETS + bytes(1 << 17) for number in range(9)}),
        packed({"a.csv.gz": gzip.compress(zeros)}),
        packed({"a.zip": packed({"a.csv": zeros})}),
    ):
        with pytest.raises(ArchiveBroken, match="expands to over"):
            tables(bomb)
    nested = packed({"a.csv": TICKETS})
    for _ in range(6):
        nested = packed({"a.zip": nested})
    with pytest.raises(ArchiveBroken, match="archives in archives"):
        tables(nested)


def test_a_size_that_lies_is_no_way_in() -> None:
    body = packed({"a.csv": b"id,a\n" + b"1,2\n" * 1_000_000})
    size = struct.pack("<L", 5 + 4_000_000)
    assert body.count(size) == 2
    with pytest.raises(ArchiveBroken):  # it says that it holds ten bytes
        tables(body.replace(size, struct.pack("<L", 10)))


def test_archives_without_an_export() -> None:
    with pytest.raises(ArchiveBroken, match=r"a\.pdf, b\.md"):
        tables(packed({"a.pdf": b"%PDF", "b.md": b""}))
    with pytest.raises(ArchiveBroken, match="no file"):
        tables(packed({"folder/": b""}))
    with pytest.raises(FormatUnknown, match="Word"):
        tables(packed({"word/document.xml": b"<x/>"}))


def test_locked_and_damaged_members() -> None:
    body = bytearray(packed({"a.csv": TICKETS * 9}, zipfile.ZIP_STORED))
    damaged = bytes(body[:60]) + b"X" + bytes(body[61:])
    with pytest.raises(ArchiveBroken, match=r"march\.zip/a\.csv is damaged"):
        tables(damaged)
    body[6] |= 1
    body[body.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveBroken, match="password"):
        tables(bytes(body))


def test_names_in_the_encoding_of_russian_windows() -> None:
    body = packed({"zzzzzz.csv": TICKETS}).replace(b"zzzzzz", "Заявки".encode("cp866"))
    assert tables(body)[0].name == "march.zip/Заявки.csv"


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, lambda body: packed({"a.csv": body})])
def test_a_packed_file_cut_anywhere_is_an_error_or_gives_whole_rows(pack: object) -> None:
    assert callable(pack)
    whole = pack(TICKETS)
    for end in range(4, len(whole)):  # less does not say what it is
        try:
            (found,) = tables(whole[:end])
        except (ArchiveBroken, FileEmpty):
            continue
        expected = tables(TICKETS)[0].frame.collect().rows()
        assert found.frame.collect().rows() == expected[: found.rows]
        assert len(found.rejects) <= 1
        assert found.notes or found.rows == 2

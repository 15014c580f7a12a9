"""Names to files, files to bytes, and what is no table at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import FileEmpty, FileMissing, FileUnreadable, FormatUnknown, TableBroken
from supportkpi.loaders.tables import expand, read


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.csv", "a.csv", "c.json.gz", "notes.md", ".hidden.csv", "~$book.xlsx", "more/d.tsv", ".git/e.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("id,a\n1,2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_expand(folder: Path) -> None:
    assert expand(["b.csv", "-", "*.csv"]) == ["b.csv", "-", "a.csv"]
    assert expand(["."]) == ["a.csv", "b.csv", "c.json.gz", "more/d.tsv"]
    assert expand([str(folder / "m*")]) == [str(folder / "more/d.tsv")]
    (folder / "BIG.CSV.GZ").write_text("id\n")
    assert expand(["[A-Z]*.gz"]) == ["BIG.CSV.GZ"]
    (folder / "x[1].csv").write_text("id\n")
    assert expand(["x[1].csv"]) == ["x[1].csv"]


@pytest.mark.parametrize(
    "name", ["nothing.csv", "*.parquet", "a.csv/b", "x" * 5_000, "a\x00b", "https://example.com/a.csv"]
)
@pytest.mark.usefixtures("folder")
def test_what_is_not_there(name: str) -> None:
    with pytest.raises(FileMissing):
        expand([name])
    with pytest.raises((FileMissing, FileUnreadable)):
        read(name, Reading())


def test_a_folder_without_an_export(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(FileMissing, match="no export in the folder empty: it is empty"):
        expand(["empty"])
    (folder / "empty" / "notes.md").write_text("x")
    with pytest.raises(FileMissing, match=r"it holds notes\.md") as caught:
        expand(["a.csv", "empty"])
    assert ".parquet" in (caught.value.hint or "")


@pytest.mark.usefixtures("folder")
def test_the_nearest_name() -> None:
    with pytest.raises(FileMissing) as caught:
        expand(["bb.csv"])
    assert caught.value.hint == "did you mean b.csv?"


def test_folder_permission_device(folder: Path) -> None:
    with pytest.raises(FileUnreadable, match="folder"):
        read(str(folder), Reading())
    with pytest.raises(FileUnreadable):
        read("/dev/null", Reading())
    (folder / "a.csv").chmod(0)
    if not os.access(folder / "a.csv", os.R_OK):
        with pytest.raises(FileUnreadable, match="permission"):
            read(str(folder / "a.csv"), Reading())


@pytest.mark.parametrize("data", [b"", b" \r\n\n", b"\xef\xbb\xbf", bytes(50), b"\xff\xfe"])
def test_empty(data: bytes) -> None:
    with pytest.raises(FileEmpty):
        read("-", Reading(), data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\r\n<html><body><table><tr><td>id", "web page"),
        (b"<!DOCTYPE html>\n<p>", "web page"),
        (b"<table border=1><tr>", "web page"),
        (b"<?xml version='1.0'?><Workbook>", "XML"),
        (b"%PDF-1.7\n", "PDF"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_other_formats_are_named(data: bytes, what: str) -> None:
    with pytest.raises(FormatUnknown, match=what) as caught:
        read("-", Reading(), data)
    assert caught.value.hint


def test_the_suffix_does_not_decide(tmp_path: Path) -> None:
    for name, text, kind in (
        ("a.csv", '[{"id":1}]', "json"),
        ("b.json", "id;a\n1;2\n", "csv"),
        ("c.xlsx", "id\ta\n", "tsv"),
    ):
        (tmp_path / name).write_text(text)
        (found,) = read(str(tmp_path / name), Reading())
        assert (found.format, found.path) == (kind, str(tmp_path / name))


def test_a_line_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.write(b"id,status,")
        stream.seek(3 << 30)  # a hole: three gigabytes that take no room
        stream.write(b"x")
    with pytest.raises((TableBroken, FormatUnknown)):
        read(str(path), Reading())
    with pytest.raises(TableBroken):
        read("-", Reading(), b"id,status," * 200_000)


def test_digest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    (found,) = read(str(tmp_path / "a.csv"), Reading())
    assert found.sha256 == "7cde7fb64fd82bd152710cf238e017b9ab46c0592483edc067ba4f6c75fac108"

"""What a pass over all bytes shows, begun early or late."""

from __future__ import annotations

import hashlib
from pathlib import Path
from unittest import mock

import pytest

from supportkpi import proofs
from supportkpi.proofs import BLOCK, begin, prove


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"id,name\n1,a\n", (True, False, False)),
        (b"", (True, False, False)),
        (b'id\n"1"\n', (True, False, True)),
        (b"id\n\x00\n", (True, True, False)),
        (b"a" * (BLOCK - 1) + "й".encode() + b"b", (True, False, False)),  # a character on the border of two blocks
        (b"a" * (BLOCK - 2) + "€".encode() * 3, (True, False, False)),
        (b"a" * (BLOCK - 1) + "й".encode()[:1], (False, False, False)),  # ends within a character
        (b"a" * BLOCK + "й".encode("cp1251"), (False, False, False)),
    ],
)
def test_a_file_and_its_bytes_are_proven_alike(tmp_path: Path, data: bytes, shown: tuple[bool, bool, bool]) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    for proof in (prove(path).result(), prove(data).result()):
        assert proof.sha256 == hashlib.sha256(data).hexdigest()
        assert (proof.utf8, proof.zeros, proof.quotes) == shown


def test_what_has_begun_is_not_done_twice(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id\n1\n")
    with mock.patch.object(proofs, "LEAST", 0), mock.patch.object(proofs, "_proof", wraps=proofs._proof) as passes:
        begin([str(path), str(tmp_path / "is not there"), str(tmp_path), "zero\x00byte", "-"])
        first = prove(path).result()
        assert passes.call_count == 1
        assert prove(path).result() == first  # asked again it is done again
        assert passes.call_count == 2


def test_a_file_that_has_changed_since_is_proven_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id\n1\n")
    with mock.patch.object(proofs, "LEAST", 0):
        begin([str(path)])
    path.write_bytes(b"id\n1\n2\n")
    assert prove(path).result().sha256 == hashlib.sha256(b"id\n1\n2\n").hexdigest()


def test_a_file_that_cannot_be_read_says_so_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id\n")
    with mock.patch.object(Path, "open", side_effect=PermissionError):
        future = prove(path)
        with pytest.raises(PermissionError):
            future.result()

"""Some eight hundred made-up files in old encodings are read right, or it is asked which one it is: never misread."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress

import pytest
from legacy_texts import HELD_OUT, LEGACY, SEEN, UNICODE, OldFile, Words, old_files

from supportkpi.decisions import Reading
from supportkpi.errors import EncodingUnclear
from supportkpi.loaders.tables import read
from supportkpi.loaders.tables._encodings import decode

POOLS = {"seen": (SEEN, (0,)), "held out": (HELD_OUT, (0, 1, 2))}
SHORT = (
    "да",
    "нет",
    "ещё",
    "Цой",
    "Ян",
    "Зоя",
    "юг",
    "ток",
    "чек",
    "вход",
    "СЧЁТ",
    "НДС",
    "ЦФО",
    "ОК",
    "Уфа",
    "май",
    "АТС",
)


def cells(data: bytes, encoding: str | None = None) -> list[list[str]]:
    """The header and the rows of a file."""
    (found,) = read("-", Reading(encoding=encoding), data)
    rows = found.frame.sort("_row").drop("_row").collect().rows()
    return [list(found.columns), *([cell or "" for cell in row] for row in rows)]


def outcome(file: OldFile) -> str:
    """``right``, ``asked`` or ``misread``; what was asked about is right once it is answered."""
    encoding = file.encoding.partition(" ")[0]
    try:
        return "right" if cells(file.data) == file.rows else "misread"
    except EncodingUnclear:
        return "asked" if cells(file.data, encoding) == file.rows else "misread"


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("encoding", [*LEGACY["ru"], *LEGACY["de"], *UNICODE])
def test_no_file_is_misread(pool: str, encoding: str) -> None:
    words, seeds = POOLS[pool]
    found = {file.name: outcome(file) for file in old_files(words, seeds) if file.encoding == encoding}
    assert len(found) >= 6
    assert [name for name, how in found.items() if how == "misread"] == []
    count = Counter(found.values())
    assert count["asked"] <= (0 if encoding in UNICODE else 0.12 * len(found))


def test_two_hundred_old_files_and_more() -> None:
    files = [file for words, seeds in POOLS.values() for file in old_files(words, seeds)]
    old = [file for file in files if file.encoding not in UNICODE]
    assert len(old) == 168
    assert len(files) == 768
    assert {file.rows[0][0].lower() for file in files} == {"id"}
    assert any(file.data.startswith(b"sep=") for file in old)


@pytest.mark.parametrize("encoding", LEGACY["ru"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_short_words_are_never_misread(encoding: str, count: int) -> None:
    luck = random.Random(count)
    for _ in range(150):
        words = [luck.choice(SHORT) for _ in range(count)]
        text = "id,agent\n" + "".join(f"{at},{word}\n" for at, word in enumerate(words))
        try:
            read_as = decode(text.encode(encoding), path="x")
        except EncodingUnclear:
            continue
        assert read_as.text == text


@pytest.mark.parametrize("words", [SEEN, HELD_OUT])
@pytest.mark.parametrize("language", ["de", "fr", "es", "pt"])
def test_one_word_with_an_accent_is_never_misread_and_two_are_enough(words: Words, language: str) -> None:
    known = [word for kind in ("word", "name", "header") for word in words[language][kind] if not word.isascii()]
    for one, two in zip(known, reversed(known), strict=True):
        text = f"id,x\n1,{one}\n"
        with suppress(EncodingUnclear):
            assert decode(text.encode("cp1252"), path="x").text == text
        text = f"{text}2,{two}\n3,{known[0]}\n"
        assert decode(text.encode("cp1252"), path="x").text == text


def test_the_same_word_a_thousand_times_says_no_more_than_once() -> None:
    text = "id,agent\n" + "".join(f"{at},ЯН\n" for at in range(1_000))
    with pytest.raises(EncodingUnclear):
        decode(text.encode("koi8-r"), path="x")

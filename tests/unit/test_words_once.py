"""A column of few words is read once for each word, and comes to what its cells come to one by one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.wide._coded import as_text, by_word, coded, codes_of, meant, once_a_word

WORDS = ["open", None, " Open ", "done", "open", "-", None, "Zürich", "done"]


def columns(words: list[str | None]) -> list[pl.Series]:
    """A column as text, by codes of its own, and by the codes that all of polars shares."""
    text = pl.Series("state", words, dtype=pl.String)
    return [text, text.cast(codes_of("test words once")), text.cast(pl.Categorical())]


@pytest.mark.parametrize("words", [WORDS, [None, None], [], ["one"]])
def test_a_column_by_codes_is_read_as_its_text_is(words: list[str | None]) -> None:
    def read_cells(cells: pl.Series) -> pl.Series:
        return cells.str.strip_chars().str.to_uppercase().replace("-", None)

    for column in columns(words):
        assert once_a_word(column, read_cells).equals(read_cells(columns(words)[0]), null_equal=True)
        assert as_text(column).equals(columns(words)[0], null_equal=True)
        assert once_a_word(column, read_cells).name == "state"


def test_words_mean_what_they_mean_and_others_are_counted() -> None:
    table = {"open": "o", "done": "d", " Open ": "o"}
    strangers = pl.Series(["from another table", "open"]).cast(codes_of("test words once"))
    for column in columns(WORDS):
        read_words, unknown = coded(column, table.get, pl.String())
        assert read_words.to_list() == ["o", None, "o", "d", "o", None, None, None, "d"]
        assert unknown == {"-": 1, "Zürich": 1}  # no word of strangers, which no row has
        assert meant(column, table.get, pl.Enum(["d", "o"])).to_list() == read_words.to_list()
        assert meant(column, lambda _: None, pl.Float64()).to_list() == [None] * len(WORDS)
        assert by_word(column, {}, pl.Float64()).to_list() == [None] * len(WORDS)
    assert strangers.to_list()[0] not in WORDS


def test_words_that_stay_codes_are_cleaned_as_such() -> None:
    codes = codes_of("test words once")
    column = pl.Series("state", WORDS).cast(codes)
    cleaned = once_a_word(column, lambda words: words.str.strip_chars().cast(codes))
    assert cleaned.dtype == codes
    assert cleaned.to_list() == ["open", None, "Open", "done", "open", "-", None, "Zürich", "done"]
    assert once_a_word(column, lambda words: words.cast(codes)) is column


def test_files_that_call_their_ratings_otherwise_are_joined(tmp_path: Path) -> None:
    for name, header, word in (("a.csv", "Satisfaction Score", "good"), ("b.csv", "CSAT", "bad")):
        rows = "".join(f"{name}{n},2026-03-0{n % 9 + 1} 08:00:00,solved,{word}\n" for n in range(30))
        (tmp_path / name).write_text(f"Ticket ID,Created at,Status,{header}\n{rows}")
    paths = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    data = load_tables([table for path in paths for table in read(path, Reading())], Reading())
    assert data.tickets.height == 60
    assert sorted(data.surveys["answer"].unique().to_list()) == ["bad", "good"]
    assert data.surveys.group_by("answer").len()["len"].to_list() == [30, 30]

from __future__ import annotations

import pytest

from supportkpi.errors import FormatUnsupported
from supportkpi.reporters import by_suffix, formats, named


def test_a_format_is_a_file_of_the_folder_and_bears_its_name() -> None:
    assert {"table", "plain", "markdown", "csv", "json"} <= set(formats())
    assert [named(name).FORMAT for name in formats()] == list(formats())


def test_no_two_formats_want_the_same_suffix() -> None:
    suffixes = [suffix for name in formats() for suffix in named(name).SUFFIXES]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize(
    ("path", "name"),
    [("out.json", "json"), ("a.b/REPORT.MD", "markdown"), ("r.tsv", "plain"), ("r.csv", "csv"), ("r.txt", "table")],
)
def test_the_suffix_of_a_file_says_its_format(path: str, name: str) -> None:
    assert by_suffix(path) is named(name)


@pytest.mark.parametrize("path", ["report", "report.pdf", "folder.csv/report"])
def test_a_suffix_that_says_nothing_is_refused_with_those_that_do(path: str) -> None:
    with pytest.raises(FormatUnsupported) as caught:
        by_suffix(path)
    assert ".json" in (caught.value.hint or "")


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FormatUnsupported) as caught:
        named("pdf")
    assert "markdown" in (caught.value.hint or "")

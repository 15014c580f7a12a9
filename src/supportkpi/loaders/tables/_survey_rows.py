"""Further rows of a header: names below merged cells; of surveys question texts, labels of answers, import ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from supportkpi.loaders.tables._footers import is_blank
from supportkpi.loaders.tables._table import clean

_DEEP = 3  # rows below the header that may still be part of it
_ANSWERS = frozenset(("Response", "Open-Ended Response"))  # what stands below a question with one column of answers
_RESPONDENT = "respondent id"
_ZONE = re.compile(r'"timeZone"\s*:\s*"([A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*)"')
_NAME = re.compile(r"(?=.*[^\W\d_])(?!.*\d\d).*")
_LONGEST = 60
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the header of a survey says: the names of the columns, the question of each that has one, a zone.

    ``rows`` stand below the first row of the header and belong to it; ``choices`` are questions with a column an
    answer: by the place of the first, the answer of each place.
    """

    names: Sequence[str]
    rows: int = 0
    questions: Mapping[int, str] = field(default_factory=dict)
    zone: str | None = None
    choices: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    grouped: bool = False  # the row above held the names of groups of columns


def heading(names: Sequence[str], below: Sequence[Sequence[str]]) -> Heading:
    """The whole header of a table: one row, or the two or three that exports of surveys have."""
    for depth, cells in enumerate(below[:_DEEP]):
        if any(cell.lstrip().startswith('{"ImportId"') for cell in cells):
            zones = [found[1] for cell in cells if (found := _ZONE.search(cell))]
            texts = below[0] if depth else []
            return _asked(names, texts, rows=depth + 1, zone=zones[0] if zones else None)
    if below and _repeats(names, below[0]):
        return _asked(names, below[0], rows=1)
    if below and _labels(names, below[0]):
        return _labelled(names, below[0])
    if below and is_lower_row(names, below[0]):
        return Heading(names=_under_groups(names, below[0]), rows=1, grouped=True)
    return Heading(names=names)


def is_lower_row(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row names the columns of a header whose merged cells stand over several: "Dates" over three of them.

    It has a name wherever the row above has none, and where that names a column alone it has nothing; where it names
    all columns, some of its names stand there twice, and only the groups tell them apart.
    """
    width = max(len(names), len(cells))
    above = [*(name.strip() for name in names), *("" for _ in range(width - len(names)))]
    lower = [*(cell.strip() for cell in cells), *("" for _ in range(width - len(cells)))]
    labels = [text for text in lower if text]
    alone = [place for place in range(width) if not lower[place]]
    covered = all(upper or label for upper, label in zip(above, lower, strict=True))
    apart = all(above[place] for place in alone) if alone else _needs_groups(above, lower)
    spans = any(not above[place] for place in range(1, width))
    worded = all(_NAME.fullmatch(label) and len(label) <= _LONGEST for label in labels)
    return covered and apart and spans and len(labels) > 1 and worded and _differ(above, lower)


def _needs_groups(above: Sequence[str], lower: Sequence[str]) -> bool:
    groups = [name for name in above if name]
    return len(groups) > 1 and bool(above[0]) and len({*groups}) == len(groups) and len({*lower}) < len(lower)


def _differ(above: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether no group has two columns of one name."""
    seen, group = [], ""
    for name, label in zip(above, lower, strict=True):
        group = name or group
        seen += [(group, label)] if label else []
    return len({*seen}) == len(seen)


def _under_groups(names: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The name of each column: its own where no other has it, else behind that of its group."""
    width = max(len(names), len(cells))
    upper = [*names, *("" for _ in range(width - len(names)))]
    lower = [*(clean(cell) for cell in cells), *("" for _ in range(width - len(cells)))]
    made, group = [], ""
    for name, label in zip(upper, lower, strict=True):
        group = name or group
        taken = label in upper or lower.count(label) > 1
        made.append(f"{group} - {label}" if label and taken else label or name)
    return made


def _asked(names: Sequence[str], texts: Sequence[str], *, rows: int, zone: str | None = None) -> Heading:
    """Names above, the questions in the row below them."""
    asked = {place: clean(text) for place, text in enumerate(texts[: len(names)])}
    asked = {place: text for place, text in asked.items() if text and _bare(text) != _bare(names[place])}
    return Heading(names=names, rows=rows, questions=asked, zone=zone)


def _bare(text: str) -> str:
    return _LETTERS.sub("", text).casefold()


def _repeats(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether the row says the names again as a person writes them: "StartDate" above "Start Date"."""
    same = sum(bool(_bare(name)) and _bare(name) == _bare(cell) for name, cell in zip(names, cells, strict=False))
    return same > 2 and any(_bare(name) == "responseid" for name in names)


def _labels(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether the row labels answers: nothing below what tells of the respondent, something below the questions."""
    if is_blank(cells) or cells[0].strip():
        return False
    if names and names[0].casefold() == _RESPONDENT:
        return True
    return not _ANSWERS.isdisjoint(cell.strip() for cell in cells)


def _labelled(names: Sequence[str], cells: Sequence[str]) -> Heading:
    """Questions above, labels of answers below: a column without a name is one more answer to its question."""
    made, asked, question = [], {}, ""
    choices: dict[int, dict[int, str]] = {}
    first = 0
    for place, name in enumerate(names):
        label = clean(cells[place]) if place < len(cells) else ""
        question, first = (name, place) if name else (question, first)
        told = "" if label in _ANSWERS else label
        made.append(name or (f"{question} - {told}" if told and question else told))
        if not name and told:
            asked[place] = told
        if told and question:
            choices.setdefault(first, {})[place] = told
    several = {place: answers for place, answers in choices.items() if len(answers) > 1 and place in answers}
    return Heading(names=made, rows=1, questions=asked, choices=several)

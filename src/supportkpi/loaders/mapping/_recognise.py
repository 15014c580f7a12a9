"""Which helpdesk a table came from, told by the set of its headers; the most specific match wins, a tie asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache

from supportkpi import texts
from supportkpi.errors import HelpdeskAmbiguous, HelpdeskUnknown, Where
from supportkpi.loaders.mapping._mapping import HELPDESKS, HelpdeskMapping, Recognise, mapping_named
from supportkpi.loaders.mapping._shelf import Shelf

_SPACES = re.compile(r"[\s\u00a0\u202f\u2007]+")
_MARKS = re.compile("^(?:\ufeff|\u00ef\u00bb\u00bf)+")


def normal(header: str) -> str:
    """A header as it compares: no mark of order (nor its mojibake), no quotes, single spaces, letter case folded."""
    return _SPACES.sub(" ", _MARKS.sub("", header)).strip(" \"'").casefold()


def by_header(columns: Iterable[str]) -> dict[str, str]:
    """The column of each normal header; of a repeated one the first."""
    found: dict[str, str] = {}
    for column in columns:
        found.setdefault(normal(column), column)
    return found


def specificity(rule: Recognise, headers: Iterable[str]) -> int:
    """How many headers of the rule are there; 0 when the rule is not met."""
    present = set(headers)
    if any(_there(name, present) for name in rule.none) or not all(_there(name, present) for name in rule.all):
        return 0
    found = sum(_there(name, present) for name in rule.of)
    if found < rule.any:
        return 0
    return found + len(rule.all)


def _there(name: str, headers: set[str]) -> bool:
    wanted = normal(name)
    if "*" not in wanted:
        return wanted in headers
    return any(fnmatchcase(header, wanted) for header in headers)


def recognise(columns: Sequence[str], *, path: str) -> HelpdeskMapping | None:
    """The packaged mapping that fits the headers best, or None.

    Raises:
        HelpdeskAmbiguous: two fit equally well.
    """
    scores = scored(by_header(columns))
    best = max(scores.values(), default=0)
    if best == 0:
        return None
    winners = [name for name, score in scores.items() if score == best]
    if len(winners) > 1:
        raise HelpdeskAmbiguous(
            f"the columns fit {' and '.join(winners)} equally well",
            hint=f"say which one it is: --helpdesk {winners[0]}",
            where=Where(path=path),
        )
    return mapping_named(winners[0])


def scored(headers: Mapping[str, str]) -> dict[str, int]:
    """How specific the headers are that each packaged mapping finds whose rules they meet."""
    return scored_by(HELPDESKS, headers)


def scored_by(shelf: Shelf, headers: Collection[str]) -> dict[str, int]:
    """How specific the (normal) headers are that each file of a shelf finds whose rules they meet."""
    scores = {}
    for name in shelf.likely(headers):
        best = max((specificity(rule, headers) for rule in rules(shelf, name)), default=0)
        if best:
            scores[name] = best
    return scores


@cache
def rules(shelf: Shelf, name: str) -> tuple[Recognise, ...]:
    """The rules of a file of a shelf."""
    return tuple(Recognise.model_validate(rule) for rule in shelf.rules(name))


def demanded(name: str, columns: Sequence[str], *, path: str) -> HelpdeskMapping:
    """The mapping that ``--helpdesk`` asks for, when the file has its ticket id.

    Raises:
        HelpdeskUnknown: no helpdesk has that name, or the file has none of its columns.
    """
    mapping = mapping_named(name)
    headers = by_header(columns)
    wanted = mapping.columns.get("ticket_id", ())
    if mapping.rows == "ticket" and not any(normal(alias) in headers for alias in wanted):
        raise HelpdeskUnknown(
            f"the file has no id column of {mapping.title or name}",
            hint=f'it has none of {", ".join(wanted)}; name yours: --map ticket_id="COLUMN"',
            where=Where(path=path),
        )
    return mapping


def nearest_columns(name: str, columns: Sequence[str]) -> str:
    """A hint with the column that looks most like the name, or all of the first ones."""
    near = texts.nearest(name, list(columns))
    return f"did you mean {near!r}?" if near else "the file has " + ", ".join(columns[:12])

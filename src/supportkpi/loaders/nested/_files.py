"""Files of records that belong together: what stands in files of its own beside that of the tickets.

The records of such a file are put where an envelope of the tickets would hold them, so that the same reader tells them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from supportkpi.errors import NotRecognised, Where
from supportkpi.loaders.nested._history import Beside, Nested
from supportkpi.loaders.nested._lists import members, ticket_of, value_at
from supportkpi.loaders.nested._values import Record, ident, moment
from supportkpi.loaders.tables import Table, lines_of
from supportkpi.schema import Reject

NO_ID, DUPLICATE, FOREIGN = "no-id", "duplicate", "ticket_not_in_files"
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 6  # words of an id with separators in it: "664-245651", "2f1c-…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sided:
    """A file beside the tickets: what it holds, and what became of its records.

    ``elements``: the records that count, each with the id of its ticket (None: it names a thing) and its place.
    """

    spec: Beside
    table: Table
    elements: tuple[tuple[str | None, int, Record], ...]
    excluded: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()
    notes: tuple[str, ...] = ()

    def by_ticket(self, tickets: Tickets) -> dict[str, int]:
        """How many of the records that count belong to each ticket, by the name that the ticket itself has."""
        called = tickets.called(self.spec)
        return dict(Counter(called[name] for name, _, _ in self.elements if name is not None and name in called))


class Tickets:
    """The tickets that files tell, by the ids that records beside them name."""

    def __init__(self, reader: Nested, tables: Sequence[Table]) -> None:
        self._paths = reader.columns["ticket_id"]
        self._rows = [row for table in tables for row in table.records]
        self._known: dict[tuple[str, ...], list[str | None]] = {}

    def _names(self, spec: Beside) -> list[str | None]:
        paths = spec.ours or self._paths
        if paths not in self._known:
            self._known[paths] = [ident(value_at(row, paths)) for row in self._rows]
        return self._known[paths]

    def ids(self, spec: Beside) -> set[str]:
        """All of them."""
        return {name for name in self._names(spec) if name is not None}

    def called(self, spec: Beside) -> dict[str, str]:
        """What the tickets are called, by the ids that records beside them name."""
        names = zip(self._names(spec), (ident(value_at(row, self._paths)) for row in self._rows), strict=True)
        return {name: own for name, own in names if name is not None and own is not None}

    def with_own(self, spec: Beside) -> set[str]:
        """Those whose record holds the list itself."""
        keys = (spec.name, *spec.also)
        named = zip(self._names(spec), self._rows, strict=True)
        return {name for name, row in named if name and any(members(row.get(key)) is not None for key in keys)}


def sided(table: Table, spec: Beside, tickets: Tickets | None, seen: dict[str, Record]) -> Sided:
    """What a file beside the tickets holds; without ``tickets`` all that its records name are known.

    ``seen`` are the records of the sort that were met before, by their ids.

    Raises:
        NotRecognised: no record names its ticket, nor does the name of the file.
    """
    if not spec.ticket:
        every = tuple((None, place, one) for place, one in enumerate(table.records))
        return Sided(spec=spec, table=table, elements=every)
    named, notes = _named(table, spec, tickets)
    own = tickets.with_own(spec) if tickets is not None else set()
    ids = tickets.ids(spec) if tickets is not None else None
    excluded: Counter[str] = Counter()
    nameless, foreign, kept = [], set(), []
    for place, (name, one) in enumerate(zip(named, table.records, strict=True)):
        key = ident(one.get("id"))
        if name is None:
            nameless.append(place)
        elif ids is not None and name not in ids:
            excluded[FOREIGN] += 1
            foreign.add(name)
        elif name in own or (key is not None and seen.setdefault(key, one) is not one and seen[key] == one):
            excluded[DUPLICATE] += 1
        else:
            told = ticket_of(one, spec.ticket, spec.wrapped) is not None
            kept.append((name, place, one if told else {**one, spec.ticket[0]: name}))
    if foreign:
        notes.append(_foreign(excluded[FOREIGN], len(foreign), spec))
    return Sided(
        spec=spec,
        table=table,
        elements=tuple(kept),
        excluded=excluded,
        rejects=tuple(rejected(table, nameless, spec.ticket[0], NO_ID)),
        notes=tuple(notes),
    )


def rejected(table: Table, places: Sequence[int], column: str, slug: str) -> Iterator[Reject]:
    """A reject for each of the records at the places."""
    lines = lines_of(table, list(places)) if places else {}
    for place in places:
        line = lines.get(place)
        value = None if line is not None else f"record {place + 1}"
        yield Reject(path=table.name, line=line, column=column, slug=slug, value=value)


def _foreign(count: int, tickets: int, spec: Beside) -> str:
    of = "a ticket" if tickets == 1 else f"{tickets:,} tickets"
    belong = "belongs" if count == 1 else "belong"
    return f"{count:,} of the {spec.name.replace('_', ' ')} {belong} to {of} that no file has: left out"


def _named(table: Table, spec: Beside, tickets: Tickets | None) -> tuple[list[str | None], list[str]]:
    """The ticket of each record; where none names one, that of the name of the file, or the only one that there is."""
    named = [ticket_of(one, spec.ticket, spec.wrapped) for one in table.records]
    if any(name is not None for name in named):
        return named, []
    said, example = spec.name.replace("_", " "), f"{spec.name}-123.json"
    found = _by_name(table, spec, tickets)
    if found is not None:
        return [found for _ in named], [f"no record names its ticket: they are taken for the {said} of ticket {found}"]
    raise NotRecognised(
        f"the {said} do not say to which ticket they belong",
        hint=f"add {spec.ticket[0]} to each of them, or name the file after its ticket: {example}",
        where=Where(path=table.name),
    )


def _by_name(table: Table, spec: Beside, tickets: Tickets | None) -> str | None:
    """The one ticket whose id stands in the name of the file, else of its folder; else the only ticket."""
    if tickets is None:
        return None
    path, ids = PurePath(table.name), tickets.ids(spec)
    for part in (path.stem, path.parent.name):
        every = _words(part) & ids
        found = {one for one in every if not any(one != other and one in other for other in every)}
        if found:
            return found.pop() if len(found) == 1 else None
    return next(iter(ids)) if len(ids) == 1 else None


def _words(text: str) -> set[str]:
    """What may be an id in the name of a file: its words, and several in a row with what stands between them.

    Of words inside one another the longest counts: "664-245651" is not 245651.
    """
    spans = [found.span() for found in _WORD.finditer(text)]
    runs = ((spans[one][0], spans[other][1]) for one in range(len(spans)) for other in range(one, len(spans)))
    return {text[start:end] for start, end in runs if len(_WORD.findall(text[start:end])) <= _LONGEST}


def enveloped(table: Table, reader: Nested, files: Sequence[Sided]) -> Table:
    """The table of tickets with the records of the files in its envelope; of what tells of tickets that of its own."""
    tickets = Tickets(reader, [table])
    ids = {one.spec.name: tickets.ids(one.spec) for one in files}
    return replace(table, beside=beside_of(table, files, ids))


def without_said(table: Table, reader: Nested, spec: Beside, told: Table) -> Table:
    """The table of tickets without what a file that is read by itself says better."""
    if spec.instead is None:
        return table
    said: dict[str | None, list[Record]] = {}
    for one in told.records:
        said.setdefault(ident(value_at(one, spec.ticket)), []).append(one)
    names = [ident(value_at(row, spec.ours or reader.columns["ticket_id"])) for row in table.records]
    rows = [
        spec.instead(row, said[name]) if name is not None and name in said else row
        for name, row in zip(names, table.records, strict=True)
    ]
    return replace(table, records=tuple(rows))


def beside_of(table: Table, files: Sequence[Sided], ids: Mapping[str, Container[str]]) -> dict[str, object]:
    """What stands beside the records of a table, with that of the files that belongs to the tickets of these ids."""
    beside = dict(table.beside)
    for name in dict.fromkeys(one.spec.name for one in files):
        mine = [one for one in files if one.spec.name == name]
        known = beside.get(name)
        found = [record for of, record in together(mine) if of is None or of in ids[name]]
        beside[name] = [*known, *found] if isinstance(known, list) else found
    return beside


def together(files: Sequence[Sided]) -> list[tuple[str | None, Record]]:
    """The records of files of one sort, each with its ticket; of several files, which are pages, the oldest first."""
    found = [(name, record) for one in files for name, _, record in one.elements]
    if len(files) > 1 and files[0].spec.ticket:
        moments = [moment(value_at(record, files[0].spec.at)) for _, record in found]
        if None not in moments:
            order = sorted(range(len(found)), key=lambda place: moments[place] or (0.0, ""))
            return [found[place] for place in order]
    return found

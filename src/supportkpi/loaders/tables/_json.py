"""JSON to a table: the list of records inside its documents, one column of text a path."""

from __future__ import annotations

import json
from collections.abc import Sequence

from supportkpi.errors import JsonBroken, Where
from supportkpi.loaders.tables._bytes import Source
from supportkpi.loaders.tables._collector import collector_paused
from supportkpi.loaders.tables._encodings import Decoded
from supportkpi.loaders.tables._envelopes import beside_records, by_line, is_page, records_in
from supportkpi.loaders.tables._json_columns import columns_of
from supportkpi.loaders.tables._json_text import SHOWN, Document, parse
from supportkpi.loaders.tables._table import STRAY, Table
from supportkpi.schema import Reject


def read_json(source: Source, text: Decoded) -> Table:
    """The table of a JSON text: a list, a list in a wrapper, pages, or one object a line. Raises JsonBroken."""
    try:
        with collector_paused():
            parsed = parse(text.text, source.name, is_page)
            elements = records_in(parsed.found, source.name)
            lined = by_line(parsed.found)
            records = [element for element in elements if isinstance(element, dict)]
            strays = _strays(elements, parsed.found if lined else [], source.name)
            columns, frame = columns_of(records, source.name)
    except RecursionError:
        raise JsonBroken("values are nested too deeply", where=Where(path=source.name)) from None
    alone = len(parsed.found) == 1 and len(elements) == 1 and elements[0] in _lone(parsed.found[0].value)
    notes = [*source.notes, *([text.note] if text.note else []), *(["the file holds one record"] if alone else [])]
    return Table(
        name=source.name,
        path=source.name,
        format="ndjson" if lined else "json",
        columns=columns,
        frame=frame,
        rows=len(records),
        sha256=source.digest(),
        encoding=text.encoding,
        first_line=parsed.found[0].line if parsed.found else 1,
        records=tuple(records),
        beside=beside_records(parsed.found, records),
        rejects=(*parsed.rejects, *strays),
        notes=tuple(notes),
        body=source.body,
    )


def json_lines(text: str, path: str, wanted: set[int]) -> dict[int, int]:
    """The physical line of each wanted row, where rows stand on lines of their own."""
    documents = parse(text, path, is_page).found
    if not by_line(documents):
        return {}
    objects = [document for document in documents if isinstance(document.value, dict)]
    return {row: objects[row].line for row in wanted if 0 <= row < len(objects)}


def _lone(value: object) -> list[object]:
    """What a document holds when it is no list: itself, or what stands under its one key."""
    return [value, *value.values()] if isinstance(value, dict) and len(value) == 1 else [value]


def _strays(elements: Sequence[object], documents: Sequence[Document], path: str) -> list[Reject]:
    """Elements of the list that are no objects."""
    strays = []
    for at, element in enumerate(elements):
        if not isinstance(element, dict):
            line = documents[at].line if at < len(documents) else None
            shown = json.dumps(element, ensure_ascii=False, default=str)[:SHOWN]
            strays.append(Reject(path=path, line=line, column=None, slug=STRAY, value=shown))
    return strays

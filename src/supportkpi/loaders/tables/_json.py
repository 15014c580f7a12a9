"""JSON to a table: the list of records inside its documents, one column of text a path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import polars as pl

from supportkpi.errors import JsonBroken, Where
from supportkpi.loaders.tables._bytes import Source
from supportkpi.loaders.tables._encodings import Decoded
from supportkpi.loaders.tables._json_text import SHOWN, Document, Number, parse
from supportkpi.loaders.tables._table import ROW, STRAY, Table, clean, unique
from supportkpi.schema import Reject

# In order of trial. The first line is what helpdesks use, the second what interfaces of other systems do.
WRAPPERS = (
    *("tickets", "conversations", "issues", "results", "result", "data", "items", "cases", "requests", "incidents"),
    *(
        "_embedded",
        "payload",
        "features",
        "records",
        "values",
        "rows",
        "entries",
        "objects",
        "content",
        "value",
        "list",
    ),
)
IDENTITY = frozenset(("id", "_id", "key", "number", "uuid", "sys_id", "ticket_id", "case_number"))
CELLS = 50_000_000  # cells that a list of unlike records may make
DEPTH = 4  # wrappers inside wrappers

_Row = dict[str, str | None]


def read_json(source: Source, text: Decoded) -> Table:
    """The table of a JSON text: a list, a list in a wrapper, pages, or one object a line. Raises JsonBroken."""
    try:
        parsed = parse(text.text, source.name, _is_page)
        elements = _elements(parsed.found, source.name)
        by_line = _by_line(parsed.found)
        records = [element for element in elements if isinstance(element, dict)]
        strays = _strays(elements, parsed.found if by_line else [], source.name)
        columns, frame = _columns(records, source.name)
    except RecursionError:
        raise JsonBroken("values are nested too deeply", where=Where(path=source.name)) from None
    alone = len(parsed.found) == 1 and len(elements) == 1 and elements[0] in _lone(parsed.found[0].value)
    notes = [*source.notes, *([text.note] if text.note else []), *(["the file holds one record"] if alone else [])]
    return Table(
        name=source.name,
        path=source.name,
        format="ndjson" if by_line else "json",
        columns=columns,
        frame=frame.lazy(),
        rows=len(records),
        sha256=source.digest(),
        encoding=text.encoding,
        first_line=parsed.found[0].line if parsed.found else 1,
        records=tuple(records),
        rejects=(*parsed.rejects, *strays),
        notes=tuple(notes),
        body=source.data if source.name == "-" else None,
    )


def json_lines(text: str, path: str, wanted: set[int]) -> dict[int, int]:
    """The physical line of each wanted row, where rows stand on lines of their own."""
    documents = parse(text, path, _is_page).found
    if not _by_line(documents):
        return {}
    objects = [document for document in documents if isinstance(document.value, dict)]
    return {row: objects[row].line for row in wanted if 0 <= row < len(objects)}


def _lone(value: object) -> list[object]:
    """What a document holds when it is no list: itself, or what stands under its one key."""
    return [value, *value.values()] if isinstance(value, dict) and len(value) == 1 else [value]


def _by_line(documents: Sequence[Document]) -> bool:
    return len(documents) > 1 and not any(isinstance(one.value, list) or _is_page(one.value) for one in documents)


def _strays(elements: Sequence[object], documents: Sequence[Document], path: str) -> list[Reject]:
    """Elements of the list that are no objects."""
    strays = []
    for at, element in enumerate(elements):
        if not isinstance(element, dict):
            line = documents[at].line if at < len(documents) else None
            shown = json.dumps(element, ensure_ascii=False, default=str)[:SHOWN]
            strays.append(Reject(path=path, line=line, column=None, slug=STRAY, value=shown))
    return strays


# --- documents to records --------------------------------------------------------------------------------------------


def _elements(documents: Sequence[Document], path: str) -> list[object]:
    """The records of all documents: of a lone one by its shape, of several page by page or one each."""
    if not documents:
        raise JsonBroken("there is no JSON value", where=Where(path=path))
    if len(documents) == 1:
        return _inside(documents[0].value, path)
    if _by_line(documents):
        return [document.value for document in documents]
    return [element for document in documents for element in _inside(document.value, path)]


def _inside(value: object, path: str) -> list[object]:
    """The records of one document."""
    if isinstance(value, list):
        return _in_list(value)
    if not isinstance(value, dict) or not value:
        raise JsonBroken(
            "there is no list of records", hint="a record for each ticket is needed", where=Where(path=path)
        )
    found = _wrapped(value)
    if found is None:
        found = _numbered(value) or _named_rows(value) or _only_list(value, path) or _single(value)
    if found is None:
        raise JsonBroken(
            "there is no list of records", hint="a record for each ticket is needed", where=Where(path=path)
        )
    return _in_list(found)


def _in_list(elements: list[object]) -> list[object]:
    """A list of records, of pages that each hold some, or of lists below a list of names."""
    pages = [_wrapped(element) for element in elements if isinstance(element, dict)]
    if pages and len(pages) == len(elements) and all(page is not None for page in pages):
        return [record for page in pages if page is not None for record in page]
    if len(elements) > 1 and all(isinstance(element, list) for element in elements):
        return _below_names(elements[0], elements[1:])
    return elements


def _below_names(names: object, rows: Sequence[object]) -> list[object]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return list(rows)
    keys = unique(clean(name) for name in names)
    return [dict(zip(keys, row, strict=False)) if isinstance(row, list) else row for row in rows]


def _is_page(value: object) -> bool:
    return isinstance(value, dict) and _wrapped(value) is not None


def _wrapped(value: Mapping[str, object], depth: int = DEPTH) -> list[object] | None:
    """The list of records in an envelope; None for what is no envelope, a record with a list of its own among them."""
    if depth == 0 or not IDENTITY.isdisjoint(value) or _has_names(value):
        return None
    for key in WRAPPERS:
        inner = value.get(key)
        if isinstance(inner, list) and (not inner or any(isinstance(element, dict | list) for element in inner)):
            return inner
        if isinstance(inner, dict):
            if key == "_embedded":
                return next((one for one in inner.values() if isinstance(one, list)), None)
            deeper = _wrapped(inner, depth - 1)
            if deeper is not None or (len(value) == 1 and inner):
                return deeper if deeper is not None else [inner]
    return None


def _numbered(value: Mapping[str, object]) -> list[object] | None:
    """The records of an object with the keys "0", "1", … beside counts."""
    numbers = sorted((key for key in value if key.isdecimal() and isinstance(value[key], dict)), key=int)
    others = [inner for key, inner in value.items() if key not in numbers]
    if not numbers or any(isinstance(inner, dict | list) for inner in others):
        return None
    return [value[key] for key in numbers]


def _has_names(value: Mapping[str, object]) -> bool:
    return isinstance(value.get("data"), list) and _names(value) is not None


def _names(value: Mapping[str, object]) -> list[object] | None:
    """Column names that stand beside lists of values: ``columns``, ``fields``, or those of an open-data site."""
    meta = value.get("meta")
    view = meta.get("view") if isinstance(meta, dict) else None
    holder = view if isinstance(view, dict) else value
    named = holder.get("columns") or holder.get("fields")
    if not isinstance(named, list) or not named:
        return None
    return [str(one.get("name") or one.get("key") or "") if isinstance(one, dict) else str(one) for one in named]


def _named_rows(value: Mapping[str, object]) -> list[object] | None:
    rows = value.get("data")
    names = _names(value)
    if not isinstance(rows, list) or names is None:
        return None
    return _below_names(names, rows) if any(isinstance(row, list) for row in rows) else rows


def _only_list(value: Mapping[str, object], path: str) -> list[object] | None:
    """The one list of objects under a key that is no known wrapper. Raises JsonBroken where there are several."""
    if not IDENTITY.isdisjoint(value):
        return None
    lists = {
        key: inner for key, inner in value.items() if isinstance(inner, list) and inner and isinstance(inner[0], dict)
    }
    if len(lists) > 1:
        names = ", ".join(sorted(lists))
        raise JsonBroken(
            f"there are several lists: {names}", hint="give a file with one of them", where=Where(path=path)
        )
    return next(iter(lists.values()), None)


def _single(value: Mapping[str, object]) -> list[object] | None:
    """One record, by itself or under one key."""
    inner = next(iter(value.values()))
    if len(value) == 1 and isinstance(inner, dict) and inner:
        return [inner]
    return [value] if any(not isinstance(one, dict | list) for one in value.values()) else None


# --- records to columns ----------------------------------------------------------------------------------------------


def _columns(records: Sequence[Mapping[str, object]], path: str) -> tuple[tuple[str, ...], pl.DataFrame]:
    rows: list[_Row] = []
    paths: dict[str, None] = {}
    for record in records:
        row: _Row = {}
        _flatten(record, "", row)
        paths.update(dict.fromkeys(row))
        rows.append(row)
        if len(paths) > 5_000 and len(paths) * len(records) > CELLS:
            raise JsonBroken("the records have hardly a key in common", where=Where(path=path))
    for name in _hollow(rows, paths):
        del paths[name]
    columns = unique(_writable(name).strip() for name in paths)
    series = [pl.Series(ROW, range(len(rows)), dtype=pl.UInt32)]
    series += [_series(name, [row.get(key) for row in rows]) for name, key in zip(columns, paths, strict=True)]
    return columns, pl.DataFrame(series)


def _hollow(rows: Sequence[_Row], paths: Mapping[str, None]) -> list[str]:
    """Keys that are null where they are no object: the columns below them tell all that they do."""
    parents = {name[:at] for name in paths for at in range(len(name)) if name[at] == "."}
    return [name for name in paths if name in parents and all(row.get(name) is None for row in rows)]


def _flatten(value: Mapping[str, object], prefix: str, row: _Row) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _flatten(inner, f"{prefix}{key}.", row)
        else:
            row[f"{prefix}{key}"] = _text(inner)


def _text(value: object) -> str | None:
    """A value as the text of a cell; nothing and an empty string are no value."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.text
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _series(name: str, values: list[str | None]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=pl.String)
    except UnicodeEncodeError:  # half a pair of surrogates, which JSON can write and text cannot hold
        return pl.Series(name, [None if value is None else _writable(value) for value in values], dtype=pl.String)


def _writable(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode("utf-8")

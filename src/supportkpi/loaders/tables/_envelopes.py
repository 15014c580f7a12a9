"""The records inside JSON documents: what their envelopes, pages and wrappers hold, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.errors import JsonBroken, Where
from supportkpi.loaders.tables._answers import answered
from supportkpi.loaders.tables._json_text import Document
from supportkpi.loaders.tables._stores import columnar, keyed, stored
from supportkpi.loaders.tables._table import clean, unique

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
        "hits",
        "topic_list",
        "topics",
        "tasks",
        "nodes",
        "edges",
    ),
)
ONE = ("ticket", "conversation", "issue", "case", "request", "incident")
"""Keys of an envelope that holds one record, whatever stands beside it."""
BESIDE = ("audits", "ticket_audits", "comments", "ticket_comments", "ticket_metrics", "ticket_metric_events")
"""Keys of an envelope that holds what belongs to tickets, in a file of its own."""
NAMES = ("satisfaction_ratings", "users", "groups", "organizations", "ticket_fields", "custom_statuses", "brands")
"""Keys of lists that may stand beside those, or alone."""
PAGING = frozenset(
    (
        *("next_page", "previous_page", "count", "total", "total_count", "page", "per_page", "page_count", "facets"),
        *("after_url", "after_cursor", "before_url", "before_cursor", "end_of_stream", "start_time", "end_time"),
        *("meta", "links"),
    )
)
"""What an envelope says of its pages."""
_KNOWN = frozenset((*WRAPPERS, *ONE, *BESIDE, *NAMES))
_LISTS, _EDGE = frozenset(("nodes", "edges")), frozenset(("node", "cursor", "__typename"))
SOURCE = "_source"  # where a search index keeps the record that was put into it
IDENTITY = frozenset(("id", "_id", "key", "number", "uuid", "sys_id", "ticket_id", "case_number"))
_PLAIN = IDENTITY - {"case_number"}
DEPTH = 4  # wrappers inside wrappers


def records_in(documents: Sequence[Document], path: str) -> list[object]:
    """The records of all documents: of a lone one by its shape, of several page by page or one each.

    Raises:
        JsonBroken: there are none, or several lists of them.
    """
    if not documents:
        raise JsonBroken("there is no JSON value", where=Where(path=path))
    if len(documents) == 1:
        found = _inside(documents[0].value, path)
    elif by_line(documents):
        found = [document.value for document in documents]
    else:
        found = [element for document in documents for element in _inside(document.value, path)]
    return answered(_sources(_bare(found)))


def by_line(documents: Sequence[Document]) -> bool:
    """Whether each document is a record of its own."""
    return len(documents) > 1 and not any(isinstance(one.value, list) or is_page(one.value) for one in documents)


def is_page(value: object) -> bool:
    """Whether a document is an envelope of records."""
    return isinstance(value, dict) and _held(value) is not None


def _held(value: Mapping[str, object]) -> list[object] | None:
    """The records that an envelope holds in a store or a list; None for what is no envelope."""
    store = stored(value)
    return _wrapped(value) if store is None else store[0]


def _sources(elements: list[object]) -> list[object]:
    """The records that a search index wraps one by one; their id beside them where they have none of their own."""
    if elements and all(isinstance(one, dict) and isinstance(one.get("node"), dict) for one in elements):
        return [one if {*one} - _EDGE else one["node"] for one in elements if isinstance(one, dict)]
    if not elements or not all(isinstance(one, dict) and isinstance(one.get(SOURCE), dict) for one in elements):
        return elements
    return [_source(one) for one in elements if isinstance(one, dict)]


def _bare(elements: list[object]) -> list[object]:
    """The records of a list without what each alone stands under, as in answers that are each about one record.

    Those without an id of a plain name keep it: of "staff" the id may be "staff_id".
    """
    keys = {(*one,) if isinstance(one, dict) else () for one in elements}
    inner = [next(iter(one.values())) for one in elements if isinstance(one, dict) and len(one) == 1]
    alone = len(keys) == 1 and inner and all(isinstance(one, dict) and _PLAIN & one.keys() for one in inner)
    return inner if alone else elements


def _source(element: Mapping[str, object]) -> object:
    inner = element[SOURCE]
    if isinstance(inner, dict) and IDENTITY.isdisjoint(inner) and "_id" in element:
        return {"_id": element["_id"], **inner}
    return inner


def beside_records(documents: Sequence[Document], records: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What stands beside the lists of records in their envelopes: users, groups, names; lists of all pages as one."""
    found: dict[str, object] = {}
    taken = {id(record) for record in records}
    for document in documents:
        pages = document.value if isinstance(document.value, list) else [document.value]
        for page in pages:
            if isinstance(page, dict) and id(page) not in taken:
                held = stored(page)
                for key, inner in held[1].items() if held is not None else ():
                    _extend(found, key, inner)
                _gather(page, taken, found, DEPTH)
    return found


def _extend(found: dict[str, object], key: str, inner: list[object]) -> None:
    """Put a list behind that of other pages."""
    known = found.get(key)
    found[key] = [*known, *inner] if isinstance(known, list) else inner


def _gather(page: Mapping[str, object], taken: set[int], found: dict[str, object], depth: int) -> None:
    for key, inner in page.items():
        if isinstance(inner, list):
            if inner and id(inner[0]) not in taken:
                _extend(found, key, inner)
        elif isinstance(inner, dict):
            if key in WRAPPERS and depth:
                _gather(inner, taken, found, depth - 1)
            elif id(inner) not in taken:
                found.setdefault(key, inner)
        else:
            found.setdefault(key, inner)


def _inside(value: object, path: str) -> list[object]:
    """The records of one document."""
    if isinstance(value, list):
        return _in_list(value)
    if not isinstance(value, dict) or not value:
        raise JsonBroken(
            "there is no list of records", hint="a record for each ticket is needed", where=Where(path=path)
        )
    found = _held(value)
    if found is None:
        found = _numbered(value) or _under_keys(value) or _named_rows(value)
        found = found or _only_list(value, path) or _single(value)
    if found is None:
        raise JsonBroken(
            "there is no list of records", hint="a record for each ticket is needed", where=Where(path=path)
        )
    return _in_list(found)


def _in_list(elements: list[object]) -> list[object]:
    """A list of records, of pages that each hold some, or of lists below a list of names."""
    pages = [_held(element) for element in elements if isinstance(element, dict)]
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


def _wrapped(value: Mapping[str, object], depth: int = DEPTH) -> list[object] | None:
    """The list of records in an envelope; None for what is no envelope, a record with a list of its own among them."""
    if depth == 0 or not IDENTITY.isdisjoint(value) or _has_names(value):
        return None
    alone = [value[key] for key in ONE if isinstance(value.get(key), dict)]
    if len(alone) == 1 and len(value) > 1 and any(isinstance(inner, list) for inner in value.values()):
        return alone  # one record, with what belongs to it beside it
    for key in WRAPPERS:
        inner = value.get(key)
        if isinstance(inner, list) and (not inner or any(isinstance(element, dict | list) for element in inner)):
            return inner
        if isinstance(inner, dict):
            if key == "_embedded":
                return next((one for one in inner.values() if isinstance(one, list)), None)
            deeper = _wrapped(inner, depth - 1) or _numbered(inner) or _under_keys(inner)
            deeper = deeper if deeper is not None else _alone(inner, depth - 1)
            if deeper is not None or (len(value) == 1 and inner):
                return deeper if deeper is not None else [inner]
    return _besides(value)


def _alone(value: Mapping[str, object], depth: int) -> list[object] | None:
    """What the only object in an answer to a query of graphs holds: ``repository`` with its ``issues``."""
    lone = next(iter(value.values())) if len(value) == 1 else None
    held = isinstance(lone, dict) and any(isinstance(one, dict) and _LISTS & {*one} for one in lone.values())
    return _wrapped(lone, depth) if isinstance(lone, dict) and held else None


def _besides(value: Mapping[str, object]) -> list[object] | None:
    """The list of an envelope that holds nothing but what belongs to tickets, names of things, and its pages.

    Of several lists the one that belongs to tickets, else the first of names; what it names stands beside it.
    """
    lists = [key for key in (*BESIDE, *NAMES) if isinstance(value.get(key), list)]
    if not lists or len({*BESIDE} & {*lists}) > 1 or not {*value} <= {*lists, *PAGING}:
        return None
    found = value[lists[0]]
    return found if isinstance(found, list) else None


def _numbered(value: Mapping[str, object]) -> list[object] | None:
    """The records of an object with the keys "0", "1", … beside counts."""
    numbers = sorted((key for key in value if key.isdecimal() and isinstance(value[key], dict)), key=int)
    others = [inner for key, inner in value.items() if key not in numbers]
    if not numbers or any(isinstance(inner, dict | list) for inner in others):
        return None
    return [value[key] for key in numbers]


def _under_keys(value: Mapping[str, object]) -> list[object] | None:
    """The records of an object that has each under a key of its own, or each of their columns."""
    if _KNOWN & {*value} or not IDENTITY.isdisjoint(value):
        return columnar(value)
    return columnar(value) or keyed(value, IDENTITY)


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


def _only_list(value: Mapping[str, object], path: str, depth: int = DEPTH) -> list[object] | None:
    """The one list of objects under a key that is no known wrapper, or in an envelope inside the envelope.

    Raises JsonBroken where there are several.
    """
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
    if lists or not depth:
        return next(iter(lists.values()), None)
    inner = [one for one in value.values() if isinstance(one, dict)]
    return _only_list(inner[0], path, depth - 1) if len(inner) == 1 else None


def _holds(value: object) -> bool:
    """Whether a value holds others."""
    return isinstance(value, dict | list)


def _single(value: Mapping[str, object]) -> list[object] | None:
    """One record, by itself or under one key, what is said of pages left aside."""
    held = {key: inner for key, inner in value.items() if len(value) == 1 or key not in PAGING}
    alone = [inner for key, inner in held.items() if len(held) == 1 or key in ONE]
    if len(alone) == 1 and isinstance(alone[0], dict) and alone[0] and all(map(_holds, held.values())):
        return [alone[0]]
    return [value] if any(not isinstance(one, dict | list) for one in value.values()) else None

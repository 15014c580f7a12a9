"""How files are mutated: their bytes, their structure (columns, rows, trees), their values."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy

from fuzz_material import DATED, FIGURES, IDS, INSTANTS, TEXTS, as_csv, as_zip

Mutation = Callable[[bytes, random.Random], bytes]

TOKENS = (
    *(b'"', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"|", b"{", b"}", b"[", b"]", b":", b"\\", b"'", b"\x00"),
    *(b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\x1a", b"\xd0", b"\x80", b'""', b"null", b"NaN", b"1e999", b"\\ud800"),
    *(b"sep=;\n", b"\x1f\x8b", b"PK\x03\x04", b"-", b"0", b"9" * 30, b" ", b"\xc2\xa0", b"\xe2\x80\xa8", b"<html>"),
)
VALUES = (
    *("", " ", "-", "?", "NA", "null", "None", "NaN", "inf", "-inf", "0", "-1", "1", "1e9", "1e308", "1,23E+05"),
    *("2.02508E+15", "99999999999999999999", "0.1", ".5", "5.", "1 234,5", "12'345", "94 %", "€5", "5/5", "0xFF"),
    *("1970-01-01", "0000-00-00", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "0001-01-01", "31.02.2026"),
    *("2026-02-30", "29.02.2025", "2026-13-01", "13/13/2026", "2026-03-29 02:30:00", "2026-10-25 02:30", "24:00"),
    *("2026-01-01T00:00:00Z", "2026-01-01T00:00:00+14:00", "2026-01-01 10:00:00.123456789", "1767225600"),
    *("1767225600000", "46000", "46000.5", "-46000", "2958466", "60", "12:60", "99:99:99", "-00:10", "PT1H", "P1D"),
    *("1 h", "2 days, 3:04:05", "1d 2h", "2 ч 5 мин", "yesterday", "today", "=1+1", "=HYPERLINK(1)", "+1", "@x"),
    *("#REF!", "#N/A", "########", "#DIV/0!", "\x00", "\x1b[31m", "\u202e", "\U0001f600", "é", "É", "ß", "İ"),
    *("true", "false", "yes", "да", "[a,b]", '{"a":1}', "a" * 5000, "а" * 300, "(", "*", "[", "\\", "$", "^", "%s"),
    *("Total", "Итого", "Open", "Closed", "spam", "deleted", "good", "bad", "5", "10", "-5", "11", "agent", "bot"),
)
HEADERS = (*DATED, *TEXTS, *FIGURES, *IDS, "_row", "_rows", "_part", "at", "ticket_id", "key.x", "kept.x", "event")
LEAVES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1, 2**63, -(2**70), 1e308, 0.1, "", [], {}, [None], [[]], {"": None}, {"id": None}),
    *([1, "a", None], [{"id": 1}, 2], {"a": {"b": {"c": []}}}, "2026-01-01", "x" * 3000, "\x00", "\ud800", ["\udfff"]),
)


# --- bytes -----------------------------------------------------------------------------------------------------------


def flip(data: bytes, luck: random.Random) -> bytes:
    """A few bytes become others."""
    body = bytearray(data)
    for _ in range(luck.randint(1, 4)):
        body[luck.randrange(len(body))] = luck.randrange(256)
    return bytes(body)


def insert(data: bytes, luck: random.Random) -> bytes:
    """Something that means something stands where it should not."""
    at = luck.randint(0, len(data))
    return data[:at] + luck.choice(TOKENS) * luck.choice((1, 1, 1, 2, 50)) + data[at:]


def delete(data: bytes, luck: random.Random) -> bytes:
    """A stretch is missing."""
    at = luck.randrange(len(data))
    return data[:at] + data[at + luck.choice((1, 1, 2, 5, 40, 400)) :]


def cut(data: bytes, luck: random.Random) -> bytes:
    """The file ends anywhere."""
    return data[: luck.randint(1, len(data))]


def double(data: bytes, luck: random.Random) -> bytes:
    """A stretch stands there twice."""
    at = luck.randrange(len(data))
    size = luck.choice((1, 7, 80, 600))
    return data[: at + size] + data[at : at + size] + data[at + size :]


def recode(data: bytes, luck: random.Random) -> bytes:
    """Other bytes for the same letters."""
    encoding = luck.choice(("cp1251", "cp866", "koi8-r", "cp1252", "utf-16", "utf-16-le", "utf-8-sig", "utf-32"))
    return data.decode("utf-8", errors="replace").encode(encoding, errors="replace")


def ends(data: bytes, luck: random.Random) -> bytes:
    """Other line ends."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", luck.choice((b"\r\n", b"\r", b"\n\n", b"\r\r\n", b" \n")))


def splice(data: bytes, luck: random.Random) -> bytes:
    """Two places change sides."""
    one, two = sorted((luck.randrange(len(data)), luck.randrange(len(data))))
    return data[:one] + data[two:] + data[one:two]


def noise(data: bytes, luck: random.Random) -> bytes:
    """No file at all."""
    return luck.randbytes(luck.randint(1, 120))


def pack(data: bytes, luck: random.Random) -> bytes:
    """The file in an archive."""
    if luck.random() < 0.5:
        return gzip.compress(data, 1)
    return as_zip({luck.choice(("a.csv", "a.json", "x/y.csv", "..\\a.csv", "a", ".a.csv")): data, "b.csv": data[:99]})


# --- structure and values of rows -----------------------------------------------------------------------------------


def _rows(data: bytes) -> tuple[list[list[str]], str] | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if text[:1] in "[{" or "\x00" in text:
        return None
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        return None
    return (rows, delimiter) if rows else None


def _row_changes(rows: list[list[str]], luck: random.Random) -> None:  # noqa: PLR0912 - one case a change
    width = len(rows[0])
    column, row = luck.randrange(width), luck.randrange(len(rows))
    match luck.randrange(12):
        case 0:
            for one in rows:
                del one[column : column + 1]
        case 1:
            for one in rows:
                one.insert(column, one[column] if column < len(one) else "")
        case 2:
            order = luck.sample(range(width), width)
            rows[:] = [[one[at] if at < len(one) else "" for at in order] for one in rows]
        case 3:
            rows[1:] = luck.sample(rows[1:], len(rows) - 1)
        case 4:
            rows[row:row] = [list(rows[row])] * luck.choice((1, 2, 30))
        case 5:
            del rows[row]
        case 6:
            rows[row] = rows[row][: luck.randrange(width + 1)] + [luck.choice(VALUES)] * luck.choice((0, 0, 1, 3))
        case 7:
            rows[0][column] = luck.choice(HEADERS)
        case 8:
            rows[:0] = [[luck.choice(VALUES)]] * luck.randint(1, 3)
        case 9:
            rows.extend([[""] * width, [luck.choice(("Total", "Generated by x", "Итого: 3"))]][luck.randrange(2) :])
        case 10:
            rows[:] = rows[: luck.choice((1, 2, 3))]
        case _:
            rows[:] = [list(one) for one in zip(*[(one + [""] * width)[:width] for one in rows], strict=True)]


def _value_changes(rows: list[list[str]], luck: random.Random) -> None:
    column = luck.randrange(len(rows[0]))
    kind = luck.randrange(6)
    value, how = luck.choice(VALUES), luck.choice(INSTANTS)
    for at, row in enumerate(rows[1:], start=1):
        if column >= len(row):
            continue
        if kind == 0:
            row[column] = value
        elif kind == 1:
            row[column] = luck.choice(VALUES)
        elif kind == 2:
            row[column] = how.format(m=luck.randint(1, 9), d=luck.randint(0, 9), h=luck.randint(0, 9))
        elif kind == 3 and luck.random() < 0.3:
            row[column] = value
        elif kind == 4:
            row[column] = str(at)
        elif kind == 5 and at == 1:
            row[column] = value


def rows_changed(data: bytes, luck: random.Random) -> bytes:
    """Columns, rows, headers and the delimiter move about."""
    found = _rows(data)
    if found is None:
        return insert(data, luck)
    rows, delimiter = found
    for _ in range(luck.randint(1, 3)):
        if rows and rows[0]:
            _row_changes(rows, luck)
    return as_csv(rows, luck.choice((delimiter, delimiter, ",", ";", "\t", "|"))) or b"\n"


def values_changed(data: bytes, luck: random.Random) -> bytes:
    """Cells hold what nobody expects there."""
    found = _rows(data)
    if found is None:
        return flip(data, luck)
    rows, delimiter = found
    for _ in range(luck.randint(1, 4)):
        _value_changes(rows, luck)
    return as_csv(rows, delimiter)


# --- trees -----------------------------------------------------------------------------------------------------------


def _places(value: object, found: list[tuple[object, object]]) -> list[tuple[object, object]]:
    """Every holder in a tree with each of its keys."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            found.append((value, key))
            _places(value[key], found)  # type: ignore[index]
    return found


def tree_changed(data: bytes, luck: random.Random) -> bytes:
    """Keys vanish, values become something else, lists become records and the other way round."""
    value: object = None
    with suppress(ValueError, RecursionError):
        value = json.loads(data)
    if not isinstance(value, dict | list) or not value:
        return values_changed(data, luck)
    for _ in range(luck.randint(1, 4)):
        places = _places(value, [])
        if not places:
            break
        holder, key = luck.choice(places)
        _change(holder, key, luck)
    text = json.dumps(value, ensure_ascii=luck.random() < 0.9)
    return text.encode("utf-8", errors="surrogatepass")


def _change(holder: object, key: object, luck: random.Random) -> None:
    old = holder[key]  # type: ignore[index]
    match luck.randrange(9):
        case 0:
            del holder[key]  # type: ignore[attr-defined]
        case 1 | 2:
            holder[key] = deepcopy(luck.choice(LEAVES))  # type: ignore[index]
        case 3 | 4:
            holder[key] = luck.choice(VALUES)  # type: ignore[index]
        case 5:
            holder[key] = [old, old]  # type: ignore[index]
        case 6:
            holder[key] = {luck.choice(("id", "a", "value", "data", "0", "")): old}  # type: ignore[index]
        case 7 if isinstance(holder, dict):
            holder[luck.choice(HEADERS)] = old
        case 7:
            holder.append(old)  # type: ignore[attr-defined]
        case _:
            holder[key] = str(old)[:200]  # type: ignore[index]


def members_changed(data: bytes, luck: random.Random) -> bytes:
    """A part of a workbook or an archive is mutated, and the rest is packed as it was."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
        return flip(data, luck)
    sheets = [name for name, body in parts.items() if body and ("sheet" in name or "sharedStr" in name)]
    chosen = luck.choice(sheets or list(parts) or ["a.csv"])
    body = parts.get(chosen) or b"a"
    if sheets and luck.random() < 0.7:
        parts[chosen] = _sheet_changed(body, luck)
    else:
        parts[chosen] = luck.choice((flip, insert, delete, cut, double))(body, luck)
    if luck.random() < 0.1:
        del parts[chosen]
    return as_zip(parts)


def _sheet_changed(body: bytes, luck: random.Random) -> bytes:
    """Values, kinds and places of cells."""
    pairs = (
        *((b"<v>", b"<v>" + luck.choice(VALUES).encode("utf-8", "replace")), (b't="s"', b't="n"')),
        *((b'r="A', b'r="XFD'), (b'r="B2"', b'r="B2000000"'), (b't="s"', b't="e"'), (b"<v>", b"<f>1+1</f><v>")),
        *((b"<c ", b'<c s="1" '), (b"</row>", b""), (b"<v>1", b"<v>-1"), (b'r="1"', b'r="9"'), (b't="s"', b't="d"')),
    )
    old, new = luck.choice(pairs)
    return body.replace(old, new, luck.choice((1, 3, -1)))


BYTES: tuple[Mutation, ...] = (flip, insert, delete, cut, double, recode, ends, splice, pack)
MEANING: tuple[Mutation, ...] = (rows_changed, values_changed, values_changed, tree_changed)


def mutated(data: bytes, luck: random.Random) -> bytes:
    """A file changed in one to four ways."""
    if data[:2] == b"PK":
        return (members_changed if luck.random() < 0.8 else luck.choice(BYTES))(data, luck)
    if luck.random() < 0.01:
        return noise(data, luck)
    kinds = BYTES if luck.random() < 0.35 else MEANING
    for _ in range(luck.choice((1, 1, 2, 3))):
        data = luck.choice(kinds)(data, luck) or b" "
    return luck.choice(BYTES)(data, luck) or b" " if luck.random() < 0.15 else data

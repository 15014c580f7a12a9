"""What is mutated: every golden export, and files made up from headers and values of many helpdesks and languages."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import xlsxwriter

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
OLD_BOOK = GOLDEN.parent / "unit" / "files" / "tickets.xls"

DATED = (
    *("Created at", "created_at", "Opened", "Created time", "Дата создания", "Erstellt am", "Creado", "Criado em"),
    *("Créé le", "Solved at", "Resolved", "Closed", "Updated at", "Дата решения", "Due by Time", "First reply at"),
)
TEXTS = (
    *("Status", "State", "Статус", "Estado", "Priority", "Приоритет", "Via", "Channel", "Group", "Assignee", "Agent"),
    *("Requester", "Клиент", "Tags", "Type", "Subject", "Тема", "Satisfaction Score", "Language", "Plan", "x", ""),
)
FIGURES = (
    *("First response time", "Full resolution time in minutes", "Reopens", "CSAT", "nps", "score", "Replies"),
    *("First reply time in minutes", "Time to resolution", "Оценка", "Agent work time (hrs)", "Amount", "2026-01"),
)
IDS = ("Ticket ID", "Id", "Number", "Номер", "Key", "Ticket", "Case Number", "ID de ticket", "Chamado")
INSTANTS = (
    "2026-0{m}-1{d} 0{h}:15:00",
    "1{d}.0{m}.2026 0{h}:15",
    "0{m}/1{d}/2026 0{h}:15 PM",
    "0{m}/0{d}/2026 0{h}:15",
    "2026-0{m}-1{d}T0{h}:15:00Z",
    "2026-0{m}-1{d}T0{h}:15:00.000+03:00",
    "1{d}-Mar-26",
    "1{d} мая 2026 0{h}:15",
    "176{d}{h}0{m}500",
    "176{d}{h}0{m}500000",
    "4607{d}.{h}25",
)
WORDS = {
    "Status": ("Open", "Closed", "Pending", "Solved", "spam", "Закрыт", "Новая"),
    "Priority": ("High", "Low", "1", "P2", "Высокий", "Urgent"),
    "": ("x", "a, b", 'say "hi"', "two\nlines", "Иванов Иван", "a@b.c", "=1+1", "good", "5"),
}
LIMITS = ("5", "4", "-", "1:30", "00:12:30", "90", "2.5", "1 h 5 m", "100", "good", "")


def goldens() -> list[bytes]:
    """Every export among the goldens."""
    return [path.read_bytes() for path in sorted(GOLDEN.glob("*/export.*"))]


def made_rows(luck: random.Random) -> list[list[str]]:
    """A small table as rows of text, header first."""
    dated = luck.sample(DATED, luck.randint(1, 3))
    texts = luck.sample(TEXTS, luck.randint(0, 4))
    figures = luck.sample(FIGURES, luck.randint(0, 2))
    how = luck.choice(INSTANTS)
    header = [luck.choice(IDS), *dated, *texts, *figures]
    rows = [header]
    for number in range(luck.randint(1, 6)):
        at = dict(zip("mdh", (luck.randint(1, 9) for _ in range(3)), strict=True))
        row = [str(1001 + (number if luck.random() < 0.9 else 0))]
        row += [how.format(**at) if luck.random() < 0.9 else "" for _ in dated]
        row += [luck.choice(WORDS.get(name, WORDS[""])) for name in texts]
        row += [luck.choice(LIMITS) for _ in figures]
        rows.append(row)
    return rows


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> bytes:
    """Rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(errors="replace")


def as_json(rows: Sequence[Sequence[str]], shape: str) -> bytes:
    """Rows as records: a list, lines, or a list in an envelope; dotted names become trees."""
    records: list[dict[str, object]] = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    for number, record in enumerate(records):
        record["via"] = {"channel": "web", "source": {"n": number}}
        record["tags"] = ["a", "b"][: number % 3]
    if shape == "lines":
        return "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()
    return json.dumps({"tickets": records, "count": len(records)} if shape == "wrapped" else records).encode()


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as a workbook with numbers where they are such."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": True}) as book:
        sheet = book.add_worksheet("Tickets")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def as_zip(members: dict[str, bytes]) -> bytes:
    """Members as a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


SHAPES: tuple[Callable[[list[list[str]]], bytes], ...] = (
    as_csv,
    lambda rows: as_csv(rows, ";", "\r\n"),
    lambda rows: as_csv(rows, "\t"),
    lambda rows: as_json(rows, "list"),
    lambda rows: as_json(rows, "lines"),
    lambda rows: as_json(rows, "wrapped"),
)


@cache
def packed() -> tuple[bytes, ...]:
    """A few workbooks and archives: making them takes long.

    Parquet is not among them: of a damaged page its reader may ask for more memory than there is, and end the process.
    """
    luck = random.Random(7)
    tables = [made_rows(luck) for _ in range(6)]
    plain = [as_csv(rows) for rows in tables]
    return (
        *(as_xlsx(rows) for rows in tables),
        *(gzip.compress(body) for body in plain[:2]),
        OLD_BOOK.read_bytes(),
        as_zip({"tickets.csv": plain[0]}),
        as_zip({"a/one.csv": plain[1], "a/two.json": as_json(tables[2], "list"), "readme.md": b"x"}),
    )


@cache
def _goldens() -> tuple[bytes, ...]:
    return tuple(goldens())


def seed(luck: random.Random) -> bytes:
    """A file to begin from: a golden, one made up, or now and then something packed."""
    roll = luck.random()
    if roll < 0.5:
        return luck.choice(_goldens())
    if roll < 0.93:
        return luck.choice(SHAPES)(made_rows(luck))
    return luck.choice(packed())

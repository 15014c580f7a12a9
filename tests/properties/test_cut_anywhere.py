"""A file cut at any byte gives the records that are whole and one reject, or it is told that nothing is whole."""

from __future__ import annotations

import gzip
import json

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.errors import ArchiveBroken, FileEmpty, JsonBroken, KpiError, TableBroken
from supportkpi.loaders.tables import Table, read

CSV = {
    "plain": "id,status,subject\n1,open,printer\n2,closed,mail\n3,open,phone\n",
    "quoted": 'id,subject,status\n1,"a, b",open\n2,"say ""hi""",closed\n3,"two\nlines",open\n',
    "all quoted": '"id";"тема";"где"\r\n"1";"Почта, №5";"дом"\r\n"2";"две\r\nстроки";"офис"\r\n"3";"ёж";"склад"\r\n',
    "letters": "id|тема|клиент\n1|не работает почта|Иванов 🙂\n2|доступ|Zoë\n",
    "marked": "\ufeffid\tсрок\tтема\r\n1\t2026-05-04\tпочта\r\n2\t2026-05-05\tдоступ\r\n",
}
RECORDS = [
    {"id": 1, "subject": 'say "hi", {you}', "tags": ["a", "[b"], "via": {"channel": "web"}},
    {"id": 2, "subject": "тема \\ \n 🙂", "tags": [], "cost": -1.5e3, "spam": False},
    {"id": 3, "subject": None, "audits": [{"id": 31, "events": [{"type": "Comment", "public": True}]}]},
]
JSON = {
    "list": json.dumps(RECORDS),
    "letters": json.dumps(RECORDS, ensure_ascii=False, indent=1),
    "lines": "\n".join(json.dumps(one, ensure_ascii=False) for one in RECORDS) + "\n",
    "page": json.dumps({"count": 3, "tickets": RECORDS, "next_page": None}),
    "page in a page": json.dumps({"result": {"total": 3, "data": RECORDS}}),
    "pages": json.dumps({"tickets": RECORDS[:1]}) + "\n" + json.dumps({"tickets": RECORDS[1:]}),
}


def one(data: bytes, encoding: str | None = None) -> Table:
    (found,) = read("-", Reading(encoding=encoding), data)
    return found


def cells(found: Table) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in found.frame.sort("_row").drop("_row").collect().rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
@pytest.mark.parametrize("name", CSV)
def test_delimited_text(name: str, encoding: str) -> None:
    if encoding == "cp1251" and name in ("letters", "marked"):
        pytest.skip("it has no such letters")
    whole = CSV[name].encode(encoding)
    asked = encoding if encoding == "cp1251" else None  # of so few words it may be asked
    rows = cells(one(whole, asked))
    below = len(CSV[name].splitlines(keepends=True)[0].encode(encoding))
    for end in range(below, len(whole)):
        found = one(whole[:end], asked)
        got = cells(found)
        place = f"cut at {end}: {whole[:end]!r}"
        assert got[:-1] == rows[: max(0, len(got) - 1)], place
        assert len(found.rejects) <= 1, place
        if got:  # nobody can tell that the last cell of the last line is not all of it
            last = rows[len(got) - 1]
            assert got[-1][:-1] == last[:-1], place
            assert last[-1].startswith(got[-1][-1].rstrip("\ufffd\r")), place
        assert len(got) >= _whole_rows(whole[:end].decode(encoding, errors="ignore")), place


def _whole_rows(text: str) -> int:
    """How many lines below the header end outside quotes."""
    return sum(text.count('"', 0, at) % 2 == 0 for at, letter in enumerate(text) if letter == "\n") - 1


@pytest.mark.parametrize("name", JSON)
def test_records(name: str) -> None:
    whole = JSON[name].encode()
    for end in range(1, len(whole)):
        try:
            found = one(whole[:end])
        except (JsonBroken, FileEmpty, TableBroken):
            assert b"}" not in whole[:end] or _records_before(whole[:end]) == 0, f"cut at {end}"
            continue
        assert list(found.records) == RECORDS[: found.rows], f"cut at {end}"
        assert found.rows >= _records_before(whole[:end]), f"cut at {end}"
        assert len(found.rejects) <= 1, f"cut at {end}"
        if found.rows < 3 and not _ends_with_a_record(name, whole[:end]):
            assert [reject.slug for reject in found.rejects] == ["cut-record"], f"cut at {end}"


def _records_before(data: bytes) -> int:
    """How many records are whole in the beginning of a file."""
    text = data.decode("utf-8", errors="ignore")
    dumped = [json.dumps(one, **how) for one in RECORDS for how in ({}, {"ensure_ascii": False})]  # type: ignore[arg-type]
    return sum(text.count(record) for record in set(dumped))


def _ends_with_a_record(name: str, data: bytes) -> bool:
    return name in ("lines", "pages") and data.rstrip().endswith(b"}") and _parses(data.splitlines()[-1])


def _parses(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", [CSV["quoted"], JSON["list"], JSON["lines"]])
def test_gzip_of_it(text: str) -> None:
    whole = gzip.compress(text.encode())
    rows = one(text.encode()).frame.drop("_row").collect().rows()
    for end in range(4, len(whole)):
        try:
            found = one(whole[:end])
        except (ArchiveBroken, FileEmpty, JsonBroken, TableBroken):
            continue
        got = found.frame.sort("_row").drop("_row").collect().rows()
        assert len(found.rejects) <= 1
        assert found.notes
        if found.columns == one(text.encode()).columns:
            assert got == rows[: len(got)], f"cut at {end}"


TICKETS = (
    "Ticket ID,Created at,Status,Solved at\n1,2026-05-04 10:00,closed,2026-05-05 10:00\n"
    '2,2026-05-04 11:00,"open",\n3,2026-05-06 10:00,closed,2026-05-07 09:00\n'
)


@pytest.mark.parametrize("end", [60, 75, 95, 105, 118, 125, 140, 155, 170])
def test_the_ledger_of_a_cut_file_adds_up(end: int) -> None:
    try:
        data = pipeline.load_held({"t.csv": TICKETS.encode()[:end]})
    except KpiError:
        return
    (ledger,) = data.ledger
    assert ledger.rows_read == ledger.used + sum(ledger.excluded.values()) + sum(ledger.rejected.values())
    assert sum(ledger.rejected.values()) <= 1
    assert ledger.used >= TICKETS[:end].count("\n") - 1

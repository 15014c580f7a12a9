"""The export of each helpdesk in the other ways that people's files come in: the Dataset stays the same, or asks."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from test_loaders import IDS, export_of, told

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.mapping._claims import plan_of
from supportkpi.loaders.mapping._mapping import mapping_named
from supportkpi.loaders.mapping._recognise import normal
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.values._halves import with_whole_dates
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import settle

Rows = tuple[list[str], list[list[str]]]
Told = dict[str, Any]
LONG = bool(os.environ.get("SUPPORTKPI_LONG"))
LOGS = [name for name in IDS if mapping_named(name).rows in ("update", "message")]
TABLES = [name for name in IDS if mapping_named(name).rows in ("ticket", "survey")]
_AGAIN = re.compile(r"^(.*) \(\d+\)$")
ORDERED = ("dates are read ",)
"""How sentences begin that only some orders of day and month call for."""


# --- files ------------------------------------------------------------------------------------------------------------


@cache
def sample_of(name: str) -> Sample:
    table, _ = with_whole_dates(Sample(read(str(export_of(name)), Reading())[0]))
    return Sample(table)


@cache
def rows_of(name: str) -> Rows:
    """The export as a plain table of text: one row of headers, repeated ones too; day and time of day in one cell."""
    frame = sample_of(name).table.frame.sort(ROW).drop(ROW).collect()
    headers = [_AGAIN.sub(r"\1", one) if _AGAIN.sub(r"\1", one) in frame.columns else one for one in frame.columns]
    return headers, [["" if cell is None else str(cell) for cell in row] for row in frame.rows()]


def text_of(rows: Rows, *, delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(rows[0])
    writer.writerows(rows[1])
    return file.getvalue()


def loaded(name: str, path: Path, content: bytes | str, **reading: object) -> Told:
    """What a file says; helpdesks that are only read when asked for are asked for."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if not mapping_named(name).recognise:
        reading = {"helpdesk": name, **reading}
    how = Reading(**reading)  # type: ignore[arg-type]
    return told(load_tables(read(str(path), how), how))


def attempt(name: str, path: Path, content: bytes | str, **reading: object) -> Told | KpiError:
    """What a file says, or the refusal to read it, which must say what to do."""
    try:
        return loaded(name, path, content, **reading)
    except KpiError as error:
        assert error.hint, error.message  # noqa: PT017 - what it is refused with is looked at, not that it is
        return error


@cache
def _plain(name: str) -> Told | KpiError:
    with TemporaryDirectory() as folder:
        return attempt(name, Path(folder) / "plain.csv", text_of(rows_of(name)))


def plain(name: str) -> Told:
    """What the table says in the plainest of files; a test is skipped where that is not enough for it."""
    said = _plain(name)
    if isinstance(said, KpiError):
        pytest.skip(f"without its further lines of headers it asks: {said.message}")
    return said


def same(here: Told, there: Told, *, but: Sequence[str] = ()) -> None:
    for part in here:
        if part not in but:
            assert there[part] == here[part], part


# --- bytes ------------------------------------------------------------------------------------------------------------

EUROPEAN: tuple[Mapping[str, Any], str] = ({"delimiter": ";", "end": "\r\n"}, "utf-8-sig")
WRITTEN: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "Unicode text": ({"delimiter": "\t", "end": "\r\n"}, "utf-16"),
    "all quoted": ({"quoting": csv.QUOTE_ALL}, "utf-8"),
    "mark of order": ({}, "utf-8-sig"),
    "CRLF": ({"end": "\r\n"}, "utf-8"),
    "semicolons": ({"delimiter": ";"}, "utf-8"),
    "tabs": ({"delimiter": "\t"}, "utf-8"),
    "UTF-16": ({}, "utf-16"),
}


@pytest.mark.parametrize("name", IDS)
def test_the_dialect_and_the_unicode_of_a_file_do_not_matter(name: str, tmp_path: Path) -> None:
    """The table of a European spreadsheet, and one of two others by helpdesk; each in each way in the long run."""
    base, others = plain(name), [*WRITTEN.values()]
    for how, encoding in (EUROPEAN, *(others if LONG else [others[IDS.index(name) % 2]])):
        text = text_of(rows_of(name), **how)
        same(base, loaded(name, tmp_path / "other.csv", text.encode(encoding)), but=("notes",))


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252"])
@pytest.mark.parametrize("name", IDS)
def test_a_code_page_is_read_right_or_asked_about(name: str, encoding: str, tmp_path: Path) -> None:
    text = text_of(rows_of(name), delimiter=";", end="\r\n")
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{encoding} has no letters for it")
    if text.isascii():
        pytest.skip("plain ASCII is the same in every code page")
    base = plain(name)
    same(base, loaded(name, tmp_path / "said.csv", content, encoding=encoding), but=("notes",))
    found = attempt(name, tmp_path / "guessed.csv", content)
    if isinstance(found, KpiError):
        assert "--encoding" in str(found.hint)
    else:
        same(base, found, but=("notes",))


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_headers_alone_are_an_export_of_nothing(name: str, tmp_path: Path) -> None:
    headers, _ = rows_of(name)
    found = attempt(name, tmp_path / "headers.csv", text_of((headers, [])))
    if isinstance(found, KpiError):
        return
    assert not found["tickets"]
    assert not found["surveys"]
    assert not found["rejects"]
    assert [one["read"] for one in found["ledger"]] == [0]


def turned(headers: Sequence[str]) -> list[int]:
    """Another order of columns: the last name first; those with one name stay in their order."""
    names = list(dict.fromkeys(headers))[::-1]
    return [at for name in names for at, header in enumerate(headers) if header == name]


@pytest.mark.parametrize("name", IDS)
def test_the_order_of_columns_does_not_matter(name: str, tmp_path: Path) -> None:
    headers, rows = rows_of(name)
    order = turned(headers)
    other = [headers[at] for at in order], [[row[at] for at in order] for row in rows]
    here, there = plain(name), loaded(name, tmp_path / "turned.csv", text_of(other))
    same(here, there, but=("rejects", "notes", "assumptions"))
    for part in ("notes", "assumptions"):  # one sentence a column, in their order
        assert sorted(map(str, there[part])) == sorted(map(str, here[part]))


@pytest.mark.parametrize("name", [name for name in TABLES if mapping_named(name).keep == "all"])
def test_a_field_of_ones_own_keeps_its_values_under_any_name(name: str, tmp_path: Path) -> None:
    headers, rows = rows_of(name)
    base, added = plain(name), [[*row, f"Hall {at % 2}"] for at, row in enumerate(rows)]
    part = "tickets" if base["tickets"] else "surveys"
    own = ("Our building", "Наш цех (2)", "custom_7.value")[len(name) % 3]
    found = loaded(name, tmp_path / "own.csv", text_of(([*headers, own], added)))
    assert {row[own] for row in found[part]} <= {"Hall 0", "Hall 1"}
    assert [{key: value for key, value in row.items() if key != own} for row in found[part]] == base[part]


# --- a column less ----------------------------------------------------------------------------------------------------

_WORDS = {"status": ("exclusion",), "tags": ("exclusion",), "submitter": ("opener",), "requester_name": ("opener",)}
_OF_SURVEYS = {"requester_id": "respondent_id", "rated_at": "at", "assignee_id": "agent_id", "offered_at": "offered_at"}
_TELLS_STATUS = ("Status Category",)  # kept, and yet the status of what Jira calls done
_LEFT_OUT = ("spam", "deleted", "merged", "test", "eligible")
_NUMBERS = ("status", "created_at", "first_reply_at", "solved_at", "closed_at", "first_solved_at", "given_replies")


def touched(column: str, base: Told, less: Told) -> set[str]:
    """The keys of tickets, stamps and surveys that may differ when a column is not there."""
    before, after = base["columns"], less["columns"]
    moved = {name: reads[0] for name, reads in after.items() if before[name][0] != reads[0]}  # taken, or set free
    fields = {one for one in (before[column][0], *moved.values(), *(before[name][0] for name in moved)) if one}
    fields |= {"status"} if column in _TELLS_STATUS else set()
    keys = {column, f"raw.{column}", *moved, *(f"raw.{name}" for name in moved), *fields}
    keys |= {f"{field}_raw" for field in fields} | {_OF_SURVEYS[field] for field in fields & _OF_SURVEYS.keys()}
    keys |= {key for field in fields for key in _WORDS.get(field, ())}
    if any(field.endswith("_at") or field.startswith("given_") for field in fields):
        keys |= {"observed_until", "first_reply_at", "first_solved_at", "solved_at"}
    if fields & {"spam", "deleted", "merged", "test", "merged_into"}:
        keys.add("exclusion")
    if fields & set(_NUMBERS):
        keys.update(key for told in (base, less) for row in told["tickets"] for key in row if key.startswith("given_"))
    return keys


def unlike(base: Told, less: Told, part: str, keys: set[str]) -> list[object]:
    """The values outside those keys that differ between two files with the same rows."""
    one, other = base.get(part, []), less.get(part, [])
    if len(one) != len(other):
        return [] if part == "stamps" and not other else [f"{part}: rows"]
    return [
        (part, key, here.get(key), there.get(key))
        for here, there in zip(one, other, strict=True)
        for key in {*here, *there} - keys
        if here.get(key) != there.get(key)
    ]


def without(name: str) -> Iterator[tuple[str, str]]:
    """Each column and the table without it: all in the long run, else each twelfth, other ones of each helpdesk."""
    headers, rows = rows_of(name)
    for at in range(0 if LONG else IDS.index(name) % 12, len(headers), 1 if LONG else 12):
        if headers.count(headers[at]) == 1:
            cut = headers[:at] + headers[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]
            yield headers[at], text_of(cut)


@pytest.mark.parametrize("name", TABLES)
def test_a_column_less_changes_nothing_but_what_it_told(name: str, tmp_path: Path) -> None:
    base = plain(name)
    faulty = {reject[1] for reject in base["rejects"]}
    parting = {normal(name) for rating in mapping_named(name).ratings.values() for name in rating.when}
    for column, text in without(name):
        field = base["columns"][column][0]
        less = attempt(name, tmp_path / "less.csv", text, helpdesk=name)
        if isinstance(less, KpiError):
            assert field in ("ticket_id", "csat", "nps", "ces"), column
            continue
        assert sum(one["read"] for one in less["ledger"]) == sum(one["read"] for one in base["ledger"])
        if field in ("ticket_id", "csat", "nps", "ces", *_LEFT_OUT) or column in faulty or normal(column) in parting:
            continue  # other rows count then
        if field == "updated_at" and any("duplicate" in one["excluded"] for one in base["ledger"]):
            continue  # of a ticket that is there twice another row is the newest
        keys = touched(column, base, less)
        found = [one for part in ("tickets", "stamps", "surveys") for one in unlike(base, less, part, keys)]
        assert found == [], column


@pytest.mark.parametrize("name", LOGS)
def test_a_log_with_a_column_less_loads_or_says_what_is_missing(name: str, tmp_path: Path) -> None:
    for _, text in without(name):
        found = attempt(name, tmp_path / "less.csv", text, helpdesk=name)
        for one in found["ledger"] if not isinstance(found, KpiError) else ():
            assert one["read"] == one["used"] + sum(one["excluded"].values()) + sum(one["rejected"].values())


# --- dates ------------------------------------------------------------------------------------------------------------

CLOCKS = (
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%d %b %Y %I:%M:%S %p",
)


@cache
def instants_of(name: str) -> dict[str, pl.Series]:
    """What the clock of the export's zone showed in each column of dates without an offset."""
    sample = sample_of(name)
    plan = plan_of(mapping_named(name), sample.table.columns)
    sample = sample.without(plan.missing)
    settled = settle(plan, sample, Reading())
    found = {}
    for claim in settled.claims:
        reading = settled.dates.get(claim.field)
        if reading is not None and not reading.zoned and not reading.bare:
            words = sample.words(claim.column)
            local = words.to_frame().select(reading.parse(pl.col(words.name)).dt.convert_time_zone(reading.zone))
            found[claim.column] = local.to_series().dt.replace_time_zone(None)
    return found


def clocked(name: str, layout: str) -> str:
    """The export with its dates in another layout; cells that hold no date stay."""
    headers, rows = rows_of(name)
    columns = {headers.index(column): at.dt.to_string(layout).to_list() for column, at in instants_of(name).items()}
    changed = [list(row) for row in rows]
    for at, texts in columns.items():
        for row, text in zip(changed, texts, strict=True):
            row[at] = text if text is not None else row[at]
    return text_of((headers, changed))


def unordered(said: Told) -> Told:
    """What was told, without sentences about the order of day and month."""
    parts = ("assumptions", "notes")
    told_of = {part: [one for one in said[part] if not str(one).startswith(ORDERED)] for part in parts}
    return {**said, **told_of, "rejects": [one[:3] for one in said["rejects"]]}


@pytest.mark.parametrize("name", IDS)
def test_dates_may_be_written_in_any_order_and_by_either_clock(name: str, tmp_path: Path) -> None:
    instants = instants_of(name)
    if not any(values.count() for values in instants.values()):
        pytest.skip("its dates are numbers, or name their offset")
    if not mapping_named(name).recognise:
        pytest.skip("some of its dates are looked for by their words")
    plain(name)
    base = unordered(loaded(name, tmp_path / "iso.csv", clocked(name, "%Y-%m-%d %H:%M:%S")))
    proven = any(bool((values.dt.day() > 12).any()) for values in instants.values())
    layouts = CLOCKS if LONG else [CLOCKS[IDS.index(name) % len(CLOCKS)]]
    for layout in layouts:
        text, clear = clocked(name, layout), proven or "/" not in layout
        if not clear:
            said = loaded(name, tmp_path / "said.csv", text, dayfirst=layout.startswith("%d"))
            assert unordered(said) == base, layout
        found = attempt(name, tmp_path / "found.csv", text)
        if isinstance(found, KpiError):
            assert not clear, layout
            assert "--dayfirst" in str(found.hint)
        elif clear:
            assert unordered(found) == base, layout
        else:  # what the helpdesk's own order makes of them is said
            assert any(str(one).startswith(ORDERED) for one in found["assumptions"]), layout

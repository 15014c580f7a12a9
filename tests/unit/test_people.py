"""Persons by code: the same in every run and file, never the name unless it is asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.engine.grouping.people import coded, digest
from supportkpi.errors import ValueUnknown
from supportkpi.report import Report
from supportkpi.schema import Dataset

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = ("Ann Lee", "bob@desk.example", "Cyd")
FORMATS = ("table", "plain", "markdown", "csv", "json")


def dataset(**columns: list[str]) -> Dataset:
    """Six tickets created an hour apart and solved after a day, their assignees in turn."""
    ids = [str(number) for number in range(6)]
    created = [START + timedelta(hours=number) for number in range(6)]
    events = pl.DataFrame(
        {
            "ticket_id": ids * 3,
            "at": [*created, *(at + timedelta(hours=2) for at in created), *(at + timedelta(days=1) for at in created)],
            "kind": ["created"] * 6 + ["message"] * 6 + ["status"] * 6,
            "actor": ["customer"] * 6 + ["agent"] * 12,
            "actor_id": [None] * 6 + [*NAMES, *NAMES] * 2,
            "public": [None] * 6 + [True] * 6 + [None] * 6,
            "value": [None] * 12 + ["solved"] * 6,
        }
    )
    tickets = pl.DataFrame({"ticket_id": ids, "assignee_id": [*NAMES, *NAMES], "requester_id": ["zoe", "quinn"] * 3})
    return sk.dataset(events=events, tickets=tickets.with_columns(pl.Series(n, v) for n, v in columns.items()))


def groups(report: Report, dim: str) -> list[str | None]:
    return list(dict.fromkeys(row.group[dim] for row in report.cells if row.group))


@pytest.mark.parametrize(("dim", "word"), [("agent", "agent"), ("assignee", "agent"), ("requester", "customer")])
def test_persons_have_codes_in_the_order_of_the_codes(dim: str, word: str) -> None:
    found = groups(sk.measure(dataset(), by=dim, detail=False), dim)
    assert found == sorted(found)
    names = NAMES if word == "agent" else ("zoe", "quinn")
    assert found == sorted(f"{word} {digest(name)[:4]}" for name in names)


def test_the_code_is_the_first_four_digits_of_the_hash_and_the_same_in_every_file() -> None:
    assert coded({"ann"}) == {"ann": digest("ann")[:4]}
    assert coded({"ann", "bob"})["ann"] == coded({"ann", "cyd", "dee"})["ann"]
    assert digest(" ann ") == digest("ann")


def test_codes_that_would_be_the_same_have_more_digits() -> None:
    names = {f"agent-{number}" for number in range(2000)}
    codes = coded(names)
    assert len(set(codes.values())) == len(names)
    assert {len(code) for code in codes.values()} > {4}
    assert all(digest(name).startswith(code) for name, code in codes.items())
    short = [code for code in codes.values() if len(code) == 4]
    assert not any(other != code and other.startswith(code) for code in short for other in codes.values())


def test_names_are_shown_when_they_are_asked_for_in_their_own_order() -> None:
    shown = sk.settings({"privacy": {"names": True}})
    assert groups(sk.measure(dataset(), settings=shown, by="agent"), "agent") == sorted(NAMES)


@pytest.fixture(scope="module")
def filtered() -> Report:
    return sk.measure(dataset(), by=["agent", ["requester", "agent"]], where=["assignee!=Cyd", "agent!=Ann Lee"])


@pytest.mark.parametrize("output", FORMATS)
def test_no_format_tells_a_name(output: str, filtered: Report) -> None:
    report = filtered
    text = sk.render(report, output, full=True)
    assert isinstance(text, str)
    assert not [name for name in (*NAMES, "zoe", "quinn") if name in text]
    assert f"agent {digest('bob@desk.example')[:4]}" in text


def test_a_filter_takes_the_name_or_the_code_and_the_report_repeats_the_code() -> None:
    code = digest("Ann Lee")[:4]
    for asked in (
        "agent=Ann Lee",
        "agent=ann lee",
        f"agent={code}",
        f"agent=agent {code}",
        f"agent={digest('Ann Lee')}",
    ):
        report = sk.measure(dataset(), where=asked)
        assert report.get("tickets_solved").n == 2, asked
        assert "Ann" not in report.method.where[0]
    both = sk.measure(dataset(), where=f"agent=Ann Lee, {digest('Cyd')[:4]}")
    assert both.get("tickets_solved").n == 4


def test_an_unknown_name_is_refused_without_telling_the_others() -> None:
    with pytest.raises(ValueUnknown) as refused:
        sk.measure(dataset(), where="agent=Anne Lee")
    assert not [name for name in NAMES if name in str(refused.value.hint)]
    assert f"agent {digest('Ann Lee')[:4]} (2)" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("name", "values"), [("Closed by", ["Ann Lee"] * 6), ("Lead", ["x@desk.example", *["y@desk.example"] * 5])]
)
def test_columns_of_persons_that_have_no_field_of_ours_are_coded_too(name: str, values: list[str]) -> None:
    found = groups(sk.measure(dataset(**{name: values}), by=name), name)
    assert all(label is not None and label.startswith("person ") for label in found)


def test_columns_of_things_are_shown_as_they_are() -> None:
    assert groups(sk.measure(dataset(Product=["till", "app"] * 3), by="Product"), "Product") == ["app", "till"]


def test_a_column_that_was_read_as_the_assignee_is_coded_by_its_own_name(tmp_path: Path) -> None:
    lines = [f"{n},2026-03-0{n} 10:00,2026-03-0{n} 12:00,Ann Lee,Solved" for n in range(1, 9)]
    file = tmp_path / "tickets.csv"
    file.write_text("\n".join(["Ticket ID,Created at,Resolved at,Assignee,Status", *lines]), encoding="utf-8")
    data = sk.load(str(file), columns=["Assignee"])
    for asked in ("Assignee", "assignee", "agent"):
        text = sk.render(sk.measure(data, by=asked), "json")
        assert isinstance(text, str)
        assert "Ann Lee" not in text, asked
        assert json.loads(text)["rows"]

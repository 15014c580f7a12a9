"""Logs that are longer than their sample, and logs whose rows stand in one order or another: the same comes out."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from supportkpi import facts, pipeline
from supportkpi.decisions import Settings
from supportkpi.schema import Dataset

HEAD = "ticket_id,time,event,author,role,public,value"
FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)


def loaded(folder: Path, rows: list[str]) -> Dataset:
    path = folder / "log.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return pipeline.load(str(path))


def row(ticket: int, minute: int, told: str) -> str:
    return f"T-{ticket},{FIRST + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ},{told}"


def test_words_and_dates_beyond_the_sample_are_read(tmp_path):
    rows = [
        line
        for ticket in range(7_000)
        for line in (
            row(ticket, ticket, "created,ann,customer,,"),
            row(ticket, ticket + 5, "assigned,rules,system,,agent 1"),
            row(ticket, ticket + 9, "status changed,agent 1,agent,,solved"),
        )
    ]
    rows += [row(8_000 + each, each, f"assigned,rules,system,,late {each}") for each in range(300)]
    rows.append("T-9000,2026-02-01 10:30:00+02:00,status changed,ann,customer,,pending")
    data = loaded(tmp_path, rows)
    assert not data.rejects
    known = data.tickets.select("ticket_id", "assignee_id", "status").rows_by_key("ticket_id", unique=True)
    assert known["T-8299"] == ("late 299", "new")
    assert known["T-9000"] == (None, "pending")
    assert known["T-6999"] == ("agent 1", "solved")
    events = data.history.frame.filter(pl.col("ticket_id").cast(pl.String) == "T-9000").collect()
    assert datetime(2026, 2, 1, 8, 30, tzinfo=UTC) in events["at"].to_list()


def told() -> list[tuple[int, str]]:
    """Minute and row of forty tickets: bots, notes, hands that change, returns, and two things in one minute."""
    made: list[tuple[int, str]] = []
    for ticket in range(40):
        at, agent = ticket * 7, f"agent {ticket % 3}"
        steps = [
            (0, "created,ann,customer,,"),
            (0, "comment,ann,customer,true,"),
            (2, "comment,bot,bot,true,"),
            (4, f"assigned,rules,system,,{agent}"),
            (30 + ticket, f"comment,{agent},agent,true,"),
            (30 + ticket, f"status changed,{agent},agent,,pending"),
            (90, "comment,ann,customer,true,"),
            (91, "status changed,rules,system,,open"),
            (200, f"assigned,rules,system,,agent {ticket % 5}"),
            (260, f"comment,agent {ticket % 5},agent,true,"),
            (261, f"status changed,agent {ticket % 5},agent,,solved"),
            (400, "status changed,ann,customer,,open"),
            (500, f"status changed,{agent},agent,,solved"),
        ]
        made += [(at + minute, row(ticket, at + minute, text)) for minute, text in steps[: 8 + ticket % 6]]
    return made


def folded(data: Dataset) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    found = facts.fold(data, Settings())
    names = [name for name in sorted(found.tickets.columns) if name != "ticket_id"]
    return (
        found.tickets.select("ticket_id", *names).sort("ticket_id"),
        found.intervals.select("ticket_id", "start", "end", pl.col("status", "raw", "by").cast(pl.String)).sort(
            "ticket_id", "start"
        ),
        found.waits.sort("ticket_id", "asked_at"),
    )


@pytest.mark.parametrize("order", ["by time", "mixed", "newest first"])
def test_the_order_of_the_rows_changes_no_fact(tmp_path, order):
    rows = told()
    expected = folded(loaded(tmp_path, [text for _, text in rows]))
    assert expected[0]["reopens"].sum() > 0
    assert expected[1].height > expected[0].height
    if order == "by time":
        rows.sort(key=lambda pair: pair[0])  # of one minute as they stood
    elif order == "newest first":
        rows.reverse()
    else:  # what happened in one minute stays in its order, as nothing else tells it
        by_minute: dict[str, list[tuple[int, str]]] = {}
        for minute, text in rows:
            by_minute.setdefault(text.split(",event")[0].rsplit("Z,", 1)[0], []).append((minute, text))
        blocks = list(by_minute.values())
        random.Random(3).shuffle(blocks)
        rows = [pair for block in blocks for pair in block]
    found = folded(loaded(tmp_path, [text for _, text in rows]))
    for one, other in zip(found, expected, strict=True):
        assert one.equals(other), order


def test_a_row_that_stands_twice_counts_once_wherever_it_stands(tmp_path):
    rows = [text for _, text in told()]
    twice = [*rows[:30], rows[29], *rows[30:], rows[3]]
    data = loaded(tmp_path, twice)
    assert data.ledger[0].excluded == {"duplicate": 2}
    assert folded(data)[0].equals(folded(loaded(tmp_path, rows))[0])

"""Customers of real tables, counted by hand with the csv module alone, against what the program says of them.

The columns, the formats and the words of each file are written down as a person sees them who opens it.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from supportkpi import pipeline

SHARED = Path(__file__).parents[3] / "shared"
WEEK = timedelta(days=7)
pytestmark = pytest.mark.shared


def rows_of(path: str, **how: str) -> list[dict[str, str]]:
    file = SHARED / path
    if not file.exists():
        pytest.skip("no real files beside the repository")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, **how))


GLPI = "exports/glpi/glpi10_ptBR_stats_semicolon_bom.csv"


def glpi() -> list[tuple[str, str, datetime, datetime | None]]:
    """(requester, category, opened, solved and not open again) of every row."""

    def when(text: str) -> datetime | None:
        for form in ("%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M"):
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 - differences alone are looked at
            except ValueError:
                continue
        return None

    found = []
    for row in rows_of(GLPI, delimiter=";"):
        done = row["Status"] in ("Solucionado", "Fechado")
        solved = when(row["Data da solução"]) if done else None
        person = row["Requerente - Requerente"].strip().lower()
        found.append((person, row["Categoria"].strip(), when(row["Data de abertura"]), solved))
    return found


def test_repeats_of_a_real_export():
    every = glpi()
    by = defaultdict(list)
    for place, (person, about, _, _) in enumerate(every):
        by[person, about].append(place)
    report = pipeline.measure(pipeline.load(str(SHARED / GLPI)), kpis="repeat_contact_rate")
    newest = max(opened for _, _, opened, _ in every)
    back, forward, judged = 0, 0, 0
    for place, (person, about, opened, solved) in enumerate(every):
        others = [every[other] for other in by[person, about] if other != place] if person and about else []
        before = [max(theirs, begun) for _, _, begun, theirs in others if theirs is not None]
        back += any(timedelta(0) < opened - end <= WEEK for end in before)
        if solved is not None and solved + WEEK <= newest and person:
            judged += 1
            forward += any(timedelta(0) < begun - max(solved, opened) <= WEEK for _, _, begun, _ in others)
    assert back > 5, "the file has some to count"
    lookback, lookforward = (report.get("repeat_contact_rate", stat) for stat in ("lookback", "lookforward"))
    assert (lookback.n, lookback.x) == (sum(bool(person) for person, *_ in every), back)
    assert (lookforward.n, lookforward.x) == (judged, forward)


def test_requesters_of_a_real_export():
    every = glpi()
    wrote = Counter(person for person, *_ in every if person)
    helped = {person for person, _, _, solved in every if person and solved is not None}
    report = pipeline.measure(pipeline.load(str(SHARED / GLPI)))
    assert report.get("requesters").value == len(wrote)
    assert report.get("requesters").counts["busiest"] == max(wrote.values())
    assert report.get("requesters_solved").value == len(helped)
    assert report.get("tickets_per_requester").value == pytest.approx(sum(wrote.values()) / len(wrote))


TICKETS = "data/customer_support_tickets/customer_support_tickets.csv"


def test_customers_of_a_table_without_dates():
    """Without a date of creation nothing can be told of repeats, but who wrote twice on one matter can."""
    every = rows_of(TICKETS)
    matters = Counter((row["Customer Email"].strip().lower(), row["Ticket Type"].strip()) for row in every)
    people = {person for person, _ in matters}
    again = {person for (person, _), tickets in matters.items() if tickets > 1}
    report = pipeline.measure(pipeline.load(str(SHARED / TICKETS)), kpis=["repeat_contact_rate", "requesters"])
    assert report.get("requesters").value == len(people)
    assert report.get("requesters").counts["tickets"] == len(every)
    found = report.get("repeat_contact_rate", "customers")
    assert (found.n, found.x) == (len(people), len(again))
    assert report.get("repeat_contact_rate").state == "not_observed"

"""Two tables of the same tickets, each with columns of its own: what either says of all of them is shown."""

from __future__ import annotations

from pathlib import Path

import supportkpi
from supportkpi.schema import Dataset, Extent, Sight, Stamps

TICKETS = "Ticket ID,Status,Priority,Created\n1,Closed,High,2026-03-02 09:00\n2,Open,Low,2026-03-03 09:00\n"
TIMES = "Ticket ID,Created,First response at,Resolved at\n1,2026-03-02 09:00,2026-03-02 09:30,2026-03-04 12:00\n"
MORE = "2,2026-03-03 09:00,2026-03-03 10:00,\n"


def load(folder: Path, **files: str) -> Dataset:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return supportkpi.load(str(folder))


def rows(data: Dataset) -> list[dict[str, object]]:
    assert isinstance(data.history, Stamps)
    both = data.tickets.join(data.history.frame, on="ticket_id").sort("ticket_id")
    shown = ("ticket_id", "status_raw", "priority_raw", "first_reply_at", "solved_at")
    return both.select(f"{name}" for name in shown if name in both.columns).to_dicts()


def test_instants_of_one_file_and_words_of_the_other_make_whole_tickets(tmp_path: Path) -> None:
    data = load(tmp_path, a_tickets=TICKETS, b_times=TIMES + MORE)
    assert data.observes[Sight.reply] is Extent.FIRST
    assert data.observes[Sight.solve] is Extent.LAST
    assert data.observes[Sight.status] is Extent.LAST
    first, second = rows(data)
    assert (first["status_raw"], f"{first['first_reply_at']:%H:%M}", f"{first['solved_at']:%d %H:%M}") == (
        "Closed",
        "09:30",
        "04 12:00",
    )
    assert (second["status_raw"], f"{second['first_reply_at']:%H:%M}", second["solved_at"]) == ("Open", "10:00", None)
    assert f"{data.tickets['observed_until'].max():%d %H:%M}" == "04 12:00"


def test_what_one_file_says_of_some_tickets_only_is_shown_of_none(tmp_path: Path) -> None:
    data = load(tmp_path, a_tickets=TICKETS, b_times=TIMES)
    assert Sight.reply not in data.observes
    assert Sight.solve not in data.observes


def test_an_older_page_does_not_fill_what_the_newer_one_leaves_empty(tmp_path: Path) -> None:
    head = "Ticket ID,Status,Created,Updated,Resolved at"
    old = f"{head},Team\n1,Closed,2026-03-02 09:00,2026-03-04 12:00,2026-03-04 12:00,A\n"
    new = f"{head}\n1,Open,2026-03-02 09:00,2026-03-05 12:00,\n"
    data = load(tmp_path, page1=old, page2=new)
    (row,) = rows(data)
    assert (row["status_raw"], row["solved_at"]) == ("Open", None)
    assert data.tickets["group"].to_list() == ["A"]

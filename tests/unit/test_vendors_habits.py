"""What a mapping can say of the habits of helpdesks: zeros, undecided verdicts, what was left, openers, links, ages."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import DatesUnreadable, MappingInvalid, NotRecognised
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset

MAPPING = """
id: own
columns:
  ticket_id: [Ref]
  created_at: [Born]
  first_reply_at: [Answered]
  status: [State]
  opener: [Sender]
values:
  status: {open: open, done: closed}
  role: {Kunde: customer, Mitarbeiter: agent}
given:
  first_response_s: {column: Minutes, unit: minutes, clock: business, zero: missing}
  handle_s: {column: Work, unit: minutes, zero: missing}
  reopens: {column: Again, values: {"yes": true, "no": false}}
  sla_first_response_met: {column: Left, unit: left}
  sla_resolution_met: {column: Verdict, values: {met: true, late: false, running: null}}
"""
HEADER = "Ref,Born,Answered,State,Sender,Minutes,Work,Again,Left,Verdict\n"
BORN = "2026-03-02 09:00"


def loaded(tmp_path: Path, rows: str, mapping: str | None = MAPPING) -> Dataset:
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(mapping or "", encoding="utf-8")
    reading = Reading(mapping=str(tmp_path / "own.yaml") if mapping else None)
    return load_tables(read(str(tmp_path / "rows.csv"), reading), reading)


def told(tmp_path: Path, column: str, *rows: str) -> list[object]:
    return loaded(tmp_path, HEADER + "\n".join(rows) + "\n").tickets[column].to_list()


def test_a_zero_is_no_number_where_the_mapping_says_so(tmp_path: Path) -> None:
    rows = f"1,{BORN},2026-03-02 09:00,done,,0,0,,,", f"2,{BORN},2026-03-02 09:05,done,,5,7,,,"
    assert told(tmp_path, "given_first_response_business_s", *rows) == [None, 300.0]
    assert told(tmp_path, "given_handle_s", *rows) == [None, 420.0]


def test_a_zero_beside_no_reply_is_none_even_where_zeros_count(tmp_path: Path) -> None:
    plain = MAPPING.replace(", zero: missing", "")
    rows = f"1,{BORN},,done,,0,0,,,\n2,{BORN},2026-03-02 09:00,done,,0,0,,,\n"
    tickets = loaded(tmp_path, HEADER + rows, plain).tickets
    assert tickets["given_first_response_business_s"].to_list() == [None, 0.0]
    assert tickets["given_handle_s"].to_list() == [0.0, 0.0]


def test_what_was_left_of_a_target_is_a_verdict(tmp_path: Path) -> None:
    rows = [f"{place},{BORN},2026-03-02 10:00,done,,,,,{left}," for place, left in enumerate(("30", "0", "-5", ""))]
    assert told(tmp_path, "given_sla_first_response_met", *rows) == [True, True, False, None]


def test_what_was_left_says_nothing_yet_of_a_ticket_without_a_reply(tmp_path: Path) -> None:
    rows = f"1,{BORN},,open,,,,,60,", f"2,{BORN},,open,,,,,-60,", f"3,{BORN},2026-03-02 09:30,open,,,,,60,"
    assert told(tmp_path, "given_sla_first_response_met", *rows) == [None, False, True]


def test_only_verdicts_are_told_by_what_was_left(tmp_path: Path) -> None:
    wrong = MAPPING.replace("unit: minutes, clock: business, zero: missing", "unit: left")
    with pytest.raises(MappingInvalid, match="no verdict"):
        loaded(tmp_path, HEADER + f"1,{BORN},,done,,0,0,,,\n", wrong)


def test_words_that_decide_nothing_are_no_faults(tmp_path: Path) -> None:
    rows = f"1,{BORN},,done,,,,,,met\n2,{BORN},,done,,,,,,running\n3,{BORN},,done,,,,,,late\n"
    dataset = loaded(tmp_path, HEADER + rows)
    assert dataset.tickets["given_sla_resolution_met"].to_list() == [True, None, False]
    assert not any("Verdict" in note for note in dataset.provenance[0].notes)


def test_a_yes_where_a_count_is_asked_for_is_one(tmp_path: Path) -> None:
    assert told(tmp_path, "given_reopens", f"1,{BORN},,done,,,,yes,,", f"2,{BORN},,done,,,,no,,") == [1, 0]


def test_who_opened_a_ticket_goes_by_the_words_for_roles(tmp_path: Path) -> None:
    rows = [f"{at},{BORN},,done,{word},,,,," for at, word in enumerate(("Kunde", "Mitarbeiter", "Automat", "agent"))]
    assert told(tmp_path, "opener", *rows) == ["customer", "agent", None, "agent"]


def test_an_id_that_is_a_link_is_what_the_link_ends_in(tmp_path: Path) -> None:
    rows = "https://x.example.org/c/501,{0},,done,,,,,,\nhttps://x.example.org/c/502/?tab=1,{0},,done,,,,,,\n"
    dataset = loaded(tmp_path, HEADER + rows.format(BORN))
    assert dataset.tickets["ticket_id"].to_list() == ["501", "502"]


def test_links_whose_ends_are_not_theirs_alone_stay_whole(tmp_path: Path) -> None:
    rows = "https://x.example.org/a/issues/1,{0},,done,,,,,,\nhttps://x.example.org/b/issues/1,{0},,done,,,,,,\n"
    dataset = loaded(tmp_path, HEADER + rows.format(BORN))
    assert dataset.tickets["ticket_id"].n_unique() == 2


def test_ages_instead_of_dates_are_said_to_be_such(tmp_path: Path) -> None:
    with pytest.raises(DatesUnreadable, match="how long ago") as caught:
        loaded(tmp_path, HEADER + "1,3 weeks ago,,done,,,,,,\n2,20 hours ago,,open,,,,,,\n")
    assert "show dates" in str(caught.value.hint)


def test_a_report_of_averages_is_no_list_of_tickets(tmp_path: Path) -> None:
    rows = (
        "Reporting period 1 March to 31 March\n\nAgent name,Chats,Avg first response time\n\nK,12,1 hour 5 minutes\n\n"
    )
    with pytest.raises(NotRecognised, match="sums up many tickets") as caught:
        loaded(tmp_path, rows, mapping=None)
    assert "averages" in str(caught.value.hint)

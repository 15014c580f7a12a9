"""Tables to a Dataset: what becomes of rows, duplicates, files beside one another, and what the user says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import (
    ColumnMissing,
    DatesAmbiguous,
    DatesUnreadable,
    HelpdeskUnknown,
    IdsDamaged,
    KpiError,
    MappingInvalid,
    NotRecognised,
)
from supportkpi.loaders import Table, load_tables, read
from supportkpi.schema import Dataset, Extent, Sight, Stamps

HEAD = "Ticket ID,Created,Solved,Status,Priority,Customer,Updated,Channel\n"


def load(folder: Path, *texts: str, columns: tuple[str, ...] | None = None, **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    tables = []
    for index, text in enumerate(texts):
        path = folder / f"{index}.csv"
        path.write_text(text, encoding="utf-8")
        tables += read(str(path), how)
    return load_tables(tables, how, columns=columns)


def stamps(dataset: Dataset) -> pl.DataFrame:
    assert isinstance(dataset.history, Stamps)
    return dataset.history.frame


def sums(dataset: Dataset) -> None:
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())


def test_rows_that_cannot_be_used_are_rejected_with_line_column_and_value(tmp_path: Path) -> None:
    text = HEAD + (
        "1,2026-03-01 10:00,2026-03-01 12:00,Closed,High,a,,Mail\n"
        "2,31 February,,Open,High,a,,Mail\n"
        ",2026-03-01 10:00,,Open,High,a,,Mail\n"
        "4,2026-03-02 10:00,yesterday,Closed,High,a,,Mail\n"
        "5,2026-03-03 10:00,-,Open,High,a,,Mail\n"
        "6,2026-03-03 10:00,,Open,High,a,whenever,Mail\n"
        "7,2026-03-03 10:00,2026-03-04 10:00,Closed,High,a,2026-03-04 10:00,Mail\n"
        "8,2026-03-03 10:00,2026-03-04 10:00,Closed,High,a,2026-03-04 10:00,Mail\n"
    )
    dataset = load(tmp_path, text)
    assert [(one.line, one.column, one.slug, one.value) for one in dataset.rejects] == [
        (3, "Created", "bad-date", "31 February"),
        (4, "Ticket ID", "no-id", None),
        (5, "Solved", "bad-date", "yesterday"),
    ]
    assert dataset.tickets["ticket_id"].to_list() == ["1", "5", "6", "7", "8"]
    assert any("'Updated'" in note for note in dataset.provenance[0].notes)
    sums(dataset)


def test_an_hour_that_the_clock_skipped_is_a_reject_of_its_own_and_one_that_ran_twice_is_counted(
    tmp_path: Path,
) -> None:
    text = HEAD + (
        "1,2026-03-29 02:30:00,,Open,High,a,,Mail\n"
        "2,2026-03-29 03:30:00,,Open,High,a,,Mail\n"
        "3,2026-10-25 02:30:00,,Open,High,a,,Mail\n"
    )
    dataset = load(tmp_path, text, source_timezone="Europe/Berlin")
    assert [one.slug for one in dataset.rejects] == ["dst-gap"]
    assert stamps(dataset)["created_at"][1].isoformat() == "2026-10-25T00:30:00+00:00"
    assert any("ran twice" in note for note in dataset.provenance[0].notes)
    assert dataset.provenance[0].zone_source == "option"
    assert not any("UTC" in said for said in dataset.assumptions)


def test_the_newest_update_of_a_ticket_wins_else_the_later_row(tmp_path: Path) -> None:
    text = HEAD + (
        "1,2026-03-01 10:00,2026-03-05 12:00,Closed,High,a,2026-03-05 12:00,Mail\n"
        "1,2026-03-01 10:00,,Open,High,a,2026-03-02 12:00,Mail\n"
        "2,2026-03-01 11:00,,Open,High,a,2026-03-02 12:00,Mail\n"
    )
    dataset = load(tmp_path, text)
    assert dataset.tickets["status"].to_list() == ["closed", "open"]
    assert dataset.ledger[0].excluded == {"duplicate": 1}
    sums(dataset)
    later = load(tmp_path, text.replace("2026-03-05 12:00,Mail", ",Mail").replace("2026-03-02 12:00,Mail", ",Mail"))
    assert later.tickets["status"].to_list() == ["open", "open"]


def test_monthly_files_join_and_each_row_ends_with_its_own_file(tmp_path: Path) -> None:
    march = HEAD + (
        "1,2026-03-01 10:00,,Open,High,a,2026-03-02 10:00,Mail\n2,2026-03-30 10:00,,Open,Low,b,2026-03-31 10:00,Mail\n"
    )
    april = HEAD + (
        "2,2026-03-30 10:00,2026-04-01 10:00,Closed,Low,b,2026-04-01 10:00,Mail\n"
        "3,2026-04-02 10:00,,Open,Low,b,2026-04-02 11:00,Mail\n"
    )
    dataset = load(tmp_path, march, april)
    tickets = dataset.tickets.sort("ticket_id")
    assert tickets["ticket_id"].to_list() == ["1", "2", "3"]
    assert [at.day for at in tickets["observed_until"]] == [31, 2, 2]
    assert tickets["status"].to_list() == ["open", "closed", "open"]
    assert [dict(one.excluded) for one in dataset.ledger] == [{"duplicate": 1}, {}]
    sums(dataset)


def test_joined_files_show_only_what_all_of_them_show(tmp_path: Path) -> None:
    one = (
        "Ticket ID,Created,First Response,Solved,Status\n1,2026-03-01 10:00,2026-03-01 10:05,2026-03-01 11:00,Closed\n"
    )
    two = "Ticket ID,Created,Solved,Status\n2,2026-03-01 10:00,2026-03-01 11:00,Closed\n"
    alone = load(tmp_path, one)
    both = load(tmp_path, one, two)
    assert alone.observes[Sight.reply] == Extent.FIRST
    assert Sight.reply not in both.observes
    assert both.observes[Sight.solve] == Extent.LAST
    assert "first_reply_at" not in stamps(both).columns


def test_a_survey_file_stands_beside_tickets(tmp_path: Path) -> None:
    tickets = HEAD + "1,2026-03-01 10:00,,Open,High,A@x.org,,Mail\n"
    nps = "date,customer,NPS\n2026-03-04,a@X.org,9\n2026-03-05,b@x.org,\n"
    dataset = load(tmp_path, tickets, nps)
    assert dataset.tickets["requester_id"].to_list() == ["a@x.org"]
    assert dataset.surveys["respondent_id"].to_list() == ["a@x.org", "b@x.org"]
    assert dataset.surveys["score"].to_list() == [9.0, None]
    assert Sight.created in dataset.observes
    assert Sight.rating in dataset.observes
    assert Sight.offer not in dataset.observes
    assert [one.used for one in dataset.ledger] == [1, 2]


def test_flags_and_words_exclude_but_stay_in_the_frame(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Status,Is spam,Is deleted,Merged into\n" + (
        "1,2026-03-01 10:00,Open,0,0,\n2,2026-03-01 10:00,Open,1,0,\n3,2026-03-01 10:00,Open,0,1,\n"
        "4,2026-03-01 10:00,Open,0,0,1\n5,2026-03-01 10:00,Spam,0,0,\n6,2026-03-01 10:00,Deleted,0,0,\n"
    )
    dataset = load(tmp_path, text)
    assert dataset.tickets["exclusion"].to_list() == [None, "spam", "deleted", "merged", "spam", "deleted"]
    assert dataset.ledger[0].excluded == {"spam": 2, "deleted": 2, "merged": 1}
    assert dataset.ledger[0].used == 1
    sums(dataset)


def test_minutes_become_stamps_with_a_grain_and_zeros_of_nothing_become_none(tmp_path: Path) -> None:
    text = (
        "Id,Status,Created at,Solved at,Replies,First reply time in minutes,"
        "First reply time in minutes within business hours,First resolution time in minutes\n"
        "1,Solved,2026-03-01 10:00:00,2026-03-02 10:00:00,2,30,15,600\n"
        "2,New,2026-03-01 11:00:00,,0,0,0,\n"
        "3,Solved,2026-03-01 12:00:00,2026-03-01 13:00:00,1,0,0,60\n"
    )
    dataset = load(tmp_path, text)
    frame = stamps(dataset)
    assert [at and at.strftime("%H:%M") for at in frame["first_reply_at"]] == ["10:30", None, "12:00"]
    assert [at and at.strftime("%d %H:%M") for at in frame["first_solved_at"]] == ["01 20:00", None, "01 13:00"]
    grains = {stamp.column: stamp.precision_s for stamp in dataset.history.stamps}  # type: ignore[union-attr]
    assert grains["first_reply_at"] == 60.0
    assert grains["created_at"] == 0.0
    assert dataset.tickets["given_first_response_business_s"].to_list() == [900.0, None, 0.0]
    assert "given_first_response_s" not in dataset.tickets.columns
    assert dataset.observes[Sight.solve] == Extent.FIRST | Extent.LAST


def test_a_column_that_nobody_fills_shows_nothing_once_tickets_are_done(tmp_path: Path) -> None:
    text = "Ticket ID,Created,First response at,Solved at,Closed at,Status\n" + (
        "1,2026-03-01 10:00,,2026-03-01 11:00,,Resolved\n2,2026-03-01 10:00,,,,Open\n"
    )
    dataset = load(tmp_path, text)
    assert Sight.reply not in dataset.observes
    assert any("'First response at'" in note for note in dataset.provenance[0].notes)
    young = load(tmp_path, text.replace("2026-03-01 11:00,,Resolved", ",,Open"))
    assert young.observes[Sight.reply] == Extent.FIRST


def test_in_time_is_undecided_while_a_ticket_is_open(tmp_path: Path) -> None:
    text = "Number,Opened,State,Made SLA,Caller\n" + (
        "INC1,2026-03-01 10:00,Closed,true,a\nINC2,2026-03-01 10:00,New,true,a\nINC3,2026-03-01 10:00,New,false,a\n"
    )
    dataset = load(tmp_path, text)
    assert dataset.tickets["given_sla_resolution_met"].to_list() == [True, None, False]


@pytest.mark.parametrize("gap", [" ", "\u00a0", "\u202f"])
def test_ids_lose_the_spaces_of_their_thousands(tmp_path: Path, gap: str) -> None:
    text = (
        "ID,Opening date,Status,Requester - Requester\n"
        + f"52{gap}267,05-03-2026 10:00,New,a\n999,13-03-2026 10:00,New,a\n"
    )
    assert load(tmp_path, text).tickets["ticket_id"].to_list() == ["52267", "999"]


def test_ids_in_scientific_notation_stop(tmp_path: Path) -> None:
    text = HEAD + "2.02508E+15,2026-03-01 10:00,,Open,High,a,,Mail\n2.02508E+15,2026-03-01 10:00,,Open,High,a,,Mail\n"
    with pytest.raises(IdsDamaged) as error:
        load(tmp_path, text)
    assert "2.02508E+15" in str(error.value)


def test_numbers_of_a_workbook_are_ids_without_decimals() -> None:
    frame = pl.DataFrame(
        {
            "_row": pl.Series([0, 1], dtype=pl.UInt32),
            "Ticket ID": [123.0, 124.0],
            "Created": [datetime.fromisoformat(f"2026-03-0{day}T10:00:00") for day in (1, 2)],
            "Status": ["Open", "Closed"],
        }
    )
    table = Table(
        name="b.xlsx[S]",
        path="b.xlsx",
        format="xlsx",
        columns=("Ticket ID", "Created", "Status"),
        frame=frame.lazy(),
        rows=2,
        sha256="",
    )
    dataset = load_tables([table], Reading())
    assert dataset.tickets["ticket_id"].to_list() == ["123", "124"]
    assert stamps(dataset)["created_at"][0].isoformat() == "2026-03-01T10:00:00+00:00"


def test_one_column_proves_the_order_of_day_and_month_for_all(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Solved,Status\n" + (
        "1,01/02/2026 10:00,13/02/2026 10:00,Closed\n2,03/02/2026 10:00,05/02/2026 10:00,Closed\n"
    )
    assert [at.month for at in stamps(load(tmp_path, text))["created_at"]] == [2, 2]
    unproved = text.replace("13/02", "11/02")
    with pytest.raises(DatesAmbiguous):
        load(tmp_path, unproved)
    assert [at.month for at in stamps(load(tmp_path, unproved, dayfirst=False))["created_at"]] == [1, 3]


def test_a_helpdesks_own_order_decides_last_and_is_said(tmp_path: Path) -> None:
    text = "ID;Opening date;Status;Requester - Requester\n1;01-02-2026 10:00;New;a\n2;03-02-2026 10:00;New;a\n"
    dataset = load(tmp_path, text)
    assert [at.month for at in stamps(dataset)["created_at"]] == [2, 2]
    assert any("day first" in said for said in dataset.assumptions)


def test_a_column_of_creations_that_are_no_dates_stops(tmp_path: Path) -> None:
    text = "Number,Opened,State,Caller\nINC1,soon,New,a\nINC2,later,New,a\n"
    with pytest.raises(DatesUnreadable) as error:
        load(tmp_path, text)
    assert error.value.where is not None
    assert error.value.where.column == "Opened"


def test_the_newest_instant_alone_far_ahead_is_named(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-01 10:{n:02},,Open,High,a,,Mail\n" for n in range(30))
    assert not load(tmp_path, HEAD + rows).provenance[0].notes
    dataset = load(tmp_path, HEAD + rows + "99,2031-01-01 10:00,,Open,High,a,,Mail\n")
    assert any("2031-01-01" in note for note in dataset.provenance[0].notes)


# --- what the user says ---------------------------------------------------------------------------------------------


def test_map_overrides_one_field(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Registered for real,Status,Points\n1,2026-03-01 10:00,2026-02-01 10:00,Open,4\n"
    how = Reading(columns={"created_at": "registered for REAL", "csat": "Points"}, csat_scale="1-5")
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    dataset = load_tables(read(str(path), how), how)
    assert stamps(dataset)["created_at"][0].month == 2
    assert dataset.surveys.select("score", "scale").rows() == [(4.0, "1-5")]
    assert {one.field: one.evidence for one in dataset.provenance[0].columns}["created_at"].startswith("yyyy")


def test_a_mapped_column_that_is_not_there_gets_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "1,2026-03-01 10:00,,Open,High,a,,Mail\n", encoding="utf-8")
    how = Reading(columns={"created_at": "Createdd"})
    with pytest.raises(ColumnMissing) as error:
        load_tables(read(str(path), how), how)
    assert "Created" in str(error.value.hint)
    wrong = Reading(columns={"creatd_at": "Created"})
    with pytest.raises(MappingInvalid) as invalid:
        load_tables(read(str(path), wrong), wrong)
    assert "created_at" in str(invalid.value)


def test_a_demanded_helpdesk_reads_the_file_or_says_why_not(tmp_path: Path) -> None:
    text = "Ticket ID,Created time,Status\n1,2026-03-01 10:00:00,Resolved\n"
    assert load(tmp_path, text).provenance[0].helpdesk == "generic"
    assert load(tmp_path, text, helpdesk="freshdesk").provenance[0].helpdesk == "freshdesk"
    assert load(tmp_path, text, helpdesk="generic").provenance[0].helpdesk == "generic"
    with pytest.raises(HelpdeskUnknown):
        load(tmp_path, "Number,Created\n1,2026-03-01\n", helpdesk="freshdesk")


def test_statuses_of_the_user_stand_above_all_words(tmp_path: Path) -> None:
    text = HEAD + "1,2026-03-01 10:00,,Approval,High,a,,Mail\n2,2026-03-01 10:00,,Closed,High,a,,Mail\n"
    assert load(tmp_path, text).tickets["status"].to_list() == [None, "closed"]
    assert load(tmp_path, text).tickets["status_raw"].to_list() == ["Approval", "Closed"]
    said = load(tmp_path, text, statuses={"approval": "hold", "CLOSED": "solved"})
    assert said.tickets["status"].to_list() == ["hold", "solved"]


def test_only_the_columns_that_are_wanted_are_kept(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Status,Product,Country of sale,Subject\n1,2026-03-01 10:00,Open,Lamp,X,text\n"
    every = load(tmp_path, text).tickets.columns
    assert {"Product", "Country of sale"} <= set(every)
    assert "Subject" not in every
    none = load(tmp_path, text, columns=()).tickets.columns
    assert not {"Product", "Country of sale", "Subject"} & set(none)
    asked = load(tmp_path, text, columns=("product",)).tickets.columns
    assert "Product" in asked


def test_header_only_is_an_empty_dataset_that_still_shows_what_it_could(tmp_path: Path) -> None:
    dataset = load(tmp_path, "Ticket ID,Created time,Resolved time,Closed time,Initial response time\n")
    assert dataset.tickets.height == 0
    assert dataset.observes[Sight.reply] == Extent.FIRST
    assert dataset.ledger[0].rows_read == 0


def test_no_table_at_all_is_refused() -> None:
    with pytest.raises(NotRecognised):
        load_tables([], Reading())


@pytest.mark.parametrize("text", ["a\n1\n", "Ticket ID\n\n", "Ticket ID,Ticket ID\n1,1\n", '"",""\n"",""\n'])
def test_odd_tables_are_read_or_refused_by_name(tmp_path: Path, text: str) -> None:
    try:
        dataset = load(tmp_path, text)
    except KpiError:
        return
    sums(dataset)


def test_an_answer_without_a_ticket_stays(tmp_path: Path) -> None:
    text = "Ticket ID,NPS,Rating date\n1,9,2026-03-01\n,3,2026-03-02\n"
    dataset = load(tmp_path, text)
    assert dataset.surveys["ticket_id"].to_list() == ["1", None]
    assert dataset.ledger[0].used == 2

"""Exports that look right and would give a wrong number: what a column seems to be, and what it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from read_exports import fields, load, stamps

from supportkpi.decisions import Reading
from supportkpi.errors import NotRecognised
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.mapping._vocabulary import priority_of, status_of
from supportkpi.loaders.values._no_dates import without_no_dates
from supportkpi.schema import Dataset, Sight

BEGUN = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001


def at(day: int, clock: str = "10:00") -> str:
    return f"{BEGUN + timedelta(days=day):%Y-%m-%d} {clock}"


# --- durations that are none -----------------------------------------------------------------------------------------


def test_what_is_left_of_an_sla_is_no_time_to_the_reply(tmp_path: Path) -> None:
    head = "Issue key,Created,Status,Custom field (Time to first response),Time to resolution\n"
    rows = "".join(f"S-{day},{at(day)},Done,2:18,{'-' if day % 2 else ''}12:34\n" for day in range(8))
    dataset = load(tmp_path, head + rows)
    assert not {"given_first_response_s", "given_resolution_s"} & set(fields(dataset))
    assert not {Sight.reply, Sight.solve} & set(dataset.observes)


def test_a_duration_that_grows_until_the_export_is_the_age_of_an_open_ticket(tmp_path: Path) -> None:
    head = "Ticket ID,Created,Status,Resolution time (hours)\n"
    ages = "".join(f"{day},{at(day)},Open,{24 * (60 - day)}\n" for day in range(6))
    dataset = load(tmp_path, head + ages + f"8,{at(8)},Solved,5\n9,{at(9)},Solved,7\n")
    assert stamps(dataset)["solved_at"].drop_nulls().to_list() == [
        stamps(dataset)["created_at"][6] + timedelta(hours=5),
        stamps(dataset)["created_at"][7] + timedelta(hours=7),
    ]
    assert any("6 open tickets is their age" in note for note in dataset.provenance[0].notes)


def test_an_age_is_no_time_to_the_solution(tmp_path: Path) -> None:
    text = "Ticket#,Number,Age,Created,State\n" + "".join(
        f"2026{day:04},{day},27 d 19 h,{at(day)},open\n" for day in range(5)
    )
    dataset = load(tmp_path, text)
    assert fields(dataset)["ticket_id"] == "Ticket#"
    assert Sight.solve not in dataset.observes


def test_minutes_of_nobodys_clock_are_said_to_be_taken_round_the_clock(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Status,First response time (min)\n" + "".join(
        f"{n},{at(n)},open,20\n" for n in range(1, 5)
    )
    assert any("around the clock" in said for said in load(tmp_path, text).assumptions)
    said = load(tmp_path, text, columns={"first_response_business_s": "First response time (min)"})
    assert not any("around the clock" in one for one in said.assumptions)


def test_days_without_a_time_take_it_from_the_minutes_and_are_said(tmp_path: Path) -> None:
    head = "Ticket ID,Created,Solved,Status,Resolution time (min)\n"
    dataset = load(tmp_path, head + "".join(f"{n},{at(n)},{at(n + 1)[:10]},Solved,125\n" for n in range(1, 5)))
    took = stamps(dataset).select(pl.col("solved_at") - pl.col("created_at")).to_series()
    assert took.to_list() == [timedelta(minutes=125)] * 4
    bare = load(tmp_path, "ID,Created,Status\n" + "".join(f"{n},{at(n)[:10]},open\n" for n in range(1, 5)))
    assert any("at 00:00 throughout: days without a time of day" in said for said in bare.assumptions)


def test_a_time_of_day_beside_its_date_is_no_duration(tmp_path: Path) -> None:
    head = "№ заявки;Дата создания;Время создания;Дата решения;Время решения;Статус\n"
    text = head + "".join(f"{n};{n + 12:02}.01.2026;9:05;{n + 13:02}.01.2026;12:30;Решена\n" for n in range(1, 6))
    dataset = load(tmp_path, text)
    assert "given_resolution_s" not in fields(dataset)
    assert stamps(dataset)["solved_at"].dt.strftime("%H:%M").unique().to_list() == ["12:30"]
    longer = load(tmp_path, text.replace(";12:30;", ";27:30;"))
    assert fields(longer)["given_resolution_s"] == "Время решения"


# --- dates that are absent or another's ------------------------------------------------------------------------------


def test_a_remark_in_the_place_of_a_date_is_no_broken_row(tmp_path: Path) -> None:
    head = "id\tStatus\tCreated\tResolved\n"
    rows = "".join(
        f"{n}\t{'resolved' if n % 2 else 'open'}\t{at(n)}\t{at(n) if n % 2 else 'Not set'}\n" for n in range(1, 9)
    )
    dataset = load(tmp_path, head + rows, name="export.tsv")
    assert dataset.rejects == ()
    assert stamps(dataset)["solved_at"].null_count() == 4
    assert "4 values of 'Resolved' are no dates: taken as missing" in dataset.provenance[0].notes
    damaged = load(tmp_path, head + rows + f"9\tresolved\t{at(9)}\t31.13.2026\n", name="export.tsv")
    assert [(one.line, one.column) for one in damaged.rejects] == [(10, "Resolved")]


def test_the_zero_of_a_unix_time_is_no_date(tmp_path: Path) -> None:
    begun = [1_767_000_000 + 9000 * n for n in range(8)]
    rows = [
        {"id": n, "status": "open", "created_at": at, "first_reply_created_at": n % 2 * (at + 900)}
        for n, at in enumerate(begun)
    ]
    dataset = load(tmp_path, json.dumps({"payload": rows}), name="export.json")
    assert dataset.ledger[0].used == 8
    assert stamps(dataset)["first_reply_at"].null_count() == 4


def test_a_lone_impossible_day_is_a_bad_row_not_a_damaged_file(tmp_path: Path) -> None:
    rows = [f"{n},2026-{n:02}-{n:02} 10:00,open" for n in range(1, 13)]
    dataset = load(tmp_path, "\n".join(["ID,Created,Status", *rows, "13,31.02.2026,open", ""]))
    assert [(one.line, one.slug) for one in dataset.rejects] == [(14, "bad-date")]


def test_the_date_of_an_answer_is_no_first_reply(tmp_path: Path) -> None:
    head = "Дата ответа;Оцените от 0 до 10, готовы ли вы рекомендовать нас?;Номер заявки\n"
    dataset = load(tmp_path, head + "".join(f"{n + 12:02}.01.2026 10:00;{n % 11};{n:05}\n" for n in range(1, 15)))
    assert dataset.tickets.height == 0
    assert dataset.surveys["instrument"].unique().to_list() == ["nps"]
    assert dataset.surveys["at"].null_count() == 0


# --- other look-alikes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["Оценка временных затрат", "Hourly rate", "Risk rating", "Nota fiscal"])
def test_an_estimate_is_no_rating(tmp_path: Path, column: str) -> None:
    text = f"ID,Created,Status,{column}\n" + "".join(f"{n},{at(n)},open,{n % 5 + 1}\n" for n in range(1, 15))
    assert "csat" not in fields(load(tmp_path, text))


def test_subjects_are_no_categories(tmp_path: Path) -> None:
    text = "ID,Angelegt,Status,Thema\n" + "".join(f"{n},{at(n)},Neu,Drucker {n} geht nicht\n" for n in range(1, 15))
    dataset = load(tmp_path, text)
    assert "category" not in fields(dataset)


@pytest.mark.parametrize(
    "text",
    ["ticket_id,name\n1,a\n2,b\n3,c\n", "ID\n1\n2\n3\n", "id,name,price,category\n1,a,5,x\n2,b,6,y\n"],
)
def test_ids_and_labels_alone_are_no_tickets(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotRecognised, match="nothing that tells of a ticket"):
        load(tmp_path, text)


def test_a_header_without_rows_is_an_export_of_no_tickets(tmp_path: Path) -> None:
    assert load(tmp_path, "Ticket ID,Created,Status\n").ledger[0].rows_read == 0


def test_lone_cells_below_a_blank_row_are_about_the_report(tmp_path: Path) -> None:
    head = "Case Number,Status,Date/Time Opened,Date/Time Closed\n"
    rows = "".join(f"{n:08},New,{at(n)},\n" for n in range(1, 6))
    foot = "\nGrand Totals (5 records)\nCases of January\nCopyright (c) 2000-2026 A vendor\nacme\n"
    dataset = load(tmp_path, head + rows + foot)
    assert dataset.ledger[0].excluded == {"footer": 4}
    assert dataset.ledger[0].used == 5
    cut = load(tmp_path, head + rows + "\n00000006\n")  # an id that lost its row is no word about the report
    assert sum(cut.ledger[0].rejected.values()) == 1


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("nicht erledigt", "open"),
        ("Non traité", "open"),
        ("To be closed", "open"),
        ("К закрытию", "open"),
        ("Готово к проверке", "open"),
        ("не завершено", "open"),
        ("Não concluído", "open"),
        ("Not yet resolved", "open"),
        ("Closed - not resolved", "closed"),
        ("No response - closed", "closed"),
        ("Abgewiesen", "closed"),
        ("Нужен отклик", "pending"),
        ("Решение отложено", "hold"),
    ],
)
def test_what_is_denied_is_not_done(word: str, category: str) -> None:
    assert status_of(word, {}) == category


@pytest.mark.parametrize(
    ("planned", "actual", "field"),
    [
        ("Planned Close Date", "Actual Close Date", "closed_at"),
        ("Дата решения (план)", "Дата решения (факт)", "solved_at"),
        ("Fecha estimada de solución", "Fecha de solución", "solved_at"),
        ("Geplant gelöst am", "Gelöst am", "solved_at"),
    ],
)
def test_what_is_planned_did_not_happen(tmp_path: Path, planned: str, actual: str, field: str) -> None:
    head = f"ID,Created,Status,{planned}"
    rows = "".join(f"{n},{at(n)},open,{at(n + 3)}\n" for n in range(1, 6))
    assert not {"solved_at", "closed_at", "first_solved_at"} & set(fields(load(tmp_path, f"{head}\n{rows}")))
    rows = "".join(f"{n},{at(n)},Closed,{at(n + 3)},{at(n + 1)}\n" for n in range(1, 6))
    assert fields(load(tmp_path, f"{head},{actual}\n{rows}"))[field] == actual


def test_the_minutes_of_a_target_are_no_time_taken(tmp_path: Path) -> None:
    text = "ID,Created,Status,First response SLA (min),Target resolution time (hours)\n"
    dataset = load(tmp_path, text + "".join(f"{n},{at(n)},Closed,60,8\n" for n in range(1, 6)))
    assert not {Sight.reply, Sight.solve} & set(dataset.observes)


def test_a_number_before_its_label_is_the_rating(tmp_path: Path) -> None:
    answers = ("5 - Very satisfied", "4. Satisfied", "1 (Very dissatisfied)")
    text = "ID,Created,Status,CSAT\n" + "".join(f"{n},{at(n)},Closed,{answers[n % 3]}\n" for n in range(6))
    assert load(tmp_path, text).surveys["score"].to_list() == [5, 4, 1] * 2


def test_a_header_that_says_moscow_time_is_believed(tmp_path: Path) -> None:
    dataset = load(tmp_path, "ID,Создано (МСК),Статус\n" + "".join(f"{n},{at(n)},Новая\n" for n in range(1, 6)))
    assert dataset.provenance[0].zone_source == "file"
    assert stamps(dataset)["created_at"].dt.hour().unique().to_list() == [7]


@pytest.mark.parametrize(("word", "priority"), [("1 (High)", "high"), ("Critical (P1)", "urgent"), ("(2)", None)])
def test_a_priority_with_its_number_in_brackets(word: str, priority: str | None) -> None:
    assert priority_of(word, {}) == priority


@pytest.mark.parametrize(
    "column", ["Last response date", "First contact reply created at", "Дата ответа клиента", "Last response time"]
)
def test_a_later_answer_or_the_customers_own_is_no_first_reply(tmp_path: Path, column: str) -> None:
    text = f"ID,Created,Status,{column}\n" + "".join(f"{n},{at(n)},Open,{at(n, '11:00')}\n" for n in range(1, 6))
    assert Sight.reply not in load(tmp_path, text).observes


def test_answers_without_a_score_are_no_tickets(tmp_path: Path) -> None:
    text = "id,survey_id,start_date,end_date,progress\n" + "".join(f"{n},s,{at(n)},{at(n)},100\n" for n in range(5))
    with pytest.raises(NotRecognised):
        load(tmp_path, text)


# --- workbooks and nested records ------------------------------------------------------------------------------------


def test_a_duration_of_a_workbook_is_read_whatever_it_stands_for(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, long = book.add_worksheet(), book.add_format({"num_format": "[h]:mm"})
    sheet.write_row(0, 0, ["Номер", "Дата создания", "Статус", "Время первого ответа", "Перерыв"])
    for n in range(1, 7):
        sheet.write_row(n, 0, [f"A-{n}", at(n), "Закрыта"])
        sheet.write_number(n, 3, 1.25, long)
        sheet.write_number(n, 4, 0.5, long)
    book.close()
    dataset = load_tables(read(str(path), Reading()), Reading())
    took = stamps(dataset).select(pl.col("first_reply_at") - pl.col("created_at")).to_series()
    assert took.unique().to_list() == [timedelta(hours=30)]
    assert dataset.tickets["Перерыв"].unique().to_list() == ["12:00:00"]


def test_a_key_that_is_null_at_times_leaves_its_fields_to_those_below_it(tmp_path: Path) -> None:
    records = [
        {"id": n, "created_at": at(n), "status": {"id": n % 2, "name": ("Open", "Done")[n % 2]},
         "resolved_time": {"value": at(n + 1)} if n % 2 else None}
        for n in range(1, 9)
    ]  # fmt: skip
    dataset = load(tmp_path, json.dumps({"requests": records}), name="export.json")
    assert fields(dataset)["solved_at"] == "resolved_time.value"
    assert fields(dataset)["status"] == "status.name"
    assert stamps(dataset)["solved_at"].count() == 4


def test_a_workbooks_date_and_time_of_day_in_two_columns_are_one_instant(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day, clock = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "hh:mm"})
    sheet.write_row(0, 0, ["Номер", "Дата создания", "Время создания", "Статус"])
    for n in range(1, 7):
        sheet.write_row(n, 0, [f"A-{n}", None, None, "Закрыта"])
        sheet.write_number(n, 1, 46_027 + n, day)
        sheet.write_number(n, 2, (9 + n) / 24, clock)
    book.close()
    dataset = load_tables(read(str(path), Reading()), Reading())
    assert stamps(dataset)["created_at"].dt.hour().to_list() == [10, 11, 12, 13, 14, 15]
    assert stamps(dataset)["created_at"].dt.day().to_list() == [6, 7, 8, 9, 10, 11]


# --- logs that are lists ---------------------------------------------------------------------------------------------


def test_a_list_with_the_columns_of_a_log_is_as_new_as_its_newest_update(tmp_path: Path) -> None:
    """All fields of incidents, one row each: an open one is as old as its newest update shows, not its creation."""
    head = "number,incident_state,opened_at,sys_updated_on,sys_updated_by,sys_mod_count,made_sla,resolved_at\n"
    rows = f"INC1,New,{at(0)},{at(9)},a,3,true,\nINC2,Resolved,{at(1)},{at(2)},a,7,true,{at(2)}\n"
    dataset = load(tmp_path, head + rows)
    assert fields(dataset)["updated_at"] == "sys_updated_on"
    assert set(dataset.tickets["observed_until"]) == {datetime(2026, 1, 14, 10, tzinfo=UTC)}


# --- dates that stand for none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "none",
    [
        "0000-00-00 00:00:00",
        "0001-01-01 00:00:00",
        "1753-01-01 00:00:00",
        "1899-12-30 00:00:00",
        "1900-01-01 00:00:00",
        "1969-12-31 19:00:00",
        "1970-01-01 03:00:00",
        "2099-12-31 23:59:59",
        "9999-12-31 23:59:59",
    ],
)
@pytest.mark.parametrize("open_ones", [3, 16])
def test_the_first_or_last_date_of_a_system_is_none(tmp_path: Path, none: str, open_ones: int) -> None:
    rows = "".join(
        f"{n},{at(n)}:00,{none if n < open_ones else at(n + 2) + ':00'},{'open' if n < open_ones else 'closed'}\n"
        for n in range(20)
    )
    dataset = load(tmp_path, "Ticket ID,Created At,Resolved At,Status\n" + rows)
    solved = stamps(dataset)["solved_at"]
    assert solved.null_count() == open_ones
    assert (solved.drop_nulls() - stamps(dataset)["created_at"][open_ones:]).unique().to_list() == [timedelta(days=2)]
    assert any(f"{open_ones} values of 'Resolved At'" in note for note in dataset.provenance[0].notes)


@pytest.mark.parametrize("tail", [" +1000", " -1000", " +0000", ".1234Z", "+03:00"])
def test_an_offset_or_a_fraction_is_no_year(tail: str) -> None:
    cells = pl.Series(["2026-01-01 10:00:00" + tail] * 3 + ["1970-01-01 00:00:00" + tail])
    assert without_no_dates(cells).is_null().to_list() == [False, False, False, True]


def test_a_slip_of_the_pen_is_no_missing_date(tmp_path: Path) -> None:
    rows = "".join(f"{n},{at(n)}:00,{at(n + 2)}:00,closed\n" for n in range(20))
    slipped = rows.replace(f"{at(9)}:00,closed", "2206-01-14 10:00:00,closed").replace(
        f"0,{at(0)}", "0,1926-01-05 10:00"
    )
    dataset = load(tmp_path, "Ticket ID,Created At,Resolved At,Status\n" + slipped)
    assert {(reject.column, reject.value) for reject in dataset.rejects} == {
        ("Resolved At", "2206-01-14 10:00:00"),
        ("Created At", "1926-01-05 10:00:00"),
    }


# --- durations that stand for none, and rare ones --------------------------------------------------------------------


def spans(dataset: Dataset, name: str = "first_reply_at") -> list[timedelta | None]:
    """How long each ticket took to an instant that was rebuilt from a duration."""
    return (stamps(dataset)[name] - stamps(dataset)["created_at"]).to_list()


@pytest.mark.parametrize("none", ["-1", "-999", "-1.0"])
def test_the_only_negative_number_of_a_column_is_no_duration(tmp_path: Path, none: str) -> None:
    rows = "".join(f"{n},{at(n)},{none if n % 3 else 30},open\n" for n in range(12))
    dataset = load(tmp_path, "Ticket ID,Created,First response time (min),Status\n" + rows)
    assert spans(dataset) == [None if n % 3 else timedelta(minutes=30) for n in range(12)]


def test_a_nought_that_only_open_tickets_have_is_no_answer(tmp_path: Path) -> None:
    head = "Ticket ID,Created,First response time (min),Status\n"
    rows = [(n, 0 if n < 4 else 30, "open" if n < 6 else "closed") for n in range(20)]
    dataset = load(tmp_path, head + "".join(f"{n},{at(n)},{took},{status}\n" for n, took, status in rows))
    assert spans(dataset) == [None if n < 4 else timedelta(minutes=30) for n in range(20)]
    rows[19] = (19, 0, "closed")  # one that was answered at once
    dataset = load(tmp_path, head + "".join(f"{n},{at(n)},{took},{status}\n" for n, took, status in rows))
    assert spans(dataset) == [timedelta(minutes=took) for _, took, _ in rows]


@pytest.mark.parametrize(
    ("header", "cell", "took"),
    [
        ("First response time (d:hh:mm)", "1:02:30", timedelta(days=1, hours=2, minutes=30)),
        ("First response time (DD:HH:MM)", "00:02:30", timedelta(hours=2, minutes=30)),
        ("First response time (hh:mm:ss)", "1:02:30", timedelta(hours=1, minutes=2, seconds=30)),
        ("First response time (dd:hh:mm:ss)", "01:02:30:15", timedelta(days=1, hours=2, minutes=30, seconds=15)),
        ("First response time", "1:02:30:15", timedelta(days=1, hours=2, minutes=30, seconds=15)),
        ("First response time", "1:02:30", timedelta(hours=1, minutes=2, seconds=30)),
    ],
)
def test_a_header_says_where_the_days_of_a_clock_are(tmp_path: Path, header: str, cell: str, took: timedelta) -> None:
    rows = "".join(f"{n},{at(n)},{cell},closed\n" for n in range(12))
    assert spans(load(tmp_path, f"Ticket ID,Created,{header},Status\n{rows}")) == [took] * 12


def test_the_one_duration_with_a_day_among_hundreds_is_read(tmp_path: Path) -> None:
    rows = "".join(f'{n},{at(n)},"{"1 day, 2:00:00" if n == 150 else "0:45:10"}",closed\n' for n in range(300))
    dataset = load(tmp_path, "Ticket ID,Created,First response time,Status\n" + rows)
    assert spans(dataset)[149:152] == [timedelta(minutes=45, seconds=10), timedelta(hours=26), spans(dataset)[0]]


@pytest.mark.parametrize("header", ["Resolution (days)", "resolution_seconds", "Resolution (ms)", "Resolution, h"])
def test_a_solution_with_a_unit_is_a_duration(tmp_path: Path, header: str) -> None:
    rows = "".join(f"{n},{at(n)},7200,closed\n" for n in range(12))
    dataset = load(tmp_path, f'Ticket ID,Created,"{header}",Status\n{rows}')
    assert fields(dataset)["given_resolution_s"] == header


# --- names that a helpdesk has, too ----------------------------------------------------------------------------------


def written(tmp_path: Path, columns: dict[str, str]) -> Dataset:
    """A table of twelve tickets; ``{n}`` is their number, ``{at}`` the creation and ``{end}`` the end."""
    rows = "".join(
        ",".join(cell.format(n=n, at=at(n), end=at(n + 1), answer=at(n, "10:20")) for cell in columns.values()) + "\n"
        for n in range(12)
    )
    return load(tmp_path, ",".join(columns) + "\n" + rows)


def test_a_register_that_borrows_a_few_names_is_read_by_all_its_headers(tmp_path: Path) -> None:
    columns = {"Number": "{n}", "Opened": "{at}", "Date Resolved": "{end}", "Responded At": "{answer}"}
    columns |= {"State": "Closed", "Priority": "High", "Case Owner": "agent", "Assignment Group": "first line"}
    dataset = written(tmp_path, columns | {"User": "U{n}", "CSAT Score": "4"})
    assert dataset.provenance[0].helpdesk == "generic"
    assert {"solved_at", "first_reply_at", "assignee_id", "requester_id", "csat"} <= set(fields(dataset))


def test_an_export_with_columns_of_a_teams_own_stays_what_it_is(tmp_path: Path) -> None:
    columns = {"Number": "INC{n}", "Opened": "{at}", "Resolved": "{end}", "State": "Closed", "Priority": "3 - Moderate"}
    columns |= {"Assigned to": "agent", "Assignment group": "first line", "Caller": "U{n}", "Closed": "{end}"}
    dataset = written(tmp_path, columns | {"Our rating": "4", "Responded At": "{answer}"})
    assert dataset.provenance[0].helpdesk == "servicenow"
    assert fields(dataset)["first_reply_at"] == "Responded At"


# --- ratings that nobody gave ----------------------------------------------------------------------------------------


def scores(folder: Path, cells: list[str], header: str = "CSAT") -> list[float]:
    """The scores of all answers to a rating of tickets."""
    rows = "".join(f"{n},{at(n)},closed,{cell}\n" for n, cell in enumerate(cells))
    surveys = load(folder, f"Ticket ID,Created,Status,{header}\n{rows}").surveys
    return surveys["score"].drop_nulls().to_list()


@pytest.mark.parametrize("none", ["0", "-1", "Unrated", "No response", "Нет оценки", "Sin calificar"])
@pytest.mark.parametrize(
    ("good", "bad"),
    [("Good", "Bad"), ("👍", "👎"), ("Like", "Dislike"), ("Yes", "No"), ("Satisfied", "Dissatisfied")],
)
def test_what_is_no_word_of_a_rating_is_no_answer(tmp_path: Path, none: str, good: str, bad: str) -> None:
    found = scores(tmp_path, [good, none, bad, none, good, none, good, none])
    assert len(found) == 4
    assert found[0] == found[2] == found[3] > found[1]


@pytest.mark.parametrize("none", ["0", "-1", "Unrated"])
@pytest.mark.parametrize("shape", ["{}/5", "{} - words", "words ({})", "{} stars"])
def test_a_nought_beside_scores_that_say_their_scale_is_no_answer(tmp_path: Path, none: str, shape: str) -> None:
    assert scores(tmp_path, [none, *(shape.format(n) for n in (1, 4, 5, 5)), none]) == [1, 4, 5, 5]


def test_minus_one_is_no_answer_among_numbers(tmp_path: Path) -> None:
    assert scores(tmp_path, ["-1", "1", "2", "5", "-1", "4"], "CSAT (1-5)") == [1, 2, 5, 4]


@pytest.mark.parametrize(("low", "high"), [("Very dissatisfied (1)", "Very satisfied (5)")])
def test_a_number_may_stand_behind_its_word(tmp_path: Path, low: str, high: str) -> None:
    assert scores(tmp_path, [low, high, high, low], "CSAT (1-5)") == [1, 5, 5, 1]
    turned = [low.replace("1", "5"), high.replace("5", "1"), high.replace("5", "1")]
    assert scores(tmp_path, turned, "CSAT (1-5)") == [1, 5, 5]


def test_positive_neutral_and_negative_are_three_answers(tmp_path: Path) -> None:
    assert scores(tmp_path, ["Positive", "Neutral", "Negative", "Positive"]) == [3, 2, 1, 3]


def test_one_nought_and_minus_one_may_be_anything(tmp_path: Path) -> None:
    rows = "".join(f"{n},{at(n)},closed,{('1', '0', '-1')[n % 3]}\n" for n in range(60))
    surveys = load(tmp_path, f"Ticket ID,Created,Status,CSAT\n{rows}").surveys
    assert surveys["scale"].drop_nulls().to_list() == []


# --- verdicts that are not there yet ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "good", "late"), [("SLA Met", "Yes", "No"), ("SLA Breached", "0", "1")])
@pytest.mark.parametrize("none", ["In Progress", "Pending", "N/A", "Не применимо"])
def test_a_yes_or_no_may_be_undecided(tmp_path: Path, header: str, good: str, late: str, none: str) -> None:
    cells = [good, none, late, none, good, none, good]
    rows = "".join(f"{n},{at(n)},{at(n + 1)},closed,{cell}\n" for n, cell in enumerate(cells))
    dataset = load(tmp_path, f"Ticket ID,Created,Resolved,Status,{header}\n{rows}")
    kept = dataset.tickets["given_sla_resolution_met"].to_list()
    assert kept == [None if cell == none else cell == good for cell in cells]

"""Registers that nobody numbers, logs of telephone systems, tables of service desks: figures worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from read_exports import accounted, fields, stamps

from supportkpi.decisions import Reading
from supportkpi.errors import NotRecognised
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.mapping._vocabulary import channel_of, priority_of
from supportkpi.schema import Dataset


def load(folder: Path, *texts: str, name: str = "register", **reading: object) -> Dataset:
    paths = [folder / f"{name}{place}.csv" for place, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    how = Reading(**reading)  # type: ignore[arg-type]
    dataset = load_tables([table for path in paths for table in read(str(path), how)], how)
    accounted(dataset)
    return dataset


def instants(dataset: Dataset, name: str) -> list[str | None]:
    return stamps(dataset)[name].dt.strftime("%d %H:%M").to_list()


def spans(dataset: Dataset, name: str) -> list[timedelta | None]:
    frame = stamps(dataset)
    return (frame[name] - frame["created_at"]).to_list()


# --- no id ------------------------------------------------------------------------------------------------------------

REGISTER = (
    "Date reported,Reported by,Issue,Assigned to,Status,Date resolved\n"
    "2024-01-03 09:15,Al,Password,Ann,Resolved,2024-01-03 10:15\n"
    "2024-01-04 14:30,Bo,Laptop,Bob,Resolved,2024-01-06 14:30\n"
    "2024-01-15 11:00,Al,Printer,Ann,Open,\n"
)


def test_each_row_of_a_register_without_ids_is_a_ticket(tmp_path: Path) -> None:
    dataset = load(tmp_path, REGISTER)
    assert dataset.tickets["ticket_id"].n_unique() == 3
    assert [str(one).rpartition(":")[2] for one in dataset.tickets["ticket_id"]] == ["1", "2", "3"]
    assert spans(dataset, "solved_at") == [timedelta(hours=1), timedelta(days=2), None]
    assert any("no column holds an id" in said for said in dataset.assumptions)


def test_the_rows_of_two_registers_are_tickets_each(tmp_path: Path) -> None:
    assert len(load(tmp_path, REGISTER, REGISTER.replace("2024-01", "2024-02")).tickets) == 6


def test_rows_that_share_a_code_and_all_dates_and_people_are_one_ticket(tmp_path: Path) -> None:
    """A join: each category of a ticket has a row, and the column of its number is called by no word that is known."""
    head = "Fall,Melder,Kategorie,Erstellt am,Gelöst am,Bearbeiter\n"
    rows = "".join(
        f"77{n},Person {n},{kind},2024-03-{n + 10} 09:00,2024-03-{n + 10} 1{n}:00,Team {n % 2}\n"
        for n in range(1, 7)
        for kind in ("Drucker", "Netz", "Post")[: 1 + n % 3]
    )
    dataset = load(tmp_path, head + rows)
    assert len(dataset.tickets) == 6
    assert spans(dataset, "solved_at") == [timedelta(hours=1 + n) for n in range(1, 7)]
    assert dataset.ledger[0].excluded == {"duplicate": 6}
    assert any("'Fall' is taken for the id" in said for said in dataset.assumptions)


def test_what_tickets_are_about_is_no_id(tmp_path: Path) -> None:
    """Two people may ask the same, and neither of them asks a second time."""
    rows = (("Mouse is not working", 3), ("Internet is slow", 4), ("Mouse is not working", 5), ("Hello", 6))
    text = "Ticket,Priority,Created,Status\n" + "".join(
        f"{said},High,2024-01-{day:02} 09:15,Open\n" for said, day in rows
    )
    assert len(load(tmp_path, text).tickets) == 4
    numbered = "".join(f"{n},Where is my order {77 + n // 2},2024-01-{n:02} 09:15,Open\n" for n in range(1, 6))
    assert len(load(tmp_path, "ID,Ticket,Created,Status\n" + numbered).tickets) == 5
    with pytest.raises(NotRecognised):
        load(tmp_path, "Ticket,Category,Priority\n" + "".join(f"{said},Network,High\n" for said, _ in rows))


def test_a_number_that_people_share_is_no_id(tmp_path: Path) -> None:
    rows = REGISTER.replace("Date reported", "Room,Date reported").splitlines(keepends=True)
    rooms = "".join([rows[0], *(f"{12 + n % 2},{row}" for n, row in enumerate(rows[1:]))])
    assert len(load(tmp_path, rooms).tickets) == 3


def test_a_row_without_a_date_is_no_case_of_such_a_register(tmp_path: Path) -> None:
    dataset = load(tmp_path, REGISTER + ",,,,,\n,,Second line,,,\n" + "2024-01-16 11:00,Cy,Mail,Ann,Open,\n")
    assert len(dataset.tickets) == 4
    assert dataset.ledger[0].excluded == {"undated": 1}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Date,Shift,Hours\n" + "".join(f"2024-01-{n:02},A,8\n" for n in range(1, 9)), id="shifts"),
        pytest.param(
            "Date,Amount,Status\n" + "".join(f"2024-01-{n:02},{n * 3}.5,Paid\n" for n in range(1, 9)), id="payments"
        ),
        pytest.param(
            "Date,Status,Serial,Owner\n" + "".join(f"2024-01-{n % 4 + 1:02},Open,X{n},Ann\n" for n in range(9)),
            id="a column that may be the id",
        ),
    ],
)
def test_other_rows_without_ids_are_no_register(tmp_path: Path, text: str) -> None:
    try:
        dataset = load(tmp_path, text)
    except NotRecognised:
        return
    assert not any("no column holds an id" in said for said in dataset.assumptions)


COMPLAINTS = (
    "Região;Data Abertura;Hora Abertura;Data Resposta;Hora Resposta;Data Finalização;Prazo Resposta;Situação;"
    "Avaliação Reclamação;Nota do Consumidor\n"
    "SE;2023-03-01;09:00:00;2023-03-05;09:00:00;2023-03-20;2023-03-11;Finalizada avaliada;Resolvida;5\n"
    "SE;2023-03-02;10:00:00;2023-03-12;10:00:00;2023-03-30;2023-03-12;Finalizada avaliada;Não Resolvida;1\n"
    "SE;2023-03-04;20:00:00;;;2023-03-24;2023-03-14;Finalizada não avaliada;<não se aplica>;\n"
    "SE;2023-03-30;12:00:00;;;;2023-04-09;Em aberto;<não se aplica>;\n"
)


def test_rated_complaints_without_ids_are_cases_and_no_answers_to_a_survey(tmp_path: Path) -> None:
    dataset = load(tmp_path, COMPLAINTS)
    assert len(dataset.tickets) == 4
    assert spans(dataset, "first_reply_at") == [timedelta(days=4), timedelta(days=10), None, None]
    assert dataset.surveys["score"].to_list() == [5.0, 1.0]


# --- date and time in two columns ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Folio,Fecha de reporte,Hora de reporte,Estatus,Fecha de solución,Hora de solución\n"
            "1,4 de marzo de 2024,8:05 a. m.,Resuelto,4 de marzo de 2024,1:35 p. m.\n"
            "2,5 de marzo de 2024,12:10 p. m.,Resuelto,6 de marzo de 2024,12:10 a. m.\n",
            id="es",
        ),
        pytest.param(
            "Ticket-Nr.,Meldedatum,Meldezeit,Erledigt Datum,Erledigt Uhrzeit\n"
            '1,"Mo, 4. März 2024",8:05 Uhr,"Mo, 4. März 2024",13:35 Uhr\n'
            '2,"Di, 5. März 2024",12:10 Uhr,"Mi, 6. März 2024",0:10 Uhr\n',
            id="de",
        ),
        pytest.param(
            "Ticket,Date opened,Time opened,Date closed,Time closed,Status\n"
            '1,"March 4, 2024",8:05 AM,"March 4, 2024",1:35 PM,closed\n'
            '2,"March 5, 2024",12:10 PM,"March 6, 2024",12:10 AM,closed\n',
            id="en",
        ),
    ],
)
def test_a_day_in_words_is_read_with_the_time_beside_it(tmp_path: Path, text: str) -> None:
    dataset = load(tmp_path, text)
    done = "closed_at" if "closed_at" in stamps(dataset).columns else "solved_at"
    assert instants(dataset, "created_at") == ["04 08:05", "05 12:10"]
    assert spans(dataset, done) == [timedelta(hours=5, minutes=30), timedelta(hours=12)]


def test_of_two_dates_of_the_creation_the_one_with_a_time_counts(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},01/{n:02}/2021,01/{n:02}/2021 11:0{n % 6}:00 PM,01/{n:02}/2021 11:2{n % 6}:00 PM\n" for n in range(10, 20)
    )
    dataset = load(tmp_path, "Incident Number,Call Date,Received DtTm,Response DtTm\n" + rows)
    assert fields(dataset)["created_at"] == "Received DtTm"
    assert set(spans(dataset, "first_reply_at")) == {timedelta(minutes=20)}


def test_another_day_with_a_time_does_not_take_the_place_of_the_creation(tmp_path: Path) -> None:
    rows = "".join(f"{n},2021-01-{n:02},2021-02-{n:02} 11:00\n" for n in range(10, 20))
    dataset = load(tmp_path, "Ticket ID,Created date,Received date\n" + rows)
    assert fields(dataset)["created_at"] == "Created date"


# --- telephone --------------------------------------------------------------------------------------------------------


def test_a_call_that_nobody_took_has_neither_a_wait_for_an_answer_nor_a_length(tmp_path: Path) -> None:
    text = (
        "CALL ID,TIMESTAMP,AGENT NAME,ABANDONED,SPEED OF ANSWER,HANDLE TIME,COST\n"
        "1,2020-03-04 08:12,Ann,0,00:00:36,00:04:30,0\n2,2020-03-04 08:15,,1,00:00:00,00:00:00,0\n"
        "3,2020-03-04 16:45,Bo,0,00:02:04,00:10:40,0\n4,2020-03-04 17:45,Bo,0,00:00:00,00:01:00,0\n"
    )
    dataset = load(tmp_path, text)
    waits = spans(dataset, "first_reply_at")
    assert waits == [timedelta(seconds=36), None, timedelta(seconds=124), timedelta()]
    assert dataset.tickets["given_handle_s"].to_list() == [270, None, 640, 60]
    assert "cost" not in fields(dataset)


def test_the_end_of_a_call_is_no_solution_and_its_direction_says_who_began(tmp_path: Path) -> None:
    text = (
        "Date,End Date,Direction,ANI,DNIS,Queue,Conversation ID\n"
        "2023-03-13 09:00,2023-03-13 09:06,Inbound,1202,1800,Support,a1\n"
        "2023-03-14 09:10,2023-03-14 09:12,Outbound,1800,1202,Support,a2\n"
    )
    dataset = load(tmp_path, text)
    assert not {"solved_at", "closed_at"} & set(fields(dataset))
    assert dataset.tickets["opener"].cast(pl.String).to_list() == ["customer", "agent"]


def test_a_type_that_is_no_direction_stays_a_category(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Type,Status\n" + "".join(
        f"{n},2023-03-{n:02},{'Question' if n % 2 else 'Problem'},Open\n" for n in range(13, 19)
    )
    assert fields(load(tmp_path, text))["category"] == "Type"


@pytest.mark.parametrize(
    ("ids", "known"),
    [
        pytest.param([0, 9664491, 0, 27997683, 27997683, 0], 2, id="nought is nobody"),
        pytest.param([0, 1, 2, 1, 0, 3], 4, id="numbered from nought on"),
    ],
)
def test_the_customer_nought(tmp_path: Path, ids: list[int], known: int) -> None:
    begun = datetime(2024, 1, 15, 9, 0)  # noqa: DTZ001
    rows = "".join(f"{n},{one},{begun + timedelta(hours=n)}\n" for n, one in enumerate(ids, start=1))
    dataset = load(tmp_path, "call_id,customer_id,call_time\n" + rows)
    assert dataset.tickets["requester_id"].drop_nulls().n_unique() == known


# --- what columns are called, and what stands for nothing -------------------------------------------------------------


def test_work_beside_the_time_to_the_solution_is_not_taken_for_it(tmp_path: Path) -> None:
    text = (
        "Ticket ID,Client,User,Agent,Date Occurred,Resolution Time (Hours),Time Taken (Hours),Status\n"
        "1,Acme,Al,Ann,2024-02-01 09:00,8.5,1.25,Closed\n2,Beta,Bo,Bob,2024-02-13 10:00,8.25,0.5,Closed\n"
        "3,Acme,Al,Ann,2024-02-14 11:00,,2.0,In Progress\n"
    )
    dataset = load(tmp_path, text)
    assert spans(dataset, "solved_at") == [timedelta(hours=8.5), timedelta(hours=8.25), None]
    assert dataset.tickets["given_handle_s"].to_list() == [4500, 1800, 7200]
    assert (fields(dataset)["organization_id"], fields(dataset)["requester_id"]) == ("Client", "User")


def test_the_time_taken_is_that_of_the_solution_where_nothing_else_is(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Time Taken (Hours),Status\n" + "".join(
        f"{n},2024-02-{n:02} 09:00,{n}.5,Closed\n" for n in range(13, 17)
    )
    assert spans(load(tmp_path, text), "solved_at")[0] == timedelta(hours=13.5)


@pytest.mark.parametrize("mark", ["NaT", "NaN", "<NA>", "nan"])
def test_marks_of_programs_for_no_value_reject_no_row(tmp_path: Path, mark: str) -> None:
    rows = f"1,2024-01-13 09:00,2024-01-13 10:00,closed\n2,2024-01-14 09:00,{mark},open\n"
    dataset = load(tmp_path, "ticket_id,created,resolved,status\n" + rows)
    assert spans(dataset, "solved_at") == [timedelta(hours=1), None]


def test_a_yes_under_reopened_is_a_reopening(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Closed,Status,Reopened?\n" + "".join(
        f"{n},2024-01-{n:02} 09:00,2024-01-{n:02} 10:00,Closed,{'Yes' if n == 14 else 'No'}\n" for n in range(13, 17)
    )
    assert load(tmp_path, text).tickets["given_reopens"].to_list() == [0, 1, 0, 0]


def test_a_duplicate_that_a_flag_marks_is_left_out(tmp_path: Path) -> None:
    text = "SR_NUMBER,STATUS,CREATED_DATE,DUPLICATE\n" + "".join(
        f"SR-{n},Open,2024-01-{n:02} 09:00,{'true' if n == 14 else 'false'}\n" for n in range(13, 17)
    )
    assert load(tmp_path, text).tickets["exclusion"].cast(pl.String).to_list() == [None, "merged", None, None]


def test_words_of_service_desks() -> None:
    assert (priority_of("Show-stopper", {}), channel_of("Direct Input", {}), channel_of("Internet", {})) == (
        "urgent",
        "web",
        "web",
    )


def test_a_wait_that_ended_without_talk_is_no_first_response(tmp_path: Path) -> None:
    text = (
        "Дата и время;Тип звонка;Статус;Номер абонента;Сотрудник;Время ожидания ответа;Длительность разговора;"
        "Общая длительность звонка;Оценка разговора\n"
        "13.03.2024 09:00:15;Входящий;Принятый;79161112233;Ann;00:00:12;00:03:10;00:03:22;5\n"
        "13.03.2024 09:05:00;Входящий;Пропущенный;79161112234;;00:00:45;00:00:00;00:00:45;\n"
        "13.03.2024 10:15:30;Исходящий;Принятый;79161112234;Bob;00:00:08;00:01:02;00:01:10;\n"
    )
    dataset = load(tmp_path, text)
    assert spans(dataset, "first_reply_at") == [timedelta(seconds=12), None, timedelta(seconds=8)]
    assert dataset.tickets["given_handle_s"].to_list() == [190, None, 62]
    assert "status" not in fields(dataset)
    assert dataset.tickets["opener"].cast(pl.String).to_list() == ["customer", "customer", "agent"]


def test_a_length_of_talk_stands_before_the_length_of_the_whole_call(tmp_path: Path) -> None:
    text = "Call ID,Created at,Duration (sec),Talk time (sec)\n" + "".join(
        f"{n},2024-03-{n} 09:00:00,{n + 20},{n}\n" for n in range(13, 17)
    )
    assert fields(load(tmp_path, text))["given_handle_s"] == "Talk time (sec)"


def test_groups_above_names_that_stand_there_twice_tell_them_apart(tmp_path: Path) -> None:
    text = (
        "Ticket,,,,Response,,Resolution,\nNumber,Created,Priority,Status,Time (min),SLA met,Time (min),SLA met\n"
        "T1,2024-03-14 09:00,High,Closed,15,Yes,120,Yes\nT2,2024-03-15 09:00,Low,Closed,90,No,600,Yes\n"
    )
    dataset = load(tmp_path, text)
    assert spans(dataset, "first_reply_at") == [timedelta(minutes=15), timedelta(minutes=90)]
    assert spans(dataset, "solved_at") == [timedelta(hours=2), timedelta(hours=10)]
    assert dataset.tickets["given_sla_first_response_met"].to_list() == [True, False]


def test_the_name_of_an_item_is_no_customer(tmp_path: Path) -> None:
    text = "Name,Subitems,Owner,Status,Created,Item ID\n" + "".join(
        f"Printer {n},,Ann,Done,2024-03-{n} 09:00,{n}\n" for n in range(13, 17)
    )
    assert "requester_id" not in fields(load(tmp_path, text))


def test_a_length_or_a_plan_in_hours_is_not_said_to_have_lost_its_day(tmp_path: Path) -> None:
    calls = "CALL ID,TIMESTAMP,CALL TIME,TALK TIME\n" + "".join(
        f"{n},2020-03-{n} 08:12,00:05:03,00:04:00\n" for n in range(13, 17)
    )
    plans = "Номер;Дата регистрации;Статус;Время решения (план)\n" + "".join(
        f"{n};{n}.03.2024 9:05;Закрыт;8:00\n" for n in range(13, 17)
    )
    for text in (calls, plans):
        assert not any("times without a day" in said for said in load(tmp_path, text).assumptions)


def test_several_calls_about_one_ticket_are_calls_and_no_messages(tmp_path: Path) -> None:
    dataset = load(
        tmp_path,
        "Call ID,Ticket ID,Created at,Direction,Agent,Wait time (sec),Talk time (sec)\n"
        "c1,1001,2024-03-13 09:00:00,inbound,Ann,20,300\n"
        "c2,1002,2024-03-13 09:10:00,inbound,,95,0\n"
        "c3,1001,2024-03-14 09:00:00,outbound,Bob,5,120\n",
    )
    assert dataset.tickets["ticket_id"].to_list() == ["c1", "c2", "c3"]
    assert spans(dataset, "first_reply_at") == [timedelta(seconds=20), None, timedelta(seconds=5)]
    assert dataset.tickets["given_handle_s"].to_list() == [300.0, None, 120.0]
    assert dataset.tickets["opener"].cast(pl.String).to_list() == ["customer", "customer", "agent"]

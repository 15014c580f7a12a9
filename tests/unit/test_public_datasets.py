"""Layouts of data that cities, call centres, regulators and forums publish: what an analyst reads in them by eye."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from read_exports import fields, load, stamps

from supportkpi.errors import NotRecognised
from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.logs._words import meaning_of
from supportkpi.schema import Dataset, Log

BEGUN = datetime(2026, 1, 13, 9, 0)  # noqa: DTZ001


def events(dataset: Dataset) -> pl.DataFrame:
    assert isinstance(dataset.history, Log)
    return dataset.history.frame.collect().sort("ticket_id", "seq")


def day(number: int, form: str = "%Y-%m-%d") -> str:
    return f"{BEGUN + timedelta(days=number):{form}}"


# --- what an export says of its own deadlines ------------------------------------------------------------------------


def test_a_verdict_counts_where_nothing_says_which_cases_are_done(tmp_path: Path) -> None:
    rows = "".join(f"{day(n, '%m/%d/%y')},CA,9450{n},{'Yes' if n % 4 else 'No'},{700 + n}\n" for n in range(12))
    dataset = load(tmp_path, "Date received,State,ZIP code,Timely response?,Complaint ID\n" + rows)
    met = dataset.tickets["given_sla_resolution_met"]
    assert (met.sum(), met.null_count(), len(met)) == (9, 0, 12)
    assert "status" not in fields(dataset)
    assert fields(dataset)["region"] == "State"


def test_a_verdict_of_an_unfinished_case_is_none_yet(tmp_path: Path) -> None:
    text = "Case ID,Opened,Status,SLA met\n1,2026-01-13,Closed,Yes\n2,2026-01-14,Open,Yes\n3,2026-01-15,Open,No\n"
    assert load(tmp_path, text).tickets["given_sla_resolution_met"].to_list() == [True, None, False]


@pytest.mark.parametrize(
    ("header", "words", "met"),
    [
        ("ontime", ("ONTIME", "OVERDUE", "ONTIME"), [True, False, True]),
        ("SLA Breached", ("No", "Yes", "no"), [True, False, True]),
        ("SLA Status", ("Within SLA", "SLA Violated", "n/a"), [True, False, None]),
        ("Нарушение SLA", ("нет", "да", "нет"), [True, False, True]),
        ("Просрочено", ("Не просрочено", "Просрочено", "Не просрочено"), [True, False, True]),
    ],
)
def test_verdicts_in_words_and_deadlines_that_were_missed(
    tmp_path: Path, header: str, words: tuple[str, ...], met: list[bool | None]
) -> None:
    rows = "".join(f"{n},{day(n)},{day(n + 1)},{word}\n" for n, word in enumerate(words))
    dataset = load(tmp_path, f"Case ID,Opened,Closed,{header}\n" + rows)
    assert dataset.tickets.sort("ticket_id")["given_sla_resolution_met"].to_list() == met


def test_a_plan_is_no_verdict(tmp_path: Path) -> None:
    rows = "".join(f"{n},{day(n)},{day(n + 1)},{'Gold' if n % 2 else 'Silver'}\n" for n in range(6))
    assert "given_sla_resolution_met" not in fields(load(tmp_path, "Case ID,Opened,Closed,SLA\n" + rows))


def test_columns_that_a_team_has_added_to_a_known_export_are_read_and_said(tmp_path: Path) -> None:
    head = (
        "Status,Ticket ID,Priority,Source,Created time,Expected SLA to resolve,First response time,"
        "SLA For first response,Resolution time,Close time,Agent interactions,Survey results\n"
    )
    rows = "".join(
        f"Closed,{n},Low,Email,{day(n)} 09:00,{day(n)} 12:00,{day(n)} 09:30,Within SLA,{day(n)} 11:00,"
        f"{day(n)} 13:00,2,{1 + n % 5}\n"
        for n in range(10)
    )
    dataset = load(tmp_path, head + rows)
    assert dataset.provenance[0].helpdesk == "freshdesk"
    spans = stamps(dataset).select(
        reply=pl.col("first_reply_at") - pl.col("created_at"), solve=pl.col("solved_at") - pl.col("created_at")
    )
    assert spans.unique().rows() == [(timedelta(minutes=30), timedelta(hours=2))]
    assert dataset.tickets["given_sla_first_response_met"].all()
    assert any("does not have are read by their headers" in said for said in dataset.assumptions)


# --- headers of cities and data bases --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("open_dt", "created_at"),
        ("closed_dt", "closed_at"),
        ("target_dt", "resolution_due_at"),
        ("closedate", "closed_at"),
        ("solvedate", "solved_at"),
        ("issue_responded", "first_reply_at"),
        ("Issue_reported at", "created_at"),
        ("AvgTalkDuration", "given_handle_s"),
    ],
)
def test_short_and_glued_names(header: str, field: str) -> None:
    found = synonyms().matches(header)
    assert max(found, key=lambda name: found[name]) == field


@pytest.mark.parametrize("header", ["Talk Duration (AVG)", "Call duration", "Queue duration", "Длительность звонка"])
def test_how_long_a_call_lasts_is_no_time_to_a_solution(header: str) -> None:
    assert "given_resolution_s" not in synonyms().matches(header)


def test_an_empty_column_is_no_date_by_a_part_of_its_name(tmp_path: Path) -> None:
    rows = "".join(f"{n},{day(n)},{day(n + 1)},Closed,\n" for n in range(6))
    dataset = load(tmp_path, "case_enquiry_id,open_dt,closed_dt,case_status,submitted_photo\n" + rows)
    assert fields(dataset)["created_at"] == "open_dt"
    assert "submitted_photo" not in fields(dataset).values()


@pytest.mark.parametrize(
    ("beside", "states", "is_status"),
    [
        ("City", ("Maine", "New York", "Texas"), False),
        ("Owner", ("CA", "TX", "NY"), False),
        ("Owner", ("Closed", "Open", "New"), True),
        ("City", ("Closed", "Open", "New"), True),
    ],
)
def test_a_state_of_a_country_is_no_state_of_a_ticket(
    tmp_path: Path, beside: str, states: tuple[str, ...], *, is_status: bool
) -> None:
    rows = "".join(f"{n},{day(n)},{states[n % 3]},Ann\n" for n in range(12))
    found = fields(load(tmp_path, f"Case ID,Opened,State,{beside}\n" + rows))
    assert (found.get("status") == "State") is is_status
    assert (found.get("region") == "State") is (not is_status and beside == "Owner")


def test_sub_totals_between_the_rows_are_no_tickets(tmp_path: Path) -> None:
    months = ["".join(f"{100 * m + n},2026-0{m}-0{n} 09:00,2026-0{m}-0{n} 10:00\n" for n in (1, 2, 3)) for m in (1, 2)]
    text = "Ticket No,Opened,Closed\n" + f"{months[0]}Total January,,3\n{months[1]}Total February,,3\nGrand total,,6\n"
    dataset = load(tmp_path, text)
    assert dataset.tickets.height == 6
    assert dataset.ledger[0].excluded == {"footer": 1, "total": 2}


# --- calls -----------------------------------------------------------------------------------------------------------

CALLS = (
    "Call Id,Agent,Date,Time (Y:M:D),Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration\n"
    "ID1,Ann,01/13/2026,09:12:58,Billing,Y,Y,109,0:02:23\n"
    "ID2,Bob,01/13/2026,09:12:58,Billing,Y,N,70,0:04:02\n"
    "ID3,Ann,01/14/2026,09:47:31,Contract,N,N,,\n"
)


def test_calls_are_solved_where_a_yes_says_so(tmp_path: Path) -> None:
    dataset = load(tmp_path, CALLS)
    tickets = dataset.tickets.sort("ticket_id")
    assert tickets["status"].to_list() == ["solved", "open", "open"]
    assert tickets["given_handle_s"].to_list() == [143.0, 242.0, None]
    assert "given_resolution_s" not in fields(dataset)
    replies = stamps(dataset).sort("ticket_id").select(pl.col("first_reply_at") - pl.col("created_at")).to_series()
    assert replies.to_list() == [timedelta(seconds=109), timedelta(seconds=70), None]
    assert stamps(dataset)["created_at"].min() == datetime.fromisoformat("2026-01-13T09:12:58+00:00")
    assert "'Resolved' says yes or no: yes is read as solved, no as open" in dataset.assumptions


def test_times_of_the_day_are_read_with_the_day_of_their_row(tmp_path: Path) -> None:
    head = "call_id,date,call_started,call_answered,call_ended\n"
    rows = "".join(f"{n},{day(n)},09:00:00 AM,09:01:30 AM,12:05:00 PM\n" for n in range(4))
    frame = stamps(load(tmp_path, head + rows))
    spans = frame.select(pl.col("first_reply_at", "solved_at") - pl.col("created_at")).unique().rows()
    assert spans == [(timedelta(seconds=90), timedelta(hours=3, minutes=5))]


@pytest.mark.parametrize(
    ("head", "row", "says"),
    [
        ("ID,Agent,Tickets Assigned,Tickets Resolved,Avg CSAT", "{n},Ann,12{n},110,4.5", "sums up many tickets"),
        (
            "Month of creation,Assignee,Tickets,First reply (Median),Full resolution (Average)",
            "x{n},Ann,12,1.2,9",
            "sums up",
        ),
        ("Index,Incoming Calls,Answered Calls,Answer Rate", "{n},21{n},190,91%", "sums up many tickets"),
        ("Date,Interval,Calls Offered,Calls Answered,ASA", "{day},0{n}:30,20,18,5", "one interval ('Interval')"),
    ],
)
def test_rows_that_sum_up_calls_are_no_tickets(tmp_path: Path, head: str, row: str, says: str) -> None:
    text = f"{head}\n" + "".join(row.format(n=n, day=day(n, "%d.%m.%Y")) + "\n" for n in range(1, 8))
    with pytest.raises(NotRecognised) as refused:
        load(tmp_path, text)
    assert says in str(refused.value)


def test_instants_as_numbers_are_no_counts(tmp_path: Path) -> None:
    rows = "".join(f"{n},{46030 + n}.5,{46030 + n}.75,{46031 + n}.5\n" for n in range(6))
    assert load(tmp_path, "Ticket,Created,Resolved,Closed\n" + rows).tickets.height == 6


# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "row", "rated"),
    [
        (
            "ID,Start time,Completion time,Email,How satisfied are you with the service desk?",
            "{n},{day} 09:00,{day} 09:02,anonymous,{score}",
            "Completion time",
        ),
        ("ID,Время создания,Оцените работу поддержки", "{n},{day} 09:00:00,{score}", "Время создания"),
        (
            "Отметка времени,Оцените скорость ответа,Оцените качество работы специалиста поддержки",
            "{day} 09:00:00,1,{score}",
            "Отметка времени",
        ),
    ],
)
def test_answers_to_a_form_are_no_tickets(tmp_path: Path, head: str, row: str, rated: str) -> None:
    text = f"{head}\n" + "".join(row.format(n=n, day=day(n), score=1 + n % 5) + "\n" for n in range(10))
    dataset = load(tmp_path, text)
    assert dataset.tickets.is_empty()
    assert fields(dataset)["rated_at"] == rated
    assert sorted(dataset.surveys["score"].to_list()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert dataset.surveys["respondent_id"].null_count() == 10


# --- logs and threads ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activity", "meaning"),
    [
        ("Quality Indicator Fixed", None),
        ("Communication with vendor", None),
        ("Mail to customer", ("message", "agent")),
        ("Update from customer", ("message", "customer")),
        ("Waiting for customer response", ("status", "pending")),
        ("Ожидание ответа клиента", ("status", "pending")),
        ("Automatically closed", ("status", "closed")),
        ("Work in progress", ("status", "open")),
        ("Resolve ticket", ("status", "solved")),
    ],
)
def test_an_activity_is_a_status_only_where_it_begins_with_one(activity: str, meaning: tuple[str, str] | None) -> None:
    found = meaning_of(activity, {}, {})
    assert (None if found is None else (found.kind, found.value or found.actor)) == meaning


def test_a_log_whose_headers_name_incidents(tmp_path: Path) -> None:
    head = "Incident ID;DateStamp;IncidentActivity_Number;IncidentActivity_Type;Assignment Group\n"
    rows = "".join(
        f"IM{n};{13 + n}-01-2026 {hour}:00:00;001A{n}{hour};{what};TEAM1\n"
        for n in range(4)
        for hour, what in (("09", "Open"), ("10", "Assignment"), ("11", "Quality Indicator Fixed"), ("12", "Closed"))
    )
    dataset = load(tmp_path, head + rows)
    told = events(dataset).filter(pl.col("kind") == "status")
    assert told.filter(pl.col("value") == "closed")["at"].dt.hour().unique().to_list() == [12]
    assert told.filter(pl.col("value") == "solved").is_empty()
    assert dataset.tickets.height == 4


def test_messages_that_name_what_they_answer_are_one_ticket(tmp_path: Path) -> None:
    text = (
        "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
        "1,115712,True,Tue Jan 13 09:00:00 +0000 2026,help,2,\n"
        "2,acme,False,Tue Jan 13 09:20:00 +0000 2026,hi,3,1\n"
        "3,115712,True,Tue Jan 13 09:30:00 +0000 2026,thanks,,2.0\n"
        "8,115713,True,Tue Jan 13 10:00:00 +0000 2026,broken,9,\n"
        "9,acme,False,Tue Jan 13 10:05:00 +0000 2026,sorry,,8\n"
    )
    dataset = load(tmp_path, text)
    assert dataset.tickets.sort("ticket_id").select("ticket_id", "requester_id").rows() == [
        ("1", "115712"),
        ("8", "115713"),
    ]
    said = events(dataset).filter(pl.col("kind") == "message").select("ticket_id", "actor", pl.col("at").dt.minute())
    assert said.rows() == [
        ("1", "customer", 0),
        ("1", "agent", 20),
        ("1", "customer", 30),
        ("8", "customer", 0),
        ("8", "agent", 5),
    ]


def test_answers_of_a_forum_stand_under_their_question(tmp_path: Path) -> None:
    text = (
        "Id,PostTypeId,ParentId,CreationDate,Score,Body,OwnerUserId\n"
        "1,1,,2026-01-13T09:00:00.000,3,q,7\n"
        "2,2,1,2026-01-13T09:10:00.000,0,own note,7\n"
        "3,2,1,2026-01-13T11:00:00.000,9,answer,8\n"
        "4,1,,2026-01-14T09:00:00.000,1,q,9\n"
    )
    dataset = load(tmp_path, text)
    assert dataset.tickets.height == 2
    assert "csat" not in fields(dataset)
    replies = events(dataset).filter((pl.col("kind") == "message") & (pl.col("actor") == "agent"))
    assert replies.select("ticket_id", pl.col("at").dt.hour()).rows() == [("1", 11)]


def test_a_parent_of_tickets_is_no_message(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n - 1 if n > 1 else ''},{day(n)},Closed,some text\n" for n in range(1, 6))
    assert load(tmp_path, "ID,Parent ID,Created,Status,Comment\n" + rows).tickets.height == 5


# --- words run together, zones, words of praise ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("SERVICEREQUESTID", "ticket_id"),
        ("RESOLUTIONDATE", "solved_at"),
        ("createdat", "created_at"),
        ("properties.ADDDATE", "created_at"),
        ("properties.SERVICEREQUESTID", "ticket_id"),
        ("SRNumber", "ticket_id"),
        ("Data/Hora Abertura", "created_at"),
        ("Data/Hora Primeiro Atendimento", "first_reply_at"),
        ("Geöffnet", "created_at"),
        ("Conversation rating", "csat"),
    ],
)
def test_names_that_were_run_together_or_have_the_time_beside_the_date(header: str, field: str) -> None:
    found = synonyms().matches(header)
    assert max(found, key=lambda name: found[name]) == field


@pytest.mark.parametrize("header", ["notification", "supervisor", "information", "description", "timezone"])
def test_words_that_only_look_run_together_stay_whole(header: str) -> None:
    assert synonyms().unglued(header) == header


def test_a_name_run_together_is_as_private_as_its_words() -> None:
    assert synonyms().is_text("customername")


def test_the_zone_of_one_header_holds_for_the_dates_beside_it(tmp_path: Path) -> None:
    rows = "".join(f"{n},{day(n)} 09:00,{day(n)} 11:00,closed\n" for n in range(6))
    dataset = load(tmp_path, "Conversation ID,Started at (America/New_York),Last closed at,State\n" + rows)
    frame = stamps(dataset)
    assert (frame["closed_at"] - frame["created_at"]).unique().to_list() == [timedelta(hours=2)]
    assert frame["created_at"].dt.hour().unique().to_list() == [14]
    assert any("read as America/New_York" in said for said in dataset.assumptions)


def test_five_words_of_quality_in_portuguese(tmp_path: Path) -> None:
    words = ("Ótimo", "Bom", "Regular", "Ruim", "Péssimo")
    rows = "".join(f"{n},{day(n)},{words[n % 5]},Resolvido\n" for n in range(10))
    dataset = load(tmp_path, "Protocolo,Data de abertura,Avaliação,Situação\n" + rows)
    assert sorted(dataset.surveys["score"].to_list()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_how_long_it_took_may_stand_under_the_name_of_the_instant(tmp_path: Path) -> None:
    rows = "".join(f"{n},{day(n)} 09:00,Solved,0d 2h {n}m\n" for n in range(6))
    dataset = load(tmp_path, "Ticket ID,Created,Status,First response\n" + rows)
    spans = stamps(dataset).select(pl.col("first_reply_at") - pl.col("created_at")).to_series()
    assert spans.to_list() == [timedelta(hours=2, minutes=n) for n in range(6)]


@pytest.mark.parametrize("header", ["Is Closed", "Closed?", "Was resolved"])
def test_a_yes_or_no_is_a_status_however_it_asks(tmp_path: Path, header: str) -> None:
    rows = "".join(f"C{n},{day(n)},{'TRUE' if n % 3 else 'FALSE'}\n" for n in range(9))
    tickets = load(tmp_path, f"Case Ref,Created,{header}\n" + rows).tickets
    assert tickets["status"].is_in(["closed", "solved"]).sum() == 6


def test_the_name_of_a_task_is_no_customer(tmp_path: Path) -> None:
    rows = "".join(f"{n},{day(n)},{day(n + 1)},Mend it,Ann\n" for n in range(6))
    found = fields(load(tmp_path, "Task ID,Created At,Completed At,Name,Assignee\n" + rows))
    assert "requester_id" not in found
    names = "".join(f"{n},{day(n)},{day(n + 1)},Ann Lee,Bob\n" for n in range(6))
    found = fields(load(tmp_path, "Ticket ID,Created At,Completed At,Name,Assignee\n" + names))
    assert found["requester_id"] == "Name"


def test_the_only_date_of_an_answer_is_that_of_the_rating(tmp_path: Path) -> None:
    rows = "".join(f"{n},1980-05-1{n},{day(n)},{1 + n % 5},{n}\n" for n in range(10) if n < 10)
    dataset = load(tmp_path, "Feedback ID,Date of birth,Visit Date,Satisfaction Score,NPS Score\n" + rows)
    assert fields(dataset)["rated_at"] == "Visit Date"
    assert any("only date of an answer" in said for said in dataset.assumptions)


def test_turns_of_a_conversation_name_their_speaker(tmp_path: Path) -> None:
    turns = [(n, minute, who) for n in range(4) for minute, who in enumerate(("Customer", "Agent"))]
    rows = "".join(f"c{n},{who},hello,{day(n)}T09:0{minute}:00\n" for n, minute, who in turns)
    told = events(load(tmp_path, "conversation_id,speaker,text,timestamp\n" + rows))
    said = told.filter(pl.col("kind") == "message").select("actor", pl.col("at").dt.minute()).unique().sort("at").rows()
    assert said == [("customer", 0), ("agent", 1)]


def test_the_duration_of_a_call_and_how_it_ended_are_no_solution(tmp_path: Path) -> None:
    ends = ("Answered", "Abandoned", "Voicemail")
    rows = "".join(f"{n},{day(n)} 09:00,{60 + n},{n},{ends[n % 3]},{5550 + n}\n" for n in range(9))
    found = fields(load(tmp_path, "Call ID,Start Time,Duration (s),Wait Time (s),Disposition,From\n" + rows))
    assert found["given_handle_s"] == "Duration (s)"
    assert not {"status", "given_resolution_s", "solved_at"} & found.keys()


def test_the_duration_of_a_ticket_is_the_time_to_its_solution(tmp_path: Path) -> None:
    rows = "".join(f"{n},{day(n)} 09:00,{60 + n},Closed\n" for n in range(9))
    assert fields(load(tmp_path, "Ticket,Opened,Duration (min),Status\n" + rows))["given_resolution_s"]


def test_stars_of_reviews_are_satisfaction(tmp_path: Path) -> None:
    rows = "".join(f"r{n},o{n},{1 + n % 5},{day(n)},{day(n + 1)} 10:00\n" for n in range(10))
    head = "review_id,order_id,review_score,review_creation_date,review_answer_timestamp\n"
    found = fields(load(tmp_path, head + rows))
    assert (found["csat"], found["rated_at"]) == ("review_score", "review_answer_timestamp")

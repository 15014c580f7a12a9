"""Scales whose ends are named, questions in other languages, zones, units and misses in headers: figures by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from read_exports import load

from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.values._anchors import anchored_scale, is_no_answer, is_turned
from supportkpi.loaders.values._dates import header_zone
from supportkpi.loaders.values._spans import choose_spans, header_unit
from supportkpi.schema import Dataset, Stamps


def spans(dataset: Dataset, name: str) -> list[timedelta | None]:
    assert isinstance(dataset.history, Stamps)
    frame = dataset.history.frame
    return (frame[name] - frame["created_at"]).to_list()


def scores(dataset: Dataset, instrument: str) -> list[float | None]:
    return dataset.surveys.filter(pl.col("instrument") == instrument)["score"].to_list()


# --- the ends of a scale ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "scale", "turned"),
    [
        ("Overall satisfaction (1 = very satisfied, 5 = very dissatisfied)", "1-5", True),
        ("Rating (1 = Excellent, 5 = Poor)", "1-5", True),
        ("Rating (1 = Poor, 5 = Excellent)", "1-5", False),
        ("How easy was it? (1 - very difficult, 7 - very easy)", "1-7", False),
        ("Оценка (1 – плохо, 5 – отлично)", "1-5", False),
        ("Zufriedenheit (1 = sehr zufrieden; 6 = unzufrieden)", "1-6", True),
        ("Bewertung (Schulnote)", "1-6", True),
        ("Rating (1 = not good, 3 = great)", "1-3", False),
        ("NPS (0 = not at all likely, 10 = extremely likely)", "0-10", False),
        ("Rating", None, False),
        ("Step 2: good to know", None, False),
    ],
)
def test_a_header_names_the_ends_of_its_scale(header: str, scale: str | None, *, turned: bool) -> None:
    assert (anchored_scale(header), is_turned(header, ())) == (scale, turned)


def test_where_one_is_the_best_the_scores_are_turned_round_and_it_is_said(tmp_path: Path) -> None:
    text = 'Ticket,Survey date,"Rating (1 = Excellent, 5 = Poor)"\n1,2024-02-13,1\n2,2024-02-14,5\n3,2024-02-15,2\n'
    dataset = load(tmp_path, text, csat_scale="1-5")
    assert scores(dataset, "csat") == [5.0, 1.0, 4.0]
    assert any("low numbers are the good ones" in said for said in dataset.assumptions)


def test_labels_of_answers_turn_a_scale_and_say_that_nobody_answered(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Status,Satisfaction\n" + "".join(
        f"{n},2024-02-{n},Closed,{said}\n"
        for n, said in enumerate(("1 (very good)", "5 (very bad)", "2 (good)", "0 - Unknown"), start=13)
    )
    dataset = load(tmp_path, text, csat_scale="1-5")
    assert scores(dataset, "csat") == [5.0, 1.0, 4.0]
    assert (is_no_answer("0 - Unknown"), is_no_answer("0 - Unsatisfied")) == (True, False)


def test_a_nought_below_a_scale_is_no_answer(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Status,Rating\n" + "".join(
        f"{n},2024-02-{n},Closed,{said}\n" for n, said in enumerate((5, 0, 1, 0), start=13)
    )
    dataset = load(tmp_path, text, csat_scale="1-5")
    assert scores(dataset, "csat") == [5.0, 1.0]
    assert scores(load(tmp_path, text, csat_scale="0-10"), "csat") == [5.0, 0.0, 1.0, 0.0]


def test_three_questions_in_german(tmp_path: Path) -> None:
    text = (
        "Zeitstempel;Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen? (0-10);Wie zufrieden waren Sie mit der "
        "Lösung?;Wie zufrieden waren Sie mit der Geschwindigkeit?;Die Lösung war einfach zu erreichen (1-7)\n"
        "14.03.2024 10:15;10;Sehr zufrieden;Zufrieden;7\n15.03.2024 11:00;6;Eher unzufrieden;Unzufrieden;2\n"
        "16.03.2024 12:30;8;Weder noch;Weder noch;5\n"
    )
    dataset = load(tmp_path, text)
    assert scores(dataset, "nps") == [10.0, 6.0, 8.0]
    assert scores(dataset, "csat") == [5.0, 2.0, 3.0]
    assert scores(dataset, "ces") == [7.0, 2.0, 5.0]


def test_words_of_chats_that_were_rated_and_that_were_not(tmp_path: Path) -> None:
    rows = ((13, "rated_good"), (14, "rated_bad"), (15, "not_rated"))
    text = "chat_id,chat start date in America/New_York,agent,rate,first response time in seconds\n" + "".join(
        f"A{n},2023-03-{n} 09:00:00,Ann,{said},{n}\n" for n, said in rows
    )
    dataset = load(tmp_path, text)
    assert scores(dataset, "csat") == [1.0, 0.0]
    assert isinstance(dataset.history, Stamps)
    assert dataset.history.frame["created_at"].dt.hour().to_list() == [13, 13, 13]  # New York is four hours behind


# --- what headers say beside a name -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("chat start date in Europe/Paris", "Europe/Paris"),
        ("created_at_utc", "UTC"),
        ("Opened UTC", "UTC"),
        ("opened in Berlin", None),
        ("statutc", None),
    ],
)
def test_a_zone_at_the_end_of_a_header(header: str, zone: str | None) -> None:
    assert header_zone(header) == zone


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Days to Resolve", "d"),
        ("Hours until close", "h"),
        ("Number of days to close", "d"),
        ("Часов до решения", "h"),
        ("Tage bis Lösung", "d"),
        ("Days open", None),
        ("Day", None),
        ("S to do", None),
    ],
)
def test_a_unit_that_begins_a_header(header: str, unit: str | None) -> None:
    assert header_unit(header) == unit


@pytest.mark.parametrize(
    ("header", "negated"),
    [
        ("SLA Status Failed", True),
        ("SLA resolution time exceeded", True),
        ("SLA нарушен по решению", True),
        ("SLA not breached", False),
        ("SLA met", False),
        ("SLA plate", False),
    ],
)
def test_a_deadline_that_was_missed_whatever_stands_between(header: str, *, negated: bool) -> None:
    assert synonyms().is_negated("given_sla_resolution_met", header) is negated


def test_a_failed_sla_is_no_kept_one(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Close date,Stage,SLA Status Failed\n" + "".join(
        f"{n},2024-02-{n} 08:00,2024-02-{n} 09:00,Solved,{n == 16}\n" for n in range(13, 17)
    )
    assert load(tmp_path, text).tickets["given_sla_resolution_met"].to_list() == [True, True, True, False]


# --- days beside times ------------------------------------------------------------------------------------------------

ROWS = (
    "1,2024-01-13 09:15,2024-01-13 09:45,2024-01-13,Closed\n2,2024-01-14 14:30,2024-01-14 15:30,2024-01-16,Closed\n"
    "3,2024-01-15 10:00,2024-01-15 10:05,2024-01-15,Closed\n"
)


def test_a_day_behind_an_instant_counts_in_whole_days(tmp_path: Path) -> None:
    dataset = load(tmp_path, "Ticket,Created,First response,Resolved,Status\n" + ROWS)
    assert spans(dataset, "solved_at") == [timedelta(), timedelta(days=2), timedelta()]
    assert spans(dataset, "first_reply_at")[0] == timedelta(minutes=30)
    assert any("'Resolved' stands at 00:00" in said and "whole days" in said for said in dataset.assumptions)


def test_a_bare_time_belongs_to_the_date_in_front_of_it(tmp_path: Path) -> None:
    text = (
        "Ticket,Date Opened,Time,Date Closed,Time,Status\n1,03/14/2024,9:15 AM,03/14/2024,10:15 AM,Closed\n"
        "2,03/15/2024,2:30 PM,03/16/2024,2:30 PM,Closed\n"
    )
    assert spans(load(tmp_path, text), "closed_at") == [timedelta(hours=1), timedelta(days=1)]


@pytest.mark.parametrize(("cell", "minutes"), [("00:20 hrs", 20), ("1:05 hrs", 65), ("26:00 ч", 1560)])
def test_a_clock_with_its_unit_behind_it(cell: str, minutes: int) -> None:
    values = pl.Series("v", [cell] * 3)
    reading = choose_spans(values, "First Response Time")
    assert reading is not None
    assert values.to_frame().select(reading.seconds(pl.col("v")))["v"].to_list() == [minutes * 60.0] * 3


# --- scales and groups ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "field"), [("csat_1_5", "csat"), ("Note /10", "csat"), ("nps_0_10", "nps"), ("tag_3", None)]
)
def test_a_rating_with_its_scale_behind_its_name(header: str, field: str | None) -> None:
    named = {name for name in synonyms().matches(header) if name in ("csat", "nps", "ces", "tags")}
    assert named == ({field} if field else set())


def test_a_score_beside_promoters_and_detractors_is_an_nps(tmp_path: Path) -> None:
    text = (
        "Respondent,Submitted,Segment,Score,Group\nr1,2024-03-13,Gold,10,Promoter\nr2,2024-03-14,Gold,3,Detractor\n"
        "r3,2024-03-15,Silver,8,Passive\n"
    )
    assert scores(load(tmp_path, text), "nps") == [10.0, 3.0, 8.0]


def test_french_clocks_and_scales(tmp_path: Path) -> None:
    text = (
        "Référence;Date de réception;Heure;Date de réponse;Heure;Statut;Recommanderiez-vous notre service ? (0 à 10)\n"
        "D-1;13/03/2024;09h15;13/03/2024;10h15;Clôturé;10\nD-2;14/03/2024;14h30;16/03/2024;14h30;Clôturé;2\n"
    )
    dataset = load(tmp_path, text)
    assert spans(dataset, "first_reply_at") == [timedelta(hours=1), timedelta(days=2)]
    assert dataset.surveys["scale"].unique().to_list() == ["0-10"]

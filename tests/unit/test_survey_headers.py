"""Headers of surveys in two and three rows: the names, what was asked under them, the zone of the dates."""

from __future__ import annotations

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables
from supportkpi.loaders.tables import Table, read

THREE = """StartDate,RecordedDate,ResponseId,Q1,Q2
Start Date,Recorded Date,Response ID,"How likely are you
to recommend us?",Your words
"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""recordedDate""}",{"ImportId":"_recordId"},{"ImportId":"QID1"},{"ImportId":"QID2_TEXT"}
2026-01-05 10:00:00,2026-01-05 10:01:00,R_1,9,fine
"""
TWO = """Respondent ID,Collector ID,End Date,How satisfied are you?,What do you use?,,
,,,Response,Email,Chat,Other (please name it)
1,9,01/31/2026 02:03:04 PM,5,Email,,fax
2,9,02/01/2026 09:00:00 AM,3,Email,Chat,
"""


def table_of(text: str) -> Table:
    (found,) = read("-", Reading(), text.encode())
    return found


def test_three_rows_are_names_questions_and_a_zone() -> None:
    found = table_of(THREE)
    assert found.columns == ("StartDate", "RecordedDate", "ResponseId", "Q1", "Q2")
    assert found.questions == {"Q1": "How likely are you to recommend us?", "Q2": "Your words"}
    assert found.zone == "America/Denver"
    assert found.rows == 1


def test_without_import_ids_the_names_said_again_are_no_answer() -> None:
    lines = THREE.splitlines()
    found = table_of("\n".join([*lines[:3], lines[4]]) + "\n")
    assert found.rows == 1
    assert found.questions["Q1"] == "How likely are you to recommend us?"
    assert found.zone is None


def test_two_rows_name_each_answer_of_a_question() -> None:
    found = table_of(TWO)
    assert found.columns[3:] == (
        "How satisfied are you?",
        "What do you use?",
        "What do you use? - Chat",
        "What do you use? - Other (please name it)",
    )
    assert found.rows == 2


def test_the_zone_of_the_file_is_that_of_its_dates() -> None:
    dataset = load_tables([table_of(THREE)], Reading())
    assert dataset.surveys["at"].item().isoformat() == "2026-01-05T17:01:00+00:00"
    assert dataset.provenance[0].zone == "America/Denver"
    assert dataset.provenance[0].zone_source == "file"
    assert not [said for said in dataset.assumptions if "zone" in said]


@pytest.mark.parametrize(
    "text",
    [
        "id,created,rating\n,Response,\n1,2026-01-05,3\n",  # the old mark of a second row, in any file
        "id,created,rating\n1,2026-01-05,5\n2,2026-01-06,3\n",
    ],
)
def test_a_plain_table_loses_no_row(text: str) -> None:
    assert table_of(text).rows == text.count("2026")


CHOICES = """Respondent ID,End Date,How satisfied are you?,,,What do you use?,,
,,Very satisfied,Satisfied,Dissatisfied,Email,Chat,Other (please name it)
1,01/31/2026 02:03:04 PM,Very satisfied,,,Email,,
2,02/01/2026 09:00:00 AM,,,Dissatisfied,,,fax
3,02/02/2026 09:00:00 AM,,,,,Chat,
"""


def test_one_choice_with_a_column_an_answer_is_one_column() -> None:
    found = table_of(CHOICES)
    assert found.columns[2:] == (
        "How satisfied are you?",
        "What do you use?",
        "What do you use? - Other (please name it)",
    )
    assert found.frame.collect()["How satisfied are you?"].to_list() == ["Very satisfied", "Dissatisfied", None]
    dataset = load_tables([found], Reading())
    assert dataset.surveys["score"].to_list() == [5.0, 2.0, None]


def test_the_numbers_of_the_places_are_their_answers() -> None:
    found = table_of(CHOICES.replace(",Very satisfied,,,Email", ",1,,,Email").replace(",,,Dissatisfied,,", ",,,3,,"))
    assert found.frame.collect()["How satisfied are you?"].to_list() == ["Very satisfied", "Dissatisfied", None]


def test_several_choices_keep_their_columns() -> None:
    found = table_of(CHOICES.replace("AM,,,,,Chat", "AM,,,,Email,Chat"))
    assert "What do you use? - Chat" in found.columns
    assert "How satisfied are you? - Satisfied" not in found.columns


def test_a_grid_of_scores_keeps_its_columns() -> None:
    text = "Respondent ID,End Date,Please rate us,,\n,,Speed,Tone,Result\n1,01/31/2026 02:03:04 PM,5,4,1\n"
    assert table_of(text + "2,01/31/2026 02:03:04 PM,4,4,2\n").columns[2:] == (
        "Please rate us",
        "Please rate us - Tone",
        "Please rate us - Result",
    )

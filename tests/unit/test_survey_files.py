"""Files of answers: questions found by their words, several surveys in one file, answers that do not count."""

from __future__ import annotations

import json

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import NotRecognised
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset, Sight

FORM = "#,{},Network ID,Start Date (UTC),Submit Date (UTC)\n"


def loaded(text: str, **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    return load_tables(read("-", how, text.encode()), how)


def answered(question: str, *values: str) -> str:
    quoted = '"' + question.replace('"', '""') + '"'
    lines = [f"t{at},{value},n,2026-01-0{at} 10:00:00,2026-01-0{at} 10:01:00" for at, value in enumerate(values, 1)]
    return FORM.format(quoted) + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("question", "instrument"),
    [
        ("On a scale from 0 to 10, how likely are you to recommend us to a friend?", "nps"),
        ("С какой вероятностью вы порекомендуете нас друзьям?", "nps"),
        ("¿Qué tan probable es que nos recomiende? (recomendación)", "nps"),
        ("How <strong>satisfied</strong> are you with the answer?", "csat"),
        ("Насколько вы довольны нашей поддержкой?", "csat"),
        ("Wie zufrieden sind Sie mit unserem Service?", "csat"),
        ("How easy was it to get help?", "ces"),
        ("How much effort did it take? (customer effort score)", "ces"),
    ],
)
def test_a_question_is_known_by_its_words(question: str, instrument: str) -> None:
    dataset = loaded(answered(question, "5", "4", ""))
    assert dataset.surveys["instrument"].unique().to_list() == [instrument]
    assert dataset.surveys["score"].drop_nulls().to_list() == [5.0, 4.0]
    assert Sight.offer not in dataset.observes  # who skips a question of a form was not refused an answer


@pytest.mark.parametrize("question", ["How would you rate our services?", "Rate our offices and services"])
def test_a_word_that_ends_like_the_name_of_a_survey_is_none(question: str) -> None:
    rows = "".join(f"2026-01-{at:02} 10:00:00,ann{at}@example.org,{at % 5 + 1}\n" for at in range(1, 21))
    data = loaded(f"Timestamp,Email,{question}\n{rows}")
    assert data.surveys["instrument"].unique().to_list() == ["csat"]


def test_the_group_of_an_nps_answer_is_not_the_answer() -> None:
    text = (
        "StartDate,RecordedDate,ResponseId,Progress,Q7_NPS_GROUP,Q7\n"
        "Start Date,Recorded Date,Response ID,Progress,Would you recommend us? - Group,Would you recommend us?\n"
        "2026-01-05 10:00:00,2026-01-05 10:00:00,R_1,100,Promoter,10\n"
        "2026-01-05 11:00:00,2026-01-05 11:00:00,R_2,100,Detractor,2\n"
    )
    assert loaded(text).surveys["score"].to_list() == [10.0, 2.0]


def test_where_no_question_is_known_the_message_names_the_columns_that_may_be() -> None:
    text = answered("Wie fanden Sie das Essen?", "5", "4", "3")
    with pytest.raises(NotRecognised) as caught:
        loaded(text)
    assert "Wie fanden Sie das Essen?" in caught.value.message
    assert '--map csat="Wie fanden Sie das Essen?"' in caught.value.hint
    said = loaded(text, columns={"csat": "Wie fanden Sie das Essen?"}, csat_scale="1-5")
    assert said.surveys["score"].to_list() == [5.0, 4.0, 3.0]


def test_each_answer_counts_for_the_survey_that_it_names() -> None:
    kinds = [("nps", 10), ("csat", 4), ("ces", 1), ("nps", 0), ("thumbs", 1)]
    rows = [
        {"id": str(at), "person": f"p{at}", "survey_type": kind, "score": score, "created_at": 1772442000 + at}
        for at, (kind, score) in enumerate(kinds)
    ]
    dataset = loaded(json.dumps(rows))
    found = dataset.surveys.select("instrument", "score", "scale").rows()
    assert sorted(found) == [("ces", 1.0, None), ("csat", 4.0, "1-5"), ("nps", 0.0, "0-10"), ("nps", 10.0, "0-10")]
    assert dataset.ledger[0].excluded == {"other survey": 1}
    assert dataset.ledger[0].used == 4


def test_a_file_of_one_kind_shows_that_kind_only() -> None:
    rows = [
        {"id": "1", "survey_type": "csat", "score": 5, "permalink": "x", "created_at": 1772442000},
        {"id": "2", "survey_type": "csat", "score": 2, "permalink": "y", "created_at": 1772442001},
    ]
    assert loaded(json.dumps(rows)).surveys["instrument"].to_list() == ["csat", "csat"]


def test_russian_words_of_satisfaction_are_a_scale() -> None:
    text = (
        "Номер заявки;Дата ответа;Насколько вы довольны работой поддержки?\n"
        "101;2026-03-02 10:00;Полностью доволен\n102;2026-03-03 10:00;Скорее недоволен\n"
        "103;2026-03-04 10:00;Затрудняюсь ответить\n104;2026-03-05 10:00;Скорее довольна\n"
        "105;2026-03-06 10:00;Ни доволен ни недоволен\n106;2026-03-06 11:00;Совершенно недоволен\n"
    )
    found = loaded(text).surveys
    assert found["score"].to_list() == [5.0, 2.0, None, 4.0, 3.0, 1.0]
    assert set(found["scale"].drop_nulls()) == {"1-5"}


def test_a_form_told_by_a_message_is_named_by_its_titles() -> None:
    asked = {"id": "f1", "title": "How satisfied are you (1-5)?", "type": "rating", "ref": "q"}
    sent = [
        {
            "event_type": "form_response",
            "form_response": {
                "form_id": "F",
                "token": str(at),
                "landed_at": "2026-03-02T09:00:00Z",
                "submitted_at": "2026-03-02T09:01:00Z",
                "hidden": {"ticket_id": str(70 + at)},
                "definition": {"fields": [asked]},
                "answers": [{"type": "number", "number": at, "field": {"id": "f1", "type": "rating"}}],
            },
        }
        for at in (2, 5)
    ]
    found = loaded(json.dumps(sent)).surveys
    assert found.select("ticket_id", "score", "scale").rows() == [("72", 2.0, "1-5"), ("75", 5.0, "1-5")]


@pytest.mark.parametrize(
    "damaged",
    [
        "text",
        {},
        {"type": "number", "number": 4},
        {"field": "f2", "type": "number", "number": 4},
        {"field": {"id": "f2"}, "type": "number"},
        {"field": {"id": "f2"}, "type": ["number"], "number": 4},
    ],
    ids=str,
)
def test_an_answer_that_is_none_leaves_the_others_and_is_kept(damaged: object) -> None:
    whole = {"field": {"id": ["f1"], "ref": "satisfied", "type": "rating"}, "type": "number", "number": 5}
    rows = [{"token": f"t{at}", "answers": [whole]} for at in range(3)]
    rows.append({"token": "t9", "answers": [whole, damaged]})
    (table,) = read("-", Reading(), json.dumps({"items": rows}).encode())
    found = table.frame.collect()
    assert found["satisfied"].cast(float).to_list() == [5, 5, 5, 5]
    assert found["answers"].null_count() == 3

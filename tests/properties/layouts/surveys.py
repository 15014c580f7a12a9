"""Survey tools: the answers to "would you recommend us" as Delighted, Wootric, Typeform, SurveyMonkey and Qualtrics."""

from __future__ import annotations

import json
from collections.abc import Sequence

from layouts.layout import Layout
from layouts.writing import SYNCED, Files, csv_of, iso, json_of, rated_at, wall, zulu
from supportkpi.demo.model import Desk, Score

_ASK = "How likely are you to recommend us to a friend or a colleague?"
_NPS = frozenset({"nps"})


def _comma(rows: Sequence[Sequence[object]]) -> bytes:
    """Rows as they are, headers among them: a table whose header has several lines."""
    return csv_of([{str(place): cell for place, cell in enumerate(row)} for row in rows]).partition(b"\n")[2]


def _group(score: int) -> str:
    return "Promoter" if score >= 9 else "Passive" if score >= 7 else "Detractor"


def delighted(desk: Desk) -> Files:
    """Responses of two surveys: recommendation, and satisfaction with a ticket."""
    asked: list[tuple[int, int, str, int, dict[str, str]]] = [
        (one.at, one.by.number, "nps", one.score, {}) for one in desk.scores
    ]
    for ticket in desk.tickets:
        at, stars = rated_at(ticket), {"good": 5, "bad": 1}.get(ticket.rating or "")
        if at is not None and stars is not None:
            asked.append((at, ticket.requester.number, "csat", stars, {"ticket_id": str(ticket.number)}))
    found = [
        {
            "id": str(5_000 + place),
            "person": str(who),
            "survey_type": sort,
            "score": score,
            "comment": None,
            "permalink": f"https://app.delighted.com/r/{5_000 + place}",
            "created_at": at * 60,
            "updated_at": at * 60,
            "person_properties": {**properties, "Delighted Source": "Web"},
            "notes": [],
            "tags": [],
            "additional_answers": [],
        }
        for place, (at, who, sort, score, properties) in enumerate(asked)
    ]
    return {"survey_responses.json": json_of(found)}


def wootric(desk: Desk) -> Files:
    """Responses, one of them a test that is not to be counted."""
    found = [_response(place, one, excluded=False) for place, one in enumerate(desk.scores)]
    test = _response(len(found), desk.scores[0], excluded=True)
    return {"responses.json": json_of([*found, {**test, "end_user": {"id": 1, "email": "test@example.com"}}])}


def _response(place: int, one: Score, *, excluded: bool) -> dict[str, object]:
    return {
        "id": 70_000 + place,
        "score": one.score,
        "text": "",
        "completed": True,
        "excluded_from_calculations": excluded,
        "created_at": one.at * 60,
        "updated_at": one.at * 60,
        "end_user": {"id": one.by.number, "email": one.by.email},
    }


def typeform(desk: Desk) -> Files:
    """Results as CSV: the questions with their markup, a hidden field, the newest first."""
    table = [
        {
            "#": f"{place:x}qz8h7",
            "How likely are you to <strong>recommend</strong> us to a friend?": one.score,
            "Why do you say that?": "",
            "email": one.by.email,
            "Response Type": "completed",
            "Start Date (UTC)": iso(one.at - 2),
            "Stage Date (UTC)": "",
            "Submit Date (UTC)": iso(one.at),
            "Network ID": f"5f1d{place:06x}",
            "Tags": "",
        }
        for place, one in reversed(list(enumerate(desk.scores, 4_096)))
    ]
    return {"responses.csv": csv_of(table)}


def typeform_json(desk: Desk) -> Files:
    """A page of responses as the interface gives them: an answer a field, the newest first, left ones without any."""
    items = [
        {
            "landing_id": f"{place:x}qz8h7",
            "token": f"{place:x}qz8h7",
            "response_id": f"{place:x}qz8h7",
            "landed_at": zulu(one.at - 2),
            "submitted_at": zulu(one.at),
            "metadata": {"user_agent": "Mozilla/5.0", "platform": "other", "network_id": f"5f1d{place:06x}"},
            "hidden": {"email": one.by.email},
            "calculated": {"score": 0},
            "answers": [
                {"field": {"id": "f1", "ref": "would_recommend", "type": "nps"}, "type": "number", "number": one.score},
                {"field": {"id": "f2", "ref": "why", "type": "long_text"}, "type": "text", "text": "It works, mostly."},
            ],
        }
        for place, one in reversed(list(enumerate(desk.scores, 4_096)))
    ]
    return {"responses.json": json_of({"total_items": len(items), "page_count": 1, "items": items})}


def surveymonkey(desk: Desk) -> Files:
    """All individual responses: two lines of header, twelve hours on the clock of the account."""
    look = "%m/%d/%Y %I:%M:%S %p"
    head = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name"]
    head += ["Last Name", "Custom Data 1", _ASK, "Which channels do you use?", "", "Anything else, please?"]
    below = [""] * 9 + ["Response", "Email", "Chat", "Open-Ended Response"]
    answers = [
        [
            *(114_000 + place, 401, wall(desk, one.at - 3, look), wall(desk, one.at, look), "192.0.2.1"),
            *(one.by.email, "", "", "", one.score, "Email", "", ""),
        ]
        for place, one in enumerate(desk.scores)
    ]
    return {"survey.csv": b"\xef\xbb\xbf" + _comma([head, below, *answers])}


_QUALTRICS = (
    "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,"
    "RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,"
    "DistributionChannel,UserLanguage,Q1_NPS_GROUP,Q1,Q2"
)


def qualtrics(desk: Desk) -> Files:
    """Responses with three lines of header: ids, questions, and where each comes from, with the zone of the dates."""
    names = _QUALTRICS.split(",")
    asked = [*names[:-3], f"{_ASK} - Group", f"{_ASK}\nPlease choose.", "What could we do better?"]
    zone = {"timeZone": desk.words.zone}
    dates = ("StartDate", "EndDate", "RecordedDate")
    kinds = [{"ImportId": name[0].lower() + name[1:], **(zone if name in dates else {})} for name in names]
    answers = [_qualtrics(desk, place, one, "IP Address") for place, one in enumerate(desk.scores)]
    answers.append(_qualtrics(desk, len(answers), desk.scores[0], "Survey Preview"))
    return {"survey.csv": _comma([names, asked, [json.dumps(kind) for kind in kinds], *answers])}


def _qualtrics(desk: Desk, place: int, one: Score, status: str) -> list[object]:
    start, end = wall(desk, one.at - 2), wall(desk, one.at)
    return [
        *(start, end, status, "192.0.2.1", 100, 120, "True", end, f"R_{place:08}", "", "", one.by.email),
        *("", "52.5", "13.4", "email", desk.words.lang.upper(), _group(one.score), one.score, ""),
    ]


def qualtrics_tables(desk: Desk) -> Files:
    """Responses, answers and questions in a warehouse."""
    responses = [
        {
            "id": f"R_{place:08}",
            **SYNCED,
            "distribution_channel": "email",
            "duration_in_seconds": 120,
            "end_date": iso(one.at),
            "finished": 1,
            "recipient_email": one.by.email,
            "recorded_date": iso(one.at),
            "start_date": iso(one.at - 2),
            "status": "0",
            "survey_id": "SV_1",
            "user_language": desk.words.lang.upper(),
        }
        for place, one in enumerate(desk.scores)
    ]
    answers = [
        {
            "_fivetran_id": f"{place}-{question}",
            **SYNCED,
            "question_id": question,
            "response_id": f"R_{place:08}",
            "sub_question_key": "",
            "text": "",
            "value": value,
        }
        for place, one in enumerate(desk.scores)
        for question, value in (("QID1", one.score), ("QID2", 1))
    ]
    questions = [
        {
            "id": number,
            "survey_id": "SV_1",
            **SYNCED,
            "question_text": text,
            "question_type": "MC",
            "selector": selector,
            "sub_selector": "TX",
        }
        for number, text, selector in (("QID1", _ASK, "NPS"), ("QID2", "May we write to you?", "SAVR"))
    ]
    tables = {"survey_response": responses, "question_response": answers, "question": questions}
    return {f"{name}.csv": csv_of(table) for name, table in tables.items()}


LAYOUTS = (
    Layout(
        write=delighted,
        helpdesk="delighted",
        shows=frozenset({"nps", "csat"}),
        beyond=frozenset({"csat_mean"}),
        dates_ratings=True,
    ),
    Layout(write=wootric, helpdesk="wootric", shows=_NPS),
    Layout(write=typeform, helpdesk="typeform", shows=_NPS),
    Layout(write=typeform_json, helpdesk="typeform_json", shows=_NPS),
    Layout(write=surveymonkey, helpdesk="surveymonkey", shows=_NPS, is_local=True),
    Layout(write=qualtrics, helpdesk="qualtrics", shows=_NPS),
    Layout(write=qualtrics_tables, helpdesk="qualtrics_tables", shows=_NPS),
)

"""Simplesat: answers to its surveys, alone and beside the tickets that they are about."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, Layout
from layouts.writing import Files, json_of, rated_at, zulu
from layouts.zoho import zoho_csv
from supportkpi.demo.model import Desk, Person

_FACES = {"good": ("1", "Great", "positive"), "bad": ("0", "Not good", "negative")}


def _answers(desk: Desk) -> Iterator[dict[str, object]]:
    """Faces for tickets, and how likely customers are to recommend the shop."""
    for ticket in desk.tickets:
        at, face = rated_at(ticket), _FACES.get(ticket.rating or "")
        if at is not None and face is not None:
            asked = {"id": 5, "name": "After each ticket", "metric": "CSAT"}
            about = {"id": 900_000 + ticket.number, "external_id": str(ticket.number), "subject": "…"}
            yield _answer(face, at, ticket.requester) | {"survey": asked, "ticket": about}
    for score in desk.scores:
        mood = "positive" if score.score > 8 else "neutral" if score.score > 6 else "negative"
        asked = {"id": 6, "name": "Twice a year", "metric": "NPS"}
        face = (str(score.score), str(score.score), mood)
        yield _answer(face, score.at, score.by) | {"survey": asked, "ticket": None}


def _answer(face: tuple[str, str, str], at: int, by: Person) -> dict[str, object]:
    choice, label, mood = face
    return {
        "id": at,
        "choice": choice,
        "choice_label": label,
        "follow_up_answer": "…",
        "sentiment": mood,
        "published_as_testimonial": False,
        "response_id": 70_000 + at,
        "question": {"id": 3, "text": "How did we do?", "rating_scale": True},
        "customer": {"id": by.number, "name": by.name, "email": by.email},
        "created": zulu(at),
        "modified": zulu(at),
    }


def _listed(found: list[dict[str, object]]) -> Files:
    return {"answers.json": json_of({"count": len(found), "next": None, "previous": None, "answers": found})}


def simplesat(desk: Desk) -> Files:
    """The answers of two surveys."""
    return _listed([*_answers(desk)])


def simplesat_beside(desk: Desk) -> Files:
    """Those about tickets beside the view of a helpdesk that has no ratings of its own."""
    return {**zoho_csv(desk), **_listed([one for one in _answers(desk) if one["ticket"]])}


LAYOUTS = (
    Layout(write=simplesat, helpdesk="simplesat", shows=frozenset({"nps", "csat"}), dates_ratings=True),
    Layout(
        write=simplesat_beside,
        helpdesk="zoho_desk",
        beside=frozenset({"simplesat"}),
        silent=FLAT - NO_RATINGS | NO_REPLIES,
        lacks=frozenset({"offer"}),
        is_local=True,
        dates_ratings=True,
    ),
)

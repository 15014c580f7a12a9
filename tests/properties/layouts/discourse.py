"""Discourse: topics with their posts, as the page of a topic gives them."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import NO_LINES, NO_RATINGS, Layout
from layouts.writing import DONE, Files, json_of, person_id, rows, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_MACHINES = {"system": (-1, "system"), "bot": (-2, "discobot")}
_REGULAR, _SMALL, _WHISPER = 1, 3, 4


def _user(person: Person) -> tuple[object, str]:
    return _MACHINES.get(person.role) or (person_id(person), f"{person.role}{person.number}")


def _posts(ticket: Ticket) -> Iterator[dict[str, object]]:
    place = 0
    for event in ticket.events:
        sort, action = _sort(event)
        if sort:
            place += 1
            yield _post(ticket, event, place) | {"post_type": sort, "action_code": action}


def _sort(event: Event) -> tuple[int, str | None]:
    """The sort of the post that an event is, and of a small action its code; 0 for no post."""
    if event.kind == "message":
        return (_REGULAR if event.public else _WHISPER), None
    was, now = event.old in DONE, event.value in DONE
    if event.kind != "status" or was == now:
        return 0, None
    auto = "auto" if event.by.role == "system" else ""
    return _SMALL, f"{auto}closed.{'enabled' if now else 'disabled'}"


def _post(ticket: Ticket, event: Event, place: int) -> dict[str, object]:
    number, name = _user(event.by)
    is_staff = event.by.role != "customer"
    return {
        "id": ticket.number * 100 + place,
        "name": "…",
        "username": name,
        "avatar_template": "",
        "created_at": zulu(event.at),
        "cooked": "…",
        "post_number": place,
        "updated_at": zulu(event.at),
        "reply_count": 0,
        "reply_to_post_number": None,
        "topic_id": ticket.number,
        "topic_slug": "topic",
        "user_id": number,
        "moderator": event.by.role == "agent",
        "admin": number == -1,
        "staff": is_staff,
        "primary_group_name": None,
        "hidden": False,
        "trust_level": 1,
        "deleted_at": None,
        "accepted_answer": False,
    }


def _topic(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    number, name = _user(ticket.requester)
    posts = [*_posts(ticket)]
    said = [one for one in posts if one["post_type"] == _REGULAR]
    return {
        "post_stream": {"posts": posts, "stream": [one["id"] for one in posts]},
        "id": ticket.number,
        "title": "…",
        "fancy_title": "…",
        "posts_count": len(said),
        "created_at": zulu(ticket.created),
        "views": 3,
        "reply_count": 0,
        "like_count": 0,
        "last_posted_at": said[-1]["created_at"],
        "visible": True,
        "closed": row.status in DONE,
        "archived": False,
        "archetype": "regular",
        "slug": "topic",
        "category_id": list(desk.words.categories).index(ticket.category) + 4,
        "word_count": 20,
        "deleted_at": None,
        "user_id": number,
        "tags": list(ticket.tags),
        "highest_post_number": len(posts),
        "deleted_by": None,
        "accepted_answer": None,
        "details": {"created_by": {"id": number, "username": name}, "participants": [], "can_edit": False},
    }


def discourse_json(desk: Desk) -> Files:
    """The pages of topics, one after the other."""
    return {"topics.json": json_of([_topic(desk, ticket, row) for ticket, row in rows(desk)])}


LAYOUTS = (
    Layout(
        write=discourse_json,
        helpdesk="discourse_json",
        silent=NO_RATINGS | NO_LINES | {"transfer_rate"},
        states={"new": "open", "pending": "open", "hold": "open", "solved": "closed"},
        lacks=frozenset({"channel"}),
        otherwise={"reaction_time": "nobody takes a topic, somebody closes it"},
        has_priority=False,
    ),
)

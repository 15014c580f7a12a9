"""What Zendesk keeps about tickets beside their history: ratings, metrics, custom fields and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.loaders.generic._headers import ENTITY, synonyms
from supportkpi.loaders.nested._beside import labels, of_tickets
from supportkpi.loaders.nested._history import AGENT, ASSIGNEE, MESSAGE, STATUS, History, Rating, Records
from supportkpi.loaders.nested._values import Record, ident, inner, number, objects, word
from supportkpi.schema import SOMEBODY, Status

_SCORES: Mapping[str, float] = {"good": 1.0, "bad": 0.0}
_OFFERED = "offered"
_MINUTES = {
    "first_resolution": "first_resolution_time_in_minutes",
    "resolution": "full_resolution_time_in_minutes",
    "requester_wait": "requester_wait_time_in_minutes",
    "agent_wait": "agent_wait_time_in_minutes",
}
_TITLED = ("category", "region", "tier", "language")


def rating_of(place: int, at: object, score: object, who: str | None) -> Rating | None:
    """An answer, or an offer without one; None where nobody was asked."""
    text = score.casefold().replace(" ", "_") if isinstance(score, str) else ""
    answer = text.removeprefix("received_").partition("_with_")[0]
    if answer in _SCORES:
        return place, at, "csat", _SCORES[answer], answer, "binary", who
    return (place, at, "csat", None, _OFFERED, "binary", who) if answer == _OFFERED else None


def ratings(records: Records, rated_at: Mapping[int, object], history: History) -> bool:
    """Add the rating of each ticket, and say whether the export tells of ratings at all."""
    apart = of_tickets(records, "satisfaction_ratings")
    agents = history.values["assignee_id"]
    seen = False
    for place, ticket in enumerate(records.rows):
        given, others = ticket.get("satisfaction_rating"), apart[place]
        own = inner(given)
        score = given if isinstance(given, str) else own.get("score")
        at = own.get("created_at") or own.get("updated_at") or rated_at.get(place)
        if score is None and others:
            newest = max(others, key=lambda one: str(one.get("updated_at") or one.get("created_at") or ""))
            score, at = newest.get("score"), newest.get("updated_at") or newest.get("created_at")
        seen = seen or isinstance(score, str)
        rating = rating_of(place, at, score, ident(agents[place]))
        if rating is not None:
            history.ratings.append(rating)
    return seen


def without_rating(ticket: Record, ratings: list[Record]) -> Record:
    """The ticket without the rating that the file of ratings has too, with its instant."""
    given = ticket.get("satisfaction_rating")
    own = rating_of(0, None, inner(given).get("score") if isinstance(given, dict) else given, None)
    answers = {told[3] for one in ratings if (told := rating_of(0, None, one.get("score"), None)) is not None}
    return {**ticket, "satisfaction_rating": None} if own is not None and own[3] in answers else ticket


def edges(place: int, ticket: Record, metric: Record, history: History, *, replied: bool) -> None:
    """The events that metrics tell of where the history itself is not there; nothing follows a closing."""
    for key in ("initially_assigned_at", "assigned_at"):
        if metric.get(key) is not None:
            history.events.append((place, metric[key], ASSIGNEE, None, None, None, SOMEBODY))
    if metric.get("solved_at") is not None:
        history.events.append((place, metric["solved_at"], STATUS, None, None, None, Status.solved.value))
    if ticket.get("status") == Status.closed.value and metric.get("status_updated_at") is not None:
        history.events.append((place, metric["status_updated_at"], STATUS, None, None, None, Status.closed.value))
    minutes = number(inner(metric.get("reply_time_in_minutes")).get("calendar"))
    if replied and minutes is not None and minutes >= 0 and number(metric.get("replies")) != 0:
        history.moved.append((place, minutes * 60, MESSAGE, AGENT, True, None))


def givens(metrics: Sequence[Record], history: History) -> None:
    """The minutes and counts that Zendesk worked out itself."""
    if not any(metrics):
        return
    for name, key in _MINUTES.items():
        for clock, suffix in (("calendar", ""), ("business", "_business")):
            minutes = [number(inner(metric.get(key)).get(clock)) for metric in metrics]
            history.values[f"given_{name}{suffix}_s"] = [None if one is None else one * 60 for one in minutes]
    business = [number(inner(metric.get("reply_time_in_minutes")).get("business")) for metric in metrics]
    history.values["given_first_response_business_s"] = [None if one is None else one * 60 for one in business]
    for name in ("reopens", "replies"):
        history.values[f"given_{name}"] = [metric.get(name) for metric in metrics]


def custom_fields(records: Records, history: History) -> None:
    """Custom fields by their titles, else as custom_fields.ID; one that is called a category stands for it."""
    titles = labels(objects(records.beside.get("ticket_fields")), "title", "raw_title")
    columns: dict[str, list[object]] = {}
    count = len(records.rows)
    for place, ticket in enumerate(records.rows):
        for one in objects(ticket.get("custom_fields")):
            if one.get("value") is None:
                continue
            key, value = ident(one.get("id")), word(one["value"])
            if key is not None and value is not None:
                name = titles.get(key, f"custom_fields.{key}")
                columns.setdefault(name, [None] * count)[place] = value
    for name, values in columns.items():
        field = _field(name)
        if field is not None and field not in history.values:
            history.values[field] = values
        else:
            history.kept[name] = values


def _field(title: str) -> str | None:
    matches = synonyms().matches(title)
    return next((name for name in _TITLED if matches.get(name, 0.0) >= ENTITY - 1), None)

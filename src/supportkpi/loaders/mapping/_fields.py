"""What a column of a file can stand for: the closed list of fields of mappings and of ``--map FIELD=COLUMN``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from supportkpi.schema import GIVEN, GIVEN_SPANS, SOMEBODY, Actor, Extent, Kind, Stamp, Status


class Sort(StrEnum):
    """What the values of a field are, and so how they are read and checked."""

    word = "word"
    instant = "instant"
    span = "span"
    amount = "amount"
    flag = "flag"
    score = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a column can stand for; ``stamp`` says which event an instant tells of, None: of none."""

    name: str
    sort: Sort
    title: str
    stamp: Stamp | None = None


def _stamp(column: str, kind: Kind, extent: Extent, **rest: object) -> Stamp:
    actor, value = rest.get("actor"), rest.get("value")
    return Stamp(
        column=column,
        kind=kind,
        extent=extent,
        actor=actor if isinstance(actor, Actor) else None,
        value=value.value if isinstance(value, Status) else SOMEBODY if kind is Kind.assignee else None,
        public=True if kind is Kind.message else None,
    )


_STAMPS = (
    ("the creation", _stamp("created_at", Kind.created, Extent.EVERY)),
    ("the first reply", _stamp("first_reply_at", Kind.message, Extent.FIRST, actor=Actor.agent)),
    ("the first reply of a bot", _stamp("bot_reply_at", Kind.message, Extent.FIRST, actor=Actor.bot)),
    ("the first solution", _stamp("first_solved_at", Kind.status, Extent.FIRST, value=Status.solved)),
    ("the last solution", _stamp("solved_at", Kind.status, Extent.LAST, value=Status.solved)),
    ("the closing", _stamp("closed_at", Kind.status, Extent.LAST, value=Status.closed)),
    ("the last reopening", _stamp("reopened_at", Kind.status, Extent.LAST, value=Status.open)),
    ("the first assignment", _stamp("first_assigned_at", Kind.assignee, Extent.FIRST)),
    ("the last assignment", _stamp("assigned_at", Kind.assignee, Extent.LAST)),
)
_INSTANTS = {
    "at": "the event, in a log with one row an event",
    "updated_at": "the last change of the ticket",
    "rated_at": "the rating",
    "offered_at": "the question for a rating",
    "first_response_due_at": "the deadline of the first reply",
    "resolution_due_at": "the deadline of the solution",
    "restored_at": "the restoring of the service",
    "due_at": "the deadline of a target",
    "met_at": "the end of a target",
}
_WORDS = {
    "ticket_id": "the ticket's id",
    "requester_id": "who asked",
    "requester_name": "the requester, as the column of the submitter writes people",
    "submitter": "who wrote the ticket down: an agent, unless it is the requester",
    "opener": "whether a customer, an agent, a bot or the system opened the ticket",
    "organization_id": "the requester's company",
    "assignee_id": "the agent in charge",
    "group": "the group in charge",
    "status": "the status",
    "priority": "the priority",
    "channel": "the channel",
    "category": "the category",
    "region": "the region",
    "tier": "the customer's tier",
    "language": "the language",
    "tags": "tags",
    "external_cause": "an external cause",
    "merged_into": "the ticket that this one was merged into",
    "currency": "the currency of the cost",
    "period": "the month, week or day of a figure of your own",
    "period_start": "the first day of a figure of your own",
    "period_end": "the last day of a figure of your own",
    "series_name": "the name of a figure of your own",
    "value": "a figure of your own",
    "unit": "the unit of a figure of your own",
}
_EVENTS = {
    "activity": "what happened, in a log with one row an event",
    "actor": "who did it, in a log",
    "role": "whether that was a customer, an agent or a bot",
    "public": "whether the customer sees it",
    "field": "the field that was changed",
    "old": "its old value",
    "new": "its new value",
    "raw": "the helpdesk's own word for the new value",
    "level": "the support level (line) that has the ticket",
}
_TARGETS = {
    "target": "what a target is about, in a table with one row a target: the first response or the resolution",
    "stage": "how far a target is, or what happened to it",
    "cycle": "which of several targets of the same sort it is, as a number that rises",
}
TARGET_ONLY = (*_TARGETS, "due_at", "met_at", "breached")
"""Fields that only tables with one row a target have."""
LOG_ONLY = ("at", *_EVENTS)
"""Fields that only logs have: one row an event, an update or a message."""
_ALIASES = {"author": "actor"}
_FLAGS = {
    "escalated": "whether it was escalated",
    "eligible": "whether it takes part",
    "spam": "whether it is spam",
    "deleted": "whether it was deleted",
    "merged": "whether it was merged",
    "test": "whether it is a test",
    "breached": "whether a target was missed",
    "given_sla_first_response_met": "whether the first reply was in time, as the helpdesk says",
    "given_sla_resolution_met": "whether the solution was in time, as the helpdesk says",
}
_COUNTS = {
    "given_reopens": "how often it was reopened",
    "given_replies": "how many replies it had",
    "cost": "the cost",
}
_SCORES = {"csat": "satisfaction (CSAT)", "nps": "recommendation (NPS)", "ces": "effort (CES)"}
_SPAN_TITLES = {
    "first_response": "time to the first reply",
    "first_resolution": "time to the first solution",
    "resolution": "time to the last solution",
    "requester_wait": "time that the requester waited",
    "agent_wait": "time that agents waited",
    "handle": "time of work",
}


_PROMISES = {
    "promised_first_response_s": "the time promised for the first reply",
    "promised_resolution_s": "the time promised for the solution",
}


def _fields() -> dict[str, Field]:
    made = [Field(name=stamp.column, sort=Sort.instant, title=title, stamp=stamp) for title, stamp in _STAMPS]
    plain = (
        (Sort.instant, _INSTANTS),
        (Sort.word, _WORDS),
        (Sort.word, _EVENTS),
        (Sort.word, _TARGETS),
        (Sort.flag, _FLAGS),
        (Sort.amount, _COUNTS),
        (Sort.score, _SCORES),
    )
    made += [Field(name=name, sort=sort, title=title) for sort, group in plain for name, title in group.items()]
    for name in GIVEN:
        span = name.removeprefix("given_").removesuffix("_s").removesuffix("_business")
        if name.endswith("_s"):
            clock = " in business hours" if "_business" in name else ""
            made.append(Field(name=name, sort=Sort.span, title=_SPAN_TITLES[span] + clock + ", as given"))
    made += [Field(name=name, sort=Sort.span, title=title) for name, title in _PROMISES.items()]
    return {field.name: field for field in made}


FIELDS: Mapping[str, Field] = _fields()
"""Every field by its name; ``given_`` may be left out where a user writes it."""

STAMPED = tuple(name for name, field in FIELDS.items() if field.stamp)
"""Instants that tell of an event, in the order of a ticket's life."""

SPAN_STAMPS: Mapping[str, str] = {
    "given_first_response_s": "first_reply_at",
    "given_first_resolution_s": "first_solved_at",
    "given_resolution_s": "solved_at",
}
"""Given calendar spans from the creation on, and the instant that each makes when the file has none (engine.md 1)."""

PROMISED: Mapping[str, str] = {
    "promised_first_response_s": "first_response_due_at",
    "promised_resolution_s": "resolution_due_at",
}
"""Promised times from the creation on, and the deadline that each makes when the file has none."""

SURVEY_FIELDS = (*_SCORES, "rated_at", "offered_at")


def field_named(name: str) -> Field | None:
    """The field of that name, with or without ``given_``, a business span also as ``resolution_business_s``."""
    return FIELDS.get(_ALIASES.get(name, name)) or FIELDS.get(f"given_{name}")


def span_field(name: str, clock: str) -> str:
    """The field of a given span on a clock: ("resolution_s", "business") is given_resolution_business_s."""
    base = name.removeprefix("given_").removesuffix("_s").removesuffix("_business")
    business = "_business" if clock == "business" and base in GIVEN_SPANS else ""
    return f"given_{base}{business}_s"

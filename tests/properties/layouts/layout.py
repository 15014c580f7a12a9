"""What a layout is, and what the usual kinds of it cannot show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from layouts.writing import Files
from supportkpi.demo.model import Desk

NO_RATINGS = frozenset({"csat", "csat_response_rate", "solved_with_high_csat"})
NO_LINES = frozenset({"escalation_rate", "escalation_time"})
NO_TAGS = frozenset({"tag_share"})
NO_REPLIES = frozenset({"first_response_time", "one_touch", "replies_per_ticket"})
BY_MESSAGES = frozenset(
    {"next_response_time", "bot_resolution_rate", "requester_wait_time", "first_contact_resolution"}
)
BY_HISTORY = frozenset(
    {
        *("net_resolution_time", "agent_work_time", "agent_wait_time", "hold_time", "case_duration", "transfer_rate"),
        *("reaction_time", "first_resolution_time"),
    }
)
FLAT = NO_RATINGS | NO_LINES | NO_TAGS | BY_MESSAGES | BY_HISTORY | {"reopen_rate"}
"""What one row a ticket with its first reply and last solution cannot show."""
ONLY_MESSAGES = FLAT - {"case_duration", "next_response_time"} | {
    *("one_touch", "replies_per_ticket", "repeat_contact_rate"),
    *("backlog", "backlog_age", "closure_ratio", "resolution_time", "tickets_solved", "requesters_solved"),
}
"""What messages without their tickets cannot show."""
OF_MESSAGES: Mapping[str, str] = {
    "case_duration": "it ends with the last message",
    "first_response_time": "of what nobody answered it is not seen that it was solved",
    "next_response_time": "of what nobody answered it is not seen that it was solved",
}
NO_CHANNEL: Mapping[str, str] = {
    "first_contact_resolution": "of a chat without a channel nobody knows that it is one: each reply is a contact"
}
UNASKED: Mapping[str, str] = dict.fromkeys(
    ("csat.worst_case", "csat.best_case", "csat_response_rate"), "whom the survey was sent to is not told"
)
NO_UPDATES: Mapping[str, str] = dict.fromkeys(
    ("backlog_age", "resolution_time.rmst", "resolution_time.km_median"),
    "nothing says when a ticket was last changed: the file ends with the last answer or solution in it",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of export: how a desk is written as one, what it cannot show, and what it shows otherwise, and why."""

    write: Callable[[Desk], Files]
    helpdesk: str
    """The id under which its tickets are recognised."""
    beside: frozenset[str] = frozenset()
    """The ids of the files that lie beside them: ratings, messages, answers."""
    silent: frozenset[str] = frozenset()
    """KPIs that must be not observed in it."""
    otherwise: Mapping[str, str] = field(default_factory=dict)
    """KPIs, or statistics of one (csat.best_case), that it shows otherwise than the frames: the reason of each."""
    fates: frozenset[str] = frozenset()
    """What else it tells of a ticket: that it was spam, merged into another, or opened by an agent."""
    states: Mapping[str, str] = field(default_factory=dict)
    """States that it has no name of their own for, and under which it tells them: the desk is one that has no more."""
    lacks: frozenset[str] = frozenset()
    """What no ticket has in it: a category, a channel; that a customer was asked for a rating (offer)."""
    has_priority: bool = True
    is_local: bool = False
    """Whether its dates are those of the helpdesk's clock and do not say so: who reads it tells the zone."""
    is_asked: bool = False
    """Whether its user has to name the helpdesk, since nothing in it is confirmed."""
    dates_ratings: bool = False
    """Whether a rating has its own day (``writing.rated_at``)."""
    beyond: frozenset[str] = frozenset()
    """KPIs that it shows and the frames do not: the mean of stars, time at work."""
    csat_scale: str | None = None
    """The scale of its ratings, where the file does not tell it."""
    satisfied_from: float | None = None
    """On a scale that asks it: the lowest score of a satisfied customer."""
    shows: frozenset[str] = frozenset()
    """Of answers without tickets: the KPIs that they show, and no others."""

    @property
    def name(self) -> str:
        """What the layout is called in the results of tests."""
        return self.write.__name__

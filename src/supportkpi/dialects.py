"""Dialects: how helpdesks count what they print in their own exports, where that differs from the method.

What each counts is a fact about its product (its documentation or code); which of our options give the same number
stands beside it. A dialect is no other truth: it is how a number that somebody already has can be traced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from supportkpi.decisions import FirstResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one helpdesk counts.

    ``helpdesks`` are the beginnings of the ids of its exports. ``says`` holds a sentence a figure, ``first`` the rules
    that are tried before all others where its figure differs from ours. ``first_response`` are our options for its
    first response time.
    """

    id: str
    title: str
    helpdesks: tuple[str, ...]
    says: Mapping[str, str]
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_response: FirstResponse = field(default_factory=FirstResponse)


DIALECTS: Mapping[str, Dialect] = {
    one.id: one
    for one in (
        Dialect(
            id="zendesk",
            title="Zendesk",
            helpdesks=("zendesk",),
            says={
                "first_response": "from creation to the first public comment of an agent; of a ticket that an agent "
                "opened in public, to the second one; whole minutes",
                "resolution": "from creation to the latest solution, the time between a solution and a "
                "reopening included",
                "first_resolution": "from creation to the first solution; in business hours by the schedule that the "
                "ticket had then, for the whole span",
                "requester_wait": "time in the statuses new, open and on-hold",
                "agent_wait": "time in the status pending",
            },
            first={"first_response": ("agent_opened", "other_hours"), "resolution": ("other_hours",)},
            first_response=FirstResponse(outbound="zendesk"),
        ),
        Dialect(
            id="intercom",
            title="Intercom",
            helpdesks=("intercom",),
            says={
                "first_response": "from the first message of the customer to the first visible one of a teammate, time "
                "out of office subtracted; seconds",
                "first_resolution": "from the first message of the customer to the first closing",
                "resolution": "from the first message of the customer to the last closing",
            },
            first={
                "first_response": ("first_customer_message", "business_hours"),
                "resolution": ("from_first_message", "business_hours"),
                "first_resolution": ("from_first_message", "business_hours"),
            },
            first_response=FirstResponse(anchor="first_customer_message", outbound="anchor_customer"),
        ),
        Dialect(
            id="freshdesk",
            title="Freshdesk",
            helpdesks=("freshdesk", "freshservice"),
            says={
                "first_response": "from creation to the first reply or public note, in business hours",
                "resolution": "from creation to the resolution, in business hours, without statuses whose timer is off",
            },
            first={"resolution": ("without_waiting", "without_gap")},
        ),
        Dialect(
            id="chatwoot",
            title="Chatwoot",
            helpdesks=("chatwoot",),
            says={
                "first_response": "from the latest handing over from a bot, or reopening, else creation, to the first "
                "reply of a human",
                "resolution": "from creation, at each solution anew; the time in which a bot talked included",
            },
            first={"first_response": ("handoff", "reopened_after_bot"), "resolution": ("first_solution",)},
            first_response=FirstResponse(anchor="handoff"),
        ),
        Dialect(
            id="zammad",
            title="Zammad",
            helpdesks=("zammad",),
            says={
                "first_response": "from creation to the first article of an agent that is no note; whole minutes "
                "of the SLA's calendar, states without escalation left out",
                "resolution": "from creation to the first closing, which no reopening moves; whole minutes of "
                "the SLA's calendar, states without escalation left out",
            },
            first={"resolution": ("first_solution", "without_waiting", "business_hours")},
        ),
        Dialect(
            id="frappe",
            title="Frappe Helpdesk",
            helpdesks=("frappe",),
            says={
                "first_response": "to the first communication, or to a change into a paused or solved status, "
                "which counts as a response; business seconds",
                "resolution": "without time in paused statuses and between a solution and a reopening; "
                "business seconds",
            },
            first={"first_response": ("status_change", "solution"), "resolution": ("without_waiting", "without_gap")},
        ),
    )
}
"""The dialects by id."""


def dialect_of(helpdesks: tuple[str, ...]) -> Dialect | None:
    """The dialect of exports with these ids; None where they have none, or not all the same."""
    found = {
        next((one.id for one in DIALECTS.values() if helpdesk.startswith(one.helpdesks)), None)
        for helpdesk in helpdesks
    }
    return DIALECTS[known] if len(found) == 1 and (known := next(iter(found))) is not None else None

"""Who is who in Zendesk: by the users of the envelope, else by what people do in the tickets."""

from __future__ import annotations

from supportkpi.loaders.nested._beside import labels
from supportkpi.loaders.nested._history import AGENT, BOT, CUSTOMER, SYSTEM, Records
from supportkpi.loaders.nested._values import ident, objects

_MACHINES = frozenset(("rule", "trigger", "automation", "system", "sla", "linked_problem", "group_deletion"))
_RULES = frozenset(("trigger", "automation", "rule"))
_ROLES = {"end-user": CUSTOMER, "end_user": CUSTOMER, "agent": AGENT, "admin": AGENT, "bot": BOT, "system": SYSTEM}


def by_machine(via: object) -> str | None:
    """The actor of what no person did: a rule of the helpdesk, or its answering bot; None for people."""
    if type(via) is not dict:
        return None
    channel = via.get("channel")
    if isinstance(channel, str):
        if channel in _MACHINES:
            return SYSTEM
        if channel.startswith("answer_bot"):
            return BOT
    source = via.get("source")
    rel = source.get("rel") if type(source) is dict else None
    return SYSTEM if isinstance(rel, str) and rel in _RULES else None


class People:
    """The role of each author, and what agents are called."""

    def __init__(self, records: Records) -> None:
        users = objects(records.beside.get("users"))
        self._roles = {ident(user.get("id")): _ROLES.get(str(user.get("role"))) for user in users}
        self._names = labels([user for user in users if self._roles.get(ident(user.get("id"))) != CUSTOMER])
        self._said = records.responders
        self._full = {ident(user.get("id")): ident(user.get("name")) for user in users} if self._said else {}
        agents = {ident(ticket.get("assignee_id")) for ticket in records.rows}
        self._customers = {ident(ticket.get("requester_id")) for ticket in records.rows} - agents
        self._guessed = False

    def actor(self, who: str | None, requester: str | None) -> str | None:
        """The role of an author in a ticket of the requester; None where nobody is named."""
        if who is None:
            return None
        said = self._said.actor(who, self._full.get(who)) if self._said else None
        if said is not None or who == requester:
            return said or CUSTOMER
        if who == "-1":
            return SYSTEM
        if who.startswith("zd:"):
            return BOT
        role = self._roles.get(who)
        if role is None:
            self._guessed = True
            return CUSTOMER if who in self._customers else AGENT
        return role

    def name(self, who: str | None) -> str | None:
        """What an agent is called, the id where the envelope has no name."""
        return self._names.get(who, who)

    @property
    def assumptions(self) -> list[str]:
        """What had to be assumed of the people seen so far."""
        if not self._guessed:
            return []
        return [
            "roles of some authors are not in the file (sideload users): the requester of a ticket, and who asks "
            "in other tickets without being assigned any, are customers, all others agents"
        ]

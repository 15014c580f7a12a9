"""What Chatwoot's sentences about a conversation tell: states, who did it, to whom it was given.

Those in Russian, German and Spanish are put into English first (``sentences/chatwoot.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from supportkpi.loaders.nested._history import AGENT, ASSIGNEE, BOT, CUSTOMER, GROUP, PRIORITY, STATUS, SYSTEM
from supportkpi.loaders.nested._values import Record, at_path, inner, objects, word

UNSURE = "unsure"
"""An assignment of which nobody knows whether it was to a person or to a team."""
_STATES = (
    ("resolved", re.compile(r"\bmarked resolved\b|\bwas resolved by\b", re.IGNORECASE)),
    ("open", re.compile(r"\breopened\b|\bmarked (?:as )?open\b", re.IGNORECASE)),
    ("snoozed", re.compile(r"\bsnoozed\b", re.IGNORECASE)),
    ("pending", re.compile(r"\bmarked (?:as )?pending\b", re.IGNORECASE)),
)
_BY_SYSTEM = re.compile(r"^System reopened\b|\bby system(?:$| due to)|\bautomatically\b", re.IGNORECASE)
_BY_CUSTOMER = re.compile(r"\bwas resolved by\b", re.IGNORECASE)
_BY = re.compile(r"\bby (.+)$", re.IGNORECASE)
_REASON = re.compile(r" due to inactivity$| \(.*\)$|: .*$", re.DOTALL)
"""What the assistant adds to its name, and nobody else."""
_RULES = "Automation System"
_RANKED = re.compile(r"^(.+) (?:set the priority to|changed the priority from (\S+) to) (\S+)$")
_UNRANKED = re.compile(r"^(.+) removed the priority$")
_TOOK = re.compile(r"^(.+) self-assigned this conversation$")
_GIVEN = re.compile(r"^Assigned to (.+?)(?: via (.+))? by (.+?)$")
_TAKEN = re.compile(r"^(Conversation unassigned|Unassigned from .+) by (.+)$")
_OTHER = re.compile(
    r" (?:added|removed|set) | (?:has )?(?:un)?muted |\bnot sent due to\b|^Linear issue |call permission request"
    r"|^Transferring to another agent|^Resolving the conversation as it has been inactive",
    re.IGNORECASE,
)


_ENGLISH: Mapping[str, str] = {
    "resolved_by_system": "Conversation was marked resolved by system due to inactivity",
    "resolved_by_customer": "Conversation was resolved by {by}",
    "resolved": "Conversation was marked resolved by {by}",
    "opened_by_system": "System reopened the conversation",
    "open": "Conversation was reopened by {by}",
    "pending": "Conversation was marked as pending by {by}",
    "snoozed": "Conversation was snoozed by {by}",
    "unranked": "{by} removed the priority",
    "ranked": "{by} set the priority to {new}",
    "reranked": "{by} changed the priority from {old} to {new}",
    "took": "{by} self-assigned this conversation",
    "given": "Assigned to {to} by {by}",
    "given_away": "Assigned to {to} by {by}",
    "given_in_team": "Assigned to {to} via {team} by {by}",
    "unassigned": "Conversation unassigned by {by}",
    "left_team": "Unassigned from {team} by {by}",
    "nothing": "Somebody added a label",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one sentence tells: of a kind of state the new value, and the old where it says so; by whom."""

    kind: str
    value: str | None
    old: str | None = None
    role: str | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The names that an export knows: those of agents, robots and teams."""

    agents: frozenset[str]
    bots: frozenset[str]
    teams: frozenset[str]

    def role(self, name: str) -> tuple[str, str | None]:
        """Who has that name, and the name alone; an assistant's stands before its reason."""
        if name == _RULES:
            return SYSTEM, None
        if name in self.agents:
            return AGENT, name
        bare = _REASON.sub("", name)
        if name in self.bots or bare in self.bots or bare != name:
            return BOT, bare
        return AGENT, name


@cache
def _foreign() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What sentences tell that are not in English, and how they are worded."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files(__package__).joinpath("sentences", "chatwoot.yaml").read_text("utf-8")
    page: Mapping[str, Mapping[str, str]] = yaml.load(text, Loader=loader)  # noqa: S506
    return tuple(
        (told, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>.+?)", wording), re.DOTALL))
        for sentences in page.values()
        for told, wording in sentences.items()
    )


def in_english(text: str) -> str:
    """A sentence in English, as it is where it already is or where nobody knows what it says."""
    for told, pattern in _foreign():
        found = pattern.fullmatch(text)
        if found is not None:
            return _ENGLISH[told].format(**found.groupdict())
    return text


def cast_of(rows: Sequence[Record], messages: Iterable[Record]) -> Cast:
    """The names that the conversations and their messages tell; in sentences agents take, teams stand between."""
    agents, bots, between = set[str](), set[str](), set[str]()
    for one in messages:
        sender = inner(one.get("sender"))
        sort = str(one.get("sender_type") or sender.get("type")).casefold()
        name = word(sender.get("name"))
        if name is not None and sort != "contact":
            (agents if sort == "user" else bots).add(name)
        text = in_english(str(one.get("content"))) if sender == {} else ""
        if (took := _TOOK.match(text)) is not None:
            agents.add(took[1])
        if (given := _GIVEN.match(text)) is not None and given[2] is not None:
            agents.add(given[1])
            between.add(given[2])
    agents |= {name for row in rows if (name := word(at_path(row, "meta.assignee.name"))) is not None}
    teams = {name for row in rows if (name := word(at_path(row, "meta.team.name"))) is not None}
    return Cast(agents=frozenset(agents - bots), bots=frozenset(bots), teams=frozenset(teams | between))


def changes_of(text: str, cast: Cast) -> list[Change] | None:
    """What a sentence tells, nothing where no state changed; None where nobody knows what it says."""
    found = _changes(text, cast)
    other = in_english(text) if found is None else text
    return found if other == text else _changes(other, cast)


def _changes(text: str, cast: Cast) -> list[Change] | None:
    for read in (_assigned, _ranked):
        found = read(text, cast)
        if found:
            return found
    state = next((name for name, pattern in _STATES if pattern.search(text)), None)
    if state is not None:
        return [_turned(state, text, cast)]
    return [] if _OTHER.search(text) else None


def _turned(state: str, text: str, cast: Cast) -> Change:
    if _BY_SYSTEM.search(text):
        return Change(kind=STATUS, value=state, role=SYSTEM)
    named = _BY.search(text)
    if _BY_CUSTOMER.search(text):
        return Change(kind=STATUS, value=state, role=CUSTOMER)
    role, who = cast.role(named[1]) if named is not None else (None, None)
    return Change(kind=STATUS, value=state, role=role, who=who)


def _ranked(text: str, cast: Cast) -> list[Change]:
    found, gone = _RANKED.match(text), _UNRANKED.match(text)
    if found is not None:
        role, who = cast.role(found[1])
        return [Change(kind=PRIORITY, value=found[3], old=found[2], role=role, who=who)]
    if gone is not None:
        role, who = cast.role(gone[1])
        return [Change(kind=PRIORITY, value=None, role=role, who=who)]
    return []


def _assigned(text: str, cast: Cast) -> list[Change]:
    """Assignments: to oneself, to a person or a team (the sentence is the same), to a person of a team; or taken away.

    Of a name that is neither an agent's nor a team's nobody knows what was given to whom.
    """
    took, given, taken = _TOOK.match(text), _GIVEN.match(text), _TAKEN.match(text)
    if took is not None:
        return [Change(kind=ASSIGNEE, value=took[1], role=AGENT, who=took[1])]
    if given is not None:
        role, who = cast.role(given[3])
        name, team = given[1], given[2]
        if team is not None:
            group = Change(kind=GROUP, value=team, role=role, who=who)
            return [group, Change(kind=ASSIGNEE, value=name, role=role, who=who)]
        kinds = {ASSIGNEE: name in cast.agents, GROUP: name in cast.teams}
        likely = [kind for kind, known in kinds.items() if known]
        return [Change(kind=likely[0] if len(likely) == 1 else UNSURE, value=name, role=role, who=who)]
    if taken is not None:
        role, who = cast.role(taken[2])
        kind = ASSIGNEE if taken[1].startswith("Conversation") else GROUP
        return [Change(kind=kind, value=None, role=role, who=who)]
    return []


def stories(told: Sequence[Record], cast: Cast) -> dict[str, list[Record]] | None:
    """Of each kind of state the changes that sentences tell, oldest first; None where one of them is not understood."""
    found: dict[str, list[Record]] = {kind: [] for kind in (STATUS, PRIORITY, ASSIGNEE, GROUP, UNSURE)}
    for one in objects(told):
        changes = changes_of(str(one.get("content")), cast)
        if changes is None:
            return None
        for each in changes:
            step: Record = {"at": one.get("created_at"), "activity": each.kind, "new": each.value}
            found[each.kind].append({**step, "old": each.old, "role": each.role, "who": each.who})
    return found

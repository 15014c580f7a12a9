"""supportkpi's own nested JSON: tickets, each with the list of its events, for generators and scripts to write.

A document is ``{"tickets": [...]}``, a list of tickets, or one ticket a line. A ticket has ``ticket_id`` and any of the
canonical columns (requester_id, status, priority, channel, category, region, tier, group, assignee_id, organization_id,
language, opener, exclusion, tags, updated_at, escalated, cost, currency, the deadlines, given_*), further keys of short
words, and

- ``events``: objects with ``at`` (an instant, ISO 8601), ``kind`` (created, message, status, priority, assignee, group,
  level, handoff, calendar, clock_start), and where they apply ``actor`` (customer, agent, bot, system), ``actor_id``,
  ``public`` (of messages), ``value`` (of a status its category, of others the label) and ``raw`` (the word of the
  helpdesk that it came from). Events of one instant stand in their order. ``created_at`` at the ticket itself does
  for an event of its creation.
- ``surveys``: objects with ``instrument`` (csat, nps, ces), ``score`` (null: asked, not answered), ``at``, ``scale``,
  ``answer``, ``agent_id``.

Beside ``tickets`` the document may state what it shows: ``"observes": {"reply": "EVERY", "solve": ["FIRST", "LAST"]}``.
Without it every kind of event that occurs is taken to be there of every ticket, whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._history import CREATED, MESSAGE, STATUS, Event, History, Nested, Records, Source
from supportkpi.loaders.nested._values import Record, first, ident, number, objects, truth, word
from supportkpi.schema import TICKETS, Actor, Exclusion, Extent, Instrument, Kind, Sight

_KINDS = frozenset(kind.value for kind in Kind)
_ACTORS = frozenset(actor.value for actor in Actor)
_INSTRUMENTS = frozenset(instrument.value for instrument in Instrument)
_ALL = Extent.EVERY
_MESSAGES = (Sight.request, Sight.reply, Sight.bot_reply, Sight.note)
_BY_KIND: Mapping[str, Sequence[Sight]] = {
    MESSAGE: _MESSAGES,
    STATUS: (Sight.status, Sight.solve, Sight.reopen),
}
_ALIASES: Mapping[str, tuple[str, ...]] = {"ticket_id": ("ticket_id",), "status": ("status", "status_raw")}
_LISTED = ("status_raw", "priority_raw", "channel_raw", "observed_until")


def _event(place: int, event: Record, records: Records) -> Event | None:
    """An event as it stands; None for one of a kind that does not exist."""
    kind = str(event.get("kind")).casefold()
    if kind not in _KINDS:
        return None
    actor, who = str(event.get("actor")).casefold(), ident(event.get("actor_id"))
    said = records.responders.actor(who) if records.responders else None
    public = truth(event.get("public"))
    raw = word(first(event, "raw", "value") if kind != STATUS else first(event, "value", "raw"))
    return place, event.get("at"), kind, said or (actor if actor in _ACTORS else None), who, public, raw


def tell(records: Records) -> History:
    """The events and answers of the tickets."""
    history = History(paths=dict.fromkeys(_KINDS - {CREATED}, "events.at") | {CREATED: "created_at"})
    strange = 0
    kinds: set[str] = set()
    for place, ticket in enumerate(records.rows):
        found = [_event(place, event, records) for event in objects(ticket.get("events"))]
        told = [event for event in found if event is not None]
        strange += len(found) - len(told)
        if not any(event[2] == CREATED for event in told) and ticket.get("created_at") is not None:
            opener = str(ticket.get("opener"))
            actor = opener if opener in _ACTORS else None
            history.events.append((place, ticket["created_at"], CREATED, actor, None, None, None))
        history.events += told
        kinds.update(event[2] for event in told)
        _answers(place, ticket, history)
    if strange:
        told_of = "event is" if strange == 1 else "events are"
        history.notes.append(f"{strange:,} {told_of} of no known kind: left out")
    history.sources = _sources(records, kinds, history)
    return history


def _answers(place: int, ticket: Record, history: History) -> None:
    for answer in objects(ticket.get("surveys")):
        instrument = str(answer.get("instrument")).casefold()
        if instrument in _INSTRUMENTS:
            score = number(answer.get("score"))
            said = word(answer.get("answer")) or ("offered" if score is None else None)
            scale, agent = word(answer.get("scale")), word(answer.get("agent_id"))
            history.ratings.append((place, answer.get("at"), instrument, score, said, scale, agent))


def _sources(records: Records, kinds: set[str], history: History) -> list[Source]:
    """What the document says that it shows, else what occurs."""
    stated = records.beside.get("observes")
    if isinstance(stated, dict):
        shows = {Sight(name): _extent(extent) for name, extent in stated.items() if name in Sight.__members__}
    else:
        shows = {sight: _ALL for kind in kinds for sight in _BY_KIND.get(kind) or _sights(kind)}
        if history.ratings:
            shows[Sight.rating] = _ALL
            asked = any(rating[2] == Instrument.csat.value and rating[3] is None for rating in history.ratings)
            shows |= {Sight.offer: _ALL} if asked else {}
    has = [isinstance(ticket.get("events"), list) for ticket in records.rows]
    return [Source(name="events", has=has, shows=shows)]


def _sights(kind: str) -> Sequence[Sight]:
    return (Sight(kind),) if kind in Sight.__members__ else ()


def _extent(stated: object) -> Extent:
    names = stated if isinstance(stated, list) else [stated]
    found = Extent(0)
    for name in names:
        found |= Extent.__members__.get(str(name).upper(), Extent(0))
    return found


NESTED = Nested(
    id="supportkpi_json",
    title="supportkpi tickets with events",
    recognise=(Recognise(all=("ticket_id", "events[].kind", "events[].at")),),
    columns={
        **{name: _ALIASES.get(name, (name,)) for name in TICKETS if name not in _LISTED},
        **{name.value: (name.value,) for name in Exclusion},
        "updated_at": ("updated_at",),
    },
    never=("status_raw", "priority_raw", "channel_raw"),
    ratings=tuple(sorted(_INSTRUMENTS)),
    reads={"created_at": "created_at", "events": "events", "surveys": "surveys"},
    tell=tell,
)
"""Our own JSON."""

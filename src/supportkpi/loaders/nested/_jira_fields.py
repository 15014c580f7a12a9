"""What Jira keeps in fields of its own or of its projects: satisfaction, organisations, request types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from supportkpi.loaders.mapping._vocabulary import plain
from supportkpi.loaders.nested._history import AGENT, MESSAGE, History, Records, Source
from supportkpi.loaders.nested._jira_sla import is_target
from supportkpi.loaders.nested._values import Record, ident, inner, number, word
from supportkpi.schema import Extent, Sight

_SCALE = "1-5"
_FIRST_RESPONSE = ("[chart] date of first response", "date of first response")
_NAMED = {
    "organizations": "organization_id",
    "organisations": "organization_id",
    "organization": "organization_id",
    "region": "region",
    "customer tier": "tier",
    "tier": "tier",
    "team": "group",
    "support team": "group",
    "source": "channel",
    "channel": "channel",
    "request channel type": "channel",
}
"""Names of custom fields that stand for a field of a ticket, where the export expands the names."""


def _custom(records: Records, *names: str) -> list[str]:
    """The keys of the custom fields of those names; none where the export does not expand the names."""
    called = inner(records.beside.get("names"))
    return [key for key, name in called.items() if isinstance(name, str) and plain(name) in names]


def first_replies(records: Records, history: History, has_comments: Sequence[bool]) -> bool:
    """Add the first reply that a chart's field tells of issues whose comments are not all there."""
    keys = _custom(records, *_FIRST_RESPONSE)
    for place, issue in enumerate(records.rows):
        fields = inner(issue.get("fields"))
        at = next((fields[key] for key in keys if fields.get(key) is not None), None)
        if at is not None and not has_comments[place]:
            history.events.append((place, at, MESSAGE, AGENT, None, True, None))
    return bool(keys)


def columns(records: Records, history: History, who: Callable[[object], str | None]) -> None:
    """The columns that stand in people or in custom fields; hours logged."""
    fields, values = [inner(issue.get("fields")) for issue in records.rows], history.values
    values["requester_id"] = [who(one.get("reporter")) for one in fields]
    values["assignee_id"] = [who(one.get("assignee")) for one in fields]
    spent = [number(one.get("timespent")) for one in fields]
    if any(one is not None for one in spent):
        values["given_handle_s"] = [*spent]
    for key, name in inner(records.beside.get("names")).items():
        field = _NAMED.get(plain(name)) if isinstance(name, str) else None
        if field is not None and key.startswith("customfield_") and field not in values:
            values[field] = [word(one.get(key)) for one in fields]
        elif (
            isinstance(name, str)
            and key.startswith("customfield_")
            and not any(is_target(one.get(key)) for one in fields)
        ):
            history.kept[name] = [_short(one.get(key)) for one in fields]
    kinds = [_request_type(one) for one in fields]
    if any(kind is not None for kind in kinds):
        values["category"] = [kind or word(one.get("issuetype")) for kind, one in zip(kinds, fields, strict=True)]


def _short(value: object) -> str | None:
    """A value of few words; documents and the cycles of targets are none."""
    return None if is_target(value) or (isinstance(value, dict) and "content" in value) else word(value)


def _request_type(fields: Record) -> str | None:
    """What the customer asked for in the portal."""
    for name, value in fields.items():
        if name.startswith("customfield_") and isinstance(value, dict) and isinstance(value.get("requestType"), dict):
            return word(value["requestType"])
    return None


def _ratings(fields: Record, named: Sequence[str]) -> Iterator[Record]:
    for name, value in fields.items():
        if (name in named or name.startswith("customfield_")) and isinstance(value, dict) and "rating" in value:
            yield value


def answers(records: Records, history: History) -> None:
    """The customer's satisfaction, one to five stars."""
    named = _custom(records, "satisfaction", "satisfaction rating")
    dated = _custom(records, "satisfaction date")
    seen = bool(named)
    for place, issue in enumerate(records.rows):
        fields = inner(issue.get("fields"))
        found = next(_ratings(fields, named), None)
        score = number(found.get("rating")) if found is not None else _bare(fields, named)
        seen = seen or found is not None
        if score is not None:
            at = next((fields[key] for key in dated if fields.get(key) is not None), None)
            agent = history.values["assignee_id"][place]
            history.ratings.append((place, at, "csat", score, f"{score:g}", _SCALE, ident(agent)))
    if seen:
        has = [True] * len(records.rows)
        history.sources.append(Source(name="ratings", has=has, shows={Sight.rating: Extent.LAST}, is_told=False))


def _bare(fields: Record, named: Sequence[str]) -> float | None:
    return next((score for key in named if (score := number(fields.get(key))) is not None), None)

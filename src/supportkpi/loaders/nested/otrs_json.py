"""OTRS and Znuny tickets as the generic interface gives them: TicketGet with articles, TicketHistoryGet beside it.

An entry of the history tells in its name what changed: "%%open%%closed successful%%" for a state,
"%%Second%%2%%First%%1" for a queue. User 1 is the system itself, which also enters what customers write by e-mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import SYSTEM, History, Nested, Records
from supportkpi.loaders.nested._lists import elements_of
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, ident, objects

_ROOT, _NOBODY = "1", "root@localhost"
_WHERE = ("TicketHistory", "History")
_CHANGED: Mapping[str, tuple[str, int | None, int]] = {
    "StateUpdate": ("status", 0, 1),
    "PriorityUpdate": ("priority", 0, 2),
    "Move": ("group", 2, 0),
    "OwnerUpdate": ("assignee", None, 0),
}
"""What an entry changes, and at which places of its name the old and the new value stand."""
_OTRS = System.model_validate(
    {
        "id": "otrs_json",
        "title": "OTRS or Znuny tickets as JSON",
        "confidence": "partial",
        "recognise": {
            "all": ["TicketNumber"],
            "any": 2,
            "of": [
                *("StateType", "TicketID", "QueueID", "StateID", "PriorityID", "OwnerID", "CustomerUserID"),
                *("UnlockTimeout", "RealTillTimeNotUsed", "UntilTime", "EscalationTime", "Article"),
                *("Article[].SenderType", "Article[].IsVisibleForCustomer"),
            ],
        },
        "columns": {
            "ticket_id": ["TicketNumber", "TicketID"],
            "requester_id": ["CustomerUserID", "CustomerUser"],
            "organization_id": "CustomerID",
            "assignee_id": "Owner",
            "group": ["Queue", "QueueID"],
            "status": ["StateType", "State"],
            "priority": ["Priority", "PriorityID"],
            "category": ["Service", "ServiceID"],
            "created_at": "Created",
            "updated_at": "Changed",
            "first_reply_at": "FirstResponse",
            "closed_at": "Closed",
        },
        "values": {
            "status": {"new": "new", "open": "open", "pending reminder": "pending", "pending auto": "pending"}
            | {"pending auto close+": "pending", "pending auto close-": "pending", "closed": "closed"}
            | {"closed successful": "closed", "closed unsuccessful": "closed", "closed with workaround": "closed"}
            | {"merged": "deleted", "removed": "deleted"},
            "exclusion": {"merged": "merged", "removed": "deleted"},
            "priority": {"1": "lowest", "2": "low", "3": "normal", "4": "high", "5": "urgent"},
        },
        "missing": [_NOBODY],  # the owner of what nobody has taken yet
        "lists": [
            {
                "name": "their articles",
                "where": ["Article", "Articles"],
                "columns": {
                    "at": ["CreateTime", "Created"],
                    "actor": ["_by", "CreateBy", "CreatedBy", "From"],
                    "role": ["SenderType", "SenderTypeID"],
                    "public": "IsVisibleForCustomer",
                },
                "values": {
                    "role": {"agent": "agent", "customer": "customer", "system": "bot"}
                    | {"1": "agent", "2": "bot", "3": "customer"},
                },
            },
            {
                "name": "their history",
                "where": list(_WHERE),
                "ticket": "TicketID",
                "ours": "TicketID",
                "file": {"all": ["TicketID"], "any": 1, "of": ["History[].HistoryType", "HistoryType"]},
                "columns": {
                    "at": ["CreateTime", "Created"],
                    "actor": "_by",
                    "role": "_role",
                    "field": "_field",
                    "old": "_old",
                    "new": "_new",
                },
                "values": {
                    "field": {name: name for name, _, _ in _CHANGED.values()},
                    "role": {SYSTEM: SYSTEM, "agent": "agent"},
                },
            },
        ],
        "given": {
            "sla_first_response_met": {"column": "FirstResponseDiffInMin", "unit": "left", "zero": "missing"},
            "sla_resolution_met": {"column": "SolutionDiffInMin", "unit": "left", "zero": "missing"},
            **{
                f"{name}_s": {"column": column, "unit": "minutes", "clock": "business", "zero": "missing"}
                for name, column in (("first_response", "FirstResponseInMin"), ("resolution", "SolutionInMin"))
            },
        },
        "never": ["Title"],
    }
)
_ARTICLES, _HISTORY = _OTRS.lists


def _tell(records: Records) -> History:
    """What the vocabulary tells, entries of the history parted into what changed, users called by their logins."""
    ids = _OTRS.columns["ticket_id"]
    said, changed = (elements_of(one, records, ids) for one in (_ARTICLES, _HISTORY))
    entries = [None if one is None else list(_entries(one)) for one in changed]
    names = dict(_logins(records.rows, entries))
    rows = [
        {**row, **_listed("Article", spoken, names), **_listed(_WHERE[0], told, names)}
        for row, spoken, told in zip(records.rows, said, entries, strict=True)
    ]
    beside = {key: value for key, value in records.beside.items() if key not in _WHERE}
    history = tell(_OTRS, replace(records, rows=rows, beside=beside))
    history.words["status"] = dict(_states(records.rows))
    return history


def _entries(found: Sequence[Record]) -> Iterator[Record]:
    """The single entries, with what each changed; of a ticket's object those in it."""
    for one in found:
        for entry in objects(one["History"]) if isinstance(one.get("History"), list) else [one]:
            field, old, new = _CHANGED.get(str(entry.get("HistoryType")), ("", None, 0))
            parts = (ident(entry.get("Name")) or "").removeprefix("%%").split("%%")
            values = {"_old": None if old is None or old >= len(parts) else parts[old] or None}
            values["_new"] = parts[new] or None if new < len(parts) else None
            by = {"_role": SYSTEM if ident(entry.get("CreateBy")) == _ROOT else "agent"}
            yield {**entry, **({"_field": field, **values} if field else {}), **by}


def _logins(rows: Sequence[Record], entries: Sequence[list[Record] | None]) -> Iterator[tuple[str, str]]:
    """What users are called by their numbers, as far as owners tell it."""
    for row in rows:
        number, name = ident(row.get("OwnerID")), ident(row.get("Owner"))
        if number is not None and name is not None:
            yield number, name
    for one in (one for told in entries for one in told or () if one.get("_field") == "assignee"):
        name, _, number = (ident(one.get("Name")) or "").removeprefix("%%").partition("%%")
        if name and number:
            yield number, name


def _listed(key: str, found: Sequence[Record] | None, names: Mapping[str, str]) -> Record:
    """A list with its authors by name; nothing where there is none."""
    if found is None:
        return {}
    numbers = [ident(one.get("CreateBy")) for one in found]
    by = [names.get(number) if number is not None and number != _ROOT else None for number in numbers]
    return {key: [{**one, "_by": name} if name else one for one, name in zip(found, by, strict=True)]}


def _states(rows: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """What the states of the file mean by their types, unless they are known."""
    known = _OTRS.values["status"]
    for row in rows:
        state, sort = ident(row.get("State")), ident(row.get("StateType"))
        if state is not None and state not in known and sort in known:
            yield state, known[str(sort)]


NESTED: Nested = replace(nested_of(_OTRS), tell=_tell)
"""The JSON of OTRS and Znuny."""

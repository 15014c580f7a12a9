"""Redmine issues as its interface gives them, with their journals where these were asked for.

Journals tell changes by number; what the numbers are called stands in the other issues of the file, and in the lists
of statuses, priorities and projects that the interface gives apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import Beside, History, Nested, Records
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, ident, inner, objects, truth

_FIELDS = {
    "status_id": "status",
    "priority_id": "priority",
    "assigned_to_id": "assigned_to",
    "project_id": "project",
}
_LISTS = {"status": "issue_statuses", "priority": "issue_priorities", "project": "projects"}
"""What is named beside the issues, by the key in an issue."""
_USUAL = {"1": "New", "2": "In Progress", "3": "Resolved", "4": "Feedback", "5": "Closed", "6": "Rejected"}
_ASSUMED = "Redmine's numbers of statuses that no issue of the file is in are those of its default set"
_REDMINE = System.model_validate(
    {
        "id": "redmine_json",
        "title": "Redmine issues as JSON",
        "confidence": "documented",
        "recognise": [
            {
                "all": ["created_on"],
                "any": 2,
                "of": ["tracker.name", "done_ratio", "journals", "status.is_closed", "fixed_version.name"],
            }
        ],
        "columns": {
            "ticket_id": "id",
            "requester_id": ["author.name", "author.id"],
            "assignee_id": ["assigned_to.name", "assigned_to.id"],
            "group": ["project.name", "project.id"],
            "status": ["status.name", "status.id"],
            "priority": ["priority.name", "priority.id"],
            "category": ["category.name", "tracker.name"],
            "created_at": "created_on",
            "updated_at": "updated_on",
            "closed_at": "closed_on",
            "resolution_due_at": "due_date",
        },
        "values": {
            "status": {"New": "new", "In Progress": "open", "Resolved": "solved", "Feedback": "pending"}
            | {"Closed": "closed", "Rejected": "closed"},
            "priority": {"Low": "low", "Normal": "normal", "High": "high", "Urgent": "urgent", "Immediate": "urgent"},
        },
        "opening": True,
        "lists": [
            {
                "name": "journals",
                "where": "_notes",
                "columns": {"at": "at", "actor": "who", "public": "public"},
                "values": {"public": {"true": "true", "false": "false"}},
            },
            {
                "name": "journals of changes",
                "where": "_changes",
                "columns": {"at": "at", "actor": "who", "field": "field", "old": "old", "new": "new"},
                "values": {
                    "field": {"status": "status", "priority": "priority", "assigned_to": "assignee", "project": "group"}
                },
            },
        ],
        "given": {"handle_s": {"column": ["spent_hours", "total_spent_hours"], "unit": "hours"}},
        "never": ["subject", "description", "author.name"],
    }
)


def _tell(records: Records) -> History:
    """What the vocabulary tells of the issues, their journals parted into notes and changes."""
    names = {key: dict(_named(records, key)) for key in _FIELDS.values()}
    statuses = {**_USUAL, **names["status"]}
    rows = [_parted(row, {**names, "status": statuses}) for row in records.rows]
    history = tell(_REDMINE, replace(records, rows=rows))
    guessed = {*_USUAL} - {*names["status"]}
    if any(_uses(row, guessed) for row in records.rows):
        history.assumptions.append(_ASSUMED)
    labels = {"_notes.at": "journals.created_on", "_changes.at": "journals.created_on"}
    history.paths = {kind: labels.get(path, path) for kind, path in history.paths.items()}
    history.words["status"] = dict(_ends(records))
    return history


def _named(records: Records, key: str) -> Iterator[tuple[str, str]]:
    """What the numbers of a field are called in the issues that stand there now, and in the list of them."""
    for one in _things(records, key):
        number, name = ident(one.get("id")), ident(one.get("name"))
        if number is not None and name is not None:
            yield number, name


def _things(records: Records, key: str) -> Iterator[Record]:
    yield from (inner(row.get(key)) for row in records.rows)
    if key in _LISTS:
        yield from objects(records.beside.get(_LISTS[key]))


def _ends(records: Records) -> Iterator[tuple[str, str]]:
    """The names of statuses that the file itself calls closed, unless they are known to be something else."""
    known = _REDMINE.values["status"]
    for one in _things(records, "status"):
        name = ident(one.get("name"))
        if name is not None and name not in known and truth(one.get("is_closed")) is True:
            yield name, "closed"


def _details(journal: Record) -> list[Record]:
    return [one for one in objects(journal.get("details")) if str(one.get("name")) in _FIELDS]


def _uses(row: Record, numbers: set[str]) -> bool:
    """Whether a journal names one of these statuses."""
    told = [one for journal in objects(row.get("journals")) for one in _details(journal)]
    values = {
        ident(one.get(key)) for one in told if one.get("name") == "status_id" for key in ("old_value", "new_value")
    }
    return bool(values & numbers)


def _parted(row: Record, names: Mapping[str, Mapping[str, str]]) -> Record:
    if not isinstance(row.get("journals"), list):
        return row
    notes: list[Record] = []
    changes: list[Record] = []
    for journal in objects(row["journals"]):
        user = inner(journal.get("user"))
        told: dict[str, object] = {"at": journal.get("created_on"), "who": ident(user.get("name")) or user.get("id")}
        if ident(journal.get("notes")) is not None:
            notes.append({**told, "public": truth(journal.get("private_notes")) is not True})
        for one in _details(journal):
            field = _FIELDS[str(one["name"])]
            values = {
                new: _name(one.get(old), names[field]) for new, old in (("old", "old_value"), ("new", "new_value"))
            }
            changes.append({**told, "field": field, **values})
    return {**row, "_notes": notes, "_changes": changes}


def _name(value: object, names: Mapping[str, str]) -> str | None:
    number = ident(value)
    return names.get(number, number) if number is not None else None


_READER = nested_of(_REDMINE)
NESTED: Nested = replace(
    _READER,
    tell=_tell,
    reads={**_READER.reads, "journals": "events"},
    beside=(
        Beside(
            name="issue_statuses",
            recognise=(Recognise(all=("id", "name", "is_closed"), none=("created_on",)),),
        ),
        Beside(
            name="issue_priorities",
            recognise=(Recognise(all=("id", "name", "is_default", "active"), none=("created_on",)),),
        ),
        Beside(
            name="projects",
            recognise=(Recognise(all=("id", "name", "identifier", "created_on"), none=("status.id",)),),
            called="project",
        ),
    ),
)
"""Redmine's JSON."""

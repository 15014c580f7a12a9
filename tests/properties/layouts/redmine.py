"""Redmine: issues as CSV in three languages, and as its interface gives them, with journals and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, called, csv_of, json_of, last_end, person_id, rows, wall, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUS_IDS = {"new": 1, "open": 2, "solved": 3, "pending": 4, "closed": 5, "hold": 7}
_PRIORITY_IDS = {"low": 3, "normal": 4, "high": 5, "urgent": 6}
_EN = {"new": "New", "open": "In Progress", "solved": "Resolved", "pending": "Feedback", "closed": "Closed"}
_EN |= {"hold": "On Hold", "low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}
_RU = {"new": "Новая", "open": "В работе", "solved": "Решена", "pending": "Нужен отклик", "closed": "Закрыта"}
_RU |= {"hold": "Отложена", "low": "Низкий", "normal": "Нормальный", "high": "Высокий", "urgent": "Срочный"}
_DE = {"new": "Neu", "open": "In Bearbeitung", "solved": "Gelöst", "pending": "Feedback", "closed": "Erledigt"}
_DE |= {"hold": "Zurückgestellt", "low": "Niedrig", "normal": "Normal", "high": "Hoch", "urgent": "Dringend"}
_EN_HEAD = (
    "#,Project,Tracker,Parent task,Parent task subject,Status,Priority,Subject,Author,Assignee,Updated,Category,"
    "Target version,Start date,Due date,Estimated time,Spent time,% Done,Created,Closed,Last updated by,Private"
)
_RU_HEAD = (
    "#,Проект,Трекер,Родительская задача,Тема родительской задачи,Статус,Приоритет,Тема,Автор,Назначена,Обновлено,"
    "Категория,Версия,Дата начала,Срок завершения,Оценка временных затрат,Трудозатраты,Готовность,Создано,Закрыта,"
    "Последний изменивший,Частная"
)
_DE_HEAD = (
    "#,Projekt,Tracker,Übergeordnetes Ticket,Thema des übergeordneten Tickets,Status,Priorität,Thema,Autor,"
    "Zugewiesen an,Aktualisiert,Kategorie,Zielversion,Beginn,Abgabedatum,Geschätzter Aufwand,Aufgewendete Zeit,"
    "% erledigt,Angelegt,Geschlossen am,Zuletzt bearbeitet von,Privat"
)


def _status(row: Summary) -> str:
    """Who solves an issue here closes it: Resolved is no end in Redmine, and has no date."""
    return "closed" if row.status == "solved" else row.status


def _cells(ticket: Ticket, row: Summary, desk: Desk, words: Mapping[str, str], look: str) -> list[object]:
    closed = last_end(ticket)
    return [
        *(ticket.number, row.group, "Support", "", ""),
        *(words[_status(row)], words[row.priority], "A question", ticket.requester.name),
        *(row.assignee.name if row.assignee else "", wall(desk, row.updated, look)),
        *(desk.words.categories[ticket.category], "", wall(desk, ticket.created, look.split(" ", 1)[0]), "", ""),
        *("", 0, wall(desk, ticket.created, look), wall(desk, closed, look)),
        *(called(ticket.events[-1].by), "No"),
    ]


def _table(desk: Desk, head: str, words: Mapping[str, str], look: str) -> list[dict[str, object]]:
    names = head.split(",")
    found = [_cells(ticket, row, desk, words, look) for ticket, row in reversed(rows(desk))]
    return [dict(zip(names, one, strict=True)) for one in found]


def redmine_csv(desk: Desk) -> Files:
    """Issues in English: a closing stays in its column when the issue is open again."""
    return {"issues.csv": b"\xef\xbb\xbf" + csv_of(_table(desk, _EN_HEAD, _EN, "%m/%d/%Y %I:%M %p"))}


def redmine_csv_ru(desk: Desk) -> Files:
    """Issues in Russian, with semicolons."""
    return {"issues.csv": b"\xef\xbb\xbf" + csv_of(_table(desk, _RU_HEAD, _RU, "%d.%m.%Y %H:%M"), delimiter=";")}


def redmine_csv_de(desk: Desk) -> Files:
    """Issues in German, with semicolons and in ISO-8859-1 where it has the letters."""
    table = csv_of(_table(desk, _DE_HEAD, _DE, "%d.%m.%Y %H:%M"), delimiter=";")
    return {"issues.csv": table if desk.words.lang == "ru" else table.decode().encode("iso-8859-1")}


def _who(person: Person) -> dict[str, object]:
    return {"id": person_id(person) or 4, "name": called(person)}


def _journals(ticket: Ticket, desk: Desk) -> Iterator[dict[str, object]]:
    """What one person did at one minute is one journal; the issue itself is the first message."""
    first = next(event for event in ticket.events if event.kind == "message")
    later = [event for event in ticket.events if event is not first]
    for place, ((at, name), several) in enumerate(groupby(later, key=lambda one: (one.at, one.by.name))):
        events = list(several)
        details = [told for event in events if (told := _detail(event, desk))]
        notes = [event for event in events if event.kind == "message"]
        journal = {"id": ticket.number * 100 + place, "user": _who(desk.people[name]), "created_on": zulu(at)}
        for number, note in enumerate(notes or ([None] if details else [])):
            private = note is not None and not note.public
            told = details if number == 0 else []
            yield {**journal, "notes": "…" if note else "", "private_notes": private, "details": told}


def _detail(event: Event, desk: Desk) -> dict[str, object] | None:
    if event.kind == "assignee":
        people = [desk.people[value] if value else None for value in (event.old, event.value)]
        old, new = (str(person_id(person)) if person else None for person in people)
        return {"property": "attr", "name": "assigned_to_id", "old_value": old, "new_value": new}
    tables = {"status": _STATUS_IDS, "priority": _PRIORITY_IDS, "group": _projects(desk)}
    if event.kind not in tables or event.old is None or event.value is None:
        return None
    name = {"group": "project"}.get(event.kind, event.kind)
    old, new = (str(tables[event.kind][value]) for value in (event.old, event.value))
    return {"property": "attr", "name": f"{name}_id", "old_value": old, "new_value": new}


def _projects(desk: Desk) -> dict[str, int]:
    return {name: place for place, name in enumerate(desk.words.groups, 11)}


def _issue(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    ends = [event.at for event in ticket.events if event.kind == "status" and event.value == "closed"]
    status = _STATUS_IDS[row.status]
    assigned = {"assigned_to": _who(row.assignee)} if row.assignee else {}
    return {
        "id": ticket.number,
        "project": {"id": _projects(desk)[row.group], "name": row.group},
        "tracker": {"id": 3, "name": "Support"},
        "status": {"id": status, "name": _EN[row.status], "is_closed": row.status == "closed"},
        "priority": {"id": _PRIORITY_IDS[row.priority], "name": _EN[row.priority]},
        "author": _who(ticket.requester),
        **assigned,
        "category": {"id": 1, "name": desk.words.categories[ticket.category]},
        "subject": "…",
        "description": "…",
        "start_date": f"{desk.hours.local(ticket.created):%Y-%m-%d}",
        "due_date": None,
        "done_ratio": 0,
        "is_private": False,
        "created_on": zulu(ticket.created),
        "updated_on": zulu(row.updated),
        "closed_on": zulu(ends[-1]) if ends else None,
    }


def redmine_json(desk: Desk) -> Files:
    """Issues with their journals, and the list of statuses beside them."""
    issues = [{**_issue(ticket, row, desk), "journals": list(_journals(ticket, desk))} for ticket, row in rows(desk)]
    page = {"issues": issues, "total_count": len(issues), "offset": 0, "limit": 100}
    statuses = [
        {"id": number, "name": _EN[name], "is_closed": name == "closed"} for name, number in _STATUS_IDS.items()
    ]
    return {"issues.json": json_of(page), "issue_statuses.json": json_of({"issue_statuses": statuses})}


def redmine_list(desk: Desk) -> Files:
    """The list of issues as it comes: without journals."""
    issues = [{**_issue(ticket, row, desk), "closed_on": zulu(last_end(ticket))} for ticket, row in rows(desk)]
    return {"issues.json": json_of({"issues": issues, "total_count": len(issues), "offset": 0, "limit": 100})}


LAYOUTS = (
    Layout(write=redmine_csv, helpdesk="redmine_csv", silent=FLAT | NO_REPLIES, is_local=True),
    Layout(write=redmine_csv_ru, helpdesk="redmine_csv", silent=FLAT | NO_REPLIES, is_local=True),
    Layout(write=redmine_csv_de, helpdesk="redmine_csv", silent=FLAT | NO_REPLIES, is_local=True),
    Layout(write=redmine_json, helpdesk="redmine_json", silent=NO_RATINGS | NO_TAGS, lacks=frozenset({"channel"})),
    Layout(write=redmine_list, helpdesk="redmine_json", silent=FLAT | NO_REPLIES),
)

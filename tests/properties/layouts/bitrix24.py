"""Bitrix24: sessions of its Open Lines, as its list saved for Excel; tasks, as its interface lists them."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, Layout
from layouts.writing import Files, json_of, person_id, rows, wall
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary

_SOURCES = {"chat": "livechat", "messenger": "telegrambot", "email": "network", "web": "livechat", "phone": "network"}
_STATUS = {"new": 0, "open": 25, "pending": 40, "hold": 10, "solved": 50, "closed": 60, "deleted": 65}
"""New, a client who waits after an answer, answered, taken, about to be closed, closed."""


def _session(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    look = "%d.%m.%Y %H:%M:%S"
    closed = next((event.at for event in ticket.events if event.kind == "status" and event.value == "closed"), None)
    source, user = _SOURCES[ticket.channel], ticket.requester.number
    line = desk.words.groups.index(row.group) + 3
    waited = "" if row.first_reply is None else (row.first_reply - ticket.created) * 60
    return {
        "ID": ticket.number,
        "MODE": "output" if ticket.opener == "agent" else "input",
        "STATUS": _STATUS[row.status],
        "SOURCE": source,
        "CONFIG_ID": line,
        "OPERATOR_ID": person_id(row.assignee) or 0,
        "USER_CODE": f"{source}|{line}|{user}|{user}",
        "USER_ID": user,
        "CHAT_ID": 90_000 + ticket.number,
        "MESSAGE_COUNT": sum(event.kind == "message" for event in ticket.events),
        "DATE_CREATE": wall(desk, ticket.created, look),
        "DATE_OPERATOR": wall(desk, row.first_reply, look),
        "DATE_MODIFY": wall(desk, row.updated, look),
        "DATE_OPERATOR_ANSWER": wall(desk, row.first_reply, look),
        "DATE_OPERATOR_CLOSE": wall(desk, row.solved, look),
        "DATE_FIRST_ANSWER": wall(desk, row.first_reply, look),
        "DATE_LAST_MESSAGE": wall(desk, row.updated, look),
        "DATE_CLOSE": wall(desk, closed, look),
        "TIME_FIRST_ANSWER": waited,
        "TIME_BOT": 0,
        "TIME_DIALOG": "" if row.solved is None else (row.solved - ticket.created) * 60,
        "CATEGORY_ID": list(desk.words.categories).index(ticket.category) + 1,
        "WAIT_ANSWER": "N",
        "WAIT_VOTE": "N",
        "CLOSED": "Y" if row.status in ("closed", "deleted") else "N",
        "PAUSE": "N",
        "SPAM": "Y" if ticket.exclusion == "spam" else "N",
        "WORKTIME": "Y",
        "VOTE": {"good": 5, "bad": 1}.get(ticket.rating or "", 0),
        "VOTE_HEAD": 0,
    }


def bitrix24_openlines(desk: Desk) -> Files:
    """The list of sessions for Excel: a table of HTML; an operator ends a session days before it closes itself."""
    table = [_session(ticket, row, desk) for ticket, row in reversed(rows(desk))]
    lines = ["".join(f"<th>{name}</th>" for name in table[0])]
    lines += ["".join(f"<td>{cell}</td>" for cell in row.values()) for row in table]
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    page = f'<html><head><meta charset="UTF-8"></head><body><table border="1">\n{body}</table></body></html>'
    return {"sessions.xls": page.encode()}


_WORK = {"new": 2, "open": 3, "pending": 3, "hold": 6, "solved": 5, "closed": 5, "deleted": 7}
"""Waits for its turn, in work, put off, done, declined: a task that is done is not closed once more."""
_URGENT = {"urgent": 2, "high": 2, "normal": 1, "low": 0}


def bitrix24_tasks(desk: Desk) -> Files:
    """A page of tasks: those of no group have an empty list for one, as PHP writes it."""

    def look(at: int | None) -> str | None:
        return None if at is None else desk.hours.local(at).isoformat()

    tasks = [
        {
            "id": str(ticket.number),
            "title": "…",
            "status": str(_WORK[row.status]),
            "subStatus": str(_WORK[row.status]),
            "priority": str(_URGENT[row.priority]),
            "createdDate": look(ticket.created),
            "changedDate": look(row.updated),
            "statusChangedDate": look(row.updated),
            "closedDate": look(row.solved),
            "dateStart": look(row.first_reply),
            "deadline": None,
            "responsibleId": str(person_id(row.assignee) or 1),
            "createdBy": "1",
            "closedBy": None if row.solved is None else str(person_id(row.assignee) or 1),
            "mark": None,
            "timeSpentInLogs": None,
            "groupId": str(desk.words.groups.index(row.group) + 3) if row.group else "0",
            "group": {"id": str(desk.words.groups.index(row.group) + 3), "name": row.group} if row.group else [],
            "tags": [],
        }
        for ticket, row in reversed(rows(desk))
    ]
    return {"tasks.json": json_of({"result": {"tasks": tasks}, "total": len(tasks)})}


_NOBODY = frozenset({"repeat_contact_rate", "requesters", "tickets_per_requester", "requesters_solved"})
"""Who created a task may be whoever wrote it down."""
_UNCOUNTED = NO_REPLIES - {"first_response_time"}
LAYOUTS = (
    Layout(
        write=bitrix24_openlines,
        helpdesk="bitrix24_openlines",
        silent=FLAT - NO_RATINGS | _UNCOUNTED,
        lacks=frozenset({"offer"}),
        beyond=frozenset({"csat_mean"}),
        fates=frozenset({"spam", "agent"}),
        has_priority=False,
        is_local=True,
    ),
    Layout(write=bitrix24_tasks, helpdesk="bitrix24_tasks", silent=FLAT | NO_REPLIES | _NOBODY, has_priority=False),
)

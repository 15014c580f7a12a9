"""Bitrix24: sessions of its Open Lines, as its list saved for Excel."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, Layout
from layouts.writing import Files, person_id, rows, wall
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


_UNCOUNTED = NO_REPLIES - {"first_response_time"}
LAYOUTS = (
    Layout(
        write=bitrix24_openlines,
        helpdesk="bitrix24_openlines",
        silent=FLAT - NO_RATINGS | _UNCOUNTED,
        otherwise=dict.fromkeys(
            ("csat.best_case", "csat.worst_case", "csat_response_rate"), "who was asked for a vote is not told"
        ),
        beyond=frozenset({"csat_mean"}),
        fates=frozenset({"spam", "agent"}),
        has_priority=False,
        is_local=True,
    ),
)

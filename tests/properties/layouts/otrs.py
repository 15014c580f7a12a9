"""OTRS and Znuny: the statistic "Ticketlist", the result of a search, and tickets of the generic interface."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, NO_UPDATES, Layout
from layouts.writing import AGENTS, DONE, Files, csv_of, iso, json_of, last_end, rows, wall
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_PRIORITIES = {"urgent": "5 very high", "high": "4 high", "normal": "3 normal", "low": "2 low"}
_STATES = {"new": "new", "open": "open", "pending": "pending reminder", "hold": "pending reminder"}
_STATES |= {"deleted": "removed"}
_LEFT = frozenset({"spam", "merged"})


def _number(ticket: Ticket) -> str:
    return f"20260101{ticket.number:08}"


def _minutes(desk: Desk, start: int, end: int | None) -> int:
    """Working minutes, and 0 for what has not happened."""
    return 0 if end is None else desk.hours.between(start, end)


def _state(ticket: Ticket, row: Summary) -> str:
    return "merged" if ticket.exclusion == "merged" else _STATES.get(row.status, "closed successful")


def _listed(ticket: Ticket, row: Summary, desk: Desk, place: int) -> dict[str, object]:
    closed = last_end(ticket)
    age = desk.until - ticket.created
    return {
        "Number": place,
        "Ticket#": _number(ticket),
        "Age": f"{age // 1440} d {age % 1440 // 60} h",
        "Title": "…",
        "Created": wall(desk, ticket.created),
        "Changed": wall(desk, row.updated),
        "Close Time": wall(desk, closed),
        "Queue": row.group,
        "State": _state(ticket, row),
        "Priority": _PRIORITIES[row.priority],
        "Customer User": ticket.requester.email,
        "CustomerID": ticket.requester.organization or ticket.requester.email,
        "Service": desk.words.categories[ticket.category],
        "SLA": "",
        "Type": "Unclassified",
        "Agent/Owner": row.assignee.name if row.assignee else "root@localhost",
        "Responsible": "root@localhost",
        "Accounted time": 0,
        "EscalationDestinationIn": "",
        "EscalationDestinationDate": "",
        "FirstResponse": wall(desk, row.first_reply),
        "FirstResponseInMin": _minutes(desk, ticket.created, row.first_reply),
        "FirstResponseDiffInMin": "",
        "SolutionInMin": _minutes(desk, ticket.created, closed),
        "SolutionDiffInMin": "",
        "First Lock": wall(desk, row.first_reply),
        "Lock": "lock" if row.assignee and closed is None else "unlock",
        "StateType": _state(ticket, row).removesuffix(" successful"),
        "UntilTime": 0,
        "UnlockTimeout": (row.updated * 60) if row.assignee else 0,
        "RealTillTimeNotUsed": 0,
        "Number of Articles": sum(event.kind == "message" for event in ticket.events),
    }


def otrs_list(desk: Desk) -> Files:
    """The statistic "Ticketlist": a title before the header, semicolons, working minutes; a closing stays."""
    found = [_listed(ticket, row, desk, place) for place, (ticket, row) in enumerate(rows(desk), 1)]
    title = f"List of tickets created last year {wall(desk, desk.until)}\n".encode()
    return {"Ticketlist_Created_2026-04-01_08-00.csv": title + csv_of(found, delimiter=";")}


def otrs_search(desk: Desk) -> Files:
    """The result of a search as CSV."""
    kept = ["Age", "Created", "State", "Priority", "Queue", "Lock", "CustomerID"]
    table = []
    for ticket, row in rows(desk):
        one = _listed(ticket, row, desk, 1)
        table.append(
            {
                "TicketNumber": one["Ticket#"],
                **{name: one[name] for name in kept[:2]},
                "Closed": one["Close Time"],
                "FirstLock": one["First Lock"],
                "FirstResponse": one["FirstResponse"],
                **{name: one[name] for name in kept[2:6]},
                "Owner": row.assignee.name if row.assignee else "root@localhost",
                "UserFirstname": "",
                "UserLastname": "",
                "CustomerID": one["CustomerID"],
                "CustomerName": ticket.requester.name,
                "From": f"{ticket.requester.name} <{ticket.requester.email}>",
                "Subject": "…",
                "AccountedTime": 0,
                "ArticleTree": "",
                "SolutionInMin": one["SolutionInMin"],
                "SolutionDiffInMin": "",
                "FirstResponseInMin": one["FirstResponseInMin"],
                "FirstResponseDiffInMin": "",
            }
        )
    return {"ticket_search_2026-04-01_08-00.csv": csv_of(table, delimiter=";")}


def _article(ticket: Ticket, event: Event, place: int) -> dict[str, object]:
    sender = {"customer": "customer", "agent": "agent"}.get(event.by.role, "system")
    return {
        "ArticleID": str(ticket.number * 10 + place),
        "ArticleNumber": str(place + 1),
        "Body": "…",
        "Charset": "utf-8",
        "CommunicationChannelID": "1",
        "ContentType": "text/plain; charset=utf-8",
        "CreateBy": _user(event.by),
        "CreateTime": iso(event.at),
        "From": f'"{event.by.name}" <{event.by.email}>',
        "IncomingTime": str(event.at * 60),
        "IsVisibleForCustomer": "1" if event.public else "0",
        "SenderType": sender,
        "SenderTypeID": {"agent": "1", "system": "2", "customer": "3"}[sender],
        "Subject": "…",
        "TicketID": str(ticket.number),
        "TimeUnit": 0,
        "To": "Support",
    }


def _user(person: Person) -> str:
    """Who made an article: what comes by e-mail is made by the postmaster, user 1, as is what the system sends."""
    return str(AGENTS + person.number) if person.role == "agent" else "1"


def _tickets(desk: Desk) -> list[dict[str, object]]:
    """TicketGet with all articles and the extended data."""
    tickets: list[dict[str, object]] = []
    for ticket, row in rows(desk):
        said = [event for event in ticket.events if event.kind == "message"]
        closed = last_end(ticket)
        owner = row.assignee
        happened = {
            "FirstResponse": iso(row.first_reply) or None,
            "FirstResponseInMin": None if row.first_reply is None else _minutes(desk, ticket.created, row.first_reply),
            "Closed": iso(closed) or None,
            "SolutionInMin": None if closed is None else _minutes(desk, ticket.created, closed),
        }
        tickets.append(
            {
                "Age": (desk.until - ticket.created) * 60,
                "ArchiveFlag": "n",
                "Article": [_article(ticket, event, place) for place, event in enumerate(said)],
                "ChangeBy": "1",
                "Changed": iso(row.updated),
                "CreateBy": "1",
                "Created": iso(ticket.created),
                "CustomerID": ticket.requester.organization or ticket.requester.email,
                "CustomerUserID": ticket.requester.email,
                "EscalationTime": "0",
                "GroupID": "1",
                "Lock": "unlock",
                "LockID": "1",
                "Owner": f"agent{owner.number:02}" if owner else "root@localhost",
                "OwnerID": _user(owner) if owner else "1",
                "Priority": _PRIORITIES[row.priority],
                "PriorityID": _PRIORITIES[row.priority][0],
                "Queue": row.group,
                "QueueID": str(desk.words.groups.index(row.group) + 1),
                "RealTillTimeNotUsed": "0",
                "ResponsibleID": "1",
                "Service": desk.words.categories[ticket.category],
                "State": _state(ticket, row),
                "StateType": _state(ticket, row).removesuffix(" successful"),
                "TicketID": str(ticket.number),
                "TicketNumber": _number(ticket),
                "Title": "…",
                "Type": "Unclassified",
                "UnlockTimeout": "0",
                "UntilTime": 0,
                **{name: value for name, value in happened.items() if value is not None},
            }
        )
    return tickets


def _entry(ticket: Ticket, sort: str, by: Person, at: int, name: str) -> dict[str, object]:
    return {
        "ArticleID": "0",
        "CreateBy": _user(by),
        "CreateTime": iso(at),
        "HistoryType": sort,
        "HistoryTypeID": "27",
        "Name": name,
        "OwnerID": "1",
        "PriorityID": "3",
        "QueueID": "1",
        "StateID": "4",
        "TicketID": str(ticket.number),
        "TypeID": "1",
    }


def _queue_id(desk: Desk, name: str) -> str:
    return str(desk.words.groups.index(name) + 1)


def _named(word: str | None, ticket: Ticket) -> str:
    if word in DONE and ticket.exclusion == "merged":
        return "merged"
    return _STATES.get(word or "new", "closed successful")


def _told(ticket: Ticket, event: Event, desk: Desk) -> tuple[str, str] | None:
    """What the history calls an event, and the name of its entry."""
    if event.kind == "message" and event.public:
        sort = {"customer": "FollowUp", "agent": "SendAnswer"}.get(event.by.role, "SendAutoReply")
        return sort, f"%%{ticket.number}%%{event.by.email}"
    if event.kind == "assignee":
        owner = desk.people[event.value] if event.value else None
        return "OwnerUpdate", f"%%agent{owner.number:02}%%{_user(owner)}" if owner else "%%root@localhost%%1"
    return _changed(ticket, event, desk) if event.old is not None and event.value is not None else None


def _changed(ticket: Ticket, event: Event, desk: Desk) -> tuple[str, str] | None:
    old, new = event.old or "", event.value or ""
    if event.kind == "status":
        states = [_named(word, ticket) for word in (old, new)]
        return ("StateUpdate", f"%%{states[0]}%%{states[1]}%%") if states[0] != states[1] else None
    if event.kind == "priority":
        old, new = _PRIORITIES[old], _PRIORITIES[new]
        return "PriorityUpdate", f"%%{old}%%{old[0]}%%{new}%%{new[0]}"
    return (
        ("Move", f"%%{new}%%{_queue_id(desk, new)}%%{old}%%{_queue_id(desk, old)}") if event.kind == "group" else None
    )


def _history(ticket: Ticket, desk: Desk) -> dict[str, object]:
    """TicketHistoryGet of a ticket: what users did is theirs, what customers did was entered by the system."""
    first = f"%%{_number(ticket)}%%{desk.words.groups[0]}%%3 normal%%new%%{ticket.number}"
    found = [_entry(ticket, "NewTicket", ticket.events[0].by, ticket.created, first)]
    for event in ticket.events:
        told = _told(ticket, event, desk)
        if told is not None:
            found.append(_entry(ticket, told[0], event.by, event.at, told[1]))
    return {"TicketID": str(ticket.number), "History": found}


def otrs_json(desk: Desk) -> Files:
    """Tickets with their articles."""
    return {"tickets.json": json_of({"Ticket": _tickets(desk)})}


def otrs_history(desk: Desk) -> Files:
    """Tickets with their articles, and the history of all of them."""
    history = [_history(ticket, desk) for ticket in desk.tickets]
    return {"tickets.json": json_of({"Ticket": _tickets(desk)}), "history.json": json_of({"TicketHistory": history})}


_OWN = {"hold": "pending", "closed": "solved"}
_UNCOUNTED = NO_REPLIES - {"first_response_time"}
LAYOUTS = (
    Layout(write=otrs_list, helpdesk="otrs", silent=FLAT | _UNCOUNTED, fates=_LEFT, is_local=True),
    Layout(
        write=otrs_search,
        helpdesk="otrs",
        silent=FLAT | _UNCOUNTED,
        fates=_LEFT,
        otherwise=NO_UPDATES,
        lacks=frozenset({"category"}),
        is_local=True,
    ),
    Layout(
        write=otrs_json,
        helpdesk="otrs_json",
        fates=_LEFT | {"agent"},
        states=_OWN,
        silent=FLAT - {"bot_resolution_rate", "case_duration", "next_response_time"},
        otherwise={
            "bot_resolution_rate": "who closed a ticket is not told",
        },
    ),
    Layout(
        write=otrs_history,
        helpdesk="otrs_json",
        fates=_LEFT | {"agent"},
        silent=NO_RATINGS | NO_TAGS,
        states=_OWN,
        lacks=frozenset({"channel"}),
    ),
)

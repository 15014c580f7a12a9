"""Writes the example exports anew: made-up tickets of made-up companies, the same on every run.

    python examples/make.py [FOLDER]

Nobody in them exists. The looks are those of the helpdesks: headers, delimiters, encodings, date formats, vocabularies.
"""

from __future__ import annotations

import csv
import io
import math
import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

OPENING, CLOSING = 9, 18
SHARES = {"low": 0.2, "normal": 0.5, "high": 0.22, "urgent": 0.08}
REPLY_MINUTES = {"low": 150.0, "normal": 70.0, "high": 35.0, "urgent": 12.0}
SOLVE_HOURS = {"low": 30.0, "normal": 16.0, "high": 9.0, "urgent": 3.0}
CHANNELS = {"email": 0.5, "web": 0.25, "chat": 0.17, "phone": 0.08}
TOPICS = {"Billing": 0.25, "Login": 0.2, "Delivery": 0.2, "Integration": 0.15, "How to": 0.2}
RATINGS = {"1": 0.03, "2": 0.03, "3": 0.08, "4": 0.3, "5": 0.56}
SLOW_RATINGS = {"1": 0.15, "2": 0.15, "3": 0.2, "4": 0.3, "5": 0.2}
COMPANIES = {"Northwind": 0.3, "Contoso": 0.25, "Fabrikam": 0.2, "Tailspin": 0.15, "Litware": 0.1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One made-up ticket; instants without a zone, None where it has not happened by the end of the export."""

    number: int
    created: datetime
    replied: datetime | None
    solved: datetime | None
    updated: datetime
    priority: str
    channel: str
    topic: str
    company: str
    requester: int
    agent: int
    reopens: int
    replies: int
    asked: bool
    rating: int | None  # 1 to 5
    spam: bool


class Dice:
    """Chance that is the same with every version of Python: only ``random()`` of a seeded generator is used."""

    def __init__(self, seed: int) -> None:
        self._roll = random.Random(seed).random

    def chance(self, share: float) -> bool:
        return self._roll() < share

    def below(self, most: int) -> int:
        return int(self._roll() * most)

    def one_of(self, shares: Mapping[str, float]) -> str:
        left = self._roll() * sum(shares.values())
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return next(reversed(shares))

    def around(self, median: float, spread: float) -> float:
        """A span with that median and a long tail."""
        normal = math.sqrt(-2 * math.log(1 - self._roll())) * math.cos(2 * math.pi * self._roll())
        return median * math.exp(spread * normal)


def tickets(seed: int, count: int, first: datetime, days: int) -> list[Ticket]:
    """That many tickets, by creation; work is done on weekdays from 9 to 18, customers write when they like."""
    dice = Dice(seed)
    end = first + timedelta(days=days)
    created = sorted(_arrival(dice, first, days) for _ in range(count))
    return [_ticket(dice, number, at, end) for number, at in enumerate(created)]


def _arrival(dice: Dice, first: datetime, days: int) -> datetime:
    while True:
        at = first + timedelta(minutes=dice.below(days * 24 * 60))
        busy = 1.0 if OPENING <= at.hour < CLOSING else 0.15
        if dice.chance(busy * (0.25 if at.weekday() >= 5 else 1.0)):
            return at


def _ticket(dice: Dice, number: int, created: datetime, end: datetime) -> Ticket:
    priority = dice.one_of(SHARES)
    spam = dice.chance(0.03)
    replied = _worked(created, dice.around(REPLY_MINUTES[priority], 0.9))
    solved = _worked(replied, dice.around(SOLVE_HOURS[priority] * 60, 1.1))
    if dice.chance(0.04):  # solved without a word to the customer
        replied = None
    if spam or (replied is not None and replied > end):
        replied = None
    if spam or solved > end or dice.chance(0.05):
        solved = None
    asked = solved is not None and dice.chance(0.8)
    slow = solved is not None and solved - created > timedelta(days=4)
    rating = int(dice.one_of(SLOW_RATINGS if slow else RATINGS)) if asked and dice.chance(0.35) else None
    return Ticket(
        number=number,
        created=created,
        replied=replied,
        solved=solved,
        updated=min(end, max(filter(None, (created, replied, solved))) + timedelta(minutes=dice.below(90))),
        priority=priority,
        channel=dice.one_of(CHANNELS),
        topic=dice.one_of(TOPICS),
        company=dice.one_of(COMPANIES),
        requester=dice.below(90),
        agent=1 + dice.below(6),
        reopens=int(solved is not None and dice.chance(0.08)),
        replies=0 if replied is None else 1 + dice.below(4),
        asked=asked,
        rating=rating,
        spam=spam,
    )


def _worked(start: datetime, minutes: float) -> datetime:
    """The instant that many working minutes after another."""
    at, left = start.replace(second=0), max(1, round(minutes))
    while True:
        opens, closes = at.replace(hour=OPENING, minute=0), at.replace(hour=CLOSING, minute=0)
        at = max(at, opens)
        if at.weekday() < 5 and at < closes:
            room = int((closes - at).total_seconds()) // 60
            if left <= room:
                return at + timedelta(minutes=left)
            left -= room
        at = opens + timedelta(days=1)


def working_minutes(start: datetime, end: datetime) -> int:
    """Working minutes between two instants."""
    total, day = 0, start.replace(hour=0, minute=0)
    while day < end:
        opens, closes = day.replace(hour=OPENING), day.replace(hour=CLOSING)
        if day.weekday() < 5:
            total += max(0, int((min(end, closes) - max(start, opens)).total_seconds()) // 60)
        day += timedelta(days=1)
    return total


def _minutes(start: datetime, end: datetime | None) -> str:
    return "" if end is None else str(int((end - start).total_seconds()) // 60)


def _working(start: datetime, end: datetime | None) -> str:
    return "" if end is None else str(working_minutes(start, end))


def zendesk() -> bytes:
    """Admin Center's ticket CSV: two quarters of an online shop's helpdesk, times in minutes on two clocks."""
    return _csv([_zendesk(ticket) for ticket in tickets(7, 300, datetime(2025, 10, 1), 182)])


def _zendesk(t: Ticket) -> dict[str, object]:
    status = "deleted" if t.spam else "open" if t.solved is None else "closed" if t.number < 240 else "solved"
    if status == "open" and t.replied is not None:
        status = ("open", "pending", "hold")[t.number % 3]
    rated = {1: "Bad", 2: "Bad", 3: "Bad", 4: "Good", 5: "Good", None: "Offered"}
    return {
        "Summation column": 1,
        "Id": 10401 + t.number,
        "Requester": f"Customer {t.requester:02}",
        "Requester id": 560000 + t.requester,
        "Requester email": f"customer{t.requester:02}@example.com",
        "Submitter": f"Customer {t.requester:02}",
        "Assignee": "" if t.replied is None and t.solved is None else f"Agent {t.agent}",
        "Group": "Second line" if t.topic == "Integration" else "First line",
        "Subject": f"{t.topic} question",
        "Tags": t.topic.lower().replace(" ", "_"),
        "Status": status.capitalize(),
        "Priority": t.priority.capitalize(),
        "Via": {"email": "Mail", "web": "Web Form", "chat": "Chat", "phone": "Voice"}[t.channel],
        "Ticket type": "Incident" if t.topic == "Login" else "Question",
        "Created at": f"{t.created:%Y-%m-%d %H:%M}",
        "Updated at": f"{t.updated:%Y-%m-%d %H:%M}",
        "Organization": t.company,
        "Solved at": f"{t.solved:%Y-%m-%d %H:%M}" if t.solved else "",
        "Satisfaction Score": rated[t.rating] if t.asked else "Unoffered",
        "Reopens": t.reopens,
        "Replies": t.replies,
        "First reply time in minutes": _minutes(t.created, t.replied),
        "First reply time in minutes within business hours": _working(t.created, t.replied),
        "Full resolution time in minutes": _minutes(t.created, t.solved),
        "Full resolution time in minutes within business hours": _working(t.created, t.solved),
    }


def freshdesk() -> bytes:
    """Tickets > Export: timestamps of first reply and solution, answers of the survey in words."""
    return _csv([_freshdesk(ticket) for ticket in tickets(11, 160, datetime(2026, 1, 5), 56)])


def _freshdesk(t: Ticket) -> dict[str, object]:
    status = "Resolved" if t.solved else "Pending" if t.replied and t.number % 2 else "Open"
    due = t.created + timedelta(days=2)
    words = {1: "Unhappy", 2: "Unhappy", 3: "Neutral", 4: "Happy", 5: "Extremely Happy", None: ""}
    late = (t.solved or t.updated) > due
    return {
        "Ticket ID": 2101 + t.number,
        "Subject": f"{t.topic} question",
        "Status": "Spam" if t.spam else status,
        "Priority": {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Urgent"}[t.priority],
        "Source": {"email": "Email", "web": "Portal", "chat": "Chat", "phone": "Phone"}[t.channel],
        "Type": t.topic,
        "Agent": "No Agent" if t.replied is None else f"Agent {t.agent}",
        "Group": "Customer Support",
        "Created time": f"{t.created:%Y-%m-%d %H:%M:%S}",
        "Due by Time": f"{due:%Y-%m-%d %H:%M:%S}",
        "Resolved time": f"{t.solved:%Y-%m-%d %H:%M:%S}" if t.solved else "",
        "Last update time": f"{t.updated:%Y-%m-%d %H:%M:%S}",
        "Initial response time": f"{t.replied:%Y-%m-%d %H:%M:%S}" if t.replied else "",
        "Agent interactions": t.replies,
        "Resolution status": "SLA Violated" if late else "Within SLA",
        "Survey results": words[t.rating],
        "Email": f"customer{t.requester:02}@example.com",
        "Company Name": t.company,
    }


def glpi() -> bytes:
    """The ticket search of GLPI as CSV: semicolons, a BOM, ids with a space for thousands, durations in words."""
    rows = [_glpi(ticket) for ticket in tickets(13, 120, datetime(2026, 2, 2), 28) if not ticket.spam]
    return b"\xef\xbb\xbf" + _csv(rows, delimiter=";", line_end="\r\n")


def _glpi(t: Ticket) -> dict[str, object]:
    status = "Solved" if t.solved else "Processing (assigned)" if t.replied else "New"
    grouped = f"{18420 + t.number:,}".replace(",", " ")
    return {
        "ID": grouped,
        "Title": f"{t.topic} question",
        "Status": status,
        "Requester - Requester": f"User {t.requester:02} (2{t.requester:02})",
        "Assigned to - Technician": "" if t.replied is None else f"Technician {t.agent} (1{t.agent:02})",
        "Priority": {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Very high"}[t.priority],
        "Category": f"Services > {t.topic}",
        "Opening date": f"{t.created:%d-%m-%Y %H:%M}",
        "Resolution date": f"{t.solved:%d-%m-%Y %H:%M}" if t.solved else "",
        "Last update": f"{t.updated:%d-%m-%Y %H:%M}",
        "Statistics - Assignment time": _words(_working(t.created, t.replied)),
        "Statistics - Resolution time": _words(_working(t.created, t.solved)),
    }


def _words(minutes: str) -> str:
    return "" if not minutes else f"{int(minutes) // 60} hours {int(minutes) % 60} minutes"


def servicenow() -> bytes:
    """An incident list of ServiceNow: field names, everything quoted, ranks before the words of priority."""
    rows = [_servicenow(ticket) for ticket in tickets(17, 140, datetime(2026, 1, 12), 42) if not ticket.spam]
    return _csv(rows, quoting=csv.QUOTE_ALL)


def _servicenow(t: Ticket) -> dict[str, object]:
    ranked = {"low": "4 - Low", "normal": "3 - Moderate", "high": "2 - High", "urgent": "1 - Critical"}
    state = (
        "Closed" if t.solved and t.number < 90 else "Resolved" if t.solved else "In Progress" if t.replied else "New"
    )
    return {
        "number": f"INC{30100 + t.number:07}",
        "opened_at": f"{t.created:%Y-%m-%d %H:%M:%S}",
        "short_description": f"{t.topic} question",
        "caller_id": f"User {t.requester:02}",
        "priority": ranked[t.priority],
        "state": state,
        "category": t.topic,
        "contact_type": {"email": "Email", "web": "Self-service", "chat": "Chat", "phone": "Phone"}[t.channel],
        "assignment_group": "Service Desk",
        "assigned_to": "" if t.replied is None else f"Analyst {t.agent}",
        "resolved_at": f"{t.solved:%Y-%m-%d %H:%M:%S}" if t.solved else "",
        "reopen_count": t.reopens,
        "sys_updated_on": f"{t.updated:%Y-%m-%d %H:%M:%S}",
    }


def russian() -> bytes:
    """A register of a company's own, saved by a Russian spreadsheet: cp1251, semicolons, 03.02.2026, one bad date."""
    rows = [_russian(ticket) for ticket in tickets(19, 90, datetime(2026, 2, 2), 28) if not ticket.spam]
    rows[40]["Дата регистрации"] = "31.02.2026 10:15"
    return _csv(rows, delimiter=";", line_end="\r\n", encoding="cp1251")


def _russian(t: Ticket) -> dict[str, object]:
    topics = {
        "Billing": "Оплата",
        "Login": "Доступ",
        "Delivery": "Доставка",
        "Integration": "Интеграция",
        "How to": "Вопрос",
    }
    return {
        "№ заявки": f"З-{501 + t.number}",
        "Дата регистрации": f"{t.created:%d.%m.%Y %H:%M}",
        "Дата первого ответа": f"{t.replied:%d.%m.%Y %H:%M}" if t.replied else "",
        "Дата решения": f"{t.solved:%d.%m.%Y %H:%M}" if t.solved else "",
        "Статус": "Решена" if t.solved else "В работе" if t.replied else "Новая",
        "Приоритет": {"low": "Низкий", "normal": "Обычный", "high": "Высокий", "urgent": "Срочный"}[t.priority],
        "Канал": {"email": "Почта", "web": "Сайт", "chat": "Чат", "phone": "Телефон"}[t.channel],
        "Тематика": topics[t.topic],
        "Организация": f"Организация {1 + t.requester % 12}",
        "Исполнитель": "" if t.replied is None else f"Оператор {t.agent}",
        "Оценка клиента (1-5)": t.rating or "",
    }


def own_helpdesk() -> bytes:
    """A register that no program can guess: short headers, letters for words; own-helpdesk.yaml explains it."""
    rows = [_own(ticket) for ticket in tickets(29, 60, datetime(2026, 3, 2), 21) if not ticket.spam]
    return _csv(rows, delimiter=";")


def _own(t: Ticket) -> dict[str, object]:
    return {
        "Lfd": 7001 + t.number,
        "Ein": f"{t.created:%d.%m.%Y %H:%M}",
        "Rück": f"{t.replied:%d.%m.%Y %H:%M}" if t.replied else "-",
        "Aus": f"{t.solved:%d.%m.%Y %H:%M}" if t.solved else "-",
        "Z": "E" if t.solved else "W" if t.replied else "N",
        "Drg": {"low": 4, "normal": 3, "high": 2, "urgent": 1}[t.priority],
        "Weg": {"email": "M", "web": "F", "chat": "F", "phone": "T"}[t.channel],
        "Aufwand": max(5, 5 * (t.replies * 3)),
        "Note": {1: "5", 2: "4", 3: "3", 4: "2", 5: "1", None: "-"}[t.rating],
    }


def nps() -> bytes:
    """Answers to "would you recommend us", asked once a quarter of the customers of the Zendesk example."""
    dice = Dice(23)
    shares = {"10": 0.3, "9": 0.24, "8": 0.16, "7": 0.1, "6": 0.06, "5": 0.05, "3": 0.05, "0": 0.04}
    rows = [
        {
            "Respondent": f"customer{person:02}@example.com",
            "Date": f"{datetime(2026, 3, 2) + timedelta(minutes=dice.below(14 * 24 * 60)):%Y-%m-%d %H:%M}",
            "NPS": dice.one_of(shares),
        }
        for person in range(90)
        if dice.chance(0.6)
    ]
    return _csv(rows)


def _csv(
    rows: Sequence[Mapping[str, object]],
    *,
    delimiter: str = ",",
    line_end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
    encoding: str = "utf-8",
) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


FILES: Mapping[str, Callable[[], bytes]] = {
    "zendesk.csv": zendesk,
    "freshdesk.csv": freshdesk,
    "glpi.csv": glpi,
    "servicenow.csv": servicenow,
    "russian.csv": russian,
    "own-helpdesk.csv": own_helpdesk,
    "nps.csv": nps,
}


def write(folder: Path) -> Iterable[Path]:
    """Write every example into a folder."""
    for name, make in FILES.items():
        path = folder / name
        path.write_bytes(make())
        yield path


if __name__ == "__main__":
    for written in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        sys.stdout.write(f"wrote {written}\n")

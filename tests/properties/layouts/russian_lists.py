"""Itilium (1C), Jivo, Webim: lists saved by hand, whose columns are only known by their words, named by their user."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_UPDATES, Layout
from layouts.writing import Files, Row, last_end, rows
from supportkpi.demo.model import Desk

_STATES = {
    "new": "Зарегистрировано",
    "open": "В работе",
    "pending": "Ожидание ответа инициатора",
    "hold": "Отложено",
    "solved": "Решено",
    "closed": "Закрыто",
}
_PRIORITIES = {"urgent": "Критический", "high": "Высокий", "normal": "Средний", "low": "Низкий"}
_CHANNELS = {"email": "E-mail", "web": "Сайт", "chat": "Чат на сайте", "messenger": "Telegram", "phone": "Телефон"}


def _look(desk: Desk, at: int | None) -> str:
    """As 1C and the lists of Russian systems write it: days first, an hour without a zero before it."""
    if at is None:
        return ""
    local = desk.hours.local(at)
    return f"{local:%d.%m.%Y} {local.hour}:{local:%M:%S}"


def _saved(table: Sequence[Row], *, encoding: str, title: str = "", total: bool = False) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, delimiter=";", lineterminator="\r\n").writerow
    empty = [""] * (len(table[0]) - 1)
    if title:
        write([title, *empty])
    for row in ([*table[0]], *(list(row.values()) for row in table)):
        write(row)
    if total:
        write(["Итого", *empty])
    return text.getvalue().encode(encoding)


def itilium(desk: Desk) -> Files:
    """A list of 1C: a title, cp1251, a line of totals."""
    table = [
        {
            "Номер": f"ИТ-{ticket.number:06}",
            "Дата": _look(desk, ticket.created),
            "Состояние": _STATES[row.status],
            "Приоритет": _PRIORITIES[row.priority],
            "Инициатор": ticket.requester.name,
            "Клиент": ticket.requester.organization or "",
            "Ответственный": row.assignee.name if row.assignee else "",
            "Рабочая группа": row.group,
            "Услуга": desk.words.categories[ticket.category],
            "Способ обращения": _CHANNELS[ticket.channel],
            "Крайний срок решения": _look(desk, ticket.created + 2 * 1440),
            "Дата решения": _look(desk, last_end(ticket)),
            "Просрочено": "Нет",
        }
        for ticket, row in rows(desk)
    ]
    return {"обращения.csv": _saved(table, encoding="cp1251", title="Обращения за период", total=True)}


def jivo(desk: Desk) -> Files:
    """A list of chats: when each began, was answered and ended, and a thumb."""
    table = [
        {
            "Номер чата": ticket.number,
            "Дата чата": _look(desk, ticket.created),
            "Первый ответ": _look(desk, row.first_reply),
            "Конец чата": _look(desk, row.solved),
            "Агент": row.assignee.name if row.assignee else "",
            "Канал": _CHANNELS[ticket.channel],
            "ID клиента": f"v-{ticket.requester.number}",
            "Оценка": {"good": "положительная", "bad": "отрицательная"}.get(ticket.rating or "", ""),
        }
        for ticket, row in reversed(rows(desk))
    ]
    return {"chats.csv": _saved(table, encoding="utf-8-sig")}


def webim(desk: Desk) -> Files:
    """A list of conversations: states, departments, stars."""
    table = [
        {
            "ID обращения": ticket.number,
            "Дата создания": _look(desk, ticket.created),
            "Дата первого ответа": _look(desk, row.first_reply),
            "Дата закрытия": _look(desk, row.solved),
            "Статус": _STATES[row.status],
            "Оператор": row.assignee.name if row.assignee else "",
            "Отдел": row.group,
            "Посетитель": f"p-{ticket.requester.number}",
            "Тематика": desk.words.categories[ticket.category],
            "Оценка (1-5)": {"good": 5, "bad": 1}.get(ticket.rating or "", ""),
        }
        for ticket, row in rows(desk)
    ]
    return {"conversations.csv": _saved(table, encoding="utf-8")}


_UNCOUNTED = NO_REPLIES - {"first_response_time"}
LAYOUTS = (
    Layout(
        write=itilium,
        helpdesk="itilium",
        silent=FLAT | NO_REPLIES,
        otherwise=NO_UPDATES,
        is_local=True,
        is_asked=True,
    ),
    Layout(
        write=jivo,
        helpdesk="jivo",
        silent=FLAT - NO_RATINGS | _UNCOUNTED,
        lacks=frozenset({"offer", "category"}),
        otherwise=NO_UPDATES,
        has_priority=False,
        is_local=True,
        is_asked=True,
    ),
    Layout(
        write=webim,
        helpdesk="webim",
        silent=FLAT - NO_RATINGS | _UNCOUNTED,
        lacks=frozenset({"offer"}),
        otherwise=NO_UPDATES,
        beyond=frozenset({"csat_mean"}),
        has_priority=False,
        is_local=True,
        is_asked=True,
    ),
)

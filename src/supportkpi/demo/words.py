"""The words of the made-up helpdesk in each language: what its people would have typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words by the names that the program uses inside."""

    lang: str
    zone: str
    currency: str
    closed: tuple[date, ...]  # public holidays of the two quarters that lie on working days
    customer: str
    agent: str
    bot: str
    organization: str
    groups: tuple[str, str]  # first and second line
    categories: Mapping[str, str]
    tiers: Mapping[str, str]
    log: Mapping[str, str]  # headers and activities of the event log
    register: Mapping[str, str]  # headers of a register, where the language has one


EN = Words(
    lang="en",
    zone="Europe/Berlin",
    currency="EUR",
    closed=(date(2025, 10, 3), date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)),
    customer="Customer",
    agent="Agent",
    bot="Helper bot",
    organization="Company",
    groups=("First line", "Second line"),
    categories={
        "billing": "Billing",
        "access": "Login and access",
        "howto": "How-to",
        "bug": "Bugs",
        "integration": "Integrations",
        "export": "Data export",
    },
    tiers={"vip": "vip", "standard": "standard"},
    log={
        "case": "Case ID",
        "activity": "Activity",
        "timestamp": "Timestamp",
        "actor": "Actor",
        "role": "Role",
        "visibility": "Visibility",
        "was": "Old value",
        "becomes": "New value",
        "requester": "Requester id",
        "organization": "Organization",
        "tier": "Customer tier",
        "channel": "Channel",
        "category": "Category",
        "merged": "Merged into",
        "created": "Ticket created",
        "reply": "Public reply",
        "note": "Internal note",
        "status": "Status changed",
        "priority": "Priority changed",
        "assignee": "Assignee changed",
        "group": "Group changed",
        "level": "Support level changed",
        "handoff": "Handed over to an agent",
        "customer": "customer",
        "agent": "agent",
        "bot": "bot",
        "system": "system",
        "public": "public",
        "internal": "internal",
        **{word: word for word in ("new", "open", "pending", "hold", "solved", "closed", "deleted")},
        **{word: word for word in ("urgent", "high", "normal", "low")},
        **{word: word for word in ("email", "web", "chat", "messenger", "phone")},
    },
    register={},
)

RU = Words(
    lang="ru",
    zone="Europe/Moscow",
    currency="RUB",
    closed=(
        date(2025, 11, 3),
        date(2025, 11, 4),
        date(2025, 12, 31),
        *(date(2026, 1, day) for day in (1, 2, 3, 5, 6, 7, 8, 9, 10)),
        date(2026, 2, 23),
        date(2026, 3, 9),
    ),
    customer="Клиент",
    agent="Оператор",
    bot="Бот-помощник",
    organization="Организация",
    groups=("Первая линия", "Вторая линия"),
    categories={
        "billing": "Оплата",
        "access": "Вход и доступ",
        "howto": "Вопросы по работе",
        "bug": "Ошибки",
        "integration": "Интеграции",
        "export": "Выгрузка данных",
    },
    tiers={"vip": "VIP", "standard": "обычный"},
    log={
        "case": "Номер заявки",
        "activity": "Действие",
        "timestamp": "Дата и время",
        "actor": "Автор",
        "role": "Роль",
        "visibility": "Видимость",
        "was": "Было",
        "becomes": "Стало",
        "requester": "Заявитель",
        "organization": "Организация",
        "tier": "Сегмент",
        "channel": "Канал",
        "category": "Тематика",
        "merged": "Объединена с",
        "created": "Создание заявки",
        "reply": "Сообщение",
        "note": "Внутренний комментарий",
        "status": "Смена статуса",
        "priority": "Смена приоритета",
        "assignee": "Смена исполнителя",
        "group": "Смена группы",
        "level": "Смена линии поддержки",
        "handoff": "Перевод с бота на оператора",
        "customer": "клиент",
        "agent": "оператор",
        "bot": "бот",
        "system": "система",
        "public": "публичное",
        "internal": "внутреннее",
        "new": "Новая",
        "open": "В работе",
        "pending": "Ожидание ответа клиента",
        "hold": "Отложена",
        "solved": "Решена",
        "closed": "Закрыта",
        "deleted": "Удалена",
        "urgent": "Критичный",
        "high": "Высокий",
        "normal": "Обычный",
        "low": "Низкий",
        "email": "Почта",
        "web": "Сайт",
        "chat": "Чат",
        "messenger": "Мессенджер",
        "phone": "Телефон",
    },
    register={
        "number": "№ заявки",
        "created": "Дата регистрации",
        "replied": "Дата первого ответа",
        "solved": "Дата решения",
        "updated": "Дата изменения",
        "status": "Статус",
        "priority": "Приоритет",
        "channel": "Канал",
        "category": "Тематика",
        "requester": "Заявитель",
        "organization": "Организация",
        "tier": "Сегмент",
        "group": "Группа",
        "assignee": "Исполнитель",
        "rating": "Оценка клиента (1-5)",
        "reopens": "Количество переоткрытий",
        "merged": "Объединена с",
    },
)

WORDS: Mapping[str, Words] = {words.lang: words for words in (EN, RU)}

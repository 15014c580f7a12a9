# ruff: noqa: E501 - a line of a register is as long as it is
"""Registers of requests as companies keep them by themselves: small files, and what a person reads in their first rows.

Each register is a name, its text, and the values of some of its tickets by field; instants without a zone are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A file and what it says: ``tickets`` by id, ``encoding``, ``absent``: fields that no column may stand for."""

    name: str
    text: str
    tickets: Mapping[str, Mapping[str, object]]
    encoding: str = "utf-8"
    absent: tuple[str, ...] = ()
    says: str = ""  # what a note about the file has to contain
    options: Mapping[str, object] = field(default_factory=dict)


RUSSIAN = (
    Register(
        name="журнал обращений",
        text="""Номер обращения;Дата регистрации;Срок реакции;Ответственный;Клиент;Тема;Приоритет;Статус;Дата закрытия;Оценка клиента
А-17;02.03.2026 9:05;02.03.2026 9:35;Петрова;ООО «Луч»;не печатает;Высокий;Закрыто;02.03.2026 18:40;5
А-18;13.03.2026 10:00;13.03.2026 10:30;Сидоров;ИП Ким;нет сети;Низкий;В работе;;
""",
        tickets={
            "А-17": {
                "created_at": "2026-03-02T09:05",
                "first_response_due_at": "2026-03-02T09:35",
                "assignee_id": "Петрова",
                "priority": "high",
                "status": "closed",
                "closed_at": "2026-03-02T18:40",
                "csat": 5.0,
            },
            "А-18": {"status": "open", "priority": "low", "closed_at": None},
        },
        absent=("first_reply_at", "solved_at"),
    ),
    Register(
        name="выгрузка из 1С",
        encoding="cp1251",
        text="""Обращения за март;;;;;;;
;;;;;;;
№;Дата;Состояние;Инициатор;Исполнитель;Вид обращения;Трудозатраты, ч;Выполнено в срок
000000123;02.03.2026 9:05:07;Выполнено;Орлов;Анна;Инцидент;1,50;Да
000000124;14.03.2026 0:00:00;На согласовании;Сова;Борис;Консультация;12,25;Нет
Итого;;;;;;13,75;
""",
        tickets={
            "000000123": {
                "created_at": "2026-03-02T09:05:07",
                "status": "solved",
                "requester_id": "орлов",
                "assignee_id": "Анна",
                "category": "Инцидент",
                "given_handle_s": 5400.0,
                "given_sla_resolution_met": True,
            },
            "000000124": {"given_handle_s": 44_100.0, "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="реестр заявок",
        text="""№ заявки,Дата и время поступления,Заявитель,Канал поступления,Категория,Критичность,Исполнитель,Дата и время первого ответа,Дата и время выполнения,Состояние заявки
101,2026-03-02 10:00:00,a@x.ru,Телефон,Доступ,Критическая,Ильин,2026-03-02 10:04:00,2026-03-02 11:00:00,Выполнена
102,2026-03-02 10:30:00,b@x.ru,Почта,Печать,Средняя,Ильин,,,Новая
""",
        tickets={
            "101": {
                "created_at": "2026-03-02T10:00",
                "requester_id": "a@x.ru",
                "channel": "phone",
                "category": "Доступ",
                "priority": "urgent",
                "first_reply_at": "2026-03-02T10:04",
                "solved_at": "2026-03-02T11:00",
                "status": "solved",
            },
            "102": {"channel": "email", "priority": "normal", "status": "new", "solved_at": None},
        },
    ),
    Register(
        name="таблица первой линии",
        text="""ID	Создан	Взят в работу	Решен	Переоткрыт (раз)	Линия поддержки	Сотрудник	Время решения, мин	Регион
7001	01.02.2026 12:00	01.02.2026 12:10	01.02.2026 13:00	0	1 линия	Юля	60	Тверь
7002	15.02.2026 12:00	15.02.2026 12:30	15.02.2026 18:00	2	2 линия	Олег	360	Омск
""",
        tickets={
            "7001": {
                "created_at": "2026-02-01T12:00",
                "first_assigned_at": "2026-02-01T12:10",
                "solved_at": "2026-02-01T13:00",
                "given_reopens": 0,
                "group": "1 линия",
                "assignee_id": "Юля",
                "given_resolution_s": 3600.0,
                "region": "Тверь",
            },
            "7002": {"given_reopens": 2, "given_resolution_s": 21_600.0},
        },
    ),
    Register(
        name="длительности словами",
        text="""Номер тикета;Создано;Время первого ответа;Время решения;Статус тикета;Оператор
5;03.04.2026 08:00:00;2 ч 10 мин;1 д 3 ч;Решён;Анна
6;23.04.2026 08:00:00;45 мин;;Ожидает ответа клиента;Анна
""",
        tickets={
            "5": {"given_first_response_s": 7800.0, "given_resolution_s": 97_200.0, "status": "solved"},
            "6": {"given_first_response_s": 2700.0, "status": "pending"},
        },
    ),
    Register(
        name="месяцы словами",
        text="""Обращение;Дата обращения;Дата ответа;Кто ответил;Источник обращения
О-1;2 марта 2026 г., 09:05;2 марта 2026 г., 09:45;Анна;Сайт
О-2;14 сент. 2026 г., 10:00;;;Telegram
""",
        tickets={
            "О-1": {"created_at": "2026-03-02T09:05", "first_reply_at": "2026-03-02T09:45", "channel": "web"},
            "О-2": {"created_at": "2026-09-14T10:00", "channel": "messenger"},
        },
    ),
    Register(
        name="дата и время врозь",
        text="""Рег. номер;Дата регистрации;Время регистрации;Дата закрытия;Время закрытия;Приоритет заявки;Ответственный сотрудник
17/26;02.03.2026;09:05;02.03.2026;17:30;1 - Критический;Петров П.
18/26;13.03.2026;23:59;;;4 - Низкий;Сомов С.
""",
        tickets={
            "17/26": {
                "created_at": "2026-03-02T09:05",
                "closed_at": "2026-03-02T17:30",
                "priority": "urgent",
                "assignee_id": "Петров П.",
            },
            "18/26": {"created_at": "2026-03-13T23:59", "priority": "low"},
        },
    ),
    Register(
        name="план и факт",
        text="""Номер;Дата создания;Плановая дата решения;Фактическая дата решения;Просрочена;Заказчик;Контактное лицо
1;01.03.2026 10:00;02.03.2026 10:00;01.03.2026 15:00;Нет;АО «Север»;Иванова
2;15.03.2026 10:00;16.03.2026 10:00;18.03.2026 09:00;Да;АО «Юг»;Петрова
""",
        tickets={
            "1": {
                "created_at": "2026-03-01T10:00",
                "resolution_due_at": "2026-03-02T10:00",
                "solved_at": "2026-03-01T15:00",
                "organization_id": "АО «Север»",
                "requester_id": "иванова",
            },
            "2": {"solved_at": "2026-03-18T09:00", "resolution_due_at": "2026-03-16T10:00"},
        },
    ),
    Register(
        name="оценка словами",
        text="""Код обращения;Поступило;Завершено;Удовлетворенность;Спам
s1;2026/03/02 10:00;2026/03/02 12:00;Отлично;нет
s2;2026/03/02 11:00;2026/03/03 12:00;Плохо;нет
s3;2026/03/14 11:00;;;да
s4;2026/03/14 12:00;2026/03/14 13:00;Средне;нет
""",
        tickets={
            "s1": {"created_at": "2026-03-02T10:00", "solved_at": "2026-03-02T12:00", "csat": 5.0, "exclusion": None},
            "s2": {"csat": 2.0},
            "s3": {"exclusion": "spam"},
            "s4": {"csat": 3.0},
        },
    ),
    Register(
        name="колл-центр",
        text="""Номер запроса;Время обращения;Скорость ответа (сек);Длительность обработки;Оператор;Результат
31;02.03.2026 09:00:10;25;00:05:30;Оля;консультация
32;22.03.2026 09:00:10;140;01:12:00;Ира;перевод
""",
        tickets={
            "31": {"created_at": "2026-03-02T09:00:10", "given_first_response_s": 25.0, "given_handle_s": 330.0},
            "32": {"given_first_response_s": 140.0, "given_handle_s": 4320.0, "assignee_id": "Ира"},
        },
    ),
    Register(
        name="тысячи с пробелом",
        text="""№ обращения;Дата приёма;Дата исполнения;Стоимость;Валюта;Подразделение
12 345;02.03.2026 9:00;03.03.2026 9:00;1 234,50;RUB;Склад
12 346;20.03.2026 9:00;21.03.2026 9:00;90,00;RUB;Офис
""",
        tickets={
            "12345": {
                "created_at": "2026-03-02T09:00",
                "solved_at": "2026-03-03T09:00",
                "cost": 1234.5,
                "currency": "RUB",
            },
            "12346": {"cost": 90.0, "group": "Офис"},
        },
    ),
    Register(
        name="статусы учреждения",
        text="""Регистрационный номер;Дата поступления;Срок исполнения;Дата исполнения;Статус обращения;Тема обращения;ФИО заявителя
В-1;02.03.2026;01.04.2026;20.03.2026;Рассмотрено;ЖКХ;Иванов И. И.
В-2;16.03.2026;15.04.2026;;На рассмотрении;Дороги;Петров П. П.
В-3;16.03.2026;15.04.2026;17.03.2026;Отказано в рассмотрении;Дороги;Сидоров С. С.
""",
        tickets={
            "В-1": {
                "created_at": "2026-03-02T00:00",
                "resolution_due_at": "2026-04-01T00:00",
                "solved_at": "2026-03-20T00:00",
                "status": "solved",
                "category": "ЖКХ",
            },
            "В-2": {"status": "open"},
            "В-3": {"status": "closed"},
        },
    ),
    Register(
        name="сокращённые заголовки",
        text="""№ п/п;№ заявки;Дата созд.;Дата закр.;Исп.;Приор.;Сост.
1;З-9;02.03.2026 10:00;02.03.2026 12:00;Анна;выс.;закр.
2;З-10;20.03.2026 10:00;;Яна;низк.;в раб.
""",
        tickets={"З-9": {"created_at": "2026-03-02T10:00", "closed_at": "2026-03-02T12:00"}, "З-10": {}},
    ),
    Register(
        name="возвраты и эскалации",
        text="""ID обращения;Создано (МСК);Первый ответ (МСК);Решено (МСК);Кол-во переоткрытий;Эскалация;Кол-во сообщений оператора
e1;02.03.2026 12:00;02.03.2026 12:30;02.03.2026 15:00;1;Да;3
e2;13.03.2026 12:00;13.03.2026 12:05;13.03.2026 12:20;0;Нет;1
""",
        tickets={
            "e1": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:30",
                "solved_at": "2026-03-02T12:00",
                "given_reopens": 1,
                "escalated": True,
            },
            "e2": {"created_at": "2026-03-13T09:00", "escalated": False},
        },
    ),
)

ENGLISH = (
    Register(
        name="helpdesk log",
        text="""Ref,Date Raised,Raised By,Assigned To,Severity,Date Fixed,Time to Fix (hrs)
HD001,02/03/2026 09:00,kay,ann,Critical,02/03/2026 11:30,2.5
HD002,25/03/2026 09:00,lee,bob,Minor,,
""",
        tickets={
            "HD001": {
                "created_at": "2026-03-02T09:00",
                "requester_id": "kay",
                "assignee_id": "ann",
                "priority": "urgent",
                "solved_at": "2026-03-02T11:30",
                "given_resolution_s": 9000.0,
            },
            "HD002": {"priority": "low", "solved_at": None},
        },
    ),
    Register(
        name="it requests",
        text="""Request No.,Logged On,Logged By,Response Date,Completion Date,State,Team,SLA Met?
R-1,2026-03-02T09:00:00Z,kay,2026-03-02T09:20:00Z,2026-03-02T10:00:00Z,Done,Network,Y
R-2,2026-03-03T09:00:00Z,lee,2026-03-03T12:00:00Z,,In Progress,Desktop,N
""",
        tickets={
            "R-1": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:20",
                "solved_at": "2026-03-02T10:00",
                "status": "solved",
                "group": "Network",
                "given_sla_resolution_met": True,
            },
            "R-2": {"status": "open", "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="us dates",
        text="""Ticket #,Opened,First Response,Closed,Priority,Customer Email,CSAT (1-5)
9,3/17/2026 6:04 PM,3/17/2026 6:30 PM,3/18/2026 9:00 AM,P1,kay@example.com,4
10,3/2/2026 12:00 AM,,,P3,lee@example.com,
""",
        tickets={
            "9": {
                "created_at": "2026-03-17T18:04",
                "first_reply_at": "2026-03-17T18:30",
                "closed_at": "2026-03-18T09:00",
                "priority": "urgent",
                "requester_id": "kay@example.com",
                "csat": 4.0,
            },
            "10": {"created_at": "2026-03-02T00:00", "priority": "normal"},
        },
    ),
    Register(
        name="warehouse view",
        text="""ticket_key|created_ts|first_response_ts|resolved_ts|current_status|assignee_name|queue_name|reopen_cnt|is_escalated
k1|1772442000|1772442600|1772445600|RESOLVED|ann|tier1|0|false
k2|1772452000||1772459200|REOPENED|bob|tier2|3|true
""",
        tickets={
            "k1": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:10",
                "solved_at": "2026-03-02T10:00",
                "status": "solved",
                "group": "tier1",
                "given_reopens": 0,
                "escalated": False,
            },
            "k2": {"status": "open", "given_reopens": 3, "escalated": True},
        },
    ),
    Register(
        name="minutes and hours",
        text="""Case ID,Created Date,FRT (mins),TTR (hours),Agent Name,Channel,Status
c1,2026-03-02 09:00,15,4.5,ann,Live chat,Closed
c2,2026-03-13 09:00,90,,bob,Inbound call,Waiting for customer
""",
        tickets={
            "c1": {
                "given_first_response_s": 900.0,
                "given_resolution_s": 16_200.0,
                "channel": "chat",
                "status": "closed",
            },
            "c2": {"given_first_response_s": 5400.0, "channel": "phone", "status": "pending"},
        },
    ),
    Register(
        name="complaints",
        text="""Complaint No,Date Received,Date Acknowledged,Date Resolved,Complainant,Complaint Type,Outcome
1,02-Mar-2026,03-Mar-2026,10-Mar-2026,K. Lee,Billing,Upheld
2,15-Mar-2026,16-Mar-2026,,M. Ray,Delivery,
""",
        tickets={
            "1": {
                "created_at": "2026-03-02T00:00",
                "first_assigned_at": "2026-03-03T00:00",
                "solved_at": "2026-03-10T00:00",
                "category": "Billing",
                "requester_id": "k. lee",
            },
            "2": {"solved_at": None},
        },
    ),
    Register(
        name="due and done",
        text="""Job Number,Reported Date,Due Date,Completed Date,Priority Level,Site,Engineer
J1,02/03/2026 10:00,04/03/2026 10:00,03/03/2026 09:00,2 - High,York,ann
J2,22/03/2026 10:00,24/03/2026 10:00,25/03/2026 09:00,3 - Medium,Hull,bob
""",
        tickets={
            "J1": {
                "created_at": "2026-03-02T10:00",
                "resolution_due_at": "2026-03-04T10:00",
                "solved_at": "2026-03-03T09:00",
                "priority": "high",
                "region": "York",
                "assignee_id": "ann",
            },
            "J2": {"priority": "normal"},
        },
    ),
    Register(
        name="two clocks",
        text="""Ticket,Created,Resolution Time (Business Hours),Resolution Time (Calendar Hours),Rating (1-10)
1,2026-03-02 09:00:00,2:30:00,18:30:00,9
2,2026-03-13 09:00:00,26:15:00,74:15:00,3
""",
        tickets={
            "1": {"given_resolution_business_s": 9000.0, "given_resolution_s": 66_600.0, "csat": 9.0},
            "2": {"given_resolution_business_s": 94_500.0, "given_resolution_s": 267_300.0},
        },
    ),
    Register(
        name="camel case",
        text="""incidentId,createdDate,firstResponseDate,resolvedDate,incidentStatus,customerName,companyName
i1,2026-03-02T09:00:00+02:00,2026-03-02T09:30:00+02:00,2026-03-02T12:00:00+02:00,Closed - Resolved,kay,Acme
i2,2026-03-03T09:00:00+02:00,,,On Hold,lee,Globex
""",
        tickets={
            "i1": {
                "created_at": "2026-03-02T07:00",
                "first_reply_at": "2026-03-02T07:30",
                "solved_at": "2026-03-02T10:00",
                "status": "closed",
                "requester_id": "kay",
                "organization_id": "Acme",
            },
            "i2": {"status": "hold"},
        },
    ),
    Register(
        name="no id but a number",
        text="""Number of call,When,Caller,Handled by,Talk time,Notes
1001,2026-03-02 09:00:00,kay,ann,00:03:10,fine
1002,2026-03-02 09:30:00,lee,bob,00:01:00,back
""",
        tickets={"1001": {"created_at": "2026-03-02T09:00", "requester_id": "kay", "assignee_id": "ann"}},
    ),
)

SPANISH = (
    Register(
        name="registro de incidencias",
        text="""Nº de incidencia;Fecha de apertura;Fecha de cierre;Solicitante;Asignado a;Prioridad;Estado;Valoración (1-5)
INC-1;02/03/2026 09:00;02/03/2026 17:00;ana@x.es;Luis;Alta;Cerrada;5
INC-2;23/03/2026 09:00;;eva@x.es;Marta;Baja;En curso;
""",
        tickets={
            "INC-1": {
                "created_at": "2026-03-02T09:00",
                "closed_at": "2026-03-02T17:00",
                "requester_id": "ana@x.es",
                "assignee_id": "Luis",
                "priority": "high",
                "status": "closed",
                "csat": 5.0,
            },
            "INC-2": {"priority": "low", "status": "open"},
        },
    ),
    Register(
        name="folios",
        text="""Folio,Fecha de registro,Fecha de primera respuesta,Fecha de solución,Estatus,Medio de contacto,Ejecutivo
F1,2026-03-02 09:00,2026-03-02 09:40,2026-03-02 15:00,Solucionado,Correo electrónico,Rosa
F2,2026-03-12 09:00,,,Pendiente,Llamada,Juan
""",
        tickets={
            "F1": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:40",
                "solved_at": "2026-03-02T15:00",
                "status": "solved",
                "channel": "email",
                "assignee_id": "Rosa",
            },
            "F2": {"status": "pending", "channel": "phone"},
        },
    ),
    Register(
        name="tiempos en horas",
        text="""ID;Creado el;Tiempo de primera respuesta (horas);Tiempo de resolución (horas);Cliente;Urgencia
1;15/03/2026 10:00;0,5;12,25;Acme;Crítica
2;16/03/2026 10:00;2,0;;Globex;Media
""",
        tickets={
            "1": {"given_first_response_s": 1800.0, "given_resolution_s": 44_100.0, "priority": "urgent"},
            "2": {"given_first_response_s": 7200.0, "priority": "normal"},
        },
    ),
    Register(
        name="meses con letras",
        text="""Número de caso;Fecha de alta;Fecha de resolución;Técnico;Departamento;Reaperturas
1;5 de marzo de 2026 14:05;6 de marzo de 2026 10:00;Pilar;Sistemas;1
2;12 de abril de 2026 09:00;;Raúl;Redes;0
""",
        tickets={
            "1": {
                "created_at": "2026-03-05T14:05",
                "solved_at": "2026-03-06T10:00",
                "assignee_id": "Pilar",
                "group": "Sistemas",
                "given_reopens": 1,
            },
            "2": {"created_at": "2026-04-12T09:00"},
        },
    ),
    Register(
        name="quejas",
        text="""Código;Fecha recepción;Fecha respuesta;Reclamante;Motivo;Canal;Resuelto en plazo
Q-1;02/03/2026;20/03/2026;Ana;Factura;Web;Sí
Q-2;10/03/2026;25/03/2026;Eva;Entrega;Teléfono;No
""",
        tickets={
            "Q-1": {
                "created_at": "2026-03-02T00:00",
                "first_reply_at": "2026-03-20T00:00",
                "category": "Factura",
                "channel": "web",
            },
            "Q-2": {"given_sla_resolution_met": False, "channel": "phone"},
        },
    ),
)

PORTUGUESE = (
    Register(
        name="chamados",
        text="""Nº do chamado;Data de abertura;Data de fechamento;Solicitante;Responsável;Prioridade;Situação;Nota do cliente (1-5)
C1;02/03/2026 09:00;02/03/2026 18:00;ana;Rui;Alta;Encerrado;4
C2;22/03/2026 09:00;;eva;Lia;Baixa;Em atendimento;
""",
        tickets={
            "C1": {
                "created_at": "2026-03-02T09:00",
                "closed_at": "2026-03-02T18:00",
                "requester_id": "ana",
                "assignee_id": "Rui",
                "priority": "high",
                "status": "closed",
                "csat": 4.0,
            },
            "C2": {"status": "open", "priority": "low"},
        },
    ),
    Register(
        name="protocolos",
        text="""Protocolo,Criado em,Primeira resposta em,Resolvido em,Fila,Canal de atendimento,Reaberturas
2026001,2026-03-02 09:00:00,2026-03-02 09:15:00,2026-03-02 10:00:00,Suporte,E-mail,0
2026002,2026-03-13 09:00:00,,,Financeiro,Telefone,2
""",
        tickets={
            "2026001": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:15",
                "solved_at": "2026-03-02T10:00",
                "group": "Suporte",
                "channel": "email",
                "given_reopens": 0,
            },
            "2026002": {"given_reopens": 2, "channel": "phone"},
        },
    ),
    Register(
        name="tempos por extenso",
        text="""ID;Data de criação;Tempo de resposta;Tempo de resolução;Atendente;Dentro do SLA
1;15/03/2026 08:00;35 minutos;1 dia 2 horas;Nuno;Sim
2;16/03/2026 08:00;2 horas;3 dias;Inês;Não
""",
        tickets={
            "1": {
                "given_first_response_s": 2100.0,
                "given_resolution_s": 93_600.0,
                "assignee_id": "Nuno",
                "given_sla_resolution_met": True,
            },
            "2": {"given_first_response_s": 7200.0, "given_resolution_s": 259_200.0, "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="ouvidoria",
        text="""Número da manifestação;Data do registro;Prazo;Data da resposta;Cidadão;Assunto;Status
M-1;02/03/2026;01/04/2026;20/03/2026;Ana;Iluminação;Concluída
M-2;13/03/2026;12/04/2026;;Rui;Trânsito;Aguardando resposta do órgão
""",
        tickets={
            "M-1": {
                "created_at": "2026-03-02T00:00",
                "resolution_due_at": "2026-04-01T00:00",
                "first_reply_at": "2026-03-20T00:00",
                "status": "solved",
            },
            "M-2": {"status": "pending"},
        },
    ),
)

GERMAN = (
    Register(
        name="störungen",
        text="""Vorgangsnummer;Eingang am;Erledigt am;Melder;Bearbeiter;Priorität;Zustand;Bewertung (1-5)
V-1;02.03.2026 09:00;02.03.2026 16:30;Kurz;Lang;Hoch;Erledigt;4
V-2;23.03.2026 09:00;;Klein;Groß;Niedrig;In Bearbeitung;
""",
        tickets={
            "V-1": {
                "created_at": "2026-03-02T09:00",
                "solved_at": "2026-03-02T16:30",
                "requester_id": "kurz",
                "assignee_id": "Lang",
                "priority": "high",
                "status": "solved",
                "csat": 4.0,
            },
            "V-2": {"status": "open", "priority": "low"},
        },
    ),
    Register(
        name="anfragen mit stunden",
        text="""Ticket-Nr.;Erstellt am;Erste Antwort am;Geschlossen am;Reaktionszeit (Std);Bearbeitungszeit (Std);Abteilung
1;02.03.2026 08:00;02.03.2026 09:30;03.03.2026 08:00;1,5;0,75;IT
2;20.03.2026 08:00;20.03.2026 08:15;;0,25;0,5;HR
""",
        tickets={
            "1": {
                "created_at": "2026-03-02T08:00",
                "first_reply_at": "2026-03-02T09:30",
                "closed_at": "2026-03-03T08:00",
                "given_first_response_s": 5400.0,
                "group": "IT",
            },
            "2": {"first_reply_at": "2026-03-20T08:15"},
        },
    ),
    Register(
        name="meldungen",
        encoding="cp1252",
        text="""Meldungsnr;Gemeldet am;Fällig bis;Abgeschlossen am;Kunde;Ansprechpartner;Kategorie;Frist eingehalten
M1;5. März 2026, 14:05 Uhr;6. März 2026, 14:05 Uhr;6. März 2026, 10:00 Uhr;Müller GmbH;Frau Öz;Netzwerk;Ja
M2;12. April 2026, 09:00 Uhr;13. April 2026, 09:00 Uhr;;Bäcker AG;Herr Däh;Drucker;Nein
""",
        tickets={
            "M1": {
                "created_at": "2026-03-05T14:05",
                "resolution_due_at": "2026-03-06T14:05",
                "solved_at": "2026-03-06T10:00",
                "organization_id": "Müller GmbH",
                "requester_id": "frau öz",
                "category": "Netzwerk",
            },
            "M2": {"organization_id": "Bäcker AG"},
        },
    ),
    Register(
        name="wiedereröffnungen",
        text="""Fallnummer;Angelegt am;Gelöst am;Anzahl Wiedereröffnungen;Zuständig;Kanal;Lösungszeit
F-1;2026-03-02 10:00;2026-03-02 12:15;1;Mia;Telefon;2:15:00
F-2;2026-03-14 10:00;2026-03-16 10:00;0;Ben;E-Mail;48:00:00
""",
        tickets={
            "F-1": {
                "created_at": "2026-03-02T10:00",
                "solved_at": "2026-03-02T12:15",
                "given_reopens": 1,
                "assignee_id": "Mia",
                "channel": "phone",
                "given_resolution_s": 8100.0,
            },
            "F-2": {"given_resolution_s": 172_800.0, "channel": "email"},
        },
    ),
    Register(
        name="status wörter",
        text="""Nr;Erstellungsdatum;Status;Dringlichkeit;Benutzer
1;02.03.2026 10:00;Offen;Mittel;a
2;13.03.2026 10:00;Wartet auf Kunde;Hoch;b
3;13.03.2026 11:00;Abgelehnt;Gering;c
4;13.03.2026 12:00;Zurückgestellt;Kritisch;d
""",
        tickets={
            "1": {"status": "open", "priority": "normal"},
            "2": {"status": "pending", "priority": "high"},
            "3": {"status": "closed", "priority": "low"},
            "4": {"status": "hold", "priority": "urgent"},
        },
    ),
)

FRENCH = (
    Register(
        name="demandes",
        text="""N° de demande;Créée le;Clôturée le;Demandeur;Attribué à;Priorité;Statut;Note client (1-5)
D-1;02/03/2026 09:00;02/03/2026 18:00;ana;Luc;Haute;Clôturée;5
D-2;23/03/2026 09:00;;eva;Zoé;Basse;En cours;
""",
        tickets={
            "D-1": {
                "created_at": "2026-03-02T09:00",
                "closed_at": "2026-03-02T18:00",
                "requester_id": "ana",
                "assignee_id": "Luc",
                "priority": "high",
                "status": "closed",
                "csat": 5.0,
            },
            "D-2": {"status": "open", "priority": "low"},
        },
    ),
    Register(
        name="incidents",
        text="""Numéro,Date d'ouverture,Date de première réponse,Date de résolution,Technicien,Service,Délai de résolution (h)
1,2026-03-02 09:00,2026-03-02 09:20,2026-03-02 12:00,Léa,Réseau,3.0
2,2026-03-15 09:00,,,Tom,Poste,
""",
        tickets={
            "1": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:20",
                "solved_at": "2026-03-02T12:00",
                "assignee_id": "Léa",
                "group": "Réseau",
                "given_resolution_s": 10_800.0,
            },
            "2": {"solved_at": None},
        },
    ),
    Register(
        name="réclamations",
        encoding="cp1252",
        text="""Référence;Date de réception;Date de réponse;Client;Motif;Canal;Échéance;Respect du délai
R1;2 mars 2026;10 mars 2026;Société Éclair;Facturation;Courriel;12 mars 2026;Oui
R2;15 août 2026;30 août 2026;Hôtel Été;Livraison;Téléphone;25 août 2026;Non
""",
        tickets={
            "R1": {
                "created_at": "2026-03-02T00:00",
                "first_reply_at": "2026-03-10T00:00",
                "resolution_due_at": "2026-03-12T00:00",
                "category": "Facturation",
                "channel": "email",
            },
            "R2": {"channel": "phone", "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="durées en toutes lettres",
        text="""Identifiant;Ouvert le;Temps de réponse;Durée;Groupe;État
a1;16/03/2026 10:00;1 heure 5 minutes;2 jours 3 heures;N1;Résolu
a2;17/03/2026 10:00;10 minutes;45 minutes;N2;En attente client
""",
        tickets={
            "a1": {
                "given_first_response_s": 3900.0,
                "given_resolution_s": 183_600.0,
                "group": "N1",
                "status": "solved",
            },
            "a2": {"given_first_response_s": 600.0, "given_resolution_s": 2700.0, "status": "pending"},
        },
    ),
)

HARD = (
    Register(
        name="тексты и люди не поля",
        text="""Номер обращения,Дата создания,Кем создано,Решение,Дата последнего ответа,Ожидаемая дата решения,Время в работе (план)
1,2026-03-02 10:00,Анна,перезагрузили сервер,2026-03-05 10:00,2026-03-04 10:00,8
2,2026-03-13 10:00,Яна,обновили драйвер,2026-03-14 12:00,2026-03-15 10:00,4
""",
        tickets={"1": {"created_at": "2026-03-02T10:00", "resolution_due_at": "2026-03-04T10:00"}, "2": {}},
        absent=("solved_at", "first_reply_at", "given_handle_s", "given_resolution_s"),
    ),
    Register(
        name="minutes nobody names",
        says="'Resolution Time' holds numbers without a unit",
        text="""Ticket ID,Created,Response,Resolution Time
1,2026-03-02 10:00,15,240
2,2026-03-13 10:00,30,600
""",
        tickets={"1": {"created_at": "2026-03-02T10:00"}},
        absent=("first_reply_at", "solved_at", "given_first_response_s", "given_resolution_s", "csat"),
    ),
    Register(
        name="last and next",
        text="""Ticket ID,Created At,Last Response At,Next Response Due,Last Closed At,Reopen Date
1,2026-03-02 10:00,2026-03-05 10:00,2026-03-06 10:00,2026-03-07 10:00,2026-03-06 09:00
2,2026-03-13 10:00,2026-03-14 10:00,,,
""",
        tickets={
            "1": {
                "created_at": "2026-03-02T10:00",
                "closed_at": "2026-03-07T10:00",
                "reopened_at": "2026-03-06T09:00",
            },
        },
        absent=("first_reply_at",),
    ),
    Register(
        name="rest of the target",
        text="""Case No,Opened,Time to Resolution,Status
1,2026-03-02 10:00,-12:34,Closed
2,2026-03-13 10:00,2:18,Open
3,2026-03-13 11:00,-0:10,Closed
""",
        tickets={"1": {"status": "closed", "created_at": "2026-03-02T10:00"}},
        absent=("given_resolution_s", "solved_at"),
    ),
    Register(
        name="счётчики вместо оценки",
        text="""№;Дата;Статус;Оценка трудозатрат, ч;Рейтинг приоритета
1;02.03.2026 10:00;Закрыта;3,5;2
2;13.03.2026 10:00;Открыта;1,0;5
""",
        tickets={"1": {"status": "closed"}, "2": {"status": "open"}},
        absent=("csat",),
    ),
    Register(
        name="две оценки",
        text="""Номер заявки;Дата регистрации;Дата закрытия;Оценка клиента (1-5);Готовность рекомендовать (0-10);Оценка усилий (1-7)
1;02.03.2026 10:00;03.03.2026 10:00;5;10;6
2;13.03.2026 10:00;14.03.2026 10:00;2;3;1
""",
        tickets={"1": {"csat": 5.0, "nps": 10.0, "ces": 6.0}, "2": {"csat": 2.0, "nps": 3.0, "ces": 1.0}},
    ),
    Register(
        name="excel serials",
        text="""Ticket;Opened;Closed;Owner
A1;46083,375;46083,75;ann
A2;46094,5;;bob
""",
        tickets={"A1": {"created_at": "2026-03-02T09:00", "closed_at": "2026-03-02T18:00"}, "A2": {}},
    ),
    Register(
        name="zones in headers",
        text="""Ticket No,Logged (Europe/Berlin),Solved (Europe/Berlin)
1,2026-03-02 10:00,2026-03-02 11:00
2,2026-07-13 10:00,2026-07-13 12:30
""",
        tickets={
            "1": {"created_at": "2026-03-02T09:00", "solved_at": "2026-03-02T10:00"},
            "2": {"created_at": "2026-07-13T08:00"},
        },
    ),
    Register(
        name="quoted and torn",
        text="""Ticket ID,Subject,Created,Status,Assigned Agent
"1","a, b
and c, d",2026-03-02 10:00:00,Resolved,ann
"2",,2026-03-13 10:00:00,Awaiting Customer Reply,
""",
        tickets={
            "1": {"status": "solved", "assignee_id": "ann"},
            "2": {"status": "pending", "assignee_id": None},
        },
    ),
    Register(
        name="журнал горячей линии",
        encoding="cp1251",
        text="""№ звонка;Дата звонка;Абонент;Диспетчер;Причина звонка;Время ожидания в очереди, сек;Длительность разговора, сек;Оценка абонента (1-5)
1;02.03.2026 10:00:00;+7900;Ольга;Нет воды;35;180;4
2;13.03.2026 10:00:00;+7901;Инна;Нет света;120;95;
""",
        tickets={
            "1": {
                "created_at": "2026-03-02T10:00",
                "assignee_id": "Ольга",
                "category": "Нет воды",
                "given_first_response_s": 35.0,
                "given_handle_s": 180.0,
                "csat": 4.0,
            },
        },
    ),
    Register(
        name="аварийная служба",
        text="""Вх. номер;Принято;Кто принял;Устранено;Район;Бригада;Срок устранения
15-1;02.03.2026 1:15;Сова;02.03.2026 5:45;Северный;Бригада 2;02.03.2026 7:00
15-2;22.03.2026 1:15;Ким;;Южный;Бригада 1;22.03.2026 7:00
""",
        tickets={
            "15-1": {
                "created_at": "2026-03-02T01:15",
                "solved_at": "2026-03-02T05:45",
                "region": "Северный",
                "group": "Бригада 2",
                "resolution_due_at": "2026-03-02T07:00",
            },
        },
    ),
    Register(
        name="поддержка магазина",
        text="""id_обращения,дата_создания,дата_первого_ответа,дата_решения,статус,канал,оператор,csat,тег
9,2026-03-02T10:00:00+03:00,2026-03-02T10:07:00+03:00,2026-03-02T11:00:00+03:00,closed,whatsapp,ann,5,доставка
10,2026-03-02T12:00:00+03:00,,,open,email,,,возврат
""",
        tickets={
            "9": {
                "created_at": "2026-03-02T07:00",
                "first_reply_at": "2026-03-02T07:07",
                "solved_at": "2026-03-02T08:00",
                "status": "closed",
                "channel": "messenger",
                "assignee_id": "ann",
                "csat": 5.0,
            },
        },
    ),
    Register(
        name="заявки на доступ",
        text="""Заявка	Автор заявки	Согласующий	Создана	Согласована	Выполнена	Отклонена	Ход исполнения
ДОСТ-5	Ли	Пак	12.03.2026 10:00	12.03.2026 12:00	13.03.2026 9:00		Исполнено
ДОСТ-6	Чен	Пак	13.03.2026 10:00			13.03.2026 11:00	Отклонено
""",
        tickets={
            "ДОСТ-5": {
                "created_at": "2026-03-12T10:00",
                "solved_at": "2026-03-13T09:00",
                "requester_id": "ли",
                "status": "solved",
            },
            "ДОСТ-6": {"status": "closed"},
        },
    ),
    Register(
        name="municipal requests",
        text="""Service Request #,Submitted On,Target Date,Completed On,Department,Request Type,Neighborhood,How Received,Resolved On Time?
26-0001,03/02/2026 08:15:00 AM,03/09/2026 08:15:00 AM,03/05/2026 04:30:00 PM,Streets,Pothole,North,Mobile App,Yes
26-0002,03/13/2026 12:05:00 PM,03/20/2026 12:05:00 PM,03/25/2026 09:00:00 AM,Parks,Tree,South,Phone,No
""",
        tickets={
            "26-0001": {
                "created_at": "2026-03-02T08:15",
                "resolution_due_at": "2026-03-09T08:15",
                "solved_at": "2026-03-05T16:30",
                "group": "Streets",
                "category": "Pothole",
                "channel": "web",
                "given_sla_resolution_met": True,
            },
            "26-0002": {"created_at": "2026-03-13T12:05", "given_sla_resolution_met": False, "channel": "phone"},
        },
    ),
    Register(
        name="property maintenance",
        text="""Work Order,Tenant,Reported,Acknowledged,Attended,Job Completed,Job Status,Contractor,Cost (GBP)
W1,Kay,02/03/2026 09:00,02/03/2026 09:30,02/03/2026 14:00,02/03/2026 15:00,Complete,Fixit Ltd,"1,250.00"
W2,Lee,25/03/2026 09:00,,,,Awaiting parts from supplier,Fixit Ltd,
""",
        tickets={
            "W1": {
                "created_at": "2026-03-02T09:00",
                "first_assigned_at": "2026-03-02T09:30",
                "solved_at": "2026-03-02T15:00",
                "status": "solved",
                "requester_id": "kay",
            },
            "W2": {"status": "hold"},
        },
    ),
    Register(
        name="soporte con estrellas",
        text="""Ticket;Abierto el;Respondido el;Cerrado el;Agente;Satisfacción;Nivel
T1;lunes, 2 de marzo de 2026 09:00;2 de marzo de 2026 09:30;3 de marzo de 2026 10:00;Ana;★★★★☆;Nivel 1
T2;13 de marzo de 2026 09:00;13 de marzo de 2026 09:05;;Eva;★★★★★;Nivel 2
""",
        tickets={
            "T1": {
                "created_at": "2026-03-02T09:00",
                "first_reply_at": "2026-03-02T09:30",
                "closed_at": "2026-03-03T10:00",
                "csat": 4.0,
                "group": "Nivel 1",
            },
            "T2": {"csat": 5.0},
        },
    ),
    Register(
        name="atendimento por canal",
        text="""Código do chamado;Aberto por;Meio de contato;Data de cadastro;Tempo de espera (min);Tempo de atendimento (min);Satisfação do cliente (1-5)
1;ana;WhatsApp;13/03/2026 09:00;4;25;5
2;rui;Telefone;14/03/2026 09:00;12;40;3
""",
        tickets={
            "1": {
                "requester_id": "ana",
                "channel": "messenger",
                "created_at": "2026-03-13T09:00",
                "given_first_response_s": 240.0,
                "given_handle_s": 1500.0,
                "csat": 5.0,
            },
        },
    ),
    Register(
        name="hotline",
        text="""Lfd. Nr.;Anrufer;Angenommen am;Beendet am;Grund;Sachbearbeiter;Weitergeleitet;Wartezeit (Sek.)
1;Kurz;13.03.2026 08:00:00;13.03.2026 08:12:30;Rechnung;Lang;Nein;45
2;Klein;13.03.2026 09:00:00;13.03.2026 09:03:00;Lieferung;Groß;Ja;10
""",
        tickets={
            "1": {
                "requester_id": "kurz",
                "solved_at": "2026-03-13T08:12:30",
                "category": "Rechnung",
                "assignee_id": "Lang",
                "escalated": False,
                "given_first_response_s": 45.0,
            },
            "2": {"escalated": True},
        },
    ),
    Register(
        name="support en français",
        text="""Réf. ticket;Date de création;Prise en charge le;Résolu le;Clos le;Urgence;Traité par;Satisfaction client (1-5);Nb réouvertures
S-1;02/03/2026 09:00;02/03/2026 09:10;02/03/2026 11:00;04/03/2026 11:00;Majeure;Léa;4;0
S-2;23/03/2026 09:00;23/03/2026 10:00;;;Mineure;Tom;;1
""",
        tickets={
            "S-1": {
                "created_at": "2026-03-02T09:00",
                "first_assigned_at": "2026-03-02T09:10",
                "solved_at": "2026-03-02T11:00",
                "closed_at": "2026-03-04T11:00",
                "priority": "high",
                "assignee_id": "Léa",
                "csat": 4.0,
                "given_reopens": 0,
            },
            "S-2": {"priority": "low", "given_reopens": 1},
        },
    ),
    Register(
        name="one word of doubt",
        text="""Request ID;Created On;Resolved On;SLA;Breached;Waiting Time (h);Satisfaction
1;2026-03-02 10:00;2026-03-02 12:00;24h;No;0.5;Satisfied
2;2026-03-13 10:00;2026-03-15 12:00;24h;Yes;30;Very dissatisfied
""",
        tickets={"1": {"csat": 4.0, "solved_at": "2026-03-02T12:00"}, "2": {"csat": 1.0}},
    ),
)

LATER = (
    Register(
        name="ничего, кроме регистрации",
        says="'Время реакции' holds numbers without a unit",
        text="""Номер;Дата регистрации;Время реакции;Оценка клиента (1-5)
1;02.03.2026 10:00;15;5
2;13.03.2026 10:00;30;4
""",
        tickets={"1": {"created_at": "2026-03-02T10:00", "csat": 5.0}},
        absent=("first_reply_at", "given_first_response_s"),
    ),
    Register(
        name="чаты сайта",
        text="""ID диалога;Начало диалога;Первое сообщение оператора;Конец диалога;Имя оператора;Посетитель;Отдел;Поставленная оценка (1-5)
d1;02.03.2026 10:00:00;02.03.2026 10:00:35;02.03.2026 10:15:00;Анна;v1;Продажи;5
d2;13.03.2026 10:00:00;;13.03.2026 10:02:00;;v2;Сервис;
""",
        tickets={
            "d1": {
                "created_at": "2026-03-02T10:00",
                "first_reply_at": "2026-03-02T10:00:35",
                "assignee_id": "Анна",
                "group": "Продажи",
                "csat": 5.0,
            },
            "d2": {"first_reply_at": None},
        },
    ),
    Register(
        name="учёт инцидентов",
        text="""Идентификатор;Момент регистрации;Критичность;Текущий статус;Ответственная группа;Фактическая дата закрытия;Кто закрыл;Нарушен SLA
INC7;2026-03-02 10:00:00;Блокирующий;Закрыт автоматически;Сеть;2026-03-02 11:30:00;Ли;Нет
INC8;2026-03-13 10:00:00;Незначительный;Передан подрядчику;Сеть;;;Да
""",
        tickets={
            "INC7": {
                "created_at": "2026-03-02T10:00",
                "priority": "urgent",
                "status": "closed",
                "group": "Сеть",
                "closed_at": "2026-03-02T11:30",
                "given_sla_resolution_met": True,
            },
            "INC8": {"status": "hold", "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="обращения граждан",
        encoding="cp1251",
        text="""№ п/п;Входящий номер;Дата входящего;ФИО заявителя;Вид обращения;Исполнитель;Срок рассмотрения;Дата ответа;Результат рассмотрения
1;01-15/7;02.03.2026;Иванов И. И.;Жалоба;Ким;01.04.2026;25.03.2026;Разъяснено
2;01-15/8;13.03.2026;Петров П. П.;Заявление;Пак;12.04.2026;;
""",
        tickets={
            "01-15/7": {
                "created_at": "2026-03-02T00:00",
                "requester_id": "иванов и. и.",
                "category": "Жалоба",
                "assignee_id": "Ким",
                "resolution_due_at": "2026-04-01T00:00",
                "first_reply_at": "2026-03-25T00:00",
            },
        },
    ),
    Register(
        name="наряды",
        text="""Номер наряда|Дата открытия|Дата начала работ|Дата окончания работ|Мастер|Сумма работ, руб|Гарантия
Н-1|02.03.2026 8:00|02.03.2026 9:00|02.03.2026 17:00|Ли|4 500,00|Да
Н-2|23.03.2026 8:00|||Пак||Нет
""",
        tickets={
            "Н-1": {
                "created_at": "2026-03-02T08:00",
                "first_assigned_at": "2026-03-02T09:00",
                "solved_at": "2026-03-02T17:00",
                "assignee_id": "Ли",
            },
        },
        absent=("first_reply_at",),
    ),
    Register(
        name="отчёт sla",
        text="""Тикет;Создан;Время реакции, мин;Время решения, ч;SLA реакции соблюден;SLA решения соблюден;Приоритет
1;02.03.2026 10:00;12;3,5;Да;Да;Средний
2;13.03.2026 10:00;75;30,25;Нет;Нет;Высокий
""",
        tickets={
            "1": {
                "given_first_response_s": 720.0,
                "given_resolution_s": 12_600.0,
                "given_sla_first_response_met": True,
                "priority": "normal",
            },
            "2": {"given_first_response_s": 4500.0, "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="двенадцатичасовые часы",
        text="""Номер;Создано;Закрыто;Статус
1;02.03.2026 09:05 AM;02.03.2026 12:40 PM;Закрыто
2;13.03.2026 12:05 AM;;Открыто
""",
        tickets={
            "1": {"created_at": "2026-03-02T09:05", "closed_at": "2026-03-02T12:40"},
            "2": {"created_at": "2026-03-13T00:05"},
        },
    ),
    Register(
        name="student services",
        text="""Enquiry No,Student,Date Received,Date First Contacted,Date Closed,Adviser,Enquiry Type,Contact Method,Satisfied?
E1,s123,02/03/2026 10:00,02/03/2026 15:00,04/03/2026 10:00,Kay,Fees,In person,Yes
E2,s124,23/03/2026 10:00,,,Lee,Housing,Email,
E3,s125,24/03/2026 10:00,24/03/2026 11:00,25/03/2026 10:00,Lee,Housing,Phone,No
""",
        tickets={
            "E1": {
                "created_at": "2026-03-02T10:00",
                "first_reply_at": "2026-03-02T15:00",
                "closed_at": "2026-03-04T10:00",
                "requester_id": "s123",
                "assignee_id": "Kay",
                "category": "Fees",
                "channel": "other",
            },
            "E2": {"channel": "email"},
        },
    ),
    Register(
        name="bug tracker sheet",
        text="""Bug ID,Reported On,Reported By,Severity,Current State,Assigned Developer,Fixed On,Days Taken,Times Reopened
BUG-1,2026-03-02,kay,S2,Fixed,ann,2026-03-05,3,1
BUG-2,2026-03-13,lee,S4,In triage,,,,0
""",
        tickets={
            "BUG-1": {
                "created_at": "2026-03-02T00:00",
                "requester_id": "kay",
                "status": "solved",
                "solved_at": "2026-03-05T00:00",
                "given_reopens": 1,
            },
            "BUG-2": {"status": "open", "given_reopens": 0},
        },
    ),
    Register(
        name="mesa de ayuda",
        text="""Consecutivo;Fecha y hora de reporte;Reportado por;Área;Ingeniero;Fecha y hora de solución;Estado actual;¿Cumplió SLA?
17;02/03/2026 08:00;Ana;Ventas;Leo;02/03/2026 12:00;Solucionada;Sí
18;23/03/2026 08:00;Eva;Bodega;Leo;;Escalada a proveedor;No
""",
        tickets={
            "17": {
                "created_at": "2026-03-02T08:00",
                "requester_id": "ana",
                "assignee_id": "Leo",
                "solved_at": "2026-03-02T12:00",
                "status": "solved",
                "given_sla_resolution_met": True,
            },
            "18": {"status": "hold", "given_sla_resolution_met": False},
        },
    ),
    Register(
        name="central de atendimento",
        text="""Ocorrência;Registrado em;Cidade;Operador;Início do atendimento;Finalizado em;Tempo total (hh:mm:ss);Reaberto
OC1;13/03/2026 08:00:00;Faro;Rui;13/03/2026 08:10:00;13/03/2026 09:30:00;01:30:00;Não
OC2;14/03/2026 08:00:00;Beja;Lia;14/03/2026 09:00:00;15/03/2026 10:00:00;26:00:00;Sim
""",
        tickets={
            "OC1": {
                "created_at": "2026-03-13T08:00",
                "region": "Faro",
                "assignee_id": "Rui",
                "first_assigned_at": "2026-03-13T08:10",
                "solved_at": "2026-03-13T09:30",
                "given_resolution_s": 5400.0,
            },
            "OC2": {"given_resolution_s": 93_600.0},
        },
    ),
    Register(
        name="kundendienst",
        text="""Auftrags-Nr.;Auftraggeber;Auftragseingang;Termin;Erledigt am;Techniker;Niederlassung;Status;Zufriedenheit (1-5)
A-1;Kurz KG;13.03.2026 08:00;16.03.2026 08:00;14.03.2026 10:00;Lang;Köln;abgeschlossen;5
A-2;Klein AG;14.03.2026 08:00;17.03.2026 08:00;;Groß;Bonn;wartet auf Ersatzteil;
""",
        tickets={
            "A-1": {
                "requester_id": "kurz kg",
                "resolution_due_at": "2026-03-16T08:00",
                "solved_at": "2026-03-14T10:00",
                "assignee_id": "Lang",
                "region": "Köln",
                "status": "solved",
                "csat": 5.0,
            },
            "A-2": {"status": "pending"},
        },
    ),
    Register(
        name="service après-vente",
        text="""Dossier;Ouvert le;Ouvert par;Canal d'entrée;Nature de la demande;Conseiller;Réponse le;Clos le;Statut du dossier
SAV1;13/03/2026 09:00;ana;Téléphone;Panne;Léa;13/03/2026 09:20;14/03/2026 10:00;Clos
SAV2;14/03/2026 09:00;eva;Courrier;Facture;Tom;;;En attente de pièce
""",
        tickets={
            "SAV1": {
                "created_at": "2026-03-13T09:00",
                "requester_id": "ana",
                "channel": "phone",
                "category": "Panne",
                "assignee_id": "Léa",
                "first_reply_at": "2026-03-13T09:20",
                "closed_at": "2026-03-14T10:00",
                "status": "closed",
            },
            "SAV2": {"status": "pending"},
        },
    ),
)

REGISTERS = (*RUSSIAN, *ENGLISH, *SPANISH, *PORTUGUESE, *GERMAN, *FRENCH, *HARD, *LATER)
"""Every register."""

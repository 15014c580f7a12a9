"""What is written beside the made-up exports: settings, an explanation, the answers; and the commands to try."""

from __future__ import annotations

from textwrap import wrap

from supportkpi.demo.desk import FIRST_TICKET
from supportkpi.demo.habits import HASTY, RETURNING
from supportkpi.demo.model import Desk


def commands(folder: str, lang: str) -> list[str]:
    """Commands to try on a demo in a folder, without the name of the program."""
    tickets, settings = _path(folder, "zendesk.csv"), _path(folder, "supportkpi.yaml")
    beside = " ".join(_path(folder, name) for name in ("nps.csv", "costs.csv"))
    more = "" if lang == "en" else f" --lang {lang}"
    first = [
        f"report {tickets}{more}",
        f'report {tickets} --hours "mon-fri 09:00-18:00" -p 2026-Q1{more}',
        f"report {_path(folder, 'tickets.json')} {beside} -c {settings}{more}",
        f"report {_path(folder, 'events.csv')} --by category{more}",
        f'whatif {tickets} --sla "first_response=4h" --sla "first_response=2h"{more}',
        f'explain {FIRST_TICKET} {_path(folder, "events.csv")} -c {settings} --sla "first_response=2h"{more}',
    ]
    if lang == "ru":
        first.append(f"inspect {_path(folder, 'register.csv')} --source-tz Europe/Moscow{more}")
    return [*first, f"inspect {tickets}{more}"]


def _path(folder: str, name: str) -> str:
    """A path as it is typed: quoted where a shell would take it apart."""
    path = f"{folder.rstrip('/')}/{name}" if folder not in ("", ".") else name
    return f'"{path}"' if any(letter in path for letter in " ()&;'$") else path


def settings(desk: Desk) -> str:
    """``supportkpi.yaml`` of the made-up helpdesk: its own hours and days off, its lines of support, some targets."""
    words = desk.words
    days = ", ".join(f"{day}" for day in words.closed)
    first, second = words.groups
    said = _SAID[words.lang]
    price = {"EUR": 14, "RUB": 1260}[words.currency]
    return f"""\
# {said["settings"]}
timezone: {words.zone}

calendar: office
calendars:
  office:
    hours: {{mon-fri: ["09:00-18:00"], sat: ["10:00-15:00"]}}
    holidays: {{dates: [{days}]}}

source:
  timezone: {words.zone}

escalation:
  levels: {{{first}: 1, {second}: 2}}

targets:
  first_response_time.median: 30m
  resolution_time.km_median: 6h
  csat: ">= 85%"
  nps: ">= 30"
  repeat_contact_rate: "<= 10%"
  cost_per_contact: "{words.currency} {price}"
"""


def readme(desk: Desk) -> str:
    """``README.txt``: what lies here, and what there is to find."""
    said = _SAID[desk.words.lang]
    listed = "".join(f"  {name:<16}{text}\n" for name, text in _FILES[desk.words.lang].items())
    tried = "".join(f"  supportkpi {line}\n" for line in commands("", desk.words.lang))
    return said["readme"].format(count=_count(desk), zone=desk.words.zone, files=listed, commands=tried)


def answers(desk: Desk) -> str:
    """``answers.txt``: the five planted problems, each with the command that shows it."""
    words = desk.words
    said = _SAID[words.lang]
    return said["answers"].format(hasty=f"{words.agent} {HASTY:02}", topic=words.categories[RETURNING])


_FILES = {
    "en": {
        "zendesk.csv": "the tickets, one row each, as Zendesk's ticket CSV has them",
        "events.csv": "the same tickets as a log: one row an event, oldest first",
        "tickets.json": "the same tickets with their audits, as Zendesk's API lists them",
        "nps.csv": 'answers to "would you recommend us", 0 to 10',
        "costs.csv": "what the helpdesk cost, month by month",
        "articles.csv": "articles of the knowledge base, month by month",
        "supportkpi.yaml": "settings that fit: zone, hours, days off, targets",
        "answers.txt": "the five problems; do not look yet",
    },
    "ru": {
        "zendesk.csv": "заявки, одна в строке, как их выгружает Zendesk",
        "events.csv": "те же заявки журналом: строка на событие, сначала старые",
        "tickets.json": "те же заявки с историей изменений, как их отдаёт API Zendesk",
        "register.csv": "те же заявки реестром русской системы: cp1251, точка с запятой",
        "nps.csv": "ответы на «порекомендуете ли вы нас», от 0 до 10",
        "costs.csv": "расходы на поддержку по месяцам",
        "articles.csv": "статьи базы знаний по месяцам",
        "supportkpi.yaml": "подходящие настройки: часовой пояс, часы, выходные, цели",
        "answers.txt": "пять проблем; пока не подглядывайте",
    },
}

_SAID = {
    "en": {
        "settings": "Settings of the made-up helpdesk: supportkpi report zendesk.csv -c supportkpi.yaml",
        "readme": """\
A MADE-UP HELPDESK

{count} tickets of two quarters, 1 October 2025 to 1 April 2026. Nobody in them exists.
The desk works Monday to Friday 9 to 18 and Saturday 10 to 15, {zone}.

{files}
zendesk.csv, events.csv and tickets.json hold the same tickets: give one of them at a time. The flat file cannot
show everything that the other two can, and the report says what is missing. nps.csv, costs.csv and articles.csv go
beside any of them.

Try, in this folder (supportkpi.yaml is found there by itself)
{commands}
Five problems are planted here. Each shows in a report, if it is cut the right way:
  1  something got better in the second quarter, and something that matters more got worse
  2  customers of one topic are not really helped
  3  somebody is very quick
  4  it matters when you write
  5  one month looks better than it was
""",
        "answers": """\
THE FIVE PROBLEMS

1  From January on the first answer comes in half the time, but it solves less, and the next ones are slower.
     supportkpi report zendesk.csv -p 2025-Q4
     supportkpi report zendesk.csv -p 2026-Q1
2  {topic}: solved at once as often as others, but the customer writes again within the week.
     supportkpi report zendesk.csv --by category --kpi repeat_contact_rate
3  {hasty} closes quickest of all, and what {hasty} closes is reopened.
     supportkpi report zendesk.csv --by assignee --names
4  Who writes outside hours waits for the morning; four in ten chats of the night are closed without an answer.
     supportkpi report zendesk.csv --by hour --where channel=chat
5  February: hardly anybody answered the survey, and those who did were content. Its CSAT is not that of the month.
     supportkpi report zendesk.csv --by month --kpi csat,csat_response_rate
""",
    },
    "ru": {
        "settings": "Настройки выдуманной поддержки: supportkpi report zendesk.csv -c supportkpi.yaml",
        "readme": """\
ВЫДУМАННАЯ СЛУЖБА ПОДДЕРЖКИ

Заявок: {count}, за два квартала, с 1 октября 2025 по 1 апреля 2026. Этих людей не существует.
Поддержка работает с понедельника по пятницу с 9 до 18 и в субботу с 10 до 15, {zone}.

{files}
В zendesk.csv, events.csv, tickets.json и register.csv одни и те же заявки: давайте по одному файлу. Плоская таблица
показывает не всё, что есть в журнале, и отчёт говорит, чего в ней нет. nps.csv, costs.csv и articles.csv добавляют
к любому из них.

Попробуйте в этой папке (supportkpi.yaml найдётся сам)
{commands}
Здесь спрятано пять проблем. Каждая видна в отчёте, если разрезать его как надо:
  1  во втором квартале что-то стало лучше, а что-то более важное – хуже
  2  клиентам с одной тематикой на самом деле не помогают
  3  кто-то работает очень быстро
  4  важно, когда написать
  5  один месяц выглядит лучше, чем был
""",
        "answers": """\
ПЯТЬ ПРОБЛЕМ

1  С января первый ответ приходит вдвое быстрее, но решает реже, а следующие ответы медленнее.
     supportkpi report zendesk.csv -p 2025-Q4
     supportkpi report zendesk.csv -p 2026-Q1
2  {topic}: решают сразу не реже, чем другие, но клиент пишет снова в ту же неделю.
     supportkpi report zendesk.csv --by category --kpi repeat_contact_rate
3  {hasty} закрывает быстрее всех, и закрытое возвращается.
     supportkpi report zendesk.csv --by assignee --names
4  Кто пишет вне рабочих часов, ждёт утра; четыре чата из десяти ночью закрыты без ответа.
     supportkpi report zendesk.csv --by hour --where channel=chat
5  Февраль: на опрос почти не отвечали, а ответившие довольны. Это CSAT ответивших, а не месяца.
     supportkpi report zendesk.csv --by month --kpi csat,csat_response_rate
""",
    },
}


_CLOSING = {
    "en": {
        "wrote": "wrote",
        "tickets": "{count} tickets",
        "what": "a made-up helpdesk, two quarters; five problems are planted in it for you to find",
        "try": "try",
        "then": "then",
        "yours": "YOUR-FILE.csv",
    },
    "ru": {
        "wrote": "записано:",
        "tickets": "заявок: {count}",
        "what": "выдуманная поддержка, два квартала; спрятано пять проблем, найдите их",
        "try": "можно",
        "then": "потом",
        "yours": "ВАШ-ФАЙЛ.csv",
    },
}


def closing(desk: Desk, folder: str, names: list[str]) -> str:
    """What is said when the files are written: what they are, and what to try on them."""
    said = _CLOSING[desk.words.lang]
    exports = [name for name in names if name.endswith((".csv", ".json"))]
    told = [f"{exports[0]} ({said['tickets'].format(count=_count(desk))})", *exports[1:]]
    tried = [f"supportkpi {line}" for line in commands(folder, desk.words.lang)]
    lines = [
        *wrap(f"{said['wrote']} {folder}/: {', '.join(told)}", 100, subsequent_indent="  "),
        f"{said['what']} ({_path(folder, 'README.txt')})",
        "",
        *(f"{said['try'] if not place else '':<6}{line}" for place, line in enumerate(tried)),
        f"{said['then']:<6}supportkpi report {said['yours']}",
    ]
    return "\n".join(lines) + "\n"


def _count(desk: Desk) -> str:
    return f"{len(desk.tickets):,}".replace(",", "\u00a0" if desk.words.lang == "ru" else ",")

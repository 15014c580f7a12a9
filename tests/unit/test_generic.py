"""The generic reading: synonyms propose, values decide, and what is not a table of tickets is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_exports import fields, load

from supportkpi.errors import NotRecognised
from supportkpi.loaders.generic._headers import _refolded, folded, synonyms
from supportkpi.loaders.mapping._vocabulary import channel_of, exclusion_of, priority_of, status_of
from supportkpi.schema import Dataset, Exclusion, Extent, Log, Sight


def confidence(dataset: Dataset, column: str) -> str:
    return next(one.confidence for one in dataset.provenance[0].columns if one.column == column)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("createdDate (UTC)", "created_at"),
        ("Дата создания", "created_at"),
        ("Fecha de creación", "created_at"),
        ("Data de criação", "created_at"),
        ("Erstellt am", "created_at"),
        ("Date de création", "created_at"),
        ("№ заявки", "ticket_id"),
        ("No", "ticket_id"),
        ("CaseNumber", "ticket_id"),
        ("Vorgangsnummer", "ticket_id"),
        ("Дата решения", "solved_at"),
        ("Fecha de resolución", "solved_at"),
        ("Gelöst am", "solved_at"),
        ("Résolu le", "solved_at"),
        ("Резолюция заявки", None),
        ("Ticket Status", "status"),
        ("Situação", "status"),
        ("Priorität", "priority"),
        ("Трудозатраты, ч", "given_handle_s"),
        ("Время первого ответа, мин", "given_first_response_s"),
        ("Customer Satisfaction Rating (1-5)", "csat"),
        ("How likely are you to recommend us to a friend?", "nps"),
        ("Age of Customer", None),
        ("Question Number", None),
        ("Date of Purchase", None),
    ],
)
def test_headers_in_six_languages_name_their_field(header: str, field: str | None) -> None:
    found = synonyms().matches(header)
    if field is None:
        assert not found
    else:
        assert field in found
        assert found[field] >= max(found.values()) - 1


def test_a_header_folds_to_plain_words() -> None:
    assert folded("createdDate (UTC)") == "created date utc"
    assert folded("Data_de-Criação") == "data de criacao"
    assert folded("Labels (2)") == "labels"
    assert folded("Приём") == "прием" or folded("Приём") == "приём"


def test_what_is_folded_stays_so() -> None:
    """Names that are plain already are not gone through: each letter, digit and space is what folding makes of it."""
    plain = "abcdefghijklmnopqrstuvwxyz0123456789абвгдежзийклмнопрстуфхцчшщъыьэюя"
    for text in (plain, *(f"{one} {one}1" for one in plain), *synonyms().names, *synonyms().weak):
        assert folded(text) == _refolded(text) == text
    for text in ("", "a  b", " a", "a ", "é", "ё", "i̇", "ß", "ﬁ", "١"):
        assert folded(text) == _refolded(text)


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("Open", "open"),
        ("Reopened", "open"),
        ("Closed - awaiting survey", "closed"),
        ("Pending close", "pending"),
        ("Waiting on Third Party", "hold"),
        ("Snoozed", "pending"),
        ("INPROG", "open"),
        ("Waiting for support", "open"),
        ("Not resolved", "open"),
        ("1 - New", "new"),
        ("Выполняется", "open"),
        ("Выполнено", "solved"),
        ("На исполнении", "open"),
        ("Отложена", "hold"),
        ("Em atendimento (atribuído)", "open"),
        ("Solucionado", "solved"),
        ("Erledigt", "solved"),
        ("En attente", "pending"),
        ("OpenPending", None),
        ("Согласование", None),
        ("3", None),
    ],
)
def test_status_words_by_keyword(word: str, category: str | None) -> None:
    assert status_of(word, {}) == category


def test_a_table_of_words_stands_above_the_keywords() -> None:
    assert status_of("Closed", {"closed": "hold"}) == "hold"
    assert status_of("Согласование", {"согласование": "hold"}) == "hold"


def test_priority_digits_are_never_guessed() -> None:
    assert priority_of("1 - Critical", {}) == "urgent"
    assert priority_of("4 Alta", {}) == "high"
    assert priority_of("1", {}) is None
    assert priority_of("5", {"5": "lowest"}) == "lowest"


def test_channels_and_exclusions_by_keyword() -> None:
    assert channel_of("WhatsApp chat", {}) == "messenger"
    assert channel_of("Почта", {}) == "email"
    assert channel_of("ONLINE", {}) == "web"
    assert channel_of("Mystery", {}) is None
    assert exclusion_of("Спам") is Exclusion.spam
    assert exclusion_of("Дубликат") is Exclusion.merged
    assert exclusion_of("Closed") is None


RUSSIAN = """№ заявки;Зарегистрирована;Взята в работу;Первый ответ;Выполнено;Плановый срок;Статус;Приоритет;Источник;\
Клиент;Контакт;Ответственный;Группа;Оценка;Трудозатраты, ч;Описание
100001;01.03.2026 09:00;01.03.2026 09:05;01.03.2026 09:30;01.03.2026 12:00;02.03.2026 09:00;Выполнена;Критичный;Почта;\
ООО А;Контакт 1;Оператор 1;1 линия;5;1,5;текст
100002;13.03.2026 09:00;;;;;Согласование;Низкий;Телефон;ООО Б;Контакт 2;Оператор 1;1 линия;;0,25;текст
100003;14.03.2026 09:00;;;;;Спам;Обычный;Telegram;ООО Б;Контакт 2;Оператор 1;1 линия;;0,25;текст
"""


def test_an_unknown_russian_export(tmp_path: Path) -> None:
    dataset = load(tmp_path, RUSSIAN)
    read_as = fields(dataset)
    assert read_as["first_assigned_at"] == "Взята в работу"
    assert read_as["first_reply_at"] == "Первый ответ"
    assert read_as["solved_at"] == "Выполнено"
    assert read_as["resolution_due_at"] == "Плановый срок"
    assert read_as["organization_id"] == "Клиент"
    assert read_as["requester_id"] == "Контакт"
    assert dataset.tickets["given_handle_s"].to_list() == [5400.0, 900.0, 900.0]
    assert dataset.tickets["exclusion"].to_list() == [None, None, "spam"]
    assert dataset.provenance[0].unmapped == {"status": {"Согласование": 1}}
    assert dataset.ledger[0].used == 2
    assert "Описание" not in dataset.tickets.columns
    assert dataset.surveys["scale"].to_list() == [None]
    assert dataset.observes == {
        Sight.created: Extent.EVERY,
        Sight.reply: Extent.FIRST,
        Sight.solve: Extent.LAST,
        Sight.status: Extent.LAST,
        Sight.assignee: Extent.FIRST,
        Sight.rating: Extent.LAST,
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["2026-03-01 10:00", "2026-03-02 10:00", "2026-03-03 10:00"], "first_reply_at"),
        (["00:10:00", "01:10:00", "26:10:00"], "given_first_response_s"),
        (["10 min", "1 h 10 min", "2 d"], "given_first_response_s"),
        (["soon", "later", "never"], None),
        (["10", "20", "30"], None),
    ],
)
def test_a_response_time_is_what_its_values_look_like(tmp_path: Path, values: list[str], field: str | None) -> None:
    lines = [f"{index},2026-03-0{index} 09:00,Open,{value}" for index, value in enumerate(values, 1)]
    dataset = load(tmp_path, "\n".join(["Ticket ID,Created,Status,First Response Time", *lines, ""]))
    found = {column: name for name, column in fields(dataset).items()}
    if field == "given_first_response_s":
        # from the creation on, a given calendar time is an instant
        stamp = next(one for one in dataset.history.stamps if one.column == "first_reply_at")  # type: ignore[union-attr]
        assert stamp.column == "first_reply_at"
    assert found.get("First Response Time") == field


def test_without_a_creation_nothing_pretends_to_be_one(tmp_path: Path) -> None:
    text = "Ticket ID,Date of Purchase,Ticket Status,First Response Time,Time to Resolution\n" + "".join(
        f"{n},2025-01-0{n},Closed,2026-03-0{n} 10:00,2026-03-0{n} 09:00\n" for n in range(1, 6)
    )
    dataset = load(tmp_path, text)
    assert Sight.created not in dataset.observes
    assert dataset.observes[Sight.reply] == Extent.FIRST
    assert dataset.observes[Sight.solve] == Extent.LAST


def test_of_two_columns_the_clearer_and_fuller_one_is_taken(tmp_path: Path) -> None:
    text = "id,Case Number,Created,Created Date,Status\n" + "".join(
        f"x{n},C-{n},{'' if n > 2 else '2026-01-01 10:00'},2026-01-0{n} 10:00,Open\n" for n in range(1, 6)
    )
    read_as = fields(load(tmp_path, text))
    assert read_as["ticket_id"] == "Case Number"
    assert read_as["created_at"] == "Created Date"


def test_kept_columns_are_short_words_that_repeat(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},2026-01-0{1 + n % 9} 10:00,{'Lamp' if n % 2 else 'Desk'},text of {n},p{n}@example.org,{n * 17}\n"
        for n in range(40)
    )
    dataset = load(tmp_path, "Ticket ID,Created,Product,Comment,Email of agent,Serial\n" + rows)
    assert "Product" in dataset.tickets.columns
    assert not {"Comment", "Email of agent", "Serial"} & set(dataset.tickets.columns)
    assert confidence(dataset, "Product") == "kept"
    assert confidence(dataset, "Comment") == "not loaded"


def test_a_date_and_a_time_of_day_are_one_instant(tmp_path: Path) -> None:
    text = "name,status,opening_date,opening_time\nISS-1,Open,2026-03-01,09:10:11\nISS-2,Closed,2026-03-02,\n"
    dataset = load(tmp_path, text)
    created = dataset.history.frame["created_at"]  # type: ignore[union-attr]
    assert [at.isoformat() for at in created] == ["2026-03-01T09:10:11+00:00", "2026-03-02T00:00:00+00:00"]
    assert fields(dataset)["ticket_id"] == "name"
    assert confidence(dataset, "name") == "assumed"


@pytest.mark.parametrize(
    ("name", "header", "instrument"),
    [
        ("nps.csv", "date,customer,score", "nps"),
        ("answers.csv", "date,customer,NPS", "nps"),
        ("survey.csv", "date,customer,Customer Effort Score", "ces"),
        ("answers.csv", "Дата,Клиент,Оценка", "csat"),
        ("NPS март.csv", "Дата,Клиент,Оценка", "nps"),
        ("x.csv", 'date,customer,"How likely are you to recommend us to a friend or colleague?"', "nps"),
    ],
)
def test_a_file_of_answers_alone(tmp_path: Path, name: str, header: str, instrument: str) -> None:
    rows = "2026-03-01,A@x.org,10\n2026-03-02,b@x.org,3\n2026-03-13,a@x.org,7\n"
    dataset = load(tmp_path, f"{header}\n{rows}", name)
    assert dataset.tickets.height == 0
    assert dataset.surveys["instrument"].to_list() == [instrument] * 3
    assert dataset.surveys["respondent_id"].to_list() == ["a@x.org", "b@x.org", "a@x.org"]
    assert dataset.surveys["score"].to_list() == [10.0, 3.0, 7.0]
    assert dataset.surveys["at"].null_count() == 0
    assert Sight.rating in dataset.observes
    assert dataset.ledger[0].used == 3


LOG = "number,state,activity,sys_updated_at\n" + "".join(
    f"INC{n // 4},Open,changed,2026-01-0{1 + n % 9} 10:00\n" for n in range(20)
)


@pytest.mark.parametrize(
    "text",
    [
        LOG,
        "CaseID,ActivityID,CompleteTimestamp\n" + "".join(f"{n // 5},1,2026-01-01 10:{n}0\n" for n in range(6)) * 3,
        "ticket_id,field_name,value,updated_at\n"
        + "".join(f"{n // 5},status,open,2026-01-0{n + 1}\n" for n in range(9)),
    ],
)
def test_a_log_is_counted_by_ticket_never_by_row(tmp_path: Path, text: str) -> None:
    dataset = load(tmp_path, text)
    ids = {line.partition(",")[0] for line in text.splitlines()[1:]}
    assert isinstance(dataset.history, Log)
    assert set(dataset.tickets["ticket_id"]) == ids
    assert dataset.tickets.height == len(ids)


def test_a_log_without_instants_is_refused_not_counted(tmp_path: Path) -> None:
    text = "ticket_id,field_name,value\n" + "".join(f"{n // 5},status,open\n" for n in range(9))
    with pytest.raises(NotRecognised) as error:
        load(tmp_path, text)
    assert "no column says when it happened" in str(error.value)
    assert "--map at=" in str(error.value.hint)


@pytest.mark.parametrize(
    "text",
    [
        "Question,Answer,Country\n1,yes,X\n1,no,Y\n",
        "a,b\n1,2\n3,4\n",
        "Month,Articles\nsoon,12\nlater,15\n",
    ],
)
def test_what_holds_no_tickets_is_refused_with_its_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotRecognised) as error:
        load(tmp_path, text)
    for column in text.splitlines()[0].split(","):
        assert column in str(error.value)
    assert "--map ticket_id=" in str(error.value.hint)

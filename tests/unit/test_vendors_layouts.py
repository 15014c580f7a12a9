"""Layouts of helpdesks beside the ones of their goldens: other languages, other lists of the same interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.mapping._recognise import recognise
from supportkpi.schema import Dataset, Extent, Sight, log

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
HEADERS = {
    "otrs in Portuguese": (
        "otrs",
        "Número;Ticket#;Idade;Titulo;Criado;Última Alteração;Hora de Fechamento;Fila;Estado;Prioridade;Usuário Cliente;"
        "ID do Cliente;Serviço;SLA;Atendente/Proprietário;Responsável;Primeira Resposta;Primeira Resposta em Minutos",
    ),
    "otrs, result of a search": (
        "otrs",
        "TicketNumber;Age;Created;Closed;FirstLock;FirstResponse;State;Priority;Queue;Lock;Owner;CustomerID;"
        "SolutionInMin;SolutionDiffInMin;FirstResponseInMin;FirstResponseDiffInMin",
    ),
    "redmine in English": (
        "redmine_csv",
        "#;Project;Tracker;Parent task;Status;Priority;Subject;Author;Assignee;Updated;Category;Due date;Spent time;"
        "% Done;Created;Closed;Private",
    ),
    "redmine in German": (
        "redmine_csv",
        "#;Projekt;Tracker;Übergeordnetes Ticket;Status;Priorität;Thema;Autor;Zugewiesen an;Aktualisiert;Kategorie;"
        "Abgabedatum;% erledigt;Angelegt;Geschlossen am",
    ),
    "rt as it comes": (
        "rt_tsv",
        "id;Subject;Status;QueueName;Owner;Priority;Requestors;CreatedRelative;ToldRelative;LastUpdatedRelative;TimeLeft",
    ),
    "osticket with columns of one's own": (
        "osticket",
        "Ticket Number;Date Created;Subject;From;Current Status;Help Topic;Agent Assigned;Serial number",
    ),
}


@pytest.mark.parametrize("which", HEADERS)
def test_a_layout_is_recognised(which: str) -> None:
    helpdesk, headers = HEADERS[which]
    found = recognise(headers.split(";"), path="x")
    assert found is not None
    assert found.id == helpdesk


@pytest.fixture
def load(tmp_path: Path) -> Callable[[object], Dataset]:
    def loaded(document: object) -> Dataset:
        (tmp_path / "export.json").write_text(json.dumps(document), encoding="utf-8")
        return load_tables(read(str(tmp_path / "export.json"), Reading()), Reading())

    return loaded


def issue(number: int, state: str, closed: str | None) -> dict[str, object]:
    person = {"id": 9, "username": "a", "name": "A"}
    return {
        "id": 9000 + number,
        "iid": number,
        "project_id": 7,
        "state": state,
        "labels": ["bug", "p1"],
        "created_at": f"2026-03-0{number}T09:00:00.000Z",
        "updated_at": "2026-03-09T09:00:00.000Z",
        "closed_at": closed,
        "author": person,
        "assignee": None,
        "web_url": "https://git.example.org/x/y",
        "user_notes_count": 2,
        "due_date": None,
        "time_stats": {"time_estimate": 0, "total_time_spent": 3600},
    }


def test_issues_of_the_interface_of_gitlab(load: Callable[[object], Dataset]) -> None:
    dataset = load([issue(1, "closed", "2026-03-08T09:00:00.000Z"), issue(2, "opened", None)])
    assert dataset.provenance[0].helpdesk == "gitlab_json"
    assert dataset.tickets["ticket_id"].to_list() == ["9001", "9002"]
    assert dataset.tickets["status"].cast(str).to_list() == ["closed", "open"]
    assert dataset.tickets["requester_id"].to_list() == ["a", "a"]
    assert dataset.tickets["given_handle_s"].to_list() == [3600.0, 3600.0]
    assert dataset.observes[Sight.solve] == Extent.LAST


def test_a_list_of_topics_stands_beside_the_list_of_users(load: Callable[[object], Dataset]) -> None:
    topic = {
        "id": 1,
        "posts_count": 3,
        "reply_count": 1,
        "highest_post_number": 3,
        "closed": False,
        "category_id": 4,
        "created_at": "2026-03-02T09:00:00.000Z",
        "bumped_at": "2026-03-03T09:00:00.000Z",
        "archetype": "regular",
    }
    dataset = load({"users": [{"id": 1, "username": "a"}, {"id": 2}], "topic_list": {"topics": [topic]}})
    assert dataset.provenance[0].helpdesk == "discourse_json"
    assert dataset.tickets["status"].cast(str).to_list() == ["open"]
    assert Sight.reply not in dataset.observes  # how many posts there are does not say whose they are


def test_a_list_with_last_messages_shows_the_first_reply_only(load: Callable[[object], Dataset]) -> None:
    document = json.loads((GOLDEN / "chatwoot_json" / "export.json").read_text("utf-8"))
    for talk in document["data"]["payload"]:
        talk["messages"] = talk["messages"][-1:]
    dataset = load(document)
    assert dataset.observes[Sight.reply] == Extent.FIRST
    assert not {Sight.request, Sight.note, Sight.solve, Sight.reopen, Sight.rating} & dataset.observes.keys()


def test_sentences_in_another_language_are_no_history(load: Callable[[object], Dataset]) -> None:
    document = json.loads((GOLDEN / "chatwoot_json" / "export.json").read_text("utf-8"))
    for talk in document["data"]["payload"]:
        for message in talk["messages"]:
            if "resolved" in str(message["content"]):
                message["content"] = "Die Konversation wurde als gelöst markiert"
    dataset = load(document)
    assert dataset.observes[Sight.reply] == Extent.EVERY
    assert not {Sight.solve, Sight.reopen} & dataset.observes.keys()
    assert any("without a history in English" in said for said in dataset.assumptions)


def test_several_requesters_of_a_ticket_are_customers_each(load: Callable[[object], Dataset]) -> None:
    people = [{"id": name, "type": "user"} for name in ("b@example.org", "c@example.org")]
    told = [("Create", "b@example.org"), ("Correspond", "k"), ("Correspond", "c@example.org")]
    steps = [
        {"Type": kind, "Creator": {"id": who}, "Created": f"2026-03-02T1{at}:00:00Z"}
        for at, (kind, who) in enumerate(told)
    ]
    ticket = {
        "id": 7,
        "Status": "open",
        "Queue": {"id": "1"},
        "Owner": {"id": "k"},
        "Requestor": people,
        "Created": "2026-03-02T10:00:00Z",
        "LastUpdated": "2026-03-02T12:00:00Z",
        "Resolved": "1970-01-01T00:00:00Z",
        "Transactions": steps,
    }
    events = log(load({"items": [ticket], "total": 1})).collect().filter(kind="message").sort("at")
    assert events["actor"].cast(str).to_list() == ["customer", "agent", "customer"]

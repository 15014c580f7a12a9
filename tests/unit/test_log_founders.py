"""Logs of activities whose authors have names and no roles: who opens tickets, who answers them, in six languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from read_exports import load

import supportkpi
from supportkpi.report import Report, Row
from supportkpi.schema import Dataset

BEGUN = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001
WORDS = {
    "en": ("Ticket created", "Agent replied", "Customer replied", "Ticket solved"),
    "snake": ("ticket_created", "agent_reply", "customer_reply", "ticket_resolved"),
    "ru": ("Создана заявка", "Ответ агента", "Ответ клиента", "Решена"),
    "pt": ("Chamado criado", "Resposta do atendente", "Resposta do cliente", "Resolvido"),
    "es": ("Ticket creado", "Respuesta del agente", "Respuesta del cliente", "Resuelto"),
    "de": ("Ticket erstellt", "Antwort des Agenten", "Antwort des Kunden", "Gelöst"),
}


def log(folder: Path, words: tuple[str, ...], *, founders: int = 40) -> Dataset:
    """Forty tickets, answered after an hour, every fourth asked about again, solved after five hours."""
    created, replied, asked, solved = words
    rows = []
    for n in range(40):
        at = BEGUN + timedelta(hours=9 * n)
        who, agent = f"person {n % founders}", f"agent {n % 3}"
        told = [(0, created, who), (60, replied, agent)]
        told += [(90, asked, who), (120, replied, agent)] if n % 4 == 0 else []
        told += [(300, solved, agent)]
        rows += [f"{n + 1},{what},{at + timedelta(minutes=after)},{by}\n" for after, what, by in told]
    return load(folder, "case_id,activity,timestamp,resource\n" + "".join(rows))


def row(found: Report, kpi: str, stat: str) -> Row:
    return next(each for each in found.cells if (each.kpi, each.stat) == (kpi, stat) and not each.group)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_who_opens_tickets_and_never_answers_is_a_customer(tmp_path: Path, words: tuple[str, ...]) -> None:
    dataset = log(tmp_path, words)
    found = supportkpi.measure(dataset)
    assert (row(found, "first_response_time", "median").value, row(found, "first_response_time", "median").n) == (
        3600,
        40,
    )
    assert row(found, "resolution_time", "median").value == 5 * 3600
    assert row(found, "one_touch", "value").x == 30
    assert supportkpi.fold(dataset).tickets["requester_id"].n_unique() == 40
    assert any("taken for its customer" in said for said in dataset.assumptions)


def test_a_few_who_open_tickets_for_others_are_no_customers(tmp_path: Path) -> None:
    dataset = log(tmp_path, WORDS["en"], founders=2)
    assert not any("taken for its customer" in said for said in dataset.assumptions)

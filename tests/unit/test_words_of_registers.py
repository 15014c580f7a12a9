"""Words that registers have for states and ranks, with what they must not be taken for."""

from __future__ import annotations

import pytest

from supportkpi.loaders.mapping._vocabulary import priority_of, status_of
from supportkpi.schema import Status


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("На рассмотрении", Status.open),
        ("Рассмотрено", Status.solved),
        ("Отказано в рассмотрении", Status.closed),
        ("На согласовании", Status.hold),
        ("закр.", Status.closed),
        ("в раб.", Status.open),
        ("Передано исполнителю", Status.open),
        ("Передан подрядчику", Status.hold),
        ("Снято с контроля", Status.closed),
        ("Не устранено", Status.open),
        ("Устранено", Status.solved),
        ("Awaiting approval", Status.hold),
        ("Under review", Status.open),
        ("En revisión", Status.open),
        ("Atendida", Status.solved),
        ("Em análise", Status.open),
        ("Respondido", Status.solved),
        ("In Prüfung", Status.open),
        ("Zurückgezogen", Status.closed),
        ("Eingegangen", Status.new),
        ("Réglé", Status.solved),
        ("Enregistrée", Status.new),
    ],
)
def test_a_state_is_known_in_the_words_of_a_register(word: str, status: Status) -> None:
    assert status_of(word, {}) is status


@pytest.mark.parametrize(
    ("word", "priority"),
    [
        ("выс.", "high"),
        ("низк.", "low"),
        ("Плановый", "normal"),
        ("P0", "urgent"),
        ("Majeure", "high"),
        ("Mineure", "low"),
        ("Eilig", "urgent"),
        ("7", None),
        ("A", None),
    ],
)
def test_a_rank_is_known_by_its_word_and_never_by_its_number(word: str, priority: str | None) -> None:
    assert priority_of(word, {}) == priority

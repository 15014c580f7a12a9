"""Exports of systems whose headers and words are those of the user's language: the vendor's own."""

from __future__ import annotations

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.schema import Dataset, Log, log

OTRS_RU = """№;Ticket#;Возраст;Создано;Изменено;Время закрытия;Очередь;Статус;Приоритет;CustomerID;Агент (владелец)
1;2025081510000222;27 д;2025-08-15 15:50:04;2025-08-16 10:00;2025-08-16 10:00:00;Desk;Закрыт успешно;3 обычный;n;kim
2;2025081510000231;26 д;2025-08-16 15:50:04;2025-08-16 16:00:00;;Desk;отложенное напоминание;4 высокий;n;lee
3;2025081510000240;26 д;2025-08-16 15:50:04;2025-08-16 16:00:00;;Desk;объединенный;5 безотлагательный;n;lee
"""
OTRS_DE = """Nummer;Ticket#;Erstellt;Geändert;Ticket geschlossen;Queue;Status;Priorität;Kundennummer;Agent/Besitzer
1;2025081510000222;2025-08-15 15:50:04;2025-08-16 10:00;2025-08-16 10:00:00;Desk;erfolgreich geschlossen;3 normal;n;kim
2;2025081510000231;2025-08-16 15:50:04;2025-08-16 16:00:00;;Desk;warten zur Erinnerung;4 hoch;n;lee
3;2025081510000240;2025-08-16 15:50:04;2025-08-16 16:00:00;;Desk;zusammengefügt;5 sehr hoch;n;lee
"""
REDMINE_FR = """#;Projet;Tracker;Statut;Priorité;Sujet;Auteur;Assigné à;Mis-à-jour;Temps passé;% réalisé;Créé;Fermé
1;Desk;Assistance;Fermé;Haut;a;Ann;kim;16/08/2025 12:00;1,50;100;15/08/2025 09:00;16/08/2025 12:00
2;Desk;Assistance;Nouveau;Bas;b;Bob;lee;16/08/2025 10:00;;0;16/08/2025 10:00;
"""
JIRA_DE = """Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Priorität,Bearbeiter,Autor,Erstellt,Erledigt,Kommentar
SUP-1,10001,Vorfall,Erledigt,High,kim,Ann,15/Aug/25 9:00 AM,16/Aug/25 9:00 AM,15/Aug/25 9:30 AM;kim;hallo
SUP-2,10002,Vorfall,In Arbeit,Low,lee,Bob,16/Aug/25 10:00 AM,,
"""


def load(text: str, name: str = "export.csv") -> Dataset:
    return pipeline.load_held({name: text.encode()}, reading=Reading())


@pytest.mark.parametrize(("text", "language"), [(OTRS_RU, "ru"), (OTRS_DE, "de")])
def test_otrs_speaks_the_language_of_the_agent(text: str, language: str) -> None:
    data = load(text)
    assert data.provenance[0].helpdesk == "otrs", language
    tickets = data.tickets
    assert tickets["status"].cast(str).to_list() == ["closed", "pending", "deleted"]
    assert tickets["exclusion"].cast(str).to_list() == [None, None, "merged"]
    assert tickets["priority"].to_list() == ["normal", "high", "urgent"]
    assert tickets["assignee_id"].to_list() == ["kim", "lee", "lee"]
    assert tickets["group"].to_list() == ["Desk"] * 3
    assert data.provenance[0].unmapped == {}


def test_redmine_in_french() -> None:
    data = load(REDMINE_FR)
    assert data.provenance[0].helpdesk == "redmine_csv"
    assert data.tickets["status"].cast(str).to_list() == ["closed", "new"]
    assert data.tickets["priority"].to_list() == ["high", "low"]
    assert data.tickets["given_handle_s"].to_list() == [5400.0, None]
    assert data.tickets["requester_id"].to_list() == ["ann", "bob"]


def test_jira_in_german_with_its_comments() -> None:
    data = load(JIRA_DE)
    assert data.provenance[0].helpdesk == "jira_csv"
    assert data.tickets["ticket_id"].to_list() == ["SUP-1", "SUP-2"]
    assert data.tickets["status"].cast(str).to_list() == ["solved", "open"]
    assert isinstance(data.history, Log)
    said = log(data).collect().filter(ticket_id="SUP-1", kind="message")
    assert said.select("actor", "actor_id").rows() == [("agent", "kim")]


def test_the_comments_of_spanish_issues_may_be_called_by_the_verb() -> None:
    spanish = (
        "Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Informador,Creada,Resuelta,"
        "Comentar,Comentar\n"
        "SUP-1,1,Incidente,Listo,Ann,15/ago/25 9:00 AM,16/ago/25 9:00 AM,15/ago/25 9:30 AM;kim;hola,\n"
        "SUP-2,2,Incidente,En curso,Bob,16/ago/25 10:00 AM,,,\n"
    )
    data = load(spanish)
    assert isinstance(data.history, Log)
    assert log(data).collect().filter(kind="message").select("ticket_id", "actor_id").rows() == [("SUP-1", "kim")]

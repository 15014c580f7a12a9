"""Layouts of lists that people publish: joined rows, cells of programs, dates of the last change, yes and no."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from read_exports import fields, load, stamps

from supportkpi.errors import NotRecognised
from supportkpi.loaders.generic._headers import synonyms
from supportkpi.schema import Dataset, Log

JOINED = """Ticked;Requerente;Categoria;Data Abertura;Data Solução;Atendente
501;0;Rede;03/03/2026 09:05;04/03/2026 10:00;Ana B
501;0;Impressora;03/03/2026 09:05;04/03/2026 10:00;Ana B
501;0;Conta;03/03/2026 09:05;04/03/2026 10:00;Ana B
502;Rui C;Rede;14/03/2026 11:20;14/03/2026 12:00;Ivo D
503;Eva F;Rede;15/03/2026 08:00;-;Ivo D
503;Eva F;Conta;15/03/2026 08:00;-;Ivo D
504;0;Conta;16/03/2026 08:10;16/03/2026 09:10;Ana B
"""


def _of(found: Dataset, ticket: str, column: str) -> object:
    rows = found.tickets.filter(found.tickets["ticket_id"] == ticket)
    return rows[column].to_list()[0] if column in rows.columns else None


def test_rows_that_share_a_number_and_a_minute_are_one_ticket(tmp_path: Path) -> None:
    """A list joined with its categories: no header names an id, but 501 was created once."""
    found = load(tmp_path, JOINED)
    assert fields(found)["ticket_id"] == "Ticked"
    assert sorted(found.tickets["ticket_id"].to_list()) == ["501", "502", "503", "504"]
    assert found.ledger[0].excluded == {"duplicate": 3}


def test_nobody_is_called_0_among_names(tmp_path: Path) -> None:
    found = load(tmp_path, JOINED)
    assert sorted(found.tickets["requester_id"].drop_nulls().to_list()) == ["eva f", "rui c"]


@pytest.mark.parametrize("began", [("03/03/2026 09:05", "13/03/2026 09:05"), ("03/03/2026", "03/03/2026")])
def test_a_number_that_may_be_anything_makes_no_ticket_of_several_rows(tmp_path: Path, began: tuple[str, str]) -> None:
    """One number with two instants is no ticket's, nor is one of which only the day is known."""
    clock = began[0][10:]
    rest = f"8;Rede;14/03/2026{clock};Aberto\n9;Rede;15/03/2026{clock};Aberto\n"
    rows = f"7;Rede;{began[0]};Fechado\n7;Conta;{began[1]};Fechado\n{rest}"
    found = load(tmp_path, "Andar;Categoria;Data Abertura;Status\n" + rows)
    assert found.ledger[0].used == 4
    assert "Andar" not in fields(found).values()


def test_cells_of_a_program_name_no_customer(tmp_path: Path) -> None:
    """An empty list in every row would be one customer who wrote every time; a list with a date is new each time."""
    text = """number,created_at,status,requester,assignee
1,2026-03-03T10:00:00Z,triggered,[],"[{'at': '2026-03-03T10:00:00Z', 'id': 'P1'}]"
2,2026-03-14T10:00:00Z,acknowledged,[],"[{'at': '2026-03-14T10:00:00Z', 'id': 'P1'}]"
3,2026-03-15T10:00:00Z,resolved,[],[]
"""
    found = load(tmp_path, text)
    assert not {"requester_id", "assignee_id"} & fields(found).keys()
    assert found.tickets["status"].to_list() == ["open", "open", "solved"]
    named = load(
        tmp_path, text.replace("'at': '2026-03-03T10:00:00Z', ", "").replace("'at': '2026-03-14T10:00:00Z', ", "")
    )
    assert fields(named)["assignee_id"] == "assignee"


def test_an_end_that_repeats_the_creation_in_every_row_is_none(tmp_path: Path) -> None:
    """Also of tickets that go on: a resolution time of nought would be made of it."""
    rows = [
        f"{number},0{number}/14/2026 02:15:14 PM,{{}},{'Open' if number == 3 else 'Closed'}" for number in range(1, 7)
    ]
    copied = [row.format(row.split(",")[1]) for row in rows]
    found = load(tmp_path, "\n".join(("Number,Created Date,Closed Date,Status", *copied)) + "\n")
    assert "closed_at" not in fields(found)
    assert any("repeats 'Created Date' in every row" in said for said in found.assumptions)
    once = [*copied[:-1], rows[-1].format("06/15/2026 02:15:14 PM")]
    found = load(tmp_path, "\n".join(("Number,Created Date,Closed Date,Status", *once)) + "\n")
    assert fields(found)["closed_at"] == "Closed Date"
    days = [row.replace(" 02:15:14 PM", "") for row in copied]
    found = load(tmp_path, "\n".join(("Number,Created Date,Closed Date,Status", *days)) + "\n")
    assert fields(found)["closed_at"] == "Closed Date"


@pytest.mark.parametrize("header", ["delta_ts", "lastdiffed", "last_status_change_at", "Status Change Date"])
def test_the_last_change_tells_how_long_a_file_goes_on(tmp_path: Path, header: str) -> None:
    text = f"""id,bug_status,creation_ts,{header}
1,closed,2026-03-03 10:00:00,2026-03-09 12:00:00
2,new,2026-03-14 10:00:00,2026-06-01 12:00:00
"""
    found = load(tmp_path, text)
    assert fields(found)["updated_at"] == header
    assert found.tickets["observed_until"].max() == datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("header", ["Reaberto", "Reabierto", "Was reopened", "Riaperto", "Wiedereröffnet"])
def test_a_yes_and_no_of_reopenings_is_counted(tmp_path: Path, header: str) -> None:
    text = f"id,created at,status,{header}\n1,2026-03-03 10:00,closed,sim\n2,2026-03-14 10:00,closed,não\n"
    found = load(tmp_path, text)
    assert fields(found)["given_reopens"] == header
    assert _of(found, "1", "given_reopens") == 1
    assert _of(found, "2", "given_reopens") == 0


def test_the_deadline_of_the_solution_comes_before_a_plain_due_date(tmp_path: Path) -> None:
    text = """ticketNumber,createDate,dueDateTime,resolvedDueDateTime,resolvedDateTime,assignedResourceID
T1,2026-03-03T10:00:00Z,2026-03-04T10:00:00Z,2026-03-20T10:00:00Z,2026-03-14T10:00:00Z,2901
T2,2026-03-05T10:00:00Z,2026-03-06T10:00:00Z,2026-03-22T10:00:00Z,2026-03-15T10:00:00Z,2902
"""
    read_as = fields(load(tmp_path, text))
    assert read_as["resolution_due_at"] == "resolvedDueDateTime"
    assert read_as["assignee_id"] == "assignedResourceID"


def test_a_call_list_in_portuguese(tmp_path: Path) -> None:
    text = """ID_Chamado,Data_Hora,ID_Agente,Tempo_Espera_Seg,Tempo_Falado_Seg,Tempo_ACW_Seg,Status
C-1,2026-03-03 08:05,A_01,15,320,45,Resolvido
C-2,2026-03-14 08:12,A_02,40,450,60,Pendente
"""
    found = load(tmp_path, text)
    read_as = fields(found)
    assert read_as["created_at"] == "Data_Hora"
    assert read_as["assignee_id"] == "ID_Agente"
    assert read_as["given_first_response_s"] == "Tempo_Espera_Seg"
    waited = (stamps(found)["first_reply_at"] - stamps(found)["created_at"]).dt.total_seconds()
    assert waited.to_list() == [15, 40]
    assert found.tickets["given_handle_s"].to_list() == [320.0, 450.0]


def test_a_call_begins_at_its_time(tmp_path: Path) -> None:
    text = "CallID,Time,Direction\n1,2026-03-03 13:15,Inbound\n2,2026-03-14 13:20,Outbound\n"
    assert fields(load(tmp_path, text))["created_at"] == "Time"


def test_a_name_that_speaks_is_a_title(tmp_path: Path) -> None:
    text = """ID;NAME;DATE;CONTENT;STATUS
1;Troca de toner;2026-03-03 10:00:00;a;closed
2;Impressora;2026-03-14 10:00:00;b;closed
3;Instalar leitor;2026-03-15 10:00:00;c;assign
"""
    found = load(tmp_path, text)
    assert "requester_id" not in fields(found)
    assert _of(found, "3", "status") == "open"
    people = (
        text.replace("Troca de toner", "Rui de Sá").replace("Impressora", "Ana B").replace("Instalar leitor", "Ivo D")
    )
    assert fields(load(tmp_path, people))["requester_id"] == "NAME"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("surveyed_at", "rated_at"),
        ("Fecha del reclamo", "created_at"),
        ("Data da reclamação", "created_at"),
        ("Fecha y hora", "created_at"),
        ("Data_Emissao", "created_at"),
        ("Fecha de emisión", "created_at"),
    ],
)
def test_headers_of_published_lists(header: str, field: str) -> None:
    found = synonyms().matches(header)
    assert found[field] == max(found.values())


def test_a_minute_is_enough_where_nothing_else_is_known_of_rows(tmp_path: Path) -> None:
    text = """Ticked;Categoria;Data Abertura;Status
501;Rede;03/03/2026 09:05;Fechado
501;Conta;03/03/2026 09:05;Fechado
502;Rede;14/03/2026 11:20;Aberto
503;Rede;15/03/2026 08:00;Aberto
"""
    found = load(tmp_path, text)
    assert fields(found)["ticket_id"] == "Ticked"
    assert found.ledger[0].used == 3


def test_the_only_number_of_a_register_is_its_id(tmp_path: Path) -> None:
    text = """SS;Tipo;Status;Data;Valor;Resolvido
8001191;BOMBA;FECHADO;02/01/2026 03:52:30;0;02/01/2026 03:59:00
8001193;BOMBA;FECHADO;13/01/2026 03:54:51;0;14/01/2026 03:56:51
8001297;BOMBA;ABERTO;22/01/2026 08:29:56;1.520,70;
"""
    found = load(tmp_path, text)
    assert fields(found)["ticket_id"] == "SS"
    assert any("it alone is different in every row" in said for said in found.assumptions)
    with pytest.raises(NotRecognised, match="could be the ticket's id"):
        load(tmp_path, text.replace("Tipo", "Chassi").replace("BOMBA", "{}").format(4411, 4412, 4417))


def test_messages_of_a_marketplace_in_french(tmp_path: Path) -> None:
    """A row a message, by customers, sellers and the operator of the shop."""
    text = """ID;Statut;Date de creation;De;Sujet;Message;Date du message
46;close;14/12/2025;customer;Livraison;Bonjour;14/12/2025
46;close;14/12/2025;customer;Livraison;Toujours rien;17/12/2025
46;close;14/12/2025;seller;Livraison;Parti hier;24/12/2025
47;close;15/12/2025;customer;Facture;Bonjour;15/12/2025
47;close;15/12/2025;operator;Facture;Voici;19/12/2025
48;open;16/12/2025;customer;Retour;Bonjour;16/12/2025
"""
    found = load(tmp_path, text)
    assert fields(found)["role"] == "De"
    assert fields(found)["at"] == "Date du message"
    assert isinstance(found.history, Log)
    said = found.history.frame.filter(pl.col("kind") == "message").sort("ticket_id", "at").collect()
    assert said["actor"].to_list() == ["customer", "customer", "agent", "customer", "agent", "customer"]


@pytest.mark.parametrize("midnight", [" 00:00:00.000", "T00:00:00", " 0:00", " 12:00:00 AM"])
def test_a_day_at_midnight_has_its_time_in_the_column_beside_it(tmp_path: Path, midnight: str) -> None:
    """Databases write a day as an instant at 00:00; the time of day is in a column of the same name."""
    text = f"""id,data_abertura,hora_abertura,data_finalizacao,hora_finalizacao,status
901,2024-05-30{midnight},15:38:36,2024-05-30{midnight},16:18:20,FINALIZADO
902,2024-05-30{midnight},14:46:02,2024-06-01{midnight},09:13:44,FINALIZADO
903,2024-05-31{midnight},10:14:42,2024-05-31{midnight},10:18:06,FINALIZADO
"""
    found = load(tmp_path, text)
    at = {row["ticket_id"]: row for row in stamps(found).to_dicts()}
    assert at["901"]["created_at"] == datetime(2024, 5, 30, 15, 38, 36, tzinfo=UTC)
    assert at["902"]["solved_at"] == datetime(2024, 6, 1, 9, 13, 44, tzinfo=UTC)
    assert "hora_abertura" not in {one.column for one in found.provenance[0].columns}


def test_a_register_of_complaints_of_an_office_in_spain(tmp_path: Path) -> None:
    """Nº Registro is the id, "F." is fecha; what was annulled or not admitted is over, what was sent on is not."""
    text = """Nº Registro;Tipo;Estado;F.Solicitud;F.Cierre;Origen
2025-0112;Queja;Contestado;2025-12-28;2025-12-30;WEB
2025-0111;Queja;Anulada;2025-12-27;2025-12-27;WEB
2025-0110;Sugerencia;Inadmitida;2025-12-20;2025-12-21;Libro
2025-0109;Queja;Remitido Órgano;2025-12-19;;WEB
2025-0108;Queja;En trámite;2025-12-18;;Libro
"""
    found = load(tmp_path, text)
    assert fields(found)["ticket_id"] == "Nº Registro"
    assert fields(found)["created_at"] == "F.Solicitud"
    assert fields(found)["closed_at"] == "F.Cierre"
    assert found.tickets.sort("ticket_id")["status"].to_list() == ["open", "open", "closed", "closed", "solved"]


@pytest.mark.parametrize(
    ("header", "going", "read"),
    [
        ("Data Atendimento", True, None),  # tickets that go on have it
        ("Data Atendimento", False, None),
        ("Fecha Atención", True, None),
        ("Fecha Atención", False, "solved_at"),  # nothing tells that it is no end
        ("Fecha fin de atención", True, "solved_at"),
    ],
)
def test_when_a_ticket_was_attended_to_is_no_end_beside_a_date_of_closing(
    tmp_path: Path, header: str, going: bool, read: str | None
) -> None:
    text = f"""Chamado,Criado em,{header},Fechado em,Status
1,01/03/2026 09:00,01/03/2026 09:40,02/03/2026 10:00,Fechado
2,01/03/2026 10:00,01/03/2026 10:20,01/03/2026 18:00,Fechado
3,13/03/2026 11:00,13/03/2026 11:05,14/03/2026 11:00,Fechado
4,14/03/2026 11:00,{"14/03/2026 15:05" if going else ""},,Em andamento
"""
    found = load(tmp_path, text)
    assert {one.column: one.field for one in found.provenance[0].columns}[header] == read
    assert any("when work began" in said for said in found.assumptions) == (read is None)

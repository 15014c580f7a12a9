"""Registers in Dutch and Italian: figures worked out by hand, words and units that only these languages have."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from read_exports import load

from supportkpi.durations import parse
from supportkpi.loaders.mapping._vocabulary import channel_of, priority_of, status_of
from supportkpi.loaders.values._spans import header_unit
from supportkpi.schema import Dataset, Stamps, Status


def spans(dataset: Dataset, name: str) -> list[timedelta | None]:
    assert isinstance(dataset.history, Stamps)
    frame = dataset.history.frame
    return (frame[name] - frame["created_at"]).to_list()


DUTCH = (
    "Meldingsnummer;Datum aangemeld;Binnenkomst;Categorie;Prioriteit;Streefdatum;Behandelaarsgroep;Behandelaar;Status;"
    "Datum gereed;Datum afgemeld;Aanmelder;Binnen streefdatum\n"
    "M 001;13-02-2023 08:15;Telefonisch;Hardware;Hoog;15-02-2023 17:00;Servicedesk;Smit;Gesloten;13-02-2023 10:15;"
    "20-02-2023 09:00;Bos;Ja\n"
    "M 002;14-02-2023 09:00;E-mail;Software;Laag;15-02-2023 17:00;Beheer;Vos;Afgehandeld;16-02-2023 09:00;;Mol;Nee\n"
    "M 003;15-02-2023 13:30;Balie;Netwerk;Spoed;15-02-2023 17:30;Netwerk;;In behandeling;;;Kok;\n"
    "M 004;15-02-2023 16:45;Portal;Hardware;Normaal;20-02-2023 17:00;Servicedesk;Smit;Wacht op aanmelder;;;Bos;\n"
)
ITALIAN = (
    "Numero ticket;Data apertura;Ora apertura;Richiedente;Categoria;Priorità;Assegnato a;Stato;Data chiusura;"
    "Ora chiusura;Tempo di prima risposta;Valutazione\n"
    "1001;13/03/2024;09:15;Rossi;Rete;Alta;Bianchi;Chiuso;13/03/2024;12:15;10 minuti;Molto soddisfatto\n"
    "1002;14/03/2024;10:00;Verdi;Stampante;Bassa;Neri;Risolto;15/03/2024;10:00;1 ora 30 minuti;Insoddisfatto\n"
    "1003;15/03/2024;11:30;Russo;Posta;Media;Bianchi;In lavorazione;;;2 ore;\n"
)


def test_a_register_in_dutch(tmp_path: Path) -> None:
    dataset = load(tmp_path, DUTCH)
    assert spans(dataset, "solved_at") == [timedelta(hours=2), timedelta(days=2), None, None]
    told = dataset.tickets
    assert told["status"].cast(pl.String).to_list() == ["closed", "solved", "open", "pending"]
    assert told["priority"].cast(pl.String).to_list() == ["high", "low", "urgent", "normal"]
    assert told["channel"].cast(pl.String).to_list() == ["phone", "email", "other", "web"]
    assert dataset.tickets["given_sla_resolution_met"].to_list() == [True, False, None, None]


def test_a_register_in_italian(tmp_path: Path) -> None:
    dataset = load(tmp_path, ITALIAN)
    assert spans(dataset, "closed_at") == [timedelta(hours=3), timedelta(days=1), None]
    assert spans(dataset, "first_reply_at") == [timedelta(minutes=10), timedelta(minutes=90), timedelta(hours=2)]
    assert dataset.tickets["status"].cast(pl.String).to_list() == ["closed", "solved", "open"]
    assert dataset.surveys["score"].to_list() == [5.0, 2.0]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Geannuleerd", Status.closed),
        ("Heropend", Status.open),
        ("In de wacht", Status.hold),
        ("Nieuw", Status.new),
        ("Annullato", Status.closed),
        ("In attesa del cliente", Status.pending),
        ("Sospeso", Status.hold),
        ("Riaperto", Status.open),
        ("Non risolto", Status.open),
        ("Nuovo", Status.new),
    ],
)
def test_states(word: str, status: Status) -> None:
    assert status_of(word, {}) is status


def test_ranks_and_ways() -> None:
    assert [priority_of(word, {}) for word in ("Kritiek", "Gemiddeld", "Critica", "Bassa")] == [
        "urgent",
        "normal",
        "urgent",
        "low",
    ]
    assert (channel_of("Sportello", {}), channel_of("Telefono", {})) == ("other", "phone")


@pytest.mark.parametrize(
    ("text", "seconds"), [("2 giorni 3 ore", 183_600), ("1 uur 30 minuten", 5400), ("3 dagen", 259_200)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize(("header", "unit"), [("Doorlooptijd (uren)", "h"), ("Tempo di risoluzione (ore)", "h")])
def test_units(header: str, unit: str) -> None:
    assert header_unit(header) == unit

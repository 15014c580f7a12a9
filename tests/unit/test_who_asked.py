"""Customers by their id or address rather than by a name that two may have."""

from __future__ import annotations

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read

ROWS = "1,2026-03-02 10:00:00,Ann,{}\n2,2026-03-03 10:00:00,Ann,{}\n3,2026-03-03 10:00:00,Bob,{}\n"


def askers(header: str, *ids: str) -> list[str]:
    text = f"Ticket ID,Created,{header}\n" + ROWS.format(*ids)
    return load_tables(list(read("-", Reading(), text.encode())), Reading()).tickets["requester_id"].to_list()


@pytest.mark.parametrize(
    "header",
    ["Customer,Email", "Клиент,ID клиента", "Заявитель,Почта заявителя", "Kunde,Kunden-ID", "Client,Client ID"],
)
def test_an_id_or_address_before_the_name_of_the_same(header: str) -> None:
    assert askers(header, "a@x.example", "b@x.example", "c@x.example") == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize(
    ("header", "ids"),
    [
        ("Customer,Email", ("a@x.example", "", "")),  # hardly ever given
        ("Customer,Email", ("desk@x.example", "desk@x.example", "desk@x.example")),  # one address of everybody
        ("Customer,Agent email", ("a@x.example", "b@x.example", "c@x.example")),  # of somebody else
    ],
)
def test_a_name_where_nothing_else_tells_people_apart(header: str, ids: tuple[str, ...]) -> None:
    assert askers(header, *ids) == ["ann", "ann", "bob"]

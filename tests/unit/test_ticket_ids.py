"""Which ticket is meant, however it was pasted."""

from __future__ import annotations

import polars as pl
import pytest

from supportkpi.engine.receipt.ticket_ids import ticket_of
from supportkpi.errors import TicketUnknown

IDS = pl.Series(["66871", "66902", "1", "SUP-12", "INC0010023", "#77"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("66871", "66871"),
        (" 66871 ", "66871"),
        ("#66871", "66871"),
        ("# 66871", "66871"),
        ("№66871", "66871"),
        ("ticket #66871", "66871"),
        ("Заявка 66871", "66871"),
        ("#77", "#77"),
        ("sup-12", "SUP-12"),
        ("https://acme.zendesk.com/agent/tickets/66871", "66871"),
        ("https://acme.zendesk.com/agent/tickets/66871/events?page=1", "66871"),
        ("https://desk.example/index.pl?Action=AgentTicketZoom;TicketID=66902", "66902"),
        ("https://desk.example/#ticket/zoom/66902", "66902"),
        ("https://acme.example/browse/SUP-12?focusedId=3", "SUP-12"),
        ("https://x.example/nav_to.do?uri=incident.do%3Fnumber%3DINC0010023", "INC0010023"),
        ("www.desk.example/tickets/66902", "66902"),
        ("https://acme.example/agents/66902/tickets/66871/comments/1", "66871"),
    ],
)
def test_a_ticket_is_found(asked: str, found: str) -> None:
    assert ticket_of(IDS, asked) == found
    assert ticket_of(IDS.cast(pl.Categorical), asked) == found


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("66870", "the nearest are 1, 66871, 66902"),
        ("https://acme.example/tickets/66900", "the nearest are 1, 66871, 66902"),
        ("SUP-13", "the nearest are SUP-12"),
        ("9" * 40, "ids look like 66871"),
        ("zzz", "ids look like 66871"),
    ],
)
def test_an_unknown_one_is_told_with_the_nearest(asked: str, hint: str) -> None:
    with pytest.raises(TicketUnknown) as wrong:
        ticket_of(IDS, asked)
    assert wrong.value.hint == hint


def test_the_nearest_of_many_are_numbers_beside_it() -> None:
    many = pl.Series([str(number) for number in range(1000, 200_000, 7)])
    with pytest.raises(TicketUnknown, match="no ticket has the id '50002'") as wrong:
        ticket_of(many, "50002")
    assert wrong.value.hint == "the nearest are 49993, 50000, 50007"


def test_the_nearest_of_many_words_begin_alike() -> None:
    many = pl.Series([*(f"AB-{number}" for number in range(9_000)), "SUP-1200"])
    with pytest.raises(TicketUnknown) as wrong:
        ticket_of(many, "sup-120")
    assert wrong.value.hint == "the nearest are SUP-1200"


def test_files_without_tickets_have_no_near_ones() -> None:
    with pytest.raises(TicketUnknown) as wrong:
        ticket_of(pl.Series([], dtype=pl.String), "1")
    assert wrong.value.hint == "the files have no tickets"

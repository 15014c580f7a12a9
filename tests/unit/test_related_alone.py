"""A file that comes alone: taken as it is, unless what is known of several could say something of it."""

from __future__ import annotations

import pytest

from supportkpi.decisions import Reading
from supportkpi.loaders._part import Request
from supportkpi.loaders.related import _is_alone, related
from supportkpi.loaders.related._together import together
from supportkpi.loaders.tables import read

TICKETS = "id,created_at,solved_at,status\n1,2026-03-02,2026-03-03,solved\n2,2026-03-02,,open\n"
PEOPLE = "id,name,role\n11,Ann,end-user\n90,Agent A,agent\n"
SYNCED = "id,_fivetran_synced,created_at,group_id,status,updated_at\n1,2026-04-01,2026-03-02,70,open,2026-03-02\n"
RECORDS = '[{"id": 1, "created_at": "2026-03-02T10:00:00Z", "status": "open"}]'


def request(name: str, text: str, **said: object) -> Request:
    reading = Reading(**said)  # type: ignore[arg-type]
    (table,) = read(name, reading, text.encode())
    return Request(table=table, reading=reading)


@pytest.mark.parametrize(
    ("name", "text", "helpdesk", "is_alone"),
    [
        ("tickets.csv", TICKETS, None, True),
        ("tickets.csv", TICKETS, "generic", True),
        ("tickets.csv", TICKETS, "zendesk", True),
        ("tickets.csv", TICKETS, "zendesk_tables", False),  # asked for as one of several tables
        ("users.csv", TICKETS, None, False),  # called after persons: its columns have to say that it is none of names
        ("users.csv", PEOPLE, None, False),
        ("customers_export_2026.csv", PEOPLE, None, False),
        ("people who asked.csv", PEOPLE, None, True),
        ("ticket.csv", SYNCED, None, False),  # a connector's
        ("tickets.json", RECORDS, None, False),
        ("tickets.json", "[]", None, False),  # a file that holds nothing
    ],
)
def test_a_file_alone_is_what_it_is_among_others(name: str, text: str, helpdesk: str | None, is_alone: bool) -> None:
    mine = request(name, text, helpdesk=helpdesk)
    assert _is_alone(mine) is is_alone
    (alone,), (among,) = related([mine]), together([mine])
    assert type(alone) is type(among)
    if is_alone:
        assert alone is mine
        assert among is mine

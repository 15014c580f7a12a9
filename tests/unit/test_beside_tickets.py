"""What stands beside tickets: what customers did, and what they are; recognised, joined, accounted for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportkpi import pipeline
from supportkpi.errors import NotRecognised
from supportkpi.schema import Dataset, FileLedger

TICKETS = """Ticket ID,Created at,Solved at,Status,Requester email,Organization,Region
1,2026-03-02 10:00,2026-03-02 12:00,solved,ann@example.org,North,
2,2026-03-04 10:00,2026-03-04 12:00,solved,Bob@example.org,North,EU
3,2026-03-06 10:00,,open,cyd@example.org,South,
4,2026-05-01 10:00,,open,dee@example.org,,
"""
ORDERS = """order_id,customer_email,order_date,amount
o1,Ann@Example.org,2026-03-20 10:00,12.5
o2,bob@example.org,2026-03-21 10:00,7
o3,,2026-03-22 10:00,7
o4,zed@example.org,nonsense,7
o5,zed@example.org,2026-06-01 10:00,7
o6,zed@example.org,,7
"""
LOGINS = "user,logged in\nann@example.org,2026-03-20 10:00\nann@example.org,2026-03-21 10:00\n"
CUSTOMERS = """id,email,plan,country,signup_date,churned,name
17,ANN@example.org,gold,DE,2024-01-01,no,Ann
18,bob@example.org,free,FR,2024-02-01,no,Bob
19,cyd@example.org,free,,2024-02-03,yes,Cyd
19,cyd@example.org,gold,,2024-02-03,yes,Cyd
,,gold,,2024-02-03,yes,
"""


def load(folder: Path, **files: str) -> Dataset:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return pipeline.load(*(str(folder / f"{name}.csv") for name in files))


def ledger_of(data: Dataset, name: str) -> FileLedger:
    found = next(file for file in data.ledger if file.path.endswith(f"{name}.csv"))
    assert found.rows_read == found.used + sum(found.excluded.values()) + sum(found.rejected.values())
    return found


def column(data: Dataset, name: str) -> list[object]:
    return data.tickets.sort("ticket_id")[name].to_list()


def test_orders_are_what_customers_did(tmp_path):
    data = load(tmp_path, tickets=TICKETS, orders=ORDERS)
    assert data.tickets.height == 4
    assert data.activity.sort("at").row(0) == ("ann@example.org", datetime(2026, 3, 20, 10, tzinfo=UTC))
    file = ledger_of(data, "orders")
    assert (file.rows_read, file.used) == (6, 3)
    assert file.excluded == {"no_customer": 1, "no_date": 1}
    assert file.rejected == {"bad-date": 1}
    assert [reject.value for reject in data.rejects] == ["nonsense"]


def test_two_columns_of_who_and_when_need_no_word_for_it(tmp_path):
    data = load(tmp_path, tickets=TICKETS, seen=LOGINS.replace("logged in", "date"))
    assert data.activity.height == 2
    assert data.tickets.height == 4


def test_activity_unlocks_who_came_back(tmp_path):
    asked = {"kpis": "returned_without_repeat"}
    alone = pipeline.measure(load(tmp_path, tickets=TICKETS), **asked).cells[0]
    assert alone.state == "not_observed"
    assert "orders or logins" in alone.reason[0]
    row = pipeline.measure(load(tmp_path, tickets=TICKETS, orders=ORDERS), **asked).cells[0]
    assert (row.n, row.x) == (2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Ticket ID,Requester,Created at\n1,ann,2026-03-02 10:00\n2,bob,2026-03-03 10:00\n",
        "id,requester,created_at,status\n1,ann,2026-03-02 10:00,open\n2,bob,2026-03-03 10:00,solved\n",
        "id,requester,created_at,solved_at\n1,ann,2026-03-02 10:00,2026-03-03 10:00\n2,bob,2026-03-03 10:00,\n",
        "number,customer,opened,assigned to\n1,ann,2026-03-02 10:00,tom\n2,bob,2026-03-03 10:00,tom\n",
        "id,customer,date,subject\n1,ann,2026-03-02 10:00,My order\n2,bob,2026-03-03 10:00,Payment failed\n",
    ],
)
def test_tickets_are_not_taken_for_what_customers_did(tmp_path, text):
    data = load(tmp_path, tickets=text)
    assert data.tickets.height == 2
    assert data.activity.is_empty()


def test_answers_stay_answers(tmp_path):
    text = "customer,date,NPS score\nann,2026-03-02 10:00,9\nbob,2026-03-03 10:00,3\n"
    data = load(tmp_path, answers=text)
    assert data.surveys.height == 2


def test_customers_give_their_columns_to_their_tickets(tmp_path):
    data = load(tmp_path, tickets=TICKETS, customers=CUSTOMERS)
    assert column(data, "tier") == ["gold", "free", "gold", None], "of a customer twice the last row counts"
    assert column(data, "region") == ["DE", "EU", None, None], "what the ticket says itself stands"
    assert column(data, "churned") == ["no", "no", "yes", None]
    assert "name" not in data.tickets.columns, "persons stay where they are"
    file = ledger_of(data, "customers")
    assert (file.rows_read, file.used) == (5, 3)
    assert file.excluded == {"duplicate": 1, "no_customer": 1}
    said = next(text for text in data.assumptions if "customers.csv" in text)
    assert "3 of 3 customers have tickets, 3 of 4 tickets have one of them" in said
    assert "by 'email'" in said, "the key that has most in common, not the first one"


def test_organizations_are_joined_by_their_name(tmp_path):
    text = "organization,plan,renewal\nNorth,gold,2026-12-01\nSouth,free,2027-01-01\n"
    data = load(tmp_path, tickets=TICKETS, organizations=text)
    assert column(data, "tier") == ["gold", "gold", "free", None]


def test_customers_of_others_change_nothing_and_that_is_said(tmp_path):
    text = "customer,plan\nx1,gold\nx2,free\n"
    data = load(tmp_path, tickets=TICKETS, customers=text)
    assert "tier" not in data.tickets.columns
    assert any("none of its customers" in said for said in data.assumptions)


def test_a_dimension_of_customers_breaks_kpis_down(tmp_path):
    data = load(tmp_path, tickets=TICKETS, customers=CUSTOMERS)
    rows = pipeline.measure(data, kpis="tickets_created", by="tier").cells
    assert {tuple(row.group.values()): row.value for row in rows} == {(): 4, ("gold",): 2, ("free",): 1, (None,): 1}


@pytest.mark.parametrize("text", [ORDERS, LOGINS, CUSTOMERS])
def test_alone_they_are_refused_and_not_counted_as_tickets(tmp_path, text):
    name = "customers" if text is CUSTOMERS else "orders"
    with pytest.raises(NotRecognised, match="none of tickets or answers"):
        load(tmp_path, **{name: text})


def test_the_order_of_files_does_not_matter(tmp_path):
    files = {"tickets": TICKETS, "orders": ORDERS, "customers": CUSTOMERS}
    one = load(tmp_path, **files)
    other = load(tmp_path, **dict(reversed(files.items())))
    assert one.tickets.sort("ticket_id").equals(other.tickets.sort("ticket_id"))
    assert one.activity.sort("at").equals(other.activity.sort("at"))


TWO_KEYS = """Ticket ID,Created at,Solved at,Status,Customer ID,Requester email
1,2026-03-02 10:00,2026-03-02 12:00,solved,c1,ann@example.org
2,2026-03-04 10:00,2026-03-04 12:00,solved,c2,Bob@example.org
3,2026-05-01 10:00,,open,c3,cyd@example.org
"""


@pytest.mark.parametrize(
    ("key", "who"), [("Customer ID", ["c1", "c2"]), ("email", ["ann@example.org", "bob@example.org"])]
)
def test_of_two_keys_of_a_customer_the_one_counts_that_another_file_knows(tmp_path, key, who):
    plans = "\n".join(f"{one},{plan}" for one, plan in zip(who, ("gold", "free"), strict=True))
    orders = "\n".join(f"{one},2026-03-20" for one in who) + "\nzed,2026-06-01"
    data = load(tmp_path, tickets=TWO_KEYS, customers=f"{key},plan\n{plans}\n", orders=f"{key},order date\n{orders}\n")
    assert column(data, "requester_id")[:2] == who
    assert column(data, "tier") == ["gold", "free", None]
    assert pipeline.measure(data, kpis="returned_without_repeat").cells[0].n == 2
    read = next(one for one in data.provenance[0].columns if one.field == "requester_id")
    assert read.evidence.startswith("as in ")


def test_without_another_file_the_surest_header_tells_who_asked(tmp_path):
    data = load(tmp_path, tickets=TWO_KEYS)
    assert data.tickets["requester_id"].n_unique() == 3
    assert not any(one.evidence.startswith("as in ") for one in data.provenance[0].columns)

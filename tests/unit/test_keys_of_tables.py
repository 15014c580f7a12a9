"""Tables of somebody's own beside tickets: ids become names where header and values say whose ids they are."""

from __future__ import annotations

import pytest

from supportkpi import pipeline
from supportkpi.errors import NotRecognised
from supportkpi.schema import Dataset, Extent, Sight, log

TICKETS = """id,created_at,closed_at,status_id,priority_id,group_id,assignee_id,requester_id,brand_id
101,2026-03-02 10:00,2026-03-02 15:00,3,1,1,7,1,5
102,2026-03-02 11:00,,1,2,2,8,2,5
103,2026-03-03 11:00,2026-03-04 11:00,3,2,9,8,1,6
"""
TABLES = {
    "tickets.csv": TICKETS,
    "statuses.csv": "id,name\n1,Open\n2,Pending\n3,Closed\n",
    "priorities.csv": "id,name\n1,High\n2,Low\n",
    "groups.csv": "id,name,created_at\n1,First line,2020-01-01\n2,Second line,2020-01-01\n3,Second line,2020-01-02\n",
    "users.csv": "id,name,email,role\n1,Ann,ann@example.org,customer\n2,Bob,bob@example.org,customer\n"
    "7,Tom,tom@example.org,agent\n8,Tim,tim@example.org,agent\n",
    "comments.csv": "id,ticket_id,author_id,created_at,public\n1,101,1,2026-03-02 10:00,true\n"
    "2,101,7,2026-03-02 10:30,true\n3,102,2,2026-03-02 11:00,true\n4,102,8,2026-03-02 11:40,false\n"
    "5,103,1,2026-03-03 11:00,true\n6,103,8,2026-03-03 12:00,true\n",
    "ticket_tags.csv": "ticket_id,tag\n101,vip\n101,refund\n101,vip\n103,vip\n",
}


def load(files: dict[str, str]) -> Dataset:
    data = pipeline.load_held({name: text.encode() for name, text in files.items()})
    for file in data.ledger:
        assert file.rows_read == file.used + sum(file.excluded.values()) + sum(file.rejected.values()), file.path
    return data


def column(data: Dataset, name: str) -> list[object]:
    return data.tickets.sort("ticket_id")[name].to_list()


def test_words_stand_for_the_ids_that_lead_to_them() -> None:
    data = load(TABLES)
    assert column(data, "status") == ["closed", "open", "closed"]
    assert column(data, "priority") == ["high", "low", "low"]
    assert column(data, "group") == ["First line", "Second line (2)", "9"], "no group 9; two groups of one name"
    assert column(data, "assignee_id") == ["Tom", "Tim", "Tim"]
    assert column(data, "requester_id") == ["1", "2", "1"], "customers stay ids: two of them may have one name"
    assert column(data, "tags") == [["refund", "vip"], None, ["vip"]]


def test_roles_of_users_tell_requests_from_replies() -> None:
    data = load(TABLES)
    assert data.observes[Sight.reply] == data.observes[Sight.request] == Extent.EVERY
    told = log(data).collect().sort("ticket_id", "at", "seq")
    spoken = told.filter(told["kind"] == "message")
    assert spoken["actor"].cast(str).to_list() == ["customer", "agent", "customer", "agent", "customer", "agent"]
    assert spoken["public"].to_list() == [True, True, True, False, True, True]


def test_the_order_of_the_files_does_not_matter() -> None:
    one, other = load(TABLES), load(dict(reversed(TABLES.items())))
    assert one.tickets.sort("ticket_id").equals(other.tickets.sort("ticket_id").select(one.tickets.columns))
    order = ["ticket_id", "at", "seq", "kind"]
    assert log(one).collect().sort(order).equals(log(other).collect().sort(order))


def test_numbers_alone_lead_nowhere() -> None:
    """Every small number is a key of something: without a header that says so nothing is joined."""
    files = {name: TABLES[name] for name in ("tickets.csv", "priorities.csv")}
    files["tickets.csv"] = TICKETS.replace("priority_id", "severity_points").replace("brand_id", "floor")
    assert "priority" not in load(files).tickets.columns


def test_names_of_what_no_ticket_has_are_not_needed() -> None:
    data = load({"tickets.csv": TICKETS, "products.csv": "id,name\n71,Lamp\n72,Chair\n"})
    file = next(one for one in data.ledger if one.path == "products.csv")
    assert (file.used, file.excluded) == (0, {"not_needed": 2})


@pytest.mark.parametrize(
    "name", ["groups.csv", "statuses.csv", "priorities.csv", "users.csv", "roles.csv", "brands.csv"]
)
def test_alone_names_are_no_tickets(name: str) -> None:
    text = TABLES.get(name, "id,name,created_at\n1,One,2026-01-01 10:00\n2,Two,2026-01-02 10:00\n")
    with pytest.raises(NotRecognised, match="none of tickets or answers"):
        load({name: text})


def test_a_table_called_after_persons_that_tells_of_tickets_is_one_of_tickets() -> None:
    text = "id,name,created_at,closed_at\n1,Ann,2026-01-01 10:00,2026-01-01 12:00\n2,Bob,2026-01-02 10:00,\n"
    assert load({"contacts.csv": text}).tickets.height == 2

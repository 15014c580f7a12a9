"""Bitrix24 tasks by the names of the table's fields, as programs write them to CSV."""

from __future__ import annotations

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Stamps

ROWS = """ID;TITLE;REAL_STATUS;PRIORITY;CREATED_DATE;CLOSED_DATE;DEADLINE;RESPONSIBLE_ID;GROUP_ID;TIME_SPENT_IN_LOGS
18;a;5;2;02.03.2026 09:00:00;02.03.2026 14:30:00;03.03.2026 18:00:00;1;12;3600
19;b;4;1;13.03.2026 09:00:00;13.03.2026 12:00:00;;2;12;
20;c;6;0;14.03.2026 09:00:00;;14.03.2026 12:00:00;1;12;
21;d;7;1;15.03.2026 09:00:00;;;1;12;
"""


def test_tasks_by_the_names_of_their_fields() -> None:
    how = Reading(source_timezone="Europe/Moscow")
    found = load_tables(list(read("-", how, ROWS.encode())), how)
    assert found.provenance[0].helpdesk == "bitrix24_tasks"
    assert found.tickets["status"].cast(str).to_list() == ["closed", "solved", "hold", "closed"]
    assert found.tickets["priority"].cast(str).to_list() == ["high", "normal", "low", "normal"]
    assert found.tickets["given_handle_s"].to_list() == [3600, None, None, None]
    assert isinstance(found.history, Stamps)
    assert found.history.frame["solved_at"].is_not_null().to_list() == [True, True, False, False]
    assert "requester_id" not in found.tickets.columns or found.tickets["requester_id"].is_null().all()

"""Tags that say that a ticket does not count: those that the mapping of a helpdesk lists as words of exclusion."""

from __future__ import annotations

import pytest

from supportkpi.decisions import Reading
from supportkpi.pipeline import load_held

HEAD = "Summation column,Id,Status,Created at,Solved at,Tags"


def exclusions(tags: list[str], columns: list[str] | None = None, status: str = "Closed") -> list[str | None]:
    rows = [
        f'1,{number},{status},2026-01-05 10:00,2026-01-06 10:00,"{cell}"' for number, cell in enumerate(tags, start=1)
    ]
    found = load_held({"z.csv": "\n".join([HEAD, *rows]).encode()}, reading=Reading(), columns=columns)
    return found.tickets.sort("ticket_id")["exclusion"].to_list()


@pytest.mark.parametrize("columns", [None, []])
def test_a_merged_ticket_is_told_by_its_tag(columns: list[str] | None) -> None:
    tags = ["billing closed_by_merge", "closed_by_merge", "Closed_By_Merge vip", "billing", "", "not_closed_by_merger"]
    assert exclusions(tags, columns) == ["merged", "merged", "merged", None, None, None]


def test_a_status_that_takes_it_out_stands_above_a_tag() -> None:
    assert exclusions(["closed_by_merge", "vip"], status="Deleted") == ["deleted", "deleted"]

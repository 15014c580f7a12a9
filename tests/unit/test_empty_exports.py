"""Exports without a record or a row: an error where there is nothing else, a counted file beside others."""

from __future__ import annotations

import pytest

from supportkpi import pipeline
from supportkpi.errors import FileEmpty

ONE = b"Ticket ID,Created at,Status\n1,2026-03-02 10:00,open\n"


@pytest.mark.parametrize("text", ['{"tickets": []}', "[]", '{"tickets": [], "count": 0, "next_page": null}'])
def test_a_page_without_records_is_no_export(text: str) -> None:
    with pytest.raises(FileEmpty, match="no records"):
        pipeline.load_held({"tickets.json": text.encode()})


def test_beside_others_a_page_without_records_is_a_file_of_no_rows() -> None:
    data = pipeline.load_held({"february.json": b"[]", "march.csv": ONE})
    assert data.tickets.height == 1
    assert [(file.rows_read, file.used) for file in data.ledger] == [(0, 0), (1, 1)]


def test_a_header_alone_can_be_looked_at_and_not_reported_on() -> None:
    data = pipeline.load_held({"tickets.csv": ONE.splitlines(keepends=True)[0]})
    with pytest.raises(FileEmpty, match="a header and not one row"):
        pipeline.limited(data, None)
    pipeline.limited(pipeline.load_held({"tickets.csv": ONE}), None)

"""Whatever a table holds, loading it gives a Dataset whose rows add up, or an error of ours; never anything else."""

from __future__ import annotations

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thorough import examples

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders import Table, load_tables
from supportkpi.schema import Stamps

HEADERS = [
    "Ticket ID",
    "Id",
    "Number",
    "Created",
    "created_at",
    "Created at",
    "Opened",
    "Opening date",
    "Created time",
    "Resolved",
    "Solved at",
    "Closed",
    "Updated",
    "Status",
    "State",
    "Priority",
    "Via",
    "Requester",
    "Requester - Requester",
    "Submitter",
    "Tags",
    "CSAT",
    "nps",
    "Satisfaction Score",
    "score",
    "date",
    "First response time",
    "First reply time in minutes",
    "Full resolution time in minutes",
    "Initial response time",
    "Due by Time",
    "Short description",
    "Summation column",
    "Ticket created - Timestamp",
    "activity",
    "Reopens",
    "Escalated",
    "cost",
    "spam",
    "Made SLA",
    "x",
]
CELLS = [
    "",
    "-",
    "?",
    "NA",
    "1",
    "2",
    "3",
    "x",
    "2026-01-01",
    "2026-01-01 10:00:00",
    "01/02/2026",
    "13/02/2026",
    "31.02.2026",
    "Open",
    "Closed",
    "Spam",
    "good",
    "5",
    "5.0",
    "1e9",
    "NaN",
    "inf",
    "-5",
    "0",
    "ünï",
    "\xa0",
    "true",
    "1:30",
    "12:30:00",
    "12 345",
    "[a,b]",
    "a;b",
    "yesterday",
    "2026-03-29 02:30:00",
    "99999999999999999999",
    "1767225600",
    "45000.5",
    "9999-12-31 00:00:00",
    "0001-01-01",
    "10",
    "-1 day",
]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    headers = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=9, unique=True))
    rows = draw(st.integers(0, 12))
    columns: dict[str, list[str | None]] = {}
    for header in headers:
        kind = draw(st.sampled_from(("number", "date", "any", "any", "mostly dates")))
        any_cell = st.sampled_from(CELLS) | st.none()
        if kind == "number":
            columns[header] = [str(row) for row in range(rows)]
        elif kind == "any":
            columns[header] = draw(st.lists(any_cell, min_size=rows, max_size=rows))
        else:
            columns[header] = [f"2026-01-{1 + row:02} 10:00:00" for row in range(rows)]
            if kind == "mostly dates" and rows:
                columns[header][draw(st.integers(0, rows - 1))] = draw(any_cell)
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headers, pl.String)).with_row_index("_row")
    empty = [pl.when(pl.col(header) != "").then(pl.col(header)).alias(header) for header in headers]
    return Table(
        name="t.csv",
        path="there-is-no-such-file.csv",
        format="csv",
        columns=tuple(headers),
        frame=frame.with_columns(pl.col("_row").cast(pl.UInt32), *empty).lazy(),
        rows=rows,
        sha256="",
    )


@settings(max_examples=examples(80, times=12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(tables(), min_size=1, max_size=2), st.sampled_from((None, "Europe/Berlin")))
def test_rows_add_up_or_the_error_is_ours(found: list[Table], zone: str | None) -> None:
    named = [Table(**{**_parts(table), "name": f"{place}.csv"}) for place, table in enumerate(found)]  # type: ignore[arg-type]
    try:
        dataset = load_tables(named, Reading(source_timezone=zone))
    except KpiError:
        return
    for one, table in zip(dataset.ledger, named, strict=True):
        assert one.rows_read == table.rows
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    assert isinstance(dataset.history, Stamps)
    assert dataset.tickets["ticket_id"].is_unique().all()
    assert dataset.tickets["ticket_id"].null_count() == 0
    assert len(dataset.rejects) == sum(sum(one.rejected.values()) for one in dataset.ledger)


def _parts(table: Table) -> dict[str, object]:
    return {name: getattr(table, name) for name in ("name", "path", "format", "columns", "frame", "rows", "sha256")}

"""Whatever a log holds, loading it gives a history whose rows add up, or an error of ours; never anything else."""

from __future__ import annotations

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thorough import examples

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders import Table, load_tables
from supportkpi.schema import EVENTS, Dataset, Log, log

HEADERS = [
    *(
        "Ticket ID",
        "case:concept:name",
        "number",
        "Issue key",
        "ticket_id",
        "at",
        "kind",
        "Event time",
        "time:timestamp",
    ),
    *("created_at", "sys_updated_at", "Updated at", "sys_mod_count", "Event", "concept:name", "activity", "Field"),
    *("Old value", "New value", "value", "author", "author role", "actor", "public", "is_private", "body", "Status"),
    *("incident_state", "lifecycle:transition", "Priority", "assigned_to", "Group", "level", "Created", "Resolved"),
    *("requester", "Reporter Id", "Comment", "Comment (2)", "Log Work", "Status Category", "raw", "CSAT"),
]
CELLS = [
    *(
        "",
        "-",
        "?",
        "1",
        "2",
        "A-1",
        "created",
        "Agent replied",
        "Status changed to Solved",
        "status",
        "assignee",
        "level",
    ),
    *(
        "2026-03-01 10:00",
        "2026-03-02T10:00:00Z",
        "03/04/2026",
        "never",
        "9999-12-31",
        "1e99",
        "Solved",
        "Open",
        "Escalated",
    ),
    *(
        "customer",
        "agent",
        "bot",
        "true",
        "false",
        "internal",
        "bob",
        "L2",
        "14/Mar/26 9:30 AM;bob;text",
        ";;;",
        "x" * 90,
    ),
]


SHAPES = [
    ("Ticket ID", "Event time", "Event"),
    ("case:concept:name", "time:timestamp", "concept:name", "lifecycle:transition"),
    ("Ticket ID", "Updated at", "Field", "Old value", "New value"),
    ("ticket_id", "created_at", "author", "author role", "public", "body"),
    ("number", "sys_updated_at", "sys_mod_count", "incident_state", "assigned_to", "opened_at", "resolved_at"),
    ("ticket_id", "at", "kind", "actor", "actor_id", "public", "value", "raw"),
    ("Issue key", "Issue id", "Reporter Id", "Created", "Status", "Status Category", "Comment", "Comment (2)"),
]
INSTANTS = ["2026-03-01 10:00", "2026-03-01 11:30", "2026-03-02 09:00", "2026-03-09 23:59", "no date", ""]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    shape = draw(st.sampled_from(SHAPES))
    more = draw(st.lists(st.sampled_from(HEADERS), max_size=4, unique=True))
    headers = list(dict.fromkeys([*shape, *more]))
    count = draw(st.integers(0, 12))
    columns = {}
    for place, header in enumerate(headers):
        cells = ["1", "2", "3", ""] if place == 0 else INSTANTS if header == shape[1] else CELLS
        columns[header] = draw(st.lists(st.sampled_from(cells), min_size=count, max_size=count))
    frame = pl.DataFrame(
        {"_row": range(count), **{header: [cell or None for cell in cells] for header, cells in columns.items()}},
        schema={"_row": pl.UInt32, **dict.fromkeys(headers, pl.String)},
    )
    name = draw(st.sampled_from(["a.csv", "b.csv"]))
    return Table(
        name=name, path=name, format="csv", columns=tuple(headers), frame=frame.lazy(), rows=count, sha256="0" * 64
    )


def sound(dataset: Dataset) -> None:
    for one in dataset.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    if isinstance(dataset.history, Log):
        frame = log(dataset).collect()
        assert frame.columns == list(EVENTS)
        assert frame["at"].null_count() == 0
        assert frame["kind"].null_count() == 0
        assert set(frame["ticket_id"].cast(pl.String)) <= set(dataset.tickets["ticket_id"])
    assert dataset.tickets["ticket_id"].is_unique().all()


@settings(max_examples=examples(40, times=12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(tables(), min_size=1, max_size=2, unique_by=lambda table: table.name), st.booleans())
def test_any_log_is_told_whole_or_refused_in_words(made: list[Table], dayfirst: bool) -> None:
    reading = Reading(dayfirst=dayfirst, responders={"bot": ("bo*",)})
    try:
        dataset = load_tables(made, reading)
    except KpiError:
        return
    sound(dataset)

"""Reconcile at an earlier instant: what the export knows from later is no fault of its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from supportkpi.decisions import Settings
from supportkpi.pipeline import dataset, reconcile
from supportkpi.reconciliations import Reconciliation
from supportkpi.schema import Dataset

MON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def desk() -> Dataset:
    """Two tickets: answered after one and after five hours, solved after three and after eight; the first goes on."""
    told = []
    for ticket, replied, solved in (("early", 1, 3), ("late", 5, 8)):
        told += [
            (ticket, MON, "created", "customer", None, None),
            (ticket, MON, "message", "customer", True, None),
            (ticket, MON + replied * HOUR, "message", "agent", True, None),
            (ticket, MON + solved * HOUR, "status", "agent", None, "solved"),
        ]
    told += [("early", MON + 6 * HOUR, "message", "agent", True, None)]
    events = pl.DataFrame(told, schema=["ticket_id", "at", "kind", "actor", "public", "value"], orient="row")
    tickets = pl.DataFrame(
        {
            "ticket_id": ["early", "late"],
            "given_first_response_s": [3600.0, 5 * 3600.0],
            "given_resolution_s": [3 * 3600.0, 8 * 3600.0],
            "given_replies": [2, 1],
        }
    )
    return dataset(events=events, tickets=tickets)


def rules(found: Reconciliation, figure: str) -> dict[str, str]:
    rows = found.rows.filter(figure=figure)
    return dict(zip(rows["ticket_id"], rows["rule"], strict=True))


@pytest.mark.parametrize(
    ("hours", "first_response", "resolution", "replies"),
    [
        (0.5, ("after_as_of", "after_as_of"), ("after_as_of", "after_as_of"), ("after_as_of", "after_as_of")),
        (4, ("same", "after_as_of"), ("same", "after_as_of"), ("after_as_of", "after_as_of")),
        (7, ("same", "same"), ("same", "after_as_of"), ("same", "same")),
        (9, ("same", "same"), ("same", "same"), ("same", "same")),
    ],
)
def test_what_came_after_the_instant_is_said_so(
    hours: float, first_response: tuple[str, str], resolution: tuple[str, str], replies: tuple[str, str]
) -> None:
    found = reconcile(desk(), settings=Settings(as_of=MON + hours * HOUR))
    for figure, wanted in (("first_response", first_response), ("resolution", resolution), ("replies", replies)):
        assert rules(found, figure) == dict(zip(("early", "late"), wanted, strict=True)), figure
    texts = {reason.rule: reason.text for each in found.figures for reason in each.reasons}
    assert "after --as-of" in texts.get("after_as_of", "after --as-of")


def test_a_difference_of_another_kind_stays_one() -> None:
    data = desk()
    wrong = pl.Series("given_first_response_s", [7777.0, 5 * 3600.0])
    data = replace(data, tickets=data.tickets.with_columns(wrong))
    found = reconcile(data, settings=Settings(as_of=MON + 4 * HOUR))
    assert rules(found, "first_response") == {"early": "unexplained", "late": "after_as_of"}

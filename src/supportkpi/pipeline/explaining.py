"""Explaining: a KPI by its definition, a ticket by its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from supportkpi import config as configs
from supportkpi.decisions import Settings
from supportkpi.engine.receipt import receipts
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.pipeline import measuring
from supportkpi.pipeline.listing import lasting
from supportkpi.pipeline.measuring import fold, known_kpis
from supportkpi.receipts import Receipt
from supportkpi.report import Definition
from supportkpi.schema import Dataset


@overload
def explain(asked: str) -> Definition:  # noqa: D418
    """The definition of a KPI."""


@overload
def explain(asked: Dataset | Facts, ticket: str, *, settings: Settings | None = None) -> Receipt:  # noqa: D418
    """The receipt of a ticket."""


def explain(
    asked: str | Dataset | Facts, ticket: str | None = None, *, settings: Settings | None = None
) -> Definition | Receipt:
    """The definition of a KPI, by id or short name; with data and the id of a ticket its receipt.

    Raises:
        KpiUnknown: no KPI has that name.
        TicketUnknown: no ticket has that id.
        OptionWrong: a KPI needs no ticket, data does.
    """
    if isinstance(asked, str) and ticket is None:
        return measuring.explain(asked)
    if isinstance(asked, str) or ticket is None:
        raise OptionWrong("a ticket is explained from data and its id", hint='write explain(data, "66871")')
    return explained(asked, [ticket], settings=settings)[0]


def explained(
    data: Dataset | Facts, tickets: Sequence[str], *, settings: Settings | None = None
) -> tuple[Receipt, ...]:
    """The receipts of several tickets, by id, ``#66871`` or the address of their pages.

    An ``as_of`` of the settings that is later than a Dataset lets its clocks run on until then.

    Raises:
        TicketUnknown: no ticket has that id.
    """
    chosen = settings if settings is not None else data.settings if isinstance(data, Facts) else Settings()
    known = fold(lasting(data, chosen) if isinstance(data, Dataset) else data, chosen)
    return receipts(known, tickets, settings=configs.with_own_kpis(chosen, known_kpis(known)))

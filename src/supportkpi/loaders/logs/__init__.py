"""Logs: tables in which one row is an event, an update of a ticket, or a message.

What a row tells comes from its activity, its changed field or its message (``_main``), and from how it says that the
ticket stands (``_states``); the ticket itself is what its newest row says (``_tickets``).
"""

from __future__ import annotations

from dataclasses import replace

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.logs._audits import audited
from supportkpi.loaders.logs._headers import has_changes
from supportkpi.loaders.logs._plan import planned
from supportkpi.loaders.logs._sides import sided
from supportkpi.loaders.logs._threads import threaded
from supportkpi.loaders.mapping._recognise import by_header, normal
from supportkpi.loaders.values._halves import with_whole_dates
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import settle

__all__ = ["jira_part", "log_part"]

_JIRA_KEYS = ("issue key", "clave de incidencia", "vorgangsschlüssel")


def jira_part(request: Request) -> Part | None:
    """The part of a CSV of Jira issues; None for any other table.

    Raises:
        KpiError: the table contradicts itself.
    """
    headers = by_header(request.table.columns)
    if not any(key in headers for key in _JIRA_KEYS) or has_changes(request.table.columns):
        return None
    from supportkpi.loaders.logs._jira import issues_part  # noqa: PLC0415 - other tables need not load it

    return issues_part(request)


def log_part(request: Request) -> Part | None:
    """The part of a table that is a log; None where one row is a ticket or an answer.

    Raises:
        KpiError: the rows are events, and nothing says when they happened, or the log contradicts itself.
    """
    if not request.table.columns or not request.table.rows:
        return None
    headers = by_header(request.table.columns)
    said = frozenset(headers[normal(column)] for column in request.chosen.values() if normal(column) in headers)
    sample = request.sample
    table, halves = with_whole_dates(sample, said=said)
    sample = Sample(table) if halves else sample
    by_itself = request.mapping is None and "ticket_id" not in request.chosen
    chained = threaded(sample) or audited(sample) or sided(sample) if by_itself else None
    if chained is not None:
        sample, halves = Sample(chained[0]), (*halves, *chained[1])
    plan = planned(sample, request)
    if plan is not None and not request.thorough:  # what the first rows look like has to hold for all
        plan = planned(sample, replace(request, thorough=True))
    if plan is None:
        return None
    from supportkpi.loaders.logs._read import read_log  # noqa: PLC0415 - most tables are no logs

    sample = sample.without(plan.missing)
    return read_log(settle(plan, sample, request.reading), sample, request, notes=halves)

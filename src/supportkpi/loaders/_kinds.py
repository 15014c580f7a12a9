"""The kinds of tables, and who reads each: the first reader that knows a table makes its part.

A reader is a function of a ``Request`` that gives a Part, or None where the table is of another kind. Those with the
surest marks stand first; tables of tickets and answers come last, and refuse what nobody can read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from supportkpi.errors import KpiError
from supportkpi.loaders._machines import noticed
from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.beside._activity import activity_part
from supportkpi.loaders.beside._customers import customers_part
from supportkpi.loaders.beside._deadlines import targets_part
from supportkpi.loaders.beside._series import series_part
from supportkpi.loaders.beside._work import work_part
from supportkpi.loaders.logs import jira_part, log_part
from supportkpi.loaders.wide._damage import examined
from supportkpi.loaders.wide._rows import all_differ
from supportkpi.loaders.wide._wide import wide_part

if TYPE_CHECKING:
    from supportkpi.loaders._part import Teller


def _nested(request: Request) -> Part | None:
    if request.table.format not in ("json", "ndjson"):
        return None
    from supportkpi.loaders.nested import nested_part  # noqa: PLC0415 - a table of cells need not load its readers

    return nested_part(request)


_BESIDE: tuple[Teller, ...] = (targets_part, series_part, customers_part, activity_part, work_part)
TELLERS: tuple[Teller, ...] = (_nested, *_BESIDE, jira_part, log_part)
"""Readers of nested records, logs and side tables, in the order in which they are asked."""


def part_of(request: Request) -> Part:
    """The part of a table, whatever its kind.

    Raises:
        KpiError: no reader knows the table, or it contradicts itself.
    """
    told = (tell(request) for tell in TELLERS)
    found = next((part for part in told if part is not None), None)
    part = examined(found if found is not None else _wide_or_log(request), request.sample)
    return noticed(part, request.reading)


def _wide_or_log(request: Request) -> Part:
    """The part of a table of tickets or answers, unless ids turn out to come again further down than the sample."""
    thorough = replace(request, thorough=True)
    try:
        wide = wide_part(request)
    except KpiError:
        log = None if request.sample.is_whole else log_part(thorough)
        if log is None:
            raise
        return log
    if request.sample.is_whole or wide.survey or all_differ(wide.frame["ticket_id"]):
        return wide
    return log_part(thorough) or wide

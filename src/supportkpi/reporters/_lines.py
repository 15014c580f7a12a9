"""The rows of a report sorted into lines: one line a KPI, clock and attribution, in blocks that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supportkpi.report import Report, Row, State

BLOCKS: Mapping[str, str] = {
    "speed": """
        first_response_time next_response_time reaction_time resolution_time first_resolution_time net_resolution_time
        agent_work_time requester_wait_time agent_wait_time hold_time handle_time case_duration escalation_time
    """,
    "once": """
        first_contact_resolution one_touch reopen_rate repeat_contact_rate returned_without_repeat replies_per_ticket
        transfer_rate escalation_rate bot_resolution_rate
    """,
    "satisfaction": "csat csat_mean csat_response_rate nps ces solved_with_high_csat",
    "service": "sla_first_response sla_next_response sla_resolution sla_update sla_escalation sla_all",
    "volume": """
        tickets_created tickets_solved closure_ratio backlog backlog_age requesters requesters_solved
        tickets_per_requester
    """,
}
"""KPIs that are read together, one block a line of the screen's order; one that stands nowhere goes by its unit."""
OTHER = "other"
ORDER = (*BLOCKS, OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The rows of one KPI on one clock under one attribution, in total: stat to row."""

    kpi: str
    clock: str | None
    attribution: str | None
    rows: Mapping[str, Row]

    @property
    def head(self) -> Row:
        """The headline: the first statistic."""
        return next(iter(self.rows.values()))

    @property
    def shown(self) -> bool:
        """Whether the export can show it at all."""
        return self.head.state not in (State.not_observed, State.needs_answer)


def lines(report: Report) -> list[Line]:
    """The totals as lines in the report's order; of a KPI's two clocks the one of the report's head comes first."""
    found: dict[tuple[str, str | None, str | None], dict[str, Row]] = {}
    for row in report.cells:
        if not row.group:
            found.setdefault((row.kpi, row.clock, row.attribution), {}).setdefault(row.stat, row)
    kpis = list(dict.fromkeys(key[0] for key in found))
    main = "business" if report.method.calendar is not None else "calendar"
    ordered = sorted(found, key=lambda key: (kpis.index(key[0]), key[1] != main))
    return [Line(kpi=kpi, clock=clock, attribution=by, rows=found[kpi, clock, by]) for kpi, clock, by in ordered]


def block_of(line: Line) -> str:
    """The block that a line stands in."""
    for name, kpis in BLOCKS.items():
        if line.kpi in kpis.split():
            return name
    return "speed" if line.head.unit == "s" else OTHER


def on_screen(report: Report) -> set[str]:
    """The KPIs of the one screen: those that were asked for, else the headlines and those that have a target."""
    if report.method.asked:
        return set(report.method.asked)
    held = {row.kpi for row in report.cells if row.target is not None and not row.group}
    known = report.method.definitions
    return {row.kpi for row in report.cells if row.kpi in held or row.kpi not in known or known[row.kpi].headline}


def blocks(report: Report, *, full: bool) -> dict[str, list[Line]]:
    """Lines by block, those that the export shows and those without which they mislead; ``full``: of all KPIs."""
    sorted_out: dict[str, list[Line]] = {name: [] for name in ORDER}
    chosen = on_screen(report)
    for line in lines(report):
        if not full and line.kpi not in chosen:
            continue
        sorted_out[block_of(line)].append(line)
    return {name: kept for name, found in sorted_out.items() if (kept := _kept(report, found))}


def _kept(report: Report, found: list[Line]) -> list[Line]:
    """The shown lines, and a line for each KPI that one of them must not stand without (its ``shown_with``)."""
    definitions = report.method.definitions
    wanted = {
        name for line in found if line.shown and line.kpi in definitions for name in definitions[line.kpi].shown_with
    }
    return [line for line in found if line.shown or line.kpi in wanted]


def attributions(found: list[Line]) -> dict[str, int]:
    """How many attributions each KPI has among the lines: with more than one a line names its own."""
    seen: dict[str, set[str | None]] = {}
    for line in found:
        seen.setdefault(line.kpi, set()).add(line.attribution)
    return {kpi: len(names) for kpi, names in seen.items()}

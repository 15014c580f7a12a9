"""Reports made by hand for the reporters' tests: a busy month, a file that shows next to nothing, hostile names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

from supportkpi.report import Definition, Finding, Ledger, Method, Report, Row, RowTarget, Series, State
from supportkpi.schema import ColumnReading, FileLedger, Provenance

TITLES = {
    "first_response_time": ("First response time", "FRT", "s", "From creation to the first public reply of a person."),
    "resolution_time": ("Resolution time", "RT", "s", "From creation to the last solve."),
    "first_resolution_time": ("First resolution time", "First RT", "s", "From creation to the first solve."),
    "first_contact_resolution": ("First contact resolution", "FCR", "ratio", "Solved with one reply, and stayed so."),
    "csat": ("Customer satisfaction, share satisfied", "CSAT", "ratio", "Satisfied among valid ratings."),
    "csat_mean": ("Mean satisfaction rating", "CSAT mean", "score", "Mean of the valid ratings."),
    "csat_response_rate": ("Surveys answered", "Answered", "ratio", "Ratings among surveys offered."),
    "nps": ("Net promoter score", "NPS", "points", "Share of 9 and 10 less share of 0 to 6."),
    "tickets_created": ("Tickets created", "Created", "tickets", "Tickets created in the period."),
    "tickets_solved": ("Tickets solved", "Solved", "tickets", "Tickets whose last solve lies in the period."),
    "closure_ratio": ("Solved per ticket created", "Solved / created", "ratio", "Solves divided by creations."),
    "backlog": ("Open tickets", "Backlog", "tickets", "Tickets open at the end of the period."),
    "backlog_age": ("Age of open tickets", "Open for", "s", "How long the open tickets have been open."),
}
SHOWN_WITH = {"first_response_time": ("resolution_time",), "resolution_time": ("first_response_time",)}
ATTRIBUTION = {
    "csat": "rated",
    "csat_mean": "rated",
    "nps": "rated",
    "backlog": "instant",
    "backlog_age": "instant",
} | {
    "tickets_solved": "solved",
    "closure_ratio": "solved",
    "csat_response_rate": "solved",
}


def definitions() -> dict[str, Definition]:
    return {
        kpi: Definition(
            kpi=kpi,
            title=title,
            abbr=abbr,
            unit=unit,
            direction="lower" if unit == "s" else "higher",
            definition=text,
            why=f"Why {abbr} matters.",
            stats=("value",),
            revision=1,
            caveats=(f"What {abbr} does not say.",),
            shown_with=SHOWN_WITH.get(kpi, ()),
        )
        for kpi, (title, abbr, unit, text) in TITLES.items()
    }


def row(kpi: str, stat: str = "value", **given: object) -> Row:
    """A row of the fixture's period with the KPI's own unit and attribution."""
    values: dict[str, object] = {
        "kpi": kpi,
        "stat": stat,
        "clock": "calendar" if TITLES.get(kpi, ("", "", "tickets", ""))[2] == "s" else None,
        "attribution": ATTRIBUTION.get(kpi, "created"),
        "group": {},
        "period": "all",
        "period_start": None,
        "period_end": None,
        "unit": TITLES.get(kpi, ("", "", "tickets", ""))[2],
        "n": 0,
    }
    return Row(**(values | given))  # type: ignore[arg-type]


def durations(
    kpi: str,
    n: int,
    *,
    median: float,
    n_open: int = 0,
    clock: Literal["calendar", "business"] = "calendar",
    group: Mapping[str, str | None] | None = None,
    counts: Mapping[str, int] | None = None,
) -> list[Row]:
    """Every statistic of a duration, in a plausible proportion to its median."""
    shared = {"clock": clock, "n": n, "n_open": n_open, "group": group or {}, "counts": counts or {}}
    state = State.ok if n >= 5 else State.too_few
    p90 = {"value": median * 22, "low": median * 20, "high": median * 25 if n >= 36 else None}
    p95 = {"value": median * 40, "low": median * 33, "high": median * 61 if n >= 72 else None}
    return [
        row(kpi, "median", value=median, low=median * 0.9, high=median * 1.1, state=state, **shared),
        row(kpi, "mean", value=median * 8.6, low=None, high=None, state=state, **shared),
        row(kpi, "p90", state=State.ok if n >= 36 else State.too_few, **p90, **shared),
        row(kpi, "p95", state=State.ok if n >= 72 else State.too_few, **p95, **shared),
        row(kpi, "km_median", value=median * 1.05, low=median, high=median * 1.2, state=state, **shared),
        row(kpi, "hardest_decile_mean", value=median * 55, state=state, **shared),
    ]


def share(kpi: str, x: int, n: int, low: float, high: float, **given: object) -> Row:
    state = State.ok if n >= 5 else State.too_few
    return row(kpi, x=float(x), n=n, value=x / n, low=low, high=high, state=state, **given)


def absent(kpi: str, *reasons: str, state: State = State.not_observed, **given: object) -> Row:
    return row(kpi, state=state, reason=reasons, **given)


def method(**given: object) -> Method:
    values: dict[str, object] = {
        "timezone": "Europe/Moscow",
        "as_of": datetime(2026, 4, 2, 5, 12, tzinfo=UTC),
        "period_label": "all",
        "period_start": None,
        "period_end": None,
        "calendar": None,
        "definitions": definitions(),
        "fingerprint": "a3f177c0" + "0" * 56,
        "assumptions": ("dates carry no zone and were read as UTC (--source-tz ZONE)",),
        "created_from": datetime(2026, 2, 28, 9, tzinfo=UTC),
        "created_to": datetime(2026, 3, 31, 20, tzinfo=UTC),
    }
    return Method(**(values | given))  # type: ignore[arg-type]


def source(path: str = "tickets.csv", rows: int = 2050) -> Provenance:
    return Provenance(
        path=path,
        sha256="0" * 64,
        helpdesk="zendesk",
        title="Zendesk ticket CSV",
        format="csv",
        encoding="utf-8",
        delimiter=",",
        rows=rows,
        zone="UTC",
        zone_source="assumed",
        columns=(ColumnReading(column="Id", field="ticket_id", confidence="sure", evidence="unique", filled=1.0),),
        notes=("14 words of status were not understood",),
    )


LEDGER = Ledger(
    files=(
        FileLedger(
            path="tickets.csv", rows_read=2050, used=1967, excluded={"spam": 49, "merged": 32}, rejected={"bad-date": 2}
        ),
    )
)
NO_REPLIES = ("the export does not show every reply", "an export of the correspondence would")


def _shared_rows() -> list[Row]:
    return [
        absent("first_resolution_time", "the export has the last solve only"),
        absent("first_contact_resolution", *NO_REPLIES),
        share("csat", 216, 253, 0.803, 0.892, counts={"invalid": 2}, attribution="solved"),
        row("csat_mean", value=4.2134, low=4.1, high=4.3, n=253, counts={"invalid": 2}, attribution="solved"),
        share("csat_response_rate", 253, 1626, 0.139, 0.174),
        row(
            "nps",
            value=38.7850,
            low=28.0,
            high=48.5,
            n=214,
            x=None,
            counts={"promoters": 117, "passives": 63, "detractors": 34, "invalid": 0},
        ),
        row("tickets_created", value=1967.0, n=1967),
        row("tickets_solved", value=1857.0, n=1857, counts={"solve_events": 1901}),
        row("closure_ratio", value=1901 / 1967, x=1901.0, n=1967, counts={}),
        row("backlog", value=110.0, n=110),
        row("backlog", "days_of_work", value=1.8, n=110, unit="days"),
        *[each for each in durations("backlog_age", 110, median=180_000.0) if each.stat != "km_median"],
    ]


def month(*, calendar: str | None = None) -> Report:
    """A month's export without settings; with ``calendar`` both clocks stand side by side."""
    clocks: list[Literal["calendar", "business"]] = ["calendar", "business"] if calendar else ["calendar"]
    counts = {"solved_unanswered": 32, "invalid": 0, "excluded": 64}
    cells: list[Row] = []
    for clock in clocks:
        cells += durations("first_response_time", 1872, median=3480.0, n_open=1, clock=clock, counts=counts)
    for clock in clocks:
        cells += durations("resolution_time", 1857, median=88_000.0, n_open=110, clock=clock)
    return Report(cells=(*cells, *_shared_rows()), ledger=LEDGER, method=method(calendar=calendar), inputs=(source(),))


def quarter() -> Report:
    """A quarter against targets: met, missed, uncertain, hidden by rounding, too few, not in the file."""
    wanted: dict[tuple[str, str, str | None], tuple[str, float, str, str | None, str | None]] = {
        ("first_response_time", "median", "business"): ("<=", 3600.0, "1h", "met", "sure"),
        ("resolution_time", "km_median", "business"): ("<=", 90_000.0, "25h", "missed", "uncertain"),
        ("first_contact_resolution", "value", None): (">=", 0.4, "40%", "no_data", None),
        ("csat", "value", None): (">=", 0.9, "90%", "missed", "sure"),
        ("csat_response_rate", "value", None): (">=", 0.1556, "15.56%", "missed", "uncertain"),
        ("nps", "value", None): (">=", 50.0, "50", "missed", "sure"),
        ("backlog", "value", None): ("<=", 120.0, "120", "met", "sure"),
    }
    base = month(calendar="office")
    cells = []
    for each in base.cells:
        found = wanted.get((each.kpi, each.stat, each.clock))
        changed = replace(each, period="2026-Q1", period_start=date(2026, 1, 1), period_end=date(2026, 3, 31))
        if found is not None:
            op, value, text, verdict, certainty = found
            target = RowTarget(op=op, value=value, text=text)
            changed = replace(changed, target=target, verdict=verdict, certainty=certainty)  # type: ignore[arg-type]
        cells.append(changed)
    rules = method(
        calendar="office",
        period_label="2026-Q1",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 3, 31),
        where=("channel=email", "priority!=low"),
    )
    finding = Finding(
        id="G08",
        severity="medium",
        text="15.6 % of surveys were answered: CSAT stands for those who answer.",
        numbers={"share": 0.156},
        tickets=("1", "2"),
    )
    series = Series(
        id="load", kpi="tickets_created", kind="load", columns=("weekday", "hour", "n"), points=((1, 9, 12),)
    )
    return Report(
        cells=tuple(cells), ledger=LEDGER, method=rules, inputs=(source(),), findings=(finding,), series=(series,)
    )


HOSTILE = (
    "[red]x[/]",
    "a|b",
    "=cmd()",
    "line\nbreak",
    "tab\there",
    "אבג דה",
    "🔥 срочно",
    "高い優先度",
    "<script>",
    "@team",
    "\x1b[31mred",
    "\u202eabc",
    "",
    None,
)


def grouped() -> Report:
    """Broken down by priority, and by priority and channel, with names to escape; some groups are small."""
    cells = list(month().cells)
    for index, name in enumerate(HOSTILE):
        n = [400, 120, 41, 22, 12, 3][index % 6]
        cells += durations("first_response_time", n, median=600.0 * (index + 1), group={"priority": name})
        cells += durations("resolution_time", n, median=9000.0 * (index + 1), n_open=2, group={"priority": name})
        cells += [
            share("csat", max(n - 3, 1), n, 0.5, 0.93, group={"priority": name}),
            row("tickets_created", value=float(n + 7), n=n + 7, group={"priority": name}),
        ]
    for name, channel in (("high", "email"), ("high", "chat"), ("low", None)):
        group = {"priority": name, "channel": channel}
        cells += durations("first_response_time", 60, median=1200.0, group=group)
        cells += [absent("csat", "no rating has a channel", group=group)]
    cells.sort(key=lambda each: list(TITLES).index(each.kpi))
    return Report(
        cells=tuple(cells),
        ledger=Ledger(files=(*LEDGER.files, FileLedger(path="[b]=2|`x`\n.csv", rows_read=3, used=3))),
        method=method(),
        inputs=(source(), source("[b]=2|`x`\n.csv", 3)),
    )


def bare() -> Report:
    """A file that shows hardly anything: no dates, so no times; a rating scale that must be said."""
    no_date = ("no column holds the creation of a ticket", "name one with --map created_at=COLUMN")
    scale = "which ratings are satisfied? bad, good, excellent: 90 % from good, 50 % from excellent: --csat-scale 1-3:2"
    cells = [
        absent("first_response_time", *no_date, clock=None),
        absent("resolution_time", *no_date, clock=None),
        absent("first_resolution_time", *no_date, clock=None),
        absent("first_contact_resolution", *NO_REPLIES),
        absent("csat", scale, state=State.needs_answer, n=10),
        absent("csat_mean", scale, state=State.needs_answer, n=10),
        share("csat_response_rate", 3, 4, 0.3, 0.95),
        row("nps", n=0, state=State.empty),
        row("tickets_created", value=4.0, n=4),
        absent("tickets_solved", *no_date),
        absent("closure_ratio", *no_date),
        absent("backlog", *no_date),
        absent("backlog_age", *no_date, clock=None),
    ]
    ledger = Ledger(files=(FileLedger(path="tickets.csv", rows_read=4, used=4),))
    rules = method(as_of=None, created_from=None, created_to=None, assumptions=(), timezone="UTC")
    return Report(cells=tuple(cells), ledger=ledger, method=rules, inputs=(source(rows=4),))

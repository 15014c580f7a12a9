"""The page of checks: a line each, the tickets to look at below a miss, counts and exit code last."""

from __future__ import annotations

from supportkpi.checks import Checked, Gate
from supportkpi.reporters._foot import shortened
from supportkpi.reporters._head import period
from supportkpi.reporters._page import Column, Grid, Page
from supportkpi.reporters._words import Words
from supportkpi.reporters.checks import _words as said


def page(gate: Gate, words: Words, *, failed_only: bool = False) -> Page:
    """The whole page; ``failed_only`` leaves out what passed."""
    _ = words.gettext
    columns = (
        Column(title="", align="left", tone="verdict"),
        Column(title=_("check"), align="left"),
        Column(title=_("where"), align="left"),
        Column(title=_("actual"), tone="strong"),
        Column(title=_("n"), drop=1),
        Column(title=_("required"), align="left"),
        Column(title="", align="left", tail=True, tone="faint"),
    )
    shown = [each for each in gate.checks if not failed_only or said.sign(each) == "✗"]
    rows = [row for each in shown for row in _rows(each, words)]
    return Page(
        title=_("Checks"),
        head=(_head(gate, words),),
        blocks=(Grid(columns=columns, rows=tuple(rows), notes=(last(gate, words),)),),
    )


def _head(gate: Gate, words: Words) -> tuple[str, ...]:
    """Period, zone, hours, the newest instant, fingerprint."""
    _ = words.gettext
    rules = gate.method
    hours = _("calendar {name}").format(name=rules.calendar) if rules.calendar else _("24/7 clock")
    seen = [] if rules.as_of is None else [words.instant(rules.as_of, rules.timezone)]
    parts = [period(rules, words), rules.timezone, hours, *(_("as of {instant}").format(instant=at) for at in seen)]
    if rules.where:
        parts.append(_("only {filters}").format(filters=", ".join(rules.where)))
    return (*parts, shortened(rules.fingerprint))


def _rows(checked: Checked, words: Words) -> list[tuple[str, ...]]:
    n = words.number(checked.n) if checked.check.max_age_s is None else ""
    figures = (said.actual(checked, words), n, said.required(checked, words), said.remark(checked, words))
    rows: list[tuple[str, ...]] = [(said.sign(checked), said.name(checked, words), said.place(checked), *figures)]
    if checked.tickets:
        rows.append(("", "", "", "", "", "", said.tickets(checked, words)))
    return rows


def counted(gate: Gate) -> tuple[int, int, int]:
    """How many passed, warned and failed."""
    signs = [said.sign(each) for each in gate.checks]
    return signs.count("✓"), signs.count("!"), signs.count("✗")


def last(gate: Gate, words: Words) -> str:
    """Counts and exit code: what stands below everything else."""
    return f"{said.totals(*counted(gate), words)}   exit {gate.exit_code}"

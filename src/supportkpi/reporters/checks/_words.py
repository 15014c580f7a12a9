"""What one check says: its name, its place, its figures and the tickets to look at first."""

from __future__ import annotations

from supportkpi.checks import Checked, Result
from supportkpi.decisions import Target
from supportkpi.report import RowTarget
from supportkpi.reporters._cells import value
from supportkpi.reporters._words import NOTHING, Words

SIGNS = {Result.passed: "✓", Result.warn: "!", Result.fail: "✗", Result.no_data: "!"}
_STOPPED = ("fail", "error")


def sign(checked: Checked) -> str:
    """✓, ! or ✗; no data that stops the pipeline is a failure."""
    if checked.result is Result.no_data and checked.check.no_data in _STOPPED:
        return SIGNS[Result.fail]
    return SIGNS[checked.result]


def name(checked: Checked, words: Words) -> str:
    """The KPI with its statistic or count, as it is asked for; the age of the export."""
    return checked.check.key or words.gettext("age of the export")


def place(checked: Checked) -> str:
    """The group: ``rule=vip``."""
    return ", ".join(f"{dim}={'(no value)' if label is None else label}" for dim, label in checked.group.items())


def actual(checked: Checked, words: Words) -> str:
    """The value with the digit that shows a miss."""
    if checked.value is None:
        return words.gettext("no data")
    if checked.check.max_age_s is not None:
        return words.duration(checked.value)
    if checked.check.count is not None or checked.row is None:
        return words.number(int(checked.value))
    row = checked.row
    if row.unit == "ratio":  # a contract is judged by what happened, however few
        return words.share(checked.value, 1, row.target)
    shown = value(row, words)
    return shown if shown != NOTHING else words.amount(checked.value, 2, row.target)


def required(checked: Checked, words: Words) -> str:
    """What was asked: ≥ 95 %."""
    check, row = checked.check, checked.row
    if check.max_age_s is not None:
        return f"≤ {words.duration(check.max_age_s)}"
    if check.count is None and row is not None and row.target is not None:
        return words.target(row.target, row.unit, days=row.clock != "business")
    return _compared(check.expr, checked, words) if check.expr is not None else checked.expr


def _compared(asked: Target, checked: Checked, words: Words) -> str:
    """A comparison as it was asked for, in the words of the page."""
    if asked.op is None or (checked.row is None and checked.check.count is None):
        return _signed(checked.expr)
    row = checked.row
    unit = "tickets" if checked.check.count is not None or row is None else row.unit
    days = row is None or row.clock != "business"
    return words.target(RowTarget(op=asked.op, value=asked.value, text=asked.text), unit, days=days)


def _signed(text: str) -> str:
    return text.replace(">=", "≥").replace("<=", "≤")


def _warned(checked: Checked, words: Words) -> str:
    """Warn below 90 %, warn above 5m: what the value should have reached, and did not."""
    _ = words.gettext
    asked, row = checked.check.warn, checked.row
    forms = {">=": _("warn below {limit}"), "<=": _("warn above {limit}")}
    if asked is None or row is None or asked.op not in forms:
        return _("warn {warn}").format(warn=_signed(checked.warn))
    limit = _compared(asked, checked, words).removeprefix("≥ ").removeprefix("≤ ")
    return forms[asked.op].format(limit=limit)


def detail(checked: Checked, words: Words) -> str:
    """All figures in one line: 94.68 %, required ≥ 95 %, 1 ticket short (n=188)."""
    wanted = words.gettext("required {limit}").format(limit=required(checked, words))
    said = ", ".join(part for part in (actual(checked, words), wanted, remark(checked, words)) if part)
    return said if checked.check.max_age_s is not None else f"{said} (n={checked.n})"


def remark(checked: Checked, words: Words) -> str:
    """How far off, whether it may be chance, or why there is nothing to judge."""
    many = words.ngettext
    said = []
    if checked.result is Result.no_data:
        said.append(checked.reason)
    if checked.short:
        said.append(many("{n} ticket short", "{n} tickets short", checked.short))
    missed = checked.result is Result.fail or (checked.result is Result.warn and not checked.warn)
    if checked.certainty == "uncertain" and missed:
        said.append(words.gettext("could be chance"))
    if checked.result is Result.warn and checked.warn:
        said.append(_warned(checked, words))
    return ", ".join(part for part in said if part)


def tickets(checked: Checked, words: Words) -> str:
    """``#69608 9h 46m late · #66975 5h 32m``."""
    parts = []
    service = checked.check.kpi.startswith("sla_")
    days = not service and checked.row is not None and checked.row.clock == "calendar"
    for number, late in enumerate(checked.tickets):
        took = words.duration(late.seconds, days=days) if late.seconds is not None else ""
        kind = words.gettext("waiting, {took} late") if late.is_open else words.gettext("{took} late")
        text = kind.format(took=took) if service and (number == 0 or late.is_open) else took
        parts.append(f"#{late.ticket} {text}".strip())
    return " · ".join(parts)


def totals(passed: int, warned: int, failed: int, words: Words) -> str:
    """``10 checks: 5 passed, 2 warnings, 3 failed``."""
    many = words.ngettext
    parts = (
        many("{n} passed", "{n} passed", passed),
        many("{n} warning", "{n} warnings", warned),
        many("{n} failed", "{n} failed", failed),
    )
    return f"{many('{n} check', '{n} checks', passed + warned + failed)}: {', '.join(parts)}"

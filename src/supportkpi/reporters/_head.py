"""What stands above the numbers: what the report is about, which clock it goes by, how the targets stand."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from supportkpi.report import Method, Report
from supportkpi.reporters._lines import lines
from supportkpi.reporters._scorecard import sentence
from supportkpi.reporters._words import Words

_WHOLE = ("", "all", "whole file")


def head(report: Report, words: Words, *, document: bool) -> tuple[tuple[str, ...], ...]:
    """Lines of parts: period, zone and as-of; the filter; the clock; how much the file can give; the targets."""
    _ = words.gettext
    rules = report.method
    first = [period(rules, words), rules.timezone]
    if rules.as_of is not None:
        first.append(_("as of {instant}").format(instant=words.instant(rules.as_of, rules.timezone)))
    found = [tuple(first)]
    if rules.where:
        found.append((_("only {filters}").format(filters=", ".join(rules.where)),))
    found.append(clock(report, words, document=document))
    found += [(said,) for said in (_seen(report, words), sentence(report, words)) if said]
    return tuple(found)


def period(rules: Method, words: Words) -> str:
    """2026-Q1 (1 Jan – 31 Mar 2026), or the whole file and the days from which its tickets are."""
    _ = words.gettext
    if rules.period_label not in _WHOLE or rules.period_start is not None or rules.period_end is not None:
        if rules.period_start is None or rules.period_end is None:
            return rules.period_label
        days = words.days(rules.period_start, rules.period_end)
        return days if rules.period_label in _WHOLE or ".." in rules.period_label else f"{rules.period_label} ({days})"
    if rules.created_from is None or rules.created_to is None:
        return _("whole file")
    zone = ZoneInfo(rules.timezone)
    days = words.days(rules.created_from.astimezone(zone).date(), rules.created_to.astimezone(zone).date())
    return _("whole file, tickets created {days}").format(days=days)


def clock(report: Report, words: Words, *, document: bool) -> tuple[str, ...]:
    """Which hours count, and how to have it otherwise."""
    _ = words.gettext
    if report.method.calendar is None:
        text = _("24/7 clock: nights and weekends count.")
        hint = _("Office: {option}").format(option='--hours "mon-fri 09:00-18:00"')
        return (text,) if document else (text, hint)
    text = _("Working hours of calendar {name}: only open hours count.").format(name=report.method.calendar)
    both = any(line.clock == "calendar" for line in lines(report))
    return (text, _("Lines marked 24/7 count every hour.")) if both else (text,)


def _seen(report: Report, words: Words) -> str:
    """How many of the KPIs the file can show, where that is less than half."""
    found = lines(report)
    kpis = {line.kpi for line in found}
    shown = {line.kpi for line in found if line.shown}
    if len(shown) * 2 >= len(kpis):
        return ""
    text = words.gettext("This file can give {shown} of {all} KPIs; what is missing stands below.")
    return text.format(shown=words.number(len(shown)), all=words.number(len(kpis)))

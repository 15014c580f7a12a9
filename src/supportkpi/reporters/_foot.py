"""What stands under the numbers: findings, what is missing and why, the ledger, the method, what to try next."""

from __future__ import annotations

from collections.abc import Mapping

from supportkpi.report import Finding, Report, Row, State
from supportkpi.reporters._blocks import by_attribution
from supportkpi.reporters._cells import reason, title
from supportkpi.reporters._lines import Line, lines, on_screen
from supportkpi.reporters._page import Lines
from supportkpi.reporters._service import any_late, is_said, versions
from supportkpi.reporters._words import Words

SCREEN_FINDINGS = 5
_SCREEN_ASSUMPTIONS = 6
_REASON_LENGTH = 160
_SEVERITIES = ("high", "medium", "low")


def findings(report: Report, words: Words, *, full: bool) -> list[Lines]:
    """What the numbers force a reader to know, the worst first."""
    ordered = sorted(report.findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    shown = ordered if full else ordered[:SCREEN_FINDINGS]
    entries = tuple((_sign(finding), finding.text) for finding in shown)
    return [Lines(title=words.gettext("Read with care"), lines=entries)] if entries else []


def _sign(finding: Finding) -> str:
    return f"{'·' if finding.severity == 'low' else '!'} {finding.id}"


def unseen(report: Report, words: Words, *, full: bool) -> tuple[tuple[str, str], ...]:
    """KPIs without a value for want of an answer, then those that the export cannot show: each with its reason."""
    _ = words.gettext
    chosen = on_screen(report)
    absent = [line.head for line in lines(report) if not line.shown]
    absent = [row for row in absent if not is_said(report, row, full=full)]
    heads = [row for row in absent if full or row.kpi in chosen]
    asked = [row for row in heads if row.state is State.needs_answer]
    missing = [row for row in heads if row.state is State.not_observed] + _ungrouped(report)
    return (
        *_labelled(_("Needs an answer"), _reasons(report, asked, full=full, words=words)),
        *_labelled(
            _("Not in this file"),
            [*_reasons(report, missing, full=full, words=words), *_others(absent, heads, words)],
        ),
    )


def _others(absent: list[Row], told: list[Row], words: Words) -> list[str]:
    """How many further KPIs the files cannot give."""
    left = len({row.kpi for row in absent} - {row.kpi for row in told})
    many = words.ngettext(
        "{n} further KPI: supportkpi inspect FILES", "{n} further KPIs: supportkpi inspect FILES", left
    )
    return [many] if left else []


def _ungrouped(report: Report) -> list[Row]:
    """Breakdowns of a KPI that the export shows in total only."""
    shown = {(line.kpi, line.head.stat) for line in lines(report) if line.shown}
    missing = [row for row in report.cells if row.group and row.state is State.not_observed]
    return [row for row in missing if (row.kpi, row.stat) in shown]


def _reasons(report: Report, rows: list[Row], *, full: bool, words: Words) -> list[str]:
    """One text a reason, with all the KPIs that it keeps away."""
    by_reason: dict[str, dict[str, None]] = {}
    for row in rows:
        name = title(report, row.kpi)
        if row.group:
            name = words.gettext("{kpi} by {dimensions}").format(kpi=name, dimensions=", ".join(row.group))
        by_reason.setdefault(_shortened(row, full=full), {}).setdefault(name)
    return [f"{', '.join(names)}{f': {why}' if why else ''}" for why, names in by_reason.items()]


def _shortened(row: Row, *, full: bool) -> str:
    whole = reason(row)
    if full or len(whole) <= _REASON_LENGTH or row.reason is None:
        return whole
    kept = whole[:_REASON_LENGTH].rpartition("; ")[0] or whole[:_REASON_LENGTH].rpartition(" ")[0]
    return f"{kept} …"


def _labelled(label: str, texts: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((label if index == 0 else "", text) for index, text in enumerate(texts))


def assumed(report: Report, words: Words, *, full: bool) -> tuple[tuple[str, str], ...]:
    """What was taken for granted where the files did not say."""
    known = report.method.assumptions
    shown = list(known if full or len(known) <= _SCREEN_ASSUMPTIONS else known[: _SCREEN_ASSUMPTIONS - 1])
    rest = len(known) - len(shown)
    if rest:
        shown.append(words.ngettext("{n} more: --full", "{n} more: --full", rest))
    return _labelled(words.gettext("Assumed"), shown)


def ledger(report: Report, words: Words, *, full: bool) -> tuple[tuple[str, str], ...]:
    """Rows read = used + excluded + rejected, in total and, in full, for every file."""
    whole = report.ledger
    used = _used(whole.used, whole.by_agents, words)
    texts = [_sum(whole.rows_read, used, whole.excluded, whole.rejected, words=words)]
    if full and len(whole.files) > 1:
        for file in whole.files:
            counted = _sum(file.rows_read, _used(file.used, None, words), file.excluded, file.rejected, words=words)
            texts.append(f"{file.path}: {counted}")
    return _labelled(words.gettext("Rows"), texts)


def _used(used: int, by_agents: int | None, words: Words) -> str:
    """1,969 used; where agents opened some of the tickets: 1,905 from customers + 64 by agents."""
    _ = words.gettext
    if by_agents is None:
        return _("{n} used").format(n=words.number(used))
    parts = (_("{n} from customers"), used - by_agents), (_("{n} by agents"), by_agents)
    return " + ".join(text.format(n=words.number(n)) for text, n in parts)


def _sum(read: int, used: str, excluded: Mapping[str, int], rejected: Mapping[str, int], *, words: Words) -> str:
    _ = words.gettext
    parts = [used]
    parts.append(_part(_("{n} excluded"), excluded, words))
    parts.append(_part(_("{n} rejected"), rejected, words))
    return f"{words.number(read)} = {' + '.join(parts)}"


def _part(text: str, reasons: Mapping[str, int], words: Words) -> str:
    said = ", ".join(f"{words.number(count)} {name}" for name, count in reasons.items() if count != 0)
    return text.format(n=words.number(sum(reasons.values()))) + (f" ({said})" if said else "")


def method(report: Report, words: Words) -> tuple[tuple[str, str], ...]:
    """Under which rules: attribution, calendar, service levels, percentiles, fingerprint."""
    _ = words.gettext
    rules = report.method
    used = dict.fromkeys(line.attribution for line in lines(report) if line.shown and line.attribution is not None)
    parts = [by_attribution(name, words) for name in used if name != "instant"]
    parts.append(_("calendar {name}").format(name=rules.calendar) if rules.calendar else _("24/7 clock"))
    parts += versions(report, words)
    parts.append(_("linear percentiles"))
    parts.append(_("95 % ranges"))
    fingerprint = shortened(rules.fingerprint)
    return _labelled(_("Method"), [" · ".join([*parts, fingerprint] if fingerprint else parts)])


def shortened(fingerprint: str) -> str:
    """a3f1-77c0: the first eight digits, enough to see that two reports differ."""
    digits = fingerprint.removeprefix("sha256:")
    return f"{digits[:4]}-{digits[4:8]}" if len(digits) >= 16 else fingerprint


def more(report: Report, words: Words) -> tuple[tuple[str, str], ...]:
    """What to try next."""
    shown = [line for line in lines(report) if line.shown]
    shown_there = on_screen(report)
    hints = [] if any(row.group and row.kpi in shown_there for row in report.cells) else ["--by priority"]
    hidden = len({line.kpi for line in shown} - shown_there)
    hints += [words.ngettext("--full ({n} more KPI)", "--full ({n} more KPIs)", hidden) if hidden else "--full"]
    hints += ["supportkpi tickets FILES --breached"] if any_late(report) else []
    hints += [f"supportkpi explain {_worth_explaining(shown)}"]
    if any(line.head.state is State.not_observed for line in lines(report)):
        hints.append("supportkpi inspect FILES")
    return _labelled(words.gettext("More"), [" · ".join(hints)])


def _worth_explaining(shown: list[Line]) -> str:
    return shown[0].kpi if shown else "first_response_time"

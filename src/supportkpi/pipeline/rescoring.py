"""The same facts under other service levels: what was asked in words becomes what the engine answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supportkpi import facts
from supportkpi.clocks import given
from supportkpi.decisions import Settings
from supportkpi.engine.whatif import Question
from supportkpi.engine.whatif import whatif as rescored
from supportkpi.engine.whatif.asked import Row as Limits
from supportkpi.engine.whatif.asked import changed, row_of
from supportkpi.engine.whatif.asked import wanted as limit_wanted
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.pipeline.measuring import STRETCHES, By, fold, several, window
from supportkpi.schema import Dataset
from supportkpi.sla import Sla
from supportkpi.whatifs import Alternative, WhatIf

_NOW = "now"
OWN = "the export"
"""The name of BASE where there are no service levels: the deadlines and verdicts that the files carry."""
_INLINE = '--sla "first_response=4h"'


def whatif(  # noqa: PLR0913 - a keyword a question
    data: Dataset | Facts,
    *,
    base: Settings | Alternative | None = None,
    alternatives: Sequence[Alternative | Settings | Sla] = (),
    changes: str | Sequence[str] = (),
    sweeps: str | Sequence[str] = (),
    solve: str | Sequence[str] = (),
    grid: bool = False,
    period: str | None = None,
    by: By = (),
    where: str | Sequence[str] = (),
    per: str | None = None,
    moved: bool = False,
) -> WhatIf:
    """The same history judged under other service levels: it rescores the past and forecasts nothing.

    ``alternatives`` are settings, or service levels alone over those of ``base``. ``changes`` such as
    ``high.first_response=45m`` make one alternative together; ``sweeps`` (``high.first_response=15m,30m,1h``) and
    ``solve`` (``95%``, ``first_response=95%``) are answered for ``base``; without service levels of its own others are
    held against the export's. ``per`` judges each day, week, month or quarter by itself. ``grid`` crosses two sweeps of
    one target. With ``moved`` every clock that changes is listed.

    Raises:
        OptionWrong: there are no service levels to begin with, nothing is asked, or a text names no rule or target.
        PeriodWrong, DimensionUnknown, ValueUnknown: an argument names what is not there.
    """
    settings = base.settings if isinstance(base, Alternative) else base
    settings = settings or (data.settings if isinstance(data, Facts) else Settings())
    first = base if isinstance(base, Alternative) else Alternative(name=_NOW, settings=settings)
    swept, wanted, known = several(sweeps), several(solve), fold(data, settings)
    limits = bool(swept or wanted or several(changes) or not alternatives)
    if settings.sla is None and not limits and given(known) is not None:
        first = Alternative(name=OWN, settings=settings)
    elif settings.sla is None or not settings.sla.versions:
        hint = f"write sla: in the config, or give --sla twice: {_INLINE} and another one"
        raise OptionWrong("there are no service levels to begin with", hint=hint)
    sla = settings.sla or Sla(versions=())
    others = [*_named(alternatives, settings), *_changed(settings, sla, several(changes))]
    asked_for = bool(others or swept or wanted or per is not None)
    if not asked_for:
        hint = "give --sla FILE.yaml, --set RULE.TARGET=TIME, --sweep RULE.TARGET=TIME,TIME, --solve 95% or --per month"
        raise OptionWrong("nothing is asked", hint=hint)
    if per is not None and per not in STRETCHES:
        raise OptionWrong(f"--per takes no {per!r}", hint=f"it takes {', '.join(STRETCHES)}")
    credited = any(each.settings.credits is not None for each in (first, *others))
    rows = [row_of(sla, text) for text in swept]
    if grid:
        _crossed(rows)
    asked = Question(
        by=several(by),
        where=several(where),
        per=per or ("month" if credited else None),
        sweeps=rows,
        crossed=grid,
        solves=[limit_wanted(sla, text) for text in wanted],
        with_tickets=moved,
    )
    asked = replace(asked, window=window(period, settings, known))
    return rescored((first, known), [(each, _facts(known, each.settings)) for each in others], asked)


def _crossed(rows: Sequence[Limits]) -> None:
    """Refuse to cross anything but the limits of two rules.

    Raises:
        OptionWrong: there are not two sweeps, of two rules, of one target.
    """
    if len(rows) != 2 or rows[0].target != rows[1].target or rows[0].rule == rows[1].rule:
        hint = "give --sweep urgent.first_response=15m,30m --sweep other.first_response=2h,4h --grid"
        raise OptionWrong("--grid crosses two --sweep: the limits of two rules for the same target", hint=hint)


def _named(given: Sequence[Alternative | Settings | Sla], base: Settings) -> list[Alternative]:
    """The alternatives by name.

    Raises:
        OptionWrong: one has no service levels.
    """
    named = []
    for number, each in enumerate(given, start=1):
        found = each if isinstance(each, Alternative) else None
        if found is None:
            settings = replace(base, sla=each) if isinstance(each, Sla) else each
            assert isinstance(settings, Settings)  # noqa: S101 - nothing else is left
            found = Alternative(name=f"alternative {number}", settings=settings)
        if found.settings.sla is None or not found.settings.sla.versions:
            raise OptionWrong(f"{found.name} has no service levels", hint=f"write sla: in it, or give {_INLINE}")
        named.append(found)
    return named


def _changed(settings: Settings, sla: Sla, texts: Sequence[str]) -> list[Alternative]:
    """The one alternative that changed limits are."""
    if not texts:
        return []
    other = replace(settings, sla=changed(sla, texts))
    return [Alternative(name=", ".join("".join(text.split()) for text in texts), settings=other)]


def _facts(known: Facts, settings: Settings) -> Facts:
    """The facts that an alternative is judged over: those of BASE unless it would have tickets folded otherwise.

    Its calendars are those of its service levels; the business clock of other KPIs is of no account here.
    """
    own = known.settings
    asked = replace(settings, calendar=own.calendar, calendars=own.calendars, as_of=own.as_of)
    return known if known.fits(asked) else facts.fold(known.dataset, asked)

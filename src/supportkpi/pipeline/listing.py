"""Lists of the tickets behind a number: what was asked for, read and held against what there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from supportkpi import config as configs
from supportkpi import facts
from supportkpi import sla as limits
from supportkpi.decisions import Settings
from supportkpi.engine.lists import listed as listing_of
from supportkpi.errors import KpiError, OptionWrong
from supportkpi.facts import Facts
from supportkpi.lists import Asked, List, Listing, Patience
from supportkpi.pipeline.measuring import fold, known_kpis, kpis_named, window
from supportkpi.schema import INSTANT, Dataset
from supportkpi.texts import meant

FLAGS = (List.breached, List.unanswered, List.reopened, List.repeat)
"""Lists that need no value."""
_SAME_EXPORT = timedelta(days=1)
_HINT = (
    "give --breached, --at-risk 4h, --unanswered, --silent 2bd, --rated bad, --reopened, --repeat, --slowest 20, "
    "--kpi ID or --sample 20"
)


def asked_for(  # noqa: PLR0913 - a value a list
    *,
    flags: Collection[str] = (),
    at_risk: str | None = None,
    silent: str | None = None,
    rated: str | None = None,
    kpi: str | None = None,
    slowest: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    per: Sequence[str] = (),
) -> Asked:
    """What a list is asked for, in values of its own.

    Raises:
        OptionWrong: nothing is asked for, or a value is none that the list takes.
    """
    asked = Asked(
        flags=frozenset(_flag(name) for name in flags),
        at_risk=None if at_risk is None else _patience("at-risk", at_risk, days=False),
        silent=None if silent is None else _patience("silent", silent, days=True),
        rated=None if rated is None else _rated(rated),  # type: ignore[arg-type]
        kpi=kpi,
        slowest=_many("slowest", slowest),
        sample=_many("sample", sample),
        seed=seed,
        per=tuple(part.strip() for text in per for part in text.split(",") if part.strip()),
    )
    if not asked.flags and not any((asked.at_risk, asked.silent, asked.rated, kpi, slowest, sample)):
        raise OptionWrong("no list was asked for", hint=_HINT)
    if asked.per and asked.sample is None:
        raise OptionWrong("--per tells the strata of a sample, and none was asked for", hint="add --sample 5")
    return asked


def _flag(name: str) -> List:
    text = name.strip().lower().replace("-", "_")
    if text not in {each.value for each in FLAGS}:
        known = [each.value for each in FLAGS]
        raise OptionWrong(f"no list is called {name!r}", hint=meant(text, known) or f"lists are {', '.join(known)}")
    return List(text)


def _patience(option: str, text: str, *, days: bool) -> Patience:
    example = "48h or 2bd" if days else "4h"
    try:
        found = limits.limit(text)
    except KpiError as wrong:
        raise OptionWrong(f"--{option} {text!r}: {wrong.message}", hint=f"write --{option} {example}") from wrong
    if found.good_s is not None or (found.days and not days):
        raise OptionWrong(f"--{option} takes no {text!r}", hint=f"write --{option} {example}")
    return Patience(seconds=found.seconds, days=found.days, text=found.text)


def _rated(text: str) -> str:
    said = text.strip().lower()
    if said not in ("bad", "good"):
        raise OptionWrong(f"--rated takes no {text!r}", hint="write --rated bad or --rated good")
    return said


def _many(option: str, number: int | None) -> int | None:
    if number is not None and number < 1:
        raise OptionWrong(f"--{option} {number} lists nothing", hint=f"write --{option} 20")
    return number


def tickets(  # noqa: PLR0913 - a value a list
    data: Dataset | Facts,
    *,
    settings: Settings | None = None,
    list: str | Sequence[str] = (),
    at_risk: str | None = None,
    silent: str | None = None,
    rated: str | None = None,
    kpi: str | None = None,
    slowest: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    per: str | Sequence[str] = (),
    period: str | None = None,
    where: str | Sequence[str] = (),
) -> Listing:
    """The tickets that are on every list asked for, in the order to look at them; ``.tickets`` is a frame.

    ``list`` names those that need no value: breached, unanswered, reopened, repeat. ``kpi`` names the service level of
    breached and at_risk and the span of slowest; without these it lists the tickets behind that KPI. An ``as_of`` of
    the settings that is later than a Dataset lets its clocks run on until then.

    Raises:
        OptionWrong: nothing is asked for, or the export cannot show a list.
        PeriodWrong, KpiUnknown, DimensionUnknown, ValueUnknown: an argument names what is not there.
    """
    asked = asked_for(
        flags=_several(list),
        at_risk=at_risk,
        silent=silent,
        rated=rated,
        kpi=kpi,
        slowest=slowest,
        sample=sample,
        seed=seed,
        per=_several(per),
    )
    return listed(data, asked, settings=settings, period=period, where=where)


def listed(
    data: Dataset | Facts,
    asked: Asked,
    *,
    settings: Settings | None = None,
    period: str | None = None,
    where: str | Sequence[str] = (),
) -> Listing:
    """The tickets of a list that was asked for. Raises as ``tickets``."""
    chosen = settings if settings is not None else data.settings if isinstance(data, Facts) else Settings()
    known = fold(lasting(data, chosen) if isinstance(data, Dataset) else data, chosen)
    chosen = configs.with_own_kpis(chosen, known_kpis(known))
    if asked.kpi is not None:
        asked = replace(asked, kpi=kpis_named([asked.kpi], known)[0])
    return listing_of(known, asked, settings=chosen, window=window(period, chosen, known), where=_several(where))


def _several(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def lasting(data: Dataset, settings: Settings) -> Dataset:
    """The data, its newest files taken to tell how things stand at a later ``as_of``: what is open then still is."""
    newest = facts.newest(data)
    if settings.as_of is None or newest is None or settings.as_of <= newest:
        return data
    recent = pl.col("observed_until") >= pl.lit(newest - _SAME_EXPORT, INSTANT)
    until = pl.when(recent).then(pl.lit(settings.as_of, INSTANT)).otherwise("observed_until")
    return replace(data, tickets=data.tickets.with_columns(observed_until=until))

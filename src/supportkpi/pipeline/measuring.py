"""A Dataset to Facts, Facts to a Report, and the settings that decide what its numbers are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from supportkpi import config as configs
from supportkpi import engine, facts, targets
from supportkpi.config import Config
from supportkpi.config.check_plans import checks_of, of_targets
from supportkpi.decisions import Settings, Target, Window
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.metrics import Metric, catalogue
from supportkpi.periods import window as period_window
from supportkpi.report import Definition, Report
from supportkpi.schema import Dataset, Log

if TYPE_CHECKING:
    from supportkpi.checks import Gate

By = str | Sequence[str | Sequence[str]]
T = TypeVar("T")
STRETCHES = ("day", "week", "month", "quarter")
_ANY_YEARS = range(2026, 2027)


def settings_for(config: Config, data: Dataset | None, *, as_of: datetime | None = None) -> Settings:
    """The settings of a config, with the public holidays of the years of the data; of this decade without data.

    Raises:
        KpiUnknown, TargetWrong, HoursWrong: the config asks for what is not there.
    """
    years = _years(data) if data is not None and config.names_country else _ANY_YEARS
    known = known_kpis(data)
    decided = configs.settings(config, years=years, kpis=known, as_of=as_of, complete=data is not None)
    return replace(decided, checks=checks_of(config.checks, decided, known)) if data is not None else decided


def known_kpis(data: Dataset | Facts | None) -> dict[str, Metric]:
    """The KPIs that there are: those of the catalogue, and the series of the data."""
    return {**catalogue(), **(engine.own_kpis(data.series) if data is not None else {})}


def settings(source: str | Path | Mapping[str, object] | None = None) -> Settings:
    """The settings of a config file, of the same keys as a mapping, or the defaults; holidays from 2000 to 2049.

    Raises:
        KpiError: the config is missing, cannot be read, or holds a key or value that is not known.
    """
    if source is None:
        return Settings()
    if isinstance(source, Mapping):
        config = configs.parse_config(json.dumps(source, default=str, ensure_ascii=False))
    else:
        config = configs.read_config(Path(source))
    decided = configs.settings(config, years=range(2000, 2050), kpis=catalogue(), complete=False)
    return replace(decided, checks=checks_of(config.checks, decided, catalogue()))


def explain(topic: str) -> Definition:
    """The definition of a KPI, by id or short name.

    Raises:
        KpiUnknown: no KPI has that name.
    """
    return engine.defined(engine.selected([id_of(topic)])[0])


def kpis_named(asked: Sequence[str], data: Dataset | Facts | None = None) -> list[str]:
    """The ids of KPIs asked for by id or short name; with ``data`` also those of its series.

    Raises:
        KpiUnknown: no KPI has that name.
    """
    known = known_kpis(data)
    ids = [id_of(name, known) for name in asked]
    engine.selected(ids, known)
    return ids


def target_named(option: str) -> str:
    """``frt.p90=4h`` as ``first_response_time.p90=4h``: an option of a target with the KPI's id for its short name.

    Raises:
        OptionWrong: it is not KPI=VALUE.
    """
    key, value = targets.split_option(option)
    kpi, dot, rest = key.partition(".")
    return f"{id_of(kpi)}{dot}{rest}={value}"


def id_of(name: str, known: Mapping[str, Metric] | None = None) -> str:
    """The id of a KPI named by id or short name; another name as it is."""
    short = {metric.abbr.casefold(): metric.name for metric in (known or catalogue()).values()}
    return short.get(name.casefold(), name)


def _years(data: Dataset) -> range:
    instants = [instant for instant in (_first(data), facts.newest(data)) if instant is not None]
    if not instants:
        return _ANY_YEARS
    return range(min(instants).year, max(instants).year + 1)


def _first(data: Dataset) -> datetime | None:
    if isinstance(data.history, Log):
        found = data.history.frame.select(pl.col("at").min()).collect().item()
        return found if isinstance(found, datetime) else None
    edges = [data.history.frame[stamp.column].min() for stamp in data.history.stamps]
    return min((edge for edge in edges if isinstance(edge, datetime)), default=None)


def fold(data: Dataset | Facts, settings: Settings | None = None) -> Facts:
    """What the history of each ticket comes to; Facts pass through, so that nothing is folded twice.

    Raises:
        OptionWrong: the Facts were folded under other calendars, another as_of or other options of first response.
    """
    if not isinstance(data, Facts):
        return facts.fold(data, settings or Settings())
    if settings is not None and not data.fits(settings):
        hint = "fold the Dataset again, or measure without settings to take those of the facts"
        raise OptionWrong("these facts were folded under other settings", hint=hint)
    return data


def _settings_of(data: Dataset | Facts) -> Settings:
    return data.settings if isinstance(data, Facts) else Settings()


def measure(
    data: Dataset | Facts,
    *,
    settings: Settings | None = None,
    period: str | None = None,
    by: By = (),
    where: str | Sequence[str] = (),
    kpis: str | Sequence[str] = (),
    detail: bool = True,
) -> Report:
    """The report of a Dataset or of Facts: every KPI in total and for every breakdown.

    ``by`` lists breakdowns, a dimension each or several crossed: ``["priority", ["priority", "channel"]]``. Without
    ``settings`` those hold that the Facts were folded under, for a Dataset the defaults. ``detail`` makes the series
    that one screen does not show, too.

    Raises:
        OptionWrong: the Facts were folded under other settings.
        PeriodWrong, KpiUnknown, DimensionUnknown, ValueUnknown: an argument names what is not there.
    """
    chosen = _settings_of(data) if settings is None else settings
    known = fold(data, chosen) if isinstance(data, Facts) else facts.fold(data, chosen, only=_read(kpis, by, where))
    chosen = configs.with_own_kpis(chosen, known_kpis(known))
    return engine.measure(
        known,
        settings=chosen,
        window=window(period, chosen, known),
        by=several(by),
        where=several(where),
        kpis=kpis_named(list(several(kpis)), known) if kpis else (),
        detail=detail,
    )


def _read(kpis: str | Sequence[str], by: By, where: str | Sequence[str]) -> frozenset[str] | None:
    """The facts that the KPIs read that were asked for; None where dimensions or KPIs of one's own may read others."""
    metrics = [catalogue().get(id_of(name)) for name in several(kpis)]
    if not metrics or not _plain(by, where):
        return None
    read = [metric.facts for metric in metrics if metric is not None]
    return frozenset(name for names in read for name in names) if len(read) == len(metrics) else None


def _plain(by: By, where: str | Sequence[str]) -> bool:
    """Whether no dimension is worked out from facts."""
    texts = [text for each in several(by) for text in several(each)] + list(several(where))
    return not any(name in text.casefold() for text in texts for name in engine.DERIVED)


def several(given: str | Sequence[T]) -> Sequence[str | T]:
    """A list; one text alone is a list of one, not of its letters."""
    return [given] if isinstance(given, str) else given


def window(period: str | None, settings: Settings, known: Facts) -> Window | None:
    """The half-open window of a period in the report's zone; relative ones count from as_of; None for all."""
    if period is None or period.strip().lower() == "all":
        return None
    return period_window(period, timezone=settings.timezone, as_of=known.as_of)


def check(
    data: Dataset | Facts,
    *,
    settings: Settings,
    period: str | None = None,
    where: str | Sequence[str] = (),
    per: str | None = None,
    targets: Sequence[str] = (),
    now: datetime | None = None,
) -> Gate:
    """Every check of the settings judged; ``per`` judges each day, week, month or quarter by itself.

    ``targets`` names those of the settings that are checks, too, by their keys; without any check all of them are.
    ``now`` is what the age of the export is counted to; without it a check of the age has no data.

    Raises:
        OptionWrong: there is nothing to check.
        PeriodWrong, KpiUnknown, DimensionUnknown, ValueUnknown: something names what is not there.
    """
    from supportkpi.engine.checks import judge  # noqa: PLC0415 - a report need not load it

    known = fold(data, settings)
    chosen = configs.with_own_kpis(settings, known_kpis(known))
    gating = [each for each in chosen.targets if not chosen.checks or _key(each) in targets]
    checks = (*chosen.checks, *of_targets(gating))
    if per is not None and per not in STRETCHES:
        raise OptionWrong(f"--per takes no {per!r}", hint=f"it takes {', '.join(STRETCHES)}")
    if not checks:
        hint = "write checks: in the config, or give --target csat=90%"
        raise OptionWrong("there is nothing to check", hint=hint)
    return judge(
        known,
        checks,
        settings=chosen,
        window=window(period, chosen, known),
        where=several(where),
        per=per,
        now=now,
    )


def _key(target: Target) -> str:
    """The key that a target was written with."""
    return ".".join(part for part in (target.kpi, target.stat, target.clock) if part)

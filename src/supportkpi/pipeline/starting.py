"""Folded facts as a folder, and a run that starts from them: the same settings, and nothing is folded again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from supportkpi import canonical, engine
from supportkpi.clocks import CLOCKS, given, ledger, unobserved
from supportkpi.decisions import Settings
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.metrics import catalogue
from supportkpi.pipeline.converting import check_form, narrowed
from supportkpi.pipeline.measuring import fold
from supportkpi.schema import Dataset

_SAID: Mapping[str, str] = {
    "timezone": "timezone (--tz)",
    "calendars": "working hours (--hours, --holidays, calendars:)",
    "calendar": "the name of the calendar",
    "sla": "service levels (--sla, sla:)",
    "conf": "the level of the ranges",
}
"""What parts of the settings are called; the others have the name of their key in the config."""
_FOLLOWS = {"timezone": ("calendars", "calendar", "sla"), "calendars": ("calendar", "sla")}
"""Parts that differ because another one does: hours and limits are told in the zone."""
_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a run starts from, and the settings that hold for it."""

    data: Dataset | Facts
    settings: Settings


def convert_facts(
    data: Dataset | Facts, folder: str, *, settings: Settings, form: str = "parquet", clocks: bool = False
) -> tuple[str, ...]:
    """Write folded facts as a folder, with ``clocks`` the ledger of service levels too; the names of its files.

    The folder holds the dataset as well. A report of it starts from the facts, under settings of the same fingerprint.

    Raises:
        OptionWrong: there is no such form; for clocks, neither the settings nor the export have limits.
        OutputFailed: something else is there, or the rights or the disk do not allow it.
        ShapeWrong: a column has a type that no form can hold.
    """
    check_form(form)
    facts = fold(data, settings)
    under = canonical.Under(fingerprint=_fingerprint(settings), decided=_decided(settings))
    return canonical.write_facts(facts, under, folder, form, clocks=_clocks(facts, settings) if clocks else None)


def clockless(facts: Facts, settings: Settings) -> Iterator[str]:
    """Which limits of the settings the files show no clocks of, and why."""
    sla = settings.sla
    for timed in sla.timed() if sla is not None else ():
        why = unobserved(facts, timed, sla)
        if why:
            yield f"no clocks of {timed}: {'; '.join(why)}"


def _clocks(facts: Facts, settings: Settings) -> pl.DataFrame:
    """The long ledger, a row a ticket, target and cycle: under the settings, else as the export judged itself."""
    if settings.sla is not None and settings.sla.versions:
        return ledger(facts, settings.sla).select(*CLOCKS)
    own = given(facts)
    if own is None:
        hint = 'write sla: in the config, or --sla "first_response=4h"; --to facts needs none'
        raise OptionWrong("there are no clocks: neither the config nor the export has any limits", hint=hint)
    return own.select(name for name in CLOCKS if name in own.columns)


def started(
    files: Sequence[str],
    data: Dataset,
    settings: Settings,
    *,
    columns: Sequence[str] | None = None,
    free: Collection[str] = (),
) -> Start:
    """The facts of a converted folder, where that is what was named and it holds any; else the data as it is.

    An ``as_of`` that nobody gives is that of the facts. ``free`` are parts of the settings that may be others than
    those of the facts, since these were folded without them: ``sla``.

    Raises:
        OptionWrong: the facts were folded under other settings; it says which.
        DatasetBroken: a file of the folder is missing, or does not hold what its manifest says.
    """
    if len(files) != 1 or canonical.held(files[0]) != "facts":
        return Start(data=data, settings=settings)
    told = canonical.folded_under(files[0])
    settings = _at_the_same_time(files[0], told.asked_as_of, settings)
    then, now = (
        {name: text for name, text in one.items() if name not in free} for one in (told.decided, _decided(settings))
    )
    if then != now or (not free and told.fingerprint != _fingerprint(settings)):
        differing = "; ".join(_differences(then, now)) or "the definitions of the KPIs"
        message = f"the facts of {files[0]} were folded under other settings: {differing}"
        hint = "give the settings that they were converted with, or convert again with these"
        raise OptionWrong(message, hint=hint)
    facts = canonical.opened_facts(files[0], data, settings)
    return Start(data=replace(facts, tickets=narrowed(facts.tickets, data, columns)), settings=settings)


def _at_the_same_time(name: str, asked: datetime | None, settings: Settings) -> Settings:
    if settings.as_of is not None and settings.as_of != asked:
        then = f"as of {asked:%Y-%m-%d %H:%M} UTC" if asked is not None else "as of the newest instant of the files"
        hint = "leave --as-of out, or convert again with it"
        raise OptionWrong(
            f"the facts of {name} were folded {then}, not as of {settings.as_of:%Y-%m-%d %H:%M}", hint=hint
        )
    return replace(settings, as_of=asked)


def _fingerprint(settings: Settings) -> str:
    return engine.fingerprint(list(catalogue().values()), settings)


def _decided(settings: Settings) -> dict[str, str]:
    """Each part of what decides the numbers as JSON."""
    parts = {**engine.deciding(settings), "calendar": settings.calendar}
    return {name: json.dumps(value, sort_keys=True, default=str, ensure_ascii=False) for name, value in parts.items()}


def _differences(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """What differs, in the words of the config; short values with what they were. What follows from it is not told."""
    names = [name for name in dict.fromkeys((*then, *now)) if then.get(name) != now.get(name)]
    follows = {name for cause, told in _FOLLOWS.items() if cause in names for name in told}
    for name in names:
        if name in follows:
            continue
        before, after = json.loads(then.get(name, "null")), json.loads(now.get(name, "null"))
        if isinstance(before, dict) and isinstance(after, dict):
            for key in dict.fromkeys((*before, *after)):
                if before.get(key) != after.get(key):
                    yield f"{name}.{key}{_values(before.get(key), after.get(key))}"
        else:
            yield f"{_SAID.get(name, name)}{_values(before, after)}"


def _values(before: object, after: object) -> str:
    shown = ["none" if value is None else json.dumps(value, ensure_ascii=False) for value in (before, after)]
    return f": {shown[0]} then, {shown[1]} now" if max(map(len, shown)) <= _LONGEST else ""

"""Public holidays of a country as dates, with the days off that were moved and the weekend days worked for them.

The holidays library knows them; it is imported only when a calendar names a country.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from supportkpi.errors import CountryUnknown
from supportkpi.texts import nearest

if TYPE_CHECKING:
    from holidays import HolidayBase

_SHAPE = "countries are ISO codes: RU, DE, US; a region stands behind a hyphen: DE-BY"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country, and a region of it, that the holidays library knows."""

    code: str
    subdivision: str | None = None

    def __str__(self) -> str:
        """``DE-BY``, as it is written in options and configs."""
        return self.code if self.subdivision is None else f"{self.code}-{self.subdivision}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDays:
    """Days off by date with their names; ``moved`` are those among them that a law took from another day.

    ``worked`` are weekend days that are worked; a moved day off names the day that it was taken from.
    """

    off: Mapping[date, str]
    moved: Mapping[date, date] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()

    def eves(self) -> Iterator[date]:
        """The days that end early: those directly before a public holiday, working or not.

        A weekend day worked for a day off has that day's hours: where the day off stands directly before a holiday, the
        weekend day is the short one (in Russia the Labour Code, articles 95 and 112).
        """
        for holiday in self.off:
            eve = holiday - _DAY
            if holiday in self.moved:
                continue
            if eve not in self.off:
                yield eve
            elif self.moved.get(eve) in self.worked:
                yield self.moved[eve]


def country(code: str, subdivision: str | None = None) -> Country:
    """The country of an ISO code, ``DE`` or ``DE-BY``; the region by its code or name.

    Raises:
        CountryUnknown: no such country, or no such region of it; with the nearest that is known.
    """
    wanted, _, region = code.strip().partition("-")
    region = subdivision if subdivision is not None else region
    found = _codes().get(wanted.upper())
    if found is None:
        near = nearest(code, _names())
        hint = f"did you mean {_names()[near]}? {_SHAPE}" if near is not None else _SHAPE
        raise CountryUnknown(f'no holidays are known for the country "{code}"', hint=hint)
    return Country(code=found, subdivision=_region(found, region.strip()) if region.strip() else None)


def public_days(where: Country, years: Iterable[int]) -> PublicDays:
    """The public holidays of the years, days moved and weekend days worked included."""
    wanted = sorted(set(years))
    known = _library(where, wanted)
    moved = dict(_moved(known))
    return PublicDays(
        off=dict(sorted(known.items())),
        moved=moved,
        worked=frozenset(day for day in known.weekend_workdays if day.year in wanted),
    )


def _library(where: Country, years: Sequence[int]) -> HolidayBase:
    import holidays  # noqa: PLC0415 - costs a report without a country nothing

    kind: type[HolidayBase] = getattr(holidays, where.code)
    language = "en_US" if "en_US" in kind.supported_languages else None
    return holidays.country_holidays(where.code, subdiv=where.subdivision, years=years, language=language)


def _moved(known: HolidayBase) -> Iterator[tuple[date, date]]:
    """Each moved day off with the day that it was taken from, which the library tells in the day off's name."""
    label, form = getattr(known, "substituted_label", None), getattr(known, "substituted_date_format", None)
    if not label or not form:
        return
    before, _, after = known.tr(label).partition("%s")
    for day, name in known.items():
        for part in name.split("; "):
            if part.startswith(before) and part.endswith(after):
                taken = part[len(before) : len(part) - len(after)]
                yield day, datetime.strptime(taken, known.tr(form)).date()  # noqa: DTZ007 - a date has no zone


def _codes() -> dict[str, str]:
    """Every code that names a country, to the code of two letters."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    return {code: entry[1] for entry in COUNTRIES.values() for code in entry[1:] if code.isupper()}


def _names() -> dict[str, str]:
    """Every code and English name of a country, to the code of two letters."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    return {**_codes(), **{module.replace("_", " "): entry[1] for module, entry in COUNTRIES.items()}}


def _region(code: str, wanted: str) -> str:
    import holidays  # noqa: PLC0415

    kind: type[HolidayBase] = getattr(holidays, code)
    aliases: Mapping[str, str] = getattr(kind, "subdivisions_aliases", {})
    folded = {word.casefold(): region for word, region in aliases.items()}
    folded |= {region.casefold(): region for region in kind.subdivisions}
    found = folded.get(wanted.casefold())
    if found is None:
        near = nearest(wanted, [*kind.subdivisions, *aliases])
        regions = ", ".join(kind.subdivisions) or "none"
        hint = f"did you mean {aliases.get(near, near)}?" if near is not None else f"its regions are {regions}"
        raise CountryUnknown(f'{code} has no region "{wanted}" with holidays of its own', hint=hint)
    return found

"""Series: a table of plain figures (a month and a number, a start, an end and a number) beside tickets, to SERIES.

A table is one of figures when a column (or its headers) holds stretches of days and every other column is a number or
says what the numbers are: their name, unit, currency, channel. Tables of tickets, answers and events have ids, times of
day or words beside; they are left to their readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.beside._figures import currency_of, figures, without_unit
from supportkpi.loaders.beside._series_rows import Layout, Read, read_rows
from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.generic._sums import intervals, refusal_of_sums, sums_up
from supportkpi.loaders.mapping._recognise import by_header, normal
from supportkpi.loaders.tables import Table
from supportkpi.loaders.values._stretches import Stretch, as_months, as_weeks, month_number, order_of, stretch
from supportkpi.loaders.wide._sample import Sample
from supportkpi.schema import ColumnReading

FIGURE_FIELDS = ("period", "period_start", "period_end", "series_name", "value", "unit", "currency", "channel")
_WORDED = ("series_name", "unit", "currency", "channel")
_MOST_ROWS, _MOST_COLUMNS, _MOST_NAMES = 200_000, 400, 200
_MOSTLY = 0.5
"""Share of a column's cells of which more must be what the column is taken for: the others are rejects."""
_ALWAYS_TICKETS = frozenset(("ticket_id", "created_at", "solved_at", "closed_at", "first_reply_at", "status"))
_OF_TICKETS = _ALWAYS_TICKETS | {"priority", "requester_id", "organization_id", "assignee_id", "updated_at", "category"}
_OF_PEOPLE = ("ticket_id", "requester_id", "organization_id", "assignee_id")
_SCORES = ("csat", "nps", "ces")
_OF_THE_DAY = re.compile(
    r"^is\b|holiday|weekend|work(?:ing )?day|feriado|festivo|f[ei]m? de semana|fin de semana|feiertag|wochenende|ferie"
    r"|выходн|праздн|рабочий день"
)
_YES_NO = frozenset(
    ("true", "false", "yes", "no", "y", "n", "да", "нет", "si", "sí", "sim", "não", "nao", "ja", "nein")
)
_BARE_SHEET = re.compile(r"(?:sheet|лист|tabelle|feuil|hoja|planilha|таблица)\s?\d*", re.IGNORECASE)


def series_part(request: Request) -> Part | None:
    """The part of a table of plain figures, None where the table is of another kind."""
    table = request.table
    asked = request.mapping is not None and request.mapping.rows == "series"
    if (request.mapping is not None and not asked) or "ticket_id" in _said(request):
        return None
    if not table.rows or table.rows > _MOST_ROWS or not 2 <= len(table.columns) <= _MOST_COLUMNS:
        return None
    layout = _layout(Sample(table), request)
    if layout is None:
        return None
    return _part(table, layout, read_rows(table, layout, name=stem(table.name)))


def _said(request: Request) -> dict[str, str]:
    """Field to column of this table, by ``--map`` and by a mapping of series."""
    headers = by_header(request.table.columns)
    columns = request.mapping.columns if request.mapping is not None else {}
    said = {
        name: headers[normal(alias)]
        for name, aliases in columns.items()
        for alias in aliases
        if normal(alias) in headers
    }
    said |= {name: headers[normal(column)] for name, column in request.chosen.items() if normal(column) in headers}
    return said


def _roles(column: str) -> frozenset[str]:
    """What a header may be of figures."""
    text, bare = folded(column), without_unit(column)
    return frozenset(role for role, names in synonyms().figures.items() if text in names or bare in names)


def _layout(sample: Sample, request: Request) -> Layout | None:
    said, columns = _said(request), sample.table.columns
    roles = {column: _roles(column) for column in columns}
    for name, column in said.items():
        roles[column] = frozenset((name,))
    found = _across(columns, roles) or _down(sample, roles, request.reading.dayfirst)
    if found is None:
        return None
    taken = {*found.period, *found.across}
    rest = [column for column in columns if column not in taken]
    numeric = [column for column in rest if _is_numeric(sample, column)]
    words = [column for column in rest if column not in numeric and sample.words(column).count()]
    named = _worded(words, roles)
    details = [column for column in words if column not in named.values()]
    by = intervals(sample, details) if found.period else None
    if by is not None and sums_up(sample):
        raise refusal_of_sums(sample, by)
    made = _settled(found, named, numeric, details, roles)
    ours = "value" in said or (request.mapping is not None and request.mapping.rows == "series")
    return made if made is not None and (ours or _is_of_figures(sample, made, details)) else None


def _across(columns: Sequence[str], roles: Mapping[str, frozenset[str]]) -> Layout | None:
    """The layout of a table with a column for each month."""
    found = {column: stretch(column) for column in columns}
    across = {column: one for column, one in found.items() if one is not None}
    rest = [column for column in columns if column not in across]
    if len(across) < 2 or len({one.start for one in across.values()}) < 2 or len(rest) > len(_WORDED) + 1:
        return None
    finest = min(across.values(), key=lambda one: (one.end - one.start, one.start)).grain
    ignored = {column: "of longer stretches" for column, one in across.items() if one.grain != finest}
    across = {column: one for column, one in across.items() if column not in ignored}
    return Layout(across=across, ignored=ignored) if len(across) > 1 else None


def _down(sample: Sample, roles: Mapping[str, frozenset[str]], dayfirst: bool | None) -> Layout | None:
    """The layout of a table with a row for each stretch: its column, a year and a month, a start and an end."""
    of = {role: [column for column, known in roles.items() if role in known] for role in synonyms().figures}
    for start in of["period_start"]:
        for end in of["period_end"]:
            starts, ends = _read(sample, start, dayfirst), _read(sample, end, dayfirst)
            if starts and ends and start != end:
                return Layout(period=(start, end), stretches=starts, ends=ends)
    for year in of["year"]:
        for month in of["period"]:
            if month != year and (read := _years_and_months(sample, year, month)):
                return Layout(period=(year, month), by_year=True, stretches=read)
    for column in of["period"]:
        if read := _read(sample, column, dayfirst):
            read = as_months(as_weeks(read, ending="end" in folded(column)))
            return Layout(period=(column,), stretches=read)
    return None


def _read(sample: Sample, column: str, dayfirst: bool | None) -> dict[str, Stretch]:
    """The stretches of a column by its words; empty where it mostly holds something else."""
    words = sample.whole(column).cast(pl.String).drop_nulls()
    distinct = words.unique().to_list()
    order = order_of(distinct)
    if order is not None and dayfirst is None:
        dayfirst = order[0] if order[0] != order[1] else None
    read = {word: one for word in distinct if (one := stretch(word, dayfirst=dayfirst)) is not None}
    known = words.is_in(list(read)).sum() if read else 0
    return read if len(words) and known > _MOSTLY * len(words) else {}


def _years_and_months(sample: Sample, year: str, month: str) -> dict[str, Stretch]:
    """The months of two columns, by "YEAR-MONTH" of their words."""
    pairs = pl.DataFrame(
        {"y": sample.whole(year).cast(pl.String), "m": sample.whole(month).cast(pl.String)}
    ).drop_nulls()
    read: dict[str, Stretch] = {}
    for said, word in pairs.unique().rows():
        number = int(word) if word.isdigit() else month_number(word)
        one = stretch(f"{said}-{number:02d}") if number is not None and 1 <= number <= 12 else None
        if one is not None and re.fullmatch(r"\d{4}", said):
            read[f"{said}\n{word}"] = one
    keys = pairs.select(pl.concat_str("y", "m", separator="\n")).to_series()
    return read if len(keys) and keys.is_in(list(read)).sum() > _MOSTLY * len(keys) else {}


def _is_numeric(sample: Sample, column: str) -> bool:
    words = sample.words(column).drop_nulls()
    return len(words) > 0 and figures(words).count() > _MOSTLY * len(words)


def _worded(words: Sequence[str], roles: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The columns that say what the figures are, by their header."""
    found: dict[str, str] = {}
    for role in _WORDED:
        column = next((one for one in words if role in roles[one] and one not in found.values()), None)
        if column is not None:
            found[role] = column
    return found


def _settled(
    found: Layout, named: dict[str, str], numeric: list[str], details: list[str], roles: Mapping[str, frozenset[str]]
) -> Layout | None:
    """The layout with its figures; None where there are none."""
    if found.across:
        if "series_name" not in named and len(details) == 1:
            named = {**named, "series_name": details[0]}
        left = [column for column in details if column not in named.values()]
        beside = [column for column in numeric if not roles[column] & {"whole", "planned"}]
        if left or beside:
            return None
        ignored = {**found.ignored, **dict.fromkeys(numeric, "a total or a plan")}
        return Layout(across=found.across, roles=named, ignored=ignored)
    planned = [column for column in numeric if roles[column] & {"planned"} and "value" not in roles[column]]
    values = [column for column in numeric if column not in planned] or numeric
    if not values:
        return None
    ignored = {**dict.fromkeys((c for c in planned if c not in values), "a plan"), **dict.fromkeys(details, "a detail")}
    return Layout(
        period=found.period,
        by_year=found.by_year,
        stretches=found.stretches,
        ends=found.ends,
        values=tuple(values),
        roles=named,
        ignored=ignored,
    )


def _is_of_figures(sample: Sample, layout: Layout, details: Sequence[str]) -> bool:
    """Whether nothing in the table speaks of tickets, answers or events; days are looked at harder than months."""
    days = any(one.grain == "day" for one in layout.stretches.values()) and not layout.ends
    unsure = [column for column in (*layout.values, *details) if column not in layout.roles.values()]
    for column in unsure:
        fields = {name for name, score in synonyms().matches(column).items() if score >= ENTITY - 1}
        told = column in layout.values and "value" in _roles(column)
        if column in details and fields & (_OF_TICKETS if days else _ALWAYS_TICKETS):
            return False
        if column in layout.values and not told and fields & frozenset(_OF_PEOPLE):
            return False
    if _is_answered(sample, layout, details):
        return False
    if "series_name" in layout.roles and sample.words(layout.roles["series_name"]).n_unique() > _MOST_NAMES:
        return False
    return not days or _is_daily(sample, layout, details)


def _is_answered(sample: Sample, layout: Layout, details: Sequence[str]) -> bool:
    """Whether scores are answers, one a customer, and not the figure of a month that was made of them."""
    scores = [column for column in layout.values if set(_SCORES) & set(synonyms().matches(column))]
    if not scores or layout.across or {"series_name", "value"} & set(layout.roles):
        return False
    if any(synonyms().matches(column).get("requester_id", 0) >= ENTITY - 1 for column in details):
        return True
    marks = [figures(sample.words(column).drop_nulls()) for column in scores]
    by = [*layout.period, *layout.roles.values()]
    many = not sample.frame.select(by).is_unique().all() and not details
    return many and all((each.is_between(0, 10) & (each % 1 == 0)).all() for each in marks)


def _is_daily(sample: Sample, layout: Layout, details: Sequence[str]) -> bool:
    """Whether figures of days are that, and not what happened on them: one a day, or called a value."""
    named = "series_name" in layout.roles or "currency" in layout.roles
    of_rows = [column for column in details if not _tells_the_day(sample, layout, column)]
    if of_rows and not named and currency_of(" ".join(layout.values)) is None:
        return False
    if any(set(_SCORES) & set(synonyms().matches(column)) for column in layout.values):
        return False
    by = [column for role, column in layout.roles.items() if role != "unit"]
    keys = pl.DataFrame({"day": sample.words(layout.period[0]), **{column: sample.words(column) for column in by}})
    return named or (keys.is_unique().all() and not _ids(sample, layout))


def _tells_the_day(sample: Sample, layout: Layout, column: str) -> bool:
    """Whether words only say what kind of day it is: a weekday by its name, yes or no under "is_weekend"."""
    words = sample.words(column)
    if _OF_THE_DAY.search(folded(column)):
        return set(words.drop_nulls().str.to_lowercase().to_list()) <= _YES_NO
    days = {word: one.start.isoweekday() for word, one in layout.stretches.items()}
    told = {(days[day], word) for day, word in zip(sample.words(layout.period[0]), words, strict=True) if day in days}
    return 1 < len(told) == len({day for day, _ in told}) == len({word for _, word in told})


def _ids(sample: Sample, layout: Layout) -> bool:
    """Whether the only figures may as well be numbers of tickets: whole, each once, by their header an id."""
    for column in layout.values:
        words = sample.words(column).drop_nulls()
        if "ticket_id" in synonyms().matches(column) and "value" not in _roles(column) and words.is_unique().all():
            return True
    return False


def stem(name: str) -> str:
    """What figures without a name are called: their sheet or file, without the year behind it."""
    file, _, sheet = name.removesuffix("]").partition("[")
    text = sheet if sheet and not _BARE_SHEET.fullmatch(sheet) else PurePath(file).name.partition(".")[0]
    plain = re.sub(r"[\W_]*(?:19|20)\d\d[\W_\d]*$", "", text).replace("_", " ").strip(" -")
    return plain if re.search(r"\w", plain) else "figures"


def _part(table: Table, layout: Layout, read: Read) -> Part:
    return Part(
        table=table,
        frame=pl.DataFrame(),
        survey=False,
        rated=(),
        observes={},
        side=read.side,
        rejects=(*table.rejects, *read.rejects),
        assumptions=read.assumptions,
        provenance=replace(
            table.provenance("series", "KPI series"),
            columns=_columns(table, layout),
            notes=(*table.notes, *read.notes),
        ),
    )


def _columns(table: Table, layout: Layout) -> tuple[ColumnReading, ...]:
    """How each column is read."""
    said = {column: (role, "its header") for role, column in layout.roles.items()}
    pairs = ("period_start", "period_end") if layout.ends else ("year", "month") if layout.by_year else ("period",)
    grains = ", ".join(dict.fromkeys(f"{one.grain}s" for one in layout.stretches.values()))
    said |= {column: (role, grains) for role, column in zip(pairs, layout.period, strict=False)}
    said |= dict.fromkeys(layout.values, ("value", "numbers"))
    said |= {column: ("value", f"a {one.grain} in the header") for column, one in layout.across.items()}
    made = []
    for column in table.columns:
        role, evidence = said.get(column, (None, layout.ignored.get(column, "not asked for")))
        sure = "sure" if role is not None else "not loaded"
        made.append(ColumnReading(column=column, field=role, confidence=sure, evidence=evidence, filled=1.0))
    return tuple(made)

"""Rows of plain figures to SERIES: one row a figure, each data row used, excluded or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from supportkpi.loaders._part import Side
from supportkpi.loaders.beside._figures import Unit, currency_in, currency_of, figures, unit_of, without_unit
from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.mapping._vocabulary import channel_of
from supportkpi.loaders.tables import ROW, Table, lines_of
from supportkpi.loaders.values._stretches import GRAINS, Stretch
from supportkpi.loaders.wide._sample import words_of
from supportkpi.schema import SERIES, Reject

BAD_PERIOD, BAD_NUMBER = "bad-date", "bad-number"
TOTAL, EMPTY = "total", "empty"
_GENERIC = ("value", "planned", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which columns of a table say what of its figures.

    ``period`` is one column of stretches, or two: a year and a month (``by_year``), a start and an end. ``across`` are
    the columns that are stretches themselves; without them ``values`` are columns of figures.
    """

    period: tuple[str, ...] = ()
    by_year: bool = False
    stretches: Mapping[str, Stretch] = field(default_factory=dict)  # by the words of the period column
    ends: Mapping[str, Stretch] = field(default_factory=dict)
    across: Mapping[str, Stretch] = field(default_factory=dict)  # by column
    values: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)  # series_name, unit, currency, channel -> column
    ignored: Mapping[str, str] = field(default_factory=dict)  # column -> why


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the rows of a table of figures come to."""

    side: Side
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    assumptions: tuple[str, ...]


def read_rows(table: Table, layout: Layout, *, name: str) -> Read:
    """The figures of a table (columns of SERIES); those without a name of their own are called ``name``."""
    schema = table.frame.collect_schema()
    cells = table.frame.select(ROW, *(words_of(column, schema[column]).alias(column) for column in table.columns))
    rows = _long(cells.sort(ROW).collect(), layout, name)
    rows = rows.with_columns(
        number=figures(rows["cell"]),
        whole=_is_total(rows["word"]),
    )
    fates = _fates(rows)
    used = rows.join(fates.filter(pl.col("fate") == "used").select(ROW), on=ROW, how="semi", maintain_order="left")
    used = used.filter(pl.col("number").is_not_null())
    counts = Counter(fates["fate"].to_list())
    series, units = _series(used, layout)
    bad = {BAD_PERIOD, BAD_NUMBER}
    return Read(
        side=Side(
            used=counts["used"],
            series=series,
            excluded={why: count for why, count in counts.items() if why not in bad and why != "used"},
        ),
        rejects=_rejects(table, rows, fates),
        notes=tuple(_notes(series, units, rows, layout)),
        assumptions=tuple(_assumptions(units)),
    )


def _long(cells: pl.DataFrame, layout: Layout, name: str) -> pl.DataFrame:
    """One row a cell: ``_row, column, cell, word`` (the period), start, end, grain, name, unit, currency, channel."""
    made = []
    for column in layout.across or layout.values:
        beside = {
            role: pl.col(layout.roles[role]) if role in layout.roles else None
            for role in ("unit", "currency", "channel")
        }
        whose = (
            pl.col(layout.roles["series_name"])
            if "series_name" in layout.roles
            else pl.lit(_called(column, layout, name))
        )
        many = "series_name" in layout.roles and len(layout.values) > 1
        whose = pl.concat_str(whose, pl.lit(f" {without_unit(column)}")) if many else whose
        word = pl.lit(column) if layout.across else _word(layout)
        made.append(
            cells.select(
                ROW,
                pl.lit(column).alias("column"),
                pl.col(column).alias("cell"),
                word.alias("word"),
                pl.coalesce(whose, pl.lit(name)).alias("name"),
                *((pl.lit(None, pl.String) if expr is None else expr).alias(role) for role, expr in beside.items()),
                *([pl.col(layout.period[1]).alias("until")] if layout.ends else []),
            )
        )
    long = pl.concat(made)
    found = layout.across or layout.stretches
    ends = {word: one.end for word, one in (layout.ends or found).items()}
    last = "until" if layout.ends else "word"
    long = long.with_columns(
        start=_mapped("word", {word: one.start for word, one in found.items()}, pl.Date()),
        end=_mapped(last, ends, pl.Date()),
        grain=_mapped("word", {word: one.grain for word, one in found.items()}, pl.String()),
    )
    return _inside(long) if layout.ends else long


def _mapped(column: str, table: Mapping[str, object], dtype: pl.DataType) -> pl.Expr:
    return pl.col(column).replace_strict(list(table), list(table.values()), default=None, return_dtype=dtype)


def _inside(rows: pl.DataFrame) -> pl.DataFrame:
    """Stretches of a start and an end; an end that is the next one's start is the day after the last."""
    after = pl.col("end").is_in(rows["start"].unique().implode()) & (pl.col("end") > pl.col("start"))
    known = rows.filter(pl.col("end").is_not_null())
    open_ended = known.select(after.mean()).item() if known.height else 0.0
    firsts = known.height and bool(((known["end"].dt.day() == 1) & (known["start"].dt.day() == 1)).all())
    if known.height > 1 and (firsts or (open_ended or 0.0) >= 0.5):
        rows = rows.with_columns(end=pl.col("end") - timedelta(days=1))
    sound = pl.col("end") >= pl.col("start")
    return rows.with_columns(start=pl.when(sound).then("start"), end=pl.when(sound).then("end"), grain=pl.lit("span"))


def _word(layout: Layout) -> pl.Expr:
    return pl.concat_str(*layout.period, separator="\n") if layout.by_year else pl.col(layout.period[0])


def _called(column: str, layout: Layout, name: str) -> str:
    """The name of a column of figures: its header, unless that only says "value"."""
    if layout.across:
        return name
    bare = without_unit(column)
    generic = any(bare in synonyms().figures[role] for role in _GENERIC)
    return name if generic and len(layout.values) == 1 else column


def _is_total(words: pl.Series) -> pl.Series:
    """Which periods are no period but the sum of all."""
    totals = [
        word
        for word in words.unique().drop_nulls().to_list()
        if folded(word.split("\n")[0]) in synonyms().figures["whole"]
    ]
    return words.is_in(totals).fill_null(value=False)


def _fates(rows: pl.DataFrame) -> pl.DataFrame:
    """What becomes of each data row: used, total, empty, or the slug of a reject."""
    filled = pl.col("cell").is_not_null()
    of_row = (
        rows.with_columns(coarse=_coarse(rows))
        .group_by(ROW, maintain_order=True)
        .agg(
            total=pl.col("whole").any() | pl.col("coarse").all(),
            blank=(~filled).all(),
            undated=pl.col("start").is_null().all() | pl.col("end").is_null().all(),
            wrong=(filled & pl.col("number").is_null()).any() & ~pl.col("number").is_not_null().any(),
        )
    )
    fate = (
        pl.when("total").then(pl.lit(TOTAL))
        .when("blank").then(pl.lit(EMPTY))
        .when("undated").then(pl.lit(BAD_PERIOD))
        .when("wrong").then(pl.lit(BAD_NUMBER))
        .otherwise(pl.lit("used"))
    )  # fmt: skip
    return of_row.select(ROW, fate=fate)


def _coarse(rows: pl.DataFrame) -> pl.Series:
    """Whether a figure is of a longer stretch that shorter ones of its name fill: a year below its months."""
    rank = pl.col("grain").replace_strict(list(GRAINS), list(range(len(GRAINS))), default=None, return_dtype=pl.Int32)
    ranked = rows.select("name", "start", "end", rank=rank)
    fine = ranked.group_by("name").agg(pl.col("rank").min().alias("finest"))
    edges = (
        ranked.join(fine, on="name", how="left").filter(pl.col("rank") == pl.col("finest"))
        .group_by("name").agg(first=pl.col("start").min(), last=pl.col("end").max(), finest=pl.col("rank").first())
    )  # fmt: skip
    beside = ranked.join(edges, on="name", how="left", maintain_order="left")
    overlaps = (pl.col("start") <= pl.col("last")) & (pl.col("end") >= pl.col("first"))
    coarse = (pl.col("rank") > pl.col("finest")) & overlaps
    return beside.select(coarse.fill_null(value=False)).to_series()


def _rejects(table: Table, rows: pl.DataFrame, fates: pl.DataFrame) -> tuple[Reject, ...]:
    wrong = fates.filter(pl.col("fate").is_in([BAD_PERIOD, BAD_NUMBER]))
    if wrong.is_empty():
        return ()
    lines = lines_of(table, wrong[ROW].to_list())
    cells = rows.join(wrong, on=ROW, how="inner", maintain_order="left").filter(
        (pl.col("fate") == BAD_PERIOD) | (pl.col("cell").is_not_null() & pl.col("number").is_null())
    )
    made = []
    for row, column, cell, word, fate in (
        cells.unique(ROW, keep="first", maintain_order=True).select(ROW, "column", "cell", "word", "fate").rows()
    ):
        text = word if fate == BAD_PERIOD else cell
        shown = text.replace("\n", " ") if text is not None else None
        made.append(
            Reject(
                path=table.name,
                line=lines.get(row),
                column=None if fate == BAD_PERIOD else column,
                slug=fate,
                value=shown,
            )
        )
    return tuple(made)


def _series(rows: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, dict[str, Unit]]:
    """The figures in the columns of SERIES behind their ``_row``, and the unit of each name."""
    units: dict[str, Unit] = {}
    parts = []
    for name in rows["name"].unique(maintain_order=True).to_list():
        mine = rows.filter(pl.col("name") == name)
        columns = [column for column in mine["column"].unique().to_list() if column in layout.values]
        said = currency_in(mine["cell"])
        codes = _codes(mine["currency"])
        money = bool(codes.count() or said.count() or any(currency_of(column) for column in columns))
        header = " ".join(columns) if len(columns) == 1 and not layout.across else ""
        unit = unit_of(
            f"{name} {header}",
            mine["number"],
            cells=mine["cell"],
            words=mine["unit"].drop_nulls().unique().to_list(),
            money=money,
        )
        units[name] = unit
        code = unit.currency or next((found for column in columns if (found := currency_of(column))), None)
        parts.append(
            mine.select(
                ROW,
                pl.col("name"),
                pl.col("start"),
                pl.col("end"),
                value=_hundredth(pl.col("number")) if unit.is_percent else pl.col("number") * unit.factor,
                unit=pl.lit(unit.name),
                currency=pl.coalesce(pl.lit(codes), pl.lit(said), pl.lit(code, pl.String))
                if unit.name == "money"
                else pl.lit(None, pl.String),
                channel=pl.lit(_channels(mine["channel"])),
            )
        )
    made = pl.concat(parts) if parts else pl.DataFrame(schema={ROW: pl.UInt32, **SERIES})
    return made.cast(dict(SERIES)), units  # type: ignore[arg-type]


def _hundredth(number: pl.Expr) -> pl.Expr:
    """A hundredth as it would be written: divided in floating point, 94 % come to 0.9400000000000001."""
    return pl.coalesce(pl.format("{}e-2", number).cast(pl.Float64, strict=False), number / 100)


def _codes(words: pl.Series) -> pl.Series:
    """Codes of currencies as a column of them has them: EUR, €, руб."""
    distinct = words.unique().drop_nulls().to_list()
    known = {word: currency_of(word) or word.upper() for word in distinct}
    return words.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)


def _channels(words: pl.Series) -> pl.Series:
    """Channels by the words of tickets' channels, else as they are written, in small letters."""
    distinct = words.unique().drop_nulls().to_list()
    known = {word: channel_of(word, {}) or word.lower() for word in distinct}
    return words.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)


def _notes(series: pl.DataFrame, units: Mapping[str, Unit], rows: pl.DataFrame, layout: Layout) -> list[str]:
    """What was read, a sentence a name; cells that were left out; columns that only part the figures."""
    said = []
    for name, start, end, n in (
        series.group_by("name", maintain_order=True).agg(pl.col("start").min(), pl.col("end").max(), pl.len()).rows()
    ):
        unit = units[name]
        said.append(f"{name}: {n:,} figures, {_days(start, end)}, {_UNITS[unit.name]} ({unit.said})")
    lost = rows.filter(pl.col("cell").is_not_null() & pl.col("number").is_null() & ~pl.col("whole"))
    among = rows.join(lost.select(ROW).unique(), on=ROW, how="semi").group_by(ROW).agg(pl.col("number").count())
    some = among.filter(pl.col("number") > 0).height
    if some:
        rows_said = f"{some:,} row{'' if some == 1 else 's'}"
        said.append(f"cells that are no number, in {rows_said} with others that are one: taken as missing")
    details = [column for column, why in layout.ignored.items() if why == "a detail"]
    if details and series.height:
        said.append(f"figures of one period are added up over {', '.join(repr(column) for column in details)}")
    return said


_UNITS = {
    "count": "a count",
    "money": "money",
    "ratio": "a share",
    "points": "points",
    "score": "a score",
    "s": "a duration",
    "days": "days",
}


def _days(start: date, end: date) -> str:
    return f"{start} to {end}"


def _assumptions(units: Mapping[str, Unit]) -> Sequence[str]:
    """What only the name of a figure told of its unit, where it decides whether it is added up."""
    made = []
    for name, unit in units.items():
        if unit.said == "its name" and unit.name in ("ratio", "score", "points"):
            made.append(f"{name} is taken for {_UNITS[unit.name]} by its name: averaged, not added up")
    return made

"""Keys followed from table to table: each table with the columns that others have about its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.loaders.mapping._vocabulary import WITHIN, status_of
from supportkpi.loaders.related._known import Named, column_of
from supportkpi.loaders.related._page import Follow, Made, Meaning, TablePage
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._sample import words_of

KEY, _AT, _BETWEEN = "_key", "_at", "\x1f"
_DEEPEST = 4


@dataclass(slots=True)
class Followed:
    """The tables of one source, joined as they are asked for; ``used`` are the places of those that gave something."""

    tables: Sequence[Table]
    known: Mapping[int, Named]
    used: set[int] = field(default_factory=set)
    _sound: dict[int, Table] = field(default_factory=dict)
    _whole: dict[int, Table] = field(default_factory=dict)

    def sound(self, place: int) -> Table:
        """A table without the rows that its page drops: those are excluded, for the reason that it gives."""
        if place not in self._sound:
            page = self.known[place].page
            self._sound[place] = _without(self.tables[place], page.drop)
        return self._sound[place]

    def whole(self, place: int, depth: int = 0) -> Table:
        """A table with what its keys lead to."""
        if place not in self._whole:
            table, page = self.sound(place), self.known[place].page
            for made in page.made:
                table = _with(table, made)
            for follow in page.follow:
                table = self._joined(table, follow, depth)
            self._whole[place] = _without(table, page.only, others=True)
        return self._whole[place]

    def meanings(self) -> dict[str, dict[str, str]]:
        """field -> word -> meaning, as other columns of the tables sort the words."""
        found: dict[str, dict[str, str]] = {}
        for place, named in sorted(self.known.items()):
            for meaning in named.page.meaning:
                words = _sorted_words(self.whole(place), meaning)
                if words:
                    self.used.add(place)
                    found.setdefault(meaning.field, {}).update(words)
        return found

    def _joined(self, table: Table, follow: Follow, depth: int) -> Table:
        columns = [column_of(table, name) for name in follow.column]
        here = [column for column in columns if column is not None]
        known = self._lookup(follow, depth + 1) if depth < _DEEPEST and len(here) == len(columns) else None
        return table if known is None else beside(table, here, known, follow)

    def _lookup(self, follow: Follow, depth: int) -> pl.DataFrame | None:
        """What a key leads to: ``_key`` and a column for each that is taken; None without such a table."""
        places = [place for place, named in sorted(self.known.items()) if named.name == follow.to]
        frames = [frame for place in places if (frame := self._taken(place, follow, depth)) is not None]
        if not frames:
            return None
        self.used.update(places)
        page = self.known[places[0]].page
        frame = pl.concat(frames, how="diagonal").drop_nulls(KEY)
        return listed(frame) if page.rows == "list" else _labelled(frame, page, follow)

    def _taken(self, place: int, follow: Follow, depth: int) -> pl.DataFrame | None:
        page = self.known[place].page
        table = self.whole(place, depth)
        keys = [column_of(table, name) for name in (follow.key or page.key)]
        taken = {name: column_of(table, name) for name in (follow.take or (page.label,))}
        there = {name: column for name, column in taken.items() if column is not None}
        if None in keys or not there:
            return None
        schema = table.frame.collect_schema()
        values = [words_of(column, schema[column]).alias(name) for name, column in there.items()]
        newest = column_of(table, page.newest) if page.newest else None
        if newest is not None:
            values.append(words_of(newest, schema[newest]).alias(_AT))
        return table.frame.select(_key([key for key in keys if key is not None], schema), *values).collect()


def _key(columns: Sequence[str], schema: pl.Schema) -> pl.Expr:
    parts = [words_of(column, schema[column]) for column in columns]
    return (parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=_BETWEEN)).alias(KEY)


def listed(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a key as one text, in order of the words: a tag twice is one tag."""
    names = [name for name in frame.columns if name != KEY]
    return frame.group_by(KEY).agg(pl.col(name).drop_nulls().unique().sort().str.join(",") for name in names)


def _labelled(frame: pl.DataFrame, page: TablePage, follow: Follow) -> pl.DataFrame:
    """One row a key: the first in order of its values, so that the order of files does not matter."""
    names = [name for name in frame.columns if name not in (KEY, _AT)]
    if _AT in frame.columns:
        latest = frame.sort(_AT, *names, nulls_last=False).group_by(KEY, maintain_order=True)
        one = latest.agg(pl.col(name).drop_nulls().last() for name in names).sort(KEY)
    else:
        one = frame.group_by(KEY).agg(pl.col(name).drop_nulls().sort().first() for name in names).sort(KEY)
    if follow.take or not page.apart:
        return one
    shared = pl.col(page.label).is_duplicated() & pl.col(page.label).is_not_null()
    with_key = pl.concat_str(page.label, pl.lit(" ("), KEY, pl.lit(")"))
    return one.with_columns(pl.when(shared).then(with_key).otherwise(page.label).alias(page.label))


def beside(table: Table, columns: Sequence[str], known: pl.DataFrame, follow: Follow) -> Table:
    """The table with what its key leads to: a label stands for a key that leads nowhere as well."""
    schema = table.frame.collect_schema()
    names = [name for name in known.columns if name != KEY]
    made = {name: follow.into or f"{columns[0]}.{name}" for name in names}
    held = {name: f"_taken {name}" for name in names}
    key = _key(columns, schema)
    if follow.where:
        key = pl.when(_chosen(table, follow.where)).then(key)
    frame = table.frame.with_columns(key.alias(KEY)).join(
        known.rename(held).lazy(), on=KEY, how="left", maintain_order="left"
    )
    exprs = []
    for name, column in made.items():
        value = pl.col(held[name])
        if column in table.columns:
            value = pl.coalesce(value, words_of(column, schema[column]))
        elif not follow.take and not follow.into and len(columns) == 1:
            value = pl.coalesce(value, pl.col(KEY))
        exprs.append(value.alias(column))
    added = tuple(column for column in made.values() if column not in table.columns)
    return replace(table, columns=(*table.columns, *added), frame=frame.with_columns(exprs).drop(KEY, *held.values()))


def _chosen(table: Table, where: Mapping[str, Sequence[str]]) -> pl.Expr:
    """The rows in which columns have these values ("*" any), letter case aside; one that is not there chooses none."""
    schema = table.frame.collect_schema()
    found = []
    for name, values in where.items():
        column = column_of(table, name)
        if column is None:
            return pl.lit(value=False)
        text = words_of(column, schema[column]).str.to_lowercase()
        fits = text.is_not_null() if "*" in values else text.is_in([value.casefold() for value in values])
        found.append(fits.fill_null(value=False))
    return pl.all_horizontal(found)


def _without(table: Table, reasons: Mapping[str, Mapping[str, Sequence[str]]], *, others: bool = False) -> Table:
    """The table without the rows that have these values (``others``: that have not), counted by their reason."""
    for reason, where in reasons.items():
        mask = _chosen(table, where)
        gone = ~mask if others else mask
        lost = int(table.frame.filter(gone).select(pl.len()).collect().item())
        if lost:
            excluded = {**table.excluded, reason: table.excluded.get(reason, 0) + lost}
            table = replace(table, frame=table.frame.filter(~gone), rows=table.rows - lost, excluded=excluded)
    return table


def _with(table: Table, made: Made) -> Table:
    """The table with a column made of another one; without it where that is not there."""
    column = column_of(table, made.column)
    if column is None or made.into in table.columns:
        return table
    schema = table.frame.collect_schema()
    text = words_of(column, schema[column])
    value = text
    if made.values:
        rest = text if made.others else pl.lit(None, pl.String)
        for word, to in made.values.items():
            named = text.str.to_lowercase() == word.casefold()
            rest = pl.when(named & _filled(table, made, schema)).then(pl.lit(to)).otherwise(rest)
        value = rest
    if made.where:
        value = pl.when(_chosen(table, made.where)).then(value)
    frame = table.frame.with_columns(value.alias(made.into))
    return replace(table, columns=(*table.columns, made.into), frame=frame)


def _filled(table: Table, made: Made, schema: pl.Schema) -> pl.Expr:
    column = column_of(table, made.filled) if made.filled else None
    return words_of(column, schema[column]).is_not_null() if column is not None else pl.lit(value=not made.filled)


def _sorted_words(table: Table, meaning: Meaning) -> dict[str, str]:
    """What the words of a column mean by the column that sorts them, and within that by what they say themselves."""
    word, by = column_of(table, meaning.word), column_of(table, meaning.by)
    if word is None or by is None:
        return {}
    sorts = {one.casefold(): to for one, to in meaning.values.items()}
    found = {}
    rows = table.frame.select(pl.col(word).cast(pl.String).alias("word"), pl.col(by).cast(pl.String).alias("by"))
    for text, sort in rows.drop_nulls().unique().sort("word", "by").collect().rows():
        to = sorts.get(sort.strip().casefold())
        if to is not None:
            said = status_of(text, {}) if meaning.field == "status" else None
            found[text.strip()] = said.value if said is not None and said.value in WITHIN.get(to, ()) else to
    return found

"""A Dataset to a folder of plain tables, and such a folder to a Dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import polars as pl

from supportkpi import canonical
from supportkpi.decisions import Reading
from supportkpi.errors import OptionWrong
from supportkpi.schema import Dataset, Log
from supportkpi.texts import meant

_AGAIN = "convert the exports again with the same settings: supportkpi convert … -c"
_BY_FILE = ("columns", "helpdesk", "mapping", "encoding", "delimiter", "date_format", "dayfirst", "sheet", "csat_scale")


def convert(data: Dataset, folder: str, *, form: str = "parquet", reading: Reading | None = None) -> tuple[str, ...]:
    """Write a dataset as a folder of canonical frames; the names of its files.

    ``form`` is parquet, csv or ndjson. ``load(folder)`` gives the same dataset back: history, tickets, answers, what
    the export shows, how each file was read, and the ledger. ``reading`` is what it was loaded with: a later run asks
    whether its settings would have read the exports otherwise.

    Raises:
        OptionWrong: there is no such form.
        OutputFailed: something else is there, or the rights or the disk do not allow it.
        ShapeWrong: a column has a type that no form can hold.
    """
    check_form(form)
    return canonical.write(data, folder, form, responders=reading.responders if reading is not None else None)


def check_output(folder: str, *, form: str, files: Sequence[str] = ()) -> None:
    """Nothing, where a conversion can be written: told before any of the ``files`` is read.

    Raises:
        OptionWrong: there is no such form, or the folder lies in one that is read.
        OutputFailed: something else is there, or the rights do not allow it.
    """
    check_form(form)
    canonical.check_place(folder)
    place = Path(folder).resolve()
    for name in files:
        above = Path(name)
        if name != "-" and above.is_dir() and canonical.held(name) is None and above.resolve() in place.parents:
            message = f"{folder} would lie among the files of {name}, and be read with them the next time"
            raise OptionWrong(message, hint="name a folder outside of it with -o")


def check_form(form: str) -> None:
    """Nothing, where files can be written in a form.

    Raises:
        OptionWrong: there is no such form.
    """
    if form not in canonical.FORMS:
        known = ", ".join(canonical.FORMS)
        raise OptionWrong(f"there is no form {form!r}", hint=meant(form, canonical.FORMS) or f"it is one of {known}")


def converted(names: Sequence[str], how: Reading, columns: Sequence[str] | None = None) -> Dataset | None:
    """The dataset of a converted folder, where that is what was named; None for exports.

    ``columns`` as for ``load``: tags that a report of the exports would not have read are left out.

    Raises:
        OptionWrong: other files are named with it, or options say how its files are to be read, or in another zone.
    """
    folders = [name for name in names if name != "-" and canonical.holds_dataset(name)]
    if not folders:
        return None
    if len(names) > 1:
        message = f"{folders[0]} is a converted folder, which is read alone and as a whole"
        raise OptionWrong(message, hint="convert the exports together: supportkpi convert A B -o FOLDER")
    said = next((name for name in _BY_FILE if getattr(how, name)), None)
    if said is not None:
        message = f"{folders[0]} is a converted folder: its files have been read already"
        raise OptionWrong(message, hint=f"give options of reading (here {said}) when you convert")
    found = canonical.opened(folders[0])
    _check_zone(found, how, folders[0])
    _check_words(found, how, folders[0])
    found = replace(found, assumptions=(*found.assumptions, *_unmatched(found, how, folders[0])))
    return replace(found, tickets=narrowed(found.tickets, found, columns))


def check_apart(paths: Sequence[str]) -> None:
    """Nothing, where no file found among the exports belongs to a converted folder.

    Raises:
        OptionWrong: one does: what such a folder holds would be counted a second time, or as something else.
    """
    named = [path for path in paths if path != "-"]
    for place in dict.fromkeys(folder for path in named for folder in (path, str(Path(path).parent))):
        if canonical.held(place) is not None:
            message = f"{place} is a converted folder, which is read alone and as a whole"
            raise OptionWrong(message, hint=f"name {place} itself, or move it out of the folder of the exports")


def narrowed(tickets: pl.DataFrame, data: Dataset, columns: Sequence[str] | None) -> pl.DataFrame:
    """The tickets without tags that nobody asks for, where the exports were only read for them because all was."""
    if columns is None or "tags" not in tickets.columns:
        return tickets
    read = [(source, one.column) for source in data.provenance for one in source.columns if one.field == "tags"]
    asked = {"tags", "tag", *(column for _, column in read)} & {*columns}
    idle = bool(read) and all("tags" in source.on_demand for source, _ in read)
    return tickets.drop("tags") if idle and not asked else tickets


def _check_zone(data: Dataset, how: Reading, folder: str) -> None:
    """Nothing, unless dates that carry no zone were read in another one than is said now."""
    said = how.source_timezone
    zones = (source.zone for source in data.provenance if source.zone_source in ("assumed", "option"))
    other = next((zone for zone in zones if said is not None and zone != said), None)
    if other is not None:
        message = f"{folder} is a converted folder: its dates have been read as {other} already"
        raise OptionWrong(message, hint=f"convert the exports again, with --source-tz {said}")


def _check_words(data: Dataset, how: Reading, folder: str) -> None:
    """Nothing, unless the settings say what a status means that was not known when the exports were read."""
    left = {word.casefold(): word for source in data.provenance for word in source.unmapped.get("status", ())}
    word = next((left[said.casefold()] for said in how.statuses if said.casefold() in left), None)
    if word is not None:
        message = f"{folder} is a converted folder: the status {word} was not known when its exports were read"
        raise OptionWrong(message, hint=_AGAIN)


def _unmatched(data: Dataset, how: Reading, folder: str) -> Iterator[str]:
    """Names under ``responders`` that nobody in the folder has, a sentence each.

    Raises:
        OptionWrong: the settings say of somebody that they are something else than the exports were read by.
    """
    then = canonical.responders_of(folder) if how.responders else {}
    asked = [(actor, name) for actor, names in how.responders.items() for name in names]
    fresh = [(actor, name) for actor, name in asked if name not in then.get(actor, ())]
    if not fresh or not isinstance(data.history, Log):
        return
    people = data.history.frame.select(pl.col("actor_id", "actor").cast(pl.String)).drop_nulls("actor_id").unique()
    known = sorted((who.casefold(), actor or "") for who, actor in people.collect().rows())
    for actor, name in fresh:
        met = {of for who, of in known if fnmatchcase(who, name.casefold())}
        if met - {actor}:
            message = f"{folder} is a converted folder: {name} was not known as {actor} when its exports were read"
            raise OptionWrong(message, hint=_AGAIN)
        if not met:
            yield f'responders: nobody in {folder} is called "{name}": if the exports know it, convert them again'

"""A Dataset to a folder of plain tables, and such a folder to a Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from supportkpi import canonical
from supportkpi.decisions import Reading
from supportkpi.errors import OptionWrong
from supportkpi.schema import Dataset
from supportkpi.texts import meant

_BY_FILE = ("columns", "helpdesk", "mapping", "encoding", "delimiter", "date_format", "dayfirst", "sheet", "csat_scale")


def convert(data: Dataset, folder: str, *, form: str = "parquet") -> tuple[str, ...]:
    """Write a dataset as a folder of canonical frames; the names of its files.

    ``form`` is parquet, csv or ndjson. ``load(folder)`` gives the same dataset back: history, tickets, answers, what
    the export shows, how each file was read, and the ledger.

    Raises:
        OptionWrong: there is no such form.
        OutputFailed: something else is there, or the rights or the disk do not allow it.
        ShapeWrong: a column has a type that no form can hold.
    """
    if form not in canonical.FORMS:
        known = ", ".join(canonical.FORMS)
        raise OptionWrong(f"there is no form {form!r}", hint=meant(form, canonical.FORMS) or f"it is one of {known}")
    return canonical.write(data, folder, form)


def converted(names: Sequence[str], how: Reading) -> Dataset | None:
    """The dataset of a converted folder, where that is what was named; None for exports.

    Raises:
        OptionWrong: other files are named with it, or options say how its files are to be read, or in another zone.
    """
    folders = [name for name in names if name != "-" and canonical.holds_dataset(name)]
    if not folders:
        return None
    if len(names) > 1:
        message = f"{folders[0]} is a converted folder, which is read alone"
        raise OptionWrong(message, hint="convert the exports together: supportkpi convert A B -o FOLDER")
    said = next((name for name in _BY_FILE if getattr(how, name)), None)
    if said is not None:
        message = f"{folders[0]} is a converted folder: its files have been read already"
        raise OptionWrong(message, hint=f"give options of reading (here {said}) when you convert")
    found = canonical.opened(folders[0])
    _check_zone(found, how, folders[0])
    _check_words(found, how, folders[0])
    return found


def check_apart(paths: Sequence[str]) -> None:
    """Nothing, where no file found among the exports is the manifest of a converted folder.

    Raises:
        OptionWrong: one is: what such a folder holds would be counted a second time, or as something else.
    """
    for path in paths:
        folder = str(Path(path).parent)
        if Path(path).name == canonical.MANIFEST and canonical.holds_dataset(folder):
            message = f"{folder} is a converted folder, which is read alone"
            raise OptionWrong(message, hint=f"name {folder} itself, or move it out of the folder of the exports")


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
        raise OptionWrong(message, hint="convert the exports again with the same settings: supportkpi convert … -c")

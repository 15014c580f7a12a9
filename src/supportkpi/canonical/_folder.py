"""The folder of a dataset: its frames and the manifest, written and read back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import polars as pl

from supportkpi.canonical import _frames as frames
from supportkpi.canonical._manifest import Manifest, Stored, as_json, from_json, manifest_of, observed
from supportkpi.canonical._place import INSIDE, MANIFEST, held, opened_folder, placed
from supportkpi.errors import DatasetBroken, Where
from supportkpi.schema import Dataset, Log, Stamps, check

_ALL = ("tickets", "events", "stamps", "surveys", "series", "activity")


Responders = Mapping[str, tuple[str, ...]]
"""actor -> patterns of the names of authors that the settings made that."""


def write(data: Dataset, folder: str, form: str, *, responders: Responders | None = None) -> tuple[str, ...]:
    """Write a dataset into a folder, which is made, or replaced where it held a dataset before; the files' names.

    ``responders`` are those under which the exports were read.

    Raises:
        OutputFailed: there is something else of that name, or the rights or the disk do not allow it.
        ShapeWrong: a column has a type that no form can hold.
    """
    return placed(folder, partial(fill_dataset, data, form, responders=responders or {}))


def fill_dataset(data: Dataset, form: str, folder: Path, *, responders: Responders) -> tuple[str, ...]:
    """Write the frames of a dataset and its manifest into a folder that is there; the files' names."""
    stored = {}
    for name, frame in _held(data).items():
        types = frames.types_of(dict(frame.collect_schema()), frame=name)
        path = folder / f"{name}.{form}"
        frames.written(frame, types, path, form)
        stored[name] = Stored(rows=frame.select(pl.len()).collect().item(), columns=types)
    (folder / MANIFEST).write_bytes(as_json(manifest_of(data, stored, form, responders)))
    return (*(f"{name}.{form}" for name in stored), MANIFEST)


def _held(data: Dataset) -> Mapping[str, pl.LazyFrame]:
    """The frames of a dataset by name; side tables only where they have rows."""
    history = data.history
    told = {"events": history.frame} if isinstance(history, Log) else {"stamps": history.frame.lazy()}
    side = {"surveys": data.surveys, "series": data.series, "activity": data.activity}
    return {
        "tickets": data.tickets.lazy(),
        **told,
        **{name: frame.lazy() for name, frame in side.items() if frame.height or name == "surveys"},
    }


def opened(name: str) -> Dataset:
    """The dataset of a folder, or of a zip archive of one, as it was; of facts the one that they were folded of.

    Raises:
        DatasetBroken: a file is missing, or does not hold what the manifest says.
    """
    with opened_folder(name) as folder:
        return _opened(folder / INSIDE if held(name) == "facts" else folder)


def responders_of(name: str) -> Responders:
    """The ``responders`` under which the exports of a folder, or of a zip archive of one, were read.

    Raises:
        DatasetBroken: its manifest is damaged.
    """
    with opened_folder(name) as folder:
        return _manifest(folder / INSIDE if held(name) == "facts" else folder).responders


def _manifest(place: Path) -> Manifest:
    try:
        text = (place / MANIFEST).read_bytes()
    except OSError:
        message = "the manifest of the dataset is missing"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=str(place))) from None
    return from_json(text, path=str(place / MANIFEST))


def _opened(place: Path) -> Dataset:
    manifest = _manifest(place)
    unknown = set(manifest.frames) - set(_ALL)
    if unknown or manifest.form not in frames.FORMS or not {"tickets", _history(manifest)} <= set(manifest.frames):
        message = "the manifest names no tickets, no history, or what this version does not know"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=str(place / MANIFEST)))
    found = {
        name: read_frame(place / f"{name}.{manifest.form}", stored, manifest.form)
        for name, stored in manifest.frames.items()
    }
    return check(_dataset(manifest, found))


def _history(manifest: Manifest) -> str:
    return "stamps" if manifest.history == "stamps" else "events"


def read_frame(path: Path, stored: Stored, form: str) -> pl.DataFrame:
    """A frame of a folder.

    Raises:
        DatasetBroken: its file is missing, or does not hold what the manifest says.
    """
    try:
        frame = frames.read(path, stored.columns, form).collect()
    except FileNotFoundError:
        raise DatasetBroken(
            "a file of the folder is missing", hint="convert the export again", where=Where(path=str(path))
        ) from None
    except (pl.exceptions.PolarsError, OSError):
        message = "the file does not hold what its manifest says"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=str(path))) from None
    if frame.height != stored.rows:
        message = f"the file has {frame.height:,} rows, and its manifest says {stored.rows:,}"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=str(path)))
    return frame


def _dataset(manifest: Manifest, found: Mapping[str, pl.DataFrame]) -> Dataset:
    if manifest.history == "stamps":
        history: Log | Stamps = Stamps(frame=found["stamps"], stamps=manifest.stamps)
    else:
        history = Log(frame=found["events"].lazy(), grains=manifest.grains)
    side = {name: found[name] for name in ("series", "activity") if name in found}
    return Dataset(
        history=history,
        tickets=found["tickets"],
        surveys=found["surveys"],
        observes=observed(manifest),
        ledger=manifest.ledger,
        rejects=manifest.rejects,
        provenance=manifest.provenance,
        assumptions=manifest.assumptions,
        policies=manifest.policies,
        **side,
    )

"""The folder: frames and manifest written beside their place and moved there, and read back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from supportkpi.canonical import _frames as frames
from supportkpi.canonical._manifest import KIND, Manifest, Stored, as_json, from_json, manifest_of, observed
from supportkpi.errors import DatasetBroken, OutputFailed, Where
from supportkpi.schema import Dataset, Log, Stamps, check

MANIFEST = "dataset.json"
_ALL = ("tickets", "events", "stamps", "surveys", "series", "activity")


def holds_dataset(folder: str) -> bool:
    """Whether a folder is one that ``write`` made."""
    place = Path(folder) / MANIFEST
    try:
        if not place.is_file():
            return False
        with place.open("rb") as file:
            return f'"kind": "{KIND}"'.encode() in file.read(200)
    except OSError:
        return False


def write(data: Dataset, folder: str, form: str) -> tuple[str, ...]:
    """Write a dataset into a folder, which is made, or replaced where it held a dataset before; the files' names.

    Raises:
        OutputFailed: there is something else of that name, or the rights or the disk do not allow it.
        ShapeWrong: a column has a type that no form can hold.
    """
    target = Path(folder)
    _free(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        try:
            beside.chmod(0o755)
            names = _written(data, beside, form)
            if target.exists():
                shutil.rmtree(target)
            beside.replace(target)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except OSError as error:
        message = f"cannot write {folder}: {error.strerror or error}"
        raise OutputFailed(message, hint="check the folder, the rights and the free space") from error
    return names


def _free(target: Path) -> None:
    """Nothing, where a dataset may be put: nothing lies there yet, or a dataset does, or an empty folder."""
    if not target.exists() or holds_dataset(str(target)) or (target.is_dir() and not any(target.iterdir())):
        return
    what = "is a folder with other files in it" if target.is_dir() else "is a file"
    raise OutputFailed(f"{target} {what}", hint="name a folder that is not there yet with -o")


def _written(data: Dataset, folder: Path, form: str) -> tuple[str, ...]:
    stored = {}
    for name, frame in _held(data).items():
        types = frames.types_of(dict(frame.collect_schema()), frame=name)
        path = folder / f"{name}.{form}"
        frames.written(frame, types, path, form)
        stored[name] = Stored(rows=frame.select(pl.len()).collect().item(), columns=types)
    (folder / MANIFEST).write_bytes(as_json(manifest_of(data, stored, form)))
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


def opened(folder: str) -> Dataset:
    """The dataset of a folder that ``write`` made, as it was.

    Raises:
        DatasetBroken: a file is missing, or does not hold what the manifest says.
    """
    place = Path(folder)
    manifest = from_json((place / MANIFEST).read_bytes(), path=str(place / MANIFEST))
    unknown = set(manifest.frames) - set(_ALL)
    if unknown or manifest.form not in frames.FORMS or not {"tickets", _history(manifest)} <= set(manifest.frames):
        message = "the manifest names no tickets, no history, or what this version does not know"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=str(place / MANIFEST)))
    found = {
        name: _read(place / f"{name}.{manifest.form}", stored, manifest.form)
        for name, stored in manifest.frames.items()
    }
    return check(_dataset(manifest, found))


def _history(manifest: Manifest) -> str:
    return "stamps" if manifest.history == "stamps" else "events"


def _read(path: Path, stored: Stored, form: str) -> pl.DataFrame:
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

"""Folded facts as a folder: their frames, what they were folded under, and within it the dataset that they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter, ValidationError

from supportkpi.canonical import _frames as frames
from supportkpi.canonical._folder import fill_dataset, read_frame
from supportkpi.canonical._manifest import Stored
from supportkpi.canonical._place import FACTS, INSIDE, KINDS, opened_folder, placed
from supportkpi.decisions import Settings
from supportkpi.errors import DatasetBroken, Where
from supportkpi.facts import Facts, sliced
from supportkpi.facts.answers import Attribution
from supportkpi.schema import Dataset
from supportkpi.version import VERSION

FORMAT_VERSION = 1
_KIND = KINDS["facts"][1]
_FOLDED = ("tickets", "intervals", "waits", "surveys")
CLOCKS = "clocks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What ``facts.json`` holds: under which settings the facts were folded, and what is known of them.

    ``decided`` maps each part of the settings that the fingerprint is made of to its value as JSON; ``asked_as_of`` is
    the instant that was asked for, ``as_of`` the one that holds.
    """

    kind: str = _KIND
    format_version: int = FORMAT_VERSION
    written_by: str = f"supportkpi {VERSION}"
    form: str
    frames: Mapping[str, Stored]
    fingerprint: str
    decided: Mapping[str, str]
    asked_as_of: datetime | None
    as_of: datetime | None
    calendar: str | None
    attribution: Mapping[str, Attribution]
    unobserved: Mapping[str, str]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """What facts were folded under: the fingerprint of the settings, and each of its parts as JSON."""

    fingerprint: str
    decided: Mapping[str, str] = field(default_factory=dict)


def write_facts(facts: Facts, under: Under, folder: str, form: str, *, clocks: pl.DataFrame | None) -> tuple[str, ...]:
    """Write facts, and with ``clocks`` the ledger of service levels, into a folder; the names of its files.

    Raises:
        OutputFailed: there is something else of that name, or the rights or the disk do not allow it.
        ShapeWrong: a column has a type that no form can hold.
    """
    return placed(folder, partial(_filled, facts, under, form, clocks))


def _filled(facts: Facts, under: Under, form: str, clocks: pl.DataFrame | None, folder: Path) -> tuple[str, ...]:
    held = {name: getattr(facts, name) for name in _FOLDED} | ({CLOCKS: clocks} if clocks is not None else {})
    stored = {}
    for name, frame in held.items():
        types = frames.types_of(dict(frame.schema), frame=name)
        frames.written(frame.lazy(), types, folder / f"{name}.{form}", form)
        stored[name] = Stored(rows=frame.height, columns=types)
    (folder / INSIDE).mkdir()
    inside = fill_dataset(facts.dataset, form, folder / INSIDE, responders=facts.settings.responders)
    told = Folded(
        form=form,
        frames=stored,
        fingerprint=under.fingerprint,
        decided=under.decided,
        asked_as_of=facts.settings.as_of,
        as_of=facts.as_of,
        calendar=facts.calendar,
        attribution=facts.attribution,
        unobserved=facts.unobserved,
        assumptions=facts.assumptions,
    )
    (folder / FACTS).write_bytes(TypeAdapter(Folded).dump_json(told, indent=1) + b"\n")
    return (*(f"{name}.{form}" for name in stored), FACTS, *(f"{INSIDE}/{name}" for name in inside))


def folded_under(name: str) -> Folded:
    """What the manifest of a folder of facts says.

    Raises:
        DatasetBroken: it is damaged, or that of a later version.
    """
    with opened_folder(name) as folder:
        return _manifest(folder / FACTS)


def _manifest(path: Path) -> Folded:
    try:
        found = TypeAdapter(Folded).validate_json(path.read_bytes())
    except (ValidationError, OSError):
        message = "the manifest of the facts does not hold what it must"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=str(path))) from None
    known = {*_FOLDED, CLOCKS}
    if found.kind != _KIND or found.format_version != FORMAT_VERSION or not {*_FOLDED} <= {*found.frames} <= known:
        message = f"the folder has format {found.format_version}, and this version reads format {FORMAT_VERSION}"
        raise DatasetBroken(message, hint=f"it was written by {found.written_by}", where=Where(path=str(path)))
    return found


def opened_facts(name: str, data: Dataset, settings: Settings) -> Facts:
    """The facts of a folder as they were folded; ``settings`` are those of the same fingerprint, ``data`` its dataset.

    Raises:
        DatasetBroken: a file is missing, or does not hold what the manifest says.
    """
    with opened_folder(name) as folder:
        told = _manifest(folder / FACTS)
        found = {part: read_frame(folder / f"{part}.{told.form}", told.frames[part], told.form) for part in _FOLDED}
    return Facts(
        tickets=found["tickets"],
        intervals=found["intervals"],
        surveys=found["surveys"],
        series=data.series,
        observes=dict(data.observes),
        unobserved=told.unobserved,
        as_of=told.as_of,
        calendar=told.calendar,
        attribution=told.attribution,
        dataset=data,
        settings=settings,
        cut=sliced(found["tickets"]),
        waiting=lambda: found["waits"],
        assumptions=told.assumptions,
    )

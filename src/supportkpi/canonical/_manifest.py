"""The manifest: everything of a Dataset that is no frame, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from supportkpi.canonical._place import KINDS
from supportkpi.errors import DatasetBroken, Where
from supportkpi.policies import Policies
from supportkpi.schema import Dataset, Extent, FileLedger, Log, Provenance, Reject, Sight, Stamp, Stamps
from supportkpi.version import VERSION

KIND = KINDS["dataset"][1]
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A frame of the folder: its file's rows, and the type of each column in its order."""

    rows: int
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What ``dataset.json`` holds. ``history`` is log or stamps; ``observes`` maps a Sight to its Extent's number.

    ``grains`` are those of a log; ``responders`` (actor -> patterns of names) those under which it was read.
    """

    kind: str
    format_version: int
    written_by: str
    form: str
    history: str
    frames: Mapping[str, Stored]
    stamps: tuple[Stamp, ...]
    observes: Mapping[Sight, int]
    ledger: tuple[FileLedger, ...]
    rejects: tuple[Reject, ...]
    provenance: tuple[Provenance, ...]
    assumptions: tuple[str, ...]
    grains: tuple[Stamp, ...] = ()
    policies: Policies = field(default_factory=Policies)
    responders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def manifest_of(
    data: Dataset, frames: Mapping[str, Stored], form: str, responders: Mapping[str, tuple[str, ...]]
) -> Manifest:
    """The manifest of a dataset whose frames were written."""
    history = data.history
    return Manifest(
        kind=KIND,
        format_version=FORMAT_VERSION,
        written_by=f"supportkpi {VERSION}",
        form=form,
        history="stamps" if isinstance(history, Stamps) else "log",
        frames=frames,
        stamps=history.stamps if isinstance(history, Stamps) else (),
        observes={sight: extent.value for sight, extent in data.observes.items()},
        ledger=data.ledger,
        rejects=data.rejects,
        provenance=data.provenance,
        assumptions=data.assumptions,
        grains=history.grains if isinstance(history, Log) else (),
        policies=data.policies,
        responders=responders,
    )


def as_json(manifest: Manifest) -> bytes:
    """The manifest as the text of ``dataset.json``."""
    return TypeAdapter(Manifest).dump_json(manifest, indent=1) + b"\n"


def from_json(text: bytes, *, path: str) -> Manifest:
    """The manifest of a folder.

    Raises:
        DatasetBroken: the text is no manifest, or that of a later version.
    """
    try:
        found = TypeAdapter(Manifest).validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the text"
        message = f"the manifest does not hold what it must: {place}: {first['msg'].lower()}"
        raise DatasetBroken(message, hint="convert the export again", where=Where(path=path)) from None
    if found.kind != KIND or found.format_version != FORMAT_VERSION:
        message = f"the folder has format {found.format_version}, and this version reads format {FORMAT_VERSION}"
        raise DatasetBroken(message, hint=f"it was written by {found.written_by}", where=Where(path=path))
    return found


def observed(manifest: Manifest) -> dict[Sight, Extent]:
    """What the history shows."""
    return {sight: Extent(number) for sight, number in manifest.observes.items()}

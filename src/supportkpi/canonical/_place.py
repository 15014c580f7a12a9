"""Where converted folders lie: known again, plain or zipped; made beside their place and moved there whole."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Literal

from supportkpi.canonical._frames import FORMS
from supportkpi.errors import DatasetBroken, OutputFailed, Where

MANIFEST, FACTS = "dataset.json", "facts.json"
INSIDE = "dataset"
"""The folder within one of facts that holds the dataset that they were folded of."""
KINDS = {"dataset": (MANIFEST, "supportkpi dataset"), "facts": (FACTS, "supportkpi facts")}
MANIFESTS = (MANIFEST, FACTS)
_FIRST, _PIECE = 200, 1 << 20
_LARGEST, _FREE, _RATIO = 8 << 30, 64 << 20, 250
_FAULTS = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)

Kind = Literal["dataset", "facts"]


def held(name: str) -> Kind | None:
    """What a folder, or a zip archive of one, holds that was converted; None for anything else."""
    place = Path(name)
    if place.is_dir():
        return _kind(lambda manifest: _head(place / manifest))
    if place.suffix.lower() == ".zip" and place.is_file():
        root = _root(place)
        return root[1] if root is not None else None
    return None


def holds_dataset(name: str) -> bool:
    """Whether a folder, or a zip archive of one, is one that ``write`` or ``write_facts`` made."""
    return held(name) is not None


def _kind(head: Callable[[str], bytes]) -> Kind | None:
    for kind, (manifest, word) in KINDS.items():
        if f'"kind": "{word}"'.encode() in head(manifest):
            return "facts" if kind == "facts" else "dataset"
    return None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FIRST)
    except OSError:
        return b""


@contextmanager
def opened_folder(name: str) -> Iterator[Path]:
    """The folder itself; of a zip archive what it holds, for as long as it is needed.

    Raises:
        DatasetBroken: the archive is damaged or locked, or expands too far.
    """
    place = Path(name)
    if place.is_dir():
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="supportkpi.") as beside:
        root = _root(place)
        if root is not None:
            _unpack(place, root[0], Path(beside))
        yield Path(beside)


def _root(place: Path) -> tuple[PurePosixPath, Kind] | None:
    """The folder in an archive that was converted: the one that lies least deep."""
    try:
        with zipfile.ZipFile(place) as archive:
            names = {PurePosixPath(name) for name in archive.namelist() if not name.endswith("/")}
            manifests = [name for name in names if name.name in MANIFESTS]
            for folder in sorted({name.parent for name in manifests}, key=lambda one: (len(one.parts), str(one))):
                kind = _kind(lambda manifest, at=folder: _of_member(archive, at / manifest, names))  # type: ignore[misc]
                if kind is not None:
                    return folder, kind
    except _FAULTS:
        return None  # whoever reads it as an export says what is wrong with it
    return None


def _of_member(archive: zipfile.ZipFile, name: PurePosixPath, names: set[PurePosixPath]) -> bytes:
    if name not in names:
        return b""
    with archive.open(str(name)) as file:
        return file.read(_FIRST)


def _unpack(place: Path, root: PurePosixPath, target: Path) -> None:
    """Write the tables and manifests below a folder of an archive into another one."""
    left = min(_LARGEST, max(_FREE, _RATIO * place.stat().st_size))
    try:
        with zipfile.ZipFile(place) as archive:
            for entry in archive.infolist():
                name = PurePosixPath(entry.filename)
                inside = name.relative_to(root) if name.is_relative_to(root) else None
                if inside is None or entry.is_dir() or not _is_ours(inside):
                    continue
                (target / inside).parent.mkdir(exist_ok=True)
                with archive.open(entry) as file, (target / inside).open("wb") as made:
                    while piece := file.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise _broken(place, "expands beyond what any folder needs")
                        made.write(piece)
    except _FAULTS:
        raise _broken(place, "is damaged and cannot be unpacked") from None


def _broken(place: Path, what: str) -> DatasetBroken:
    return DatasetBroken(f"{place} {what}", hint="convert the export again", where=Where(path=str(place)))


def _is_ours(name: PurePosixPath | Path) -> bool:
    """Whether a file of a converted folder, by its path in there, is one that converting writes."""
    folders = name.parts[:-1]
    return folders in ((), (INSIDE,)) and (name.name in MANIFESTS or name.suffix.removeprefix(".") in FORMS)


# --- making ----------------------------------------------------------------------------------------------------------


def check_place(folder: str) -> None:
    """Nothing, where a folder can be put: there is none, or an empty one, or one that was converted before.

    Raises:
        OutputFailed: something else is there, or the rights do not allow it.
    """
    target = Path(folder)
    hint = "name a folder that is not there yet with -o"
    if target.exists() and not target.is_dir():
        raise OutputFailed(f"{folder} is a file", hint=hint)
    if target.is_dir():
        kind = held(folder)
        if kind is None and any(target.iterdir()):
            raise OutputFailed(f"{folder} is a folder with other files in it", hint=hint)
        inside = (path for path in target.rglob("*") if path.is_file())
        other = next((path for path in inside if not _is_ours(path.relative_to(target))), None)
        if other is not None:
            message = f"{folder} is a converted folder with a file in it that is none of its own: {other.name}"
            raise OutputFailed(message, hint="move that file, or name another folder with -o")
    above = next(one for one in (target.absolute().parent, *target.absolute().parents) if one.exists())
    if not above.is_dir():
        raise OutputFailed(f"{above} is a file, and {folder} would lie in it", hint=hint)
    if not os.access(above, os.W_OK):
        raise OutputFailed(f"nothing may be written into {above}", hint="name a folder of your own with -o")


def placed(folder: str, fill: Callable[[Path], tuple[str, ...]]) -> tuple[str, ...]:
    """Let a folder be filled beside its place and move it there; what lay there before stays until then.

    Raises:
        OutputFailed: something else is there, or the rights or the disk do not allow it.
    """
    check_place(folder)
    target = Path(folder).absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        try:
            beside.chmod(0o755)
            names = fill(beside)
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

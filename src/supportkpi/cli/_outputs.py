"""Files that a run is to write: told before anything is read when they cannot be, or would overwrite what is read."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from supportkpi.cli._run import STDIN
from supportkpi.errors import OutputFailed

_READ = (".csv", ".tsv", ".tab", ".json", ".ndjson", ".jsonl", ".parquet", ".xlsx", ".xlsm", ".xls", ".ods", ".zip")
"""Suffixes of files that are taken for exports in a folder."""
_PLAIN = re.compile(r"[\w@%+=:,./\\-]+")


def check_outputs(outputs: Sequence[str], files: Sequence[str]) -> None:
    """Nothing, where all of the outputs can be written.

    Raises:
        OutputFailed: one is a folder, lies in none that is there, or is, or would be, one of the files that are read.
    """
    for output in outputs:
        if output != STDIN:
            _check_place(output)
            _check_apart(output, files)


def _check_place(output: str) -> None:
    if not output.strip():
        raise OutputFailed("a file that is to be written has no name", hint="write -o review.md, --rejects rejects.csv")
    target = Path(output)
    folder = target.absolute().parent
    if target.is_dir():
        raise OutputFailed(f"{output} is a folder", hint=f"name a file in it: {shown([str(target / 'NAME')])}")
    if not folder.is_dir():
        what, hint = ("is a file", "name another place") if folder.exists() else ("is not there", "make it first")
        raise OutputFailed(f"cannot write {output}: the folder {target.parent} {what}", hint=hint)
    if not os.access(folder, os.W_OK):
        raise OutputFailed(f"nothing may be written into {folder}", hint="name another place")


def _check_apart(output: str, files: Sequence[str]) -> None:
    target = Path(output)
    for name in files:
        source = Path(name)
        if name == STDIN or not source.exists():
            continue
        if target.exists() and target.samefile(source):
            message = f"{output} is one of the files that are read: it would be lost"
            raise OutputFailed(message, hint="write to a file of another name")
        inside = source.is_dir() and source.resolve() in target.resolve().parents
        if inside and target.suffix.lower() in _READ:
            message = f"{output} would lie among the files of {name}, and be read with them the next time"
            raise OutputFailed(message, hint="write to a file outside of it")


def shown(names: Sequence[str]) -> str:
    """Names as they are typed in a shell."""
    return " ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return name
    return shlex.quote(name) if re.search(r"[\"$`!\n]", name) else f'"{name}"'

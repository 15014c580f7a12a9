"""Files that a run writes: whole, or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path

from supportkpi.errors import OutputFailed
from supportkpi.schema import Dataset


def write(path: str, content: str | bytes) -> None:
    """Write a file beside its place and rename it, so that a fault leaves the old file as it was.

    Raises:
        OutputFailed: the folder, the rights or the disk do not allow it.
    """
    target = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, not replaced
            target.write_bytes(data)
            return
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(beside).chmod(_mode(target))
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        raise OutputFailed(message, hint="check the folder, the rights and the free space") from error


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_rejects(path: str, data: Dataset) -> None:
    """The rejected rows as CSV: file, line, column, slug, value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "line", "column", "slug", "value"])
    for reject in data.rejects:
        writer.writerow([reject.path, reject.line, reject.column, reject.slug, _harmless(reject.value)])
    write(path, text.getvalue())


def _harmless(value: str | None) -> str | None:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value is not None and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value

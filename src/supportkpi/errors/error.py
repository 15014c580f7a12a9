"""The one error that is raised on purpose, and the place that it points to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place in the user's own files: path, 1-based line, column (a header, or a 1-based character position)."""

    path: str | None = None
    line: int | None = None
    column: str | int | None = None

    def __str__(self) -> str:
        """``tickets.csv:12:Created at``, as much of it as is known."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class KpiError(Exception):
    """The one error that the library raises on purpose; subclasses carry a stable slug and an exit code."""

    slug: ClassVar[str] = "error"
    code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str | None = None, where: Where | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        """Message, place and hint in one text, as a library user sees it."""
        place = f" ({self.where})" if self.where and str(self.where) else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.message}{place} [{self.slug}]{hint}"

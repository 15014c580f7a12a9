"""Checks: what a pipeline asks of the numbers, and what became of each; the gate that they make together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from supportkpi.decisions import Check
from supportkpi.report import Ledger, Method, Row
from supportkpi.schema import Provenance


class Result(StrEnum):
    """What became of a check."""

    passed = "pass"
    warn = "warn"
    fail = "fail"
    no_data = "no_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A ticket that stands for a miss: by how many seconds it is late, or what it took."""

    ticket: str
    seconds: float | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check in one group: the row that it was judged on, its result, and the tickets to look at first.

    ``value`` is the unrounded number that was compared; ``short``: how many more tickets would have had to succeed.
    """

    check: Check
    group: Mapping[str, str | None] = field(default_factory=dict)
    row: Row | None = None
    expr: str = ""
    warn: str = ""
    value: float | None = None
    unit: str = ""
    n: int = 0
    result: Result
    certainty: Literal["sure", "uncertain"] | None = None
    reason: str = ""
    short: int | None = None
    tickets: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """All checks of a run and the exit code that they come to: 0, 1 one failed, 3 there was nothing to judge."""

    checks: tuple[Checked, ...]
    exit_code: int
    method: Method
    ledger: Ledger
    inputs: tuple[Provenance, ...] = ()

    def count(self, *results: Result) -> int:
        """How many checks ended so."""
        return sum(1 for each in self.checks if each.result in results)

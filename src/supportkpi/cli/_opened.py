"""What commands begin with: files read as the options say, rejects written, limits held, settings decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supportkpi import pipeline
from supportkpi.cli import _run
from supportkpi.cli._settings import Choices, Decided, chosen
from supportkpi.cli._words import told
from supportkpi.cli._written import write_rejects
from supportkpi.decisions import Reading, Settings
from supportkpi.facts import Facts
from supportkpi.schema import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The data of a run, and the settings that hold for it; ``start`` is what is measured, facts where there are."""

    data: Dataset
    settings: Settings
    decided: Decided
    start: Dataset | Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a run behaves: what it writes beside its result, and how much it says.

    ``from_facts``: facts that were converted are taken as they were folded, whatever of their settings is ``free``.
    """

    rejects: str | None = None
    quiet: bool = False
    verbose: bool = False
    from_facts: bool = False
    free: tuple[str, ...] = ()


def opened(
    files: Sequence[str], choices: Choices, reading: Reading, *, columns: Sequence[str] | None = (), manners: Manners
) -> Opened:
    """The files as one Dataset, with the columns that the run names beside those that the config does (None: all).

    Raises:
        KpiError: a file cannot be read, the config does not hold, or more rows were rejected than may be.
    """
    decided = chosen(choices, reading)
    wanted = [*columns, *decided.config.columns] if columns is not None else None
    data = pipeline.load(*files, reading=decided.reading, stdin=_run.standard_input(files), columns=wanted)
    settings = decided.settings(data)
    told(data, decided.config, quiet=manners.quiet, verbose=manners.verbose)
    if manners.rejects is not None:
        write_rejects(manners.rejects, data)
    pipeline.limited(data, settings.max_rejects)
    if not manners.from_facts:
        return Opened(data=data, settings=settings, decided=decided, start=data)
    begun = pipeline.started(files, data, settings, columns=wanted, free=manners.free)
    return Opened(data=data, settings=begun.settings, decided=decided, start=begun.data)

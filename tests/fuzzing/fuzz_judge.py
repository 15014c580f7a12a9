"""What must hold whatever a file holds: a result whose rows add up, or one of our errors, and soon."""

from __future__ import annotations

import random
import time
import traceback
from dataclasses import dataclass

from fuzz_material import seed
from fuzz_mutations import mutated

from supportkpi import loaders, pipeline, schema
from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders import Table

SECONDS = 1.0
"""Processor time that a file may take, and another as much for each of its megabytes."""
READINGS = (
    {},
    {"source_timezone": "UTC", "dayfirst": True, "csat_scale": "1-5"},
    {"source_timezone": "Europe/Berlin", "dayfirst": False},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of how many files more is asked than to be read: to be loaded, to be measured."""

    loaded: float
    measured: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How far a file got (``refused``, ``read``, ``loaded``, ``measured``), and what went wrong on the way."""

    reached: str
    fault: str | None = None  # one line that two faults of one kind share
    trace: str = ""


def made(start: int, number: int) -> tuple[bytes, Reading, float]:
    """The file of a number, how it is read, and a lot that decides how far it goes."""
    luck = random.Random(f"{start}/{number}")
    data = mutated(seed(luck), luck)
    reading = Reading(**luck.choice(READINGS))  # type: ignore[arg-type]
    return data, reading, luck.random()


def judged(data: bytes, reading: Reading, lot: float, share: Share) -> Verdict:
    """What becomes of a file."""
    progress = ["refused"]
    begun = time.process_time()
    try:
        _through(data, reading, progress, (lot < share.loaded, lot < share.measured))
    except KpiError as refused:
        fault = None if refused.slug != "error" and refused.message else "an error without slug or message"
    except AssertionError as wrong:
        return Verdict(reached=progress[-1], fault=f"not so: {wrong}", trace=traceback.format_exc())
    except BaseException as crash:  # a panic of a library is no Exception
        if isinstance(crash, KeyboardInterrupt):
            raise
        return Verdict(reached=progress[-1], fault=_kind(crash), trace=traceback.format_exc())
    else:
        fault = None
    taken = time.process_time() - begun
    if taken > SECONDS + SECONDS * len(data) / 1e6:
        fault = f"slow: {progress[-1]}"
        return Verdict(reached=progress[-1], fault=fault, trace=f"{taken:.1f} s for {len(data):,} bytes")
    return Verdict(reached=progress[-1], fault=fault)


def _kind(crash: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(crash.__traceback__) if "supportkpi" in frame.filename]
    place = f"{frames[-1].filename.rpartition('supportkpi/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(crash).__name__} at {place}: {str(crash).splitlines()[0][:60] if str(crash) else ''}"


def _through(data: bytes, reading: Reading, progress: list[str], wanted: tuple[bool, bool]) -> None:
    tables = loaders.read("-", reading, data)
    for table in tables:
        sound(table)
    progress.append("read")
    if not wanted[0]:
        return
    dataset = schema.check(loaders.load_tables(tables, reading))
    accounted(dataset, tables)
    progress.append("loaded")
    if wanted[1]:
        pipeline.measure(pipeline.fold(dataset))
        progress.append("measured")


def sound(table: Table) -> None:
    """A table has as many rows as it says, each once, under names that differ."""
    frame = table.frame.collect()
    assert frame.height == table.rows, "rows of a table"
    assert tuple(frame.columns) == ("_row", *table.columns), "columns of a table"
    assert len(set(table.columns)) == len(table.columns), "names of columns"
    assert frame["_row"].n_unique() == table.rows, "numbers of rows"


def accounted(dataset: schema.Dataset, tables: list[Table]) -> None:
    """Every row read was used, excluded or rejected, and every reject is listed."""
    assert len(dataset.ledger) == len(tables), "files of the ledger"
    for one, table in zip(dataset.ledger, tables, strict=True):
        assert one.rows_read == table.rows + len(table.rejects) + sum(table.excluded.values()), "rows read"
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values()), "rows accounted"
        assert min([one.used, *one.excluded.values(), *one.rejected.values()]) >= 0, "counts below nought"
    assert len(dataset.rejects) == sum(sum(one.rejected.values()) for one in dataset.ledger), "rejects listed"
    assert dataset.tickets["ticket_id"].is_unique().all(), "one row a ticket"


def minimised(data: bytes, reading: Reading, fault: str, tries: int) -> bytes:
    """A shorter file with the same fault: stretches are left out for as long as it stays."""
    everything = Share(loaded=1.0, measured=1.0)
    size = len(data) // 2
    while size and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            shorter = data[:at] + data[at + size :]
            tries -= 1
            if shorter and judged(shorter, reading, 0.0, everything).fault == fault:
                data = shorter
            else:
                at += size
        size //= 2
    return data

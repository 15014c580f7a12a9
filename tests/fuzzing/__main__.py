"""Files that nobody should have: ``python tests/fuzzing --count 1000000 --seed 1``.

Each is read; of a share the rows are loaded and accounted for, of another the KPIs are measured. Nothing may come of it
but a result or one of our errors, within a second and another second a megabyte of processor time. What breaks that is
made as short as can be and written to a folder, one file a kind of fault.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from fuzz_work import work

os.environ.setdefault("POLARS_MAX_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

BLOCK = 500  # files that a process takes at a time
LOST = 30  # processes that may die before the run is given up
STUCK_S = 120.0  # after which a process that says nothing is given up, with the file that it hangs on


@dataclass(slots=True)
class Tally:
    """What has come of all files so far."""

    reached: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    done: int = 0
    lost: int = 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tests/fuzzing", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="files to make")
    parser.add_argument("--seed", type=int, default=1, help="another number, other files")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--loaded", type=float, default=1.0, help="share that is loaded, not only read")
    parser.add_argument("--measured", type=float, default=0.02, help="share that is measured as well")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "supportkpi-fuzzing")
    return parser.parse_args()


def _keep(found: tuple[int, str, str, bytes], tally: Tally, out: Path) -> None:
    number, fault, trace, short = found
    tally.faults[fault] += 1
    if tally.faults[fault] > 1:
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{number}.bin").write_bytes(short)
    (out / f"{number}.txt").write_text(f"{fault}\n\n{trace}\n{short[:2000]!r}\n")
    print(f"\n{fault}\n  {out / f'{number}.bin'}", flush=True)


@dataclass(slots=True)
class Desk:
    """A process and the file that it is at."""

    process: multiprocessing.process.BaseProcess
    pipe: Connection
    block: tuple[int, int]
    number: int
    since: float


def _start(asked: argparse.Namespace, block: tuple[int, int]) -> Desk:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(there, asked), daemon=True)
    process.start()
    there.close()
    here.send(block)
    return Desk(process=process, pipe=here, block=block, number=block[0], since=time.monotonic())


def _hear(desk: Desk, tally: Tally, out: Path) -> bool:
    """Take what a process says; True when its block is done. Raises EOFError when it has died."""
    desk.since = time.monotonic()
    kind, said = desk.pipe.recv()
    if kind == "at":
        desk.number = said
        tally.done += 1
    elif kind == "fault":
        _keep(said, tally, out)
    else:
        tally.reached.update(said)
    return bool(kind == "done")


def main() -> int:
    """Run it; 1 when anything was found."""
    asked = _options()
    last = asked.first + asked.count
    blocks = iter([(at, min(at + BLOCK, last)) for at in range(asked.first, last, BLOCK)])
    tally, begun, shown = Tally(), time.monotonic(), 0.0
    desks = [_start(asked, block) for _, block in zip(range(asked.processes), blocks, strict=False)]
    while desks:
        ready = wait([desk.pipe for desk in desks], timeout=1.0)
        for desk in list(desks):
            rest: tuple[int, int] | None = None
            try:
                if desk.pipe in ready and _hear(desk, tally, asked.out):
                    rest = next(blocks, None)
                    desk.pipe.send(rest)
                    desk.block = rest or desk.block
                elif time.monotonic() - desk.since > STUCK_S:
                    desk.process.kill()
                    raise TimeoutError
                else:
                    continue
            except (EOFError, OSError) as lost:
                what = "hangs" if isinstance(lost, TimeoutError) else "kills the process"
                _keep((desk.number, f"{what}: file {desk.number} of seed {asked.seed}", "", b""), tally, asked.out)
                tally.lost += 1
                if tally.lost > LOST:
                    raise
                left = (desk.number + 1, desk.block[1])
                rest = left if left[0] < left[1] else next(blocks, None)
                desks.remove(desk)
                if rest is not None:
                    desks.append(_start(asked, rest))
                continue
            if rest is None:
                desks.remove(desk)
        if time.monotonic() - shown > 5 or not desks:
            shown = time.monotonic()
            rate = tally.done / max(shown - begun, 1e-9)
            print(
                f"\r{tally.done:,} of {asked.count:,} files, {rate:,.0f}/s, {dict(tally.reached)}, "
                f"{sum(tally.faults.values()):,} faults of {len(tally.faults)} kinds",
                end="" if desks and sys.stdout.isatty() else "\n",
                flush=True,
            )
    for fault, count in tally.faults.most_common():
        print(f"{count:>7,}  {fault}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

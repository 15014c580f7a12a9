"""What a process of the fuzzer does: it judges the files that it is given the numbers of."""

from __future__ import annotations

import argparse
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection


def work(pipe: Connection, asked: argparse.Namespace) -> None:
    """Judge the blocks that come through the pipe, until nobody listens any more."""
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        _judge(pipe, asked)


def _judge(pipe: Connection, asked: argparse.Namespace) -> None:
    """Judge blocks; say before each file which one it is."""
    from fuzz_judge import Share, judged, made, minimised  # the settings of its libraries come first

    share = Share(loaded=asked.loaded, measured=asked.measured)
    known: set[str] = set()
    while (block := pipe.recv()) is not None:
        reached: Counter[str] = Counter()
        for number in range(*block):
            pipe.send(("at", number))
            data, reading, lot = made(asked.seed, number)
            verdict = judged(data, reading, lot, share)
            if verdict.fault is not None and verdict.fault.startswith("slow"):  # it loaded its libraries
                verdict = judged(data, reading, lot, share)
            reached[verdict.reached] += 1
            if verdict.fault is not None:
                tries = 0 if verdict.fault in known else 10 if verdict.fault.startswith("slow") else 300
                short = minimised(data, reading, verdict.fault, tries)
                known.add(verdict.fault)
                pipe.send(("fault", (number, verdict.fault, f"{reading}\n\n{verdict.trace}", short)))
        pipe.send(("done", reached))

"""A few hundred of the files of ``python tests/fuzzing``; many more with SUPPORTKPI_LONG."""

from __future__ import annotations

import os
import random

import pytest
from fuzz_judge import Share, Verdict, judged, made, minimised
from fuzz_material import as_csv, made_rows, seed
from fuzz_mutations import BYTES, MEANING, mutated

from supportkpi import loaders
from supportkpi.decisions import Reading
from supportkpi.errors import KpiError

LONG = "SUPPORTKPI_LONG" in os.environ
EVERYTHING = Share(loaded=1.0, measured=1.0)


@pytest.mark.parametrize("block", range(10 if LONG else 4))
def test_nothing_comes_of_a_mutated_file_but_a_result_or_an_error(block: int) -> None:
    share = Share(loaded=0.1, measured=0.01)
    for number in range(block * 100, block * 100 + 100):
        data, reading, lot = made(2026, number)
        verdict = judged(data, reading, lot, share)
        if verdict.fault is not None and not verdict.fault.startswith("slow"):  # the suite runs on busy machines
            pytest.fail(f"file {number}: {verdict.fault}\n{verdict.trace}\n{data!r}")


def test_the_same_seed_makes_the_same_files() -> None:
    assert [made(5, number) for number in range(20)] == [made(5, number) for number in range(20)]
    assert len({made(5, number)[0] for number in range(50)}) > 45


def test_every_mutation_changes_something() -> None:
    luck = random.Random(1)
    for mutate in (*BYTES, *MEANING):
        plain = as_csv(made_rows(luck))
        assert any(mutate(plain, luck) != plain for _ in range(20)), mutate.__name__
    assert mutated(seed(luck), luck)


def test_faults_are_found_and_made_short(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(name: str, reading: Reading, given: bytes) -> list[loaders.Table]:
        if b"Boom" in given:
            raise ZeroDivisionError
        raise KpiError("an error of ours")

    monkeypatch.setattr(loaders, "read", breaks)
    found = judged(b"id,Boom\n1,2\n" * 9, Reading(), 0.0, EVERYTHING)
    assert found.reached == "refused"
    assert found.fault is not None
    assert found.fault.startswith("ZeroDivisionError")
    assert minimised(b"id,Boom\n1,2\n", Reading(), found.fault, 200) == b"Boom"
    nameless = judged(b"id\n", Reading(), 0.0, EVERYTHING)
    assert nameless == Verdict(reached="refused", fault="an error without slug or message")

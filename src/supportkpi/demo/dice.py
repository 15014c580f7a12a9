"""Seeded chance that is the same on every machine: one generator, plain arithmetic, no logarithms."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TypeVar

T = TypeVar("T")

_SHAPE = ((0.0, 0.05), (0.1, 0.25), (0.25, 0.5), (0.5, 1.0), (0.75, 2.0), (0.9, 4.2), (0.97, 8.0), (1.0, 18.0))
"""How spans of support work are spread: a share of them, and how many medians they last at most."""


class Dice:
    """Chance. Only ``random()`` of Python's generator is used: of it alone every version promises the same numbers."""

    def __init__(self, seed: int) -> None:
        self._roll = random.Random(seed).random  # noqa: S311 - made-up tickets need no secret

    def chance(self, share: float) -> bool:
        """True in that share of the throws."""
        return self._roll() < share

    def below(self, most: int) -> int:
        """A whole number from 0 to one less than ``most``."""
        return int(self._roll() * most)

    def one_of(self, shares: Mapping[str, float]) -> str:
        """A name, as often as its share of all shares."""
        left = self._roll() * sum(shares.values())
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return list(shares)[-1]

    def pick(self, things: Sequence[T]) -> T:
        """One of several things, all alike."""
        return things[self.below(len(things))]

    def place(self, heights: Sequence[float]) -> int:
        """A place in a list of running totals, as often as it adds to them (``totals``)."""
        return min(bisect_right(heights, self._roll() * heights[-1]), len(heights) - 1)

    def minutes(self, median: float) -> int:
        """A span with that median and a long tail, a minute at least."""
        share = self._roll()
        for (low, start), (high, end) in pairwise(_SHAPE):
            if share <= high:
                return max(1, int(median * (start + (end - start) * (share - low) / (high - low)) + 0.5))
        return max(1, int(median * _SHAPE[-1][1]))


def totals(weights: Sequence[float]) -> list[float]:
    """Running totals of weights, for ``Dice.place``."""
    return list(accumulate(weights))

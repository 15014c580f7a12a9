"""Rating scales: their bounds, and from which score on an answer counts as satisfied (method 2.4)."""

from __future__ import annotations

from dataclasses import dataclass

from supportkpi.errors import ConfigValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A closed rating scale; ``satisfied_from`` None means that the source does not settle it and the user must."""

    name: str
    low: float
    high: float
    satisfied_from: float | None

    def dissatisfied_to(self, satisfied_from: float) -> float:
        """The highest score that counts as dissatisfied: the mirror image of the satisfied end, never inside it."""
        return min(self.low + (self.high - satisfied_from), satisfied_from - 1)


_SATISFIED: dict[str, float | None] = {
    "binary": 1,
    "1-2": 2,
    "1-3": None,  # bad / good / excellent and bad / neutral / good differ: ask
    "1-4": 3,
    "1-5": 4,
    "1-7": 6,
    "1-10": 9,
    "0-10": 9,
    "0-100": None,  # a percentage is the user's own convention: ask
}


def scale(name: str) -> Scale:
    """The scale called ``binary`` (0 bad, 1 good) or ``LOW-HIGH``.

    Raises:
        ConfigValue: the text is no scale.
    """
    if name == "binary":
        return Scale(name=name, low=0, high=1, satisfied_from=1)
    low, dash, high = name.partition("-")
    if not dash or not low.isdigit() or not high.isdigit() or int(low) >= int(high):
        raise ConfigValue(f"{name!r} is no rating scale", hint="write binary, 1-5, 1-3, 0-10 or another LOW-HIGH")
    return Scale(name=name, low=float(low), high=float(high), satisfied_from=_SATISFIED.get(name))

"""Texts that users write: safe YAML with line and column, its check against a closed vocabulary, did-you-mean."""

from supportkpi.texts.checking import Number, Text, in_place, refused, validate
from supportkpi.texts.reading import CONFIG, MAPPING, Faults, Node, Plain, Scalar, load
from supportkpi.texts.words import meant, nearest

__all__ = [
    "CONFIG",
    "MAPPING",
    "Faults",
    "Node",
    "Number",
    "Plain",
    "Scalar",
    "Text",
    "in_place",
    "load",
    "meant",
    "nearest",
    "refused",
    "validate",
]

"""Reporters of receipts, one module a format."""

from collections.abc import Sequence

from supportkpi.receipts import Receipt
from supportkpi.reporters._shelf import Shelf

RECEIPTS: Shelf[Sequence[Receipt]] = Shelf(__name__, "explain")

"""Did you mean: the word nearest to one that is not known."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant, whatever its case, spaces, hyphens, underscores; None if none is near."""
    folded = {_folded(candidate): candidate for candidate in candidates}
    key = _folded(word)
    if key in folded:
        return folded[key]
    near = difflib.get_close_matches(key, folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def meant(word: str, candidates: Iterable[str]) -> str | None:
    """``did you mean X?`` as a hint, None where no candidate is near."""
    near = nearest(word, candidates)
    return f"did you mean {near}?" if near is not None else None


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", word[:100]).casefold())

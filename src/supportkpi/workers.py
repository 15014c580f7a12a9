"""Threads for works that do not need one another: what polars does with one column leaves cores idle."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

_MOST = 4
"""More threads than this wait for Python's lock, and each holds frames of its own."""


def workers() -> ThreadPoolExecutor:
    """A pool of as many threads as there are cores, four at most; a work may have a pool of its own."""
    return ThreadPoolExecutor(max_workers=min(_MOST, os.cpu_count() or 1))

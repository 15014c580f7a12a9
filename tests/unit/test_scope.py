"""What several KPIs of a run share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import RLock
from time import sleep
from types import SimpleNamespace

from supportkpi.engine.grouping.scope import Scope


def test_what_kpis_share_is_made_once_however_many_ask_for_it_at_a_time() -> None:
    """Of two frames with their rows in two orders, groups of one would be laid over the other."""
    shared, made = SimpleNamespace(memo={}, _lock=RLock()), []

    def make() -> object:
        made.append("frame")
        sleep(0.02)
        return object()

    with ThreadPoolExecutor(max_workers=8) as pool:
        found = list(pool.map(lambda _: Scope.once(shared, "answers", make), range(8)))  # type: ignore[arg-type]
    assert made == ["frame"]
    assert all(one is found[0] for one in found)

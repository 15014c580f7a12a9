"""Samples for quality: the order of the hashes, strata, weights, and the score of a review."""

from __future__ import annotations

import polars as pl
import pytest

from supportkpi.engine.lists.sample import sampled, scored, weighted

IDS = ["1001", "1002", "1003", "1004", "1005", "1006"]
BY_HASH = ["1004", "1003", "1002", "1006", "1001", "1005"]
"""The ids in the order of ``printf 42$id | sha256sum``."""


def drawn(ids: list[str], take: int, labels: list[str] | None = None, seed: int = 42) -> pl.DataFrame:
    tickets = pl.DataFrame({"ticket_id": ids})
    found, _ = sampled(tickets, pl.Series(labels or [""] * len(ids)), take=take, seed=seed)
    return found


def test_a_sample_is_the_first_ids_by_hash():
    assert drawn(IDS, 6)["ticket_id"].to_list() == BY_HASH
    assert drawn(IDS, 3)["ticket_id"].to_list() == BY_HASH[:3]
    assert drawn(IDS[::-1], 3)["ticket_id"].to_list() == BY_HASH[:3]
    assert drawn(IDS, 6, seed=7)["ticket_id"].to_list() != BY_HASH


def test_a_ticket_that_is_added_pushes_at_most_one_out():
    before, after = set(drawn(IDS, 3)["ticket_id"]), set(drawn([*IDS, "1007"], 3)["ticket_id"])
    assert len(before & after) >= 2


def test_every_stratum_gives_as_many_and_says_what_each_ticket_stands_for():
    found, strata = sampled(
        pl.DataFrame({"ticket_id": IDS}), pl.Series(["a", "a", "a", "a", "b", "c"]), take=2, seed=42
    )
    assert [(s.label, s.size, s.taken) for s in strata] == [("a", 4, 2), ("b", 1, 1), ("c", 1, 1)]
    assert found["ticket_id"].to_list() == ["1004", "1003", "1005", "1006"]
    assert found["fraction"].to_list() == [0.5, 0.5, 1.0, 1.0]
    assert found["weight"].to_list() == [2.0, 2.0, 1.0, 1.0]


def test_nothing_gives_nothing():
    assert drawn([], 3).is_empty()


@pytest.mark.parametrize(
    ("points", "possible", "score", "answered"),
    [
        ([1, 1, 0, None], 1, 2 / 3, 3),
        ([2, 1, 0], 2, 0.5, 3),
        ([0, 0], 1, 0.0, 2),
        ([None, None], 1, None, 0),
        ([], 1, None, 0),
    ],
)
def test_what_does_not_apply_leaves_both_sides(points, possible, score, answered):
    found = scored(points, possible=possible)
    assert (found.score, found.answered) == (score, answered)


def test_a_team_is_weighed_by_what_each_ticket_stands_for():
    assert weighted([1.0, 0.5, None], [1, 3, 100]) == 0.625
    assert weighted([None], [1]) is None

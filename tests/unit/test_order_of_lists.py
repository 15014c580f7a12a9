"""Which end of a list of messages or changes is the older one, by dates in the looks of many systems."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.loaders.nested._values import chronological, moment
from supportkpi.schema import log

OLDER_NEWER = [
    ("Thu, 09 Oct 2025 12:00:00 +0300", "Fri, 10 Oct 2025 12:00:00 +0300"),
    ("Sun, 26 Oct 2025 02:30:00 +0300", "Sun, 26 Oct 2025 02:10:00 +0200"),
    ("31.12.2025 23:59", "01.01.2026 00:10"),
    ("23:59:00 31.12.2025", "00:10:00 01.01.2026"),
    ("2025-12-31 23:59:00", "2026-01-01 00:10:00"),
    ("2025-10-26T02:30:00+03:00", "2025-10-26T00:10:00Z"),
    ("2025-10-26T02:30:00.000+0300", "2025-10-26T03:10:00.000+0300"),
    (999_999_999, 1_000_000_000),
    ("999999999", "1000000000"),
]


@pytest.mark.parametrize(("older", "newer"), OLDER_NEWER)
def test_the_older_end_of_a_list_comes_first(older: object, newer: object) -> None:
    expected = [{"at": older}, {"at": newer}]
    assert chronological(list(expected), "at") == expected
    assert chronological(expected[::-1], "at") == expected


@pytest.mark.parametrize("written", ["03/04/2026 10:00", "yesterday", None, True, {"at": 1}])
def test_a_look_whose_order_nobody_knows_leaves_a_list_as_it_is(written: object) -> None:
    assert moment(written) is None
    told = [{"at": written}, {"at": "02/04/2026 10:00"}]
    assert chronological(told, "at") == told


def test_changes_in_files_of_their_own_are_told_in_the_order_of_their_days() -> None:
    """A changelog of Omnidesk a case, with weekdays before the dates: "Fri" is no earlier than "Thu"."""
    case = {"case_id": 1, "case_number": "1-1", "user_id": 9, "staff_id": 5, "group_id": 2, "status": "closed"}
    case |= {"created_at": "Wed, 08 Oct 2025 09:00:00 +0300", "updated_at": "Fri, 10 Oct 2025 10:00:00 +0300"}
    changes = [("Thu, 09", "open", "waiting"), ("Fri, 10", "waiting", "closed")]
    told = [
        {"case_id": 1, "event": "status", "old_value": old, "value": new, "done_by": "staff_5", "created_at": at}
        for day, old, new in changes
        for at in [f"{day} Oct 2025 10:00:00 +0300"]
    ]
    files = {"cases.json": {"0": {"case": case}, "total_count": 1}, "b.json": told[:1], "a.json": told[1:]}
    data = pipeline.load_held({name: json.dumps(one).encode() for name, one in files.items()})
    events = log(data).collect().sort("at", "seq")
    assert [value for kind, value in events.select("kind", "value").rows() if kind == "status"] == [
        *("open", "pending", "closed")
    ]

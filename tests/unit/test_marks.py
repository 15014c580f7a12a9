"""Verdict signs in breakdowns and on the scorecard: on the statistic that was judged; plain counts are in no doubt."""

import re
from pathlib import Path

import pytest

import supportkpi as sk
from supportkpi.report import Report

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "zendesk.csv"


@pytest.fixture(scope="module")
def data() -> sk.Dataset:
    return sk.load(str(EXAMPLE))


def report(data: sk.Dataset, **targets: str) -> Report:
    wanted = {key.replace("__", "."): value for key, value in targets.items()}
    return sk.measure(data, settings=sk.settings({"targets": wanted}), by=["priority"], detail=False)


def table(found: Report) -> list[str]:
    """The lines of the breakdown."""
    return str(sk.render(found, width=400)).partition("By priority")[2].splitlines()[1:7]


def cells(found: Report, column: str) -> list[str]:
    """The values below a title, total first; its column ends where the title does, two places on for the sign."""
    head, *rows = table(found)
    end = head.index(column) + len(column)
    return [re.split(r"  +", row[: end + 2].rstrip())[-1].strip() for row in rows[:5]]


def test_groups_carry_the_sign_of_the_median_that_they_are_judged_on(data: sk.Dataset) -> None:
    found = report(data, first_response_time="2h", resolution_time="3d")
    for kpi in ("first_response_time", "resolution_time"):
        verdicts = {}
        for row in found.cells:
            if (row.kpi, row.clock) == (kpi, "calendar") and row.target is not None:
                verdicts[row.group.get("priority")] = (row.stat, row.verdict)
        both = kpi == "first_response_time"  # some of its groups wait for nothing and are judged on the plain median
        assert {stat for stat, _ in verdicts.values()} == ({"median", "km_median"} if both else {"km_median"})
        shown = cells(found, {"first_response_time": "FRT open incl.", "resolution_time": " RT open incl."}[kpi])
        wanted = [verdicts[group][1] for group in (None, "urgent", "high", "normal", "low")]
        assert [{"✓": "met", "✗": "missed"}[cell[-1]] for cell in shown] == wanted


def test_a_target_on_another_statistic_has_a_column_of_its_own(data: sk.Dataset) -> None:
    head = table(report(data, first_response_time__p90="1d"))[0]
    assert "FRT median" in head
    assert "FRT p90" in head
    assert "✓" in " ".join(cells(report(data, first_response_time__p90="1d"), "FRT p90"))
    assert "FRT p90" not in table(report(data, first_response_time__median="1d"))[0]


def test_a_count_of_tickets_is_judged_however_small_and_is_never_in_doubt(data: sk.Dataset) -> None:
    found = report(data, backlog="<= 3")
    assert cells(found, "Backlog") == ["22 ✗", "1 ✓", "3 ✓", "10 ✗", "8 ✗"]
    page = str(sk.render(found))
    assert re.search(r"Open tickets +≤ 3 +22 +22 +– +✗ missed\n", page)
    assert "chance" not in page


def test_a_doubt_without_a_range_says_that_there_is_none(data: sk.Dataset) -> None:
    assert "or there is none" in str(sk.render(report(data, first_response_time__mean="5h")))
    assert "or there is none" not in str(sk.render(report(data, csat="75%")))
    assert "lies within the likely range: chance" in str(sk.render(report(data, csat="75%")))


def test_a_net_share_of_too_few_is_no_value_and_no_count_twice(data: sk.Dataset) -> None:
    urgent = cells(report(data, csat__net="20"), "CSAT net")[1]
    assert urgent == "–"

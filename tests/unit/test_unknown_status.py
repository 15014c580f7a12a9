"""Status words that nobody mapped: what they hide is said, and never counted as nought."""

from pathlib import Path

import pytest

import supportkpi as sk
from supportkpi.decisions import Reading
from supportkpi.report import Report, State

HEADER = "id,created,solved,status,priority"
SOLVED = "{n},2026-03-0{n} 10:00,2026-03-0{n} 12:00,{word},high"
OPEN = "{n},2026-03-0{n} 10:00,,{word},high"


def report(tmp_path: Path, *rows: str, **options: object) -> Report:
    export = tmp_path / "codes.csv"
    export.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return sk.measure(sk.load(str(export), reading=Reading(**options)), by=["priority"])  # type: ignore[arg-type]


def words(*kinds: tuple[str, str]) -> list[str]:
    return [kind.format(n=number, word=word) for number, (kind, word) in enumerate(kinds, 1)]


def test_codes_without_dates_of_a_solution_show_neither_solved_nor_open(tmp_path: Path) -> None:
    rows = [row.replace(",,", ",n/a,") for row in words((OPEN, "Q1"), (OPEN, "Q2"), (OPEN, "Q7"))]
    found = report(tmp_path, *rows)
    for kpi in ("tickets_solved", "backlog", "backlog_age"):
        row = found.get(kpi)
        assert (row.state, row.value) == (State.not_observed, None)
        assert "name them under statuses in the config" in str(row.reason)


def test_where_none_is_known_to_be_open_the_backlog_is_not_nought(tmp_path: Path) -> None:
    rows = words((SOLVED, "Q1"), (OPEN, "Q2"), (OPEN, "Q2"))
    found = report(tmp_path, *rows)
    for row in (found.get("backlog"), found.get("backlog", priority="high"), found.get("backlog", "days_of_work")):
        assert (row.state, row.value, row.counts["status_unknown"]) == (State.empty, None, 2)
    assert "which tickets are open is not known" in str(sk.render(found))
    told = report(tmp_path, *rows, statuses={"Q2": "pending"})
    assert told.get("backlog").value == 2
    assert report(tmp_path, *rows, statuses={"Q2": "closed"}).get("backlog").value == 0


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_backlog_says_how_many_it_cannot_tell(tmp_path: Path, form: str) -> None:
    found = report(tmp_path, *words((SOLVED, "solved"), (OPEN, "open"), (OPEN, "Q2"), (OPEN, "Q2")))
    assert (found.get("backlog").value, found.get("backlog").counts) == (1, {"status_unknown": 2})
    lines = [line for line in str(sk.render(found, form)).splitlines() if "2 of unknown status" in line]
    assert len(lines) == 2


def test_a_file_of_answers_counts_no_tickets(tmp_path: Path) -> None:
    export = tmp_path / "nps.csv"
    rows = [f"c{number},2026-03-0{number % 9 + 1} 10:00,{number % 11}" for number in range(40)]
    export.write_text("\n".join(["Respondent,Date,NPS", *rows]), encoding="utf-8")
    for period in (None, "2026-03"):
        found = sk.measure(sk.load(str(export)), period=period)
        assert found.get("nps").n == 40
        assert (found.get("tickets_created").state, found.get("tickets_created").value) == (State.not_observed, None)


def test_each_reason_is_told_once(tmp_path: Path) -> None:
    export = tmp_path / "created.csv"
    export.write_text("Ticket ID,Created\n1,2026-03-01 10:00\n2,2026-03-02 10:00\n", encoding="utf-8")
    found = sk.measure(sk.load(str(export)))
    reason = found.get("first_contact_resolution").reason
    assert reason is not None
    assert {"needs every reply: export the messages too", "no status and no date of the solution"} < set(reason)
    told = "; ".join(reason).split("; ")
    assert len(set(told)) == len(told)
    assert told.count("no date of the solution") == 0

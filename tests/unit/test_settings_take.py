"""Settings take effect where they are read: labels, thresholds, and facts that keep what they were folded under."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.decisions import Reading
from supportkpi.errors import OptionWrong
from supportkpi.report import Report, State

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
OFFICE = {"calendar": "o", "calendars": {"o": {"hours": {"mon-fri": ["09:00-18:00"]}}}}


def data() -> sk.Dataset:
    events = pl.DataFrame({"ticket_id": ["1"], "at": [AT], "kind": ["created"], "actor": ["customer"]})
    surveys = pl.DataFrame({"instrument": ["csat"] * 6, "score": [1.0] * 4 + [0.0] * 2, "scale": ["binary"] * 6})
    return sk.dataset(events=events, surveys=surveys)


def report(**sections: object) -> Report:
    return sk.measure(data(), settings=sk.settings(sections), kpis=["csat", "first_response_time"])


def test_a_label_is_the_name_of_a_kpi_wherever_it_is_shown_but_no_definition_of_it() -> None:
    name = "Zufriedenheit der Kundinnen und Kunden insgesamt"
    labelled = report(labels={"csat": name})
    for form in ("table", "markdown"):
        page = sk.render(labelled, form, full=True, width=120)
        assert name in str(page)
        assert "CSAT" not in str(page).replace("csat", "")
    assert labelled.method.fingerprint == report().method.fingerprint
    assert labelled.rows.equals(report().rows)


def test_a_threshold_off_the_scale_of_the_answers_asks_instead_of_giving_nought() -> None:
    row = report(csat={"satisfied_from": 3}).get("csat")
    assert (row.state, row.value) == (State.needs_answer, None)
    assert row.reason == (
        "csat: {satisfied_from: 3} is no score above 0 up to 1, and the ratings are on the scale binary: "
        "leave it out of the config",
    )
    assert report(csat={"satisfied_from": 1}).get("csat").x == 4


def test_facts_are_measured_under_the_settings_that_they_were_folded_under() -> None:
    facts = sk.fold(data(), sk.settings(OFFICE))
    assert sk.measure(facts).method.calendar == "o"
    assert sk.measure(facts, settings=sk.settings(OFFICE | {"targets": {"csat": "90%"}})).get("csat").target
    with pytest.raises(OptionWrong, match="folded under other settings"):
        sk.measure(facts, settings=sk.Settings())


def test_words_of_a_mapping_keep_their_scale_whatever_scale_is_asked_for(tmp_path: Path) -> None:
    rows = [f"{number},2026-03-02 10:00,{'Good' if number % 4 else 'Bad'}" for number in range(40)]
    columns = "{ticket_id: [Id], created_at: [Created at]}"
    (tmp_path / "own.yaml").write_text(
        "id: own\ntitle: Own\nrecognise: {all: [Id, Created at, Mark]}\nrows: ticket\n"
        f"columns: {columns}\nratings: {{csat: {{column: [Mark], scale: binary, answers: {{good: 1, bad: 0}}}}}}\n"
    )
    export = tmp_path / "own.csv"
    export.write_text("\n".join(["Id,Created at,Mark", *rows]))
    for asked in (None, "1-5"):
        reading = Reading(mapping=str(tmp_path / "own.yaml"), csat_scale=asked)
        found = sk.measure(sk.load(str(export), reading=reading), settings=sk.settings({"csat": {"scale": "1-5"}}))
        assert (found.get("csat").x, found.get("csat").n) == (30, 40)
        said = "Mark: the answers are words of the scale binary, not of 1-5"
        assert (said in found.method.assumptions) == (asked is not None)


def test_one_text_is_one_breakdown_one_filter_and_one_kpi() -> None:
    events = pl.DataFrame({"ticket_id": ["1", "2"], "at": [AT, AT], "kind": ["created", "created"]})
    tickets = pl.DataFrame({"ticket_id": ["1", "2"], "priority": ["high", "low"]})
    found = sk.measure(
        sk.dataset(events=events, tickets=tickets), by="priority", where="priority=high", kpis="tickets_created"
    )
    assert [(dict(row.group), row.n) for row in found.cells] == [({}, 1), ({"priority": "high"}, 1)]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (None, ()),
        (AT, ()),
        (AT.replace(day=1), ("columns of the tickets (status, priority, group) are those of the export, later than",)),
        (
            AT.replace(day=9),
            ("nothing is known after 2026-03-02 10:00 UTC: what was open then is taken as open until",),
        ),
    ],
)
def test_an_as_of_beside_the_export_says_what_it_takes_for_granted(as_of: datetime | None, said: tuple[str]) -> None:
    notes = sk.measure(data(), settings=sk.Settings(as_of=as_of)).method.assumptions
    assert len(notes) == len(said)
    assert all(note.startswith(start) for note, start in zip(notes, said, strict=True))

"""Facts as a folder: a report that starts there is the report of the exports, and only under the same settings."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from supportkpi import canonical, clocks
from supportkpi.decisions import Settings
from supportkpi.errors import DatasetBroken, OptionWrong, OutputFailed
from supportkpi.facts import Facts
from supportkpi.pipeline import check_output, convert, convert_facts, fold, load, measure, settings, started
from supportkpi.report import Report, Row
from supportkpi.schema import Dataset

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
EXPORTS = sorted(path for path in GOLDEN.glob("*/export.*"))
_FEW = ("chatwoot_json", "freshdesk", "github_issues", "jira_json", "nicereply", "servicenow_log", "zendesk_json")
EXPORTS = [path for path in EXPORTS if os.environ.get("SUPPORTKPI_LONG") or path.parent.name in _FEW]
FORMS = list(canonical.FORMS)
ZENDESK = GOLDEN / "zendesk_json" / "export.json"
RULES = {
    "timezone": "Europe/Berlin",
    "calendar": "office",
    "calendars": {"office": {"hours": {"mon-fri": ["09:00-18:00"]}}},
    "sla": [
        {
            "calendar": "office",
            "pause_on": ["pending", "hold"],
            "rules": [{"first_response": "4h", "next_response": "2h", "resolution": "3bd", "update": "1bd"}],
        }
    ],
}


def decided(**other: object) -> Settings:
    return settings({**RULES, **other})


def told(report: Report) -> tuple[object, ...]:
    return report.cells, report.series, report.findings, report.ledger, report.method


@cache
def zendesk() -> Dataset:
    """The export that most of the tests start from, read once."""
    return load(str(ZENDESK))


@cache
def cells_of_zendesk() -> tuple[Row, ...]:
    return measure(zendesk(), settings=decided(), detail=False).cells


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.parent.name)
def test_a_report_from_facts_is_the_report_of_the_export(path: Path, tmp_path: Path) -> None:
    under, form = decided(), FORMS[EXPORTS.index(path) % len(FORMS)]
    export = load(str(path))
    convert_facts(export, str(tmp_path / "there"), settings=under, form=form, clocks=True)
    data = load(str(tmp_path / "there"))
    start = started([str(tmp_path / "there")], data, under)
    assert isinstance(start.data, Facts)
    one = ["agent" if EXPORTS.index(path) % 2 else "month"]
    every = ["priority", ["agent", "month"]] if os.environ.get("SUPPORTKPI_LONG") else one
    asked = {"settings": under, "by": every}
    assert told(measure(start.data, **asked)) == told(measure(export, **asked))  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
def test_every_frame_comes_back_as_it_was_folded(form: str, tmp_path: Path) -> None:
    under = decided()
    facts = fold(zendesk(), under)
    names = convert_facts(facts, str(tmp_path / "there"), settings=under, form=form)
    assert set(names) == {
        *(f"{name}.{form}" for name in ("tickets", "intervals", "waits", "surveys")),
        "facts.json",
        *(f"dataset/{name}.{form}" for name in ("tickets", "events", "surveys")),
        "dataset/dataset.json",
    }
    back = started([str(tmp_path / "there")], load(str(tmp_path / "there")), under).data
    assert isinstance(back, Facts)
    for name in ("tickets", "waits", "surveys"):
        assert getattr(back, name).equals(getattr(facts, name)), name
        assert getattr(back, name).schema == getattr(facts, name).schema
    assert back.intervals.with_columns(pl.col("raw").cast(pl.String)).equals(
        facts.intervals.with_columns(pl.col("raw").cast(pl.String))
    )
    for name in ("unobserved", "as_of", "calendar", "attribution", "assumptions", "observes", "cut"):
        assert getattr(back, name) == getattr(facts, name), name


def test_the_ledger_is_every_clock(tmp_path: Path) -> None:
    under = decided()
    facts = fold(zendesk(), under)
    convert_facts(facts, str(tmp_path / "there"), settings=under, clocks=True)
    assert under.sla is not None
    wanted = clocks.ledger(facts, under.sla).drop("row")
    assert wanted.height
    assert pl.read_parquet(tmp_path / "there" / "clocks.parquet").equals(wanted)


def test_clocks_need_limits_or_those_of_the_export(tmp_path: Path) -> None:
    with pytest.raises(OptionWrong, match="there are no clocks"):
        convert_facts(zendesk(), str(tmp_path / "there"), settings=Settings(), clocks=True)
    assert not (tmp_path / "there").exists()
    own = load(str(GOLDEN / "jira_json" / "export.json"))
    convert_facts(own, str(tmp_path / "own"), settings=Settings(), clocks=True)
    assert pl.read_parquet(tmp_path / "own" / "clocks.parquet").height


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"timezone": "Asia/Tokyo"}, 'timezone (--tz): "Europe/Berlin" then, "Asia/Tokyo" now'),
        ({"repeats": {"window_days": 14}}, "repeats.window_days: 7 then, 14 now"),
        ({"calendars": {"office": {"hours": {"mon-fri": ["10:00-18:00"]}}}}, "working hours (--hours"),
        ({"sla": [{"rules": [{"first_response": "5h"}]}]}, "service levels (--sla, sla:)"),
    ],
)
def test_other_settings_are_refused_and_named(other: dict[str, object], said: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "there")
    convert_facts(zendesk(), folder, settings=decided())
    with pytest.raises(OptionWrong) as refused:
        started([folder], load(folder), decided(**other))
    assert said in refused.value.message
    others = [part for part in ("timezone", "repeats", "working hours", "service levels") if part not in said]
    assert not [part for part in others if part in refused.value.message], "what follows from it is not told"


def test_settings_that_decide_no_number_may_differ(tmp_path: Path) -> None:
    folder = str(tmp_path / "there")
    convert_facts(zendesk(), folder, settings=decided())
    start = started([folder], load(folder), decided(targets={"csat": ">= 90%"}, labels={"csat": "Happy"}))
    assert isinstance(start.data, Facts)


def test_the_instant_of_the_facts_holds_and_no_other(tmp_path: Path) -> None:
    folder, at = str(tmp_path / "there"), datetime(2026, 3, 4, tzinfo=UTC)
    convert_facts(zendesk(), folder, settings=settings_at(at))
    assert started([folder], load(folder), decided()).settings.as_of == at
    assert started([folder], load(folder), settings_at(at)).settings.as_of == at
    with pytest.raises(OptionWrong, match="were folded as of 2026-03-04"):
        started([folder], load(folder), settings_at(datetime(2026, 3, 5, tzinfo=UTC)))


def settings_at(at: datetime) -> Settings:
    return replace(decided(), as_of=at)


def zipped(folder: Path, *, inside: str = "") -> Path:
    made = folder.with_suffix(".zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{inside}{path.relative_to(folder)}")
    return made


@pytest.mark.parametrize(("facts", "inside"), [(True, ""), (True, "a/b/"), (False, ""), (False, "canonical/")])
def test_a_zipped_folder_is_known_as_one(facts: bool, inside: str, tmp_path: Path) -> None:
    folder, data = tmp_path / "there", zendesk()
    if facts:
        convert_facts(data, str(folder), settings=decided(), form="csv")
    else:
        convert(data, str(folder), form="csv")
    packed = zipped(folder, inside=inside)
    shutil.rmtree(folder)
    assert canonical.held(str(packed)) == ("facts" if facts else "dataset")
    start = started([str(packed)], load(str(packed)), decided())
    assert isinstance(start.data, Facts) is facts
    assert measure(start.data, settings=start.settings, detail=False).cells == cells_of_zendesk()


def test_a_zipped_export_is_none(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text('{"tickets": []}')
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.write(tmp_path / "dataset.json", "dataset.json")
    (tmp_path / "not.zip").write_bytes(b"PK\x03\x04 broken")
    assert canonical.held(str(tmp_path / "e.zip")) is None
    assert canonical.held(str(tmp_path / "not.zip")) is None


def test_a_zipped_folder_with_names_that_lead_out_writes_nothing_there(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "there"
    convert(zendesk(), str(folder), form="csv")
    packed = zipped(folder)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("../out.csv", "x")
        archive.writestr("dataset/../../out.csv", "x")
    assert load(str(packed)).tickets.height
    assert not list(tmp_path.rglob("out.csv"))


@pytest.mark.parametrize(
    "name", ["facts.json", "tickets.csv", "waits.csv", "dataset/dataset.json", "dataset/events.csv"]
)
def test_a_folder_of_facts_that_lacks_a_file_is_broken(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    convert_facts(zendesk(), str(folder), settings=decided(), form="csv")
    (folder / name).write_bytes((folder / name).read_bytes()[:50])
    with pytest.raises(DatasetBroken):
        started([str(folder)], load(str(folder)), decided())


def test_a_later_version_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    convert_facts(zendesk(), str(folder), settings=decided())
    told = json.loads((folder / "facts.json").read_text())
    (folder / "facts.json").write_text(json.dumps(told | {"format_version": 9}, indent=1))
    with pytest.raises(DatasetBroken, match="the folder has format 9"):
        started([str(folder)], load(str(folder)), decided())


def test_a_folder_with_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    folder, data = tmp_path / "there", zendesk()
    convert_facts(data, str(folder), settings=decided())
    convert(data, str(folder), form="csv")  # of facts a dataset again
    assert not (folder / "facts.json").exists()
    (folder / "report.html").write_text("mine")
    for write in (lambda: convert(data, str(folder)), lambda: check_output(str(folder), form="csv")):
        with pytest.raises(OutputFailed, match=r"none of its own: report\.html"):
            write()
    assert (folder / "report.html").read_text() == "mine"


def test_places_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "t.csv").write_text("x")
    with pytest.raises(OptionWrong, match="would lie among the files of"):
        check_output(str(exports / "out"), form="csv", files=[str(exports)])
    with pytest.raises(OptionWrong, match="there is no form"):
        check_output(str(tmp_path / "out"), form="xlsx")
    with pytest.raises(OutputFailed, match="other files in it"):
        check_output(str(exports), form="csv")
    with pytest.raises(OutputFailed, match="is a file"):
        check_output(str(exports / "t.csv"), form="csv")
    with pytest.raises(OutputFailed, match="would lie in it"):
        check_output(str(exports / "t.csv" / "out"), form="csv")
    check_output(str(tmp_path / "a" / "b"), form="csv", files=[str(exports), "-"])
    assert not (tmp_path / "a").exists()

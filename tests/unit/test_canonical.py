"""A dataset written in any form comes back as it was: every frame, type and value, and what is known of its files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from supportkpi import canonical
from supportkpi.decisions import Reading
from supportkpi.errors import DatasetBroken, OptionWrong, OutputFailed, ShapeWrong
from supportkpi.pipeline import convert, dataset, load
from supportkpi.schema import ACTIVITY, SERIES, SURVEYS, TICKETS, Dataset, Log, check

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
EXPORTS = sorted(path for path in GOLDEN.glob("*/export.*"))
FORMS = list(canonical.FORMS)
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def same(one: Dataset, two: Dataset) -> None:
    order = ["ticket_id", "at", "seq", "kind", "value", "raw"]
    assert type(one.history) is type(two.history)
    if isinstance(one.history, Log) and isinstance(two.history, Log):
        assert one.history.frame.collect().sort(order).equals(two.history.frame.collect().sort(order))
    else:
        assert one.history.frame.equals(two.history.frame)
        assert one.history.stamps == two.history.stamps
    for name in ("tickets", "surveys", "series", "activity"):
        left, right = getattr(one, name), getattr(two, name)
        assert left.schema == right.schema
        assert left.equals(right)
    for name in ("observes", "ledger", "rejects", "provenance", "assumptions"):
        assert getattr(one, name) == getattr(two, name)


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.parent.name)
def test_every_kind_of_export_comes_back(path: Path, tmp_path: Path) -> None:
    read, form = load(str(path)), FORMS[EXPORTS.index(path) % len(FORMS)]
    convert(read, str(tmp_path / "there"), form=form)
    same(load(str(tmp_path / "there")), read)


words = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    | st.sampled_from(["", "'", "=1+1", "a\r\nb", '"', "null"])
)
instants = st.none() | st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
@given(st.data(), st.sampled_from(FORMS))
def test_whatever_the_frames_hold_comes_back(tmp_path: Path, data: st.DataObject, form: str) -> None:
    def column(name: str, values: st.SearchStrategy[object], dtype: pl.DataType) -> pl.Series:
        return pl.Series(name, [data.draw(values) for _ in range(3)], dtype=dtype)

    tickets = pl.DataFrame(
        [
            pl.Series("ticket_id", [f"{data.draw(words)}{row}" for row in range(3)]),
            column("observed_until", instants, TICKETS["observed_until"]),
            column("status", st.none() | st.sampled_from(["open", "solved"]), TICKETS["status"]),
            column("eligible", st.none() | st.booleans(), TICKETS["eligible"]),
            column("cost", st.none() | st.decimals(-99, 99, places=4), TICKETS["cost"]),
            column("tags", st.none() | st.lists(words, max_size=2), TICKETS["tags"]),
            column("given_resolution_s", numbers, TICKETS["given_resolution_s"]),
            column("given_reopens", st.none() | st.integers(-(2**63), 2**63 - 1), TICKETS["given_reopens"]),
            column("=Plan, paid", words, pl.String()),
        ]
    )
    surveys = pl.DataFrame(
        {name: column(name, words if dtype == pl.String else st.none(), dtype) for name, dtype in SURVEYS.items()}
    )
    series = pl.DataFrame(
        [("a", date(2026, 1, 1), date(2026, 1, 31), data.draw(numbers), None, "EUR", "chat")],
        dict(SERIES),
        orient="row",
    )
    activity = pl.DataFrame([(data.draw(words), data.draw(instants))], dict(ACTIVITY), orient="row")
    events = pl.DataFrame({"ticket_id": ["x"], "at": [AT], "kind": ["created"], "value": [data.draw(words)]})
    made = check(replace(dataset(events=events, tickets=tickets), surveys=surveys, series=series, activity=activity))
    canonical.write(made, str(tmp_path / "there"), form)
    same(canonical.opened(str(tmp_path / "there")), made)


def small() -> Dataset:
    return dataset(events=pl.DataFrame({"ticket_id": ["1", "2"], "at": [AT, AT], "kind": ["created", "created"]}))


def test_codes_of_a_log_stay_codes(tmp_path: Path) -> None:
    coded = dataset(events=small().history.frame.collect())
    coded = replace(
        coded, history=Log(frame=coded.history.frame.with_columns(pl.col("ticket_id", "value").cast(pl.Categorical)))
    )
    for form in FORMS:
        convert(coded, str(tmp_path / form), form=form)
        same(load(str(tmp_path / form)), coded)


def test_no_spreadsheet_takes_a_value_for_a_formula(tmp_path: Path) -> None:
    tickets = pl.DataFrame({"ticket_id": ["=1", "-2"], "@who": ["+3", "'4"]})
    convert(dataset(events=small().history.frame.collect(), tickets=tickets), str(tmp_path / "there"), form="csv")
    lines = (tmp_path / "there" / "tickets.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:2] for line in lines] == [
        ['"ticket_id"', '"\'@who"'],
        ['"\'=1"', '"\'+3"'],
        ['"\'-2"', "\"''4\""],
    ]


def test_what_was_converted_before_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "there"
    convert(small(), str(place), form="csv")
    convert(small(), str(place), form="parquet")
    assert sorted(path.suffix for path in place.iterdir()) == [".json", ".parquet", ".parquet", ".parquet"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutputFailed, match="other files in it"):
        convert(small(), str(tmp_path / "mine"))
    with pytest.raises(OutputFailed, match="is a file"):
        convert(small(), str(tmp_path / "mine" / "thesis.txt"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "there"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("damage", ["missing", "cut", "changed", "rows"])
def test_a_damaged_folder_is_told(tmp_path: Path, form: str, damage: str) -> None:
    convert(small(), str(tmp_path / "there"), form=form)
    file = tmp_path / "there" / f"tickets.{form}"
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-5])
    elif damage == "changed":
        file.write_bytes(b"\x00\xff what?\n" * 3)
    else:
        manifest = tmp_path / "there" / "dataset.json"
        manifest.write_text(manifest.read_text().replace('"rows": 2', '"rows": 3'))
    with pytest.raises(DatasetBroken, match=r"missing|does not hold|rows"):
        load(str(tmp_path / "there"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"format_version": 1', '"format_version": 2', "format 2"),
        ('"String"', '"Quaternion"', "Quaternion"),
        ('"history": "log"', '"history": 7', "history"),
        ('"tickets"', '"cats"', "no tickets"),
    ],
)
def test_a_manifest_of_another_kind_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    convert(small(), str(tmp_path / "there"))
    manifest = tmp_path / "there" / "dataset.json"
    manifest.write_text(manifest.read_text().replace(old, new))
    with pytest.raises(DatasetBroken, match=said):
        load(str(tmp_path / "there"))


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    place = str(tmp_path / "there")
    with pytest.raises(OptionWrong, match="parquett"):
        convert(small(), place, form="parquett")
    odd = dataset(events=small().history.frame.collect(), tickets=pl.DataFrame({"ticket_id": ["1"], "odd": [[1]]}))
    with pytest.raises(ShapeWrong, match="odd"):
        convert(odd, place)
    convert(small(), place)
    with pytest.raises(OptionWrong, match="read alone"):
        load(place, place)
    with pytest.raises(OptionWrong, match="read already"):
        load(place, reading=Reading(helpdesk="glpi"))

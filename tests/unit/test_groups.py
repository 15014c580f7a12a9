"""Breakdowns and filters: which groups there are, in which order, and what is said when there is none of that name."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from supportkpi.engine.grouping.groups import MOST_GROUPS, chosen, dimensions, grouped, known_as, named
from supportkpi.errors import DimensionUnknown, OptionWrong, ValueUnknown
from supportkpi.schema import INSTANT, TICKETS


def tickets(**columns: list[object]) -> pl.DataFrame:
    """Tickets with these columns and their ids; ``created_at`` takes days of March 2026."""
    size = max(len(values) for values in columns.values())
    days = columns.pop("created_at", [1] * size)
    frame = pl.DataFrame({"ticket_id": [str(row) for row in range(size)], **columns})
    known = {name: TICKETS[name] for name in columns if name in TICKETS}
    at = [None if day is None else datetime(2026, 3, day, 23, 30, tzinfo=UTC) for day in days]
    return frame.cast(known).with_columns(pl.Series("created_at", at, dtype=INSTANT))


def labels(frame: pl.DataFrame, *dims: str, timezone: str = "UTC") -> list[tuple[str | None, ...]]:
    groups = grouped(frame, dims, "created_at", timezone)
    return [tuple(groups.labels[code].values()) for code in groups.codes.to_list()]


def order(frame: pl.DataFrame, *dims: str) -> list[tuple[str | None, ...]]:
    return [tuple(label.values()) for label in grouped(frame, dims, "created_at", "UTC").labels]


def test_the_total_is_one_group_without_labels():
    groups = grouped(tickets(priority=["low", None]), (), "created_at", "UTC")
    assert groups.labels == ({},)
    assert groups.codes.to_list() == [0, 0]


def test_every_row_has_its_own_value_and_null_is_a_group():
    assert labels(tickets(channel=["web", None, "email"]), "channel") == [("web",), (None,), ("email",)]


def test_known_words_come_in_their_natural_order_others_by_name_and_null_last():
    frame = tickets(priority=["low", None, "zzz", "urgent", "aaa", "normal"])
    assert order(frame, "priority") == [("urgent",), ("normal",), ("low",), ("aaa",), ("zzz",), (None,)]


def test_a_cross_has_only_the_combinations_that_occur():
    frame = tickets(priority=["low", "urgent", "low"], channel=["web", "web", "email"])
    assert order(frame, "priority", "channel") == [("urgent", "web"), ("low", "email"), ("low", "web")]
    assert labels(frame, "channel", "priority") == [("web", "low"), ("web", "urgent"), ("email", "low")]


def test_times_are_local_and_in_time_order():
    frame = tickets(created_at=[31, 8, 9, None])
    assert labels(frame, "month", timezone="Europe/Moscow") == [("2026-04",), ("2026-03",), ("2026-03",), (None,)]
    assert labels(frame, "week") == [("2026-W14",), ("2026-W10",), ("2026-W11",), (None,)]
    assert order(frame, "weekday") == [("mon",), ("tue",), ("sun",), (None,)]
    assert labels(frame, "hour", timezone="Europe/Moscow")[0] == ("02",)


def test_grouping_before_the_cut_gives_what_grouping_after_it_gives():
    frame = tickets(priority=["low", None, "urgent", "low"], created_at=[1, 31, None, 8])
    ready = named(frame, ["priority", "week"], "Europe/Moscow")
    for part in (slice(0, 4), slice(1, 3), slice(0, 0)):
        before = grouped(ready[part], ("week", "priority"), "created_at", "Europe/Moscow")
        after = grouped(frame[part], ("week", "priority"), "created_at", "Europe/Moscow")
        assert [before.labels[code] for code in before.codes] == [after.labels[code] for code in after.codes]


def test_an_empty_frame_has_no_groups():
    assert grouped(tickets(channel=["web"]).clear(), ("channel", "month"), "created_at", "UTC").labels == ()


def test_a_column_that_a_frame_lacks_is_one_group_without_a_value():
    """An answer to a survey has no product when only tickets do, and the other way round."""
    assert labels(tickets(channel=["web", "web"]), "Product") == [(None,), (None,)]


def test_too_many_values_are_refused_with_what_to_do():
    frame = pl.DataFrame({"Subject": [str(row) for row in range(MOST_GROUPS + 1)]})
    with pytest.raises(OptionWrong, match="2,001 different values") as refused:
        grouped(frame, ("Subject",), "created_at", "UTC")
    assert "--where" in str(refused.value.hint)


def test_dimensions_are_filled_columns_of_words_and_never_our_own_marks():
    frame = tickets(
        channel=["web"], Product=["till"], is_outbound=[False], has_first_response=[True], assignee_id=["a"]
    )
    frame = frame.with_columns(pl.lit(None, pl.String).alias("region"), resolution_invalid=pl.lit(value=False))
    found = dimensions(frame)
    assert found[:2] == ["channel", "Product"]
    assert "agent" in found
    assert {"month", "week", "weekday", "hour", "day", "quarter"} <= set(found)
    assert not {"ticket_id", "region", "is_outbound", "has_first_response", "resolution_invalid", "created_at"} & set(
        found
    )


@pytest.mark.parametrize(
    ("asked", "name"), [("PRIORITY", "priority"), ("Month", "month"), ("product", "Product"), ("Agent", "agent")]
)
def test_a_dimension_may_be_asked_for_in_any_case(asked, name):
    assert known_as(asked, tickets(priority=["low"], Product=["till"], assignee_id=["a"])) == name


def test_a_column_that_had_to_make_way_is_found_by_its_own_name():
    frame = tickets(channel=["web"]).with_columns(pl.lit("Ann").alias("raw.customer"), pl.lit("x").alias("raw.channel"))
    assert known_as("customer", frame) == "raw.customer"
    assert known_as("channel", frame) == "channel"


def test_a_standard_dimension_that_the_export_does_not_fill_is_no_error():
    assert known_as("priority", tickets(channel=["web"])) == "priority"


def test_an_unknown_dimension_names_the_nearest_and_the_others():
    with pytest.raises(DimensionUnknown) as refused:
        known_as("chanel", tickets(channel=["web"], Product=["till"]))
    assert refused.value.message == "the data has no dimension 'chanel'"
    assert refused.value.hint.startswith("did you mean channel? it has channel, Product, ")


def left(frame: pl.DataFrame, *where: str, timezone: str = "UTC") -> str:
    return "".join(chosen([frame], where, timezone, among=[frame])[0]["ticket_id"])


TEAM = tickets(
    priority=["urgent", "low", None, "urgent"],
    priority_raw=["P1", "P4", "??", "P1"],
    channel=["web", "email", "web", "phone"],
    Place=["Bonn, Rhein", "Köln", "Bonn", None],
    created_at=[31, 1, 2, 3],
)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ([], "0123"),
        (["priority=urgent"], "03"),
        (["priority=URGENT"], "03"),
        (["priority=p1"], "03"),
        (["priority!=urgent"], "12"),
        (["priority="], "2"),
        (["priority!="], "013"),
        (["channel=web", "channel=email"], "012"),
        (["channel=web,email"], "012"),
        (["Channel=web", "channel=email"], "012"),
        (["channel=web", "priority=urgent"], "0"),
        (["channel!=web", "channel!=email"], "3"),
        (["Place=bonn, rhein"], "0"),
        (["place=Bonn,KÖLN"], "12"),
        (["month=2026-03"], "0123"),
        (["day=2026-03-31"], "0"),
    ],
)
def test_filters(where, ids):
    assert left(TEAM, *where) == ids


def test_a_filter_of_time_is_local():
    assert left(TEAM, "month=2026-04", timezone="Europe/Moscow") == "0"


def test_a_value_that_other_frames_have_is_known_and_leaves_nothing():
    """No rating is of an urgent ticket: that is an answer, not a mistake of the user."""
    rated = TEAM.filter(pl.col("priority") == "low")
    tickets_left, rated_left = chosen([TEAM, rated], ["priority=urgent"], "UTC", among=[TEAM, rated])
    assert (tickets_left.height, rated_left.height) == (2, 0)


def test_a_value_that_never_occurs_is_refused_with_those_that_do():
    with pytest.raises(ValueUnknown) as refused:
        left(TEAM, "channel=webb")
    assert refused.value.message == "channel is never 'webb'"
    assert refused.value.hint == "did you mean web? the data has web (2), email (1), phone (1)"


@pytest.mark.parametrize("text", ["priority", "=urgent", "!=urgent", "priority>3"])
def test_what_is_no_filter_is_refused(text):
    with pytest.raises(OptionWrong, match="is not DIM=VALUE"):
        left(TEAM, text)


def test_an_unknown_dimension_of_a_filter_is_refused():
    with pytest.raises(DimensionUnknown, match="no dimension 'tier'"):
        left(TEAM, "tier=gold")


@pytest.mark.parametrize(
    ("filtered", "kept"),
    [
        ("weekday=sun", ["0", "3"]),
        ("weekday=Sunday, tue", ["0", "1", "3"]),
        ("weekday!=sun,tue", ["2"]),
        ("hour=23", ["0", "1", "2", "3"]),
        ("month=2026-03", ["0", "1", "2", "3"]),
        ("quarter=2026-Q1,2026-q2", ["0", "1", "2", "3"]),
        ("week=2026-W10", ["0"]),
        ("day=2026-03-08,2026-03-31", ["0", "1"]),
        ("hour=9", []),
        ("month=2031-01", []),
    ],
)
def test_stretches_of_time_filter_as_they_are_written(filtered: str, kept: list[str]):
    frame = tickets(created_at=[8, 31, 9, 15])
    (found,) = chosen([frame], [filtered], "UTC", among=[frame])
    assert found["ticket_id"].to_list() == kept


@pytest.mark.parametrize("filtered", ["hour=24", "weekday=someday", "month=2026-13", "month=march", "quarter=2026-Q5"])
def test_a_stretch_that_cannot_be_is_refused(filtered: str):
    frame = tickets(created_at=[8])
    with pytest.raises(ValueUnknown, match="is never") as raised:
        chosen([frame], [filtered], "UTC", among=[frame])
    assert str(raised.value.hint).startswith(f"write {filtered.partition('=')[0]}=")


def test_an_answer_without_a_ticket_lies_in_the_month_of_the_answer():
    answers = tickets(created_at=[None, 8, None]).with_columns(
        dated_at=pl.Series([datetime(2026, 4, day, tzinfo=UTC) for day in (1, 2, 3)], dtype=INSTANT)
    )
    (found,) = chosen([answers], ["month=2026-04"], "UTC", among=[answers])
    assert found["ticket_id"].to_list() == ["0", "2"]


def test_letter_case_is_that_of_the_data_in_every_alphabet():
    frame = tickets(category=["Straße", "ЗАЯВКА", "İZMİR"])
    for number, asked in enumerate(["STRAßE", "заявка", "İzmİr"]):
        (found,) = chosen([frame], [f"category={asked}"], "UTC", among=[frame])
        assert found["ticket_id"].to_list() == [str(number)]

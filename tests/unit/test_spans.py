"""Durations by column: the look of the values first, then the mapping, then the header."""

from datetime import datetime, time, timedelta

import polars as pl
import pytest

from supportkpi.loaders.values._spans import choose_spans, header_unit


def seconds(values, header="Time", unit=None):
    found = choose_spans(pl.Series("v", values), header, unit)
    if found is None:
        return None
    frame = pl.LazyFrame({"v": pl.Series(values)}).select(found.seconds(pl.col("v")))
    return frame.collect(engine="streaming")["v"].to_list()


SHAPES = {
    ("12:34:56", "101:00:01", "-0:30:00"): [45_296, 363_601, -1_800],
    ("2:18", "-12:34", "22:17"): [8_280, -45_240, 80_220],
    ("0 segundo", "3 minutos", "1 dias 18 horas 47 minutos", "1 horas 18 minutos"): [0, 180, 154_020, 4_680],
    ("134 д., 14 ч., 57 м.",): [11_631_420],
    ("2 ч 10 мин", "35 мин", "15 м."): [7_800, 2_100, 900],
    ("27 d 19 h", "1h 20m", "53 segundos", "90 s"): [2_401_200, 4_800, 53, 90],
    ("5 days, 3 hours and 2 minutes", "1 week"): [442_920, 604_800],
    ("1,5 ч", "2.25 hours"): [5_400, 8_100],
    ("PT1H30M", "P1W2D", "-PT5M", "P0Y0M1DT0.5S"): [5_400, 777_600, -300, 86_400.5],
    ("1.05:30:00", "3.00:00:00.5000000"): [106_200, 259_200.5],
    ("1d 02:03", "2 d 00:00:10"): [93_780, 172_810],
    ("1 day, 2:03:04", "2:03:04", "-1 day, 23:00:00", "3 days 00:00:00"): [93_784, 7_384, -3_600, 259_200],
    ("1970-01-01 02:37:03", "1970-01-03T00:00:00Z", "1970-01-01 00:00:01.5"): [9_423, 172_800, 1.5],
}


@pytest.mark.parametrize(("values", "expected"), SHAPES.items())
def test_shapes_say_themselves_what_they_are(values, expected):
    assert seconds(values) == pytest.approx(expected)


@pytest.mark.parametrize("header", ["First response time (in hrs)", "Wait (min)"])
def test_the_shape_stands_above_the_header(header):
    assert seconds(["01:30:00", "00:00:10"], header) == [5_400, 10]


@pytest.mark.parametrize(
    ("values", "header", "unit", "expected"),
    [
        (["45667", "0"], "duration_in_seconds", None, [45_667, 0]),
        (["12", "1.5"], "First reply time in minutes within business hours", None, [720, 90]),
        (["12,5", "1"], "Время реакции, ч", None, [45_000, 3_600]),
        (["1 234,5"], "Zeit (hrs)", None, [4_444_200]),
        (["1,234.5"], "Zeit (hrs)", None, [4_444_200]),
        (["250"], "latency_ms", None, [0.25]),
        (["2"], "Close In Min", "hours", [7_200]),
        ([90, None], "Agent wait", "seconds", [90, None]),
        (["-5"], "Left (min)", None, [-300]),
    ],
)
def test_bare_numbers_take_the_unit_of_mapping_or_header(values, header, unit, expected):
    assert seconds(values, header, unit) == pytest.approx(expected)


NO_SPANS = [
    (["12", "45"], "Time to close", None),
    ([12, 45], "Handled", None),
    (["12"], "Time", "words"),
    (["2023-06-01 12:15:36"], "First Response Time", None),
    (["2023-06-01 12:15:36"], "Resolution (hrs)", None),
    (["22/08/2025 11:49"], "Tempo para solução", None),
    (["Tempo para solução: 4 horas (Média)"], "SLA", None),
    (["about 2 hours", "2 months"], "Age", None),
    (["35 м"], "Срок", None),
    (["3,87,16,91,111"], "Handle_Time_hrs", None),
    (["open", "closed"], "Status (min)", None),
    ([None], "x", None),
]


@pytest.mark.parametrize(("values", "header", "unit"), NO_SPANS)
def test_what_is_no_duration_or_lacks_a_unit_is_none(values, header, unit):
    assert choose_spans(pl.Series("v", values, strict=False), header, unit) is None


def test_minutes_and_seconds_where_the_header_says_so():
    assert seconds(["5:30"], "Wait (mm:ss)") == [330]
    assert seconds(["5:30"], "Wait (HH:mm)") == [19_800]


def test_a_short_clock_beside_a_long_one_stays_unread():
    assert seconds(["1:45:10", "45:10", "2:01:01"]) == [6_310, None, 7_261]


def test_a_value_that_does_not_fit_is_null():
    found = choose_spans(pl.Series(["01:00:00"] * 9 + ["soon"]), "x", None)
    assert found.shape == "H:MM:SS"
    assert found.share == pytest.approx(0.9)
    odd = pl.DataFrame({"v": ["1:60:00", "01:00:00 h", "", None, "99:59:59"]})
    assert odd.select(found.seconds(pl.col("v")))["v"].to_list() == [None, None, None, None, 359_999]


def test_cells_that_a_workbook_calls_times():
    assert seconds([timedelta(hours=30), None]) == [108_000, None]
    assert seconds([time(1, 30)]) == [5_400]
    assert seconds([datetime(1899, 12, 30, 2), datetime(1900, 1, 1, 6)]) == [7_200, 108_000]  # noqa: DTZ001
    assert seconds([datetime(2025, 1, 1)]) is None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("First reply time in minutes", "m"),
        ("Full resolution time (min)", "m"),
        ("Resolution Time (in Hrs)", "h"),
        ("FirstResponseInMin", "m"),
        ("Close In Min", "m"),
        ("wait_s", "s"),
        ("handle_time_hrs", "h"),
        ("Время, мин.", "m"),
        ("Срок в часах", "h"),
        ("Tempo (em horas)", "h"),
        ("Resolution (days)", "d"),
        ("First reply time - Business hours", None),
        ("Working hours", None),
        ("Time to close", None),
        ("Related ticket(s)", None),
        ("calendar_duration", None),
        ("Time to close (HH:mm:ss)", None),
        ("Resolved in May", None),
    ],
)
def test_units_in_headers(header, unit):
    assert header_unit(header) == unit

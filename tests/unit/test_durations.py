"""Durations as people write them."""

import pytest

from supportkpi.durations import iso, parse
from supportkpi.errors import DurationWrong

READ = {
    "45m": 2_700,
    "1h 30m": 5_400,
    "1h30m": 5_400,
    "1h30": 5_400,
    "1.5h": 5_400,
    "1,5 ч": 5_400,
    "PT1H30M": 5_400,
    "pt0.5h": 1_800,
    "P1W2D": 777_600,
    "P1DT2H": 93_600,
    "2 ч 10 мин": 7_800,
    "35 мин": 2_100,
    "134 д., 14 ч., 57 м.": 11_631_420,
    "1 d 2 h": 93_600,
    "1 dias 18 horas 47 minutos": 154_020,
    "2 Tage, 3 Stunden und 5 Minuten": 183_900,
    "1 jour 2 heures": 93_600,
    "3 days and 1 hour": 262_800,
    "00:35:12": 2_112,
    "27:10:00": 97_800,
    "0s": 0,
    "250 ms": 0.25,
    "2\u00a0h": 7_200,
}
REFUSED = (
    "90", "", " ", "h", "-1h", "1:30", "1h 2h", "1m 2h", "5 parsecs", "2 months", "P1M", "P1Y", "P", "PT", "1h 90",
    "00:75:00", "1..5h", "35 м", "9" * 400 + "h", "1h; 2m", "ten minutes",
)  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), READ.items())
def test_reads_what_people_write(text, seconds):
    assert parse(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_duration_and_says_how_to_write_one(text):
    with pytest.raises(DurationWrong) as caught:
        parse(text)
    assert caught.value.hint


def test_the_hint_of_a_bare_number_names_units():
    with pytest.raises(DurationWrong, match="needs a unit: 90m"):
        parse("90")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(5_400, "PT1H30M"), (0, "PT0S"), (90_000, "PT25H"), (1.5, "PT1.5S"), (-3_600, "-PT1H"), (59.9999999, "PT1M")],
)
def test_writes_iso_without_days(seconds, text):
    assert iso(seconds) == text


@pytest.mark.parametrize("seconds", [0, 1, 59, 60, 3_599, 3_600, 86_400, 1_234_567, 0.25])
def test_what_is_written_is_read_back(seconds):
    assert parse(iso(seconds)) == seconds

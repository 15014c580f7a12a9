"""Instants read by column against the standard library: whatever is written is read back, and never turned around."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from supportkpi.errors import DataContradictory, DatesAmbiguous
from supportkpi.loaders.values._dates import choose_dates

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Moscow")
CLOCKS = (" %H:%M", " %H:%M:%S", "T%H:%M:%S", " %I:%M %p", ", %I:%M:%S %p")
DATES = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d/%b/%y",
    "%b %d, %Y",
    "%d %B %Y",
)
ISO = ("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f", "%a, %d %b %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%Y%m%dT%H%M%S")
FORMATS = (*(date + clock for date in DATES for clock in CLOCKS), *DATES, *ISO)
OFFSETS = (0, 60, 180, 330, -210, -300, 765)

walls = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001
columns = st.lists(walls, min_size=1, max_size=12)


def exists(wall, zone):
    there = wall.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def read(found, texts):
    return pl.LazyFrame({"v": texts}).select(found.parse(pl.col("v"))).collect(engine="streaming")["v"].to_list()


@settings(max_examples=examples(150), deadline=None)
@given(columns, st.sampled_from(FORMATS), st.sampled_from(ZONES))
def test_local_times_come_back_in_every_format_and_zone(wanted, layout, name):
    zone = ZoneInfo(name)
    texts = [wall.strftime(layout) for wall in wanted]
    truth = [datetime.strptime(text, layout) for text in texts]  # noqa: DTZ007  (what the text still tells)
    found = choose_dates(pl.Series("v", texts), header="Created", zone=name, dayfirst=layout.startswith("%d"))
    assert found is not None
    expected = [wall.replace(tzinfo=zone).astimezone(UTC) if exists(wall, zone) else None for wall in truth]
    assert read(found, texts) == expected
    gaps = pl.DataFrame({"v": texts}).select(found.gap(pl.col("v")))["v"].to_list()
    assert gaps == [value is None for value in expected]
    twice = pl.DataFrame({"v": texts}).select(found.overlap(pl.col("v")))["v"].to_list()
    folds = [exists(wall, zone) and ran_twice(wall, zone) for wall in truth]
    assert twice == folds


@pytest.mark.parametrize("name", [*ZONES, "America/Sao_Paulo", "Pacific/Apia", "Europe/London", "Africa/Casablanca"])
def test_around_every_change_of_the_clock(name):
    zone = ZoneInfo(name)
    days = [datetime(2000, 1, 1) + timedelta(days=day) for day in range(365 * 25)]  # noqa: DTZ001
    offsets = [day.replace(tzinfo=zone).utcoffset() for day in days]
    changes = [day for day, one, two in zip(days, offsets, offsets[1:], strict=False) if one != two] or days[:1]
    wanted = [day + timedelta(minutes=30 * step) for day in changes for step in range(-2, 52)]
    texts = [f"{wall:%Y-%m-%d %H:%M:%S}" for wall in wanted]
    found = choose_dates(pl.Series("v", texts), header="Created", zone=name)
    expected = [wall.replace(tzinfo=zone).astimezone(UTC) if exists(wall, zone) else None for wall in wanted]
    assert read(found, texts) == expected
    twice = pl.DataFrame({"v": texts}).select(found.overlap(pl.col("v")))["v"].to_list()
    assert twice == [exists(wall, zone) and ran_twice(wall, zone) for wall in wanted]


def ran_twice(wall, zone):
    return wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset()


@settings(max_examples=examples(50), deadline=None)
@given(columns, st.sampled_from(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%d %b %Y %H:%M:%S "]), st.data())
def test_offsets_of_every_form_come_back(wanted, layout, data):
    texts, truth = [], []
    for wall in wanted:
        minutes = data.draw(st.sampled_from(OFFSETS))
        texts.append(wall.strftime(layout) + data.draw(st.sampled_from(spelled(minutes))))
        kept = datetime.strptime(wall.strftime(layout), layout)  # noqa: DTZ007
        truth.append((kept - timedelta(minutes=minutes)).replace(tzinfo=UTC))
    found = choose_dates(pl.Series("v", texts), header="Created", zone="Europe/Berlin")
    assert found is not None
    assert found.zoned
    assert read(found, texts) == truth


def spelled(minutes):
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    forms = [f"{sign}{hours:02}:{rest:02}", f"{sign}{hours:02}{rest:02}"]
    forms += [f"{sign}{hours:02}"] * (rest == 0) + ["Z", " UTC"] * (minutes == 0)
    return [*forms, f" GMT{sign}{hours}"] if rest == 0 else forms


@settings(max_examples=examples(30), deadline=None)
@given(columns, st.sampled_from([(1, "s"), (1_000, "ms"), (1_000_000, "us")]), st.booleans())
def test_unix_times_come_back_as_text_and_as_numbers(wanted, unit, as_text):
    factor, _ = unit
    counts = [round(wall.replace(tzinfo=UTC).timestamp()) * factor for wall in wanted]
    values = [str(count) for count in counts] if as_text else counts
    found = choose_dates(pl.Series("v", values), header="Created", zone="Asia/Kolkata")
    assert found is not None
    assert read(found, values) == [datetime.fromtimestamp(count / factor, UTC) for count in counts]


def column(rng, layout, size):
    start = datetime(2024, 1, 1)  # noqa: DTZ001
    walls = [start + timedelta(minutes=rng.randrange(60 * 24 * 365)) for _ in range(size)]
    return [wall.strftime(layout) for wall in walls], walls


@pytest.mark.parametrize("mark", ["/", "-", "."])
def test_day_and_month_are_never_turned_around_in_silence(mark):
    """200 columns, pure and mixed: each is read right, or refused; dots alone are day first by convention."""
    rng = random.Random(20260401)
    refused = 0
    for _ in range(200):
        day_first, month_first = f"%d{mark}%m{mark}%Y %H:%M", f"%m{mark}%d{mark}%Y %H:%M"
        one, truth_one = column(rng, day_first, rng.randrange(0, 12))
        two, truth_two = column(rng, month_first, rng.randrange(0, 12) if rng.random() < 0.5 else 0)
        texts, truth = one + two, truth_one + truth_two
        proved = any(wall.day > 12 for wall in truth_one), any(wall.day > 12 for wall in truth_two)
        if not texts or (two and not proved[1]) or (one and two and not proved[0]):
            continue  # nothing could show that the halves differ
        if all(proved):
            refused += 1
            with pytest.raises(DataContradictory):
                choose_dates(pl.Series("v", texts), header="Created", zone="UTC")
        elif mark != "." and not any(proved) and any(wall.day != wall.month for wall in truth):
            with pytest.raises(DatesAmbiguous):
                choose_dates(pl.Series("v", texts), header="Created", zone="UTC")
        else:
            found = choose_dates(pl.Series("v", texts), header="Created", zone="UTC")
            assert read(found, texts) == [wall.replace(tzinfo=UTC) for wall in truth]
    assert refused > 20


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
def test_no_text_whatever_breaks_it(texts):
    try:
        found = choose_dates(pl.Series("v", texts), header="Created", zone="Europe/Berlin")
    except (DatesAmbiguous, DataContradictory):
        return
    if found is not None:
        assert len(read(found, texts)) == len(texts)

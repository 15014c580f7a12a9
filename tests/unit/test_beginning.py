"""The first settings file: it is read by our own reader, and says what was understood and what was not."""

from __future__ import annotations

import re
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

import supportkpi as sk
from supportkpi.config import parse_config, settings
from supportkpi.config.beginning import TEMPLATES, Understood, beginning, json_text, quoted, template
from supportkpi.decisions import Reading
from supportkpi.errors import OptionWrong
from supportkpi.metrics import catalogue
from supportkpi.pipeline.understanding import understood
from supportkpi.texts import load

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
HEADER = "Ticket ID,Created at,First reply at,Solved at,Status,Priority,Group\n"


def ticket(n: int, *, hour: int, day: int = 2, status: str = "Solved", priority: str = "High") -> str:
    at = [f"2026-03-{day:02} {hour:02}:{minute:02}:00" for minute in (0, 20, 50)]
    return f"{n},{at[0]},{at[1]},{at[2]},{status},{priority},First line\n"


def begun(tmp_path: Path, *tickets: str, header: str = HEADER, **reading: object) -> tuple[Understood, str]:
    (tmp_path / "tickets.csv").write_text(header + "".join(tickets), encoding="utf-8")
    how = Reading(**reading)  # type: ignore[arg-type]
    known = understood(sk.load(str(tmp_path / "tickets.csv"), reading=how), how)
    return known, beginning(known)


def uncommented(text: str, start: str) -> str:
    """The text with the comment that begins so, and those indented below it, as lines of YAML."""
    lines, active = [], False
    for line in text.split("\n"):
        bare = line.removeprefix("# ")
        active = line.startswith("#") and (bare.startswith(start) or (active and bare.startswith(" ")))
        lines.append(bare if active else line)
    return "\n".join(lines)


def test_what_was_not_understood_stands_with_the_line_to_write(tmp_path: Path) -> None:
    tickets = [ticket(n, hour=10, status="Moonlit" if n < 4 else "Solved") for n in range(1, 20)]
    _, text = begun(tmp_path, *tickets)
    assert re.search(r'^#   "moonlit": hold +# 3 rows; new, open, pending', text, re.MULTILINE | re.IGNORECASE)
    config = parse_config(uncommented(text, "statuses:"))
    assert [category for _, category in config.reading.statuses.items()] == ["hold"]


def test_rules_are_those_of_the_priorities_that_occur(tmp_path: Path) -> None:
    tickets = [
        ticket(1, hour=9),
        ticket(2, hour=9),
        ticket(3, hour=9, priority="Urgent"),
        ticket(4, hour=9, priority="Bottomless"),
    ]
    _, text = begun(tmp_path, *tickets, ticket(5, hour=9, priority=""))
    sla = parse_config(text).sla
    assert sla is not None
    ((_, version),) = sla.versions
    assert [rule.name for rule in version.rules] == ["urgent", "high", "other"]
    assert [dict(rule.when) for rule in version.rules] == [{"priority": ("urgent",)}, {"priority": ("high",)}, {}]
    assert re.search(r'# - \{name: "bottomless", when: \{priority: "bottomless"\}', text, re.IGNORECASE)
    assert "2 tickets" in next(line for line in text.split("\n") if "name: high" in line)


def test_only_limits_that_can_be_judged_are_proposed(tmp_path: Path) -> None:
    header = "Ticket ID,Created at,Solved at,Status,Priority\n"
    rows = [f"{n},2026-03-02 10:00:00,2026-03-02 12:00:00,Solved,High\n" for n in range(1, 5)]
    known, text = begun(tmp_path, *rows, header=header)
    assert known.limits == ["resolution"]
    assert "sla_first_response" not in text
    assert re.search(r"^  # first_response_time.median: 1h +# \w+", text, re.MULTILINE)


def test_deadlines_of_the_export_go_before_proposals(tmp_path: Path) -> None:
    header = "Ticket ID,Created at,First reply at,Solved at,Status,Priority,Group,Due by Time\n"
    tickets = [ticket(n, hour=10).rstrip("\n") + ",2026-03-02 18:00:00\n" for n in range(1, 5)]
    known, text = begun(tmp_path, *tickets, header=header, columns={"resolution_due_at": "Due by Time"})
    assert known.own
    assert parse_config(text).sla is None
    assert parse_config(uncommented(text, "sla:")).sla is not None


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        (range(9, 18), (2, 3, 4, 5, 6), {"mon-fri": ["09:00-18:00"]}),
        (range(8, 12), (2, 3, 5, 7), {"mon-tue": ["08:00-12:00"], "thu": ["08:00-12:00"], "sat": ["08:00-12:00"]}),
        (range(24), (2, 3, 4, 5, 6, 7, 8), "24x7"),
    ],
)
def test_the_hours_are_those_in_which_people_answer(
    hours: range, days: tuple[int, ...], expected: object, tmp_path: Path
) -> None:
    tickets = [ticket(100 * day + hour * 4 + n, hour=hour, day=day) for day in days for hour in hours for n in range(4)]
    _, text = begun(tmp_path, *tickets)
    config = parse_config(text)
    if expected == "24x7":
        assert config.calendar == "24x7"
        config = parse_config(uncommented(text, "calendars:"))
        assert config.plans[0].name == "office"
    else:
        assert {days: list(spans) for days, spans in config.plans[0].versions[0].hours.items()} == expected
        assert "100 % of the first answers" in text


def test_a_few_answers_are_no_hours(tmp_path: Path) -> None:
    known, text = begun(tmp_path, *(ticket(n, hour=3) for n in range(1, 20)))
    assert known.hours == {}
    assert re.search(r'hours: \{mon-fri: \["09:00-18:00"\]\} +# a proposal', text)


def test_the_zone_says_where_it_comes_from(tmp_path: Path) -> None:
    tickets = [ticket(n, hour=10 + n % 2) for n in range(1, 80)]
    _, guessed = begun(tmp_path, *tickets)
    _, said = begun(tmp_path, *tickets, source_timezone="Europe/Moscow")
    assert "a guess: dates without a zone; most tickets come 10:00–12:00: is that your rush hour?" in guessed
    assert parse_config(said).timezone == "Europe/Moscow"
    assert parse_config(said).reading.source_timezone == "Europe/Moscow"
    _, offsets = begun(tmp_path, *(row.replace(":00,", ":00Z,") for row in tickets))
    assert parse_config(offsets).reading.source_timezone is None


def test_reading_options_are_kept(tmp_path: Path) -> None:
    header = HEADER.replace("Created at", "Opened: on")
    how = {"columns": {"created_at": "Opened: on"}, "delimiter": ",", "date_format": "%Y-%m-%d %H:%M:%S"}
    _, text = begun(tmp_path, *(ticket(n, hour=10) for n in range(1, 5)), header=header, csat_scale="1-5", **how)
    reading = parse_config(text).reading
    assert dict(reading.columns) == how["columns"]
    assert (reading.delimiter, reading.date_format, reading.csat_scale) == (",", how["date_format"], "1-5")


WORDS = st.text(min_size=1, max_size=12) | st.sampled_from(
    [
        "a: b",
        "# x",
        "- y",
        "null",
        "NO",
        "1",
        "1.0",
        "{",
        "'",
        '"',
        "\u2028",
        "a\nb: c",
        "\x85",
        "%",
        "@x",
        "]",
        "🔥",
        "é" * 30,
    ]
)


@hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
@given(WORDS, WORDS, st.dictionaries(WORDS, st.integers(1, 9), max_size=3))
def test_no_word_of_the_data_breaks_the_file(name: str, group: str, words: dict[str, int]) -> None:
    known = Understood(
        files=[f"{name}.csv: CSV"],
        zone="UTC",
        zone_source="option",
        reading=Reading(columns={"created_at": name}, sheet=name),
        unknown={"status": words, "channel": words, "priority": words},
        priorities={name: 1, "urgent": 2, None: 3},
        limits=["first_response", "resolution"],
        groups=sorted({group, name}),
        lacks={"escalation_rate": name, "nps": name},
    )
    text = beginning(known)
    config = parse_config(text)
    assert config.reading.sheet == name
    assert config.reading.columns == {"created_at": name}
    assert parse_config(uncommented(text, "escalation:")).sections
    if words:
        assert set(parse_config(uncommented(text, "statuses:")).reading.statuses) == set(words)


@given(WORDS)
def test_quoted_text_is_read_back(text: str) -> None:
    found = load(f"a: {quoted(text)}\nb: {json_text(text)}\n").plain()
    assert found == {"a": text, "b": text}


# --- templates -------------------------------------------------------------------------------------------------------

TWINS = {"minimal": "sla-starter", "saas": "sla-by-priority", "vip": "sla-vip", "regional": "sla-regional"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_valid_and_the_same_as_in_configs(name: str) -> None:
    assert settings(parse_config(template(name)), years=range(2025, 2027), kpis=catalogue()).sla is not None
    assert template(name) == (CONFIGS / f"{TWINS[name]}.yaml").read_text(encoding="utf-8")


def test_another_template_is_an_error() -> None:
    with pytest.raises(OptionWrong, match="no template is called 'vp'") as caught:
        template("vp")
    assert caught.value.hint == "did you mean vip?"

"""One config over another, and the credits of a contract."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from supportkpi.config import parse_config
from supportkpi.config.overlay import over, sets_calendars
from supportkpi.errors import KpiError, OptionWrong

BASE = """
timezone: Europe/Berlin
calendar: office
calendars:
  office: {hours: {mon-fri: ["09:00-18:00"]}}
  night: {hours: {daily: ["20:00-04:00"]}}
sla:
  calendar: office
  boundary: exclusive
  rules: [{name: all, first_response: 4h}]
credits: {base: "EUR 1000", tiers: {"95%": "0%", "90%": "5%"}}
"""


def written(folder: Path, other: str, base: str = BASE) -> tuple[Path, Path]:
    paths = folder / "other.yaml", folder / "base.yaml"
    for path, text in zip(paths, (other, base), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_sections_are_merged_key_by_key_and_service_levels_replaced(tmp_path: Path) -> None:
    other = 'calendars: {office: {hours: {mon-fri: ["08:00-20:00"]}}}\nsla: {rules: [{name: all, resolution: 8h}]}\n'
    config = over(*written(tmp_path, other + 'credits: {base: "EUR 2000"}\n'))
    assert config.timezone == "Europe/Berlin"
    assert {plan.name for plan in config.plans} == {"office", "night"}
    office = next(plan for plan in config.plans if plan.name == "office")
    assert office.versions[0].hours == {"mon-fri": ("08:00-20:00",)}
    assert config.sla is not None
    (_, version) = config.sla.versions[0]
    assert version.boundary == "inclusive"  # nothing of the other's section is left
    assert list(version.rules[0].limits) == ["resolution"]
    assert config.credits is not None
    assert (config.credits.base, len(config.credits.tiers)) == (Decimal(2000), 2)


def test_faults_are_told_where_they_were_written(tmp_path: Path) -> None:
    with pytest.raises(KpiError) as raised:
        over(*written(tmp_path, "sla:\n  rules: [{name: all, first_response: soon}]\n"))
    assert str(raised.value.where).startswith(str(tmp_path / "other.yaml"))


def test_files_are_read_once_by_what_base_says(tmp_path: Path) -> None:
    with pytest.raises(OptionWrong, match="how the files are read"):
        over(*written(tmp_path, "source: {timezone: Asia/Tokyo}\n"))
    same = "source: {timezone: Asia/Tokyo}\n"
    assert over(*written(tmp_path, same, BASE + same)).reading.source_timezone == "Asia/Tokyo"


def test_an_alternative_alone_is_a_config(tmp_path: Path) -> None:
    path, _ = written(tmp_path, BASE)
    assert over(path, None).credits is not None
    assert sets_calendars(path)


def test_credits_are_exact_amounts() -> None:
    config = parse_config('credits: {base: 1000.10, tiers: {"99.5%": "0%", "0%": "2.5%"}, per_breach: 3}')
    assert config.credits is not None
    assert (config.credits.base, config.credits.currency) == (Decimal("1000.1"), None)
    assert config.credits.tiers == ((Decimal("0.995"), Decimal(0)), (Decimal(0), Decimal("0.025")))
    assert config.credits.per_breach == Decimal(3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{base: soon, tiers: {95%: 0%}}", "no plain amount"),
        ('{base: ">= EUR 5", tiers: {95%: 0%}}', "no plain amount"),
        ('{base: "EUR 5", tiers: {}}', "no tier"),
        ('{base: "EUR 5", tiers: {95%: 5%, 90%: 0%}}', "less is met and less is paid back"),
        ('{base: "EUR 5", tiers: {most: 0%}}', "is no share"),
        ('{base: "EUR 5", tiers: {95%: 120%}}', "is no share"),
        ('{base: "EUR 5", tiers: {95%: 0%}, per_breach: "USD 1"}', "EUR and in USD"),
        ('{base: "EUR 5"}', "tiers"),
    ],
)
def test_credits_that_nobody_can_mean_are_refused(text: str, message: str) -> None:
    with pytest.raises(KpiError, match=message):
        parse_config(f"credits: {text}\n")

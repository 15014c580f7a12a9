"""``sk.load(reading=…)``: what a command says by options, a script says by name."""

from __future__ import annotations

from pathlib import Path

import pytest

import supportkpi as sk

CSV = b"id,created_at,solved_at\n1,2026-03-02 10:00,2026-03-02 12:00\n2,2026-03-02 11:00,\n"


def created(**reading: object) -> object:
    return sk.load("-", stdin=CSV, reading=reading).history.frame["created_at"][0].isoformat()


def test_a_zone_by_name():
    assert created() == "2026-03-02T10:00:00+00:00"
    assert created(source_timezone="Europe/Moscow") == "2026-03-02T07:00:00+00:00"


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(sk.KpiError, match=r"reading takes no 'source_tz'.*source_timezone"):
        created(source_tz="Europe/Moscow")


def test_a_path_names_a_file_as_its_text_does(tmp_path: Path):
    export = tmp_path / "tickets.csv"
    export.write_bytes(CSV)
    assert sk.load(export).tickets["ticket_id"].to_list() == sk.load(str(export)).tickets["ticket_id"].to_list()


@pytest.mark.parametrize("reading", [{"csat_scale": "5-1"}, {"csat_scale": ""}])
def test_a_scale_that_is_none_is_refused(reading: dict[str, str]):
    with pytest.raises(sk.KpiError, match="is no rating scale"):
        created(**reading)

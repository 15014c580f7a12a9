"""What spreadsheets do to exports, in every kind of table: refused, or said, and never taken for true."""

from __future__ import annotations

import pytest

from supportkpi import pipeline
from supportkpi.errors import IdsDamaged
from supportkpi.schema import Dataset

READING = {"source_timezone": "UTC", "dayfirst": True, "csat_scale": "1-5"}


def load(text: str, name: str = "t.csv") -> Dataset:
    return pipeline.load_held({name: text.encode()}, reading=pipeline.loading._reading(READING))


def said(data: Dataset) -> str:
    return "\n".join(data.assumptions)


def tickets(ids: list[str], created: str = "2026-05-04 10:00") -> str:
    return "Ticket ID,Created at,Status\n" + "".join(f'"{one}",{created},open\n' for one in ids)


def log(ids: list[str]) -> str:
    rows = (f'"{one}",2026-05-0{at} 10:00,Status,{word}\n' for one in ids for at, word in ((4, "Open"), (5, "Closed")))
    return "Ticket ID,Changed at,Field,New value\n" + "".join(rows)


def survey(ids: list[str]) -> str:
    return "Response ID,Ticket ID,CSAT,Submitted at\n" + "".join(
        f'{at},"{one}",5,2026-05-04 10:00\n' for at, one in enumerate(ids)
    )


SCIENTIFIC = ["2.02508E+15", "2,02508E+15", "1,23E+05"]


@pytest.mark.parametrize("one", SCIENTIFIC)
@pytest.mark.parametrize("table", [tickets, log, survey])
def test_ids_in_scientific_notation_are_refused_in_every_table(table: object, one: str) -> None:
    assert callable(table)
    with pytest.raises(IdsDamaged, match="scientific"):
        load(table(["1", one, "3", "4"]))


@pytest.mark.parametrize("mark", ["########", "#REF!", "#VALUE!"])
def test_ids_that_are_not_shown_are_refused(mark: str) -> None:
    with pytest.raises(IdsDamaged, match="lost"):
        load(tickets(["1", "2", mark, mark]))


def test_long_ids_are_rounded_to_fifteen_digits() -> None:
    whole = [f"20250812345678{at:03}" for at in range(10, 20)]
    assert load(tickets(whole)).tickets.height == 10
    with pytest.raises(IdsDamaged, match="fifteenth"):
        load(tickets([f"{one[:15]}00" for one in whole]))


def test_codes_with_an_e_are_ids() -> None:
    assert load(tickets(["1E-5", "12E3X", "DE+1", "1e5a", "E+15"])).tickets.height == 5


def test_lost_zeros_are_said() -> None:
    assert "zeros in front" in said(load(tickets(["000123", "000124", "125", "4126"])))
    assert "zeros" not in said(load(tickets(["123", "1240", "9"])))
    assert "zeros" not in said(load(tickets(["000123", "100124", "000125"])))


def test_lost_seconds_are_said() -> None:
    rows = "".join(f"{at},2026-05-04 10:{at:02}:17,2026-05-05 11:{at:02},closed\n" for at in range(10, 40))
    found = said(load("Ticket ID,Created at,Solved at,Status\n" + rows))
    assert "'Solved at' has no seconds" in found
    assert "'Created at'" not in found
    exact = rows.replace(",closed", ":31,closed")
    assert "seconds" not in said(load("Ticket ID,Created at,Solved at,Status\n" + exact))


def test_dates_half_turned_into_serials_are_rejects_and_said() -> None:
    dates = ["05.06.2026 10:00", "17.06.2026 11:00", "18.06.2026 12:00", "46178", "21.06.2026 09:00", "46179,5"]
    data = load("Ticket ID,Created at,Status\n" + "".join(f'{at},"{one}",open\n' for at, one in enumerate(dates)))
    assert [(reject.slug, reject.value) for reject in data.rejects] == [("bad-date", "46178"), ("bad-date", "46179,5")]
    assert "serial numbers" in said(data)


@pytest.mark.parametrize("mark", ["########", "#REF!", "#ЗНАЧ!", "#DIV/0!"])
def test_a_date_that_a_spreadsheet_lost_is_no_open_ticket(mark: str) -> None:
    rows = [f"{at},2026-05-04 10:00,2026-05-05 1{at}:00,closed" for at in range(6)]
    rows += [f"7,2026-05-04 10:00,{mark},closed", f"8,2026-05-04 10:00,{mark},closed"]
    data = load("Ticket ID,Created at,Solved at,Status\n" + "\n".join(rows) + "\n")
    assert [reject.slug for reject in data.rejects] == ["bad-date", "bad-date"]
    assert mark in said(data)


def test_what_says_that_there_is_none_is_none() -> None:
    rows = [f"{at},2026-05-04 10:00,2026-05-05 1{at}:00,closed" for at in range(6)] + ["7,2026-05-04 10:00,#N/A,open"]
    data = load("Ticket ID,Created at,Solved at,Status\n" + "\n".join(rows) + "\n")
    assert not data.rejects
    assert data.tickets.height == 7


def test_times_without_a_day_are_no_dates() -> None:
    bare = load("Ticket ID,Created at,Status\n" + "".join(f"{at},10:{at}5,open\n" for at in range(6)))
    assert "'Created at' holds times without a day, such as 10:05" in said(bare)
    mixed = [f"{at},2026-05-04 10:00,open" for at in range(9)] + ["10,10:15,open"]
    data = load("Ticket ID,Created at,Status\n" + "\n".join(mixed) + "\n")
    assert [reject.value for reject in data.rejects] == ["10:15"]


def test_rounded_phone_numbers_are_nobody() -> None:
    rows = "".join(f'{at},2026-05-04 10:0{at},open,"{7.9161e10 if at < 3 else 79160000000 + at}"\n' for at in range(9))
    text = "Ticket ID,Created at,Status,Requester\n" + rows.replace("79161000000.0", "7,9161E+10")
    data = load(text)
    assert "are taken for unknown" in said(data)
    assert data.tickets["requester_id"].null_count() == 3

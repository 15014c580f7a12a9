"""CSV, plain and JSON: what other programs read."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import built_reports as built
import polars as pl
import pytest

from supportkpi.report import Report, Row, flat
from supportkpi.reporters import RenderOptions, render

MACHINE = ("csv", "plain", "json")
REPORTS = {"month": built.month, "quarter": built.quarter, "grouped": built.grouped, "bare": built.bare}


def text(report: Report, name: str, **options: object) -> str:
    output = render(report, name, RenderOptions(**options))  # type: ignore[arg-type]
    assert isinstance(output, str)
    return output


def read_csv(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output, newline="")))


def read_plain(output: str) -> list[dict[str, str]]:
    lines = [line.split("\t") for line in output.removesuffix("\n").split("\n")]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("name", MACHINE)
def test_machine_formats_are_the_same_in_every_language_and_width(name: str, report: object) -> None:
    made = report()  # type: ignore[operator]
    plain = text(made, name, tool_version="1.2.3")
    assert plain == text(made, name, tool_version="1.2.3", lang="ru", width=40, full=True, color=True)
    assert plain.endswith("\n")


def test_csv_has_the_rows_of_flat_in_their_order_with_every_digit() -> None:
    report = built.grouped()
    wanted = flat(report)
    found = read_csv(text(report, "csv"))
    assert list(found[0]) == list(wanted[0])
    assert len(found) == len(wanted)
    for mine, row in zip(found, wanted, strict=True):
        assert (mine["kpi"], mine["stat"], mine["by"], mine["state"]) == (
            row["kpi"],
            row["stat"],
            row["by"],
            row["state"],
        )
        for name in ("value", "low", "high", "x"):
            assert (float(mine[name]) if mine[name] else None) == row[name]
        assert mine["n"] == str(row["n"])


def test_totals_have_no_by_and_counts_a_column_of_their_own() -> None:
    rows = read_csv(text(built.grouped(), "csv"))
    first = rows[0]
    assert (first["by"], first["priority"], first["channel"]) == ("", "", "")
    assert (first["count_solved_unanswered"], first["count_invalid"]) == ("32", "0")
    assert first["count_promoters"] == ""
    assert {"priority", "priority,channel"} <= {row["by"] for row in rows}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_csv_leaves_no_formula_live(start: str) -> None:
    value = f"{start}cmd|' /C calc'!A0"
    cell = replace(built.row("tickets_created", n=1, value=-1.0), group={f"{start}header": value})
    report = replace(built.month(), cells=(cell,))
    [row] = read_csv(text(report, "csv"))
    assert row[f"'{start}header"] == f"'{value}"
    assert row["by"] == f"'{start}header"
    assert row["value"] == "-1.0", "a number is no formula"


def test_a_target_that_must_equal_something_is_no_formula_either() -> None:
    from supportkpi.report import RowTarget

    cell = replace(built.row("backlog", n=1, value=1.0), target=RowTarget(op="=", value=0.0, text="= 0"))
    [row] = read_csv(text(replace(built.month(), cells=(cell,)), "csv"))
    assert row["target"] == "'= 0.0"


def test_csv_tells_an_empty_text_from_no_value() -> None:
    frame = pl.read_csv(text(built.grouped(), "csv").encode(), infer_schema=False)
    values = frame.filter(pl.col("by") == "priority")["priority"].unique().to_list()
    assert "" in values
    assert None in values


def test_plain_keeps_one_line_a_row_and_every_value_can_be_read_back() -> None:
    report = built.grouped()
    rows = read_plain(text(report, "plain"))
    assert len(rows) == len(report.cells)
    names = {row["priority"] for row in rows}
    assert {r"line\nbreak", r"tab\there", "=cmd()", "a|b", "[red]x[/]", "🔥 срочно"} <= names


def test_plain_and_csv_have_the_same_columns_even_without_rows() -> None:
    for report in (built.grouped(), replace(built.month(), cells=())):
        assert text(report, "csv").split("\n")[0].split(",") == text(report, "plain").split("\n")[0].split("\t")


def test_json_has_exactly_the_keys_of_the_interface() -> None:
    document = json.loads(text(built.quarter(), "json", tool_version="1.2.3"))
    assert list(document) == ["format_version", "tool", "method", "rows", "series", "findings", "ledger"]
    assert document["format_version"] == 1
    assert document["tool"] == {"name": "supportkpi", "version": "1.2.3"}
    assert document["method"]["period"] == {"start": "2026-01-01", "end": "2026-03-31", "label": "2026-Q1"}
    assert document["method"]["as_of"] == "2026-04-02T05:12:00Z"
    assert " ".join(document["rows"][0]) == (
        "kpi stat clock attribution group period period_start period_end unit n x n_open value low high counts basis "
        "target verdict certainty state reason"
    )
    assert document["series"][0]["points"] == [[1, 9, 12]]
    assert document["findings"][0]["tickets"] == ["1", "2"]


def test_json_rows_say_what_the_report_says() -> None:
    report = built.quarter()
    rows = json.loads(text(report, "json"))["rows"]
    assert [(row["kpi"], row["stat"], row["clock"], row["value"]) for row in rows] == [
        (cell.kpi, cell.stat, cell.clock, cell.value) for cell in report.cells
    ]
    judged = next(row for row in rows if row["verdict"] == "met")
    assert judged["target"] == {"op": "<=", "value": 3600.0, "text": "1h"}
    missing = next(row for row in rows if row["state"] == "not_observed")
    assert (missing["value"], missing["target"]) == (None, None)
    assert missing["reason"] == ["the export has the last solve only"]
    grouped = json.loads(text(built.grouped(), "json"))["rows"]
    assert {"priority": None} in [row["group"] for row in grouped]


def test_json_ledger_adds_up_and_lists_the_files() -> None:
    ledger = json.loads(text(built.grouped(), "json"))["ledger"]
    assert ledger["rows_read"] == ledger["used"] + sum(ledger["excluded"].values()) + sum(ledger["rejected"].values())
    assert [file["rows_read"] for file in ledger["files"]] == [2050, 3]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", MACHINE)
def test_what_is_no_number_is_no_value(name: str, value: float) -> None:
    cell: Row = built.row("csat_mean", n=3, value=value, low=value, high=value)
    output = text(replace(built.month(), cells=(cell,)), name)
    assert "nan" not in output.lower()
    assert "inf" not in output.lower().replace("fingerprint", "")


def test_instants_are_utc_wherever_they_were() -> None:
    east = datetime(2026, 4, 2, 8, 12, 0, 5, tzinfo=timezone(timedelta(hours=3)))
    report = replace(built.month(), method=built.method(as_of=east))
    assert json.loads(text(report, "json"))["method"]["as_of"] == "2026-04-02T05:12:00.000005Z"
    assert east.astimezone(UTC).hour == 5


@pytest.mark.parametrize("name", ["csv", "plain", "json", "markdown", "table"])
def test_a_name_that_is_not_utf8_can_still_be_written(name: str) -> None:
    odd = b"caf\xe9.csv".decode("utf-8", "surrogateescape")
    cell = replace(built.row("tickets_created", n=1, value=1.0), group={"tag": odd})
    report = replace(built.month(), cells=(*built.month().cells, cell), inputs=(built.source(odd),))
    output = text(report, name, full=True).encode("utf-8")
    assert rb"caf\udce9" in output.replace(b"\\\\", b"\\")
    if name == "json":
        assert json.loads(output)["method"]["inputs"][0]["path"] == odd

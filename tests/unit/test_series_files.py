"""Tables of plain figures: what is read as which series, and what becomes of every row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.errors import DataContradictory, KpiError, NotRecognised
from supportkpi.loaders import load_tables, read
from supportkpi.loaders.beside._series import stem
from supportkpi.loaders.values._stretches import order_of, stretch
from supportkpi.schema import Dataset

JANUARY, FEBRUARY, MARCH = (
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 3, 31)),
)


def load(folder: Path, *texts: str, name: str = "articles.csv", **reading: object) -> Dataset:
    how, tables = Reading(**reading), []  # type: ignore[arg-type]
    for number, text in enumerate(texts):
        path = folder / str(number) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        tables += read(str(path), how)
    data = load_tables(tables, how)
    for one in data.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    return data


@pytest.mark.parametrize("head", ["Email,Month,NPS", "Email,Date,NPS", "Month,NPS"])
def test_scores_of_single_customers_are_answers_though_they_have_only_a_month(tmp_path: Path, head: str) -> None:
    day = "-01" if "Date" in head else ""
    cells = [("a@example.com", "2026-01", 9), ("b@example.com", "2026-01", 3), ("c@example.com", "2026-02", 10)]
    text = "".join(f"{'' if head[0] == 'M' else f'{who},'}{month}{day},{score}\n" for who, month, score in cells)
    data = load(tmp_path, f"{head}\n{text}", name="nps.csv")
    assert data.series.is_empty()
    assert data.surveys.select("instrument", "score").rows() == [("nps", 9.0), ("nps", 3.0), ("nps", 10.0)]


@pytest.mark.parametrize(
    "text", ["Month,NPS\n2026-01,45\n2026-02,8\n", "Month,Channel,NPS\n2026-01,chat,9\n2026-01,email,8\n"]
)
def test_a_score_a_month_stays_a_figure(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text, name="nps.csv").series.height == 2


def rows(data: Dataset, *columns: str) -> list[tuple[object, ...]]:
    return data.series.select("start", "end", *columns).rows()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01", *JANUARY),
        ("2026/1", *JANUARY),
        ("01.2026", *JANUARY),
        ("202601", *JANUARY),
        ("Jan 2026", *JANUARY),
        ("January, 2026", *JANUARY),
        ("Jan-26", *JANUARY),
        ("январь 2026 г.", *JANUARY),
        ("янв. 26", *JANUARY),
        ("2026 январь", *JANUARY),
        ("enero 2026", *JANUARY),
        ("2026-Q1", JANUARY[0], MARCH[1]),
        ("Q1 2026", JANUARY[0], MARCH[1]),
        ("I квартал 2026", JANUARY[0], MARCH[1]),
        ("1 кв. 2026", JANUARY[0], MARCH[1]),
        ("H1 2026", JANUARY[0], date(2026, 6, 30)),
        ("2026-W07", date(2026, 2, 9), date(2026, 2, 15)),
        ("2026", JANUARY[0], date(2026, 12, 31)),
        ("2026 год", JANUARY[0], date(2026, 12, 31)),
        ("2026-01-05", date(2026, 1, 5), date(2026, 1, 5)),
        ("05.01.2026", date(2026, 1, 5), date(2026, 1, 5)),
        ("2026-01-05 00:00:00", date(2026, 1, 5), date(2026, 1, 5)),
    ],
)
def test_a_stretch_of_days_in_many_spellings(text: str, first: date, last: date) -> None:
    found = stretch(text)
    assert found is not None
    assert (found.start, found.end) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "Total", "31.02.2026", "2026-13", "12", "1.5", "2026-01-05 10:30", "soon", "0001-01"]
)
def test_what_is_no_stretch_of_days(text: str) -> None:
    assert stretch(text) is None


def test_slashed_dates_are_those_that_begin_months() -> None:
    assert order_of(["01/01/2026", "01/02/2026"]) == (True, False)
    assert order_of(["1/1/2026", "2/1/2026"]) == (False, True)
    assert order_of(["3/4/2026", "5/6/2026"]) == (True, True)
    assert order_of(["2026-01"]) is None


def test_a_month_and_an_amount_with_its_currency(tmp_path: Path) -> None:
    data = load(tmp_path, "month,amount,currency\n2026-01,31000,EUR\n2026-02,28000.5,eur\n", name="costs.csv")
    assert rows(data, "name", "value", "unit", "currency") == [
        (*JANUARY, "costs", 31000.0, "money", "EUR"),
        (*FEBRUARY, "costs", 28000.5, "money", "EUR"),
    ]


def test_the_currency_may_stand_in_the_header_or_in_the_cell(tmp_path: Path) -> None:
    data = load(tmp_path, "Месяц;Расходы, руб.\nянварь 2026;1 200 000,50\n", name="x.csv")
    assert rows(data, "name", "value", "currency") == [(*JANUARY, "Расходы, руб.", 1_200_000.5, "RUB")]
    data = load(tmp_path, "month,value\n2026-01,€ 12\n2026-02,13 EUR\n", name="costs.csv")
    assert rows(data, "value", "currency") == [(*JANUARY, 12.0, "EUR"), (*FEBRUARY, 13.0, "EUR")]


def test_names_in_a_column_each_with_its_unit(tmp_path: Path) -> None:
    text = "Показатель;Период;Значение;Ед. изм.\nСтатьи;2026-01;21;шт\nУдержание;2026-01;94,5;%\nОтвет;2026-01;35;мин\n"
    data = load(tmp_path, text)
    assert rows(data, "name", "value", "unit") == [
        (*JANUARY, "Статьи", 21.0, "count"),
        (*JANUARY, "Удержание", 0.945, "ratio"),
        (*JANUARY, "Ответ", 2100.0, "s"),
    ]


def test_a_column_for_each_month(tmp_path: Path) -> None:
    text = "KPI,Jan 2026,Feb 2026,Mar 2026,Total\nNew articles,21,23,25,69\nRetention,94%,95%,,95%\n"
    data = load(tmp_path, text)
    assert rows(data.__class__(**{**_fields(data), "series": data.series.sort("name", "start")}), "name", "value") == [
        (*JANUARY, "New articles", 21.0),
        (*FEBRUARY, "New articles", 23.0),
        (*MARCH, "New articles", 25.0),
        (*JANUARY, "Retention", 0.94),
        (*FEBRUARY, "Retention", 0.95),
    ]


def _fields(data: Dataset) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def test_a_column_for_each_series(tmp_path: Path) -> None:
    data = load(tmp_path, "month,New articles,Retention,plan\n2026-01,21,94.5%,20\n2026-02,23,95%,20\n")
    assert set(data.series["name"]) == {"New articles", "Retention"}


def test_a_year_and_a_month(tmp_path: Path) -> None:
    data = load(tmp_path, "year,month,articles\n2026,1,21\n2026,Feb,23\n")
    assert rows(data, "value") == [(*JANUARY, 21.0), (*FEBRUARY, 23.0)]


def test_a_start_and_an_end_whichever_end_is_meant(tmp_path: Path) -> None:
    data = load(tmp_path, "start,end,value\n2026-01-01,2026-01-31,21\n2026-02-01,2026-02-28,23\n")
    assert rows(data, "value") == [(*JANUARY, 21.0), (*FEBRUARY, 23.0)]
    data = load(tmp_path, "from,to,value\n2026-01-01,2026-02-01,21\n2026-02-01,2026-03-01,23\n")
    assert rows(data, "value") == [(*JANUARY, 21.0), (*FEBRUARY, 23.0)]


@pytest.mark.parametrize(
    "days", [("2026-01-01", "2026-02-01"), ("2026-01-31", "2026-02-28"), ("31.01.2026", "28.02.2026")]
)
def test_dates_that_stand_for_months(tmp_path: Path, days: tuple[str, str]) -> None:
    data = load(tmp_path, f"date,value\n{days[0]},21\n{days[1]},23\n")
    assert rows(data) == [JANUARY, FEBRUARY]


def test_days_are_days_and_mondays_are_weeks(tmp_path: Path) -> None:
    data = load(tmp_path, "date,articles\n2026-01-05,1\n2026-01-06,2\n")
    assert rows(data) == [(date(2026, 1, 5),) * 2, (date(2026, 1, 6),) * 2]
    data = load(tmp_path, "week,articles\n2026-01-05,1\n2026-01-12,2\n2026-01-19,2\n")
    assert rows(data)[0] == (date(2026, 1, 5), date(2026, 1, 11))
    data = load(tmp_path, "week ending,articles\n2026-01-11,1\n2026-01-18,2\n2026-01-25,2\n")
    assert rows(data)[0] == (date(2026, 1, 5), date(2026, 1, 11))


def test_a_detail_beside_is_added_up_and_said(tmp_path: Path) -> None:
    text = "month,item,amount,currency\n2026-01,salaries,20000,EUR\n2026-01,licences,5000,EUR\n"
    data = load(tmp_path, text, name="costs.csv")
    assert data.series["value"].sum() == 25_000
    assert "added up over 'item'" in data.provenance[0].notes[-1]


def test_channels_are_those_of_tickets(tmp_path: Path) -> None:
    data = load(tmp_path, "month,channel,amount,currency\n2026-01,Чат,1,EUR\n2026-01,E-mail,2,EUR\n", name="costs.csv")
    assert data.series["channel"].to_list() == ["chat", "email"]


def test_rows_that_cannot_be_used(tmp_path: Path) -> None:
    text = "month,value\n2026-01,21\n31.02.2026,5\n2026-02,abc\n2026-03,\nИтого,26\n2026-04,7\n2026-05,8\n2026-06,9\n"
    data = load(tmp_path, text)
    (ledger,) = data.ledger
    assert (ledger.used, ledger.excluded, ledger.rejected) == (
        4,
        {"total": 1, "empty": 1},
        {"bad-date": 1, "bad-number": 1},
    )
    assert [(reject.line, reject.slug, reject.value) for reject in data.rejects] == [
        (3, "bad-date", "31.02.2026"),
        (4, "bad-number", "abc"),
    ]


def test_a_year_below_its_months_is_no_figure_of_its_own(tmp_path: Path) -> None:
    data = load(tmp_path, "period,value\n2026-01,21\n2026-02,23\n2026,44\n")
    assert data.series["value"].to_list() == [21.0, 23.0]
    assert data.ledger[0].excluded == {"total": 1}


def test_the_same_figure_twice_counts_once(tmp_path: Path) -> None:
    data = load(tmp_path, "month,value\n2026-01,21\n2026-02,23\n", "month,value\n2026-02,23\n2026-03,25\n")
    assert rows(data, "value") == [(*JANUARY, 21.0), (*FEBRUARY, 23.0), (*MARCH, 25.0)]
    assert data.ledger[1].excluded == {"duplicate": 1}


def test_two_files_that_disagree_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataContradictory, match="articles of 2026-01-01 to 2026-01-31 is 21 in"):
        load(tmp_path, "month,value\n2026-01,21\n", "month,value\n2026-01,22\n")


@pytest.mark.parametrize(
    "text",
    [
        "date,score\n2026-01-05,5\n2026-01-06,4\n",  # answers of a survey
        "Respondent,Date,NPS\na,2026-01-05,9\nb,2026-01-05,10\n",
        "date,id\n2026-01-05,5\n2026-01-06,4\n",  # tickets
        "ID,Created,Status\n1,2026-01-01,open\n2,2026-02-01,closed\n",
        "customer_id,date\n17,2026-01-05\n18,2026-01-06\n",  # activity
        "case,activity,timestamp\n1,open,2026-01-05 10:00\n1,close,2026-01-05 11:00\n",
    ],
)
def test_what_is_no_table_of_figures(tmp_path: Path, text: str) -> None:
    try:
        assert load(tmp_path, text).series.is_empty()
    except KpiError as refused:
        assert type(refused) is NotRecognised  # noqa: PT017 - either way is right


def test_columns_may_be_named(tmp_path: Path) -> None:
    data = load(tmp_path, "wann,wieviel\n2026-01,21\n2026-02,23\n", columns={"period": "wann", "value": "wieviel"})
    assert rows(data, "value") == [(*JANUARY, 21.0), (*FEBRUARY, 23.0)]


def test_a_mapping_may_say_rows_series(tmp_path: Path) -> None:
    mapping = tmp_path / "own.yaml"
    mapping.write_text("id: own\nrows: series\ncolumns: {period: [wann], value: [wieviel]}\n")
    data = load(tmp_path, "wann,wieviel\n2026-01,21\n", mapping=str(mapping))
    assert rows(data, "value") == [(*JANUARY, 21.0)]


def test_a_workbook_with_dates(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Articles")
        sheet.write_row(0, 0, ["Month", "Value"])
        date_format = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, day in enumerate((date(2026, 1, 1), date(2026, 2, 1)), 1):
            sheet.write_datetime(row, 0, day, date_format)  # type: ignore[arg-type]
            sheet.write_number(row, 1, 20 + row)
    data = load_tables(read(str(path), Reading()), Reading())
    assert rows(data, "value") == [(*JANUARY, 21.0), (*FEBRUARY, 22.0)]


def test_json_records(tmp_path: Path) -> None:
    data = load(tmp_path, '[{"month": "2026-01", "value": 21}, {"month": "2026-02", "value": 23}]', name="kb.json")
    assert rows(data, "name", "value") == [(*JANUARY, "kb", 21.0), (*FEBRUARY, "kb", 23.0)]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("a/articles.csv", "articles"),
        ("new_articles-2026.csv", "new articles"),
        ("book.xlsx[KB]", "KB"),
        ("2026.csv", "figures"),
    ],
)
def test_a_file_names_its_figures(name: str, called: str) -> None:
    assert stem(name) == called


def test_series_keep_their_columns(tmp_path: Path) -> None:
    data = load(tmp_path, "month,value\n2026-01,21\n")
    assert data.series.schema == pl.Schema(
        {"name": pl.String, "start": pl.Date, "end": pl.Date, "value": pl.Float64}
        | dict.fromkeys(("unit", "currency", "channel"), pl.String)
    )


def test_a_month_twice_in_one_file_is_refused_where_it_says_two_things(tmp_path: Path) -> None:
    """Added up in silence it would be a month that never was."""
    path = tmp_path / "articles.csv"
    path.write_text("month,articles\n2026-01,5\n2026-02,6\n2026-01,5\n2026-03,7\n", encoding="utf-8")
    data = pipeline.load(str(path))
    assert data.series.sort("start")["value"].to_list() == [5.0, 6.0, 7.0]
    assert (data.ledger[0].used, data.ledger[0].excluded) == (3, {"duplicate": 1})
    path.write_text("month,articles\n2026-01,5\n2026-02,6\n2026-01,9\n2026-03,7\n", encoding="utf-8")
    with pytest.raises(DataContradictory, match="articles of 2026-01-01 to 2026-01-31 is there twice: 5 and 9"):
        pipeline.load(str(path))


def test_several_amounts_of_a_month_are_parts_of_it_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text("month,amount,currency\n2026-01,5,EUR\n2026-01,7,EUR\n2026-02,6,EUR\n", encoding="utf-8")
    data = pipeline.load(str(path))
    assert data.series["value"].sum() == 18
    assert any("1 of its months have several amounts" in said for said in data.assumptions)


def test_a_quarter_among_its_months_is_their_sum(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text("month,articles\n2026-01,5\n2026-02,6\n2026-03,7\nQ1 2026,18\n", encoding="utf-8")
    data = pipeline.load(str(path))
    assert data.series["value"].sum() == 18
    assert data.ledger[0].excluded == {"total": 1}


def test_the_figures_that_contradict_each_other_are_of_one_name(tmp_path: Path) -> None:
    """A row a month and priority: what is named are the two figures of one column, not of two."""
    rows = "2026-01,High,1,0.5\n2026-01,Low,4,2.5\n2026-02,High,2,0.5\n2026-02,Low,3,1\n"
    path = tmp_path / "by_priority.csv"
    path.write_text("month,priority,pending,reply_hours\n" + rows, encoding="utf-8")
    with pytest.raises(DataContradictory, match=r"is there twice: (?:1 and 4|1800 and 9000)"):
        pipeline.load(str(path))


def test_what_only_tells_the_kind_of_day_is_no_detail_of_rows(tmp_path: Path) -> None:
    """A row a day with its weekday by name, and whether it is a holiday: figures, as without them."""
    days = (("2026-01-05", "Lunedì"), ("2026-01-06", "Martedì"), ("2026-01-12", "Lunedì"), ("2026-01-13", "Martedì"))
    rows = "".join(f"{day},{name},{name == 'Martedì'},{10 + at},{300 + at}\n" for at, (day, name) in enumerate(days))
    data = load(tmp_path, "date,giorno della settimana,is_holiday,calls,aht_seconds\n" + rows, name="volumes.csv")
    of = {name: part["value"].sum() for (name,), part in data.series.partition_by("name", as_dict=True).items()}
    assert of == {"calls": 46, "aht_seconds": 1206}
    own = "".join(f"{day},{word},{10 + at}\n" for at, (day, word) in enumerate(zip(dict(days), "ABBA", strict=True)))
    with pytest.raises(NotRecognised):
        load(tmp_path, "date,kind,minutes\n" + own, name="own.csv")


def test_shares_are_known_by_the_words_of_their_names(tmp_path: Path) -> None:
    """A name in pct is of shares; "generated" is no rate, however few there were."""
    text = "month,promoters_pct,reports_generated\n2026-01,41.2,3\n2026-02,52.6,5\n"
    data = load(tmp_path, text, name="survey.csv")
    units = dict(data.series.select("name", "unit").unique().rows())
    assert units["promoters_pct"] == "ratio"
    assert units["reports_generated"] == "count"

"""Instants by column: what is recognised, what is asked for, what is refused."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from supportkpi.errors import DataContradictory, DatesAmbiguous, OptionWrong, ZoneUnknown
from supportkpi.loaders.values._dates import choose_dates, choose_order, header_zone


def reading(values, zone="UTC", header="Created", **rest):
    return choose_dates(pl.Series("v", values), header=header, zone=zone, **rest)


def read(found, values):
    frame = pl.LazyFrame({"v": values}).select(found.parse(pl.col("v")))
    return frame.collect(engine="streaming")["v"].to_list()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ONE_VALUE = {
    "2025-12-03 16:29:08": "2025-12-03 16:29:08",
    "2025-12-03 9:29:08": "2025-12-03 09:29:08",
    "2025/12/3 16:29": "2025-12-03 16:29:00",
    "2025.12.03": "2025-12-03 00:00:00",
    "22/08/2025 11:49": "2025-08-22 11:49:00",
    "22.08.25 11:49": "2025-08-22 11:49:00",
    "29-02-2016 01:16": "2016-02-29 01:16:00",
    "3/17/2025 6:04": "2025-03-17 06:04:00",
    "12/31/2024, 11:59:59 PM": "2024-12-31 23:59:59",
    "31.12.2024, 23:59": "2024-12-31 23:59:00",
    "23:59:58 31.12.2024": "2024-12-31 23:59:58",
    "9:05 PM, 31/12/2024": "2024-12-31 21:05:00",
    "09:05 12/31/2024": "2024-12-31 09:05:00",
    "25/Feb/26 10:17 PM": "2026-02-25 22:17:00",
    "18/jul/26 12:10 AM": "2026-07-18 00:10:00",
    "15 Aug 2024 03:45 PM": "2024-08-15 15:45:00",
    "15-AUG-2024 03:45:10": "2024-08-15 03:45:10",
    "Jan 27, 2015 01:21 PM": "2015-01-27 13:21:00",
    "Tuesday, January 27, 2015 1:21 PM": "2015-01-27 13:21:00",
    "Mon, 05 May 2014 00:15:17 +0300": "2014-05-04 21:15:17",
    "Mon May 05 00:15:17 2014": "2014-05-05 00:15:17",
    "Mon May 05 2014 00:15:17 GMT+0300 (Moscow Standard Time)": "2014-05-04 21:15:17",
    "2017-06-11T05:16:01.339+0000": "2017-06-11 05:16:01.339",
    "2016-03-15T18:05:17.568+03:00": "2016-03-15 15:05:17.568",
    "2016-03-15T18:05:17-03:30": "2016-03-15 21:35:17",
    "2016-03-15T18:05:17+0530": "2016-03-15 12:35:17",
    "2016-03-15T18:05:17+03": "2016-03-15 15:05:17",
    "2016-03-15T18:05:17.123456789Z": "2016-03-15 18:05:17.123456",
    "2016-03-15T18:05Z": "2016-03-15 18:05:00",
    "2024-05-01T12:00:00+01:00[Europe/Paris]": "2024-05-01 11:00:00",
    "2018-06-29:10:25Z": "2018-06-29 10:25:00",
    "20250815T102030Z": "2025-08-15 10:20:30",
    "2024-01-05 10:00:00 UTC": "2024-01-05 10:00:00",
    "2024-01-05 10:00 GMT+3": "2024-01-05 07:00:00",
    "2024-01-05 10:00:00 MSK": "2024-01-05 07:00:00",
    "2024-12-16": "2024-12-16 00:00:00",
    "12 марта 2024 г.": "2024-03-12 00:00:00",
    "12 марта 2024 г., 14:05": "2024-03-12 14:05:00",
    "12 сент. 2024 г. в 14:05": "2024-09-12 14:05:00",
    "9 juil. 2024 14:05": "2024-07-09 14:05:00",
    "1er août 2024 à 14h05": "2024-08-01 14:05:00",
    "5 de marzo de 2024 14:05": "2024-03-05 14:05:00",
    "5 de março de 2024 às 14:05": "2024-03-05 14:05:00",
    "12. März 2024, 14:05 Uhr": "2024-03-12 14:05:00",
    "14/4/25 9:10\u00a0p.\u00a0m.": "2025-04-14 21:10:00",
    "4/14/25, 9:10\u202fPM": "2025-04-14 21:10:00",
    "4/14/2025 9:10PM": "2025-04-14 21:10:00",
    "5th Jan 2020": "2020-01-05 00:00:00",
    "2024-Jan-05 10:00": "2024-01-05 10:00:00",
    "1447339319": "2015-11-12 14:41:59",
    "1447339319.900966": "2015-11-12 14:41:59.900966",
    "1447339319900": "2015-11-12 14:41:59.900",
    "45123.5": "2023-07-16 12:00:00",
}


@pytest.mark.parametrize(("text", "instant"), ONE_VALUE.items())
def test_every_form_that_exports_use(text, instant):
    found = reading([text])
    assert found is not None
    assert read(found, [text, None]) == [at(instant), None]


NO_INSTANTS = (
    "3 weeks ago",
    "08:21",
    "13:21:00",
    "abc",
    "INC0010112",
    "664-245651",
    "5 Jan 13:21:10",
    "2024-02-30 10:00:00",
    "2024-13-01",
    "31/31/2024",
    "1.2.3",
    "10.0.0.1",
    "12",
    "2.50",
    "1970-01-01 02:37:03",
    "0001-01-01 00:00:00",
    "2024-01-05 10:00 XYZ",
    "2024-01-05 13:00 PM",
    "27:10:00",
    "PT1H",
    "+49 30 123456",
    "2025081510000222x",
    "v1.2.2024a",
)


@pytest.mark.parametrize("text", NO_INSTANTS)
def test_what_is_no_instant_is_none(text):
    assert reading([text] * 3) is None


def test_nothing_to_read_is_none():
    assert reading([]) is None
    assert reading([None, None]) is None


def test_a_value_of_another_form_is_null_and_never_cut_to_fit():
    found = reading(["2025-12-03 16:29:08"] * 9 + ["2025-12-03T16:29:08Z"])
    odd = ["2025-12-03 16:29:08 later", "03/12/2025 16:29", "2025-12-03 16:29:08+05", "2025-12-03 25:00:00", "x", ""]
    assert read(found, odd) == [None, None, at("2025-12-03 11:29:08"), None, None, None]


def test_offsets_without_a_colon_keep_their_minutes():
    values = [
        "2024-05-01T10:00:00+0530",
        "2024-05-01T10:00:00+05:30",
        "2024-05-01T10:00:00-0330",
        "2024-05-01T10:00:00Z",
    ]
    expected = [at("2024-05-01 04:30:00")] * 2 + [at("2024-05-01 13:30:00"), at("2024-05-01 10:00:00")]
    assert read(reading(values), values) == expected


def test_seconds_and_fractions_may_come_and_go_within_a_column():
    values = [
        "2026-02-25 16:38:58.679",
        "2026-02-25 16:38:43.43",
        "2026-02-25 16:38:43",
        "2026-02-25 16:38",
        "2026-02-25",
    ]
    seconds = ["58.679", "43.430", "43", "00"]
    expected = [at(f"2026-02-25 16:38:{second}") for second in seconds] + [at("2026-02-25 00:00:00")]
    assert read(reading(values), values) == expected


class TestOrder:
    def test_a_first_part_above_12_proves_day_first(self):
        found = reading(["05-09-2025 14:10", "13-09-2025 14:10"])
        assert (found.order, found.proof) == ("dayfirst", 1)
        assert read(found, ["05-09-2025 14:10"]) == [at("2025-09-05 14:10:00")]

    def test_a_second_part_above_12_proves_month_first_whatever_the_vendor_says(self):
        found = reading(["03-12-2025 15:21:08", "02-28-2025 14:06:19"], dayfirst=True)
        assert found.order == "monthfirst"
        assert read(found, ["03-12-2025 15:21:08"]) == [at("2025-03-12 15:21:08")]

    def test_without_proof_the_statement_decides(self):
        assert read(reading(["03/04/2025"], dayfirst=True), ["03/04/2025"]) == [at("2025-04-03 00:00:00")]
        assert read(reading(["03/04/2025"], dayfirst=False), ["03/04/2025"]) == [at("2025-03-04 00:00:00")]

    def test_without_proof_or_statement_it_is_asked_for(self):
        with pytest.raises(DatesAmbiguous) as caught:
            reading(["03/04/2025", "05/06/2025"])
        assert "--dayfirst" in caught.value.hint
        assert caught.value.where.column == "Created"

    def test_equal_day_and_month_are_harmless(self):
        assert read(reading(["03/03/2025"]), ["03/03/2025"]) == [at("2025-03-03 00:00:00")]

    def test_dots_are_day_first_by_convention_unless_disproved(self):
        found = reading(["01.02.2025 10:00"])
        assert read(found, ["01.02.2025 10:00"]) == [at("2025-02-01 10:00:00")]
        assert any("dots" in note for note in found.notes)
        assert reading(["01.02.2025", "01.22.2025"]).order == "monthfirst"

    def test_proof_of_both_orders_stops(self):
        with pytest.raises(DataContradictory):
            reading(["13/01/2025", "01/13/2025"], dayfirst=True)

    def test_the_whole_column_is_asked_where_the_sample_has_no_proof(self):
        asked = []

        def whole():
            asked.append(1)
            return pl.Series(["03/04/2025", "03/28/2025"])

        assert reading(["03/04/2025"], whole=whole).order == "monthfirst"
        assert reading(["13/04/2025"], whole=whole).order == "dayfirst"
        assert len(asked) == 1

    def test_another_column_of_the_file_may_prove_it(self):
        found = reading(["03/04/2025"], also={"Closed": pl.Series(["03/28/2025"])})
        assert found.order == "monthfirst"
        assert any("another column" in note for note in found.notes)

    def test_columns_together(self):
        day, month, open_ = (pl.Series([text]) for text in ("13/04/2025", "04/13/2025", "03/04/2025"))
        assert choose_order({"a": open_, "b": day}) == "dayfirst"
        assert choose_order({"a": day, "b": month}) is None
        assert choose_order({"a": open_, "b": pl.Series(["13 apples"]), "c": pl.Series([1])}) is None

    def test_dates_that_a_spreadsheet_turned_around_are_refused(self):
        turned = [f"2023-{day:02}-{month:02} 00:00:00" for day in range(1, 13) for month in (3, 4)]
        left = [f"{month}/{day}/2023" for month in (3, 4) for day in range(13, 29)]
        with pytest.raises(DataContradictory, match="spreadsheet"):
            reading(turned + left)

    def test_two_honest_notations_in_one_column_are_read_and_named(self):
        values = ["2023-04-25 10:00:00", "2023-04-02 10:00:00", "26/04/2023 10:00", "2023-04-28 11:00:00"]
        found = reading(values)
        assert read(found, values)[2] == at("2023-04-26 10:00:00")
        assert any("dd/mm/yyyy" in note for note in found.notes)


class TestZone:
    def test_local_values_take_the_zone(self):
        assert read(reading(["2025-07-01 12:00:00"], zone="Europe/Berlin"), ["2025-07-01 12:00:00"]) == [
            at("2025-07-01 10:00:00")
        ]

    def test_a_header_may_state_it(self):
        found = reading(["2025-07-01 12:00:00"], zone="Europe/Berlin", header="Created At (UTC)")
        assert found.zone == "UTC"
        assert found.zone_in_header

    @pytest.mark.parametrize(
        ("header", "zone"),
        [
            ("Start (GMT+3)", "Etc/GMT-3"),
            ("Opened (Europe/Moscow)", "Europe/Moscow"),
            ("Due (by)", None),
            ("UTC", None),
        ],
    )
    def test_header_zones(self, header, zone):
        assert header_zone(header) == zone

    def test_an_hour_that_was_skipped_is_null_and_told(self):
        values = ["2025-03-30 02:30:00", "2025-03-30 03:30:00", "rubbish"]
        found = reading(values, zone="Europe/Berlin")
        assert read(found, values) == [None, at("2025-03-30 01:30:00"), None]
        assert pl.Series(values).to_frame("v").select(found.gap(pl.col("v"))).to_series().to_list() == [
            True,
            False,
            False,
        ]

    def test_an_hour_that_ran_twice_is_the_earlier_and_told(self):
        values = ["2025-10-26 02:30:00", "2025-10-26 03:30:00"]
        found = reading(values, zone="Europe/Berlin")
        assert read(found, values) == [at("2025-10-26 00:30:00"), at("2025-10-26 02:30:00")]
        assert pl.Series(values).to_frame("v").select(found.overlap(pl.col("v"))).to_series().to_list() == [True, False]

    def test_offsets_have_no_gaps(self):
        values = ["2025-03-30T02:30:00+01:00"]
        found = reading(values, zone="Europe/Berlin")
        assert found.zoned
        assert read(found, values) == [at("2025-03-30 01:30:00")]
        assert pl.Series(values).to_frame("v").select(found.gap(pl.col("v"))).to_series().to_list() == [False]

    def test_doubtful_abbreviations_are_named(self):
        found = reading(["2024-01-05 10:00:00 CST"])
        assert read(found, ["2024-01-05 10:00:00 CST"]) == [at("2024-01-05 16:00:00")]
        assert any("CST" in note for note in found.notes)

    def test_unknown_zone(self):
        with pytest.raises(ZoneUnknown):
            reading(["2024-01-05"], zone="Europe/Atlantis")


class TestGivenFormats:
    def test_strptime_codes(self):
        found = reading(["2025|31|12 08:15"], formats=["%Y|%d|%m %H:%M"])
        assert found.given
        assert read(found, ["2025|31|12 08:15"]) == [at("2025-12-31 08:15:00")]

    def test_the_printed_format_can_be_given_back(self):
        printed = reading(["13/04/2025 10:00"]).format
        assert read(reading(["03/04/2025 10:00"], formats=[printed]), ["03/04/2025 10:00"]) == [
            at("2025-04-03 10:00:00")
        ]

    def test_python_fractions(self):
        found = reading(["25.12.2025 10:00:00.25"], formats=["%d.%m.%Y %H:%M:%S.%f"])
        assert read(found, ["25.12.2025 10:00:00.25"]) == [at("2025-12-25 10:00:00.250")]

    def test_counts_by_name(self):
        assert read(reading(["43663"], formats=["excel-1904"]), ["43663"]) == [at("2023-07-18 00:00:00")]
        assert read(reading([1447339319000], formats=["unix-ms"]), [1447339319000]) == [at("2015-11-12 14:41:59")]

    def test_a_vendor_format_that_the_values_disprove_is_left(self):
        found = reading(["03-12-2025", "02-28-2025", "03-11-2025"], formats=["%d-%m-%Y"])
        assert not found.given
        assert found.order == "monthfirst"

    def test_a_format_settles_a_contradiction(self):
        values = ["13/01/2025", "14/01/2025", "01/13/2025"]
        assert read(reading(values, formats=["%d/%m/%Y"]), values)[2] is None

    def test_a_stated_order_rules_out_formats_of_the_other(self):
        assert reading(["03/04/2025"], formats=["%d/%m/%Y"], dayfirst=False).order == "monthfirst"

    @pytest.mark.parametrize("text", ["%Q", "yesterday", "%Y-%", ""])
    def test_nonsense(self, text):
        with pytest.raises(OptionWrong):
            reading(["2025-01-01"], formats=[text])


class TestTyped:
    def test_numbers(self):
        for values in ([1447339319, 1447339320], [1447339319.5], [1447339319000]):
            found = reading(values)
            assert found.bare
            assert read(found, values)[0].year == 2015

    def test_zeros_among_unix_times_are_null(self):
        values = [0, 1447339319, 1447339320, 1447339321]
        assert read(reading(values), values)[0] is None

    def test_serials_are_local(self):
        assert read(reading([45123.5], zone="Europe/Berlin"), [45123.5]) == [at("2023-07-16 10:00:00")]

    def test_small_numbers_are_no_dates(self):
        assert reading([1, 2, 3]) is None

    def test_cells_that_are_dates(self):
        values = [datetime(2025, 7, 1, 12), None]  # noqa: DTZ001
        assert read(reading(values, zone="Europe/Berlin"), values) == [at("2025-07-01 10:00:00"), None]
        assert read(reading([date(2025, 7, 1)]), [date(2025, 7, 1)]) == [at("2025-07-01 00:00:00")]
        zoned = [datetime(2025, 7, 1, 12, tzinfo=UTC)]
        assert read(reading(zoned, zone="Europe/Berlin"), zoned) == zoned


def test_the_share_that_could_be_read_is_told():
    found = reading(["2025-01-01"] * 7 + ["soon"] * 3)
    assert found.share == pytest.approx(0.7)
    assert reading(["2025-01-01"] * 4 + ["soon"] * 6) is None


def test_an_empty_batch_is_read():
    for text in ("2025-12-03 16:29:08", "2025-12-03T16:29:08+03:00", "12 марта 2024", "1447339319"):
        assert read(reading([text]), pl.Series([], dtype=pl.String)) == []


class TestYearFirst:
    def test_a_middle_part_above_12_is_a_day(self):
        values = ["2026-06-01", "2026-10-01 9:30", "2026-14-01"]
        found = reading(values)
        assert read(found, values) == [at("2026-01-06 00:00:00"), at("2026-01-10 09:30:00"), at("2026-01-14 00:00:00")]
        assert found.format.startswith("yyyy-dd-mm")
        assert any("behind the year: 1 value fits" in note for note in found.notes)

    def test_a_slip_in_dates_of_the_standard_turns_no_others(self):
        """Before a T stands year, month, day: what fits otherwise is damaged, and the others are what they say."""
        values = ["2026-03-06T08:00:00Z", "2026-12-06T08:00:00Z", "2026-13-06T08:00:00Z", "2026-04-05T08:00:00Z"]
        found = reading(values)
        assert read(found, values) == [at("2026-03-06 08:00"), at("2026-12-06 08:00"), None, at("2026-04-05 08:00")]

    def test_one_date_that_is_none_turns_no_others(self):
        values = ["2026-06-01", "2026-01-31", "2026-14-01"]
        assert read(reading(values), values) == [at("2026-06-01 00:00:00"), at("2026-01-31 00:00:00"), None]

    def test_another_column_decides_where_both_fit(self):
        also = {"Closed": pl.Series(["2026-25-02", "2026-03-02", "2026-04-02"])}
        assert read(reading(["2026-06-02"], also=also), ["2026-06-02"]) == [at("2026-02-06 00:00:00")]
        assert read(reading(["2026-06-02"]), ["2026-06-02"]) == [at("2026-06-02 00:00:00")]
        both = {**also, "Due": pl.Series(["2026-02-25"])}
        assert read(reading(["2026-06-02"], also=both), ["2026-06-02"]) == [at("2026-06-02 00:00:00")]

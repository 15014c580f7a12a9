"""``supportkpi.yaml``: what each key becomes, and each fault by its message, key and place."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from supportkpi import decisions
from supportkpi.calendars import Calendar
from supportkpi.config import chosen, find_config, parse_config, read_config, settings, with_options
from supportkpi.config import keys as config_keys
from supportkpi.errors import (
    ConfigBroken,
    ConfigKey,
    ConfigQuotes,
    ConfigValue,
    CountryUnknown,
    FileMissing,
    FileUnreadable,
    HoursWrong,
    KpiError,
    KpiUnknown,
    OptionWrong,
    TargetWrong,
    ZoneUnknown,
)
from supportkpi.metrics import catalogue
from supportkpi.schema import Status

KPIS = catalogue()
FULL = """
timezone: Europe/Moscow
calendar: office
calendars:
  office:
    hours: {mon-fri: ["09:00-13:00", "14:00-18:00"], sat-sun: ["10:00-18:00"]}
    holidays: {country: RU, before_holiday: -1h, dates: [2026-01-09]}
    days: {2026-11-01: ["09:00-17:00"], 2026-03-09: ["10:00-10:30", "15:00-15:30", "17:00-18:00"]}
    breaks: {2026-04-10: ["12:00-15:00"]}
  eu_office: {timezone: Europe/Berlin, hours: {mon-fri: ["09:00-17:00"]}, when: {region: EU}}
source: {timezone: UTC, dayfirst: true, date_format: "%d.%m.%Y", encoding: cp1251, delimiter: ";",
         columns: {created_at: Opened}}
targets: {csat: ">= 90%", first_response_time.mean: PT1H, nps: 50}
labels: {resolution_time: "Время решения заявки"}
statuses: {Согласование: hold}
first_response: {anchor: handoff, bots: include, outbound: zendesk}
csat: {scale: 1-5, satisfied_from: 5, duplicates: first}
nps: {duplicates: all, scale: 1-10}
max_rejects: 0.5%
"""


def test_the_keys_of_the_design_become_settings() -> None:
    found = settings(parse_config(FULL), years=range(2025, 2027), kpis=KPIS)
    assert (found.timezone, found.calendar) == ("Europe/Moscow", "office")
    assert [(choice.name, dict(choice.when)) for choice in found.calendars] == [
        ("eu_office", {"region": ("EU",)}),
        ("office", {}),
    ]
    assert [(target.kpi, target.stat, target.op, target.value, target.text) for target in found.targets] == [
        ("csat", None, ">=", 0.9, ">= 90%"),
        ("first_response_time", "mean", "<=", 3600.0, "PT1H"),
        ("nps", None, ">=", 50.0, "50"),
    ]
    assert found.labels == {"resolution_time": "Время решения заявки"}
    assert found.first_response == decisions.FirstResponse(anchor="handoff", bots="include", outbound="zendesk")
    assert found.csat == decisions.Csat(scale="1-5", satisfied_from=5.0, duplicates="first")
    assert found.nps == decisions.Nps(duplicates="all", scale="1-10")
    assert found.max_rejects == pytest.approx(0.005)


def test_the_keys_of_the_design_become_a_reading() -> None:
    assert parse_config(FULL).reading == decisions.Reading(
        source_timezone="UTC",
        dayfirst=True,
        date_format="%d.%m.%Y",
        encoding="cp1251",
        delimiter=";",
        columns={"created_at": "Opened"},
        statuses={"Согласование": "hold"},
        csat_scale="1-5",
    )


def test_the_calendar_is_that_of_the_library() -> None:
    text = "calendar: a\ncalendars: {a: {timezone: Europe/Berlin, hours: {mon-fri: 9-17}, days: {2026-12-24: []}}}"
    found = settings(parse_config(text), years=range(2026, 2027), kpis=KPIS).calendars[0].calendar
    assert found == Calendar(
        timezone="Europe/Berlin", hours={"mon-fri": ["09:00-17:00"]}, days={date(2026, 12, 24): []}
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "{}\n"])
def test_an_empty_config_leaves_the_defaults(text: str) -> None:
    assert settings(parse_config(text), kpis=KPIS) == decisions.Settings()


def test_hours_may_be_one_line_and_a_span_may_stand_alone() -> None:
    one, other = (
        chosen(parse_config(f"calendar: a\ncalendars: {{a: {{hours: {hours}}}}}"))[0].versions[0].hours
        for hours in ('"mon-fri 09:00-18:00"', "{mon-fri: 09:00-18:00}")
    )
    assert one == other == {"mon-fri": ("09:00-18:00",)}


def test_a_country_called_no_is_norway() -> None:
    text = "calendar: a\ncalendars: {a: {hours: {daily: 9-17}, holidays: {country: NO}}}"
    assert str(chosen(parse_config(text))[0].versions[0].country) == "NO"


def test_the_calendar_of_the_file_keeps_its_zone_under_another_report_zone() -> None:
    config = parse_config("timezone: Europe/Moscow\ncalendar: a\ncalendars: {a: {hours: {daily: 9-17}}}")
    found = settings(with_options(config, timezone="Asia/Tokyo"), years=range(2026, 2027), kpis=KPIS)
    assert found.timezone == "Asia/Tokyo"
    assert found.calendars[0].calendar.timezone == "Europe/Moscow"


def test_round_the_clock_is_built_in() -> None:
    found = settings(parse_config("calendar: 24x7"), years=range(2026, 2027), kpis=KPIS)
    assert found.calendar == "24x7"
    assert found.calendars[0].calendar.never_closes


def test_a_list_is_versions() -> None:
    text = """
calendar: night
calendars:
  night:
    - {hours: {daily: ["20:00-04:00"]}, when: {group: Night}}
    - {from: 2026-01-01, hours: {daily: ["21:00-05:00"]}}
"""
    plans = chosen(parse_config(text))
    assert [str(version.since) for version in plans[0].versions] == ["None", "2026-01-01"]
    assert [dict(plan.when) for plan in plans] == [{"group": ("Night",)}, {}]  # claims first, then is the default


def test_truths_and_numbers_in_when_are_the_words_of_columns() -> None:
    text = "calendar: 24x7\ncalendars: {a: {hours: {daily: 9-17}, when: {escalated: true, level: [1, 2]}}}"
    assert dict(chosen(parse_config(text))[0].when) == {"escalated": ("true",), "level": ("1", "2")}


def test_a_calendar_that_nothing_uses_is_said() -> None:
    config = parse_config("calendars: {a: {hours: {daily: 9-17}}}")
    assert config.notes == ('calendar a is not used: write "calendar: a", or give it "when"',)
    assert chosen(config) == ()


def test_the_choices_are_those_of_the_settings() -> None:
    pairs = [
        (config_keys.FirstResponseKeys, decisions.FirstResponse, ("anchor", "bots", "outbound")),
        (config_keys.CsatKeys, decisions.Csat, ("duplicates",)),
        (config_keys.NpsKeys, decisions.Nps, ("duplicates",)),
    ]
    for keys, decided, names in pairs:
        for name in names:
            assert get_args(keys.model_fields[name].annotation) == get_args(get_type_hints(decided)[name])
            assert keys.model_fields[name].default == getattr(decided(), name)
    assert get_args(config_keys.Category) == tuple(status.value for status in Status)


OFFICE = "calendars:\n  office:\n    hours: {mon-fri: 9-17}\n"


@pytest.mark.parametrize(
    ("text", "kind", "message", "place", "hint"),
    [
        ("calender: office\n", ConfigKey, "`calender` is no key that is known here", "1:1", "did you mean calendar?"),
        ("zzz: 1\n", ConfigKey, "`zzz` is no key that is known here", "1:1", "the keys here are timezone, calendar"),
        (
            "guardrails: {G01: off}\n",
            ConfigKey,
            "`guardrails` is not supported yet by this version",
            "1:1",
            "leave it out: the keys here are timezone",
        ),
        (
            "timezone: UTC\ngoals: []\n",
            ConfigKey,
            "`goals` is not supported yet by this version",
            "2:1",
            "leave it out",
        ),
        (
            "csat: {unit: ticket}\n",
            ConfigKey,
            "`csat.unit` is not supported yet by this version",
            "1:8",
            "leave it out",
        ),
        ("targets: {csat: >= 90%}\n", ConfigQuotes, "`>= 90%` must stand in quotes", "1:17", 'write csat: ">= 90%"'),
        ("timezone: Moscow time\n", ZoneUnknown, '`timezone`: no time zone is called "Moscow time"', "1:11", ""),
        (
            "timezone: Europe/Moskow\n",
            ZoneUnknown,
            '`timezone`: no time zone is called "Europe/Moskow"',
            "1:11",
            "did you mean Europe/Moscow",
        ),
        ("timezone: 3\n", ConfigValue, "`timezone` takes an IANA zone such as Europe/Moscow, not 3", "1:11", ""),
        (
            "responders: {bots: [x]}\n",
            ConfigKey,
            "`responders.bots` is no key that is known here",
            "1:14",
            "did you mean bot?",
        ),
        (
            "sla: {first_response: {stops_on: [call]}, rules: [{resolution: 4h}]}\n",
            ConfigValue,
            '`sla.first_response.stops_on[0]` takes reply, status or assignment, not "call"',
            "1:35",
            "",
        ),
        (
            "sla: {first_response: {stops_on: []}, rules: [{resolution: 4h}]}\n",
            ConfigValue,
            "`sla.first_response.stops_on` takes at least one value, not an empty list",
            "1:34",
            "",
        ),
        ("source: {timezone: MSC}\n", ZoneUnknown, '`source.timezone`: no time zone is called "MSC"', "1:20", ""),
        (
            "source: {dayfirst: yes}\n",
            ConfigValue,
            '`source.dayfirst` takes true (31/12/2026) or false (12/31/2026), not "yes"',
            "1:20",
            "",
        ),
        (
            "source: UTC\n",
            ConfigValue,
            '`source` takes keys with values: timezone, dayfirst and others, not "UTC"',
            "1:9",
            "",
        ),
        (
            OFFICE + "calendar: ofice\n",
            ConfigValue,
            '`calendar` takes the name of a calendar, and none is called "ofice"',
            "4:11",
            "did you mean office?",
        ),
        (
            OFFICE + "calendar: zzz\n",
            ConfigValue,
            'none is called "zzz"',
            "4:11",
            "there are office, 24x7",
        ),
        (
            "calendars: {24x7: {hours: {daily: 9-17}}}\n",
            ConfigValue,
            "`calendars.24x7` is built in",
            "1:13",
            "another name",
        ),
        ("calendars: {a: []}\n", ConfigValue, "`calendars.a` takes keys with values: hours", "1:16", ""),
        ("calendars: {a: office}\n", ConfigValue, "`calendars.a` takes keys with values: hours, holidays", "1:16", ""),
        ("calendars:\n  a:\n    hour: {}\n", ConfigKey, "`calendars.a.hour` is no key", "3:5", "did you mean hours?"),
        (
            "calendars:\n  a:\n    - {hours: {daily: 9-17}}\n    - {form: 2026-01-01}\n",
            ConfigKey,
            "`calendars.a[1].form` is no key",
            "4:8",
            "did you mean from?",
        ),
        (
            "calendars:\n  a: {}\n",
            HoursWrong,
            "`calendars.a`: the calendar has no open hour",
            "2:3",
            "give it weekly hours",
        ),
        (
            "calendars:\n  a:\n    hours: {mon-fri: 9 to 5}\n",
            HoursWrong,
            "`calendars.a.hours.mon-fri`: ",
            "3:22",
            'write "09:00-18:00"',
        ),
        (
            "calendars:\n  a:\n    hours: {mon-fri: [9-13, 12-18]}\n",
            HoursWrong,
            "`calendars.a.hours.mon-fri`: the hours of this day overlap",
            "3:22",
            "",
        ),
        (
            "calendars:\n  a:\n    hours: {mon-fri: 9-17, fri: 9-15}\n",
            HoursWrong,
            "`calendars.a.hours`: fri has hours twice",
            "3:12",
            "",
        ),
        ("calendars:\n  a:\n    hours: {moon: 9-17}\n", HoursWrong, '`calendars.a.hours`: "moon"', "3:12", "mon-fri"),
        (
            "calendars:\n  a:\n    hours: {daily: 9}\n",
            ConfigValue,
            '`calendars.a.hours.daily` takes spans such as ["09:00-13:00", "14:00-18:00"], not 9',
            "3:20",
            "",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, days: {2026-13-01: []}}}\n",
            ConfigValue,
            '`calendars.a.days.2026-13-01`: "2026-13-01" is no date',
            "1:46",
            "write 2026-03-09",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {dates: [01.05.2026]}}}\n",
            ConfigValue,
            '`calendars.a.holidays.dates[0]`: "01.05.2026" is no date',
            "1:58",
            "write 2026-03-09",
        ),
        (
            "calendars:\n  a:\n    hours: {}\n    holidays: {dates: [2026-05-01]}\n    days: {2026-05-01: [9-12]}\n",
            ConfigValue,
            "`calendars.a`: 2026-05-01 is in both `holidays.dates` and `days`",
            "5:12",
            "closed, or open at these hours?",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {country: Rusia}}}\n",
            CountryUnknown,
            '`calendars.a.holidays.country`: no holidays are known for the country "Rusia"',
            "1:59",
            "did you mean RU?",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {country: DE, subdivision: XX}}}\n",
            CountryUnknown,
            '`calendars.a.holidays.subdivision`: DE has no region "XX"',
            "1:76",
            "its regions are",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {subdivision: BY}}}\n",
            ConfigValue,
            "`calendars.a.holidays.subdivision`: a region is given and no country",
            "1:50",
            "write country: DE beside it",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {country: RU, before_holiday: 1h}}}\n",
            ConfigValue,
            "`calendars.a.holidays.before_holiday`: '1h' does not make a day shorter",
            "1:79",
            "write -1h",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {country: RU, before_holiday: -90s}}}\n",
            ConfigValue,
            "is not between a minute and a day in whole minutes",
            "1:79",
            "write -1h",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {before_holiday: -1h}}}\n",
            ConfigValue,
            "`calendars.a.holidays.before_holiday`: there is no holiday for it to stand before",
            "1:50",
            "name a country, or dates",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, holidays: {hours: [9-10]}}}\n",
            ConfigKey,
            "`calendars.a.holidays.hours` is not supported yet by this version",
            "1:50",
            "leave it out",
        ),
        (
            "calendars:\n  a:\n    - {hours: {daily: 9-17}}\n    - {hours: {daily: 8-16}}\n",
            HoursWrong,
            "`calendars.a`: two versions of the calendar hold from the same date",
            "2:3",
            "give each version its own date",
        ),
        (
            "calendar: 24x7\ncalendars:\n  a:\n"
            "    - {hours: {daily: 9-17}, when: {x: a}}\n    - {from: 2026-01-01, when: {x: b}}\n",
            ConfigValue,
            "`calendars.a` has versions with different `when`",
            "3:3",
            "write it once",
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, when: {x: a}}}\n",
            ConfigValue,
            "`calendars.a` has `when`, and no `calendar` says the hours of all other tickets",
            "1:13",
            'write "calendar: 24x7"',
        ),
        (
            "calendars: {a: {hours: {daily: 9-17}, when: EU}}\n",
            ConfigValue,
            '`calendars.a.when` takes ticket columns with values, such as {region: EU}, not "EU"',
            "1:45",
            "",
        ),
        (
            "statuses: {Wait: pendng}\n",
            ConfigValue,
            "`statuses.Wait` takes new, open, pending",
            "1:18",
            "did you mean pending?",
        ),
        (
            "first_response: {bots: ignore}\n",
            ConfigValue,
            '`first_response.bots` takes exclude or include, not "ignore"',
            "1:24",
            "",
        ),
        (
            "first_response: {anchor: create}\n",
            ConfigValue,
            "`first_response.anchor` takes created,",
            "1:26",
            "did you mean created?",
        ),
        ("csat: {scale: five}\n", ConfigValue, "`csat.scale`: 'five' is no rating scale", "1:15", "write binary, 1-5"),
        (
            "csat: {scale: 5}\n",
            ConfigValue,
            "`csat.scale` takes a scale such as 1-5, 0-10 or binary, not 5",
            "1:15",
            "",
        ),
        (
            "csat: {satisfied_from: '4'}\n",
            ConfigValue,
            '`csat.satisfied_from`: a number is wanted, not "4"',
            "1:24",
            "",
        ),
        (
            "csat: {scale: 1-5, satisfied_from: 8}\n",
            ConfigValue,
            "`csat.satisfied_from` takes a score above 1 up to 5 on the scale 1-5",
            "1:36",
            "",
        ),
        ("nps: {scale: 1-5}\n", ConfigValue, '`nps.scale` takes 0-10 or 1-10, not "1-5"', "1:14", ""),
        ("max_rejects: 0.5\n", ConfigValue, "`max_rejects`: 0.5 is no share of rows", "1:14", 'write "0.5%", or 0'),
        ("max_rejects: 200%\n", ConfigValue, "`max_rejects`: '200%' is no share of rows", "1:14", ""),
        (
            "targets: {csat: [90]}\n",
            ConfigValue,
            '`targets.csat` takes a value such as ">= 90%" or PT1H, not a list',
            "1:17",
            "",
        ),
        (
            "targets: {csat: }\n",
            ConfigValue,
            '`targets.csat` takes a value such as ">= 90%" or PT1H, not nothing',
            "1:11",
            "",
        ),
        ("targets: [csat]\n", ConfigValue, "`targets` takes KPIs with values", "1:10", ""),
        ("labels: {csat: 1.5}\n", ConfigValue, "`labels.csat`: 1.5 is not text", "1:16", "put it in quotes"),
        ("csat: [a\n", ConfigBroken, "a [ is opened here and not closed", "1:7", ""),
    ],
)
def test_a_fault_names_key_place_and_what_is_taken(
    text: str, kind: type[KpiError], message: str, place: str, hint: str
) -> None:
    with pytest.raises(KpiError) as raised:
        parse_config(text, path="c.yaml")
    error = raised.value
    assert type(error) is kind
    assert message in error.message
    assert str(error.where) == f"c.yaml:{place}"
    assert hint in (error.hint or "")


@pytest.mark.parametrize(
    ("text", "kind", "message", "place", "hint"),
    [
        ("targets: {cast: 90%}\n", KpiUnknown, 'no KPI is called "cast"', "1:17", "did you mean csat?"),
        ("targets: {csat.p90: 90%}\n", KpiUnknown, 'csat has no statistic "p90"', "1:21", "it has value"),
        ("targets: {csat.business: 90%}\n", TargetWrong, "csat runs on no clock", "1:26", "leave .business out"),
        (
            "targets: {first_response_time.business: 1h}\n",
            TargetWrong,
            "the target of first_response_time.business needs working hours",
            "1:41",
            "give --hours",
        ),
        (
            "targets: {csat: 0.90}\n",
            TargetWrong,
            'the target "0.90" of csat may mean 90 % or 0.9 %',
            "1:17",
            "write 90% or 0.9%",
        ),
        ("targets: {first_response_time: 45}\n", TargetWrong, "has no unit", "1:32", "write 45m or 45h"),
        ("targets: {tickets_created: 500}\n", TargetWrong, "does not say which side is good", "1:28", 'write ">= 500"'),
        (
            'targets: {backlog: ">= 500/month"}\n',
            TargetWrong,
            "is for each month, and backlog does not add up over time",
            "1:20",
            "give the value alone",
        ),
        ("targets: {a.b.c.d: 1}\n", TargetWrong, '"a.b.c.d" names no KPI', "1:20", "KPI.STAT"),
        ("labels: {cast: Zufriedenheit}\n", KpiUnknown, 'no KPI is called "cast"', "1:16", "did you mean csat?"),
    ],
)
def test_a_fault_of_a_target_has_its_place(
    text: str, kind: type[KpiError], message: str, place: str, hint: str
) -> None:
    config = parse_config(text, path="c.yaml")
    with pytest.raises(KpiError) as raised:
        settings(config, kpis=KPIS)
    assert type(raised.value) is kind
    assert message in raised.value.message
    assert str(raised.value.where) == f"c.yaml:{place}"
    assert hint in (raised.value.hint or "")


def test_hours_on_the_command_line_replace_the_calendars() -> None:
    config = with_options(parse_config(FULL), hours="mon-fri 09:00-18:00; sat 10:00-14:00", holidays="DE-BY")
    plan = chosen(config)[0]
    assert config.calendar == plan.name == "mon-fri 09:00-18:00; sat 10:00-14:00, DE-BY"
    assert (str(plan.versions[0].country), plan.versions[0].timezone) == ("DE-BY", None)
    assert len(chosen(config)) == 1


def test_hours_around_the_clock_are_the_built_in_calendar() -> None:
    config = with_options(parse_config(""), hours="24/7")
    assert config.calendar == "24x7"
    assert settings(config, years=range(2026, 2027), kpis=KPIS).calendars[0].calendar.never_closes


def test_holidays_alone_change_the_country_of_the_default_calendar() -> None:
    plans = chosen(with_options(parse_config(FULL), holidays="KZ"))
    countries = {plan.name: plan.versions[0].country for plan in plans}
    assert str(countries["office"]) == "KZ"
    assert countries["eu_office"] is None


@pytest.mark.parametrize("text", ["", "calendar: 24x7"])
def test_holidays_want_hours(text: str) -> None:
    with pytest.raises(OptionWrong, match="there is none") as raised:
        with_options(parse_config(text), holidays="RU")
    assert raised.value.hint == 'add --hours "mon-fri 09:00-18:00"'


def test_a_target_on_the_command_line_wins_over_the_file() -> None:
    config = with_options(parse_config(FULL), targets=["csat=95%", "csat_mean>=4.5"])
    found = {target.kpi: target.value for target in settings(config, kpis=KPIS).targets}
    assert found == {"csat": 0.95, "csat_mean": 4.5, "first_response_time": 3600.0, "nps": 50.0}


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"hours": "9 to 5"}, HoursWrong),
        ({"hours": "mon-fri 9-17", "holidays": "XX"}, CountryUnknown),
        ({"timezone": "Mars"}, ZoneUnknown),
        ({"targets": ["csat"]}, OptionWrong),
    ],
)
def test_options_are_refused_by_name(options: dict[str, object], kind: type[KpiError]) -> None:
    with pytest.raises(kind):
        with_options(parse_config(""), **options)


@pytest.mark.parametrize(
    "options",
    [{"targets": ["csat=80%", "nps=30", "csat>=90%"]}, {"sla": "first_response=4h resolution=8h first_response=2h"}],
)
def test_options_that_contradict_themselves_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(OptionWrong):
        with_options(parse_config(""), **options)


def test_a_target_may_be_said_twice() -> None:
    assert len(with_options(parse_config(""), targets=["csat=80%", "csat=80%"]).targets) == 1


def test_an_option_target_of_no_kpi_has_no_place() -> None:
    with pytest.raises(KpiUnknown) as raised:
        settings(with_options(parse_config(""), targets=["cast=90%"]), kpis=KPIS)
    assert raised.value.where is None


def test_the_instant_of_the_report_is_passed_on() -> None:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    assert settings(parse_config(""), kpis=KPIS, as_of=at).as_of == at


def test_a_file_is_read_in_utf8_and_in_utf16_with_its_mark(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.yaml"
        path.write_text("labels: {csat: Оценка}\n", encoding=encoding)
        assert read_config(path).labels[0].text == "Оценка"


def test_a_file_in_an_old_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes("timezone: UTC\nlabels: {csat: Оценка}\n".encode("cp1251"))
    with pytest.raises(ConfigBroken, match="not UTF-8") as raised:
        read_config(path)
    assert raised.value.where is not None
    assert raised.value.where.line == 2


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="there is no config"):
        read_config(tmp_path / "no.yaml")
    with pytest.raises(FileUnreadable, match="cannot be read"):
        read_config(tmp_path)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(b"#" * 2_000_000)
    with pytest.raises(ConfigBroken, match="larger than 1024 KiB"):
        read_config(path)


def test_the_config_is_found_up_to_the_repositorys_root(tmp_path: Path) -> None:
    outside, root = tmp_path / "supportkpi.yaml", tmp_path / "repository"
    deep = root / "a" / "b"
    deep.mkdir(parents=True)
    outside.write_text("")
    assert find_config(deep) is None  # no repository: only here
    assert find_config(tmp_path) == outside
    (root / ".git").mkdir()
    assert find_config(deep) is None  # never beyond the root
    (root / "supportkpi.yml").write_text("")
    assert find_config(deep) == root / "supportkpi.yml"
    (root / "supportkpi.yaml").write_text("")
    assert find_config(deep) == root / "supportkpi.yaml"
    (root / "a" / "supportkpi.yml").write_text("")
    assert find_config(deep) == root / "a" / "supportkpi.yml"

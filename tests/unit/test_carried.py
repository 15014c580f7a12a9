"""Schedules and promises of the helpdesk as settings: what they say, what is a comment, and that the file holds."""
# ruff: noqa: E501 - rows of tables are as long as they are

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import polars as pl
import pytest

from supportkpi import pipeline
from supportkpi.calendars import Calendar
from supportkpi.config import Config, parse_config
from supportkpi.config.beginning import Understood, beginning
from supportkpi.config.begun_text import week, words
from supportkpi.config.carried import Carried
from supportkpi.decisions import Reading, Settings
from supportkpi.pipeline import convert, load
from supportkpi.pipeline.understanding import understood
from supportkpi.policies import Closing, Policies, Policy, Promise, Schedule
from supportkpi.schema import Dataset

TABLES = {
    "ticket.csv": """id,_fivetran_synced,created_at,requester_id,status,submitter_id,updated_at,priority
1,2026-04-01 00:00:00,2026-03-02 10:00:00,11,solved,11,2026-03-03 09:00:00,high
2,2026-04-01 00:00:00,2026-03-06 11:00:00,12,solved,12,2026-03-06 12:00:00,urgent
3,2026-04-01 00:00:00,2026-03-06 11:00:00,12,solved,12,2026-03-06 12:00:00,urgent
""",
    "ticket_comment.csv": """id,_fivetran_synced,body,created,public,ticket_id,user_id
1,2026-04-01 00:00:00,a,2026-03-02 10:00:00,TRUE,1,11
2,2026-04-01 00:00:00,b,2026-03-02 10:30:00,TRUE,1,90
3,2026-04-01 00:00:00,a,2026-03-06 11:00:00,TRUE,2,12
4,2026-04-01 00:00:00,b,2026-03-06 11:50:00,TRUE,2,90
5,2026-04-01 00:00:00,a,2026-03-06 11:00:00,TRUE,3,12
6,2026-04-01 00:00:00,b,2026-03-06 11:10:00,TRUE,3,90
""",
    "user.csv": "id,_fivetran_synced,name,role\n11,2026-04-01,Ann,end-user\n12,2026-04-01,Bob,end-user\n90,2026-04-01,Eve,agent\n",
    "schedule.csv": """id,_fivetran_synced,_fivetran_deleted,name,start_time,end_time,time_zone,created_at
3600,2026-04-01,FALSE,Desk,1980,2520,Pacific Time (US & Canada),2024-01-01 00:00:00
3600,2026-04-01,FALSE,Desk,3420,3960,Pacific Time (US & Canada),2024-01-01 00:00:00
3600,2026-04-01,FALSE,Desk,8400,10080,Pacific Time (US & Canada),2024-01-01 00:00:00
3600,2026-04-01,FALSE,Desk,0,60,Pacific Time (US & Canada),2024-01-01 00:00:00
3600,2026-04-01,TRUE,Desk,4860,5400,Pacific Time (US & Canada),2024-01-01 00:00:00
3601,2026-04-01,FALSE,Второй: офис,1980,2520,Moscow,2025-01-01 00:00:00
""",
    "schedule_holiday.csv": """id,schedule_id,_fivetran_deleted,_fivetran_synced,end_date,name,start_date
1,3600,FALSE,2026-04-01,2026-12-25,Christmas,2026-12-24
2,9999,FALSE,2026-04-01,2026-05-01,Of nobody,2026-05-01
3,3600,TRUE,2026-04-01,2026-07-04,Gone,2026-07-04
""",
    "sla_policy_metric_history.csv": """sla_policy_id,index,sla_policy_updated_at,business_hours,metric,priority,target,_fivetran_synced
1,0,2026-01-01 00:00:00,FALSE,first_reply_time,urgent,60,2026-04-01
1,1,2026-01-01 00:00:00,TRUE,first_reply_time,high,240,2026-04-01
1,2,2026-01-01 00:00:00,TRUE,first_reply_time,medium,300,2026-04-01
1,3,2026-01-01 00:00:00,TRUE,first_reply_time,normal,480,2026-04-01
1,4,2026-01-01 00:00:00,TRUE,requester_wait_time,high,600,2026-04-01
1,0,2026-03-05 00:00:00,FALSE,first_reply_time,urgent,45,2026-04-01
2,0,2026-01-01 00:00:00,TRUE,first_reply_time,high,30,2026-04-01
2,0,2026-01-01 00:00:00,TRUE,group_ownership_time,high,30,2026-04-01
""",
}
MAY = date(2026, 5, 1)
OF_TICKETS = """ticket_id,sla_policy_id,policy_applied_at,_fivetran_synced
1,2,2026-03-02 10:00:00,2026-04-01
1,1,2026-03-02 10:05:00,2026-04-01
2,1,2026-03-06 11:00:00,2026-04-01
3,1,2026-03-06 11:00:00,2026-04-01
"""


def held(files: dict[str, str]) -> Dataset:
    return pipeline.load_held({name: text.encode() for name, text in files.items()})


def begun(files: dict[str, str], **reading: object) -> tuple[str, Config]:
    how = Reading(**reading)  # type: ignore[arg-type]
    data = pipeline.load_held({name: text.encode() for name, text in files.items()}, reading=how)
    text = beginning(understood(data, how))
    return text, parse_config(text)


def calendar(config: Config, name: str) -> Calendar:
    settings = pipeline.settings_for(config, None)
    sla = settings.sla
    assert sla is not None
    found = {choice.name: choice.calendar for choice in settings.calendars}
    return {**sla.calendars, **found}[name]


def test_minutes_since_sunday_become_hours_of_the_week_in_the_zone_of_the_schedule() -> None:
    text, config = begun(TABLES)
    assert config.calendar == "Desk"
    assert 'hours: {mon-tue: ["09:00-18:00"], fri: ["20:00-24:00"], sat: ["00:00-24:00"], sun: ["00:00-01:00"]}' in text
    spans = calendar(config, "Desk").intervals(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    assert spans.rows()[0][0] == datetime(2026, 3, 2, 17, tzinfo=UTC), "nine in Los Angeles"
    assert config.timezone == "America/Los_Angeles"
    assert config.reading.source_timezone == "UTC", "the tables are in UTC all the same"
    assert {plan.name for plan in config.plans} >= {"Desk", "Второй: офис"}


def test_holidays_close_their_last_day_too_and_those_of_nobody_are_a_comment() -> None:
    text, config = begun(TABLES)
    plan = next(plan for plan in config.plans if plan.name == "Desk")
    assert set(plan.versions[0].closed) == {date(2026, 12, 24), date(2026, 12, 25)}
    assert "# 2026-05-01  Of nobody: a holiday of the schedule 9999, which is not among the files" in text
    assert "2026-07-04" not in text


def test_targets_become_rules_on_their_own_clock_and_versions_by_the_date_of_their_policy() -> None:
    text, config = begun(TABLES | {"ticket_sla_policy.csv": OF_TICKETS})
    assert config.sla is not None
    (first, old), (second, new) = config.sla.versions
    assert (first, second) == (None, date(2026, 3, 5))
    rules = {rule.name: rule for rule in old.rules}
    assert list(rules) == ["1 urgent", "1 high", "1 normal"], "the policy that no ticket has is a comment"
    assert rules["1 urgent"].calendar == "24x7"
    assert rules["1 high"].calendar is None
    assert rules["1 high"].when == {"sla_policy": ("1",), "priority": ("high",)}
    assert {name: limit.seconds for name, limit in rules["1 high"].limits.items()} == {
        "first_response": 4 * 3600,
        "resolution": 10 * 3600,
    }
    assert rules["1 normal"].limits["first_response"].seconds == 8 * 3600, "normal goes before medium"
    assert dict(old.pause_on) == {"resolution": ("pending",)}
    assert [rule.limits["first_response"].text for rule in new.rules] == ["45m"]
    assert "# 2: no ticket of the files has this policy" in text
    assert "# first_reply_time of policy 1 for medium: normal has a target, too" in text
    assert "# group_ownership_time: 1 target, and nothing here measures that" in text


def test_the_last_policy_of_a_ticket_counts_and_a_check_judges_by_it() -> None:
    data = held(TABLES | {"ticket_sla_policy.csv": OF_TICKETS})
    assert data.tickets.sort("ticket_id")["sla_policy"].to_list() == ["1", "1", "1"]
    config = parse_config(beginning(understood(data, Reading())))
    report = pipeline.measure(data, settings=pipeline.settings_for(config, data))
    told = report.rows.filter((pl.col("kpi") == "sla_first_response") & (pl.col("stat") == "value"))
    assert told["n"].max() == 3
    assert told["x"].max() == 2, "ticket 2 was answered after 50 minutes, and 45 were promised by then"


def test_without_a_table_of_whose_policy_it_is_only_the_first_one_judges() -> None:
    text, config = begun(TABLES)
    assert config.sla is not None
    assert {rule.name for _, version in config.sla.versions for rule in version.rules} == {
        "1 urgent",
        "1 high",
        "1 normal",
    }
    assert "# 2: the files do not say for which tickets this policy is: add that to when" in text
    assert "# - {name: 2 high" in text or '# - {name: "2 high"' in text


def test_a_table_of_whose_schedule_it_is_makes_rules_and_calendars_for_it() -> None:
    of = "ticket_id,schedule_id,created_at,_fivetran_synced\n1,3601,2026-03-02 10:00:00,2026-04-01\n"
    _, config = begun(TABLES | {"ticket_sla_policy.csv": OF_TICKETS, "ticket_schedule.csv": of})
    plan = next(plan for plan in config.plans if plan.name == "Второй: офис")
    assert dict(plan.when) == {"schedule": ("Второй: офис",)}
    assert config.sla is not None
    names = [(rule.name, rule.calendar) for rule in config.sla.versions[0][1].rules]
    assert names[:3] == [("1 urgent", "24x7"), ("1 high, Второй: офис", "Второй: офис"), ("1 high", None)]
    data = held(TABLES | {"ticket_sla_policy.csv": OF_TICKETS, "ticket_schedule.csv": of})
    settings = pipeline.settings_for(config, data)
    places = pipeline.fold(data, settings).tickets.sort("ticket_id")["on_calendar"].to_list()
    assert [settings.calendars[place].name for place in places] == ["Второй: офис", "Desk", "Desk"]


TICKETS = [
    {
        "id": n,
        "created_at": "2026-03-02T10:00:00Z",
        "updated_at": "2026-03-02T12:00:00Z",
        "status": "solved",
        "priority": "high",
        "requester_id": 11,
        "submitter_id": 11,
        "group_id": 70,
        "brand_id": 5,
        "via": {"channel": "email"},
        "tags": ["gold"],
        "comments": [],
    }
    for n in (1, 2)
]


def policy(key: int, *conditions: dict[str, str], target: int = 60) -> dict[str, object]:
    metrics = [{"priority": "high", "metric": "first_reply_time", "target": target, "business_hours": True}]
    return {
        "id": key,
        "title": f"P{key}",
        "position": key,
        "filter": {"all": list(conditions)},
        "policy_metrics": metrics,
    }


def test_records_of_the_interface_say_for_which_tickets_a_policy_is() -> None:
    def condition(field: str, value: str, operator: str = "is") -> dict[str, str]:
        return {"field": field, "operator": operator, "value": value}

    files = {
        "tickets.json": {"tickets": TICKETS},
        "groups.json": {"groups": [{"id": 70, "name": "First line", "is_public": True, "default": True}]},
        "schedules.json": {
            "schedules": [
                {
                    "id": 3600,
                    "name": "Desk",
                    "time_zone": "Berlin",
                    "intervals": [{"start_time": 1980, "end_time": 2520}],
                }
            ]
        },
        "holidays-3600.json": {
            "holidays": [{"id": 1, "name": "May", "start_date": "2026-05-01", "end_date": "2026-05-01"}]
        },
        "sla_policies.json": {
            "sla_policies": [
                policy(4),
                policy(1, condition("group_id", "70"), condition("current_tags", "gold red", "includes")),
                policy(2, condition("via_id", "33", "is_not")),
                policy(3, condition("group_id", "71")),
            ]
        },
    }
    text, config = begun({name: json.dumps(body) for name, body in files.items()})
    assert config.sla is not None
    rules = [(rule.name, dict(rule.when)) for rule in config.sla.versions[0][1].rules]
    assert rules == [
        ("P1 high", {"group": ("First line",), "tag": ("gold",), "priority": ("high",)}),
        ("P4 high", {"priority": ("high",)}),
    ]
    assert '# P1 is not for all that it asks for: it is for tag "red", which no ticket has' in text
    assert "# P2: no rule can say: via_id is not 33" in text
    assert '# P3: it is for group "71", which no ticket has' in text
    assert set(config.plans[0].versions[0].closed) == {date(2026, 5, 1)}


@pytest.mark.parametrize(
    ("zone", "said"),
    [("Mars", '# timezone: Europe/Berlin # the export calls it "Mars": write'), ("", "the export does not say it")],
)
def test_a_zone_that_nobody_knows_is_asked_for(zone: str, said: str) -> None:
    table = f"id,_fivetran_synced,name,start_time,end_time,time_zone\n1,2026-04-01,Desk,1980,2520,{zone}\n"
    text, config = begun({"ticket.csv": TABLES["ticket.csv"], "schedule.csv": table})
    assert said in " ".join(text.split())
    assert config.timezone == "UTC"


@pytest.mark.parametrize("span", ["2520,1980", "-5,60", "x,60", "1980,99999", ","])
def test_spans_that_are_none_are_said(span: str) -> None:
    table = f"id,_fivetran_synced,name,start_time,end_time,time_zone\n1,2026-04-01,Desk,1980,2520,Berlin\n1,2026-04-01,Desk,{span},Berlin\n"
    text, config = begun({"ticket.csv": TABLES["ticket.csv"], "schedule.csv": table})
    assert "# 1 of the spans of the schedule Desk cannot be read" in text
    assert config.calendar == "Desk"


def test_a_schedule_without_hours_and_targets_without_sense_leave_what_there_was() -> None:
    table = "id,_fivetran_synced,name,start_time,end_time,time_zone\n1,2026-04-01,Desk,5,5,Berlin\n"
    targets = "sla_policy_id,metric,priority,target,_fivetran_synced\n1,first_reply_time,high,soon,x\n1,first_reply_time,high,-5,x\n"
    files = {"ticket.csv": TABLES["ticket.csv"], "schedule.csv": table, "sla_policy_metric_history.csv": targets}
    _, config = begun(files)
    assert config.calendar == "office"
    assert config.sla is None


def test_two_of_one_name_stay_apart_and_24x7_is_no_name() -> None:
    row = "{},2026-04-01,{},1980,2520,Berlin\n"
    head = "id,_fivetran_synced,name,start_time,end_time,time_zone\n"
    rows = "".join(row.format(*each) for each in ((1, "Desk"), (2, "Desk"), (3, "24x7")))
    _, config = begun({"ticket.csv": TABLES["ticket.csv"], "schedule.csv": head + rows})
    assert {plan.name for plan in config.plans} >= {"Desk (1)", "Desk (2)", "24x7 (3)"}


def test_what_was_found_travels_with_a_converted_folder(tmp_path: object) -> None:
    data = held(TABLES)
    folder = f"{tmp_path}/there"
    convert(data, folder, form="ndjson")
    assert load(folder).policies == data.policies
    assert data.policies


def test_policies_of_two_files_are_there_once() -> None:
    one = Schedule(id="1", name="Desk", zone="Europe/Berlin", week={"mon": ("09:00-18:00",)})
    both = Policies(schedules=(one,)) + Policies(schedules=(one,), policy_column="sla_policy", unread=("x",))
    assert both == Policies(schedules=(one,), policy_column="sla_policy", unread=("x",))
    assert not Policies(unread=("x",))


def test_text_of_settings_is_read_as_it_was_meant() -> None:
    assert week({"mon": ("09:00-18:00",), "tue": ("09:00-18:00",), "sun": ("00:00-24:00",)}) == (
        '{mon-tue: ["09:00-18:00"], sun: ["00:00-24:00"]}'
    )
    assert words({"group": ("A", "no"), "priority": ("high",)}) == '{group: [A, "no"], priority: high}'
    assert Settings().timezone == "UTC"


def test_policies_that_no_rule_can_say_leave_a_file_that_holds() -> None:
    strange = {"field": "via_id", "operator": "is_not", "value": "33"}
    files = {"tickets.json": {"tickets": TICKETS}, "sla_policies.json": {"sla_policies": [policy(1, strange)]}}
    text, config = begun({name: json.dumps(body) for name, body in files.items()})
    assert config.sla is None
    assert "# sla:" in text
    assert "no rule can say: via_id is not 33" in text
    assert not config.checks


def test_what_was_promised_is_checked_at_once() -> None:
    files = TABLES | {"ticket_sla_policy.csv": OF_TICKETS}
    text, config = begun(files)
    data = held(files)
    gate = pipeline.check(data, settings=pipeline.settings_for(config, data))
    found = {(one.check.kpi, one.group.get("rule")): one.result for one in gate.checks}
    assert {kpi for kpi, _ in found} == {"sla_first_response", "sla_resolution"}
    assert found["sla_first_response", "1 urgent"] == "fail", "one of two in time, and 90 % are proposed"
    assert found["sla_first_response", "1 high"] == "pass"
    assert "sla_next_response" not in text


@pytest.mark.parametrize(
    "name", ["a: b", "]", "{x", "- y", "# z", "NO", "24x7", '"', "'", "a\nb: c", "\u2028", "%", "1", "🔥"]
)
def test_no_name_of_the_helpdesk_breaks_the_file(name: str) -> None:
    held = Policies(
        schedules=(
            Schedule(id="1", name=name, zone=None, zone_said=name, week={"mon": ("09:00-18:00",)}),
            Schedule(id="2", name="other", zone="Europe/Berlin", week={"tue": ("09:00-18:00",)}, since="9"),
        ),
        closings=tuple(Closing(schedule=of, name=name, first=MAY, last=MAY) for of in ("1", name)),
        policies=(
            Policy(id="p", name=name, when={"group": (name,)}),
            Policy(id="q", name=name, when={}, unsaid=(name,)),
        ),
        promises=tuple(
            Promise(policy=key, metric=name, timed=timed, priority=None, seconds=90.0, in_hours=True)
            for key in ("p", "q")
            for timed in ("resolution", None)
        ),
        schedule_column="schedule",
        unread=(name,),
    )
    carried = Carried(policies=held, hours_of_tickets=(name, "other"))
    config = parse_config(beginning(Understood(files=["x"], zone="UTC", zone_source="file", carried=carried)))
    assert config.sla is not None
    ((_, version),) = config.sla.versions
    assert [dict(rule.when)["group"] for rule in version.rules] == [(name,), (name,)]
    assert version.rules[-1].limits["resolution"].seconds == 90

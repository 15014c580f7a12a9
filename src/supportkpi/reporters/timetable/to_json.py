"""A timetable as JSON: every day with its open spans and the reasons of its exceptions."""

from __future__ import annotations

import json

from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_json import FORMAT_VERSION, instant_text
from supportkpi.timetables import Day, Timetable

FORMAT = "json"
SUFFIXES = (".json",)


def render(timetable: Timetable, options: RenderOptions) -> str:
    """One object: the calendar, its totals, its days, worked examples."""
    whole = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "calendar": {
            "name": timetable.name,
            "timezone": timetable.timezone,
            "versions": [
                {"from": None if since is None else since.isoformat(), "hours": hours}
                for since, hours in timetable.versions
            ],
            "when": {name: list(values) for name, values in timetable.when.items()},
            "country": timetable.country,
            "source": timetable.source or None,
        },
        "period": {
            "label": timetable.label,
            "start": timetable.start.isoformat(),
            "end": timetable.end.isoformat(),
        },
        "working_days": timetable.working_days,
        "open_s": timetable.open_s,
        "days": [_day(each) for each in timetable.days],
        "examples": [
            {"start": instant_text(each.start), "limit": each.limit, "due": instant_text(each.due)}
            for each in timetable.examples
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _day(each: Day) -> dict[str, object]:
    reasons = [
        {
            "kind": why.kind,
            "name": why.name or None,
            "day": None if why.day is None else why.day.isoformat(),
            "text": why.text or None,
        }
        for why in each.reasons
    ]
    return {"date": each.day.isoformat(), "open": list(each.spans), "open_s": each.open_s, "reasons": reasons}

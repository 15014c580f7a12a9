"""The worked cases of ../shared/vectors/kpi.jsonl: their events become our frames, their options our settings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Csat, FirstResponse, Nps, Settings, Window
from supportkpi.engine.measure import measure
from supportkpi.engine.statistics.intervals import quantile_ranks, wilson
from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.quantiles import summaries
from supportkpi.engine.statistics.solve import solved as least
from supportkpi.facts import fold
from supportkpi.report import Report
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.shared
EVERY = dict.fromkeys(Sight, Extent.EVERY)
CES_WORDS = {"плохо": 1.0, "хорошо": 2.0, "отлично": 3.0, "good": 1.0, "bad": 0.0}
FACES = {"🤩": 5.0, "😃": 4.0, "😐": 3.0, "🙁": 2.0, "😠": 1.0}


def cases(*groups: str) -> list[object]:
    path = VECTORS / "kpi.jsonl"
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="no reference vectors beside the repository"))]
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [pytest.param(row, id=row["id"]) for row in rows if row["kpi"] in groups]


def instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def events_of(ticket: dict) -> list[dict]:
    rows = [{"at": instant(ticket["created_at"]), "kind": "created"}]
    for event in ticket.get("events", []):
        row = {"at": instant(event["t"]), "kind": event["type"]}
        if event["type"] == "message":
            row |= {"actor": event["author"], "public": event["public"]}
        if event["type"] == "status":
            row["value"] = event["to"]
        rows.append(row)
    return [{"ticket_id": ticket["id"], "seq": seq, **row} for seq, row in enumerate(rows)]


def log_dataset(tickets: list[dict], as_of: datetime | None = None) -> Dataset:
    events = pl.DataFrame([row for ticket in tickets for row in events_of(ticket)], schema=dict(EVENTS))
    until = as_of or events["at"].max()
    frame = pl.DataFrame(
        [
            {
                "ticket_id": ticket["id"],
                "exclusion": "spam" if ticket.get("spam") else "merged" if ticket.get("merged_into") else None,
                "observed_until": until,
            }
            for ticket in tickets
        ],
        schema={name: TICKETS[name] for name in ("ticket_id", "exclusion", "observed_until")},
    )
    return check(
        Dataset(
            history=Log(frame=events.lazy()), tickets=frame, surveys=pl.DataFrame(schema=dict(SURVEYS)), observes=EVERY
        )
    )


def calendar_of(options: dict) -> tuple[CalendarChoice, ...]:
    if "calendar" not in options:
        return ()
    spec = options["calendar"]
    days = {
        date.fromisoformat(day): ["-".join(span) for span in spans] for day, spans in spec.get("exceptions", {}).items()
    }
    hours = {day: ["-".join(span) for span in spans] for day, spans in spec["week"].items()}
    return (CalendarChoice(name="case", calendar=Calendar(timezone=spec["tz"], hours=hours, days=days)),)


def settings_of(options: dict) -> Settings:
    anchor = {
        "first_customer_message": "first_customer_message",
        "handoff": "handoff",
        "reopen_after_bot": "reopen_after_bot",
    }
    first = FirstResponse(
        anchor=anchor.get(options.get("anchor"), "created"),
        bots="include" if options.get("include_bots") else "exclude",
        outbound=options.get("outbound", "exclude"),
    )
    return Settings(first_response=first, calendars=calendar_of(options), as_of=instant(options.get("as_of")))


def approve(case: dict, actual: dict) -> None:
    for name, wanted in case["expected"].items():
        if name not in actual:
            continue
        if wanted is None:
            assert actual[name] is None, name
        else:
            assert actual[name] == pytest.approx(wanted, abs=case["tolerance"]), name


def on_clock(case: dict) -> str:
    return "business" if "calendar" in case["options"] else "calendar"


@pytest.mark.parametrize("case", cases("frt"))
def test_first_response_time(case):
    as_of = instant(case["options"].get("as_of"))
    facts = fold(log_dataset(case["input"]["tickets"], as_of), settings := settings_of(case["options"]))
    report = measure(facts, settings=settings, kpis=["first_response_time"])
    cell = report.get("first_response_time", "mean", clock=on_clock(case))
    found = {
        stat: report.get("first_response_time", stat, clock=on_clock(case)).value
        for stat in ("median", "p90", "km_median")
    }
    found |= {"n": cell.n, "mean": cell.value, "unanswered": cell.n_open, **cell.counts}
    assert set(case["expected"]) <= set(found)
    approve(case, found)


@pytest.mark.parametrize("case", cases("rt"))
def test_resolution_time(case):
    if "tickets" not in case["input"]:
        values = pl.DataFrame({"code": 0, "s": [3600.0 * hours for hours in case["input"]["rt_hours"]], "ended": True})
        times = values.cast({"code": pl.UInt32})
        found = summaries(ordered(times), 0.95)[0]
        actual = {
            name: found.stat(ours)[0] / 3600
            for name, ours in {
                "mean": "mean",
                "median": "median",
                "p90_linear": "p90",
                "mean_of_top_10pct": "hardest_decile_mean",
            }.items()
        }
        actual["p90_nearest_rank"] = least(times, 0.9)[0].value / 3600
        assert set(case["expected"]) <= set(actual)
        approve(case, actual)
        return
    facts = fold(
        log_dataset(case["input"]["tickets"], instant(case["options"].get("as_of"))),
        settings := settings_of(case["options"]),
    )
    report = measure(facts, settings=settings, detail=False)
    clock = on_clock(case)
    ticket = facts.tickets.row(0, named=True)
    approve(
        case,
        {
            "first": report.get("first_resolution_time", "mean", clock=clock).value,
            "full": report.get("resolution_time", "mean", clock=clock).value,
            "reopens": ticket["reopens"],
        },
    )


@pytest.mark.parametrize("case", cases("rt.attribution"))
def test_attribution(case):
    if "solved_rows" in case["input"]:  # 400 tickets of a day and 100 of forty, all solved in the period
        _old_backlog(case)
        return
    start, end = (instant(text) for text in case["input"]["period"])
    window = Window(start=start, end=end, label="2026-04", start_date=start.date(), end_date=end.date())
    tickets = [
        {
            **ticket,
            "events": [{"t": ticket["solved_at"], "type": "status", "to": "solved"}] if ticket["solved_at"] else [],
        }
        for ticket in case["input"]["tickets"]
    ]
    as_of = instant(case["options"]["as_of"])
    facts = fold(log_dataset(tickets, as_of), settings := Settings(as_of=as_of))
    report = measure(facts, settings=settings, window=window, detail=False)
    created, solved = report.get("resolution_time", "mean"), report.get("tickets_solved")
    wanted = case["expected"]
    assert created.attribution == "created"
    assert (created.n, created.n_open) == (wanted["created_in"]["n_resolved"], wanted["created_in"]["n_open"])
    hours = None if created.value is None else created.value / 3600
    assert hours == pytest.approx(wanted["created_in"]["mean_h_resolved"])
    assert (solved.n, solved.attribution) == (wanted["solved_in"]["n"], "solved")
    inside = facts.tickets.filter(pl.col("resolved_at").is_between(start, end, closed="left"))
    assert inside["resolution_s"].mean() / 3600 == pytest.approx(wanted["solved_in"]["mean_h"])


def _old_backlog(case: dict) -> None:
    month = datetime(2026, 4, 1, tzinfo=UTC)
    tickets = []
    for row in case["input"]["solved_rows"]:
        for _ in range(row["count"]):
            solved = month + timedelta(days=2)
            created = solved - timedelta(days=row["rt_days"])
            event = {"t": solved.isoformat(), "type": "status", "to": "solved"}
            tickets.append({"id": str(len(tickets)), "created_at": created.isoformat(), "events": [event]})
    facts = fold(log_dataset(tickets), Settings())
    window = Window(start=month, end=month + timedelta(days=30), label="2026-04")
    assert measure(facts, settings=Settings()).get("resolution_time", "mean").value / 86400 == pytest.approx(
        case["expected"]["solved_in_mean_days"]
    )
    report = measure(facts, settings=Settings(), window=window)
    assert report.get("resolution_time", "mean").value / 86400 == pytest.approx(
        case["expected"]["created_in_mean_days"]
    )


def score_of(rating: object) -> float | None:
    if rating is None or isinstance(rating, int | float):
        return None if rating is None else float(rating)
    return CES_WORDS.get(rating, FACES.get(rating))


def scale_name(options: dict) -> str | None:
    scale = options.get("scale")
    return scale if isinstance(scale, str) or scale is None else f"{scale[0]}-{scale[1]}"


def survey_dataset(rows: list[dict], tickets: list[dict] = ()) -> Dataset:
    surveys = pl.DataFrame(
        rows, schema={"instrument": SURVEYS["instrument"], **{n: SURVEYS[n] for n in SURVEYS if n != "instrument"}}
    )
    base = log_dataset(list(tickets)) if tickets else None
    empty = pl.DataFrame(schema={name: TICKETS[name] for name in ("ticket_id", "observed_until")})
    return Dataset(
        history=base.history if base else Log(frame=pl.LazyFrame(schema=dict(EVENTS))),
        tickets=base.tickets if base else empty,
        surveys=surveys,
        observes=EVERY if tickets else {Sight.rating: Extent.EVERY, Sight.offer: Extent.EVERY},
    )


def ratings_report(rows: list[dict], options: dict) -> Report:
    settings = Settings(
        csat=Csat(
            scale=scale_name(options),
            satisfied_from=options.get("satisfied_from"),
            duplicates=options.get("duplicates", "last"),
        ),
    )
    return measure(fold(survey_dataset(rows), settings), settings=settings, detail=False)


@pytest.mark.parametrize("case", cases("csat"))
def test_csat(case):
    from supportkpi.loaders.values._ratings import guess_scale, score

    options, rows = case["options"], []
    texts = [entry["rating"] if isinstance(entry, dict) else entry for entry in case["input"]["ratings"]]
    answers = pl.Series("rating", [None if text is None else str(text) for text in texts], dtype=pl.String)
    guess = guess_scale(answers, "rating", scale_name(options))
    scores = answers.to_frame().select(score(pl.col("rating"), guess)).to_series().to_list()
    for number, entry in enumerate(case["input"]["ratings"]):
        rating = entry["rating"] if isinstance(entry, dict) else entry
        known = entry if isinstance(entry, dict) else {}
        if rating == "unoffered":
            continue
        rows.append(
            {
                "instrument": "csat",
                "ticket_id": known.get("ticket", str(number)),
                "respondent_id": known.get("customer"),
                "at": instant(known.get("t")),
                "score": scores[number],
                "answer": rating if isinstance(rating, str) else None,
                "scale": scale_name(options),
            }
        )
    report = ratings_report(rows, options)
    value = report.get("csat", "value")
    found = {
        "n": value.n,
        "positive": value.counts.get("satisfied"),
        "csat": value.value,
        "invalid": value.counts.get("invalid"),
    }
    found |= {
        "by_ticket": value.value,
        "by_customer": report.get("csat", "by_customer").value,
        "mean": report.get("csat_mean").value,
    }
    if case["id"] == "csat-11":
        found |= {
            f"csat_if_{way}": ratings_report(rows, {**options, "duplicates": way}).get("csat").value
            for way in ("first", "all")
        }
    assert set(case["expected"]) <= set(found)
    approve(case, found)


@pytest.mark.parametrize("case", cases("csat.response"))
def test_csat_response(case):
    given = case["input"]
    rows = [
        {
            "instrument": "csat",
            "ticket_id": str(i),
            "score": 1.0 if i < given["good"] else 0.0 if i < given["good"] + given["bad"] else None,
            "scale": "binary",
        }
        for i in range(given["eligible"])
    ]
    report = ratings_report(rows, {"scale": "binary"})
    found = {name: report.get("csat", name).value for name in ("worst_case", "best_case")}
    approve(case, found | {"csat": report.get("csat").value, "response_rate": report.get("csat_response_rate").value})


@pytest.mark.parametrize("case", cases("csat.net"))
def test_csat_net(case):
    given = case["input"]
    scores = [3.0] * given["great"] + [2.0] * given["okay"] + [1.0] * given["not_good"]
    rows = [
        {"instrument": "csat", "ticket_id": str(i), "score": score, "scale": "1-3"} for i, score in enumerate(scores)
    ]
    report = ratings_report(rows, {"scale": "1-3", "satisfied_from": 3})
    approve(case, {"score": report.get("csat", "net").value, "great": 100 * report.get("csat").value})


@pytest.mark.parametrize("case", cases("csat.attribution"))
def test_csat_attribution(case):
    start, end = (instant(text) for text in case["input"]["period"])
    window = Window(start=start, end=end, label="2026-03")
    for name, dated in (("by_rated_at", True), ("by_solved_at", False)):
        tickets, rows = [], []
        for number, entry in enumerate(case["input"]["tickets"]):
            tickets.append(
                {
                    "id": str(number),
                    "created_at": "2026-03-01T00:00:00Z",
                    "events": [{"t": entry["solved_at"], "type": "status", "to": "solved"}],
                }
            )
            rows.append(
                {
                    "instrument": "csat",
                    "ticket_id": str(number),
                    "at": instant(entry["rated_at"]) if dated else None,
                    "score": float(entry["rating"]),
                    "scale": scale_name(case["options"]),
                }
            )
        settings = Settings(csat=Csat(satisfied_from=case["options"]["satisfied_from"]))
        row = measure(fold(survey_dataset(rows, tickets), settings), settings=settings, window=window).get("csat")
        assert row.attribution == ("rated" if dated else "solved")
        approve({"expected": case["expected"][name], "tolerance": case["tolerance"]}, {"n": row.n, "csat": row.value})


@pytest.mark.parametrize("case", cases("nps"))
def test_nps(case):
    given = case["input"]
    entries = [{"score": score} for score in given["scores"]] if "scores" in given else given["responses"]
    rows = [
        {
            "instrument": "nps",
            "respondent_id": entry.get("customer"),
            "at": instant(entry.get("t")),
            "score": None if entry["score"] is None else float(entry["score"]),
        }
        for entry in entries
    ]
    found = {}
    for name, way in (("nps", "last_per_customer"), ("nps_all_responses", "all")):
        settings = Settings(nps=Nps(duplicates=way))
        row = measure(fold(survey_dataset(rows), settings), settings=settings).get("nps")
        found |= {name: row.value}
        if name == "nps":
            found |= {"n": row.n, "low": row.low, "high": row.high, **row.counts}
    assert set(case["expected"]) <= set(found)
    approve(case, found)


@pytest.mark.parametrize("case", cases("backlog"))
def test_backlog(case):
    tickets, options = case["input"]["tickets"], case["options"]
    late = datetime(2026, 3, 10, tzinfo=UTC)
    facts = fold(log_dataset(tickets, late), Settings())
    if "at" in options:
        report = measure(
            fold(log_dataset(tickets), settings := Settings(as_of=instant(options["at"]))), settings=settings
        )
        end = instant(options["at"]) + timedelta(microseconds=1)
        past = measure(facts, settings=Settings(), window=Window(start=None, end=end, label="past"))
        assert report.get("backlog").n == past.get("backlog").n
        approve(case, {"open": report.get("backlog").n})
        return
    start, end = (instant(text) for text in case["input"]["period"])
    report = measure(facts, settings=Settings(), window=Window(start=start, end=end, label="period"))
    before = measure(facts, settings=Settings(), window=Window(start=None, end=start, label="before"))
    closure = report.get("closure_ratio")
    found = {
        "start": before.get("backlog").n,
        "end": report.get("backlog").n,
        "created": closure.counts["created"],
        "resolved_events": closure.counts["solve_events"],
    }
    found["reopened"] = found["end"] - found["start"] - found["created"] + found["resolved_events"]
    assert closure.counts["reopened"] == found["reopened"]
    approve(case, found)


@pytest.mark.parametrize("case", cases("backlog.age"))
def test_backlog_age(case):
    now = datetime(2026, 4, 1, tzinfo=UTC)
    ages = [
        {"id": f"a{i}", "created_at": (now - timedelta(hours=h)).isoformat()}
        for i, h in enumerate(case["input"]["ages_hours"])
    ]
    solved = round(case["input"]["resolved_per_day"] * 28)
    done = [
        {
            "id": f"s{i}",
            "created_at": (now - timedelta(days=60)).isoformat(),
            "events": [{"t": (now - timedelta(days=1)).isoformat(), "type": "status", "to": "solved"}],
        }
        for i in range(solved)
    ]
    report = measure(fold(log_dataset([*ages, *done], now), Settings()), settings=Settings())
    row = report.get("backlog_age", "median")
    assert list(row.counts.values()) == case["expected"]["buckets"]
    assert report.get("backlog", "days_of_work").value == pytest.approx(case["expected"]["backlog_days"])


@pytest.mark.parametrize("case", cases("flow"))
def test_flow(case):
    given = case["input"]
    day, hour = datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1)
    back = [
        {"t": (day - hour).isoformat(), "type": "status", "to": "solved"},
        {"t": (day + hour).isoformat(), "type": "status", "to": "open"},
    ]
    gone = [{"t": (day + hour).isoformat(), "type": "status", "to": "solved"}]
    older = max(given["resolved"] - given["created"], 0)  # more than came: what was open before is solved too
    before = [  # solved before the period, opened again in it: they come back and stay
        {"id": f"b{i}", "created_at": (day - 9 * hour).isoformat(), "events": back if i < given["reopened"] else gone}
        for i in range(given["reopened"] + older)
    ]
    fresh = [
        {
            "id": f"c{i}",
            "created_at": (day + hour).isoformat(),
            "events": [{"t": (day + 2 * hour).isoformat(), "type": "status", "to": "solved"}]
            if i < given["resolved"]
            else [],
        }
        for i in range(given["created"])
    ]
    facts = fold(log_dataset(before + fresh, day + 24 * hour), Settings())
    window = Window(start=day, end=day + 24 * hour, label="day")
    row = measure(facts, settings=Settings(), window=window, detail=False).get("closure_ratio")
    approve(case, {"closure_ratio": row.value, "net_growth": row.counts["net_growth"]})


@pytest.mark.parametrize("case", cases("stats.wilson"))
def test_wilson(case):
    found = wilson(case["input"]["x"], case["input"]["n"])
    approve(case, {"value": None} if found is None else {"low": found[0], "high": found[1]})


@pytest.mark.parametrize("case", cases("stats.quantile_ci"))
def test_quantile_interval(case):
    values, p = sorted(case["input"]["x"]), case["input"]["p"]
    low, high = quantile_ranks(len(values), p)
    approve(case, {"low": values[low - 1] if low else None, "high": values[high - 1] if high else None})


@pytest.mark.shared
def test_aggregates_of_peers():
    path = VECTORS / "peers" / "aggregates.jsonl"
    if not path.exists():
        pytest.skip("no reference vectors beside the repository")
    for row in (json.loads(line) for line in path.read_text().splitlines()):
        if not row["oracle_agrees"]:
            continue
        values = pl.DataFrame(
            {"code": 0, "s": [None if v is None else float(v) for v in row["values"]]},
            schema={"code": pl.UInt32, "s": pl.Float64},
        )
        found = summaries(ordered(values.drop_nulls().with_columns(ended=True)), 0.95)
        summary = found.get(0)
        series = values["s"].drop_nulls()
        actual = {
            "n": summary.n if summary else 0,
            "avg": summary.mean if summary else None,
            "min": series.min(),
            "max": series.max(),
        }
        if summary:
            actual |= {"med": summary.stat("median")[0], "p90": summary.stat("p90")[0]}
        if row["expected"] is None:
            assert summary is None, row["id"]
            continue
        for name, wanted in row["expected"].items():
            assert actual[name] == (None if wanted is None else pytest.approx(wanted)), (row["id"], name)

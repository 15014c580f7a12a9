"""Every option, declared once: a command is a list of these. Nothing heavy is imported, so that --help stays quick."""

from __future__ import annotations

from typing import Annotated

import typer

_READING = "Reading the files"
_CHOOSING = "Choosing what is measured"
_SHOWING = "Showing it"


def _option(*names: str, text: str, panel: str, metavar: str | None = None) -> object:
    """An option that is also an environment variable: ``--source-tz`` is SUPPORTKPI_SOURCE_TZ."""
    variable = (
        "SUPPORTKPI_"
        + next(name for name in names if name.startswith("--")).split("/")[0].strip("-").replace("-", "_").upper()
    )
    return typer.Option(
        *names,
        help=text,
        rich_help_panel=panel,
        metavar=metavar,
        envvar=variable,
        show_envvar=False,
        show_default=False,
    )


Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILES...",
        help="Exports: CSV, JSON, XLSX, ODS, Parquet, also in .gz, .zst, .zip; a folder; - for standard input.",
        show_default=False,
    ),
]
FilesOrDemo = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILES...",
        help="Exports: CSV, JSON, XLSX, ODS, Parquet, also in .gz, .zst, .zip; a folder; - for standard input.",
        show_default=False,
    ),
]
Demo = Annotated[
    bool, _option("--demo", text="Report a made-up helpdesk instead of files (supportkpi demo).", panel=_CHOOSING)
]
Config = Annotated[
    str | None,
    _option(
        "--config", "-c", text="Settings file; else supportkpi.yaml here or above.", panel=_CHOOSING, metavar="FILE"
    ),
]
Period = Annotated[
    str | None,
    _option(
        "--period",
        "-p",
        text="2026-Q1, 2026-03, last-month, 2026-03-01..2026-03-31 …",
        panel=_CHOOSING,
        metavar="PERIOD",
    ),
]
By = Annotated[
    list[str] | None,
    _option("--by", text="Break down by a dimension; a,b crosses two. Repeatable.", panel=_CHOOSING, metavar="DIM"),
]
Where = Annotated[
    list[str] | None,
    _option(
        "--where", text="Only tickets with DIM=VALUE or DIM!=VALUE. Repeatable.", panel=_CHOOSING, metavar="DIM=VALUE"
    ),
]
Kpi = Annotated[
    list[str] | None,
    _option("--kpi", text="Only these KPIs, by id or short name (supportkpi kpis).", panel=_CHOOSING, metavar="ID,..."),
]
Tz = Annotated[
    str | None, _option("--tz", text="Time zone of the report: Europe/Moscow.", panel=_CHOOSING, metavar="ZONE")
]
AsOf = Annotated[
    str | None, _option("--as-of", text="Take the data as it stood then, or now.", panel=_CHOOSING, metavar="INSTANT")
]
Hours = Annotated[
    str | None, _option("--hours", text='Office hours: "mon-fri 09:00-18:00".', panel=_CHOOSING, metavar="HOURS")
]
Holidays = Annotated[
    str | None,
    _option(
        "--holidays", text="Public holidays of a country are closed: RU, DE-BY.", panel=_CHOOSING, metavar="COUNTRY"
    ),
]
Sla = Annotated[
    str | None,
    _option(
        "--sla",
        text='Limits for all tickets: "first_response=4h resolution=3bd".',
        panel=_CHOOSING,
        metavar="TARGET=TIME",
    ),
]
Targets = Annotated[
    list[str] | None,
    _option("--target", text="Hold a KPI against a value: csat=90%. Repeatable.", panel=_CHOOSING, metavar="KPI=VALUE"),
]

SourceTz = Annotated[
    str | None, _option("--source-tz", text="Zone of dates that carry none.", panel=_READING, metavar="ZONE")
]
Map = Annotated[
    list[str] | None,
    _option(
        "--map",
        text='Which column is what: created_at="Opened on". Repeatable.',
        panel=_READING,
        metavar="FIELD=COLUMN",
    ),
]
Helpdesk = Annotated[
    str | None,
    _option(
        "--helpdesk", text="Read as an export of this system (supportkpi helpdesks).", panel=_READING, metavar="ID"
    ),
]
Mapping = Annotated[
    str | None, _option("--mapping", text="Read by your own mapping file.", panel=_READING, metavar="FILE")
]
Encoding = Annotated[
    str | None,
    _option("--encoding", text="utf-8, cp1251, cp866, koi8-r, cp1252, utf-16.", panel=_READING, metavar="NAME"),
]
Delimiter = Annotated[
    str | None,
    _option("--delimiter", text="Between the cells of a CSV file: , ; | or tab.", panel=_READING, metavar="CHAR"),
]
DateFormat = Annotated[
    str | None,
    _option("--date-format", text='Format of all dates: "%d.%m.%Y %H:%M".', panel=_READING, metavar="FORMAT"),
]
Dayfirst = Annotated[
    bool | None, _option("--dayfirst/--monthfirst", text="Read 03/04 as 3 April, or as 4 March.", panel=_READING)
]
Sheet = Annotated[str | None, _option("--sheet", text="Sheet of a workbook.", panel=_READING, metavar="NAME")]
CsatScale = Annotated[
    str | None,
    _option("--csat-scale", text="Scale of the ratings: 1-5, binary, 1-3, 0-10.", panel=_READING, metavar="SCALE"),
]
Names = Annotated[bool, _option("--names", text="Show persons by name instead of a code.", panel=_SHOWING)]
Rejects = Annotated[
    str | None,
    _option("--rejects", text="Write the rows that could not be read to a CSV file.", panel=_READING, metavar="FILE"),
]
Strict = Annotated[bool, _option("--strict", text="Exit with 3 when any row was rejected.", panel=_READING)]

Format = Annotated[
    str | None, _option("--format", "-f", text="table, plain, markdown, csv or json.", panel=_SHOWING, metavar="NAME")
]
ListingFormat = Annotated[
    str | None, _option("--format", "-f", text="table, plain or json.", panel=_SHOWING, metavar="NAME")
]
InspectFormat = Annotated[str | None, _option("--format", "-f", text="table or json.", panel=_SHOWING, metavar="NAME")]
CheckFormat = Annotated[
    str | None,
    _option("--format", "-f", text="table, markdown, json, junit or github.", panel=_SHOWING, metavar="NAME"),
]
ViewFormat = Annotated[
    str | None, _option("--format", "-f", text="table, markdown or json.", panel=_SHOWING, metavar="NAME")
]
EveryDay = Annotated[bool, _option("--full", text="A line a day instead of a line a week.", panel=_SHOWING)]
Freeze = Annotated[
    bool, _option("--freeze", text="Write the calendar out as settings, every holiday by its date.", panel=_SHOWING)
]
Overwrite = Annotated[bool, _option("--force", text="Write over a file that is there.", panel=_SHOWING)]
ExplainFormat = Annotated[
    str | None,
    _option("--format", "-f", text="table or json; of a ticket markdown, too.", panel=_SHOWING, metavar="NAME"),
]
Per = Annotated[
    str | None,
    _option("--per", text="Judge each day, week, month or quarter by itself.", panel=_CHOOSING, metavar="STRETCH"),
]
_ASKING = "What if"
Alternatives = Annotated[
    list[str] | None,
    _option(
        "--sla",
        text='Other service levels: a settings file over -c, or "first_response=4h". Repeatable.',
        panel=_ASKING,
        metavar="FILE|TARGET=TIME",
    ),
]
Set = Annotated[
    list[str] | None,
    _option(
        "--set", text="Another limit: high.first_response=45m. Repeatable.", panel=_ASKING, metavar="RULE.TARGET=TIME"
    ),
]
Sweep = Annotated[
    list[str] | None,
    _option(
        "--sweep",
        text="The share met at each limit: high.first_response=15m,30m,1h.",
        panel=_ASKING,
        metavar="RULE.TARGET=TIME,...",
    ),
]
Grid = Annotated[bool, _option("--grid", text="Cross two --sweep: the share at every pair of limits.", panel=_ASKING)]
Solve = Annotated[
    list[str] | None,
    _option(
        "--solve",
        text="The limit that 95% would have met; first_response=95% of one target.",
        panel=_ASKING,
        metavar="SHARE",
    ),
]
Changed = Annotated[
    str | None,
    _option("--changed", text="Write every clock that changes to a CSV file.", panel=_ASKING, metavar="FILE"),
]
WhatIfFormat = Annotated[
    str | None, _option("--format", "-f", text="table, markdown, csv or json.", panel=_SHOWING, metavar="NAME")
]
DialectName = Annotated[
    str | None,
    _option(
        "--dialect", text="The helpdesk whose ways are tried first; else the export's.", panel=_CHOOSING, metavar="NAME"
    ),
]
EveryTicket = Annotated[bool, _option("--full", text="Every ticket that differs, too.", panel=_SHOWING)]
ExitZero = Annotated[bool, _option("--exit-zero", text="Exit with 0 even when a check fails.", panel=_SHOWING)]
Output = Annotated[
    list[str] | None,
    _option(
        "--output",
        "-o",
        text="Write to a file; its suffix says the format. Repeatable.",
        panel=_SHOWING,
        metavar="FILE",
    ),
]
Full = Annotated[bool, _option("--full", text="Every statistic, interval and definition.", panel=_SHOWING)]
Lang = Annotated[str | None, _option("--lang", text="Language of the words.", panel=_SHOWING, metavar="en|ru")]
Color = Annotated[str | None, _option("--color", text="auto, always or never.", panel=_SHOWING, metavar="WHEN")]
Quiet = Annotated[bool, _option("--quiet", "-q", text="Say nothing but the report.", panel=_SHOWING)]
Verbose = Annotated[
    bool, _option("--verbose", "-v", text="Say more of what was read; on a fault, where.", panel=_SHOWING)
]

_MAKING = "Making it up"
Folder = Annotated[
    str, _option("--output", "-o", text="Folder to write into; else demo.", panel=_MAKING, metavar="DIR")
]
Seed = Annotated[int | None, _option("--seed", text="Another number, another helpdesk.", panel=_MAKING, metavar="N")]
Tickets = Annotated[
    int | None, _option("--tickets", text="How many tickets: 1 to 200,000.", panel=_MAKING, metavar="N")
]
Force = Annotated[bool, _option("--force", text="Write over files of the same names.", panel=_MAKING)]
Converted = Annotated[
    str,
    _option("--output", "-o", text="Folder to write; one converted before is replaced.", panel=_SHOWING, metavar="DIR"),
]
Stage = Annotated[
    str | None,
    _option(
        "--to",
        text="dataset, facts (folded) or clocks (with the ledger); else dataset.",
        panel=_SHOWING,
        metavar="STAGE",
    ),
]
FrameFormat = Annotated[
    str | None, _option("--format", "-f", text="parquet, csv or ndjson; else parquet.", panel=_SHOWING, metavar="NAME")
]

_LISTS = "Which tickets: several together are AND"
Breached = Annotated[
    bool, _option("--breached", text="Clocks that missed their limit; --kpi sla_... for one limit.", panel=_LISTS)
]
AtRisk = Annotated[
    str | None,
    _option("--at-risk", text="Open clocks with no more than so much open time left.", panel=_LISTS, metavar="4h"),
]
Unanswered = Annotated[bool, _option("--unanswered", text="Open, and no human has answered yet.", panel=_LISTS)]
Silent = Annotated[
    str | None,
    _option("--silent", text="Open, and nothing has happened for 48h or 2bd.", panel=_LISTS, metavar="TIME"),
]
Rated = Annotated[
    str | None, _option("--rated", text="Rated bad, or good, by the customer.", panel=_LISTS, metavar="bad|good")
]
Reopened = Annotated[bool, _option("--reopened", text="Solved, and opened again soon after.", panel=_LISTS)]
Repeat = Annotated[
    bool, _option("--repeat", text="Repeats one of the same customer that was solved shortly before.", panel=_LISTS)
]
Slowest = Annotated[
    int | None,
    _option("--slowest", text="The N that took longest, by the time that --kpi names.", panel=_LISTS, metavar="N"),
]
OneKpi = Annotated[
    str | None,
    _option("--kpi", text="What stands behind a KPI's number (supportkpi kpis).", panel=_LISTS, metavar="ID"),
]
Sample = Annotated[
    int | None,
    _option("--sample", text="N of them by chance, the same in every run.", panel=_LISTS, metavar="N"),
]
SampleSeed = Annotated[int | None, _option("--seed", text="Another number, another sample.", panel=_LISTS, metavar="N")]
Strata = Annotated[
    list[str] | None,
    _option("--per", text="A sample of N for each agent, group, channel …", panel=_LISTS, metavar="DIM"),
]
Every = Annotated[bool, _option("--all", text="All of them, not only the first 20.", panel=_SHOWING)]
ListFormat = Annotated[
    str | None, _option("--format", "-f", text="table, markdown, csv or json.", panel=_SHOWING, metavar="NAME")
]

_BEGINNING = "Beginning"
FilesOrTemplate = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES...", help="Exports to begin from, as report takes them.", show_default=False),
]
Template = Annotated[
    str | None,
    _option(
        "--template", text="Begin from a template: minimal, saas, vip, regional.", panel=_BEGINNING, metavar="NAME"
    ),
]
ConfigOutput = Annotated[
    str, _option("--output", "-o", text="File to write; else supportkpi.yaml.", panel=_BEGINNING, metavar="FILE")
]
ForceConfig = Annotated[bool, _option("--force", text="Write over a file that is there.", panel=_BEGINNING)]

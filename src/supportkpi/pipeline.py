"""The path, once: files to Tables, Tables to a Dataset, a Dataset to Facts, Facts to a Report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import polars as pl

from supportkpi import config as configs
from supportkpi import engine, facts, loaders, reporters, schema, targets
from supportkpi.config import Config
from supportkpi.decisions import Reading, Settings, Window
from supportkpi.errors import OptionWrong, ShapeWrong, TooManyRejects, Where
from supportkpi.facts import Facts
from supportkpi.metrics import Metric, catalogue
from supportkpi.periods import window as period_window
from supportkpi.report import Definition, Report
from supportkpi.reporters import RenderOptions
from supportkpi.schema import EVENTS, SERIES, SURVEYS, TICKETS, Dataset, Extent, Log, Sight
from supportkpi.texts import meant
from supportkpi.version import VERSION

By = str | Sequence[str | Sequence[str]]
T = TypeVar("T")
Columns = Mapping[str, pl.DataType]
_NEEDED = {
    "events": ("ticket_id", "at", "kind"),
    "tickets": ("ticket_id",),
    "surveys": ("instrument", "score"),
    "series": ("name", "start", "end", "value"),
}
_ANY_YEARS = range(2026, 2027)


def load(
    *names: str,
    reading: Reading | Mapping[str, object] | None = None,
    stdin: bytes | None = None,
    columns: Sequence[str] | None = None,
) -> Dataset:
    """Files, folders or patterns as one Dataset; ``-`` reads ``stdin``.

    ``reading`` says what the files leave open, as the command's options do: ``{"source_timezone": "Europe/Moscow"}``.
    ``columns`` names the kept columns that are wanted (those of ``by`` and ``where``); None keeps all that may be.

    Raises:
        OptionWrong: ``reading`` has a key that is not known.
        KpiError: a file is missing or cannot be read, or holds neither tickets nor surveys.
    """
    how = reading if isinstance(reading, Reading) else _reading(reading or {})
    with loaders.collector_paused():  # until the parsed records are gone: it would walk them all once more
        return _loaded(names, how, stdin, columns)


def _loaded(names: Sequence[str], how: Reading, stdin: bytes | None, columns: Sequence[str] | None) -> Dataset:
    tables = [table for name in loaders.expand(names) for table in loaders.read(name, how, stdin)]
    return schema.check(loaders.load_tables(tables, how, columns=columns))


def load_held(
    files: Mapping[str, bytes], *, reading: Reading | None = None, columns: Sequence[str] | None = None
) -> Dataset:
    """Files that are held in memory, by name, as one Dataset: what ``load`` does with files that lie somewhere.

    Raises:
        KpiError: a file cannot be read, or holds neither tickets nor surveys.
    """
    how = reading or Reading()
    held = [replace(table, name=name) for name, body in files.items() for table in loaders.read("-", how, body)]
    return schema.check(loaders.load_tables(held, how, columns=columns))


def _reading(options: Mapping[str, object]) -> Reading:
    known = {field.name for field in fields(Reading)}
    for name in options:
        if name not in known:
            raise OptionWrong(
                f"reading takes no {name!r}", hint=meant(name, known) or f"it takes {', '.join(sorted(known))}"
            )
    return replace(Reading(), **options)  # type: ignore[arg-type]


def dataset(
    *,
    events: pl.DataFrame | None = None,
    tickets: pl.DataFrame | None = None,
    surveys: pl.DataFrame | None = None,
    series: pl.DataFrame | None = None,
    observes: dict[Sight, Extent] | None = None,
) -> Dataset:
    """A Dataset from frames with the columns of EVENTS, TICKETS, SURVEYS and SERIES; absent columns are null.

    ``observes`` says what the events can show; by default every kind of event that occurs, of every ticket.

    Raises:
        ShapeWrong: a column is missing, or cannot be read as the type that it has here.
    """
    log = _canonical(events, EVENTS, "events")
    until = log["at"].max()
    if tickets is None:
        tickets = log.select(pl.col("ticket_id").unique(maintain_order=True))
    if "observed_until" not in tickets.columns:
        tickets = tickets.with_columns(pl.lit(until, schema.INSTANT).alias("observed_until"))
    kept = {name: dtype for name, dtype in TICKETS.items() if name in tickets.columns}
    return schema.check(
        Dataset(
            history=Log(frame=log.lazy()),
            tickets=tickets.with_columns(_cast(tickets, kept, "tickets").get_columns()),
            surveys=_canonical(surveys, SURVEYS, "surveys"),
            series=_canonical(series, SERIES, "series"),
            observes=_seen(log) if observes is None else observes,
        )
    )


def _canonical(frame: pl.DataFrame | None, wanted: Columns, name: str) -> pl.DataFrame:
    """A frame with all the columns that are wanted and no others; absent ones are null."""
    if frame is None:
        return pl.DataFrame(schema=dict(wanted))
    for column in _NEEDED[name]:
        if column not in frame.columns:
            message = f"the {name} frame has no column {column}"
            raise ShapeWrong(message, hint=f"it needs {', '.join(_NEEDED[name])}", where=Where(column=column))
    there = _cast(frame, {column: dtype for column, dtype in wanted.items() if column in frame.columns}, name)
    return there.select(
        pl.col(column) if column in frame.columns else _default(column, dtype) for column, dtype in wanted.items()
    )


def _cast(frame: pl.DataFrame, wanted: Columns, name: str) -> pl.DataFrame:
    """The columns in the types that are wanted, where no value is lost by it."""
    columns = []
    for column, dtype in wanted.items():
        try:
            columns.append(frame[column].cast(dtype))
        except pl.exceptions.PolarsError as error:
            message = f"{name}.{column} is {frame.schema[column]}, which cannot be read as {dtype}"
            raise ShapeWrong(message, hint="give the column in that type", where=Where(column=column)) from error
    return pl.DataFrame(columns)


def _default(name: str, dtype: pl.DataType) -> pl.Expr:
    return pl.int_range(pl.len(), dtype=pl.UInt32).alias("seq") if name == "seq" else pl.lit(None, dtype).alias(name)


def _seen(log: pl.DataFrame) -> dict[Sight, Extent]:
    """Everything of each kind of event that occurs; messages show replies, requests and notes alike."""
    kinds = set(log["kind"].cast(pl.String).unique().to_list())
    seen = [Sight(kind) for kind in kinds if kind in set(Sight)]
    if "message" in kinds:
        seen += [Sight.request, Sight.reply, Sight.bot_reply, Sight.note]
    if "status" in kinds:
        seen += [Sight.solve, Sight.reopen]
    return dict.fromkeys(seen, Extent.EVERY)


def settings_for(config: Config, data: Dataset | None, *, as_of: datetime | None = None) -> Settings:
    """The settings of a config, with the public holidays of the years of the data; of this decade without data.

    Raises:
        KpiUnknown, TargetWrong, HoursWrong: the config asks for what is not there.
    """
    years = _years(data) if data is not None and config.names_country else _ANY_YEARS
    return configs.settings(config, years=years, kpis=_kpis(data), as_of=as_of, complete=data is not None)


def _kpis(data: Dataset | Facts | None) -> dict[str, Metric]:
    """The KPIs that there are: those of the catalogue, and the series of the data."""
    return {**catalogue(), **(engine.own_kpis(data.series) if data is not None else {})}


def settings(source: str | Path | Mapping[str, object] | None = None) -> Settings:
    """The settings of a config file, of the same keys as a mapping, or the defaults; holidays from 2000 to 2049.

    Raises:
        KpiError: the config is missing, cannot be read, or holds a key or value that is not known.
    """
    if source is None:
        return Settings()
    if isinstance(source, Mapping):
        config = configs.parse_config(json.dumps(source, default=str, ensure_ascii=False))
    else:
        config = configs.read_config(Path(source))
    return configs.settings(config, years=range(2000, 2050), kpis=catalogue(), complete=False)


def render(
    report: Report, name: str = "table", *, lang: str = "en", width: int = 100, full: bool = False
) -> str | bytes:
    """A report as text (or bytes) of a format: table, plain, markdown, csv, json.

    Raises:
        FormatUnsupported: no format has that name.
    """
    options = RenderOptions(lang=lang, width=width, full=full, tool_version=VERSION)
    return reporters.render(report, name, options)


def explain(topic: str) -> Definition:
    """The definition of a KPI, by id or short name.

    Raises:
        KpiUnknown: no KPI has that name.
    """
    return engine.defined(engine.selected([_id_of(topic)])[0])


def kpis_named(asked: Sequence[str], data: Dataset | Facts | None = None) -> list[str]:
    """The ids of KPIs asked for by id or short name; with ``data`` also those of its series.

    Raises:
        KpiUnknown: no KPI has that name.
    """
    known = _kpis(data)
    ids = [_id_of(name, known) for name in asked]
    engine.selected(ids, known)
    return ids


def target_named(option: str) -> str:
    """``frt.p90=4h`` as ``first_response_time.p90=4h``: an option of a target with the KPI's id for its short name.

    Raises:
        OptionWrong: it is not KPI=VALUE.
    """
    key, value = targets.split_option(option)
    kpi, dot, rest = key.partition(".")
    return f"{_id_of(kpi)}{dot}{rest}={value}"


def _id_of(name: str, known: Mapping[str, Metric] | None = None) -> str:
    short = {metric.abbr.casefold(): metric.name for metric in (known or catalogue()).values()}
    return short.get(name.casefold(), name)


def _years(data: Dataset) -> range:
    instants = [instant for instant in (_first(data), facts.newest(data)) if instant is not None]
    if not instants:
        return _ANY_YEARS
    return range(min(instants).year, max(instants).year + 1)


def _first(data: Dataset) -> datetime | None:
    if isinstance(data.history, Log):
        found = data.history.frame.select(pl.col("at").min()).collect().item()
        return found if isinstance(found, datetime) else None
    edges = [data.history.frame[stamp.column].min() for stamp in data.history.stamps]
    return min((edge for edge in edges if isinstance(edge, datetime)), default=None)


def fold(data: Dataset | Facts, settings: Settings | None = None) -> Facts:
    """What the history of each ticket comes to; Facts pass through, so that nothing is folded twice.

    Raises:
        OptionWrong: the Facts were folded under other calendars, another as_of or other options of first response.
    """
    if not isinstance(data, Facts):
        return facts.fold(data, settings or Settings())
    if settings is not None and not data.fits(settings):
        hint = "fold the Dataset again, or measure without settings to take those of the facts"
        raise OptionWrong("these facts were folded under other settings", hint=hint)
    return data


def _settings_of(data: Dataset | Facts) -> Settings:
    return data.settings if isinstance(data, Facts) else Settings()


def measure(
    data: Dataset | Facts,
    *,
    settings: Settings | None = None,
    period: str | None = None,
    by: By = (),
    where: str | Sequence[str] = (),
    kpis: str | Sequence[str] = (),
    detail: bool = True,
) -> Report:
    """The report of a Dataset or of Facts: every KPI in total and for every breakdown.

    ``by`` lists breakdowns, a dimension each or several crossed: ``["priority", ["priority", "channel"]]``. Without
    ``settings`` those hold that the Facts were folded under, for a Dataset the defaults. ``detail`` makes the series
    that one screen does not show, too.

    Raises:
        OptionWrong: the Facts were folded under other settings.
        PeriodWrong, KpiUnknown, DimensionUnknown, ValueUnknown: an argument names what is not there.
    """
    chosen = _settings_of(data) if settings is None else settings
    known = fold(data, chosen)
    chosen = configs.with_own_kpis(chosen, _kpis(known))
    return engine.measure(
        known,
        settings=chosen,
        window=window(period, chosen, known),
        by=_several(by),
        where=_several(where),
        kpis=kpis_named(list(_several(kpis)), known) if kpis else (),
        detail=detail,
    )


def _several(given: str | Sequence[T]) -> Sequence[str | T]:
    """A list; one text alone is a list of one, not of its letters."""
    return [given] if isinstance(given, str) else given


def window(period: str | None, settings: Settings, known: Facts) -> Window | None:
    """The half-open window of a period in the report's zone; relative ones count from as_of; None for all."""
    if period is None or period.strip().lower() == "all":
        return None
    return period_window(period, timezone=settings.timezone, as_of=known.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """What an export can give of one KPI: exactly, with a remark, or not at all, and why."""

    metric: Metric
    verdict: str  # exact | remark | no
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How the files were read, and which KPIs they can give."""

    dataset: Dataset
    abilities: tuple[Ability, ...]
    as_of: datetime | None


def inspect(data: Dataset, settings: Settings | None = None) -> Inspection:
    """How a Dataset was read and what it can give, KPI by KPI."""
    known = fold(data, settings)
    report = engine.measure(known, settings=settings or known.settings, detail=False)
    abilities = tuple(_ability(metric, report) for metric in _kpis(data).values())
    return Inspection(dataset=data, abilities=abilities, as_of=known.as_of)


def _ability(metric: Metric, report: Report) -> Ability:
    rows = [row for row in report.cells if row.kpi == metric.name and not row.group]
    head = rows[0]
    if head.state.value in ("not_observed", "needs_answer"):
        return Ability(metric=metric, verdict="no", reasons=head.reason or ())
    given = [row.clock for row in rows[:1] if row.basis == "given" and row.clock is not None]
    remarks = [f"the export's own figures on the {clock} clock" for clock in given]
    if head.state.value == "empty":
        return Ability(metric=metric, verdict="remark", reasons=(*remarks, "no ticket has it"))
    return Ability(metric=metric, verdict="remark" if remarks else "exact", reasons=tuple(remarks))


def limited(data: Dataset, limit: float | None) -> None:
    """Nothing, when no more than that share of the rows was rejected.

    Raises:
        TooManyRejects: more rows were rejected.
    """
    read = sum(file.rows_read for file in data.ledger)
    lost = sum(sum(file.rejected.values()) for file in data.ledger)
    if limit is not None and read and lost / read > limit:
        allowed = "none may be" if limit == 0 else f"at most {limit * 100:g} % may be"
        were = "was" if lost == 1 else "were"
        message = f"{lost:,} of {read:,} rows {were} rejected, and {allowed}"
        raise TooManyRejects(message, hint="--rejects FILE writes them")


def one_row_a_dimension(by: Sequence[str] | None) -> list[list[str]]:
    """``--by a --by b,c`` as lists of dimensions.

    Raises:
        OptionWrong: a breakdown is empty.
    """
    asked = [[part.strip() for part in text.split(",") if part.strip()] for text in by or ()]
    if not all(asked):
        raise OptionWrong("--by names no dimension", hint="write --by priority or --by priority,channel")
    return asked


def columns_named(breakdowns: Sequence[Sequence[str]], where: Sequence[str], kpis: Sequence[str] = ()) -> list[str]:
    """The dimensions that a run names: the columns that must be read beside those of all KPIs; tags if asked for."""
    filtered = [text.partition("=")[0].rstrip("!").strip() for text in where]
    tags = ["tags"] if "tag_share" in map(_id_of, kpis) else []
    return list(dict.fromkeys([*(name for names in breakdowns for name in names), *filtered, *tags]))

"""The path, once: files to Tables, Tables to a Dataset, a Dataset to Facts, Facts to a Report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import polars as pl

from supportkpi import engine, facts, loaders, reporters, schema
from supportkpi import config as configs
from supportkpi.config import Config
from supportkpi.decisions import Reading, Settings, Window
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.metrics import Metric, catalogue
from supportkpi.periods import window as period_window
from supportkpi.report import Definition, Report
from supportkpi.reporters import RenderOptions
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight

By = Sequence[str | Sequence[str]]
_ANY_YEARS = range(2026, 2027)


def load(
    *names: str, reading: Reading | None = None, stdin: bytes | None = None, columns: Sequence[str] | None = None
) -> Dataset:
    """Files, folders or patterns as one Dataset; ``-`` reads ``stdin``.

    ``columns`` names the kept columns that are wanted (those of ``by`` and ``where``); None keeps all that may be.

    Raises:
        KpiError: a file is missing or cannot be read, or holds neither tickets nor surveys.
    """
    how = reading or Reading()
    tables = [table for name in loaders.expand(names) for table in loaders.read(name, how, stdin)]
    return schema.check(loaders.load_tables(tables, how, columns=columns))


def dataset(
    *,
    events: pl.DataFrame | None = None,
    tickets: pl.DataFrame | None = None,
    surveys: pl.DataFrame | None = None,
    observes: dict[Sight, Extent] | None = None,
) -> Dataset:
    """A Dataset from frames with the columns of EVENTS, TICKETS and SURVEYS; absent columns are null.

    ``observes`` says what the events can show; by default every kind of event that occurs, of every ticket.

    Raises:
        ShapeWrong: a column has a type that is not canonical.
    """
    log = _canonical(events, EVENTS)
    until = log["at"].max()
    if tickets is None:
        tickets = log.select(pl.col("ticket_id").unique(maintain_order=True))
    if "observed_until" not in tickets.columns:
        tickets = tickets.with_columns(pl.lit(until, schema.INSTANT).alias("observed_until"))
    kept = [pl.col(name).cast(dtype) for name, dtype in TICKETS.items() if name in tickets.columns]
    return schema.check(
        Dataset(
            history=Log(frame=log.lazy()),
            tickets=tickets.with_columns(kept),
            surveys=_canonical(surveys, SURVEYS),
            observes=_seen(log) if observes is None else observes,
        )
    )


def _canonical(frame: pl.DataFrame | None, wanted: object) -> pl.DataFrame:
    columns = dict(wanted)  # type: ignore[call-overload]
    if frame is None:
        return pl.DataFrame(schema=columns)
    return frame.select(
        (pl.col(name).cast(dtype) if name in frame.columns else _default(name, dtype))
        for name, dtype in columns.items()
    )


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
    return configs.settings(config, years=years, kpis=catalogue(), as_of=as_of)


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
    return configs.settings(config, years=range(2000, 2050), kpis=catalogue())


def render(
    report: Report, name: str = "table", *, lang: str = "en", width: int = 100, full: bool = False
) -> str | bytes:
    """A report as text (or bytes) of a format: table, plain, markdown, csv, json.

    Raises:
        FormatUnsupported: no format has that name.
    """
    options = RenderOptions(lang=lang, width=width, full=full, tool_version=version("supportkpi"))
    return reporters.render(report, name, options)


def explain(topic: str) -> Definition:
    """The definition of a KPI, by id or short name.

    Raises:
        KpiUnknown: no KPI has that name.
    """
    short = {metric.abbr.casefold(): metric.name for metric in catalogue().values()}
    return engine.defined(engine.selected([short.get(topic.casefold(), topic)])[0])


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
    """What the history of each ticket comes to; Facts pass through, so that nothing is folded twice."""
    return data if isinstance(data, Facts) else facts.fold(data, settings or Settings())


def measure(
    data: Dataset | Facts,
    *,
    settings: Settings | None = None,
    period: str | None = None,
    by: By = (),
    where: Sequence[str] = (),
    kpis: Sequence[str] = (),
) -> Report:
    """The report of a Dataset or of Facts: every KPI in total and for every breakdown.

    Raises:
        PeriodWrong, KpiUnknown, DimensionUnknown, ValueUnknown: an argument names what is not there.
    """
    chosen = settings or Settings()
    known = fold(data, chosen)
    return engine.measure(known, settings=chosen, window=window(period, chosen, known), by=by, where=where, kpis=kpis)


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
    report = engine.measure(known, settings=settings or Settings())
    abilities = tuple(_ability(metric, report) for metric in catalogue().values())
    return Inspection(dataset=data, abilities=abilities, as_of=known.as_of)


def _ability(metric: Metric, report: Report) -> Ability:
    rows = [row for row in report.cells if row.kpi == metric.name and not row.group]
    head = rows[0]
    if head.state.value in ("not_observed", "needs_answer"):
        return Ability(metric=metric, verdict="no", reasons=head.reason or ())
    remarks = [f"the export's own figures on the {row.clock} clock" for row in rows[:1] if row.basis == "given"]
    if head.state.value == "empty":
        return Ability(metric=metric, verdict="remark", reasons=(*remarks, "no ticket has it"))
    return Ability(metric=metric, verdict="remark" if remarks else "exact", reasons=tuple(remarks))


def limited(data: Dataset, limit: float | None) -> None:
    """Nothing, when no more than that share of the rows was rejected.

    Raises:
        TooManyRejects: more rows were rejected.
    """
    from supportkpi.errors import TooManyRejects  # noqa: PLC0415

    read = sum(file.rows_read for file in data.ledger)
    lost = sum(sum(file.rejected.values()) for file in data.ledger)
    if limit is not None and read and lost / read > limit:
        raise TooManyRejects(
            f"{lost:,} of {read:,} rows were rejected, more than {limit:.4g} of them", hint="--rejects FILE writes them"
        )


def one_row_a_dimension(by: Sequence[str] | None) -> list[list[str]]:
    """``--by a --by b,c`` as lists of dimensions.

    Raises:
        OptionWrong: a breakdown is empty.
    """
    asked = [[part.strip() for part in text.split(",") if part.strip()] for text in by or ()]
    if not all(asked):
        raise OptionWrong("--by names no dimension", hint="write --by priority or --by priority,channel")
    return asked


def columns_named(breakdowns: Sequence[Sequence[str]], where: Sequence[str]) -> list[str]:
    """The dimensions that a run names: the columns that must be read beside those of the KPIs."""
    filtered = [text.partition("=")[0].rstrip("!").strip() for text in where]
    return list(dict.fromkeys([*(name for names in breakdowns for name in names), *filtered]))

"""Files to a Dataset, and what must hold of it before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from os import PathLike, fspath

from supportkpi import loaders, scales, schema
from supportkpi.decisions import Reading
from supportkpi.errors import ConfigValue, FileEmpty, FileMissing, OptionWrong, TooManyRejects, Where
from supportkpi.pipeline.converting import check_apart, converted
from supportkpi.pipeline.measuring import id_of
from supportkpi.schema import Dataset
from supportkpi.texts import meant

_WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")


def load(
    *names: str | PathLike[str],
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
        return _loaded([fspath(name) for name in names], how, stdin, columns)


def _loaded(names: Sequence[str], how: Reading, stdin: bytes | None, columns: Sequence[str] | None) -> Dataset:
    if not all(name.strip() for name in names):  # an unset variable of a script, which is not this folder
        raise FileMissing("a file was named that has no name", hint="name the export; all that lies here is .")
    if how.csat_scale is not None:
        _check_scale(how.csat_scale)
    already = converted(names, how, columns)
    if already is not None:
        return already
    given = {"-": stdin if stdin is not None else b""}
    paths = loaders.expand(names)
    check_apart(paths)
    tables = [table for name in paths for table in loaders.read(name, how, given.get(name))]
    if how.sheet is not None and tables and not any(table.format in _WORKBOOKS for table in tables):
        raise OptionWrong(f"--sheet {how.sheet}: no file is a workbook", hint="leave --sheet out")
    return schema.check(loaders.load_tables(tables, how, columns=columns))


def _check_scale(name: str) -> None:
    try:
        scales.scale(name)
    except ConfigValue as wrong:
        raise OptionWrong(f"--csat-scale: {wrong.message}", hint=wrong.hint) from wrong


def load_held(
    files: Mapping[str, bytes], *, reading: Reading | None = None, columns: Sequence[str] | None = None
) -> Dataset:
    """Files that are held in memory, by name, as one Dataset: what ``load`` does with files that lie somewhere.

    Raises:
        KpiError: a file cannot be read, or holds neither tickets nor surveys.
    """
    how = reading or Reading()
    held = [table for name, body in files.items() for table in loaders.read(name, how, body)]
    return schema.check(loaders.load_tables(held, how, columns=columns))


def _reading(options: Mapping[str, object]) -> Reading:
    known = {field.name for field in fields(Reading)}
    for name in options:
        if name not in known:
            raise OptionWrong(
                f"reading takes no {name!r}", hint=meant(name, known) or f"it takes {', '.join(sorted(known))}"
            )
    return replace(Reading(), **options)  # type: ignore[arg-type]


def limited(data: Dataset, limit: float | None) -> None:
    """Nothing, when there are rows, and no more than that share of them was rejected.

    Raises:
        FileEmpty: the files have headers and not one row: a report of nothing would look like one of a quiet month.
        TooManyRejects: more rows were rejected.
    """
    read = sum(file.rows_read for file in data.ledger)
    if data.ledger and not read:
        raise FileEmpty(
            "there is a header and not one row" if len(data.ledger) == 1 else "there are headers and not one row",
            hint="export again, with a longer period; supportkpi inspect shows how the columns are read",
            where=Where(path=data.ledger[0].path),
        )
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
    tags = ["tags"] if "tag_share" in map(id_of, kpis) else []
    return list(dict.fromkeys([*(name for names in breakdowns for name in names), *filtered, *tags]))

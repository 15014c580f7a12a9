"""``whatif``: the same history under other service levels."""

from __future__ import annotations

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads


@reads
def whatif(
    files: opt.Files,
    config: opt.Config = None,
    sla: opt.Alternatives = None,
    limits: opt.Set = None,
    sweep: opt.Sweep = None,
    solve: opt.Solve = None,
    grid: opt.Grid = False,
    per: opt.Per = None,
    changed: opt.Changed = None,
    period: opt.Period = None,
    by: opt.By = None,
    where: opt.Where = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    output_format: opt.WhatIfFormat = None,
    output: opt.Output = None,
    names: opt.Names = False,
    lang: opt.Lang = None,
    color: opt.Color = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> None:
    """Judge the same history under other service levels.

    The past is rescored; nothing is forecast.

    \b
    supportkpi whatif tickets.csv -c now.yaml --sla stricter.yaml -p 2026-Q1
    supportkpi whatif tickets.csv -c now.yaml --set high.first_response=45m --sweep high.first_response
    supportkpi whatif tickets.csv --sla "first_response=4h" --solve 95%
    supportkpi whatif tickets.csv -c now.yaml --sla draft.yaml --where organization=Northwind --per month
    """
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._alternatives import sides  # noqa: PLC0415
    from supportkpi.cli._looks import looks  # noqa: PLC0415
    from supportkpi.cli._opened import Manners, opened  # noqa: PLC0415
    from supportkpi.cli._settings import Choices  # noqa: PLC0415
    from supportkpi.cli._written import write  # noqa: PLC0415
    from supportkpi.reporters import WHATIFS  # noqa: PLC0415
    from supportkpi.reporters.whatif import moved_csv  # noqa: PLC0415
    from supportkpi.whatifs import Alternative  # noqa: PLC0415

    shown = looks(WHATIFS, output_format, output or (), lang=lang, color=color)
    choices = Choices(config=config, hours=hours, holidays=holidays, tz=tz, as_of=as_of, strict=strict, names=names)
    alone = not (limits or sweep or solve or per)
    given = sides(choices, reading, sla or (), alone=alone)
    breakdowns = pipeline.one_row_a_dimension(by)
    found = opened(
        files,
        given.choices,
        reading,
        columns=[*pipeline.columns_named(breakdowns, where or ()), *given.columns],
        manners=Manners(rejects=rejects, quiet=quiet, verbose=verbose, from_facts=True, free=("sla",)),
    )
    answers = pipeline.whatif(
        found.start,
        base=Alternative(name=given.name, settings=found.settings),
        alternatives=given.alternatives(found.data),
        changes=limits or (),
        sweeps=sweep or (),
        solve=solve or (),
        grid=grid,
        period=period,
        by=breakdowns,
        where=where or (),
        per=per,
        moved=changed is not None,
    )
    shown.deliver(answers, quiet=quiet)
    if changed is not None:
        write(changed, moved_csv(answers))
        _run.say(f"wrote {changed}", quiet=quiet)

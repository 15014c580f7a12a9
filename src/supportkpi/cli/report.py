"""``report``: one screen of KPIs from the files, or everything in files of other formats."""

from __future__ import annotations

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads


@reads
def report(
    files: opt.FilesOrDemo = None,
    demo: opt.Demo = False,
    config: opt.Config = None,
    period: opt.Period = None,
    by: opt.By = None,
    where: opt.Where = None,
    kpi: opt.Kpi = None,
    target: opt.Targets = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    sla: opt.Sla = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    output_format: opt.Format = None,
    output: opt.Output = None,
    full: opt.Full = False,
    names: opt.Names = False,
    lang: opt.Lang = None,
    color: opt.Color = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> None:
    """Compute the KPIs of exported tickets.

    \b
    supportkpi report tickets.csv
    supportkpi report tickets.csv --by priority --hours "mon-fri 09:00-18:00" --tz Europe/Berlin
    supportkpi report tickets.csv -p 2026-Q1 --target csat=90% -o review.md -o review.json
    supportkpi report --demo
    """
    from supportkpi import proofs  # noqa: PLC0415

    proofs.begin(files or ())  # it goes on while all the rest is loaded
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._made_up import brought  # noqa: PLC0415
    from supportkpi.cli._settings import Choices, chosen  # noqa: PLC0415
    from supportkpi.cli._words import told  # noqa: PLC0415
    from supportkpi.cli._written import write_rejects  # noqa: PLC0415

    looks = _run.looks(output_format, lang=lang, color=color, full=full)
    outputs = [(path, _run.format_of(path, output_format)) for path in output or ()]
    made_up = brought(files, demo=demo, lang=looks[1].lang)
    choices = Choices(
        config=config,
        made_up=made_up.settings if made_up else None,
        hours=hours,
        holidays=holidays,
        sla=sla,
        tz=tz,
        as_of=as_of,
        targets=tuple(target or ()),
        strict=strict,
        names=names,
    )
    decided = chosen(choices, reading)
    breakdowns = pipeline.one_row_a_dimension(by)
    wanted = [*pipeline.columns_named(breakdowns, where or (), _run.listed(kpi)), *decided.config.columns]
    if made_up is not None:
        data = pipeline.load_held(made_up.files, reading=decided.reading, columns=wanted)
    else:
        paths = files or ()
        data = pipeline.load(*paths, reading=decided.reading, stdin=_run.standard_input(paths), columns=wanted)
    settings, kpis = decided.settings(data), pipeline.kpis_named(_run.listed(kpi), data)
    told(data, decided.config, quiet=quiet, verbose=verbose)
    if rejects is not None:
        write_rejects(rejects, data)
    pipeline.limited(data, settings.max_rejects)
    begun = pipeline.started(files or (), data, settings, columns=wanted)
    found = pipeline.measure(
        begun.data,
        settings=begun.settings,
        period=period,
        by=breakdowns,
        where=where or (),
        kpis=kpis,
        detail=full or bool(outputs) or looks[0] == "json",
    )
    _run.deliver(found, outputs, looks, quiet=quiet)

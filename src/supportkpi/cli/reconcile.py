"""``reconcile``: the export's own figures beside ours, and why they differ."""

from __future__ import annotations

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads


@reads
def reconcile(
    files: opt.Files,
    config: opt.Config = None,
    dialect: opt.DialectName = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    sla: opt.Sla = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    output_format: opt.WhatIfFormat = None,
    output: opt.Output = None,
    every: opt.EveryTicket = False,
    lang: opt.Lang = None,
    color: opt.Color = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> None:
    """Hold the export's own minutes, counts and verdicts beside ours.

    Of each ticket whose figures differ it says which rule explains it: open hours, who opened the ticket, a bot's
    reply, the time between a solution and a reopening, rounding, another zone.

    \b
    supportkpi reconcile tickets.json --hours "mon-fri 09:00-18:00"
    supportkpi reconcile tickets.csv -c supportkpi.yaml -o differences.csv
    supportkpi reconcile tickets.csv --dialect zendesk --full
    """
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli._looks import looks  # noqa: PLC0415
    from supportkpi.cli._opened import Manners, opened  # noqa: PLC0415
    from supportkpi.cli._settings import Choices  # noqa: PLC0415
    from supportkpi.reporters import RECONCILIATIONS  # noqa: PLC0415

    shown = looks(RECONCILIATIONS, output_format, output or (), lang=lang, color=color, full=every, whole=True)
    choices = Choices(config=config, hours=hours, holidays=holidays, sla=sla, tz=tz, as_of=as_of, strict=strict)
    manners = Manners(rejects=rejects, quiet=quiet, verbose=verbose)
    found = opened(files, choices, reading, manners=manners)
    shown.deliver(pipeline.reconcile(found.data, settings=found.settings, dialect=dialect), quiet=quiet)

"""``check``: the config's checks judged, for pipelines: exit 0, 1 when one fails, 3 when there is nothing to judge."""

from __future__ import annotations

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads


@reads
def check(
    files: opt.Files,
    config: opt.Config = None,
    period: opt.Period = None,
    per: opt.Per = None,
    where: opt.Where = None,
    target: opt.Targets = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    sla: opt.Sla = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    output_format: opt.CheckFormat = None,
    output: opt.Output = None,
    lang: opt.Lang = None,
    color: opt.Color = None,
    exit_zero: opt.ExitZero = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> int:
    """Judge the checks of a config, or targets on the command line.

    \b
    supportkpi check tickets.csv -c sla.yaml -p last-month
    supportkpi check tickets.csv --sla "first_response=4h" --target sla_first_response=93% --target csat=85%
    supportkpi check tickets.csv -c sla.yaml -f github -o checks.xml
    """
    from pathlib import Path  # noqa: PLC0415

    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli._looks import looks  # noqa: PLC0415
    from supportkpi.cli._opened import Manners, opened  # noqa: PLC0415
    from supportkpi.cli._run import now  # noqa: PLC0415
    from supportkpi.cli._settings import Choices  # noqa: PLC0415
    from supportkpi.reporters import CHECKS  # noqa: PLC0415

    shown = looks(CHECKS, output_format, output or (), lang=lang, color=color)
    choices = Choices(
        config=config,
        hours=hours,
        holidays=holidays,
        sla=sla,
        tz=tz,
        as_of=as_of,
        targets=tuple(target or ()),
        strict=strict,
    )
    found = opened(
        files,
        choices,
        reading,
        columns=pipeline.columns_named([], where or ()),
        manners=Manners(rejects=rejects, quiet=quiet, verbose=verbose, from_facts=True),
    )
    gate = pipeline.check(
        found.start,
        settings=found.settings,
        period=period,
        where=where or (),
        per=per,
        targets=tuple(line.key for line in found.decided.config.targets if line.where is None),
        now=now(),
    )
    taken = found.decided.config.path
    shown = shown.under(quiet=quiet, config=Path(taken).name if taken is not None else "")
    shown.deliver(gate, quiet=quiet)
    return 0 if exit_zero else gate.exit_code

"""``tickets``: the tickets behind a number, and samples of them."""

from __future__ import annotations

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads


@reads
def tickets(
    files: opt.Files,
    config: opt.Config = None,
    period: opt.Period = None,
    where: opt.Where = None,
    breached: opt.Breached = False,
    at_risk: opt.AtRisk = None,
    unanswered: opt.Unanswered = False,
    silent: opt.Silent = None,
    rated: opt.Rated = None,
    reopened: opt.Reopened = False,
    repeat: opt.Repeat = False,
    slowest: opt.Slowest = None,
    kpi: opt.OneKpi = None,
    sample: opt.Sample = None,
    seed: opt.SampleSeed = None,
    per: opt.Strata = None,
    every: opt.Every = False,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    sla: opt.Sla = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    output_format: opt.ListFormat = None,
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
    """List the tickets behind a number.

    Several lists together give the tickets that are on all of them.

    \b
    supportkpi tickets tickets.csv -c sla.yaml -p 2026-03 --breached --kpi sla_first_response
    supportkpi tickets tickets.csv --sla "resolution=16h" --at-risk 4h --as-of now
    supportkpi tickets tickets.csv -p last-month --rated bad -o bad.csv
    supportkpi tickets tickets.csv -p last-week --sample 5 --per agent --seed 42
    """
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli._looks import looks  # noqa: PLC0415
    from supportkpi.cli._opened import Manners, opened  # noqa: PLC0415
    from supportkpi.cli._settings import Choices  # noqa: PLC0415
    from supportkpi.reporters import LISTS  # noqa: PLC0415

    shown = looks(LISTS, output_format, output or (), lang=lang, color=color, full=every, whole=True)
    flags = {"breached": breached, "unanswered": unanswered, "reopened": reopened, "repeat": repeat}
    asked = pipeline.asked_for(
        flags=[name for name, given in flags.items() if given],
        at_risk=at_risk,
        silent=silent,
        rated=rated,
        kpi=kpi,
        slowest=slowest,
        sample=sample,
        seed=seed or 0,
        per=per or (),
    )
    choices = Choices(
        config=config, hours=hours, holidays=holidays, sla=sla, tz=tz, as_of=as_of, strict=strict, names=names
    )
    wanted = pipeline.columns_named([asked.per], where or (), [kpi] if kpi else ())
    manners = Manners(rejects=rejects, quiet=quiet, verbose=verbose)
    found = opened(files, choices, reading, columns=wanted, manners=manners)
    listing = pipeline.listed(found.data, asked, settings=found.settings, period=period, where=where or ())
    shown.deliver(listing, quiet=quiet)

"""``calendar``: the working hours of a calendar as resolved, and ``--freeze``, which writes its dates out."""

from __future__ import annotations

from typing import Annotated

import typer

from supportkpi.cli import _options as opt

CalendarName = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", help="A calendar of the settings; else the default one.", show_default=False),
]


def calendar(
    name: CalendarName = None,
    config: opt.Config = None,
    period: opt.Period = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    tz: opt.Tz = None,
    freeze: opt.Freeze = False,
    force: opt.Overwrite = False,
    full: opt.EveryDay = False,
    output_format: opt.ViewFormat = None,
    output: opt.Output = None,
    lang: opt.Lang = None,
    color: opt.Color = None,
    quiet: opt.Quiet = False,
) -> None:
    """Show which hours are open, and why some days differ.

    \b
    supportkpi calendar office -c supportkpi.yaml -p 2026-03
    supportkpi calendar --hours "mon-fri 09:00-18:00" --holidays RU -p 2026
    supportkpi calendar office -p 2026 --freeze
    """
    from supportkpi.cli._looks import looks  # noqa: PLC0415
    from supportkpi.cli._run import now  # noqa: PLC0415
    from supportkpi.cli._settings import Choices, chosen  # noqa: PLC0415
    from supportkpi.cli._timetables import freeze_to  # noqa: PLC0415
    from supportkpi.decisions import Reading  # noqa: PLC0415
    from supportkpi.pipeline import frozen_of, timetable_of  # noqa: PLC0415
    from supportkpi.reporters import TIMETABLES  # noqa: PLC0415

    choices = Choices(config=config, hours=hours, holidays=holidays, tz=tz)
    at = now()
    if freeze:
        decided = chosen(choices, Reading()).config
        text = frozen_of(decided, name, period=period or f"{at.year}..{at.year + 1}", now=at)
        freeze_to(text, output or (), config=decided.path, force=force, quiet=quiet)
        return
    shown = looks(TIMETABLES, output_format, output or (), lang=lang, color=color, full=full)
    decided = chosen(choices, Reading()).config
    shown.deliver(timetable_of(decided, name, period=period or "this-month", now=at), quiet=quiet)

"""``convert``: exports as a folder of canonical tables, for other programs and for later runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads

if TYPE_CHECKING:
    from supportkpi.cli._settings import Choices


STAGES = ("dataset", "facts", "clocks")


@reads
def convert(
    files: opt.Files,
    output: opt.Converted,
    output_format: opt.FrameFormat = None,
    stage: opt.Stage = None,
    config: opt.Config = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    sla: opt.Sla = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> None:
    """Write exports as one folder of canonical tables.

    The folder holds tickets, their history, answers, what the export shows and the ledger; every command reads it
    like the exports themselves, and other programs read its tables. With --to facts it also holds what the history of
    each ticket comes to under the settings, with --to clocks every clock of a service level; a report of it starts
    there, under the same settings.

    \b
    supportkpi convert exports/ -o canonical
    supportkpi convert tickets.json surveys.csv -o canonical -f csv
    supportkpi convert tickets.json -o facts --to facts -c supportkpi.yaml
    supportkpi report canonical
    """
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._opened import Manners, opened  # noqa: PLC0415
    from supportkpi.cli._settings import Choices  # noqa: PLC0415

    to, form = _stage(stage), output_format or "parquet"
    choices = Choices(config=config, hours=hours, holidays=holidays, sla=sla, tz=tz, as_of=as_of, strict=strict)
    if to == "dataset":
        _refuse_settings(choices)
    pipeline.check_output(output, form=form, files=files)
    manners = Manners(rejects=rejects, quiet=quiet, verbose=verbose)
    found = opened(files, choices, reading, manners=manners, columns=None)
    if to == "dataset":
        names = pipeline.convert(found.data, output, form=form, reading=found.decided.reading)
    else:
        facts = pipeline.fold(found.data, found.settings)
        names = pipeline.convert_facts(facts, output, settings=found.settings, form=form, clocks=to == "clocks")
        for note in pipeline.clockless(facts, found.settings) if to == "clocks" else ():
            _run.say(note, quiet=quiet)
    _run.say(f"wrote {', '.join(names)} to {output}", quiet=quiet)


def _stage(text: str | None) -> str:
    """How far the exports are taken.

    Raises:
        OptionWrong: there is no such stage.
    """
    from supportkpi.errors import OptionWrong  # noqa: PLC0415
    from supportkpi.texts import meant  # noqa: PLC0415

    found = (text or STAGES[0]).strip().lower()
    if found not in STAGES:
        raise OptionWrong(f"--to takes no {text!r}", hint=meant(found, STAGES) or f"it takes {', '.join(STAGES)}")
    return found


def _refuse_settings(choices: Choices) -> None:
    """Nothing, unless options say what is measured, which a dataset does not know.

    Raises:
        OptionWrong: one does.
    """
    from supportkpi.errors import OptionWrong  # noqa: PLC0415

    options = {
        "--hours": choices.hours,
        "--holidays": choices.holidays,
        "--sla": choices.sla,
        "--tz": choices.tz,
        "--as-of": choices.as_of,
    }
    said = next((name for name, value in options.items() if value is not None), None)
    if said is not None:
        message = f"{said} decides what is measured, and a dataset holds no measures"
        raise OptionWrong(message, hint=f"give {said} to report, or add --to facts")

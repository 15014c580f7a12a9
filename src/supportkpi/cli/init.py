"""``init``: a first settings file, from what was understood of the files or from a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportkpi.decisions import Reading


@reads
def init(
    files: opt.FilesOrTemplate = None,
    template: opt.Template = None,
    output: opt.ConfigOutput = "supportkpi.yaml",
    force: opt.ForceConfig = False,
    quiet: opt.Quiet = False,
    reading: Read = UNSAID,
) -> None:
    """Write a first supportkpi.yaml, to edit.

    \b
    supportkpi init tickets.csv
    supportkpi init tickets.csv --source-tz Europe/Moscow -o settings/sla.yaml
    supportkpi init --template vip
    """
    from pathlib import Path  # noqa: PLC0415

    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._outputs import shown  # noqa: PLC0415
    from supportkpi.cli._written import write  # noqa: PLC0415
    from supportkpi.errors import OutputFailed  # noqa: PLC0415

    if output != _run.STDIN and Path(output).exists() and not force:
        hint = "write to another place with -o, or over it with --force"
        raise OutputFailed(f"{output} is there already", hint=hint)
    text = _text(files or (), template, reading)
    if output == _run.STDIN:
        _run.print_out(text)
        return
    write(output, text)
    _run.say(f"wrote {output}: read it, change it to what holds for you", quiet=quiet)
    named = shown(files) if files else "FILES"
    settings = "" if output in ("supportkpi.yaml", "supportkpi.yml") else f" -c {shown([output])}"
    _run.say(f"next  supportkpi report {named}{settings}", quiet=quiet)


def _text(files: Sequence[str], template: str | None, reading: Reading) -> str:
    """The file's text.

    Raises:
        OptionWrong: files and a template, or neither.
    """
    from supportkpi.config import beginning as first  # noqa: PLC0415
    from supportkpi.errors import OptionWrong  # noqa: PLC0415

    if template is not None:
        if files:
            raise OptionWrong("--template takes no files", hint="leave out the files, or --template")
        return first.template(template)
    if not files:
        known = ", ".join(first.TEMPLATES)
        raise OptionWrong("there is nothing to begin from", hint=f"name an export, or --template with one of {known}")
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.pipeline.understanding import understood  # noqa: PLC0415

    data = pipeline.load(*files, reading=reading, stdin=_run.standard_input(files))
    pipeline.limited(data, None)  # of a header alone there is nothing to begin from
    return first.beginning(understood(data, reading))

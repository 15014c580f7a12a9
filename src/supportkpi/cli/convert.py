"""``convert``: exports as a folder of canonical tables, for other programs and for later runs."""

from __future__ import annotations

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads


@reads
def convert(
    files: opt.Files,
    output: opt.Converted,
    output_format: opt.FrameFormat = None,
    config: opt.Config = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> None:
    """Write exports as one folder of canonical tables.

    The folder holds tickets, their history, answers, what the export shows and the ledger; every command reads it
    like the exports themselves, and other programs read its tables.

    \b
    supportkpi convert exports/ -o canonical
    supportkpi convert tickets.json surveys.csv -o canonical -f csv
    supportkpi report canonical
    """
    from supportkpi import pipeline  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._settings import Choices, chosen  # noqa: PLC0415
    from supportkpi.cli._words import told  # noqa: PLC0415

    decided = chosen(Choices(config=config, strict=strict), reading)
    data = pipeline.load(*files, reading=decided.reading, stdin=_run.standard_input(files))
    told(data, decided.config, quiet=quiet, verbose=verbose)
    if rejects is not None:
        _run.write_rejects(rejects, data)
    pipeline.limited(data, decided.settings(data).max_rejects)
    names = pipeline.convert(data, output, form=output_format or "parquet")
    _run.say(f"wrote {', '.join(names)} to {output}", quiet=quiet)

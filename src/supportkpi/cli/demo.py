"""``demo``: a made-up helpdesk to try everything on."""

from __future__ import annotations

from supportkpi.cli import _options as opt

_MOST = 200_000


def demo(
    folder: opt.Folder = "demo",
    seed: opt.Seed = None,
    tickets: opt.Tickets = None,
    lang: opt.Lang = None,
    force: opt.Force = False,
    quiet: opt.Quiet = False,
) -> None:
    """Write a made-up helpdesk, to try everything on.

    \b
    supportkpi demo
    supportkpi demo -o try --seed 7 --lang ru
    """
    from pathlib import Path  # noqa: PLC0415

    from supportkpi import demo as demos  # noqa: PLC0415
    from supportkpi.cli import _run  # noqa: PLC0415
    from supportkpi.cli._written import write  # noqa: PLC0415
    from supportkpi.errors import OptionWrong, OutputFailed  # noqa: PLC0415

    count = demos.TICKETS if tickets is None else tickets
    if not 1 <= count <= _MOST:
        raise OptionWrong(f"--tickets {count} is not from 1 to {_MOST:,}", hint="write --tickets 500")
    language, place = _run.language(lang), Path(folder)
    desk = demos.made(seed=demos.SEED if seed is None else seed, tickets=count, lang=language)
    files = demos.files(desk)
    there = [name for name in files if (place / name).exists()]
    if there and not force:
        message = f"{place / there[0]} is there already"
        raise OutputFailed(message, hint="write into another folder with -o, or over it with --force")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"cannot write {folder}: {error.strerror or error}", hint="name a folder with -o") from error
    for name, content in files.items():
        write(str(place / name), content)
    if not quiet:
        _run.print_out(demos.closing(desk, place.as_posix(), list(files)))

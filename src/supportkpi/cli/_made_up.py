"""The made-up helpdesk that ``--demo`` brings instead of files: held in memory, nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import typer

from supportkpi.errors import OptionWrong


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """Files by name, and the text of the settings that fit them."""

    files: Mapping[str, bytes]
    settings: str


def brought(files: Sequence[str] | None, *, demo: bool, lang: str) -> MadeUp | None:
    """The made-up helpdesk where it is asked for; None where there are files.

    Raises:
        OptionWrong: both are given.
    """
    if demo and files:
        raise OptionWrong("--demo brings a helpdesk of its own", hint="leave out the files, or --demo")
    if not demo:
        if not files:
            raise typer.TyperException("Missing argument 'FILES...': name an export, or try --demo")
        return None
    from supportkpi import demo as demos  # noqa: PLC0415 - only who asks for it waits for it

    desk = demos.made(lang=lang)
    return MadeUp(
        files={f"demo/{name}": body for name, body in demos.shown(desk).items()}, settings=demos.settings(desk)
    )

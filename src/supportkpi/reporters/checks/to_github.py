"""Checks as workflow commands: one annotation a check that failed or warns, escaped."""

from __future__ import annotations

from supportkpi.checks import Checked, Gate, Result
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.checks import _words as said
from supportkpi.reporters.checks._page import last

FORMAT = "github"
SUFFIXES: tuple[str, ...] = ()


def render(gate: Gate, options: RenderOptions) -> str:
    """``::error title=…::…`` and ``::warning …``; the counts and the exit code as a plain last line."""
    words = Words(options.lang)
    lines = [_command(each, words) for each in gate.checks if each.result is not Result.passed]
    return "\n".join([*lines, _data(last(gate, words))]) + "\n"


def _command(checked: Checked, words: Words) -> str:
    level = "error" if said.sign(checked) == "✗" else "warning"
    title = " ".join(part for part in (said.name(checked, words), said.place(checked)) if part)
    wanted = words.gettext("required {limit}").format(limit=said.required(checked, words))
    figures = f"{said.actual(checked, words)}, {wanted}"
    if checked.result is Result.no_data:
        figures = words.gettext("no data")
    tickets = ", ".join(late.ticket for late in checked.tickets)
    parts = (
        figures,
        said.remark(checked, words),
        f"n={checked.n}" if checked.n and checked.check.max_age_s is None else "",
        f"({tickets})" if tickets else "",
    )
    return f"::{level} title={_property(title)}::{_data(', '.join(part for part in parts if part))}"


def _data(text: str) -> str:
    """The text of a command, which ends at a line break: nothing in it can begin another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a command, which a colon or a comma would end."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""How long things may become before they are split."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sources import Source, breaches, sources

from supportkpi.cli._commands import COMMANDS

Function = ast.FunctionDef | ast.AsyncFunctionDef
LINES, BODY, PARAMETERS = 400, 40, 5
VAGUE = ("util", "helper", "common", "manager", "base", "misc")


def test_a_file_fits_into_four_hundred_lines() -> None:
    assert breaches(sources(), lambda source: max(0, len(source.text.splitlines()) - LINES)) == {}


def test_a_body_fits_on_a_screen() -> None:
    assert breaches(sources(), lambda source: _beyond(source, _body, BODY)) == {}


def test_a_function_takes_few_parameters() -> None:
    assert breaches(sources(), lambda source: _beyond(source, _positional, PARAMETERS)) == {}


def _beyond(source: Source, measure: Callable[[Function], int], most: int) -> dict[str, int]:
    """The functions of a file of which there is more than there may be, and how much."""
    sizes = [(node.name, measure(node)) for node in source.functions() if not _is_command(source, node)]
    return {name: size for name, size in sizes if size > most}


def test_names_say_what_a_file_is() -> None:
    assert [source.name for source in sources() if any(word in source.path.stem for word in VAGUE)] == []


def _is_command(source: Source, node: Function) -> bool:
    return source.room == "cli" and node.name in COMMANDS


def _body(node: Function) -> int:
    """Lines of a body without its docstring."""
    first = node.body[1] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def _positional(node: Function) -> int:
    """Parameters that can be given by place; keywords name themselves."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len([name for name in names if name not in ("self", "cls")])

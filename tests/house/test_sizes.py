"""How long things may become before they are split."""

from __future__ import annotations

import ast

import pytest
from sources import Source, sources

from supportkpi.cli._commands import COMMANDS

LINES, BODY, PARAMETERS = 400, 40, 5
VAGUE = ("util", "helper", "common", "manager", "base", "misc")


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name or "supportkpi")
def test_a_file_fits_into_four_hundred_lines(source: Source) -> None:
    assert len(source.text.splitlines()) <= LINES


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name or "supportkpi")
def test_a_body_fits_on_a_screen(source: Source) -> None:
    long = {node.name: _body(node) for node in source.functions() if not _is_command(source, node)}
    assert {name: lines for name, lines in long.items() if lines > BODY} == {}


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name or "supportkpi")
def test_a_function_takes_few_parameters(source: Source) -> None:
    many = {
        node.name: count
        for node in source.functions()
        if not _is_command(source, node) and (count := _positional(node)) > PARAMETERS
    }
    assert many == {}


def test_names_say_what_a_file_is() -> None:
    assert [source.name for source in sources() if any(word in source.path.stem for word in VAGUE)] == []


def _is_command(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return source.room == "cli" and node.name in COMMANDS


def _body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a body without its docstring."""
    first = node.body[1] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def _positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Parameters that can be given by place; keywords name themselves."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len([name for name in names if name not in ("self", "cls")])

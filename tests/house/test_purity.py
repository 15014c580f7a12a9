"""Below the command line nothing knows the time of day, the environment or the terminal; nothing is of any type."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from sources import Source, sources

BELOW = [source for source in sources() if source.room not in ("cli", "__main__")]
CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime"),
    *("Path.cwd", "Path.home", "os.getenv", "os.getcwd", "os.get_terminal_size", "shutil.get_terminal_size"),
    *("print", "input", "locale.getlocale", "locale.setlocale", "exit", "sys.exit"),
}
NAMES = {"os.environ", "sys.stdout", "sys.stderr", "sys.stdin", "sys.argv"}
MODULES = {"random", "secrets", "getpass", "locale", "socket", "urllib", "http", "subprocess", "pickle", "marshal"}


@pytest.mark.parametrize("source", BELOW, ids=lambda source: source.name or "supportkpi")
def test_no_clock_no_environment_no_terminal(source: Source) -> None:
    assert list(_outside(source)) == []


def _outside(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _dotted(node.func) in CALLS:
            yield f"{source.name}:{node.lineno} {_dotted(node.func)}()"
        if isinstance(node, ast.Attribute) and _dotted(node) in NAMES:
            yield f"{source.name}:{node.lineno} {_dotted(node)}"


def _dotted(node: ast.expr) -> str:
    """The last two parts of a name: ``datetime.datetime.now`` is ``datetime.now``."""
    return ".".join(ast.unparse(node).split(".")[-2:]) if isinstance(node, ast.Attribute | ast.Name) else ""


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name or "supportkpi")
def test_no_network_no_chance_no_code_from_data(source: Source) -> None:
    imported = {alias.name for node in ast.walk(source.tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom)}
    made_up = {"random"} if source.name == "demo.dice" else set()  # seeded: the demo is the same every time
    assert {name.partition(".")[0] for name in imported} & (MODULES - made_up) == set()
    called = {_dotted(node.func) for node in ast.walk(source.tree) if isinstance(node, ast.Call)}
    assert called & {"eval", "exec", "compile", "__import__"} == set()


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name or "supportkpi")
def test_nothing_is_of_any_type(source: Source) -> None:
    named = {alias.name for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert "Any" not in named
    assert "typing.Any" not in source.text


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name or "supportkpi")
def test_polars_never_calls_python_for_a_row(source: Source) -> None:
    called = {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    assert called & {"map_elements", "map_rows", "apply"} == set()

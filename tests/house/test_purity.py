"""Below the command line nothing knows the time of day, the environment or the terminal; nothing is of any type."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sources import Source, breaches, nodes, sources

CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime"),
    *("Path.cwd", "Path.home", "os.getenv", "os.getcwd", "os.get_terminal_size", "shutil.get_terminal_size"),
    *("print", "input", "locale.getlocale", "locale.setlocale", "exit", "sys.exit"),
}
NAMES = {"os.environ", "sys.stdout", "sys.stderr", "sys.stdin", "sys.argv"}
MODULES = {"random", "secrets", "getpass", "locale", "socket", "urllib", "http", "subprocess", "pickle", "marshal"}


def test_no_clock_no_environment_no_terminal() -> None:
    below = [source for source in sources() if source.room not in ("cli", "__main__")]
    assert breaches(below, lambda source: list(_outside(source))) == {}


def _outside(source: Source) -> Iterator[str]:
    for node in nodes(source):
        if isinstance(node, ast.Call) and _dotted(node.func) in CALLS:
            yield f"{source.name}:{node.lineno} {_dotted(node.func)}()"
        if isinstance(node, ast.Attribute) and _dotted(node) in NAMES:
            yield f"{source.name}:{node.lineno} {_dotted(node)}"


def _dotted(node: ast.expr) -> str:
    """The last two parts of a name: ``datetime.datetime.now`` is ``datetime.now``."""
    return ".".join(ast.unparse(node).split(".")[-2:]) if isinstance(node, ast.Attribute | ast.Name) else ""


def test_no_network_no_chance_no_code_from_data() -> None:
    assert breaches(sources(), _foreign) == {}


def _foreign(source: Source) -> set[str]:
    imported = {alias.name for node in nodes(source) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes(source) if isinstance(node, ast.ImportFrom)}
    made_up = {"random"} if source.name == "demo.dice" else set()  # seeded: the demo is the same every time
    called = {_dotted(node.func) for node in nodes(source) if isinstance(node, ast.Call)}
    foreign = {name.partition(".")[0] for name in imported} & (MODULES - made_up)
    return foreign | called & {"eval", "exec", "compile", "__import__"}


def test_nothing_is_of_any_type() -> None:
    assert breaches(sources(), _names_any) == {}


def _names_any(source: Source) -> bool:
    named = {alias.name for node in nodes(source) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return "Any" in named or "typing.Any" in source.text


def test_polars_never_calls_python_for_a_row() -> None:
    assert breaches(sources(), _calls_python_for_rows) == {}


def _calls_python_for_rows(source: Source) -> set[str]:
    called = {node.attr for node in nodes(source) if isinstance(node, ast.Attribute)}
    return called & {"map_elements", "map_rows", "apply"}

"""The source files as the house rules see them: paths, dotted names, syntax trees, imports."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "supportkpi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file under src: its dotted name below the package, its text and its tree."""

    path: Path
    name: str  # "loaders._tables", "errors", "loaders" for loaders/__init__.py, "" for the package itself
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The top-level module or package that the file belongs to."""
        return self.name.partition(".")[0]

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, those inside others too."""
        return (node for node in nodes(self) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def breaches(files: Iterable[Source], rule: Callable[[Source], object]) -> dict[str, object]:
    """What a rule finds, by file: one test a rule, which names every file that breaks it."""
    found = ((source.name or "supportkpi", rule(source)) for source in files)
    return {name: wrong for name, wrong in found if wrong}


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the package."""
    return tuple(_source(path) for path in sorted(SRC.rglob("*.py")))


def _source(path: Path) -> Source:
    parts = path.relative_to(SRC).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Source(path=path, name=name, text=text, tree=ast.parse(text))


@cache
def nodes(source: Source) -> tuple[ast.AST, ...]:
    """Every node of the syntax tree of a file."""
    return tuple(ast.walk(source.tree))


@cache
def _names() -> frozenset[str]:
    return frozenset(source.name for source in sources())


@cache
def imports(source: Source) -> frozenset[str]:
    """The files of the package that a file imports, by dotted name, wherever in it the import stands."""
    known = _names()
    found: set[str] = set()
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found |= {_inside(alias.name) for alias in node.names if _ours(alias.name)}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and _ours(node.module):
            base = _inside(node.module)
            names = {f"{base}.{alias.name}".strip(".") for alias in node.names}
            found |= {name if name in known else base for name in names}
    return frozenset(found - {source.name})


@cache
def strangers(source: Source) -> frozenset[str]:
    """The top-level packages of others that a file imports, the standard library among them."""
    found: set[str] = set()
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module.partition(".")[0])
    return frozenset(found - {"supportkpi", "__future__"})


def _ours(name: str) -> bool:
    return name == "supportkpi" or name.startswith("supportkpi.")


def _inside(name: str) -> str:
    return name.removeprefix("supportkpi").strip(".")

"""What is public: lists that are sorted and true, lazy names that load, a docstring on everything."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest
from sources import SRC, Source, breaches, sources

import supportkpi


def module_name(source: Source) -> str:
    return f"supportkpi.{source.name}".rstrip(".")


def test_a_list_of_public_names_is_sorted_and_true() -> None:
    imported = [source for source in sources() if source.path.name != "__main__.py"]
    assert breaches(imported, _ill_listed) == {}


def _ill_listed(source: Source) -> list[str]:
    """The public names of a file that it has not, or all where they are not in order."""
    module = import_module(module_name(source))
    names = list(getattr(module, "__all__", []))
    return names if names != sorted(set(names), key=_by_kind) else [name for name in names if not hasattr(module, name)]


def _by_kind(name: str) -> tuple[bool, bool, str]:
    """Constants, then classes, then functions, each by name."""
    return not name.isupper(), not name[0].isupper(), name


def test_every_lazy_name_of_the_library_loads() -> None:
    for name in supportkpi.__all__:
        assert getattr(supportkpi, name) is not None
    assert set(dir(supportkpi)) == {*supportkpi.__all__, "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'reprot'"):
        supportkpi.reprot  # noqa: B018


def test_type_checkers_see_the_same_names() -> None:
    tree = next(source.tree for source in sources() if source.name == "")
    seen = {
        alias.asname or alias.name
        for block in tree.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(supportkpi.__all__)


def test_no_module_bears_the_name_of_a_public_function() -> None:
    """Importing such a module would put it in the function's place."""
    modules = {path.stem for path in SRC.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert modules & set(supportkpi.__all__) == set()


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import sys, supportkpi; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"polars", "pydantic", "holidays", "babel", "typer", "yaml"} & set(loaded) == set()


def test_everything_public_says_in_one_sentence_what_it_is() -> None:
    assert breaches(sources(), lambda one: [name for name, text in _public(one) if not _is_sentence(text)]) == {}


def _public(source: Source) -> Iterator[tuple[str, str | None]]:
    yield source.name, ast.get_docstring(source.tree)
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, ast.get_docstring(node)
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                yield f"{node.name}.{inner.name}", ast.get_docstring(inner)


def _is_sentence(text: str | None) -> bool:
    """Whether the first paragraph ends as a sentence does."""
    return bool(text) and str(text).split("\n\n")[0].rstrip().endswith((".", "?", "!", ":", "``"))

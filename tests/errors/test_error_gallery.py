"""Every error as a user meets it: command.txt in the folder of its slug, or snippet.py for the library."""

from __future__ import annotations

import runpy
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from supportkpi.errors import KpiError, slugs

HERE = Path(__file__).resolve().parent
FOLDERS = sorted(path for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_error_says_what_is_what_to_do_and_where(
    folder: Path, cli: Callable[..., Any], renew: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    said = "".join(_snippet(folder) if (folder / "snippet.py").exists() else _commands(folder, cli))
    page = folder / "expected.txt"
    if renew:
        page.write_text(said, encoding="utf-8", newline="")
    assert said == page.read_text(encoding="utf-8")
    assert set(slugs()) & set(_named(said)) == {folder.name}
    assert "Traceback" not in said
    assert all(_does_say_what_to_do(block) for block in said.split("$ ") if block)


def _commands(folder: Path, cli: Callable[..., Any]) -> Iterator[str]:
    for line in (folder / "command.txt").read_text(encoding="utf-8").splitlines():
        run = cli(*shlex.split(line)[1:])
        assert run.out == ""
        yield f"$ {line}\n{run.err}exit {run.code}\n"


def _snippet(folder: Path) -> Iterator[str]:
    with pytest.raises(KpiError) as caught:
        runpy.run_path(str(folder / "snippet.py"))
    yield f"{caught.value}\nexit {caught.value.code}\n"


def _named(said: str) -> list[str]:
    """What stands in brackets at the end of a line that tells an error."""
    lines = [line for line in said.splitlines() if line.startswith("error: ") or "]; " in line or line.endswith("]")]
    return [line.rpartition("[")[2].partition("]")[0] for line in lines]


def _does_say_what_to_do(block: str) -> bool:
    """Whether the last line before the exit code is advice, or the line of the user's file to look at."""
    last = block.splitlines()[-2]
    return "]; " in last or (last.startswith("  ") and (" " in last.strip() or last[-1].isdigit()))


def test_every_error_has_a_folder_and_every_folder_is_an_error() -> None:
    assert {folder.name for folder in FOLDERS} == set(slugs())

"""The examples: made anew they are the same, and each command in reports/ prints what stands below it."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
REPORTS = sorted((EXAMPLES / "reports").iterdir())


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_a_report_is_what_its_command_prints(
    path: Path, cli: Callable[..., Any], renew: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt, _, expected = path.read_text(encoding="utf-8").partition("\n")
    assert prompt.startswith("$ supportkpi ")
    monkeypatch.chdir(ROOT)
    run = cli(*shlex.split(prompt.removeprefix("$ supportkpi ")))
    assert run.code == 0
    if renew:
        path.write_text(f"{prompt}\n{run.screen}", encoding="utf-8", newline="")
    else:
        assert _without_fingerprint(run.screen) == _without_fingerprint(expected)


def _without_fingerprint(screen: str) -> str:
    """A report with a calendar has another one under newer lists of zones and holidays."""
    return re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{4}-[0-9a-f]{4}$", "…", screen, flags=re.MULTILINE)


def test_the_files_are_what_the_program_beside_them_makes(tmp_path: Path) -> None:
    written = list(runpy.run_path(str(EXAMPLES / "make.py"))["write"](tmp_path))
    assert {path.name for path in written} == {path.name for path in EXAMPLES.glob("*.csv")}
    for path in written:
        assert path.read_bytes() == (EXAMPLES / path.name).read_bytes(), path.name


def test_the_readme_of_the_examples_names_every_file() -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    files = [path for path in EXAMPLES.rglob("*") if path.suffix in (".csv", ".yaml", ".txt", ".md", ".json")]
    unnamed = {path.name for path in files if path.name != "README.md" and path.name not in page}
    assert unnamed == set()


def test_every_export_has_a_report() -> None:
    commands = " ".join(path.read_text(encoding="utf-8").partition("\n")[0] for path in REPORTS)
    assert {path.name for path in EXAMPLES.glob("*.csv") if f"examples/{path.name}" not in commands} == set()

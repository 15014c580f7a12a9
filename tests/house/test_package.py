"""What is installed: every file of the package is in the wheel, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from sources import ROOT, SRC

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("hatchling") is None or find_spec("pip") is None, reason="building needs hatchling and pip"
    ),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that pip builds of this folder."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    quiet = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}  # pip's own are not ours
    subprocess.run(command, check=True, capture_output=True, env=quiet)
    (path,) = folder.glob("supportkpi-*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_package_and_all_its_data(wheel: zipfile.ZipFile) -> None:
    here = {path.relative_to(SRC).as_posix() for path in SRC.rglob("*") if path.is_file() and _is_ours(path)}
    inside = {name.removeprefix("supportkpi/") for name in wheel.namelist() if name.startswith("supportkpi/")}
    assert inside == here
    assert {"py.typed", "loaders/generic/synonyms.yaml", "loaders/helpdesks/freshdesk.yaml"} <= inside


def _is_ours(path: Path) -> bool:
    return "__pycache__" not in path.parts


def test_the_wheel_brings_licence_and_command(wheel: zipfile.ZipFile) -> None:
    beside = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "licenses/LICENSE" in beside
    assert "supportkpi = supportkpi.cli:main" in wheel.read(beside["entry_points.txt"]).decode()
    metadata = wheel.read(beside["METADATA"]).decode()
    assert "Requires-Python: >=3.11" in metadata
    assert not any(name.startswith(("tests/", "examples/")) for name in wheel.namelist())

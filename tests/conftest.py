"""What all tests share: goldens that ``--renew`` rewrites, and the reference data beside the repository."""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

hypothesis.settings.register_profile("quick", max_examples=25)
if not os.environ.get("SUPPORTKPI_LONG"):
    hypothesis.settings.load_profile("quick")
if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores; frames of tests are too small for threads
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collects tests without collecting garbage: thousands of items live to the end, and are looked through no more."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write golden files anew instead of comparing with them")


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--renew"))


@pytest.fixture
def golden(renew: bool) -> Callable[[str, str], None]:
    """``golden("reporters/month.txt", text)`` compares a text with a file under tests/golden, or writes it."""

    def hold(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if renew:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        assert path.exists(), f"{path} is not there: run pytest --renew and read what it wrote"
        with path.open(encoding="utf-8", newline="") as file:
            assert text == file.read()

    return hold


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data, kept outside the repository."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("the reference data (../shared) is not here")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def screen(self) -> str:
        """What a terminal shows: what is said before the data, then the data."""
        return self.err + self.out


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``environment(SUPPORTKPI_TZ="UTC")`` sets variables for the runs of a test."""
    for name in list(os.environ):
        if name.startswith(("SUPPORTKPI_", "LC_")) or name in ("LANGUAGE", "NO_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")

    def give(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return give


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, environment: Callable[..., None]
) -> Callable[..., Run]:
    """``cli("report", "tickets.csv", stdin=b"…")`` runs a command line here, 100 columns wide, in English."""

    def start(*arguments: object, stdin: bytes | None = None) -> Run:
        from supportkpi.cli import run

        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Run(code=code, out=said.out, err=said.err)

    return start

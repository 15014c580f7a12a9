"""What all tests share: goldens that ``--renew`` rewrites, and the reference data beside the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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

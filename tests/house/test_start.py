"""What a run loads: rooms that it does not need stay shut, and open where they are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TICKETS = (
    "Id,Created at,Solved at,Status\n1,2026-03-02 10:00:00,2026-03-03 09:00:00,Solved\n2,2026-03-02 11:00:00,,Open\n"
)
HISTORY = (
    "Ticket ID,Event,Changed at\n"
    "1,created,2026-03-02 10:00:00\n1,solved,2026-03-03 09:00:00\n"
    "2,created,2026-03-02 11:00:00\n2,note,2026-03-02 12:00:00\n"
)
RECORDS = '[{"id": 1, "created_at": "2026-03-02T10:00:00Z", "status": "open"}]'

OPENED = {  # by a history, records beside it and hours
    "supportkpi.config.options",
    "supportkpi.config.resolved",
    "supportkpi.loaders.logs._read",
    "supportkpi.loaders.nested",
    "supportkpi.loaders.related._together",
    "supportkpi.loaders.tables._json",
}
SHUT = OPENED | {
    *("supportkpi.canonical._facts", "supportkpi.canonical._folder", "supportkpi.canonical._manifest"),
    *("supportkpi.checks", "supportkpi.lists", "supportkpi.receipts", "supportkpi.reconciliations"),
    *("supportkpi.config.agreements", "supportkpi.config.keys", "supportkpi.config.plans", "supportkpi.config.reading"),
    *("supportkpi.demo", "supportkpi.timetables", "supportkpi.whatifs", "supportkpi.config.public_holidays"),
    *("supportkpi.engine.checks", "supportkpi.engine.lists", "supportkpi.engine.receipt"),
    *("supportkpi.engine.reconcile", "supportkpi.engine.whatif"),
    *("supportkpi.loaders.logs._jira", "supportkpi.loaders.logs._main", "supportkpi.loaders.related._page"),
    *("supportkpi.loaders.tables._csv_scan", "supportkpi.loaders.tables._html", "supportkpi.loaders.tables._xlsx"),
    *("supportkpi.reporters.checks", "supportkpi.reporters.lists", "supportkpi.reporters.whatif"),
    *("supportkpi.reporters.to_csv", "supportkpi.reporters.to_json", "supportkpi.reporters.to_markdown"),
    *("backports", "dateutil", "fastexcel", "holidays"),
}
"""What no report of a few tickets in a table of cells needs."""


def loaded(*words: str) -> set[str]:
    """The modules that a run leaves loaded."""
    asked = (
        f"import sys; from supportkpi.cli import run; code = run({list(words)!r}); print(*sys.modules); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return {*done.stdout.splitlines()[-1].split()}


def test_a_plain_report_loads_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text(TICKETS, encoding="utf-8")
    assert loaded("report", str(file)) & SHUT == set()


def test_what_is_asked_for_is_loaded(tmp_path: Path) -> None:
    """The same rooms, open: a name that is no longer a room's would keep the other test from ever failing."""
    files = {"history.csv": HISTORY, "records.json": RECORDS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = (str(tmp_path / name) for name in files)
    assert loaded("report", *paths, "--hours", "mon-fri 09:00-18:00") & OPENED == OPENED


def test_every_shut_room_is_there() -> None:
    source = Path(__file__).resolve().parents[2] / "src"
    ours = [name for name in SHUT if name.startswith("supportkpi.")]
    missing = [name for name in ours if not any(_files(source / name.replace(".", "/")))]
    assert missing == []


def _files(path: Path) -> list[Path]:
    return [one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()]

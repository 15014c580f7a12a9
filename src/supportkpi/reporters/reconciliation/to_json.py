"""A reconciliation as JSON: figures with their reasons, and a record a ticket and figure."""

from __future__ import annotations

from dataclasses import asdict

from supportkpi.reconciliations import Compared, Reconciliation
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_json import FORMAT_VERSION, written

FORMAT = "json"
SUFFIXES = (".json",)


def render(found: Reconciliation, options: RenderOptions) -> str:
    """The whole of it; spans in seconds, verdicts as 1 and 0."""
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "method": {
            "timezone": found.timezone,
            "calendar": found.calendar,
            "dialect": found.dialect.id if found.dialect is not None else None,
            "assumptions": found.assumptions,
            "inputs": [{"path": one.path, "sha256": one.sha256, "helpdesk": one.helpdesk} for one in found.inputs],
        },
        "n": found.n,
        "figures": [_figure(one) for one in found.figures],
        "tickets": list(found.rows.iter_rows(named=True)),
    }
    return written(document) + "\n"


def _figure(one: Compared) -> dict[str, object]:
    return asdict(one) | {"n_both": one.n_both}

"""Which groups of ../shared/vectors/kpi.jsonl no adapter takes, and why: a group that is nobody's fails here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
VECTORS = HERE.parents[2] / "shared" / "vectors" / "kpi.jsonl"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not VECTORS.is_file(), reason="no reference vectors here")]
_UNBUILT = "`compare` and findings are not built yet"
ASIDE = {
    "abtest": _UNBUILT,
    "before_after": _UNBUILT,
    "compare": _UNBUILT,
    "goals": _UNBUILT,
    "guardrail.frt_only": _UNBUILT,
    "guardrail.heaping": _UNBUILT,
    "guardrail.mass_close": _UNBUILT,
    "guardrail.survey_selectivity": _UNBUILT,
    "nps.compare": _UNBUILT,
    "stats.pchart": _UNBUILT,
    "stats.xmr": _UNBUILT,
    "whatif.little": _UNBUILT,
}
CASES_ASIDE = {
    "ag-05": "agents beside what their mix of tickets makes expect",
    "ag-06": "shrinkage of agents' shares",
    "ag-08": "limits of a funnel around the team's share",
    "load-06": "rushes as findings; bands of load are judged as service levels",
    "load-07": "how many agents a load takes",
}
"""Cases of groups that have an adapter: what they ask for is not built yet."""


def test_every_group_has_an_adapter_or_a_reason():
    rows = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    adapters = [path for path in HERE.glob("test_*vectors*.py") if path.name != Path(__file__).name]
    code = "\n".join(path.read_text(encoding="utf-8") for path in adapters)
    named = set(re.findall(r'"([a-z_.0-9-]+)"', code))
    taken = {row["kpi"] for row in rows if row["kpi"] in named or row["kpi"].startswith("whatif.")} - set(ASIDE)
    assert {row["kpi"] for row in rows} == taken | set(ASIDE)
    one_by_one = [row["id"] for row in rows if row["kpi"] in ("agents", "load", "cost_per_contact", "kpi_table")]
    assert {id for id in one_by_one if id not in named} == set(CASES_ASIDE)

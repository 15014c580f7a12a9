"""The export's own figures beside ours."""

from __future__ import annotations

from supportkpi.decisions import Settings
from supportkpi.dialects import DIALECTS, Dialect, dialect_of
from supportkpi.engine.reconcile import reconciled
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.pipeline.measuring import fold
from supportkpi.reconciliations import Reconciliation
from supportkpi.schema import Dataset
from supportkpi.texts import meant


def reconcile(data: Dataset | Facts, *, settings: Settings | None = None, dialect: str | None = None) -> Reconciliation:
    """The minutes, counts and verdicts that the export carries beside those worked out from its history.

    ``dialect`` names the helpdesk whose ways of counting are tried first; without it the one that the files came from.
    ``.rows`` is a frame with a row a ticket and figure.

    Raises:
        OptionWrong: there is no such dialect.
    """
    chosen = settings or (data.settings if isinstance(data, Facts) else Settings())
    facts = fold(data, chosen)
    return reconciled(facts, chosen, _dialect(facts, dialect))


def _dialect(facts: Facts, name: str | None) -> Dialect | None:
    if name is None:
        return dialect_of(tuple(source.helpdesk for source in facts.dataset.provenance))
    if name not in DIALECTS:
        hint = meant(name, DIALECTS) or f"it is one of {', '.join(DIALECTS)}"
        raise OptionWrong(f"there is no dialect {name!r}", hint=hint)
    return DIALECTS[name]

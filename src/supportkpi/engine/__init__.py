"""From facts to numbers. What commands ask beside a report (checks, lists, what-if) is entered by its own file."""

from supportkpi.engine.definitions import deciding, defined, fingerprint, selected
from supportkpi.engine.grouping.derived import DERIVED
from supportkpi.engine.kpis.series import own_kpis
from supportkpi.engine.measure import measure

__all__ = ["DERIVED", "deciding", "defined", "fingerprint", "measure", "own_kpis", "selected"]

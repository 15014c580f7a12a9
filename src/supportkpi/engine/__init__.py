"""From facts to numbers. What commands ask beside a report (checks, lists, what-if) is entered by its own file."""

from supportkpi.engine.derived import DERIVED
from supportkpi.engine.measure import defined, fingerprint, measure, selected
from supportkpi.engine.series import own_kpis

__all__ = ["DERIVED", "defined", "fingerprint", "measure", "own_kpis", "selected"]

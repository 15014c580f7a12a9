"""From facts to numbers."""

from supportkpi.engine.measure import defined, fingerprint, measure, selected
from supportkpi.engine.series import own_kpis

__all__ = ["defined", "fingerprint", "measure", "own_kpis", "selected"]

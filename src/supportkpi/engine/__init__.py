"""From facts to numbers."""

from supportkpi.engine.checks import judge
from supportkpi.engine.derived import DERIVED
from supportkpi.engine.lists import listed
from supportkpi.engine.measure import defined, fingerprint, measure, selected
from supportkpi.engine.series import own_kpis

__all__ = ["DERIVED", "defined", "fingerprint", "judge", "listed", "measure", "own_kpis", "selected"]

"""From facts to numbers."""

from supportkpi.engine.asked import changed, row_of, wanted
from supportkpi.engine.checks import judge
from supportkpi.engine.derived import DERIVED
from supportkpi.engine.lists import listed
from supportkpi.engine.measure import defined, fingerprint, measure, selected
from supportkpi.engine.series import own_kpis
from supportkpi.engine.whatif import Question, whatif

__all__ = [
    "DERIVED",
    "Question",
    "changed",
    "defined",
    "fingerprint",
    "judge",
    "listed",
    "measure",
    "own_kpis",
    "row_of",
    "selected",
    "wanted",
    "whatif",
]

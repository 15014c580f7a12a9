"""From facts to numbers."""

from supportkpi.engine.measure import defined, fingerprint, measure, selected

__all__ = ["defined", "fingerprint", "measure", "selected"]

"""Reporters of reconciliations, one module a format."""

from supportkpi.reconciliations import Reconciliation
from supportkpi.reporters._shelf import Shelf

RECONCILIATIONS: Shelf[Reconciliation] = Shelf(__name__, "reconcile")

"""Reporters of checks, one module a format."""

from supportkpi.checks import Gate
from supportkpi.reporters._shelf import Shelf

CHECKS: Shelf[Gate] = Shelf(__name__, "check")

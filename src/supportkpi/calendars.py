"""Business time."""

from __future__ import annotations


class Calendar:
    """Working hours (being built)."""

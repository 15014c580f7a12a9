"""Reporters of lists of tickets, one module a format."""

from supportkpi.lists import Listing
from supportkpi.reporters._shelf import Shelf

LISTS: Shelf[Listing] = Shelf(__name__, "tickets")

"""Reporters of timetables, one module a format."""

from supportkpi.reporters._shelf import Shelf
from supportkpi.timetables import Timetable

TIMETABLES: Shelf[Timetable] = Shelf(__name__, "calendar")

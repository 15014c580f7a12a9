"""By what numbers are told apart: dimensions, persons, filters, the scope of a run, the row that a number becomes."""

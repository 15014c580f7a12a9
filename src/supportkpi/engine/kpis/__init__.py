"""A file for each kind of measure: what the rows of such a KPI are, for every breakdown and clock."""

"""Mapping: what a column of a table can stand for, who says so, and which helpdesk a table came from."""

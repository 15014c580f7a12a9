"""Beside: tables that stand beside tickets: series of figures, activity, customers, targets."""

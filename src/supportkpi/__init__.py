"""Support KPIs from exported ticket data."""

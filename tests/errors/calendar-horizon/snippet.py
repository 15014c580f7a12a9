from datetime import UTC, date, datetime

import polars as pl

import supportkpi as sk

calendar = sk.Calendar(timezone="UTC", hours={}, days={date(2026, 3, 2): ["09:00-18:00"]})
sk.due_at(pl.Series([datetime(2026, 3, 2, 12, tzinfo=UTC)]), 8 * 3600.0, calendar)

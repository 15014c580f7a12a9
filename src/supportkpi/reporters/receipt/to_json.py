"""Receipts as JSON: every event with what it did to each clock, every clock with its pieces (interface.md 4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from supportkpi.receipts import Clock, Entry, Receipt
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.lists._records import link_of
from supportkpi.reporters.to_json import FORMAT_VERSION, instant_text

FORMAT = "json"
SUFFIXES = (".json",)


def render(receipts: Sequence[Receipt], options: RenderOptions) -> str:
    """One object: under which rules, and the tickets in order."""
    rules = receipts[0].method if receipts else None
    whole = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "method": None
        if rules is None
        else {
            "timezone": rules.timezone,
            "as_of": instant_text(rules.as_of),
            "calendar": rules.calendar,
            "fingerprint": rules.fingerprint,
            "assumptions": list(rules.assumptions),
        },
        "tickets": [_ticket(receipt) for receipt in receipts],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _ticket(receipt: Receipt) -> dict[str, object]:
    return {
        "ticket_id": receipt.ticket,
        "link": link_of(receipt.ticket, receipt.links),
        "columns": dict(receipt.columns),
        "exclusion": receipt.exclusion,
        "calendar": receipt.calendar,
        "hours": receipt.hours or None,
        "observed_until": receipt.observed_until,
        "events": [_event(entry) for entry in receipt.entries],
        "clocks": [_clock(clock) for clock in receipt.clocks],
        "without_clock": {target: [asdict(why) for why in whys] for target, whys in receipt.missing.items()},
        "figures": [asdict(figure) for figure in receipt.figures],
    }


def _event(entry: Entry) -> dict[str, object]:
    told = {name: _said(value) for name, value in asdict(entry).items() if name != "marks"}
    marks = [{name: _said(value) for name, value in asdict(mark).items()} for mark in entry.marks]
    return {**told, "clocks": marks}


def _clock(clock: Clock) -> dict[str, object]:
    return {name: _said(value) for name, value in asdict(clock).items()}


def _said(value: object) -> object:
    """The value; null for an empty text."""
    return None if value == "" else value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

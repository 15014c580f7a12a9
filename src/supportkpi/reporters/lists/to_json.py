"""A list as JSON: one object a ticket, with all its clocks under ``clocks`` (interface.md 4)."""

from __future__ import annotations

from dataclasses import asdict

from supportkpi.lists import Head, Listing
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.lists._records import records
from supportkpi.reporters.to_json import FORMAT_VERSION, instant_text, written

FORMAT = "json"
SUFFIXES = (".json",)
_CLOCK = (
    *("target", "cycle", "version", "rule", "calendar", "state", "started_at", "due_at", "stopped_at", "elapsed_s"),
    *("paused_s", "target_s", "good_s", "late_s", "is_mature", "is_unanswered", "is_uncertain"),
)


def render(listing: Listing, options: RenderOptions) -> str:
    """The lists with what they come to, the tickets in order, and under which rules."""
    rules, asked = listing.method, listing.asked
    clocks = _clocks(listing)
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "method": {
            "timezone": rules.timezone,
            "as_of": instant_text(rules.as_of),
            "period": {"start": rules.period_start, "end": rules.period_end, "label": rules.period_label},
            "calendar": rules.calendar,
            "where": rules.where,
            "fingerprint": rules.fingerprint,
            "assumptions": rules.assumptions,
        },
        "lists": [_head(head) for head in listing.heads],
        "sample": None
        if asked.sample is None
        else {
            "take": asked.sample,
            "seed": asked.seed,
            "per": asked.per,
            "strata": [
                {"label": s.label, "size": s.size, "taken": s.taken, "fraction": s.fraction, "weight": s.weight}
                for s in listing.strata
            ],
        },
        "n": listing.tickets.height,
        "tickets": [{**record, "clocks": clocks.get(str(record["ticket_id"]), [])} for record in records(listing)],
    }
    return written(document) + "\n"


def _head(head: Head) -> dict[str, object]:
    spread = asdict(head.spread) if head.spread is not None else None
    return {
        "list": head.list.value,
        "what": head.what,
        "limit": head.limit or None,
        "n": head.n,
        "of": head.of,
        "n_open": head.n_open,
        "counts": head.beside,
        "times": spread,
        "business": head.is_business,
        "basis": head.basis,
    }


def _clocks(listing: Listing) -> dict[str, list[dict[str, object]]]:
    """The clocks of each ticket."""
    found: dict[str, list[dict[str, object]]] = {}
    names = [name for name in _CLOCK if name in listing.clocks.columns]
    for row in listing.clocks.select("ticket_id", *names).iter_rows(named=True):
        found.setdefault(row.pop("ticket_id"), []).append(row)
    return found

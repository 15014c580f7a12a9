"""A list as records of plain values, for CSV and JSON: one a ticket, the same columns in every language."""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.lists import CLOCK, FACTS, Listing

_ADDED = (
    *("in_n", "in_x", "in_n_open", "took_s", "waits", "value", "waiting_s", "last_sign_at", "silent_s", "score"),
    *("scale", "rated_at", "previous_solved_at", "stratum", "fraction", "weight"),
)
"""What the lists add to the facts, in their order; a list that was not asked for adds nothing."""
_SHOWN = {"target": "listed_target", "cycle": "listed_cycle", "left_s": "listed_left_s"}


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""Bytes that stand for themselves anywhere in an address (RFC 3986, 2.3)."""


def link_of(ticket: str, template: str | None) -> str | None:
    """The address of a ticket: the template with its id, whatever stands in it, as part of an address."""
    return None if template is None else template.replace("{id}", _quoted(ticket))


def _quoted(text: str) -> str:
    """Text as a part of an address: every byte of its UTF-8 that may mean something there as ``%2F``."""
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode("utf-8", "backslashreplace")
    )


def columns(listing: Listing) -> list[str]:
    """The names of the columns: facts, then a state and figures for each target, then what the lists add."""
    frame = listing.tickets.columns
    facts = [name for name in FACTS if name in frame]
    clocks = [f"{target}_{name}" for target in listing.targets for name in (*CLOCK, "cycles")]
    head = [facts[0], *(["link"] if listing.links is not None else []), *facts[1:]]
    shown = [_SHOWN[name] for name in _SHOWN if f"on_{name}" in frame]
    added = [name for name in _ADDED if name in frame]
    return [*head, *(name for name in clocks if name in frame), *shown, *added]


def records(listing: Listing) -> Iterator[dict[str, object]]:
    """One record a ticket, under the names of ``columns``."""
    names = columns(listing)
    renamed = listing.tickets.rename({f"on_{name}": shown for name, shown in _SHOWN.items()}, strict=False)
    for row in renamed.iter_rows(named=True):
        yield {name: link_of(row["ticket_id"], listing.links) if name == "link" else row[name] for name in names}

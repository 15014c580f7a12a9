"""What is said of a table that is no table of tickets or answers, and the line that would settle it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supportkpi.errors import NotRecognised, Where
from supportkpi.loaders.generic._checks import EMPTY
from supportkpi.loaders.generic._headers import WEAK, folded, synonyms
from supportkpi.loaders.generic._ids import may_be_ids
from supportkpi.loaders.generic._sums import refusal_of_sums, sums_up
from supportkpi.loaders.mapping._claims import SAID, Claim, Plan
from supportkpi.loaders.mapping._fields import Sort
from supportkpi.loaders.wide._sample import Sample

_LIVE_WORDS = frozenset(("status", "priority", "channel", "assignee_id"))
# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_AVERAGE = r"(?:avg|average|mean|median|средн(?:ее|яя|ий)|media|durchschnitt\w*|moyenne) \w"
"""Headers of reports that sum up tickets by agent, day or inbox."""
_CODE = r"^(?:(?:\p{L}{1,12}[-_ #/:]?)?#?\d{1,18}|[\da-fA-F-]{8,40}|[\dA-Za-z]{12,20})$"
"""Numbers, ISS-17, keys of databases."""
_DATE = r"^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"
_AMOUNT = (
    r"\b(?:duration|time|timestamp|seconds|minutes|price|amount|cost|sum|total|count|qty|quantity|rate|score|age|year|percent|share|balance|salary|revenue"
    r"|цена|сумма|стоимость|итого|количество|возраст|год|процент|доля|остаток"
    r"|precio|importe|total|cantidad|preco|preço|valor|preis|betrag|summe|anzahl|menge|prix|montant|nombre)\b"
)
_HAPPENED = frozenset(("topic", "event", "event type", "event name", "webhook event", "webhookevent"))
"""Headers of what a message about a ticket is sent for."""
_ABOUT = frozenset(
    (
        *("data", "item", "object", "payload", "record", "resource", "detail"),
        *("ticket", "conversation", "issue", "case", "request", "incident"),
    )
)
"""Keys under which such a message holds the ticket."""
_BEGUN = frozenset(("created at", "created", "fields created", "created on", "date created", "create date"))
_MOST_LISTED = 40
_LONGEST_NAME = 40


def _not_found(sample: Sample) -> str:
    return (
        "no column could be the ticket's id, and none holds the scores of a survey; "
        f"the file has {listed(sample.table.columns)}"
    )


def listed(columns: Sequence[str]) -> str:
    """Columns as a sentence lists them."""
    more = len(columns) - _MOST_LISTED
    names = [name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…" for name in columns[:_MOST_LISTED]]
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def refusal(sample: Sample, near: Sequence[str] | None = None) -> NotRecognised:
    """The error about a table in which nothing was found, with the line that would settle it."""
    average = next((column for column in sample.table.columns if re.match(_AVERAGE, folded(column))), None)
    if average is not None:
        return NotRecognised(
            f"each row sums up many tickets ({average!r}), and there is no column of tickets",
            hint="export the tickets or conversations themselves: figures are worked out from them, not from averages",
            where=Where(path=sample.table.name),
        )
    if sums_up(sample):
        return refusal_of_sums(sample)
    nearest = like_ids(sample, may_be_ids(sample, {}) if near is None else near)[:3]
    if nearest:
        hint = f'nearest is {", ".join(nearest)}: say --map ticket_id="{nearest[0]}"'
    else:
        hint = 'export the tickets with their ids; if a column is the id, say --map ticket_id="COLUMN"'
    return NotRecognised(_not_found(sample), hint=hint, where=Where(path=sample.table.name))


def sums_or_averages(sample: Sample) -> bool:
    """Whether each row sums up many tickets."""
    return any(re.match(_AVERAGE, folded(column)) for column in sample.table.columns) or sums_up(sample)


def like_ids(sample: Sample, columns: Sequence[str]) -> list[str]:
    """Those of the columns whose values are whole numbers or codes, and whose headers tell of no amount."""
    found = []
    for column in columns:
        words = sample.words(column).drop_nulls()
        if words.str.contains(_CODE).all() and not words.str.contains(_DATE).any():
            found.append(column)
    return [column for column in found if not re.search(_AMOUNT, folded(column))]


def refuse_silent(plan: Plan, sample: Sample) -> None:
    """Stop at a table that only names things: counting its rows as tickets would be a number out of nothing.

    Raises:
        NotRecognised: there is an id that nobody named, and nothing else.
    """
    claim = plan.claim("ticket_id")
    guessed = plan.id == "generic" and claim is not None and claim.evidence != SAID
    if plan.survey or claim is None or not guessed or any(_tells_something(one, sample) for one in plan.claims):
        return
    named = listed(sample.table.columns)
    raise NotRecognised(
        f"the rows have an id in {claim.column!r} and nothing that tells of a ticket: no date, no status, no rating; "
        f"the file has {named}",
        hint='export the tickets with their dates, or name the column: --map created_at="COLUMN"',
        where=Where(path=sample.table.name, column=claim.column),
    )


def refuse_messages(plan: Plan, sample: Sample) -> None:
    """Stop at messages that a helpdesk sends whenever something happens: one about a ticket is not that ticket.

    Raises:
        NotRecognised: the rows have an id of their own, and hold a ticket with another one.
    """
    claim, columns = plan.claim("ticket_id"), sample.table.columns
    sent = next((column for column in columns if folded(column) in _HAPPENED), None)
    if sent is None or claim is None or plan.id != "generic" or claim.evidence == SAID or "." in claim.column:
        return
    held = {column.rpartition(".")[0] for column in columns if re.search(r"\.(?:id|key|number)$", column)}
    for inner in sorted(name for name in held if name.rpartition(".")[2].casefold() in _ABOUT):
        if any(
            folded(column.removeprefix(f"{inner}.")) in _BEGUN for column in columns if column.startswith(f"{inner}.")
        ):
            raise NotRecognised(
                f"each row is a message that was sent when something happened ({sent!r}), with the ticket in {inner!r}",
                hint="export the tickets themselves: several messages are about one of them",
                where=Where(path=sample.table.name, column=claim.column),
            )


def _tells_something(claim: Claim, sample: Sample) -> bool:
    """Whether a claim says more of a ticket than its name: a table of ids and labels is not one of tickets."""
    if claim.evidence == EMPTY and sample.table.rows:
        return False
    if claim.field == "requester_id":
        return synonyms().matches(claim.column).get("requester_id", 0.0) > WEAK
    return claim.field in _LIVE_WORDS or (claim.sort is not Sort.word and claim.field != "cost")

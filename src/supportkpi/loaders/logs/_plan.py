"""Whether one row of a table is an event, an update or a message, and which column says what of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import polars as pl

from supportkpi.errors import DataContradictory, DatesAmbiguous, NotRecognised, Where
from supportkpi.loaders._part import Request
from supportkpi.loaders.beside._series import stem
from supportkpi.loaders.generic._generic import beside, of_calls
from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.logs._headers import candidates, has_changes, has_text, instants, page, says_messages
from supportkpi.loaders.logs._objects import named_object, numbered_object
from supportkpi.loaders.logs._words import changed_of, is_status, meaning_of, public_of, role_of
from supportkpi.loaders.mapping._claims import SAID, Claim, Plan, plan_of, with_choices
from supportkpi.loaders.mapping._fields import LOG_ONLY, STAMPED
from supportkpi.loaders.mapping._recognise import by_header, normal, recognise
from supportkpi.loaders.values._dates import choose_dates
from supportkpi.loaders.wide._sample import Sample
from supportkpi.schema import Kind

STATES = ("status", "priority", "group", "assignee_id", "level")
"""Fields whose column says in each row how the ticket stands."""
_MARKED, _UNMARKED = 2 / 3, 1 / 2
"""Share of distinct ids up to which rows are a log: with a header that only logs have, and without one."""
_MOST_DISTINCT = 0.9
_KNOWN = 0.5
_FEW_WORDS = 500
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class _Table:
    """A table whose rows may be events: its sample, the id's column, and how the rows lie over the ids."""

    sample: Sample
    ticket: str
    repeats: float  # distinct ids a row
    rows: int

    @property
    def is_repeated(self) -> bool:
        """Whether ids come again at all."""
        return self.rows > 1 and self.repeats <= _MOST_DISTINCT


def planned(sample: Sample, request: Request) -> Plan | None:
    """The plan of a table that is a log; None where it is none.

    Raises:
        NotRecognised: the rows are events or updates, and nothing says when they happened.
    """
    mapping = request.mapping
    if mapping is None and request.reading.helpdesk != "generic":
        mapping = recognise(sample.table.columns, path=sample.table.name)
    if mapping is not None and mapping.rows == "survey":
        return None
    chosen = _here(request.chosen, sample.table.columns)
    if mapping is not None:
        plan = with_choices(plan_of(mapping, sample.table.columns), request.chosen, sample.table.columns)
        by_mapping = _by_mapping(plan, sample, thorough=request.thorough)
        if by_mapping is not None or request.mapping is not None or not has_changes(sample.table.columns):
            return by_mapping
    return _guessed(sample, chosen, thorough=request.thorough)


def _here(chosen: Mapping[str, str], columns: tuple[str, ...]) -> dict[str, str]:
    headers = by_header(columns)
    return {name: headers[normal(column)] for name, column in chosen.items() if normal(column) in headers}


def _by_mapping(plan: Plan, sample: Sample, *, thorough: bool) -> Plan | None:
    """The plan of a mapping: of a log whose ids come again, or of a list of tickets that turns out to be updates."""
    claim = plan.claim("ticket_id")
    if claim is None:
        return None
    table = _lie(sample, claim.column, thorough=thorough)
    if plan.log:
        at = plan.claim("at")
        only = all(plan.claim(name) is None for name in ("activity", "field", "role"))
        is_bare = only or (plan.log == "message" and _tells_ends(plan))
        return None if at is None or (is_bare and not table.is_repeated) else plan
    at = plan.claim("updated_at")
    if at is None or plan.claim("status") is None or plan.survey:
        return None
    if table.repeats > _UNMARKED or table.rows < _FEWEST or not _varies(table, at.column):
        return None
    claims = tuple(replace(one, field="at") if one is at else one for one in plan.claims)
    return replace(plan, log="update", claims=claims)


def _tells_ends(plan: Plan) -> bool:
    """Whether columns say when a ticket was created and what became of it, so that a row a ticket says enough."""
    ends = [claim.field for claim in plan.claims if claim.field in STAMPED]
    return "created_at" in ends and len(ends) > 1


def _lie(sample: Sample, ticket: str, *, thorough: bool) -> _Table:
    """How the rows lie over the ids; ``thorough``: over the whole file where its first rows do not show ids again."""
    ids = sample.words(ticket).drop_nulls()
    share, rows = (ids.n_unique() / len(ids) if len(ids) else 1.0), len(ids)
    if share > _UNMARKED and thorough and not sample.is_whole:
        whole = sample.table.frame.select(pl.col(ticket).n_unique().alias("n"), pl.len().alias("rows")).collect()
        share, rows = whole["n"][0] / max(whole["rows"][0], 1), whole["rows"][0]
    return _Table(sample, ticket, share, rows)


def _varies(table: _Table, column: str) -> bool:
    """Whether the values of a column differ between the rows of a ticket: an instant that is repeated is no event's."""
    both = pl.DataFrame({"id": table.sample.words(table.ticket), "v": table.sample.words(column)}).drop_nulls()
    told = both["id"].n_unique()
    return both.height <= told or both.n_unique() > told


def _differs(table: _Table, column: str) -> bool:
    """Whether rows of one ticket have several values in a column: the creation of the row, not of the ticket."""
    both = pl.DataFrame({"id": table.sample.words(table.ticket), "v": table.sample.words(column)}).drop_nulls()
    return both.n_unique() > both["id"].n_unique()


# --- by headers and values -------------------------------------------------------------------------------------------


def _guessed(sample: Sample, chosen: Mapping[str, str], *, thorough: bool) -> Plan | None:
    """The plan of a table that no mapping knows, when its rows are events."""
    said = {name: column for name, column in chosen.items() if name in LOG_ONLY}
    ticket = chosen.get("ticket_id") or case_of(sample)
    if ticket is None:
        return None
    table = _lie(sample, ticket, thorough=thorough)
    found = {**_found(table, said), **said}
    kind = _kind(table, found)
    if kind is None and (sentences := _sentences(table)) is not None:
        found, kind = {**found, "activity": sentences}, _ACTIVITY
    if kind is None and not said:
        return None
    found = {
        name: column for name, column in found.items() if name in (kind or LOG_ONLY) or name in STATES or name in said
    }
    at = said.get("at") or _instant(table, messages="activity" not in found and "field" not in found, taken=found)
    if at is None:
        raise _no_instant(table, found)
    if kind == _UPDATE and not table.is_repeated and not said:
        return None
    found = {"at": at, **found, "ticket_id": ticket}
    steps = {f"step {column}": column for column in candidates("transition", sample.table.columns)}
    rest = beside(sample, {**steps, **chosen, **found})
    claims = [_claim(name, column, sample, said=chosen) for name, column in {**chosen, **found}.items()]
    own = {"created_at"} if "created_at" in rest and _differs(table, rest["created_at"].column) else set()
    claims += [claim for name, claim in rest.items() if name != "updated_at" and name not in own]
    return Plan(
        id="generic",
        title="a log that no helpdesk is known for",
        claims=tuple(claims),
        log="message" if kind == _MESSAGE else "update",
    )


def _claim(name: str, column: str, sample: Sample, *, said: Mapping[str, str]) -> Claim:
    if name in said:
        return Claim(field=name, column=column, evidence=SAID)
    distinct = sample.words(column).drop_nulls().n_unique()
    many = f"{distinct:,} different value{'' if distinct == 1 else 's'}"
    return Claim(
        field=name, column=column, confidence="sure" if name in ("ticket_id", "at") else "likely", evidence=many
    )


def case_of(sample: Sample) -> str | None:
    """The column of the ticket's id: of several the one that the names prefer and that comes again."""
    names = synonyms()
    bids = []
    for place, column in enumerate(sample.table.columns):
        score = names.matches(column).get("ticket_id", 0.0)
        words = sample.words(column).drop_nulls()
        if score and len(words):
            again = words.n_unique() < len(words)
            own = normal(column) in ("id", "number", "no", "key", "#")
            bids.append(((again and not own), score, -place, column))
    best = max(bids, default=None)
    if best is None or not best[0]:  # rows that are numbered, or have no id of a ticket: of what they are may be said
        number = best[-1] if best is not None else None
        told = number is not None and (has_changes(sample.table.columns) or _has_activity(sample))
        other = numbered_object(sample) if told else None
        return named_object(sample) or other or number
    return best[-1]


def _has_activity(sample: Sample) -> bool:
    """Whether a column says what happened: to what then stands in another column than the row's own number."""
    surest = (column for column in candidates("activity", sample.table.columns) if _few(sample, column))
    return any(_share(sample, column, _is_activity) > _KNOWN for column in surest)


_ACTIVITY = frozenset(("activity", "actor", "role", "public", "new", "old", "level"))
_CHANGE = frozenset(("field", "old", "new", "actor", "role", "public", "level"))
_MESSAGE = frozenset(("actor", "role", "public", "level"))
_UPDATE = frozenset(("actor", "level"))


def _kind(table: _Table, found: Mapping[str, str]) -> frozenset[str] | None:
    """What the rows are: the fields of a log that then count; None where they are no events."""
    sample = table.sample
    if "field" in found and "new" in found and _share(sample, found["field"], _is_change) > 0:
        return _CHANGE
    known = _share(sample, found["activity"], _is_activity) if "activity" in found else 0.0
    if "activity" in found and (table.repeats <= _MARKED or (known >= _KNOWN and table.is_repeated)):
        return _ACTIVITY
    calls = of_calls(sample.table.columns) and not has_text(sample.table.columns)  # several may be about one ticket
    if _is_spoken(table, found) and not calls:
        return _MESSAGE
    return _UPDATE if _is_updated(table) else None


def _sentences(table: _Table) -> str | None:
    """A column of plain words that say what happened: "Status changed to Open", "Assigned to …"; None without one."""
    sample = table.sample
    if table.repeats > _MARKED or table.rows < _FEWEST:
        return None
    columns = [column for column in candidates("sentence", sample.table.columns) if column != table.ticket]
    bids = [(_share(sample, column, _is_activity), -place, column) for place, column in enumerate(columns)]
    best = max(bids, default=(0.0, 0, ""))
    states = best[0] >= _KNOWN and _share(sample, best[-1], _is_state) > 0
    return best[-1] if states else None


def _is_spoken(table: _Table, found: Mapping[str, str]) -> bool:
    """Whether the rows are messages: with their text or visibility beside the author, or with nothing of a ticket."""
    told = has_text(table.sample.table.columns) or says_messages(stem(table.sample.table.name))
    if table.is_repeated and (
        ("role" in found and (told or "public" in found)) or (("public" in found or "actor" in found) and told)
    ):
        return True
    return "role" in found and table.repeats <= _MARKED and "status" not in beside(table.sample, {})


def _is_updated(table: _Table) -> bool:
    """Whether the rows are updates: ids come again, each time with how the ticket stands and another instant."""
    columns = table.sample.table.columns
    marked = any(synonyms().is_log(column) for column in columns)
    if table.rows < _FEWEST or table.repeats > (_MARKED if marked else _UNMARKED):
        return False
    states = any(name in STATES for name in beside(table.sample, {"ticket_id": table.ticket}))
    dated = any(_is_date(table.sample, at) and _varies(table, at) for at in instants(columns, messages=False))
    return marked or (states and dated)


def _found(table: _Table, said: Mapping[str, str]) -> dict[str, str]:
    """The columns of the log's own fields, each checked against its values; a column stands for one of them."""
    sample, columns = table.sample, table.sample.table.columns
    found: dict[str, str] = {}
    used = {table.ticket, *said.values()}
    checks: dict[str, Callable[[str], bool]] = {
        "field": lambda column: _share(sample, column, _is_change) > 0,
        "activity": lambda column: _few(sample, column) and not _is_date(sample, column),
        "role": lambda column: _share(sample, column, _is_role) >= _KNOWN,
        "public": lambda column: _share(sample, column, _is_public) >= _KNOWN,
        "actor": lambda column: not _is_date(sample, column),
        "new": lambda column: True,
        "old": lambda column: True,
        "level": lambda column: _few(sample, column),
    }
    for field, fits in checks.items():
        for column in candidates(field, columns):
            if column not in used and field not in said and sample.words(column).count() and fits(column):
                found[field] = column
                used.add(column)
                break
    alone = "new" in found and not {"activity", "field", "status"} & {*found, *said}
    if alone and _share(sample, found["new"], is_status) >= _KNOWN:  # rows of changes of status: from, to, when
        found["status"] = found.pop("new")
    transition = next((column for column in candidates("transition", columns) if column not in used), None)
    if transition is not None and _is_status_column(sample, transition):
        found["status"] = transition
    return found


def _is_status_column(sample: Sample, column: str) -> bool:
    """Whether transitions are statuses, and not the steps in the life of an activity, which end with "complete"."""
    words = {word.casefold() for word in sample.words(column).drop_nulls().unique()}
    return not words <= set(cast("list[str]", page()["steps"])) and _share(sample, column, is_status) >= _KNOWN


def _few(sample: Sample, column: str) -> bool:
    return sample.words(column).drop_nulls().n_unique() <= _FEW_WORDS


def _share(sample: Sample, column: str, fits: Callable[[str], bool]) -> float:
    """Share of the rows whose word fits."""
    words = sample.words(column).drop_nulls()
    if not len(words) or words.n_unique() > _FEW_WORDS:
        return 0.0
    counts = words.value_counts(name="rows")
    good = [bool(fits(word)) for word in counts[words.name]]
    return float(counts["rows"].filter(pl.Series(good, dtype=pl.Boolean)).sum()) / len(words)


def _is_activity(word: str) -> bool:
    return meaning_of(word, {}, {}) is not None


def _is_state(word: str) -> bool:
    meant = meaning_of(word, {}, {})
    return meant is not None and meant.kind is Kind.status


def _is_change(word: str) -> bool:
    return changed_of(word, {}) is not None


def _is_role(word: str) -> bool:
    return role_of(word, {}) is not None


def _is_public(word: str) -> bool:
    return public_of(word, {}, negated=False) is not None


def _is_date(sample: Sample, column: str) -> bool:
    try:
        reading = choose_dates(sample.dated(column), header=column, zone="UTC", dayfirst=True)
    except (DatesAmbiguous, DataContradictory):
        return True
    return reading is not None and (not reading.bare or column in instants(sample.table.columns, messages=False))


def _instant(table: _Table, *, messages: bool, taken: Mapping[str, str]) -> str | None:
    """The column of the events' instants: dates that differ between the rows of a ticket."""
    sample = table.sample
    for column in instants(sample.table.columns, messages=messages):
        if (
            column != table.ticket
            and column not in taken.values()
            and _is_date(sample, column)
            and _varies(table, column)
        ):
            return column
    return None


def _no_instant(table: _Table, found: Mapping[str, str]) -> NotRecognised:
    path = table.sample.table.name
    column = next(iter(found.values()), table.ticket)
    return NotRecognised(
        f"one row is an event or an update here, not a ticket, with {column!r} beside {table.ticket!r}; "
        "but no column says when it happened",
        hint='name the column of the instant: --map at="COLUMN"',
        where=Where(path=path, column=table.ticket),
    )


def log_claims(plan: Plan) -> tuple[Claim, ...]:
    """The claims on fields that only logs have."""
    return tuple(claim for claim in plan.claims if claim.field in LOG_ONLY)

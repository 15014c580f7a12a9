"""The generic reading of an unknown export: synonyms propose a column for a field, the column's values decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supportkpi.loaders.generic._checks import EMPTY, OPENERS, Check, check
from supportkpi.loaders.generic._done import done_by_flag
from supportkpi.loaders.generic._headers import ENTITY, EXACT, PART, WEAK, Synonyms, folded, synonyms
from supportkpi.loaders.generic._ids import id_of, may_be_ids
from supportkpi.loaders.generic._order import Bid, in_order
from supportkpi.loaders.generic._refusals import refusal
from supportkpi.loaders.generic._survey import SURVEY_CLAIMS, is_form, survey
from supportkpi.loaders.generic._unnumbered import by_row, is_rated_register, is_register, lone_id, shared_id
from supportkpi.loaders.mapping._claims import Claim, Plan
from supportkpi.loaders.mapping._fields import FIELDS, SPAN_STAMPS, SURVEY_FIELDS, Sort, span_field
from supportkpi.loaders.wide._sample import Sample

_TICKET_TRAITS = (
    "status",
    "solved_at",
    "closed_at",
    "first_reply_at",
    "first_solved_at",
    "first_assigned_at",
    "resolution_due_at",
    "priority",
    "given_first_response_s",
    "given_resolution_s",
    "given_handle_s",
    "given_replies",
    "given_reopens",
    "escalated",
    "channel",
)
_LIVED = ("status", "priority", "closed_at", "first_reply_at", "given_first_response_s")
"""What answers to a survey never have."""
_OWN = frozenset(
    (
        "created_at",
        "first_reply_at",
        "solved_at",
        "closed_at",
        "first_response_due_at",
        "resolution_due_at",
        "given_sla_first_response_met",
        "given_sla_resolution_met",
    )
)
"""What may stand in a column that somebody has added to an export: an instant or a verdict, never a person."""
# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_OF_CALLS = (
    r"^(?:call|звонок|вызов)\b|\b(?:caller|wait time|ring(?:ing)? time|ivr|disposition|звонивш\w+|hangup|extension"
    r"|ani|dnis|talk time|hold time|after call work|acw|wrap up|wrapup)\b"
)
_OVER = r"^(?:end|ended|end (?:time|date|at)|ended at|finish(?:ed)?(?: (?:time|at))?|stop(?: time)?)$"
"""The end of a call is none of the question."""
_BARE = (
    r"(?:duration|dauer|duracion|duracao|duree|длительность|продолжительность)"
    r"(?: (?:s|sec|secs|seconds|min|mins|minutes|h|hours|сек|мин|ч|in \w+))?"
)
"""In a table of calls a duration without a word more is that of the call."""
_WITH_WAIT, _OWN_ID = 3.0, 100.0
_ONE_CALL = r"(?:call|interaction|звонка?|вызова?|llamada|chamada|anruf|appel)\b"
_LASTING = {stamp: span for span, stamp in SPAN_STAMPS.items()}
"""What an instant's name may also be over: how long it took until then."""
_ENDS = ("solved_at", "closed_at", "first_solved_at")
_TASKS = frozenset(("task", "item", "subitem", "subitems", "задача"))
"""What stands beside a "Name" that is a title."""
_MOST_NAMES, _MOST_SPOKEN = 3.5, 0.15
"""Words of a usual name of a person, and the share of names in which a small letter begins a word of its own."""
_SPOKEN = r"^\p{Lu}.*\s\p{Ll}{5,}"
_RATING_WORDS = (
    r"rat(?:ed|ing)|satisf|survey|feedback|csat|nps|ces|оцен|опрос|valora|avalia|pesquisa|bewert|umfrage|enqu"
)
_SURVEY_IDS = frozenset(("survey id", "response id", "respondent id", "collector id", "questionnaire id"))
_BUSINESS = r"business|working|office|рабоч|habil|util|geschaft|arbeits|ouvr"
_COMPANIES = frozenset(("клиент", "заказчик", "client", "customer", "cliente", "kunde", "account"))
_USERS = frozenset(("user", "end user", "пользователь", "usuario", "usuario final", "benutzer", "utilisateur"))
_PERSONS = frozenset(
    (
        "контакт",
        "контактное лицо",
        "заявитель",
        "инициатор",
        "contact",
        "contact name",
        "contact person",
        "requester",
        "contacto",
        "contato",
        "solicitante",
        "requerente",
        "ansprechpartner",
        "kontakt",
        "demandeur",
    )
)


def guess(sample: Sample, taken: Mapping[str, str]) -> Plan:
    """The plan for a table that no mapping knows; ``taken`` are the fields and columns that the user has settled.

    Raises:
        NotRecognised: neither a ticket's id nor a survey's score can be found.
    """
    bids = bids_on(sample, taken)
    chosen = _with_contact(sample, allotted(sample, [bid for bid in bids if _suits_tickets(bid)], taken))
    scores = [claim for name, claim in chosen.items() if FIELDS[name].sort is Sort.score]
    tells = "ticket_id" in chosen and any(_is_trait(name, chosen) for name in _TICKET_TRAITS)
    tells = tells or _lacks_only_an_id(sample, chosen) or _is_registered(chosen) or is_rated_register(sample, chosen)
    tells = tells and not is_form(chosen)
    if scores and "ticket_id" not in taken and not tells:
        return survey(sample, allotted(sample, [bid for bid in bids if _suits_answers(bid)], taken), taken)
    if "ticket_id" not in taken and "status" not in chosen and _of_a_survey(sample):
        raise refusal(sample, ())
    if "ticket_id" not in chosen and "ticket_id" not in taken:
        id_claim = _some_id(sample, chosen)
        chosen = {name: claim for name, claim in chosen.items() if claim.column != id_claim.column}
        chosen["ticket_id"] = id_claim
    notes = tuple(_without_units(sample, bids, chosen))
    done = done_by_flag(sample, chosen)
    claims = (*chosen.values(), done[0]) if done else tuple(chosen.values())
    values: dict[str, Mapping[str, str]] = {"status": done[1]} if done else {}
    if "opener" in chosen:
        values["role"] = OPENERS
    return Plan(id="generic", title="no known helpdesk", claims=claims, values=values, notes=notes)


def beside(sample: Sample, taken: Mapping[str, str]) -> dict[str, Claim]:
    """The claims on ticket columns of a table whose rows are events, beside the columns that are ``taken``."""
    bids = [bid for bid in bids_on(sample, taken) if _suits_tickets(bid) and bid.field != "ticket_id"]
    return _with_contact(sample, allotted(sample, bids, taken))


def further(sample: Sample, taken: Mapping[str, str], title: str) -> tuple[Claim, ...]:
    """What columns of a team's own tell beside those of a known helpdesk, where header and values leave no doubt."""
    bids = [bid for bid in bids_on(sample, taken) if bid.field in _OWN and bid.score >= EXACT - 1]
    own = [bid for bid in bids if not synonyms().is_negated(bid.field, bid.column)]
    found = [claim for claim in allotted(sample, own, taken).values() if claim.confidence == "sure"]
    if not found:
        return ()
    named = ", ".join(f"{claim.column!r} as {FIELDS[claim.field].title}" for claim in found)
    said = f"columns that {title} does not have are read by their headers: {named}"
    return tuple(
        replace(claim, confidence="likely", assumed="" if place else said) for place, claim in enumerate(found)
    )


def _lacks_only_an_id(sample: Sample, chosen: Mapping[str, Claim]) -> bool:
    """Whether rated rows are tickets whose id has a name that nobody knows: created, in a state, with a code each."""
    dated = {"created_at", "resolution_due_at"} & chosen.keys()
    if "ticket_id" in chosen or not dated or _of_a_survey(sample):
        return False
    states = [chosen[name] for name in _LIVED if name in chosen]
    return any(claim.confidence == "sure" for claim in states) and id_of(sample, chosen) is not None


def _is_registered(chosen: Mapping[str, Claim]) -> bool:
    """Whether rated rows have the date of a registration, which no answer to a survey has, and an id each."""
    created = chosen.get("created_at")
    return created is not None and "ticket_id" in chosen and "rated_at" not in synonyms().matches(created.column)


def _without_units(sample: Sample, bids: Sequence[Bid], chosen: Mapping[str, Claim]) -> Iterator[str]:
    """A sentence about each column of numbers whose header announces a duration, and no unit."""
    told = {claim.column for claim in chosen.values()}
    for bid in bids:
        field = FIELDS[bid.field]
        if field.sort is Sort.span and bid.field not in chosen and bid.column not in told and bid.score > ENTITY:
            told.add(bid.column)
            present = sample.words(bid.column).drop_nulls()
            if len(present) and present.str.contains(r"^\d+(?:[.,]\d+)?$").all():
                yield (
                    f"{bid.column!r} holds numbers without a unit and is not read: "
                    f"name it {bid.column + ' (min)'!r}, or say the unit in a mapping"
                )


def _of_a_survey(sample: Sample) -> bool:
    """Whether the rows are answers to a survey of which no score is known: they have dates, and are no tickets."""
    return any(folded(column) in _SURVEY_IDS for column in sample.table.columns)


def _is_trait(name: str, chosen: Mapping[str, Claim]) -> bool:
    """Whether a claim is of tickets: without a creation, a "date of response" may as well be that of an answer."""
    claim = chosen.get(name)
    if claim is None:
        return False
    return "created_at" in chosen or "rated_at" not in synonyms().matches(claim.column)


def bids_on(sample: Sample, taken: Mapping[str, str]) -> list[Bid]:
    """Every field that a header might stand for, the best first; none of ``taken``."""
    names = synonyms()
    bids = []
    calls = of_calls(sample.table.columns)
    for place, column in enumerate(sample.table.columns):
        if column in taken.values():
            continue
        for field, score in _matches(names, column, sample.table.questions.get(column)).items():
            field, score = _of_the_call(field, column, score) if calls else (field, score)  # noqa: PLW2901
            if calls and field in _ENDS and re.search(_OVER, folded(column)):
                continue
            names_of = (field, *([_LASTING[field]] if field in _LASTING else []))  # "First response: 2h 10m"
            for less, name in enumerate(_on_clock(one, column) for one in names_of):
                if name not in taken and name in FIELDS:
                    worth = score + 5 * sample.filled(column) - less
                    bids.append(Bid(score=worth, field=name, column=column, place=place))
    return sorted(bids, key=lambda bid: (-bid.score, bid.place))


def _matches(names: Synonyms, column: str, question: str | None) -> dict[str, float]:
    """How well a header names each field; of a survey also what was asked under it, for the ratings."""
    found = names.matches(column)
    asked = names.matches(question) if question is not None else {}
    for name, score in asked.items():
        if name in SURVEY_FIELDS:
            found[name] = max(found.get(name, 0.0), score)
    return found


def of_calls(columns: Sequence[str]) -> bool:
    """Whether the rows of a table are calls: how long was waited, talked or held says nothing of a ticket."""
    return any(re.search(_OF_CALLS, folded(column)) for column in columns)


def _of_the_call(field: str, column: str, score: float) -> tuple[str, float]:
    """A bare duration as how long was talked, behind a column of that name: it may count the wait as well.

    The id of the call comes before that of the ticket which several calls are about.
    """
    if field == "ticket_id" and re.match(_ONE_CALL, folded(column)):
        return field, score + _OWN_ID
    bare = field == "given_resolution_s" and re.fullmatch(_BARE, folded(column))
    return ("given_handle_s", score - _WITH_WAIT) if bare else (field, score)


def _on_clock(field: str, column: str) -> str:
    if FIELDS[field].sort is Sort.span and re.search(_BUSINESS, folded(column)):
        return span_field(field, "business")
    return field


def allotted(sample: Sample, bids: list[Bid], taken: Mapping[str, str]) -> dict[str, Claim]:
    """The best bid first: a column stands for one field, a field is told by one column, and the values must agree."""
    chosen: dict[str, Claim] = {}
    used = set(taken.values())
    for bid in in_order(bids, sample):
        if bid.field in chosen or bid.column in used:
            continue
        found = check(bid.field, bid.column, sample)
        if found is None or (found.evidence == EMPTY and bid.score < ENTITY - 1) or _is_a_title(bid, sample):
            continue
        chosen[bid.field] = Claim(
            field=bid.field,
            column=bid.column,
            confidence=_confidence(bid.score, found),
            evidence=found.evidence,
            unit=found.unit,
            flags=found.flags,
            undecided=found.undecided,
            no_zero=found.no_zero,
            assumed=_only_a_name(bid),
        )
        used.add(bid.column)
    return chosen


def _is_a_title(bid: Bid, sample: Sample) -> bool:
    """Whether a bare "Name" is that of a task and not of a person."""
    if not _only_a_name(bid):
        return False
    names = sample.words(bid.column).drop_nulls()
    words, spoken = names.str.count_matches(r"\S+").mean(), names.str.contains(_SPOKEN).mean()
    tasks = any(_TASKS & {*folded(column).split()[:1]} for column in sample.table.columns)
    return tasks or any(
        isinstance(one, float) and one > most for one, most in ((words, _MOST_NAMES), (spoken, _MOST_SPOKEN))
    )


def _only_a_name(bid: Bid) -> str:
    """What is taken on trust where a bare "Name" is all that tells customers apart."""
    if bid.field != "requester_id" or bid.score > WEAK + 5:
        return ""
    return f"{bid.column!r} alone tells customers apart: two of one name are taken for one person"


def _with_contact(sample: Sample, chosen: dict[str, Claim]) -> dict[str, Claim]:
    """Where a client stands beside a contact, the client is the company and the contact the person."""
    client = chosen.get("requester_id")
    if client is None or "organization_id" in chosen:
        return chosen
    used = {claim.column for claim in chosen.values()}
    if folded(client.column) in _PERSONS:
        firms = (column for column in sample.table.columns if column not in used and folded(column) in _COMPANIES)
        claims = [(column, check("organization_id", column, sample)) for column in firms]
        named = next(((column, found) for column, found in claims if found is not None), None)
        if named is None:
            return chosen
        firm = Claim(field="organization_id", column=named[0], confidence="likely", evidence=named[1].evidence)
        return {**chosen, "organization_id": firm}
    if folded(client.column) not in _COMPANIES:
        return chosen
    persons = _PERSONS | _USERS if "assignee_id" in chosen else _PERSONS  # else a user may be the agent
    for column in sample.table.columns:
        if column not in used and folded(column) in persons:
            found, company = (check("requester_id", name, sample) for name in (column, client.column))
            if found is not None and company is not None:
                person = Claim(field="requester_id", column=column, confidence="likely", evidence=found.evidence)
                firm = replace(client, field="organization_id", confidence="likely", evidence=company.evidence)
                return {**chosen, "requester_id": person, "organization_id": firm}
    return chosen


def _confidence(score: float, found: Check) -> str:
    if score >= ENTITY - 1 and found.sure:
        return "sure"
    return "likely" if score >= PART - 20 or found.sure else "assumed"


def _suits_tickets(bid: Bid) -> bool:
    """Beside tickets a date is the rating's only when its header says so."""
    return bid.field not in ("rated_at", "offered_at") or bool(re.search(_RATING_WORDS, folded(bid.column)))


def _suits_answers(bid: Bid) -> bool:
    return bid.field in SURVEY_CLAIMS or bid.field in ("created_at", "updated_at")


# --- ids -------------------------------------------------------------------------------------------------------------


def _some_id(sample: Sample, chosen: Mapping[str, Claim]) -> Claim:
    """The claim on a column that could be the id.

    Raises:
        NotRecognised: there is none.
    """
    found = id_of(sample, chosen) or lone_id(sample, chosen)
    if found is None and is_register(sample, chosen):
        return shared_id(sample, chosen) or by_row()
    if found is None:
        raise refusal(sample, may_be_ids(sample, chosen))
    return found

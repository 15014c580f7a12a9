"""The mapping vocabulary: one closed YAML file says how the table of one helpdesk is read, ours and the user's alike.

Rule of thumb: a mapping names columns, words and units. If reading an export needs an ``if``, it is a Python loader.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from supportkpi import texts
from supportkpi.errors import FileMissing, FileUnreadable, HelpdeskUnknown, MappingInvalid, Where
from supportkpi.loaders.mapping._fields import FIELDS, Sort, field_named, span_field
from supportkpi.loaders.mapping._shelf import Shelf
from supportkpi.schema import CHANNELS, PRIORITIES, Actor, Exclusion, Status


def listed(value: object) -> object:
    """A lone value as a list of one."""
    return value if isinstance(value, list | tuple | None) else [value]


def _columns(columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for name in columns:
        field = field_named(name)
        if field is None:
            raise MappingInvalid(unknown_field(name))
        if field.sort in (Sort.score, Sort.span):
            section = "ratings" if field.sort is Sort.score else "given"
            raise MappingInvalid(f"{name} stands under {section}, not under columns")
    return {_name(name): aliases for name, aliases in columns.items()}


def _name(name: str) -> str:
    field = field_named(name)
    return field.name if field else name


def unknown_field(name: str) -> str:
    """The sentence about a field that does not exist, with the nearest one that does."""
    near = texts.nearest(name, FIELDS)
    return f"{name!r} is no field" + (f"; did you mean {near}?" if near else "")


def _written(value: object) -> object:
    """A meaning as text: ``{status: solved}`` of an activity is "status=solved", ``false`` is "false"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict) and len(value) == 1:
        ((key, meaning),) = value.items()
        return f"{key}={meaning}"
    return value


def _meanings(values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    known: Mapping[str, tuple[str, ...]] = {
        "status": tuple(Status),
        "priority": PRIORITIES,
        "channel": CHANNELS,
        "exclusion": tuple(Exclusion),
        "activity": (*ACTIVITIES, *(f"status={status}" for status in Status)),
        "role": tuple(Actor),
        "public": ("true", "false"),
        "field": CHANGED,
        "target": TARGETS,
        "stage": STAGES,
    }
    for field, words in values.items():
        for word, meaning in words.items():
            if meaning not in known[field]:
                raise MappingInvalid(
                    f"{word!r} means {meaning!r}, which is no {field}", hint=f"write one of {', '.join(known[field])}"
                )
    return values


ACTIVITIES = (
    *("created", "request", "reply", "bot_reply", "note", "message", "handoff", "escalation", "nothing"),
    *("status", "priority", "assignee", "group", "level"),
)
"""What an activity of a log can mean, besides ``{status: solved}``; the last five take their value from ``new``."""
CHANGED = ("status", "priority", "assignee", "group", "level", "created", "nothing")
"""What a changed field of a log can be."""
TARGETS = ("first_response", "resolution", "nothing")
"""What a target can be about."""
STAGES = ("running", "applied", "ended", "breached", "cancelled", "nothing")
"""How far a target can be; where a row is what happened to one, what that was."""
Names = Annotated[tuple[texts.Text, ...], BeforeValidator(listed)]
Columns = Annotated[dict[str, Names], AfterValidator(texts.in_place(_columns))]
Values = Annotated[
    dict[
        Literal["status", "priority", "channel", "exclusion"]
        | Literal["activity", "role", "public", "field", "target", "stage"],
        dict[texts.Text, Annotated[str, BeforeValidator(_written)]],
    ],
    AfterValidator(texts.in_place(_meanings)),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Recognise(_Part):
    """Which headers give the file away: at least ``any`` of ``of``, all of ``all``, none of ``none``."""

    any: int = 0
    of: Names = ()
    all: Names = ()
    none: Names = ()


class Dates(_Part):
    """How the instants are written where the file itself leaves it open."""

    format: Names = ()
    zone: str | None = None
    dayfirst: bool | None = None


class Given(_Part):
    """A number that the helpdesk worked out itself: its column, its unit, whose clock it ran on.

    ``assumed`` is said to the user wherever the column is read: what it is taken for without being quite that.
    Of a verdict (sla_…_met) the unit ``left`` says that the column has what was left of the target: late below zero;
    ``late`` that it says of every ticket whether it is late by now: what is not, is met once it is done or answered.
    ``zero`` missing: the helpdesk writes 0 where it has no number. ``values``: what words say, null: nothing yet.
    """

    column: Names
    unit: Literal["seconds", "minutes", "hours", "days", "words", "clock", "left", "late"] | None = None
    clock: Literal["calendar", "business"] = "calendar"
    values: dict[texts.Text, bool | None] = {}
    zero: Literal["value", "missing"] = "value"
    assumed: str = ""


class Rating(_Part):
    """A rating: its column and scale, the score of each word, the words that say "asked" and "not asked".

    ``when``: the rows that it is told by, where a file mixes surveys: a column and its words, ``{survey_type: nps}``.
    ``assumed``: what is said where answers are read by it, though no source confirms it.
    ``turned``: the lowest number is the best answer.
    """

    column: Names
    scale: str | None = None
    turned: bool = False
    answers: dict[texts.Text, float] = {}
    offered: Names = ()
    unoffered: Names = ()
    when: dict[texts.Text, Names] = {}
    assumed: str = ""


VERDICTS = ("left", "late")
"""Units of what only verdicts are told by."""


def _givens(given: dict[str, tuple[Given, ...]]) -> dict[str, tuple[Given, ...]]:
    for name, entries in given.items():
        for entry in entries:
            if f"given_{name}" not in FIELDS and span_field(name, entry.clock) not in FIELDS:
                raise MappingInvalid(unknown_field(name))
            field = FIELDS.get(f"given_{name}")
            if entry.unit in VERDICTS and (field is None or field.sort is not Sort.flag):
                raise MappingInvalid(f"{name} is no verdict: what was left of a target only tells sla_…_met")
    return given


Givens = Annotated[
    dict[str, Annotated[tuple[Given, ...], BeforeValidator(listed)]], AfterValidator(texts.in_place(_givens))
]


Confidence = Literal["confirmed", "documented", "partial"]
"""What a mapping rests on: real files or the vendor's program, its documentation, or only a part of either."""


class HelpdeskMapping(_Part):
    """How the tables of one helpdesk are read.

    ``begins: false``: the rows of a log do not tell how a ticket began, its first message stands somewhere else.
    """

    id: str
    title: str = ""
    confidence: Confidence = "confirmed"
    recognise: Annotated[tuple[Recognise, ...], BeforeValidator(listed)] = ()
    rows: Literal["ticket", "update", "message", "survey", "series", "target"] = "ticket"
    begins: bool = True
    columns: Columns = {}
    dates: Dates = Dates()
    values: Values = {}
    missing: Names = ()
    given: Givens = {}
    ratings: dict[Literal["csat", "nps", "ces"], Rating] = {}
    keep: Literal["all"] | Names = "all"


def read_mapping(path: str) -> HelpdeskMapping:
    """A user's mapping file.

    Raises:
        FileMissing: it is not there.
        FileUnreadable: it cannot be opened, or is no UTF-8 text.
        MappingInvalid: it is no YAML, or holds a key or value that the vocabulary does not know.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise FileMissing("no mapping file of that name", where=Where(path=path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            "the mapping file cannot be read as text", hint="save it as text in UTF-8", where=Where(path=path)
        ) from error
    return texts.validate(texts.load(text, path=path, faults=texts.MAPPING), HelpdeskMapping, faults=texts.MAPPING)


HELPDESKS = Shelf(Path(__file__).parent.parent / "helpdesks")
"""The mappings that come with the program."""


def packaged() -> tuple[str, ...]:
    """The ids of the mappings that come with the program; found by listing the folder."""
    return tuple(HELPDESKS.texts)


def mapping_named(name: str) -> HelpdeskMapping:
    """The packaged mapping of that id.

    Raises:
        HelpdeskUnknown: there is none.
    """
    if name not in packaged():
        near = texts.nearest(name, [*packaged()])
        raise HelpdeskUnknown(
            f"no helpdesk is called {name!r}",
            hint=f"did you mean {near}?" if near else "supportkpi helpdesks lists the names",
            where=Where(),
        )
    return _validated(name)


@cache
def _validated(name: str) -> HelpdeskMapping:
    return HelpdeskMapping.model_validate(HELPDESKS.page(name))

"""What a file is called after: the table of a connector, a thing that it names, one of several or alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from supportkpi.loaders.beside._series import stem
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.tables import Table

SOURCES = Path(__file__).parent / "sources"
"""A file for each source of several tables."""
_SYNCED = re.compile(
    r"^_(?:fivetran|airbyte|sdc|dlt|segment|hevo|rivery|portable|estuary|dagster|cdc)_|^_?(?:dbt_scd_id|etl_loaded_at)$",
    re.IGNORECASE,
)
"""Columns that a connector to a warehouse adds to every table."""
_AROUND = frozenset(
    (
        "data",
        "seed",
        "export",
        "exported",
        "table",
        "tbl",
        "sample",
        "dump",
        "csv",
        "full",
        "raw",
        "stg",
        "staging",
        "src",
        "source",
        "base",
        "int",
        "dim",
        "fct",
        "fact",
        "public",
        "dbo",
        "prod",
        "production",
        "warehouse",
        "fivetran",
        "airbyte",
        "stitch",
        "singer",
        "zendesk",
        "support",
        "intercom",
        "jira",
        "salesforce",
        "sfdc",
        "hubspot",
        "servicenow",
        "snow",
        "qualtrics",
        "backup",
        "all",
        "my",
        "latest",
        "current",
    )
)
"""Words around the name of a table that do not belong to it."""


def is_synced(table: Table) -> bool:
    """Whether a connector to a warehouse has written the table."""
    return any(_SYNCED.match(column) for column in table.columns)


def called(table: Table) -> str:
    """The name of a table as it is called without what stands around it: "ticket field history"."""
    words = [word for word in folded(stem(table.name)).split() if not word.isdecimal()]
    while len(words) > 1 and words[-1] in _AROUND:
        words.pop()
    while len(words) > 1 and words[0] in _AROUND:
        words.pop(0)
    return " ".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of things.yaml, folded."""

    things: Mapping[str, str]  # what a table is called: the sort of thing that it names
    leads: Mapping[str, frozenset[str]]
    asks: frozenset[str]
    speaks: frozenset[str]
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    roles: tuple[str, ...]
    tags: tuple[str, ...]


@cache
def said() -> Words:
    """The words of things.yaml."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    page = yaml.load(resources.files(__package__).joinpath("things.yaml").read_text("utf-8"), Loader=loader)  # noqa: S506

    def words(name: str) -> tuple[str, ...]:
        return tuple(folded(word) for word in page[name])

    return Words(
        things={folded(word): sort for sort, called in page["called"].items() for word in called},
        leads={sort: frozenset(folded(word) for word in headers) for sort, headers in page["leads"].items()},
        asks=frozenset(words("asks")),
        speaks=frozenset(words("speaks")),
        keys=words("keys"),
        labels=words("labels"),
        roles=words("roles"),
        tags=words("tags"),
    )


def sort_of(table: Table) -> str | None:
    """The sort of thing that a table is called after, None where it is no table of names."""
    things = said().things
    return next((things[one] for one in singulars(called(table)) if one in things), None)


def singulars(name: str) -> tuple[str, ...]:
    """A name and what it may be the plural of: statuses, companies, users."""
    found = [name]
    for ending, single in (("ies", "y"), ("ses", "s"), ("s", ""), ("ы", ""), ("и", "ь"), ("и", ""), ("и", "я")):
        if name.endswith(ending):
            found.append(name.removesuffix(ending) + single)
    return tuple(found)


def source_ids() -> tuple[str, ...]:
    """The ids of the sources, without opening any."""
    return tuple(sorted(path.stem for path in SOURCES.glob("*.yaml")))

"""Messages that say in a flag which side wrote them: ``is_staff``, ``from_customer``."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.logs._headers import candidates
from supportkpi.loaders.logs._words import role_of
from supportkpi.loaders.mapping._recognise import recognise
from supportkpi.loaders.tables import Table
from supportkpi.loaders.values._values import boolean
from supportkpi.loaders.wide._sample import Sample, words_of

_WORDS = {
    "customer": ("customer", "client", "user", "requester", "end user", "visitor", "contact"),
    "agent": ("agent", "staff", "admin", "support", "operator", "employee", "representative", "team"),
}
_FLAGS = {
    f"{before}{word}{after}": side
    for side, words in _WORDS.items()
    for word in words
    for before, after in (("is ", ""), ("from ", ""), ("is from ", ""), ("by ", ""), ("sent by ", ""), ("", " reply"))
} | {
    **dict.fromkeys(("inbound", "is inbound", "incoming", "is incoming"), "customer"),
    **dict.fromkeys(("outbound", "is outbound", "outgoing", "is outgoing", "is response"), "agent"),
}
_ROLE = "author role"
_MOSTLY = 0.9


def sided(sample: Sample) -> tuple[Table, tuple[str, ...]] | None:
    """The table with the role of each author; None where no flag tells the sides, or a column names them."""
    columns = sample.table.columns
    named = {folded(column): column for column in columns}
    flag = next((column for words, column in named.items() if words in _FLAGS), None)
    if flag is None or not _is_flag(sample, flag) or _names_roles(sample):
        return None
    if recognise(columns, path=sample.table.name) is not None:
        return None
    yes = _FLAGS[folded(flag)]
    no = "agent" if yes == "customer" else "customer"
    said = boolean(words_of(flag, sample.schema[flag]))
    made = sample.table.frame.with_columns(pl.when(said).then(pl.lit(yes)).when(~said).then(pl.lit(no)).alias(_ROLE))
    kept = (*(column for column in columns if column != flag), _ROLE)
    return replace(sample.table, columns=kept, frame=made), ()


def _is_flag(sample: Sample, column: str) -> bool:
    words = sample.words(column).drop_nulls()
    told = words.to_frame().select(boolean(pl.col(words.name)).is_not_null().mean()).item() if len(words) else 0
    return bool(told >= _MOSTLY)


def _names_roles(sample: Sample) -> bool:
    """Whether another column says who is who in words."""
    for column in candidates("role", sample.table.columns):
        words = sample.words(column).drop_nulls().unique()
        if 0 < len(words) <= len(_FLAGS) and all(role_of(word, {}) is not None for word in words):
            return True
    return False

"""Lines of a settings file that is begun for a person: values as YAML takes them, remarks in a column of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from supportkpi.calendars.hours import WEEKDAYS

_REMARK_AT = 36
_PLAIN = re.compile(r"[^\W\d_](?:[\w -]*\w)?")
_TAKEN = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "else"}


def line(text: str, remark: str) -> str:
    """A line with a remark behind it."""
    return f"{f'{text}  ':<{_REMARK_AT}}# {remark}" if remark else text


def quoted(text: str) -> str:
    """A scalar of YAML: plain where that is safe, else in double quotes."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN else json_text(text)


def json_text(text: str) -> str:
    """Text in double quotes; what is not printable as its number, so that no line of a file ends early."""
    return f'"{printable(json.dumps(text, ensure_ascii=False)[1:-1])}"'


def printable(text: str) -> str:
    """Text of one line that a terminal and YAML take as it is."""
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def week(hours: Mapping[str, Sequence[str]]) -> str:
    """``{mon-fri: ["09:00-18:00"]}``: days in a row with the same hours are one."""
    runs: list[tuple[list[str], Sequence[str]]] = []
    for name in WEEKDAYS:
        spans = hours.get(name, ())
        if runs and tuple(runs[-1][1]) == tuple(spans):
            runs[-1][0].append(name)
        else:
            runs.append(([name], spans))
    shown = []
    for names, spans in runs:
        days = names[0] if len(names) == 1 else f"{names[0]}-{names[-1]}"
        shown += [f"{days}: [{', '.join(map(json_text, spans))}]"] if spans else []
    return f"{{{', '.join(shown)}}}"


def words(values: Mapping[str, Sequence[str]]) -> str:
    """``{priority: [urgent, high]}``: columns with their values; one value stands alone."""
    return f"{{{', '.join(f'{quoted(name)}: {_several(some)}' for name, some in values.items())}}}"


def _several(values: Sequence[str]) -> str:
    return quoted(values[0]) if len(values) == 1 else f"[{', '.join(map(quoted, values))}]"

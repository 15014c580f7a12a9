"""The options of reading, declared once: a command that takes a ``Reading`` gets all of them on its command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from supportkpi.cli import _options as opt

if TYPE_CHECKING:
    from supportkpi.decisions import Reading

    Read = Reading
    UNSAID: Read
else:  # a command's page is shown without loading what a Reading is
    Read, UNSAID = object, None

Asked = ParamSpec("Asked")
Ended = TypeVar("Ended")
READING = "reading"
FILES = ("files", "topics")
WRITTEN = ("output", "rejects", "changed")
"""Parameters of commands that name what is read, and what is written."""
OPTIONS: dict[str, object] = {
    "source_tz": opt.SourceTz,
    "columns": opt.Map,
    "helpdesk": opt.Helpdesk,
    "mapping": opt.Mapping,
    "encoding": opt.Encoding,
    "delimiter": opt.Delimiter,
    "date_format": opt.DateFormat,
    "dayfirst": opt.Dayfirst,
    "sheet": opt.Sheet,
    "csat_scale": opt.CsatScale,
}
"""The options by the names of their values, in the order in which a command's page shows them."""


def reads(command: Callable[Asked, Ended]) -> Callable[Asked, Ended]:
    """A command whose parameter ``reading`` becomes the options of reading on its command line."""
    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())
    place = next(index for index, one in enumerate(own) if one.name == READING)
    options = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=kind)
        for name, kind in OPTIONS.items()
    ]
    taken = [*own[:place], *options, *own[place + 1 :]]
    written = [one.name for one in own if one.name in WRITTEN and one.annotation != opt.Converted]

    @wraps(command)
    def run(*args: Asked.args, **given: Asked.kwargs) -> Ended:
        said = {name: given.pop(name, None) for name in OPTIONS}
        given[READING] = _reading(said)
        _check_written({name: given.get(name) for name in written}, given)
        return command(*args, **given)

    told = {one.name: one.annotation for one in taken} | {"return": signature.return_annotation}
    vars(run).update(__signature__=signature.replace(parameters=taken))
    run.__annotations__ = told
    return run


def _check_written(written: dict[str, object], given: dict[str, object]) -> None:
    """Nothing, where every file that is to be written can be, and none of them is one that is read."""
    for name, value in written.items():
        if value == "-" and name != "output":
            from supportkpi.errors import OptionWrong  # noqa: PLC0415

            raise OptionWrong(
                f"--{name} takes a file: standard output is the report's", hint=f"write --{name} {name}.csv"
            )
    asked = [one for value in written.values() for one in (value if isinstance(value, list) else [value])]
    outputs = [one for one in asked if isinstance(one, str)]
    if outputs:
        from supportkpi.cli._outputs import check_outputs  # noqa: PLC0415

        files = next((value for name in FILES if isinstance(value := given.get(name), list)), [])
        check_outputs(outputs, [one for one in files if isinstance(one, str)])


def _reading(said: dict[str, object]) -> Read:
    from supportkpi.cli import _run  # noqa: PLC0415

    return _run.reading(**said)  # type: ignore[arg-type]

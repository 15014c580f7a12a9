"""``schema``: the JSON Schema of the settings file, of a report, of checks, of what-if."""

from __future__ import annotations

from typing import Annotated

import typer

_KINDS = ("config", "report", "check", "whatif")
What = Annotated[str, typer.Argument(metavar="|".join(_KINDS), help="Of what.", show_default=False)]


def schema(what: What) -> None:
    """Print the JSON Schema of a config, or of what a command writes.

    \b
    supportkpi schema config > supportkpi.schema.json
    supportkpi schema report
    """
    import json  # noqa: PLC0415

    from supportkpi.cli._run import print_out  # noqa: PLC0415
    from supportkpi.errors import OptionWrong  # noqa: PLC0415
    from supportkpi.texts import meant  # noqa: PLC0415

    if what not in _KINDS:
        message = f"there is no schema of {what!r}"
        raise OptionWrong(message, hint=meant(what, _KINDS) or f"there are {', '.join(_KINDS)}")
    print_out(json.dumps(_schema(what), ensure_ascii=False, indent=2) + "\n")


def _schema(what: str) -> dict[str, object]:
    if what == "config":
        from supportkpi.config.shape import config_schema  # noqa: PLC0415

        return config_schema()
    if what == "check":
        from supportkpi.reporters.checks.to_json import check_schema  # noqa: PLC0415

        return check_schema()
    if what == "whatif":
        from supportkpi.reporters.whatif.to_json import whatif_schema  # noqa: PLC0415

        return whatif_schema()
    from supportkpi.reporters.to_json import report_schema  # noqa: PLC0415

    return report_schema()

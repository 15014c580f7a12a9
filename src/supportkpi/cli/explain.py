"""``explain``: a KPI's definition card, the page of an error, or with files one ticket's receipt."""

from __future__ import annotations

from typing import Annotated

import typer

from supportkpi.cli import _options as opt
from supportkpi.cli._reading import UNSAID, Read, reads

Topics = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KPI|SLUG|TICKET... FILES...",
        help="A KPI's id or short name, an error's slug, or: mapping. Tickets by id, '#66871' or address, and files.",
        show_default=False,
    ),
]


@reads
def explain(
    topics: Topics = None,
    config: opt.Config = None,
    hours: opt.Hours = None,
    holidays: opt.Holidays = None,
    sla: opt.Sla = None,
    tz: opt.Tz = None,
    as_of: opt.AsOf = None,
    output_format: opt.ExplainFormat = None,
    output: opt.Output = None,
    names: opt.Names = False,
    lang: opt.Lang = None,
    color: opt.Color = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    reading: Read = UNSAID,
    rejects: opt.Rejects = None,
    strict: opt.Strict = False,
) -> None:
    """Explain a KPI, an error message, or what happened to a ticket.

    A ticket's page needs the files that tell of it.

    \b
    supportkpi explain first_response_time
    supportkpi explain dates-ambiguous
    supportkpi explain 66871 tickets.json -c supportkpi.yaml
    supportkpi explain '#66871' https://acme.zendesk.com/agent/tickets/66902 tickets.json --sla "resolution=16h"
    """
    from supportkpi.cli._looks import looks  # noqa: PLC0415
    from supportkpi.cli._opened import Manners  # noqa: PLC0415
    from supportkpi.cli._receipts import parted, show, topic_page  # noqa: PLC0415
    from supportkpi.cli._settings import Choices  # noqa: PLC0415
    from supportkpi.reporters import RECEIPTS  # noqa: PLC0415

    tickets, files = parted(topics or ())
    if not files:
        topic_page(tickets[0], output_format, lang, output or (), quiet=quiet)
        return
    shown = looks(RECEIPTS, output_format, output or (), lang=lang, color=color)
    choices = Choices(
        config=config,
        hours=hours,
        holidays=holidays,
        sla=sla,
        tz=tz,
        as_of=as_of,
        strict=strict,
        names=names,
    )
    show(tickets, files, (choices, reading, Manners(rejects=rejects, quiet=quiet, verbose=verbose)), shown)

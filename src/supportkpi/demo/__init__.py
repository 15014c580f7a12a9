"""The demo: a made-up helpdesk of two quarters, written in the forms in which helpdesks export.

Nobody in it exists. The same seed gives the same bytes on every machine and every day: chance comes from one seeded
generator, and the dates are fixed. This room reads no data and needs none of the others; it starts in milliseconds.
"""

from __future__ import annotations

from supportkpi.demo import nested, pages, tables
from supportkpi.demo.desk import desk
from supportkpi.demo.model import Desk
from supportkpi.demo.words import LANGUAGES, WORDS

__all__ = ["LANGUAGES", "SEED", "TICKETS", "closing", "commands", "files", "made", "settings", "shown"]

SEED = 1
TICKETS = 2400


def made(*, seed: int = SEED, tickets: int = TICKETS, lang: str = "en") -> Desk:
    """The helpdesk of a seed: its tickets as lists of events."""
    return desk(WORDS[lang], seed=seed, tickets=tickets)


def files(desk: Desk) -> dict[str, bytes]:
    """Every file of the demo by its name: the same tickets thrice, what stands beside them, settings, explanations."""
    written = {
        "zendesk.csv": tables.zendesk_csv(desk),
        "events.csv": tables.event_log(desk),
        "tickets.json": nested.zendesk_json(desk),
        **_beside(desk),
    }
    if desk.words.register:
        written["register.csv"] = tables.register(desk)
    texts = {"supportkpi.yaml": pages.settings, "README.txt": pages.readme, "answers.txt": pages.answers}
    return {**written, **{name: page(desk).encode() for name, page in texts.items()}}


def shown(desk: Desk) -> dict[str, bytes]:
    """The files that ``report --demo`` is made of."""
    return {"tickets.json": nested.zendesk_json(desk), **_beside(desk)}


def _beside(desk: Desk) -> dict[str, bytes]:
    return {
        "nps.csv": tables.nps_csv(desk),
        "costs.csv": tables.costs_csv(desk),
        "articles.csv": tables.articles_csv(desk),
    }


def settings(desk: Desk) -> str:
    """The text of the settings that fit the demo: its zone, its hours, its targets."""
    return pages.settings(desk)


def closing(desk: Desk, folder: str, names: list[str]) -> str:
    """What is said when the files are written into a folder: what they are, and what to try on them."""
    return pages.closing(desk, folder, names)


def commands(folder: str, lang: str) -> list[str]:
    """Commands to try on a written demo, without the name of the program."""
    return pages.commands(folder, lang)

"""Which words a language has: gettext catalogues, chosen by argument and never by the environment.

English is the language of the source. A catalogue is ``locale/LANG/LC_MESSAGES/supportkpi.mo``; a language without one,
and a sentence that a catalogue lacks, come out in English.
"""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files

DOMAIN = "supportkpi"


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The sentences of a language: ``.gettext(text)`` and ``.ngettext(one, many, n)``."""
    folder = files("supportkpi") / "locale"
    return gettext.translation(DOMAIN, localedir=str(folder), languages=[lang], fallback=True)

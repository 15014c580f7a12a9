"""What the ends of a scale are called: ``(1 = very satisfied, 5 = very dissatisfied)``, ``1 (sehr gut)``, ``3 - High``.

Where the lowest number is called the best, a high score is a bad one: such answers are turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_PAIR = r"(?<![\d.,])(\d{1,3})\s*(?:=|:|–|—|-(?!\s*\d)|is\b|это|ist\b|\()\s*([^\d=;,/()\[\]]+)"
_BAD = (
    r"^\W*(?:not|nicht|не|non|pas|n[aã]o|nada)\b|dissatisf|unsatisf|unhappy|\bbad|poor|terrible|awful|worst"
    r"|horrible|difficult|\bhard|lowest|disagree"
    r"|unlikely|недовол|не довол|неудовл|не удовл|плох|ужас|худш|сложн|трудн|тяжел|unzufrieden|schlecht|mangelhaft"
    r"|ungenugend|ungenügend|schwierig|schwer\b|insatisf|\bmal[oa]?\b|p[eé]ssim|ruim|dif[ií]cil|mauvais|difficile"
)
_GOOD = (
    r"satisf|happy|\bgood|great|excellent|outstanding|\bbest|perfect|\beasy|highest|agree|likely|довол|удовл|хорош"
    r"|отличн|превосх|лучш|легк|прост|zufrieden|\bgut\b|ausgezeichnet|hervorragend|einfach|leicht|excelente|bueno|buena"
    r"|\bbom\b|\bboa\b|[oó]timo|f[aá]cil|bien\b|bon\b|facile"
)
_NO_ANSWER = (
    r"^(?:unknown|not (?:rated|answered|applicable|available|provided)|no (?:answer|rating|response|opinion)|unrated"
    r"|n/?a|none|неизвестно|нет (?:оценки|ответа)|не оценен\w*|без оценки|sin (?:respuesta|calificar|calificaci[oó]n)"
    r"|sem (?:resposta|avalia[cç][aã]o)|n[aã]o avaliado|unbekannt|keine (?:angabe|bewertung|antwort)|inconnu"
    r"|sans r[eé]ponse)$"
)
_SCHOOL = r"schulnote"
"""German marks: one is very good, six is insufficient."""
_TOPS = (3, 4, 5, 6, 7, 10)


def anchored_scale(header: str) -> str | None:
    """The scale whose two ends a header names, None where it names none."""
    if re.search(_SCHOOL, header, re.IGNORECASE):
        return "1-6"
    ends = _named(re.findall(_PAIR, header))
    low, high = (min(ends), max(ends)) if len(ends) > 1 else (0, 0)
    return f"{low}-{high}" if low in (0, 1) and high in _TOPS else None


def is_turned(header: str, cells: Iterable[str]) -> bool:
    """Whether a low number is the good one: by the names of the ends in the header, else by the labels of the cells."""
    if re.search(_SCHOOL, header, re.IGNORECASE):
        return True
    for pairs in (re.findall(_PAIR, header), [pair for cell in cells if (pair := label(cell)) is not None]):
        ends = {number: mood for number, name in _named(pairs).items() if (mood := _mood(name)) is not None}
        best, worst = ([number for number, good in ends.items() if good is wanted] for wanted in (True, False))
        if best and worst:
            return max(best) < min(worst)
    return False


def label(cell: str) -> tuple[str, str] | None:
    """The number and the name of a labelled answer."""
    found = re.match(r"^\s*(\d{1,3})\s*(?:[-–—:.=)]\s*|\s?\()\s*([^\W\d][^\d]*?)\)?\s*$", cell)
    if found:
        return found[1], found[2]
    found = re.match(r"^\s*([^\W\d][^\d]*?)(?:\s*[-–—:=]\s*|\s?\()(\d{1,3})\)?\s*$", cell)
    return (found[2], found[1]) if found else None


def is_no_answer(cell: str) -> bool:
    """Whether a labelled number says that nobody answered: "0 - Unknown"."""
    pair = label(cell)
    return pair is not None and re.match(_NO_ANSWER, pair[1].strip().lower()) is not None


def _named(pairs: Iterable[tuple[str, str]]) -> Mapping[int, str]:
    return {int(number): name for number, name in pairs}


def _mood(name: str) -> bool | None:
    """Whether a name is that of a good or of a bad answer; None: of neither."""
    text = name.lower()
    return False if re.search(_BAD, text) else True if re.search(_GOOD, text) else None

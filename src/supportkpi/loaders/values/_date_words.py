"""Words in dates: months and weekdays in the languages of the exports, and the zones that have an abbreviation."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MONTHS = """
january jan januar januari janvier janv janeiro enero ene gennaio gen января январь янв січня січ
february feb februar februari fev fevereiro febrero février fevrier févr fevr febbraio февраля февраль фев февр лютого
march mar märz maerz mär mrz maart mrt março marco marzo mars марта март мар березня бер
april apr abril abr avril avr aprile апреля апрель апр квітня кві
may mai mei maio mayo maggio mag мая май травня тра
june jun juni junho junio juin giugno giu июня июнь июн червня чер
july jul juli julho julio juillet juil luglio lug июля июль июл липня лип
august aug augustus agosto ago août aout августа август авг серпня сер
september sep sept setembro set septiembre setiembre septembre settembre сентября сентябрь сен сент вересня вер
october oct oktober okt outubro out octubre octobre ottobre ott октября октябрь окт жовтня жов
november nov novembro noviembre novembre ноября ноябрь ноя нояб листопада лис
december dec dezember dez dezembro diciembre dic décembre déc decembre dicembre декабря декабрь дек грудня гру
"""
MONTHS: Mapping[str, int] = {
    word: number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for word in line.split()
}

_WEEKDAYS = """
mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday
пн понедельник вт вторник ср среда чт четверг пт пятница сб суббота вс воскресенье
lun lunes mar martes mié mie miércoles miercoles jue jueves vie viernes sáb sab sábado sabado dom domingo
seg segunda ter terça terca qua quarta qui quinta sex sexta
mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag so sonntag
lunedì lunedi martedì martedi mercoledì mercoledi gio giovedì giovedi venerdì venerdi domenica
ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag
lundi mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche
"""
WEEKDAYS = frozenset(_WEEKDAYS.split())

_HOUR = 3600
ZONES: Mapping[str, int] = {
    name: round(hours * _HOUR)
    for name, hours in {
        "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3,
        "msk": 3, "мск": 3, "msd": 4, "samt": 4, "yekt": 5, "omst": 6, "krat": 7, "novt": 7, "irkt": 8, "yakt": 9,
        "vlat": 10, "magt": 11, "pett": 12, "brt": -3, "art": -3, "sast": 2, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9,
        "acst": 9.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "hst": -10, "akst": -9, "akdt": -8,
        "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5, "est": -5, "edt": -4, "ast": -4, "bst": 1,
        "ist": 5.5,
    }.items()
}  # fmt: skip
"""Abbreviation (lower case) -> seconds east of UTC."""

DOUBTFUL = frozenset({"pst", "mst", "cst", "cdt", "est", "edt", "ast", "bst", "ist", "art"})
"""Abbreviations that more than one zone of the world bears."""

_OFFSET = re.compile(r"(?:utc|gmt|z)?\s?([+-])(\d{1,2})(?::?(\d{2}))?")


def offset_of(text: str) -> int | None:
    """Seconds east of UTC of a zone as it ends a value: ``Z``, ``+0300``, ``-03:30``, ``+03``, ``GMT+3``, ``MSK``."""
    plain = text.strip().lower().strip("()")
    if plain in ZONES:
        return ZONES[plain]
    found = _OFFSET.fullmatch(plain)
    if found is None:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 18 or minutes > 59:
        return None
    return (hours * _HOUR + minutes * 60) * (-1 if found[1] == "-" else 1)

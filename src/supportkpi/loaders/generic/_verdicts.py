"""What an export says of its own deadlines: kept or missed, in words, or as yes and no of a header that says "late"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from supportkpi.loaders.mapping._vocabulary import plain

_KEPT = """
    on time, ontime, on-time, in time, timely, within sla, in sla, inside sla, within target, within time, met, sla
    met, target met, achieved, sla achieved, compliant, sla compliant, not breached, no breach, not violated, not
    overdue, not late, not delayed, pass, passed, kept, fulfilled, success, ok, в срок, вовремя, в sla, соблюден,
    соблюдён, соблюдено, соблюдена, sla соблюден, sla соблюдён, sla соблюдено, не нарушен, не нарушено, не
    просрочен, не просрочено, не просрочена, выполнен, выполнено, выполнена, уложились, en plazo, dentro de plazo,
    dentro del plazo, a tiempo, cumplido, cumple, no vencido, cumplió, no prazo, dentro do prazo, dentro do sla,
    dentro de sla, cumprido, em dia, atendido, fristgerecht, eingehalten, in der frist, rechtzeitig, im sla,
    op tijd, binnen sla, binnen termijn, gehaald, entro i termini, entro sla, rispettato, rispettata, in tempo,
    pünktlich, dans les délais, dans le délai, respecté, respectée, à temps
"""
_MISSED = """
    overdue, late, breached, breach, sla breached, sla breach, violated, sla violated, sla violation, missed, sla
    missed, not met, sla not met, failed, fail, sla failed, out of sla, outside sla, exceeded, delayed, not on time,
    not in time, untimely, past due, over sla, non-compliant, non compliant, not compliant, not achieved, просрочен,
    просрочено, просрочена, нарушен, нарушено, нарушена, sla нарушен, sla нарушено, нарушение, нарушение sla, не в
    срок, не вовремя, с опозданием, с нарушением, с нарушением срока, не соблюден, не соблюдён, не соблюдено, не
    соблюдена, вне sla, не в sla, с просрочкой, не выполнен, не выполнено, не выполнена, превышен, превышено, fuera
    de plazo, vencido, incumplido, no cumple, no cumplió, incumple, fuera de sla, fora do prazo, atrasado, em
    atraso, não cumprido, violado, fora do sla, estourado, überfällig, verspätet, nicht eingehalten, verletzt,
    te laat, buiten sla, overschreden, niet gehaald, fuori sla, in ritardo, non rispettato, non rispettata, scaduto,
    überschritten, zu spät, hors délai, hors délais, en retard, non respecté, non respectée, dépassé, dépassée
"""
_UNDECIDED = """
    in progress, running, pending, paused, open, active, not applicable, no sla, none, n/a, na, not set, cancelled,
    canceled, unknown, at risk, on track, в процессе, в работе, нет sla, без sla, не применимо, не определено, en
    curso, em andamento, läuft, en cours
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(word) for word in text.split(","))


_TOLD: Mapping[str, bool] = {**dict.fromkeys(_words(_KEPT), True), **dict.fromkeys(_words(_MISSED), False)}
_OPEN = _words(_UNDECIDED)
_YES = "yes y true t 1 1.0 да д истина sí si sì sim ja wahr oui vrai x"
YES = tuple(_YES.split())
NO = ("no", "n", "false", "f", "0", "0.0", "нет", "н", "ложь", "não", "nao", "nein", "nee", "falsch", "non", "faux")
TURNED: Mapping[str, bool] = {**dict.fromkeys(YES, False), **dict.fromkeys(NO, True)}
"""Yes and no under a header that asks whether a deadline was missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Which words say that a deadline was kept, and which, as they are written, say nothing yet."""

    kept: Mapping[str, bool]
    undecided: frozenset[str] = field(default_factory=frozenset)


def undecided(words: Sequence[str]) -> frozenset[str]:
    """The words, as they are written, that say nothing yet: "In progress", "N/A"."""
    return frozenset(word for word in words if plain(word) in _OPEN)


def verdicts(words: Sequence[str]) -> Verdicts | None:
    """What each of the words says of a deadline; None where one is no verdict, or none decides."""
    silent = undecided(words)
    told = {word.lower(): _TOLD.get(plain(word)) for word in words if word not in silent}
    kept = {word: truth for word, truth in told.items() if truth is not None}
    return Verdicts(kept=kept, undecided=silent) if kept and len(kept) == len(told) else None

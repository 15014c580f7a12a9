"""Words and faces that customers answer with, and their places on a scale."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Answers that belong together: their scale, the score of each word, where satisfied begins (None: to be asked)."""

    name: str
    scale: str
    satisfied_from: float | None
    scores: Mapping[str, float]
    needs: frozenset[str] = frozenset()  # without one of these words, the answers may as well be of another family
    single: bool = False  # no two of its words stand for one score in the same column

    def fits(self, words: Set[str]) -> bool:
        """Whether a column's distinct words can all be of this family."""
        if not words or not words <= self.scores.keys() or (self.needs and not words & self.needs):
            return False
        return not self.single or len({self.scores[word] for word in words}) == len(words)


_TABLES = """
thumbs | binary | 1
1: 👍, thumbs up, thumbs_up, thumbsup, :+1:, +1, like, liked
0: 👎, thumbs down, thumbs_down, thumbsdown, :-1:, -1, dislike, disliked

good and bad | binary | 1
1: good, good_with_comment, received_good, rated_good, rated good
0: bad, bad_with_comment, received_bad, rated_bad, rated bad

positive and negative | binary | 1
1: positive, положительно, положительная, positivo, positiva, positif, positiv
0: negative, отрицательно, отрицательная, negativo, negativa, négatif, negativ

positive, neutral, negative | 1-3 | 3 | needs positive negative положительно отрицательно positivo negativo
3: positive, положительно, положительная, positivo, positiva, positif, positiv
2: neutral, нейтрально, нейтральная, neutro, neutra, neutre
1: negative, отрицательно, отрицательная, negativo, negativa, négatif, negativ

three faces | 1-3 | 3 | single
3: 😀, 😃, 🙂, 😊, 😄
2: 😐, 😑
1: 🙁, ☹, 😞, 😡, 😠, 😟

five faces | 1-5 | 4
5: 🤩, 😍, 😁
4: 😃, 😀, 🙂, 😊, 😄
3: 😐, 😑
2: 🙁, 😕, ☹, 😟
1: 😠, 😡, 😭, 😞, 🤬, 😢

words of satisfaction | 1-5 | 4
5: very satisfied, extremely satisfied, completely satisfied, очень доволен, очень довольна, полностью удовлетворен
5: полностью удовлетворён, полностью удовлетворена, полностью доволен, полностью довольна
5: очень удовлетворен, очень удовлетворён, очень удовлетворена, совершенно доволен
5: muy satisfecho, muito satisfeito, très satisfait, sehr zufrieden, muy satisfecha, muito satisfeita, très satisfaite
5: zeer tevreden, molto soddisfatto, molto soddisfatta, estremamente soddisfatto
4: tevreden, soddisfatto, soddisfatta, abbastanza soddisfatto
3: noch tevreden noch ontevreden, né soddisfatto né insoddisfatto
2: ontevreden, insoddisfatto, insoddisfatta, poco soddisfatto
1: zeer ontevreden, molto insoddisfatto, molto insoddisfatta, per niente soddisfatto
5: highly satisfied, totalmente satisfecho, totalmente satisfeito, tout à fait satisfait, voll zufrieden
4: satisfied, somewhat satisfied, доволен, довольна, удовлетворен, удовлетворён, удовлетворена
4: скорее доволен, скорее довольна, скорее удовлетворен, скорее удовлетворён, скорее удовлетворена
4: satisfecho, satisfeito, satisfait, zufrieden, satisfecha, satisfeita, satisfaite, eher zufrieden, algo satisfecho
4: plutôt satisfait, parcialmente satisfeito
3: neutral, neither satisfied nor dissatisfied, нейтрально, neutro, neutre, ни доволен ни недоволен
3: weder noch, teils teils, teils/teils, teils-teils, weder zufrieden noch unzufrieden, ni satisfecho ni insatisfecho
3: nem satisfeito nem insatisfeito, ni satisfait ni insatisfait, indiferente
3: ни довольна ни недовольна, и доволен и недоволен
2: dissatisfied, unsatisfied, somewhat dissatisfied, недоволен, недовольна, не удовлетворен, не удовлетворён
2: не удовлетворена, неудовлетворен, неудовлетворён, скорее недоволен, скорее недовольна
2: скорее не удовлетворен, скорее не удовлетворён, скорее не удовлетворена
2: insatisfecho, insatisfeito, insatisfait, unzufrieden, insatisfecha, insatisfeita, insatisfaite, eher unzufrieden
2: poco satisfecho, pouco satisfeito, peu satisfait, plutôt insatisfait, pas satisfait
1: very dissatisfied, very unsatisfied, extremely dissatisfied, completely dissatisfied, очень недоволен
1: очень недовольна, полностью недоволен, полностью недовольна, совершенно недоволен, совершенно недовольна
1: полностью не удовлетворен, совсем не удовлетворен, совсем недоволен
1: muy insatisfecho, muito insatisfeito, très insatisfait, sehr unzufrieden, muy insatisfecha, muito insatisfeita
1: très insatisfaite, pas du tout satisfait, nada satisfecho, nada satisfeito, gar nicht zufrieden

bad, neutral, good | 1-3 | 3 | needs great happy high neutral normal okay ok average not_good unhappy low
3: good, great, happy, high, хорошо
2: neutral, normal, okay, ok, average, middle, medium, нормально, нейтрально
1: bad, not good, not_good, unhappy, low, плохо

words of happiness | 1-5 | 4
5: extremely happy
4: happy
3: neutral
2: unhappy
1: extremely unhappy

words of happiness | 1-5 | 4
5: very happy
4: happy
3: neutral
2: unhappy
1: very unhappy

seven words of happiness | 1-7 | ask
7: extremely happy
6: very happy
5: happy
4: neutral
3: unhappy
2: very unhappy
1: extremely unhappy

five words of agreement | 1-5 | 4
5: strongly agree, completely agree, полностью согласен, полностью согласна
4: agree, согласен, согласна
3: neither agree nor disagree, neutral, undecided, нейтрально
2: disagree, не согласен, не согласна
1: strongly disagree, completely disagree, полностью не согласен, полностью не согласна

seven words of agreement | 1-7 | ask
7: strongly agree, completely agree, полностью согласен, полностью согласна
6: agree, согласен, согласна
5: somewhat agree, slightly agree, скорее согласен, скорее согласна
4: neither agree nor disagree, neutral, undecided, нейтрально
3: somewhat disagree, slightly disagree, скорее не согласен, скорее не согласна
2: disagree, не согласен, не согласна
1: strongly disagree, completely disagree, полностью не согласен, полностью не согласна

bad, good, excellent | 1-3 | ask
3: excellent, отлично, excelente, ausgezeichnet
2: good, хорошо, bueno, bom, bien, gut
1: bad, плохо, malo, ruim, mauvais, schlecht

five words of quality | 1-5 | 4
5: excellent, отлично, excelente, ausgezeichnet, ótimo, óptimo, sehr gut
4: very good, good, хорошо, bueno, bom, gut, muy bueno, muito bom
3: average, fair, удовлетворительно, нормально, средне, regular, befriedigend
2: poor, bad, плохо, неудовлетворительно, malo, ruim, schlecht, mangelhaft
1: very poor, very bad, terrible, awful, ужасно, очень плохо, muy malo, péssimo, sehr schlecht

good and bad where a mapping says so | binary | 1
1: хорошо, bueno, bom, bien, gut, great, yes, да, satisfied, доволен, high
0: плохо, malo, ruim, mauvais, schlecht, not good, no, нет, dissatisfied, недоволен, low
"""


def _family(table: str) -> Family:
    head, *lines = table.strip().splitlines()
    name, scale, threshold, *flags = (part.strip() for part in head.split("|"))
    scores: dict[str, float] = {}
    for line in lines:
        score, _, words = line.partition(": ")
        scores |= {word.strip(): float(score) for word in words.split(", ")}
    needs = next((flag.split()[1:] for flag in flags if flag.startswith("needs")), [])
    return Family(
        name=name,
        scale=scale,
        satisfied_from=None if threshold == "ask" else float(threshold),
        scores=scores,
        needs=frozenset({*needs, "not good", "нормально", "нейтрально", "middle", "medium"} if needs else ()),
        single="single" in flags,
    )


FAMILIES = tuple(_family(table) for table in _TABLES.strip().split("\n\n"))
"""Tried in this order: the first family that all words of a column fit is taken."""


def _agreed() -> dict[str, float]:
    seen: dict[str, set[tuple[str, float]]] = {}
    for family in FAMILIES:
        for word, value in family.scores.items():
            seen.setdefault(word, set()).add((family.scale, value))
    return {word: next(iter(found))[1] for word, found in seen.items() if len(found) == 1} | {"good": 1.0, "bad": 0.0}


AGREED = _agreed()
"""Words that have one score wherever they occur; good and bad are those of the binary scale."""

KNOWN = frozenset(word for family in FAMILIES for word in family.scores)
"""Every word of some family."""

OFFERED = frozenset({"offered", "requested", "sent"})
UNOFFERED = frozenset(
    {
        *("unoffered", "not offered", "not sent", "not_rated", "not rated", "unrated", "no rating", "no score"),
        *("not scored", "not surveyed", "not provided", "no feedback", "без оценки", "нет оценки", "не оценено"),
        *("не оценен", "не оценён", "не оценена", "sin calificar", "sin calificación", "sin valoración", "sin valorar"),
        *(
            "sem avaliação",
            "não avaliado",
            "não avaliada",
            "nicht bewertet",
            "keine bewertung",
            "non noté",
            "non notée",
        ),
        *("pas de note", "aucune note"),
    }
)

UNDECIDED = frozenset(
    {
        *("затрудняюсь ответить", "не знаю", "нет ответа", "don't know", "not sure", "no opinion", "no response"),
        *("no answer", "unanswered", "not answered", "did not answer", "did not respond", "no reply", "без ответа"),
        *("не ответил", "не ответила", "sin respuesta", "sem resposta", "keine antwort", "sans réponse"),
    }
)
"""What is said of customers who were asked and rated nothing."""

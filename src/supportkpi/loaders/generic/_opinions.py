"""Words of questions that ask what a customer thinks, and of ratings that are of something else."""

from __future__ import annotations

import re

NO_OPINION = re.compile(
    r"затрат|времен|часов|срок|стоим|риск|ущерб|бюджет|трудоемк|estimat|hour|risk|credit|lead|fraud|health|priority"
    r"|severity|приоритет|важност|сложност|prioridad|priorit|urgenc|dringlich|complex|komplex|sla|fiscal|intern|growth|conver(?!sation)|exchange|aufwand|charge"
)
"""Words that turn "rating", "оценка", "nota", "rate" into something else than what a customer thinks."""
LEAST_ASKED = 3
ASKS = {
    "csat": re.compile(
        r"^(?:пожалуйста |please )?(?:оцените|поставьте (?:оценку|балл)|rate\b|califique|valore|avalie"
        r"|bewerten sie|evaluez|notez)"
        r"|как вы оценива\w+|\bдовольн\w+|удовлетвор\w+|how would you rate|how satisfied|how happy"
        r"|wie (?:zufrieden|bewerten)|how was (?:our|the|your|my)\b|how did we do"
    ),
    "nps": re.compile(r"\brecommend|recomend|recomiend|weiterempf|empfehlen|recommand|порекоменд|рекомендова"),
    "ces": re.compile(
        r"насколько (?:легко|просто|удобно)|легко ли|how easy|wie einfach|que tan facil|quao facil|made it easy"
        r"|was easy|(?:war|ist|war es|ist es) (?:einfach|leicht)|(?:es|fue|foi|era) facil\b|etait(?: il)? facile"
    ),
}
"""How questions of forms begin: their words are whatever their author wrote."""
ASKING = re.compile(
    r"^(?:пожалуйста |please )?(?:оцените|поставьте|насколько|как вы|довольны ли|с какой вероятност\w*"
    r"|rate (?:the|our|your|us)|how|wie|califique|valore|avalie|bewerten sie|evaluez|notez)\b"
)
ASPECT = re.compile(
    r"скорост|быстр|вежлив|компетент|понятн|удобств|цен[аыу]|speed|quick|fast|polite|courte|friendl|knowledge|profession|clarity|\bease|price|deliver"
    r"|rapid|amabil|cortes|geschwindigkeit|freundlich|kompetenz|vitesse|courtois"
)
WHOLE = re.compile(r"удовлетвор|в целом|общ|satisf|overall|zufrieden|csat|en general|no geral|insgesamt|globale?")
ASPECT_COSTS = 20.0
"""A question of one side of the service stands back behind one of all of it."""

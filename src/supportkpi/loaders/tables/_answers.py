"""Responses to forms whose answers are a list, each with the field it answers: one column a field instead.

What a form carries unseen, the id of a ticket for one, is a column of its own name too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_RESPONSE = "form_response"  # where a message about a response keeps it
_PLAIN = str.maketrans("", "", "()")


def answered(elements: list[object]) -> list[object]:
    """The records with their answers as columns, where all of them are such responses; else as they are."""
    if not elements or not any(_is_response(one) for one in elements):
        return elements
    if not all(_is_response(one) or (isinstance(one, dict) and "answers" in _held(one)) for one in elements):
        return elements
    return [_flat(one) for one in elements if isinstance(one, dict)]


def _held(element: Mapping[str, object]) -> Mapping[str, object]:
    inner = element.get(_RESPONSE)
    return inner if isinstance(inner, dict) else element


def _is_response(element: object) -> bool:
    """Whether each answer names its field and its sort, and holds a value under the name of that sort."""
    answers = _held(element).get("answers") if isinstance(element, dict) else None
    if not isinstance(answers, list) or not answers:
        return False
    return all(_is_answer(one) for one in answers)


def _is_answer(one: object) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("field"), dict):
        return False
    kind = one.get("type")
    return isinstance(kind, str) and kind in one


def _flat(element: Mapping[str, object]) -> dict[str, object]:
    held = _held(element)
    answers = held.get("answers")
    hidden = held.get("hidden")
    flat = {key: value for key, value in held.items() if key not in ("answers", "definition", "hidden")}
    for name, value in hidden.items() if isinstance(hidden, dict) else ():
        flat.setdefault(name, value)
    titles = _titles(held.get("definition"))
    listed = answers if isinstance(answers, list) else []
    for name, value in _columns([one for one in listed if _is_answer(one)], titles):
        flat.setdefault(name, value)
    damaged = [one for one in listed if not _is_answer(one)] if isinstance(answers, list) else answers
    return flat | {"answers": damaged} if damaged else flat


def _titles(definition: object) -> dict[str, str]:
    fields = definition.get("fields") if isinstance(definition, dict) else None
    return {
        name: title
        for one in (fields if isinstance(fields, list) else [])
        if isinstance(one, dict)
        and isinstance(name := one.get("id"), str)
        and isinstance(title := one.get("title"), str)
        and title
    }


def _columns(answers: Sequence[Mapping[str, object]], titles: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """The name of each answer's field, the title before what else it goes by, and what was answered."""
    for answer in answers:
        asked = answer["field"]
        if isinstance(asked, dict):
            name = titles.get(str(asked.get("id"))) or str(asked.get("ref") or asked.get("id"))
            kind = asked.get("type")
            named = f"NPS ({name.translate(_PLAIN)})" if kind == "nps" else name
            yield named, _value(answer[str(answer["type"])])


def _value(value: object) -> object:
    """What was answered: the label of a choice, the labels of several, else the value itself."""
    if isinstance(value, dict):
        return value.get("label") or value.get("labels") or value.get("other")
    return value

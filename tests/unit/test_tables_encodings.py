"""Encodings by mark, by proof, by evidence; and when to ask."""

from __future__ import annotations

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import EncodingUnclear, EncodingWrong
from supportkpi.loaders.tables import Table, read

CYRILLIC = {
    "short": "Тема;Статус\nПринтер;Открыт\n",
    "mostly ascii": "id,status,subject\n" + "3,open,printer is dead\n" * 40 + "4,open,Принтер не печатает\n",
    "one word": "id,status,agent\n" + "3,closed,agent 5\n" * 60 + "4,open,Иванов\n",
    "capitals": "id;status\n1;ЗАКРЫТ\n2;ОТКРЫТ\n3;В РАБОТЕ\n4;РЕШЕН\n",
    "title words": "Номер;Приоритет;Канал\n1;Высокий;Почта\n2;Низкий;Телефон\n",
    "long": "Номер;Описание\n"
    + "1;Здравствуйте, со вчерашнего дня не приходят письма от клиентов, помогите разобраться\n" * 20,
    "dashes": "Номер;Описание\n1;«Принтер» — не работает, ошибка №5\n",
}
WESTERN = {
    "german": "Nr;Betreff\n1;Drucker fürs Büro geht nicht, Schlüssel fehlt\n2;Rückfrage größer\n",
    "french": "id;statut\n1;Résolu\n2;Fermé à la demande, déjà traité\n",
    "portuguese": "id;situação\n1;Não atribuído\n2;Solução aplicada\n",
    "spanish": "id;estado\n1;Cerrada sin solución\n2;Mañana\n",
    "swedish": "id;status\n1;Åtgärdad\n2;Pågående ärende\n",
    "capitals": "id;status\n1;GELÖST\n2;GESCHLOSSEN\n3;RÜCKFRAGE\n",
    "punctuation": "id,subject\n1,don’t work – yet\n",
}


def table(data: bytes, **options: str) -> Table:
    """The one table of some bytes."""
    (found,) = read("-", Reading(**options), data)
    return found


def cells(found: Table) -> list[str]:
    """All text of a table, header first."""
    return [*found.columns, *(cell for row in found.frame.sort("_row").drop("_row").collect().rows() for cell in row)]


@pytest.mark.parametrize("name", CYRILLIC)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_legacy_cyrillic(name: str, encoding: str) -> None:
    try:
        data = CYRILLIC[name].encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{encoding} has no dashes")
    found = table(data)
    assert found.encoding == encoding
    assert cells(found) == cells(table(CYRILLIC[name].encode()))
    assert found.notes[0] == f"read as {encoding}, not UTF-8"


@pytest.mark.parametrize("name", WESTERN)
def test_legacy_western(name: str) -> None:
    found = table(WESTERN[name].encode("cp1252"))
    assert cells(found) == cells(table(WESTERN[name].encode()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode(encoding: str) -> None:
    text = "id\tстатус\n1\tоткрыт\n2\topen\n"
    found = table(text.encode(encoding))
    assert cells(found) == ["id", "статус", "1", "открыт", "2", "open"]
    assert found.encoding.startswith("UTF-")
    assert (found.notes == ()) == encoding.startswith("utf-8")


def test_utf8_with_a_broken_place_stays_utf8() -> None:
    found = table("id,имя\n".encode() + "1,Привет мир как дела хорошо\n".encode() * 3 + b"2,\xff\n")
    assert found.encoding == "UTF-8"
    assert cells(found)[-1] == "\ufffd"
    assert found.notes


@pytest.mark.parametrize("encoding", ["gb18030", "shift-jis", "cp1253"])
def test_other_encodings_are_asked_for(encoding: str) -> None:
    text = {"gb18030": "状态,已经关闭的工单", "shift-jis": "状態,完了しました", "cp1253": "κατάσταση,έκλεισε ναι"}[
        encoding
    ]
    data = f"id,{text}\n1,a,{text[:2]}\n".encode(encoding)
    with pytest.raises(EncodingUnclear) as caught:
        table(data)
    assert "--encoding" in (caught.value.hint or "")
    assert cells(table(data, encoding=encoding))[1] == text.split(",")[0]


def test_the_option_decides_and_is_held_to() -> None:
    assert cells(table("id;имя\n1;Яна\n".encode("cp866"), encoding="CP866"))[1] == "имя"
    for wrong in ("klingon", "hex", "rot13", "punycode", "idna"):
        with pytest.raises(EncodingWrong):
            table(b"id,a\n1,2\n", encoding=wrong)
    with pytest.raises(EncodingWrong) as caught:
        table("id,a\n1,2\n3,é\n".encode("cp1252"), encoding="utf-8")
    assert caught.value.where is not None
    assert caught.value.where.line == 3

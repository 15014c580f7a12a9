"""Files as old programs write them, made up from a seed: languages, encodings, delimiters, and how much text there is.

``SEEN`` are the words that the scorer of encodings was made with, ``HELD_OUT`` those that it is judged by.
"""

from __future__ import annotations

import codecs
import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, Mapping[str, Sequence[str]]]

SEEN: Words = {
    "ru": {
        "header": ("Номер", "Тема", "Статус", "Исполнитель", "Дата создания", "Приоритет", "Группа", "Клиент"),
        "word": ("открыт", "закрыт", "в работе", "решён", "высокий", "низкий", "почта", "телефон", "чат", "новая"),
        "name": ("Иванов", "Петрова Ольга", "Сидоров А. П.", "Кузнецов Илья", "Щукина Юлия", "Ян", "Эмма Цой"),
        "text": (
            "Здравствуйте, не приходят письма со вчерашнего дня, помогите, пожалуйста",
            "Не работает вход в личный кабинет: пишет «неверный пароль»",
            "Прошу вернуть деньги за заказ, который так и не доставили",
        ),
    },
    "de": {
        "header": ("Nummer", "Betreff", "Status", "Bearbeiter", "Erstellt am", "Priorität", "Gruppe", "Rückmeldung"),
        "word": ("offen", "geschlossen", "gelöst", "zurückgestellt", "hoch", "niedrig", "Büro", "für später"),
        "name": ("Müller", "Jürgen Groß", "Käthe Schäfer", "Björn Weiß", "Lothar Öhler"),
        "text": (
            "Der Drucker im Büro geht nicht mehr, bitte prüfen",
            "Rechnung fehlt, außerdem ist die Adresse veraltet",
            "Passwort zurücksetzen für neue Kollegen",
        ),
    },
    "fr": {
        "header": ("Numéro", "Objet", "Statut", "Assigné à", "Créé le", "Priorité", "Équipe", "Client"),
        "word": ("ouvert", "fermé", "résolu", "en attente", "élevée", "basse", "à traiter", "réouvert"),
        "name": ("Hélène Lefèvre", "François", "Zoé Béranger", "Noël Garçon", "Anaïs"),
        "text": (
            "Je n’arrive plus à me connecter depuis hier",
            "La facture n'a pas été reçue, merci de vérifier",
            "Où en est ma commande ? Déjà deux semaines d'attente",
        ),
    },
    "es": {
        "header": ("Número", "Asunto", "Estado", "Asignado a", "Creado el", "Prioridad", "Grupo", "Teléfono"),
        "word": ("abierto", "cerrado", "solución", "en espera", "crítica", "baja", "mañana", "línea"),
        "name": ("José Núñez", "María Peña", "Íñigo López", "Begoña", "Raúl Gómez"),
        "text": (
            "¿Cuándo llegará el pedido? Llevo dos semanas esperando",
            "No puedo iniciar sesión, la contraseña no funciona",
            "El técnico no llegó a la dirección indicada",
        ),
    },
    "pt": {
        "header": ("Número", "Assunto", "Situação", "Responsável", "Criado em", "Prioridade", "Grupo", "Solicitação"),
        "word": ("aberto", "fechado", "solução", "em espera", "não atribuído", "média", "atenção", "concluído"),
        "name": ("João Conceição", "Antônio Araújo", "Luísa Brandão", "Inês", "Sebastião"),
        "text": (
            "Não consigo acessar a conta desde ontem",
            "A cobrança está errada, já paguei três vezes",
            "Gostaria de informações sobre o meu pedido, por favor",
        ),
    },
}
HELD_OUT: Words = {
    "ru": {
        "header": (
            "Код заявки",
            "Описание",
            "Состояние",
            "Ответственный",
            "Открыто",
            "Срочность",
            "Отдел",
            "Заявитель",
        ),
        "word": ("ожидание", "отклонена", "выполнено", "эскалация", "средняя", "срочно", "форма", "мессенджер", "ещё"),
        "name": ("Жанна Фёдорова", "Шмидт", "Ахмедов Рустам", "Гаврилюк Тарас", "Зыков", "Хачатурян Э.", "Лев"),
        "text": (
            "Курьер привёз чужую посылку и уехал, трубку никто не берёт",
            "Обновили приложение, теперь оно вылетает сразу после запуска",
            "Подскажите, как подключить услугу «Автоплатёж» — в меню её нет",
        ),
    },
    "de": {
        "header": ("Vorgang", "Beschreibung", "Zustand", "Zuständig", "Eröffnet", "Dringlichkeit", "Abteilung", "Köln"),
        "word": ("wartet", "abgelöst", "verschoben", "erledigt", "mäßig", "übergeben", "nächste Woche", "später"),
        "name": ("Günther Häßler", "Sören Jäger", "Ömer", "Frau Bär", "Doris Kühn"),
        "text": (
            "Seit gestern läuft die Übertragung nicht, es kommt ständig ein Fehler",
            "Kann jemand das Gerät in der Straßenfiliale überprüfen?",
            "Ich hätte gern eine Bestätigung für die Kündigung",
        ),
    },
    "fr": {
        "header": ("Réf", "Libellé", "État", "Chargé", "Ouvert à", "Gravité", "Département", "Délai"),
        "word": ("traité", "rejeté", "différé", "à vérifier", "sévère", "modéré", "côté client", "clôturé"),
        "name": ("Jérôme Guérin", "Chloé", "Benoît Hébert", "Maëlle Royère", "Gaëtan"),
        "text": (
            "Le colis a été livré à la mauvaise adresse, c’est la troisième fois",
            "Impossible de télécharger l’application sur ma tablette",
            "Pourriez-vous m’expliquer ces frais prélevés en août ?",
        ),
    },
    "es": {
        "header": ("Código", "Descripción", "Situación", "Técnico", "Apertura", "Urgencia", "Área", "Sección"),
        "word": ("anulado", "atención", "revisión", "próximo", "rápido", "después", "aún no", "señal"),
        "name": ("Ángel Ibáñez", "Lucía Muñoz", "Ramón Cañas", "Sofía", "Óscar Díaz"),
        "text": (
            "La aplicación se cierra sola cada vez que intento pagar",
            "¡Hola! Todavía no recibí el código de verificación",
            "Quisiera saber por qué me cobraron dos veces este mes",
        ),
    },
    "pt": {
        "header": ("Código", "Descrição", "Condição", "Técnico", "Início", "Urgência", "Área", "Conclusão"),
        "word": ("avaliação", "revisão", "próximo", "até amanhã", "alteração", "início", "também", "órgão"),
        "name": ("Cláudia Magalhães", "Estêvão", "Mônica Leão", "Flávio Simões", "Verônica"),
        "text": (
            "O aplicativo fecha sozinho quando tento concluir a compra",
            "Ainda não recebi o código de confirmação, será que há um problema?",
            "Solicito o cancelamento da assinatura a partir deste mês",
        ),
    },
}
LEGACY = {
    "ru": ("cp1251", "cp866", "koi8-r"),
    "de": ("cp1252",),
    "fr": ("cp1252",),
    "es": ("cp1252",),
    "pt": ("cp1252",),
}
UNICODE = ("utf-8-sig", "utf-16-le", "utf-16-be", "utf-16-le with mark", "utf-16-be with mark")
SHAPES = ("short", "one word", "capitals", "long", "names", "mixed")
DELIMITERS = (",", ";", "\t", "|")
_ASCII = ("open", "closed", "VPN", "server 12", "a.b@example.com", "high", "2026-05-04 10:00", "Outlook")


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFile:
    """One file: what it is, its bytes, and the header and rows that it says."""

    name: str
    encoding: str
    data: bytes
    rows: Sequence[Sequence[str]]


def old_files(words: Words, seeds: Sequence[int]) -> list[OldFile]:
    """Every language in every encoding of its own and of Unicode, in every shape, once a seed."""
    return [
        _old_file(words, language, encoding, shape, seed)
        for seed in seeds
        for language in words
        for encoding in (*LEGACY[language], *UNICODE)
        for shape in SHAPES
    ]


def _old_file(words: Words, language: str, encoding: str, shape: str, seed: int) -> OldFile:
    luck = random.Random(f"{language} {encoding} {shape} {seed}")
    plain = encoding.removesuffix(" with mark")
    rows = [[_fitting(cell, plain) for cell in row] for row in _rows(words[language], shape, luck)]
    delimiter = luck.choice(DELIMITERS)
    text = _written(rows, delimiter, luck)
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[plain] if plain != encoding else b""
    name = f"{language} {encoding} {shape} {seed}"
    return OldFile(name=name, encoding=encoding, data=mark + text.encode(plain), rows=rows)


def _fitting(cell: str, encoding: str) -> str:
    """A cell with the signs that its encoding has, as old programs put them."""
    if encoding in ("cp866", "koi8-r"):
        cell = cell.translate(str.maketrans({"«": '"', "»": '"', "—": "-", "–": "-", "№": "N", "’": "'"}))
    return cell if encoding.startswith("utf") else cell.encode(encoding, errors="ignore").decode(encoding)


def _rows(words: Mapping[str, Sequence[str]], shape: str, luck: random.Random) -> list[list[str]]:
    if shape == "one word":
        rows = [
            ["id", "status", "agent"],
            *([str(at), luck.choice(_ASCII), "agent 5"] for at in range(luck.randint(3, 60))),
        ]
        rows[luck.randrange(1, len(rows))][2] = luck.choice([*words["word"], *words["name"]])
        return rows
    width = luck.randint(2, 5)
    header = ["id", *luck.sample(words["header"], width - 1)]
    kinds = {"short": ["word"], "capitals": ["word", "name"], "long": ["text"], "names": ["name"]}
    pools = [words[luck.choice(kinds.get(shape, ["word", "name", "text"]))] for _ in range(width - 1)]
    count = {"short": 2, "long": 12, "mixed": 25}.get(shape, 4)
    rows = [header, *([str(at), *(luck.choice(pool) for pool in pools)] for at in range(1, count + 1))]
    if shape in ("names", "one word"):
        rows[0] = ["id", "agent", "requester", "group", "manager"][:width]
    if shape == "capitals":
        rows = [[cell.upper() for cell in row] for row in rows]
    if shape == "mixed":
        rows[1:] = [
            [luck.choice((cell, luck.choice(_ASCII))) if at else cell for at, cell in enumerate(row)]
            for row in rows[1:]
        ]
    return rows


def _written(rows: Sequence[Sequence[str]], delimiter: str, luck: random.Random) -> str:
    out = io.StringIO()
    quoting = luck.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=luck.choice(("\n", "\r\n"))).writerows(rows)
    return (f"sep={delimiter}\n" if luck.random() < 0.15 else "") + out.getvalue()

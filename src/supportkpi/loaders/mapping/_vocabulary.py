"""What status, priority and channel words mean, whoever wrote them: whole words first, then fragments, in that order.

Vendors' own words stand in their mappings; here is what all of them share, in the languages of the synonyms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from supportkpi.schema import DONE, Exclusion, Status

T = TypeVar("T")
_SPACES = re.compile(r"[\s\u00a0\u202f_]+")
_IN_BRACKETS = re.compile(r"([^()]*\S)\s*\(([^()]+)\)")
_RANK = re.compile(r"^\(?\d+\)?\s*[-.:)]?\s+(?=\D)|^\d+\s*[-.:)]\s*(?=\D)|^p-?\d\s*[-.:)]\s*(?=\D)")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


def _inverted(pairs: tuple[tuple[T, tuple[str, ...]], ...]) -> dict[str, T]:
    return {word: meaning for meaning, words in pairs for word in words}


# Fragments fit where a word begins, so that endings do not matter; with a "!" behind them they are whole words.

# Whole turns of speech, asked first and in this order, since their single words would mislead.
_STATUS_TURNS: tuple[tuple[Status, tuple[str, ...]], ...] = (
    (
        Status.deleted,
        _words("""
            deleted, spam, trash, удалён, удален, спам, gelöscht, excluíd, eliminad, supprim
        """),
    ),
    (
        Status.open,
        _words("""
            reopen, re-open, переоткр, возобновл, reabert, reabiert, wieder offen, wiedereröffn, rouvert, réouvert,
            готово к, waiting for support, waiting for agent, waiting on us, awaiting assign, awaiting agent,
            customer responded, customer replied, ответ клиента, ответил клиент, клиент ответил, выполняет,
            исполняет, решает, на исполнени, на выполнени, в исполнени, на решени,
            готов к, resolving, fixing, на рассмотрени, рассматрива, исполнителю, назначен исполнител, у исполнител,
            on review, under review,
            en revisión, em análise, em execução, en ejecución, in klärung, in prüfung, heropend, riapert
        """),
    ),
    (
        Status.hold,
        _words("""
            third party, third-party, vendor, supplier, on hold, on-hold, onhold, blocked, stalled, paus, пауз, отложен,
            приостанов, поставщик, подрядчик, вендор, третьей сторон, fornecedor, terceiro, tercero, proveedor,
            sospes, opgeschort, in de wacht, leverancier, fornitore, zurückgestellt, lieferant, fournisseur, suspend,
            deferred, postpon, на согласовани, согласуется, на
            утвержден,
            waiting for approval, awaiting approval, pending approval, aguardando aprova, esperando aprobaci,
            wartet auf genehmigung, en attente de validation
        """),
    ),
)
_UNDONE = _words("""
    unresolved, unsolved, incomplete, unfinished, нереш, незакр, невыполн, незаверш, ungelöst, unerledigt
""")
_NOT = re.compile(
    r"(?<!\w)(?:not|never|non|pas|no|não|nao|sin|sem|nicht|не|to be|ready to be|к)\s+"
    r"(?:yet |fully |been |encore |полностью )?"
)
# Of these the one that the words begin with decides: "Closed - awaiting survey" is closed, "Pending close" is pending.
_STATUS_OPENINGS: tuple[tuple[Status, tuple[str, ...]], ...] = (
    (
        Status.pending,
        _words("""
            pending, waiting, wait!, await, customer response, user info, need info, needs info, snoozed,
            more info, feedback, нужен отклик, ожида, ждём, ждем, жду, уточнен, запрос информ, запрошен,
            pendent, pendient, aguard, in attesa, attesa, wacht, in afwachting, espera, en espera, wartet,
            warten, wartend, rückfrage, en attente, attente
        """),
    ),
    (
        Status.closed,
        _words("""
            closed, close, archiv, cancel, abort, reject, declin, withdrawn, закры, отмен, отклон, отказ, отозван,
            архив, fechad, cancelad, encerrad, cerrad, geschlossen, abgebrochen, storniert, abgelehnt,
            abgewiesen, zurückgewiesen, clôtur, clos!, fermé, annul, abandon, autoclosed, won't, wont, снят с контрол,
            снята с контрол, снято с контрол,
            desestimad, improcedent, zurückgezogen, eingestellt, classé,
            rejeitad, rechazad, refus, gesloten, afgemeld, afgesloten, geannuleerd, afgewezen, ingetrokken, chius,
            annullat,
            rifiutat, respint, anulad, inadmitid, denegad, indeferid
        """),
    ),
    (
        Status.solved,
        _words("""
            solved, resol, done!, complet, fixed, finish, fulfilled, реш, выполн, исполн, заверш, готов, сделан,
            обработан, solucion, concluíd, concluid, finaliz, resuelt, gelöst, erledigt, abgeschlossen, behoben,
            fertig, beendet, résolu, termin, traité, рассмотрен, устранен, устранён, отработан, оказан,
            atendid, respondid, contestad, cumplid, atendida, beantwortet, geklärt, répondu, réglé, opgelost, gereed,
            afgehandeld, voltooid, beantwoord, risolt, completat, evas, conclus
        """),
    ),
)
_DONE = {status: parts for status, parts in _STATUS_OPENINGS if status is not Status.pending}
_STATUS_PARTS: tuple[tuple[Status, tuple[str, ...]], ...] = (
    (
        Status.open,
        _words("""
            progress, in progress, assigned, open!, active!, processing, working, investigat, accepted, escalat,
            triage, review, started, inprog!, inprg!,
            triggered, assign!, planned, testing, тестир, на проверк, возвра, эскалир, escalad, in arbeit, klärung,
            angenommen,
            в работе, в процесс, назначен, открыт, принят, взят, обрабат, abert,
            atendimento, andamento, abiert, en curso, en proceso, asignad, atribuíd, offen, bearbeitung,
            zugewiesen, ouvert, en cours, attribu, planejad, planifi, планир, в обработк, в раб, передан, направлен,
            перенаправлен,
            делегирован, на контрол, в рассмотр, acknowledged, dispatched, scheduled, escalonad, transferid, encaminhad,
            derivad, remitid, trasladad, en trámite, em tramitação, weitergeleitet, eingeplant, transféré,
            in behandeling, in uitvoering, bezig, toegewezen, ingepland,
            in lavorazione, in corso, in gestione, assegnat, preso in carico, presa in carico, apert
        """),
    ),
    (
        Status.new,
        _words("""
            new!, novo, nova, nuev, neu!, nouveau, unassigned, created, submitted, logged, registered, queued, нов,
            создан, зарегистр, поступ, не назначен, получен, recibid, ingresad, registrad, radicad, recebid, cadastrad,
            eingegangen,
            erfasst, angelegt, reçu, enregistré, créé, nieuw, aangemeld, geregistreerd, ontvangen, nuov, ricevut,
            inserit,
            da assegnare, da lavorare
        """),
    ),
)
_STATUS_WORDS: Mapping[str, Status] = _inverted(
    (
        (
            Status.new,
            _words("to do, todo, backlog, не назначено, в очереди, à traiter, a fazer, por hacer, zu erledigen"),
        ),
        (Status.open, _words("wip, selected for development, confirmed, unconfirmed, needinfo")),
        (Status.pending, _words("wfc, customer, в ожидании")),
        (Status.hold, _words("hold")),
        (Status.solved, _words("ok, hecho, feito, listo, verified, fix committed, fix released, released")),
        (
            Status.closed,
            _words("""
                invalid, expired, opinion, wontfix, worksforme, закр, closed incomplete, closed complete, duplicate,
                дубль, дубликат
            """),
        ),
        (Status.deleted, _words("removed, merged, объединено, объединён, объединен")),
    )
)
_EXCLUDED_PARTS: tuple[tuple[Exclusion, tuple[str, ...]], ...] = (
    (
        Exclusion.spam,
        _words("""
            spam, спам, junk
        """),
    ),
    (
        Exclusion.merged,
        _words("""
            merged, duplicate, объедин, дубль, дубликат, mesclad, fusionad, zusammengef, fusionn
        """),
    ),
    (
        Exclusion.deleted,
        _words("""
            deleted, trash, удалён, удален, excluíd, eliminad, gelöscht, supprim
        """),
    ),
)

_PRIORITY_WORDS: Mapping[str, str] = _inverted(
    (
        (
            "urgent",
            _words("""
                urgent, critical, highest, blocker, emergency, immediate, very high, major incident, срочный, срочно,
                срочная, срочное, критичный, критический, критичная, критическая, критично, критическое, критичное,
                аварийный, авария, наивысший, очень высокий, очень высокая, блокирующий, неотложный, неотложная,
                немедленный, немедленно, экстренный, crítico, crítica, urgente, muito alta, muito alto, muy alta,
                muy alto, crítica alta,
                kritisch, dringend, sehr hoch, höchste, sofort, critique, très haute, très élevée, très haut, bloquant,
                top, kritiek, zeer hoog, hoogste, dringend, spoed, critica, critico, molto alta, molto alto, sev 1,
                sev1, severity 1, p1, p0, sev 0, sev0, showstopper, show-stopper, show stopper, severe,
                крит, сверхсрочно, сверхсрочный,
                emergencial, emergência, eilig, sehr dringend, majeure critique, urgentíssimo
            """),
        ),
        (
            "high",
            _words("""
                high, major, important, высокий, высокая, высокое, важный, важная, повышенный, alta, alto, elevada,
                importante, hoch, wichtig, haute, haut, élevée, élevé, p2, sev 2, sev2, выс, повышенная, majeur,
                majeure, mayor,
                grave, erhöht, hoog, elevato
            """),
        ),
        (
            "normal",
            _words("""
                normal, medium, moderate, standard, default, average, средний, средняя, среднее, обычный, обычная,
                обычное, нормальный, нормальная, стандартный, média, médio, media, medio, mittel, moyenne, moyen,
                normale, moyennement urgent, p3, sev 3, sev3, сред, норм, ср, плановый, плановая, обычн, regular,
                mediana, gemiddeld, normaal, medie, normali
            """),
        ),
        (
            "low",
            _words("""
                low, minor, низкий, низкая, низкое, несрочный, не срочно, малый, пониженный, baixa, baixo, baja, bajo,
                niedrig, gering, basse, faible, bas, p4, sev 4, sev4, низк, низ, незначительная, mineur, mineure,
                menor, leve, laag, bassa, basso
            """),
        ),
        (
            "lowest",
            _words("""
                lowest, trivial, planning, very low, очень низкий, очень низкая, самый низкий, незначительный,
                muito baixa, muito baixo, muy baja, muy bajo, sehr niedrig, zeer laag, laagste, molto bassa, molto
                basso, très basse, très faible, p5, sev 5, sev5
            """),
        ),
    )
)
# Order matters: a "text message" is no messenger, a "WhatsApp chat" no chat of the site.
_CHANNEL_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "sms",
        _words("""
            sms, смс, text message
        """),
    ),
    (
        "messenger",
        _words("""
            whatsapp, telegram, телеграм, viber, вайбер, messenger, мессенджер, messag, wechat, slack, teams,
            ватсап, вацап
        """),
    ),
    (
        "social",
        _words("""
            twitter, facebook, instagram, social, vkontakte, вконтакте, vk!, одноклассник, linkedin, youtube,
            соцсет, социальн, redes, reddit, discord
        """),
    ),
    (
        "chat",
        _words("""
            chat, чат
        """),
    ),
    (
        "email",
        _words("""
            email, e-mail, mail, почт, correo, courriel, письм
        """),
    ),
    (
        "phone",
        _words("""
            phone, voice, call!, телефон, звон, telefon, teléfono, téléphone, ligaç, llamad, anruf, appel, hotline,
            голос, gebeld
        """),
    ),
    (
        "api",
        _words("""
            api!, integration, webhook, интеграц, monitoring, мониторинг
        """),
    ),
    (
        "web",
        _words("""
            web, widget, виджет, portal, портал, self-service, self service, selfservice, form!, форм, сайт, site!,
            help center, helpdesk, online, internet, direct input, mobile, app!, приложен, личный кабинет, intranet
        """),
    ),
    (
        "other",
        _words("""
            other, walk-in, walk in, прочее, другое, другой, лично, outro, otro, andere, autre, unknown, fax,
            письменно, balie, sportello, di persona, persoonlijk, in person, agent, manual
        """),
    ),
)


def plain(text: str) -> str:
    """A word as it compares: one space between words, no mark of order, letter case folded."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" \"'").casefold()


def unranked(text: str) -> str:
    """The word without the number before it: "1 - Critical" and "4 Alta" become "critical" and "alta"."""
    return _RANK.sub("", plain(text)).strip(" .")


WITHIN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys((Status.solved.value, Status.closed.value), frozenset((*DONE, Status.deleted.value))),
    Status.open.value: frozenset((Status.open.value, Status.pending.value, Status.hold.value)),
    Status.new.value: frozenset((Status.new.value, Status.pending.value, Status.hold.value)),
    **dict.fromkeys((Status.pending.value, Status.hold.value), frozenset((Status.pending.value, Status.hold.value))),
}
"""What the name of a status may say within what sorts it: "Waiting for customer" is pending among those in progress."""


def status_of(word: str, table: Mapping[str, str]) -> Status | None:
    """The category of a status word: by the given table, by whole word, then by the first fragment that fits."""
    given = _given(word, table)
    if given is not None:
        return Status(given)
    for text in (plain(word), unranked(word)):
        if text in _STATUS_WORDS:
            return _STATUS_WORDS[text]
    text = unranked(word)
    if _is_undone(text):
        return Status.open
    return _by_part(text, _STATUS_TURNS) or _by_opening(text) or _by_part(text, _STATUS_PARTS)


def exclusion_of(word: str) -> Exclusion | None:
    """Why a ticket with that status word is no ticket of the population, if the word says so."""
    return _by_part(plain(word), _EXCLUDED_PARTS)


def priority_of(word: str, table: Mapping[str, str]) -> str | None:
    """The canonical priority of a word; a bare number has none, since 1 is the highest here and the lowest there."""
    given = _given(word, table)
    if given is not None:
        return given
    bracketed = _IN_BRACKETS.fullmatch(plain(word))
    for text in (plain(word), unranked(word), *(bracketed.groups() if bracketed else ())):
        for candidate in (text, text.removesuffix(" priority"), text.removesuffix(" приоритет")):
            if candidate in _PRIORITY_WORDS:
                return _PRIORITY_WORDS[candidate]
    return None


def channel_of(word: str, table: Mapping[str, str]) -> str | None:
    """The canonical channel of a word, null when no fragment of it is known."""
    given = _given(word, table)
    return given if given is not None else _by_part(plain(word), _CHANNEL_PARTS)


def _given(word: str, table: Mapping[str, str]) -> str | None:
    text = plain(word)
    return table.get(text, table.get(unranked(word)))


def _by_part(text: str, parts: tuple[tuple[T, tuple[str, ...]], ...]) -> T | None:
    for meaning, fragments in parts:
        if any(_stands_at(text, fragment) is not None for fragment in fragments):
            return meaning
    return None


def _is_undone(text: str) -> bool:
    """Whether the words deny that it is done: "not resolved", "Nicht erledigt"; "Closed - not resolved" is closed."""
    if any(_stands_at(text, fragment) == 0 for fragment in _DONE[Status.closed]):
        return False
    if any(_stands_at(text, fragment) is not None for fragment in _UNDONE):
        return True
    denied = (text[found.end() :] for found in _NOT.finditer(text))
    return any(_stands_at(rest, part) == 0 for rest in denied for parts in _DONE.values() for part in parts)


def _by_opening(text: str) -> Status | None:
    places = [
        (place, meaning)
        for meaning, fragments in _STATUS_OPENINGS
        for fragment in fragments
        if (place := _stands_at(text, fragment)) is not None
    ]
    return min(places, key=lambda pair: pair[0])[1] if places else None


def _stands_at(text: str, fragment: str) -> int | None:
    """Where the fragment begins a word: "new" in "brand new", not in "renewed"."""
    part = fragment.removesuffix("!")
    at = text.find(part)
    while at >= 0:
        begins = at == 0 or not text[at - 1].isalpha()
        ends = part == fragment or not text[at + len(part) : at + len(part) + 1].isalpha()
        if begins and ends:
            return at
        at = text.find(part, at + 1)
    return None

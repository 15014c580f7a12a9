"""What the sentences of Chatwoot tell of a conversation: its states, whose hands it went through, who did it."""

from __future__ import annotations

import pytest

from supportkpi.loaders.nested._chatwoot_sentences import Cast, changes_of

CAST = Cast(agents=frozenset({"Ann (EU)", "Bo"}), bots=frozenset({"Helper"}), teams=frozenset({"First line"}))
TOLD = {
    "Conversation was marked resolved by Bo": [("status", "resolved", "agent", "Bo")],
    "Conversation was marked resolved by Ann (EU)": [("status", "resolved", "agent", "Ann (EU)")],
    "Conversation was marked resolved by Helper due to inactivity": [("status", "resolved", "bot", "Helper")],
    "Conversation was marked resolved by Helper: solved": [("status", "resolved", "bot", "Helper")],
    "Conversation was marked resolved by system due to 5 days of inactivity": [("status", "resolved", "system", None)],
    "Conversation was marked resolved by Automation System": [("status", "resolved", "system", None)],
    "Conversation was resolved by Carl": [("status", "resolved", "customer", None)],
    "System reopened the conversation due to a new incoming message.": [("status", "open", "system", None)],
    "Conversation was marked as pending by Bo": [("status", "pending", "agent", "Bo")],
    "Conversation was snoozed by Bo": [("status", "snoozed", "agent", "Bo")],
    "Bo set the priority to high": [("priority", "high", "agent", "Bo")],
    "Bo changed the priority from high to urgent": [("priority", "urgent", "agent", "Bo")],
    "Bo removed the priority": [("priority", None, "agent", "Bo")],
    "Bo self-assigned this conversation": [("assignee", "Bo", "agent", "Bo")],
    "Assigned to Bo by Ann (EU)": [("assignee", "Bo", "agent", "Ann (EU)")],
    "Assigned to First line by Automation System": [("group", "First line", "system", None)],
    "Assigned to Bo via Second line by Ann (EU)": [
        ("group", "Second line", "agent", "Ann (EU)"),
        ("assignee", "Bo", "agent", "Ann (EU)"),
    ],
    "Conversation unassigned by Bo": [("assignee", None, "agent", "Bo")],
    "Unassigned from First line by Bo": [("group", None, "agent", "Bo")],
    "Assigned to Nobody knows by Bo": [("unsure", "Nobody knows", "agent", "Bo")],
    "Bo added billing, vip": [],
    "Bo завершил диалог": [("status", "resolved", "agent", "Bo")],
    "Разговор был помечен системой решённым из-за неактивности в течение 5 дней": [
        ("status", "resolved", "system", None)
    ],
    "Bo назначил Ann (EU) ответственным": [("assignee", "Ann (EU)", "agent", "Bo")],
    "Bo назначил First line ответственным": [("group", "First line", "agent", "Bo")],
    "Bo изменил приоритет с low на high": [("priority", "high", "agent", "Bo")],
    "Bo удалил приоритет": [("priority", None, "agent", "Bo")],
    "Bo удалил billing": [],
    "Das Gespräch wurde von Bo als ausstehend markiert": [("status", "pending", "agent", "Bo")],
    "Zugewiesen an First line von Bo": [("group", "First line", "agent", "Bo")],
    "Bo hat sich dieses Gespräch selbst zugewiesen": [("assignee", "Bo", "agent", "Bo")],
    "La conversación fue marcada por Bo": [("status", "resolved", "agent", "Bo")],
    "La conversación fue marcada por el sistema debido a 5 días de inactividad": [
        ("status", "resolved", "system", None)
    ],
    "CSAT survey not sent due to outgoing message restrictions": [],
}


@pytest.mark.parametrize("text", TOLD)
def test_a_sentence_tells_what_changed_and_who_did_it(text: str) -> None:
    found = changes_of(text, CAST)
    assert found is not None
    assert [(one.kind, one.value, one.role, one.who) for one in found] == TOLD[text]


def test_of_a_sentence_in_another_language_nobody_knows_what_it_says() -> None:
    assert changes_of("Die Konversation wurde als gelöst markiert", CAST) is None

"""How the made-up helpdesk behaves: shares, medians in minutes, and the five things that are planted in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# --- planted ----------------------------------------------------------------------------------------------------------

FASTER, SLOWER, EMPTY = 0.5, 2.0, 0.45
"""1: from the new year on the first answer comes in half the time, but this share of the first answers that would have
solved the ticket only ask back, and every later answer takes twice the time."""
RETURNING = "export"
"""2: customers with this topic write again within the week."""
HASTY, HASTE = 7, 0.35
"""3: this agent closes in a third of the time, and what this agent closes comes back."""
LEFT_AT_NIGHT = 0.4
"""4: chats outside hours wait for the morning, and this share of them is never answered."""
QUIET_MONTH, QUIET = (2026, 2), 0.15
"""5: in this month hardly anybody answers the survey, and those who do are content."""

# --- tickets ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a category of tickets is like."""

    share: float
    rounds: Mapping[str, float]  # how many further answers it takes after the first
    work: float  # median working minutes before each of them
    escalated: float = 0.02
    held: float = 0.03
    reopened: float = 0.04
    returns: float = 0.03


TOPICS: Mapping[str, Topic] = {
    "billing": Topic(share=0.2, rounds={"0": 0.5, "1": 0.35, "2": 0.15}, work=110, held=0.06),
    "access": Topic(share=0.21, rounds={"0": 0.62, "1": 0.28, "2": 0.1}, work=60),
    "howto": Topic(share=0.22, rounds={"0": 0.58, "1": 0.3, "2": 0.12}, work=90),
    "bug": Topic(
        share=0.15, rounds={"0": 0.2, "1": 0.35, "2": 0.3, "3": 0.15}, work=260, escalated=0.22, held=0.2, reopened=0.08
    ),
    "integration": Topic(
        share=0.12, rounds={"0": 0.18, "1": 0.35, "2": 0.3, "3": 0.17}, work=300, escalated=0.25, held=0.12
    ),
    RETURNING: Topic(share=0.1, rounds={"0": 0.6, "1": 0.3, "2": 0.1}, work=80, returns=0.42),
}
CHANNELS = {"email": 0.46, "web": 0.22, "chat": 0.15, "messenger": 0.09, "phone": 0.08}
LIVE = ("chat", "messenger")
PRIORITIES = {"low": 0.18, "normal": 0.54, "high": 0.21, "urgent": 0.07}
VIP_PRIORITIES = {"low": 0.06, "normal": 0.44, "high": 0.34, "urgent": 0.16}
FIRST_ANSWER = {"urgent": 14.0, "high": 40.0, "normal": 85.0, "low": 160.0}
LIVE_ANSWER = {"chat": 4.0, "messenger": 12.0, "phone": 1.5}
FATES = {"spam": 0.022, "merged": 0.013, "test": 0.004, "outbound": 0.02, "": 0.941}
AUTO_REPLY, BOT_MEETS, BOT_SOLVES = 0.6, 0.75, 0.22
NOTE, REASSIGNED, SILENT, NUDGE, THANKS = 0.18, 0.07, 0.09, 0.08, 0.06
ANSWER_OF_CUSTOMER, RETURN_OF_CUSTOMER = 300.0, 1100.0
SILENCE, CLOSING = 5 * 1440, 4 * 1440
"""After so many minutes without an answer a ticket is solved by itself, and a solved one is closed."""

# --- ratings ----------------------------------------------------------------------------------------------------------

OFFERED, ANSWERED, ANSWERED_ANGRY = 0.88, 0.24, 0.36
GOOD, SLOW_COST, SLOWER_COST, REOPEN_COST, VIP_COST = 0.95, 0.08, 0.2, 0.35, 0.04
SLOW_AFTER, SLOWER_AFTER = 2 * 1440, 6 * 1440

# --- people and days --------------------------------------------------------------------------------------------------

FIRST_LINE, SECOND_LINE = 12, 4
COMPANIES, PRIVATE, VIP_COMPANIES = 60, 0.3, 5
HOURS_OF_DAY = (
    *(0.12, 0.08, 0.06, 0.05, 0.06, 0.1, 0.22, 0.5, 0.95, 1.4, 1.6, 1.5),
    *(1.2, 1.25, 1.45, 1.4, 1.2, 0.95, 0.7, 0.6, 0.55, 0.5, 0.38, 0.22),
)
DAYS_OF_WEEK = (1.2, 1.12, 1.05, 1.0, 0.9, 0.32, 0.24)
HOLIDAY, GROWTH = 0.3, 0.12
"""How busy a day off is, and by how much the busyness grows from the first day to the last."""

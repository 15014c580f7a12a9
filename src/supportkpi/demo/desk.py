"""The whole made-up helpdesk: its people, two quarters of arrivals, every ticket's story, the figures beside them."""

from __future__ import annotations

from datetime import date, timedelta
from heapq import heappop, heappush

from supportkpi.demo import habits
from supportkpi.demo.dice import Dice, totals
from supportkpi.demo.hours import Hours
from supportkpi.demo.model import BOT, SYSTEM, Desk, Month, Person, Score, Ticket
from supportkpi.demo.story import Stage, Story
from supportkpi.demo.words import Words

FIRST, TURN, LAST = date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1)
"""The first day, the first day of the second quarter, the morning of the export."""
_EXPORT_HOUR = 8
FIRST_TICKET, _FIRST_CUSTOMER, _FIRST_AGENT = 10_001, 560_001, 0
_MONTHS = ((2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2), (2026, 3))
_STALE = 4 * 1440  # an intention to write again is forgotten when nothing has come in for so long
_NPS = {"10": 0.3, "9": 0.22, "8": 0.17, "7": 0.11, "6": 0.06, "5": 0.05, "4": 0.02, "3": 0.03, "2": 0.01, "0": 0.03}


def desk(words: Words, *, seed: int, tickets: int) -> Desk:
    """A helpdesk of that many tickets: the same for the same seed, whatever the machine and the day."""
    dice = Dice(seed)
    hours = Hours(words.zone, FIRST, (LAST - FIRST).days, words.closed)
    until = hours.wall(LAST, _EXPORT_HOUR)
    stage = Stage(
        dice=dice,
        hours=hours,
        until=until,
        turn=hours.wall(TURN, 0),
        lines=_agents(words),
        groups=words.groups,
        bot=Person(number=900, name=words.bot, role="bot"),
        system=Person(number=901, name=SYSTEM, role="system"),
    )
    customers = _customers(words, max(1, tickets * 2 // 5), dice)
    told = _tell(stage, customers, _arrivals(stage, tickets))
    people = (*customers, *stage.lines[0], *stage.lines[1], stage.bot, stage.system)
    return Desk(
        words=words,
        hours=hours,
        until=until,
        tickets=told,
        scores=_scores(stage, told),
        costs=_costs(words, dice, told, hours),
        articles=tuple(Month(year=year, month=month, value=17 + dice.below(12)) for year, month in _MONTHS),
        people={person.name: person for person in people},
    )


def _agents(words: Words) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    def agent(number: int, line: int) -> Person:
        return Person(number=number, name=f"{words.agent} {number:02}", role="agent", line=line)

    first = tuple(agent(number, 1) for number in range(1, habits.FIRST_LINE + 1))
    second = tuple(agent(20 + number, 2) for number in range(1, habits.SECOND_LINE + 1))
    return first, second


def _customers(words: Words, count: int, dice: Dice) -> tuple[Person, ...]:
    made = []
    for number in range(count):
        company = None if dice.chance(habits.PRIVATE) else dice.below(habits.COMPANIES)
        made.append(
            Person(
                number=_FIRST_CUSTOMER + number,
                name=f"{words.customer} {number + 1:04}",
                role="customer",
                organization=None if company is None else f"{words.organization} {company + 1:02}",
                is_vip=company is not None and company < habits.VIP_COMPANIES,
            )
        )
    return tuple(made)


def _arrivals(stage: Stage, count: int) -> list[int]:
    """The minutes at which tickets come in: busy mornings, thin nights and weekends, a little more every week."""
    cells, weights = [], []
    hours = stage.hours
    for number in range(hours.days):
        day = hours.first + timedelta(days=number)
        busy = habits.DAYS_OF_WEEK[day.weekday()] * (1 + habits.GROWTH * number / hours.days)
        busy *= habits.HOLIDAY if day in hours.closed else 1.0
        for hour, share in enumerate(habits.HOURS_OF_DAY):
            cells.append(hours.wall(day, hour))
            weights.append(busy * share)
    heights = totals(weights)
    return sorted(cells[stage.dice.place(heights)] + stage.dice.below(60) for _ in range(count))


def _tell(stage: Stage, customers: tuple[Person, ...], arrivals: list[int]) -> tuple[Ticket, ...]:
    """Every ticket's story, in the order in which they came in; who comes back takes the place of somebody new."""
    dice = stage.dice
    heights = totals([1 / (rank + 12) for rank in range(len(customers))])
    topics = {name: topic.share for name, topic in habits.TOPICS.items()}
    returning: list[tuple[int, int, Person, str]] = []
    last_of: dict[int, int] = {}
    told: list[Ticket] = []
    for number, created in enumerate(arrivals, start=FIRST_TICKET):
        requester, category = customers[dice.place(heights)], dice.one_of(topics)
        fate = dice.one_of(habits.FATES)
        while returning and returning[0][0] < created - _STALE:
            heappop(returning)
        if returning and returning[0][0] <= created and fate == "":
            _, _, requester, category = heappop(returning)
        if fate == "merged" and requester.number not in last_of:
            fate = ""
        story = Story(
            stage=stage,
            number=number,
            created=created,
            requester=requester,
            channel=_channel(stage, created, fate),
            category=category,
        )
        told.append(story.told(fate, last_of.get(requester.number)))
        last_of[requester.number] = number
        if story.returns_at is not None:
            heappush(returning, (story.returns_at, number, requester, category))
    return tuple(told)


def _channel(stage: Stage, created: int, fate: str) -> str:
    channel = stage.dice.one_of(habits.CHANNELS)
    is_spoken = channel == "phone" and stage.hours.is_open(created)
    return channel if fate == "" and (channel != "phone" or is_spoken) else "email"


def _scores(stage: Stage, tickets: tuple[Ticket, ...]) -> tuple[Score, ...]:
    """Answers to "would you recommend us", asked of customers in the last two weeks of each quarter."""
    dice, made = stage.dice, []
    for day in (date(2025, 12, 8), date(2026, 3, 9)):
        start = stage.hours.wall(day, 8)
        known = {ticket.requester.number: ticket.requester for ticket in tickets if ticket.created < start}
        for _, customer in sorted(known.items()):
            score, later, answers = int(dice.one_of(_NPS)), dice.below(14 * 1440), dice.chance(0.27)
            if answers:
                made.append(Score(at=start + later, by=customer, score=score))
    if not made:  # of a handful of customers nobody may have answered, and a file without rows is none
        made.append(Score(at=start, by=tickets[0].requester, score=9))
    return tuple(sorted(made, key=lambda score: (score.at, score.by.number)))


def _costs(words: Words, dice: Dice, tickets: tuple[Ticket, ...], hours: Hours) -> tuple[Month, ...]:
    """What the helpdesk cost in each month: wages that stay, and something for every ticket."""
    rate = {"EUR": 1, "RUB": 90}[words.currency]
    counts = dict.fromkeys(_MONTHS, 0)
    for ticket in tickets:
        local = hours.local(ticket.created)
        if (local.year, local.month) in counts:
            counts[local.year, local.month] += 1
    per_month = len(tickets) / len(_MONTHS)
    return tuple(
        Month(year=year, month=month, value=rate * int(per_month * 9 + count * 4 + dice.below(200)))
        for (year, month), count in counts.items()
    )


__all__ = ["BOT", "FIRST", "FIRST_TICKET", "LAST", "SYSTEM", "TURN", "desk"]

"""One ticket's life, event by event: who writes, who answers, who waits, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from supportkpi.demo import habits
from supportkpi.demo.dice import Dice
from supportkpi.demo.hours import Hours
from supportkpi.demo.model import Event, Kind, Person, Ticket

_MORNING = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all tickets of one helpdesk share."""

    dice: Dice
    hours: Hours
    until: int
    turn: int  # the first minute of the second quarter
    lines: tuple[tuple[Person, ...], tuple[Person, ...]]  # agents of the first and of the second line
    groups: tuple[str, str]
    bot: Person
    system: Person


@dataclass(slots=True, kw_only=True)
class Story:
    """A ticket while it is told; ``returns_at`` is when its customer will write again about the same."""

    stage: Stage
    number: int
    created: int
    requester: Person
    channel: str
    category: str
    events: list[Event] = field(default_factory=list)
    status: str = "new"
    priority: str = "normal"
    agent: Person | None = None
    is_escalated: bool = False
    reopens: int = 0
    returns_at: int | None = None

    def told(self, fate: str, merged_into: int | None) -> Ticket:
        """The whole ticket, up to the minute of the export."""
        self._begin(by=self._someone() if fate == "outbound" else self.requester)
        if fate in ("spam", "merged", "test"):
            self._discard(fate)
        elif fate == "outbound":
            self._reach_out()
        elif not self._met_by_bot():
            self._served()
        rating = self._rating() if fate in ("", "outbound") else None
        until = self.stage.until
        return Ticket(
            number=self.number,
            requester=self.requester,
            channel=self.channel,
            category=self.category,
            events=tuple(event for event in sorted(self.events, key=lambda event: event.at) if event.at <= until),
            tags=self._tags(fate),
            rating=rating,
            exclusion=fate if fate in ("spam", "merged", "test") else None,
            merged_into=merged_into if fate == "merged" else None,
        )

    # --- what can happen ---------------------------------------------------------------------------------------------

    def _add(self, at: int, kind: Kind, by: Person, *, value: str | None = None, old: str | None = None) -> None:
        self.events.append(Event(at=at, kind=kind, by=by, value=value, old=old))

    def _says(self, at: int, by: Person, *, public: bool = True) -> None:
        self.events.append(Event(at=at, kind="message", by=by, public=public))

    def _becomes(self, at: int, status: str, by: Person) -> None:
        if status != self.status:
            self._add(at, "status", by, value=status, old=self.status)
            self.status = status

    def _given_to(self, at: int, agent: Person, by: Person) -> None:
        if agent != self.agent:
            self._add(at, "assignee", by, value=agent.name, old=self.agent.name if self.agent else None)
            self.agent = agent

    def _begin(self, by: Person) -> None:
        dice, system = self.stage.dice, self.stage.system
        self.priority = dice.one_of(habits.VIP_PRIORITIES if self.requester.is_vip else habits.PRIORITIES)
        self._add(self.created, "created", by)
        self._says(self.created, by)
        self._add(self.created, "status", system, value="new")
        self._add(self.created, "priority", system, value=self.priority)
        self._add(self.created, "group", system, value=self.stage.groups[0])
        self._add(self.created, "level", system, value="1")

    def _someone(self) -> Person:
        return self.stage.dice.pick(self.stage.lines[1 if self.is_escalated else 0])

    # --- ways through ------------------------------------------------------------------------------------------------

    def _discard(self, fate: str) -> None:
        agent = self._someone()
        at = self.stage.hours.after(self.created, self.stage.dice.minutes(50))
        if fate != "spam":
            self._given_to(at, agent, agent)
            self._says(at, agent, public=False)
        self._becomes(at, "deleted" if fate == "spam" else "closed", agent)

    def _reach_out(self) -> None:
        agent = self.events[0].by
        self._given_to(self.created, agent, agent)
        self._becomes(self.created, "pending", agent)
        self._converse(self.created, int(self.stage.dice.one_of({"1": 0.7, "2": 0.3})))

    def _met_by_bot(self) -> bool:
        """What the bot does; whether that was all that was done."""
        dice, bot = self.stage.dice, self.stage.bot
        if self.channel not in habits.LIVE:
            if self.channel != "phone" and dice.chance(habits.AUTO_REPLY):
                self._says(self.created + 1, bot)
            return False
        if not dice.chance(habits.BOT_MEETS):
            return False
        self._says(self.created + 1, bot)
        if not dice.chance(habits.BOT_SOLVES):
            self._add(self.created + 1, "handoff", bot, value=self.stage.groups[0])
            return False
        self._becomes(self.created + 6, "solved", bot)
        self._closed(self.created + 6)
        return True

    def _served(self) -> None:
        dice, hours = self.stage.dice, self.stage.hours
        is_night = self.channel in habits.LIVE and not hours.is_open(self.created)
        if is_night and dice.chance(habits.LEFT_AT_NIGHT):
            self._becomes(self.created + habits.SILENCE, "solved", self.stage.system)
            self._closed(self.created + habits.SILENCE)
            return
        agent = self._someone()
        median = habits.LIVE_ANSWER.get(self.channel, habits.FIRST_ANSWER[self.priority])
        hurry = (habits.FASTER if self._is_late else 1.0) * (0.5 if self.requester.is_vip else 1.0) * _pace(agent)
        wait = dice.minutes(median * hurry)
        taken, answered = hours.after(self.created, max(1, wait // 2)), hours.after(self.created, wait)
        self._given_to(taken, agent, agent)
        self._becomes(taken, "open", agent)
        if dice.chance(habits.NOTE):
            self._says(taken, agent, public=False)
        rounds = int(dice.one_of(habits.TOPICS[self.category].rounds))
        if self._is_late and rounds == 0 and dice.chance(habits.EMPTY):
            rounds = 1
        self._says(answered, agent)
        self._converse(answered, 0 if agent.number == habits.HASTY and dice.chance(0.85) else rounds)

    def _converse(self, at: int, rounds: int) -> None:
        """Question and answer after a reply that was given at ``at``, so many times, then the solution."""
        dice = self.stage.dice
        for _ in range(rounds):
            self._becomes(at, "pending", self._agent)
            if dice.chance(habits.SILENT):
                self._becomes(at + habits.SILENCE, "solved", self.stage.system)
                self._closed(at + habits.SILENCE)
                return
            asked = self._later(at, habits.ANSWER_OF_CUSTOMER)
            at = self._answered(asked)
        self._becomes(at, "solved", self._agent)
        self._afterwards(at)

    def _answered(self, asked: int) -> int:
        """The customer writes and an agent answers, when; on the way it may be passed on, up or out."""
        dice, hours = self.stage.dice, self.stage.hours
        topic = habits.TOPICS[self.category]
        self._says(asked, self.requester)
        self._becomes(asked, "open", self.requester)
        at = asked
        if not self.is_escalated and dice.chance(topic.escalated * 1.5):
            at = self._escalated(hours.after(at, dice.minutes(45)))
        elif dice.chance(habits.REASSIGNED):
            at = hours.after(at, dice.minutes(30))
            self._given_to(at, self._someone(), self._agent)
        if dice.chance(topic.held):
            at = hours.after(at, dice.minutes(30))
            self._says(at, self._agent, public=False)
            self._becomes(at, "hold", self._agent)
            at = hours.after(at, dice.minutes(600))
            self._becomes(at, "open", self._agent)
        pace = (habits.SLOWER if self._is_late else 1.0) * _pace(self._agent)
        answered = hours.after(at, dice.minutes(topic.work * pace))
        if answered - asked > 1440 and dice.chance(habits.NUDGE):
            self._says((asked + answered) // 2, self.requester)
        self._says(answered, self._agent)
        return answered

    def _escalated(self, at: int) -> int:
        first, second = self.stage.groups
        by = self._agent
        self.is_escalated = True
        self._says(at, by, public=False)
        self._add(at, "group", by, value=second, old=first)
        self._add(at, "level", by, value="2", old="1")
        if self.priority in ("low", "normal") and self.stage.dice.chance(0.4):
            self._add(at, "priority", by, value="high", old=self.priority)
            self.priority = "high"
        self._given_to(at, self._someone(), by)
        return at

    def _afterwards(self, at: int) -> None:
        """After a solution: thanks, a reopening, another ticket, the closing."""
        dice, topic = self.stage.dice, habits.TOPICS[self.category]
        hasty = 7.0 if self._agent.number == habits.HASTY else 1.0
        if self.reopens < 2 and dice.chance(topic.reopened * hasty):
            self.reopens += 1
            asked = self._later(at, habits.RETURN_OF_CUSTOMER)
            if asked < at + habits.CLOSING:
                answered = self._answered(asked)
                self._becomes(answered, "solved", self._agent)
                self._afterwards(answered)
                return
        if dice.chance(habits.THANKS):
            self._says(self._later(at, 60), self.requester)
        if dice.chance(min(0.5, topic.returns * (4.0 if hasty > 1 and self.category != habits.RETURNING else 1.0))):
            self.returns_at = self._later(at, 1.8 * 1440)
        self._closed(at)

    def _closed(self, at: int) -> None:
        self._becomes(at + habits.CLOSING, "closed", self.stage.system)

    # --- what follows from it ----------------------------------------------------------------------------------------

    @property
    def _agent(self) -> Person:
        return self.agent if self.agent is not None else self.stage.system

    @property
    def _is_late(self) -> bool:
        return self.created >= self.stage.turn

    def _later(self, at: int, median: float) -> int:
        """When a customer comes back to it: after a while, and rarely in the small hours."""
        when = at + self.stage.dice.minutes(median)
        hour = self.stage.hours.local(when).hour
        return when + 60 * max(0, _MORNING - hour)

    def _tags(self, fate: str) -> tuple[str, ...]:
        marks = {"merged": "closed_by_merge", "spam": "spam", "test": "test"}
        return (self.category, *(("vip",) if self.requester.is_vip else ()), *((marks[fate],) if fate in marks else ()))

    def _rating(self) -> str | None:
        """What the survey brought: asked a day after the solution, answered sooner by the angry."""
        dice, stage = self.stage.dice, self.stage
        solves = [event.at for event in self.events if event.kind == "status" and event.value == "solved"]
        asked = dice.chance(habits.OFFERED)
        if not solves or solves[-1] + 1440 > stage.until:
            return None
        if not asked:
            return "unoffered"
        solved = stage.hours.local(solves[-1])
        is_quiet = (solved.year, solved.month) == habits.QUIET_MONTH
        is_content = dice.chance(0.97 if is_quiet else self._contentment(solves[-1] - self.created))
        share = (habits.ANSWERED if is_content else habits.ANSWERED_ANGRY) * (habits.QUIET if is_quiet else 1.0)
        return "offered" if not dice.chance(share) else "good" if is_content else "bad"

    def _contentment(self, took: int) -> float:
        share = habits.GOOD - habits.REOPEN_COST * min(1, self.reopens) - habits.VIP_COST * self.requester.is_vip
        slow = habits.SLOWER_COST if took > habits.SLOWER_AFTER else habits.SLOW_COST if took > habits.SLOW_AFTER else 0
        return share - slow


def _pace(agent: Person) -> float:
    return habits.HASTE if agent.number == habits.HASTY else 1.0

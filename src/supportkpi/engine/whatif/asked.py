"""What ``whatif`` is asked in words: other limits, a row of limits, a share to reach."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from supportkpi.errors import OptionWrong, TargetWrong
from supportkpi.sla import TIMED, Limit, Rule, Sla, Timed, Version, limit
from supportkpi.texts import meant

STEPS = (
    *("5m", "10m", "15m", "20m", "30m"),
    *("1h", "2h", "4h", "8h", "24h"),
)
"""The limits of a sweep that names none (method 7.2)."""
_SHARE = re.compile(r"(?:(?P<target>[^=]+?)\s*=\s*)?(?P<number>\d+(?:[.,]\d+)?)\s*%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A share of the clocks of a target; of all targets where ``target`` is None."""

    share: float
    target: Timed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Limits of one rule and target, in order, and the one that it has."""

    rule: str
    target: Timed
    limits: tuple[Limit, ...]
    present: Limit


def changed(sla: Sla, texts: Sequence[str]) -> Sla:
    """The agreement with other limits: ``high.first_response=45m``, or ``first_response=45m`` for all that have one.

    Raises:
        OptionWrong: a text is no RULE.TARGET=TIME, or names no rule or target.
    """
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise OptionWrong(f'--set "{text}" is not RULE.TARGET=TIME', hint=f"write --set {_example(sla)}=45m")
        rule, timed = _named(sla, key, option="--set")
        if rule is None and timed not in sla.timed():
            raise OptionWrong(
                f'--set "{text}": no rule sets a limit for {timed}',
                hint=f"name the rule that gets one: {sla.rules()[0]}.{timed}={value.strip()}",
            )
        sla = with_limit(sla, rule, timed, _limit(value, option="--set"))
    return sla


def with_limit(sla: Sla, rule: str | None, timed: Timed, other: Limit) -> Sla:
    """The agreement with one limit of one rule changed in all its versions; without a rule of all that have one."""
    versions = tuple(_limited(version, rule, timed, other) for version in sla.versions)
    return replace(sla, versions=versions)


def _limited(version: Version, rule: str | None, timed: Timed, other: Limit) -> Version:
    def mine(each: Rule) -> bool:
        return timed in each.limits if rule is None else each.name == rule

    rules = tuple(replace(each, limits={**each.limits, timed: other}) if mine(each) else each for each in version.rules)
    return replace(version, rules=rules)


def row_of(sla: Sla, text: str) -> Row:
    """The limits of ``high.first_response=15m,30m,1h``; those of STEPS where none are named.

    Raises:
        OptionWrong: it names no rule, no target, or a rule without that target.
    """
    key, equals, values = text.partition("=")
    rule, timed = _named(sla, key, option="--sweep")
    having = [each.name for version in sla.versions for each in version.rules if timed in each.limits]
    names = list(dict.fromkeys(having))
    if rule is None:
        if not names:
            raise OptionWrong(f"no rule sets a limit for {timed}", hint=f"there are limits for {_list(sla.timed())}")
        if len(names) != 1:
            raise OptionWrong(
                f'--sweep "{text}" does not say of which rule',
                hint=f"write {names[0]}.{timed}; rules are {_list(names)}",
            )
        rule = names[0]
    if rule not in names:
        hint = f"rules with {timed}: {_list(names)}" if names else f"no rule has {timed}"
        raise OptionWrong(f'rule "{rule}" sets no limit for {timed}', hint=hint)
    given = [part for part in values.split(",") if part.strip()] if equals else list(STEPS)
    if not given:
        raise OptionWrong(f'--sweep "{text}" names no limit', hint=f"write --sweep {rule}.{timed}=15m,30m,1h")
    limits = [_limit(part, option="--sweep") for part in given]
    present = next(
        each.limits[timed]
        for version in reversed(sla.versions)
        for each in version.rules
        if each.name == rule and timed in each.limits
    )
    return Row(rule=rule, target=timed, limits=_in_order(limits, present), present=present)


def _in_order(limits: Sequence[Limit], present: Limit) -> tuple[Limit, ...]:
    """Each limit once, from the shortest, the present one among them; working days behind those in time."""
    distinct = {(each.seconds, each.days, each.deadline): each for each in (*limits, present)}
    return tuple(sorted(distinct.values(), key=lambda each: (each.seconds is None, each.seconds or 0.0, each.days)))


def wanted(sla: Sla, text: str) -> Wanted:
    """The share of ``95%`` or ``first_response=95%``.

    Raises:
        OptionWrong: it is no such share, or no rule limits the target.
    """
    found = _SHARE.fullmatch(text.strip())
    share = float(found["number"].replace(",", ".")) / 100 if found else 0.0
    if found is None or not 0 < share < 1:
        raise OptionWrong(f'--solve "{text}" is no share of clocks', hint="write --solve 95% or first_response=95%")
    if found["target"] is None:
        return Wanted(share=share)
    timed = _target(found["target"], option="--solve")
    if timed not in sla.timed():
        raise OptionWrong(f"no rule sets a limit for {timed}", hint=f"there are limits for {_list(sla.timed())}")
    return Wanted(share=share, target=timed)


def _named(sla: Sla, key: str, *, option: str) -> tuple[str | None, Timed]:
    """Rule and target of ``high.first_response``; no rule in ``first_response``."""
    rule, dot, target = key.strip().rpartition(".")
    timed = _target(target, option=option, rules=sla.rules())
    if not dot:
        return None, timed
    known: Mapping[str, str] = {name.casefold(): name for name in sla.rules()}
    found = known.get(rule.strip().casefold())
    if found is None:
        hint = meant(rule, sla.rules()) or f"rules are {_list(sla.rules())}"
        raise OptionWrong(f'{option}: no rule is called "{rule}"', hint=hint)
    return found, timed


def _target(text: str, *, option: str, rules: Sequence[str] = ()) -> Timed:
    plain = text.strip().casefold()
    for name in TIMED:
        if name == plain:
            return name
    hint = meant(plain, TIMED) or f"targets are {', '.join(TIMED)}"
    if plain in {name.casefold() for name in rules}:
        hint = f"say which limit of it: {text.strip()}.first_response"
    raise OptionWrong(f'{option}: no target is called "{text.strip()}"', hint=hint)


def _limit(text: str, *, option: str) -> Limit:
    try:
        return limit(text)
    except TargetWrong as wrong:
        raise OptionWrong(f"{option}: {wrong.message}", hint=wrong.hint) from wrong


def _example(sla: Sla) -> str:
    rule = next(rule for version in reversed(sla.versions) for rule in version.rules)
    return f"{rule.name}.{next(iter(rule.limits))}"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)

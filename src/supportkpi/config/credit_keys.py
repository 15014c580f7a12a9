"""The keys of ``credits`` in ``supportkpi.yaml``: what a contract pays back when a month falls short (method 7.4)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from supportkpi import targets
from supportkpi.config.kinds import Keys
from supportkpi.decisions import Credits
from supportkpi.errors import ConfigValue, TargetWrong
from supportkpi.sla import Timed
from supportkpi.texts import in_place

_TIERS = 'shares met with shares paid back, such as {"95%": "0%", "90%": "5%"}'
_AMOUNT = "an amount such as EUR 1000"
_COMPARED = re.compile(r"\s*[<>=≤≥]")


def _amount(value: object) -> object:
    """Decimal and currency of ``EUR 1000``."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ConfigValue(f"{value!r} is no amount of money", hint="write EUR 1000")
    try:
        found = targets.parse("credits", str(value), unit="money", direction="lower")
    except TargetWrong as wrong:
        raise ConfigValue(f'"{value}" is no plain amount of money', hint="write EUR 1000") from wrong
    if found.value <= 0 or found.per is not None or _COMPARED.match(str(value)):
        raise ConfigValue(f'"{value}" is no plain amount of money', hint="write EUR 1000")
    return Decimal(repr(found.value)), found.currency


def _share(text: object) -> Decimal:
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", text) if isinstance(text, str) else None
    share = Decimal(found[1].replace(",", ".")) / 100 if found else Decimal(-1)
    if not 0 <= share <= 1:
        raise ConfigValue(f"{text!r} is no share", hint='write "95%"')
    return share


def _tiers(value: object) -> object:
    """(share met, share paid back) of a mapping, from the best share down."""
    if not isinstance(value, dict) or not value:
        raise ConfigValue("there is no tier", hint='write {"95%": "0%", "90%": "5%"}')
    return tuple(sorted(((_share(key), _share(paid)) for key, paid in value.items()), reverse=True))


def _rising(tiers: tuple[tuple[Decimal, Decimal], ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    paid = [share for _, share in tiers]
    if paid != sorted(paid):
        raise ConfigValue("less is met and less is paid back", hint='write {"95%": "0%", "90%": "5%"}')
    return tiers


Amount = Annotated[
    tuple[Decimal, str | None],
    BeforeValidator(in_place(_amount), json_schema_input_type=str | float),
    Field(description=_AMOUNT),
]
Tiers = Annotated[
    tuple[tuple[Decimal, Decimal], ...],
    BeforeValidator(in_place(_tiers), json_schema_input_type=dict[str, str]),
    AfterValidator(in_place(_rising)),
    Field(description=_TIERS),
]


class CreditKeys(Keys):
    """``credits``: base is what a month costs, tiers the share of it that is paid back."""

    base: Amount
    tiers: Tiers
    target: Timed | None = Field(default=None, description="the limit whose share counts, such as resolution")
    per_breach: Amount | None = Field(default=None, description="what each missed clock costs, such as EUR 20")
    cap: Amount | None = Field(default=None, description="the most that a month pays back, such as EUR 500")

    def credits(self) -> Credits:
        """What these keys say.

        Raises:
            ConfigValue: the amounts are in different currencies.
        """
        amount, currency = self.base
        each, of_each = self.per_breach or (None, currency)
        cap, of_cap = self.cap or (None, currency)
        for other in (of_each, of_cap):
            if other != currency:
                message = f"credits are in {currency or 'no currency'} and in {other or 'no currency'}"
                raise ConfigValue(message, hint="nothing is converted: write all amounts in one currency")
        return Credits(base=amount, currency=currency, tiers=self.tiers, target=self.target, per_breach=each, cap=cap)

"""Pure rules of approvals: which steps an amount needs, whose limit covers it, who is too close to decide."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """At ``step``, holders of ``role`` may decide amounts above ``above`` and up to ``up_to`` (None: any)."""

    step: int
    role: UUID
    above: Decimal = ZERO
    up_to: Decimal | None = None

    def asks_for(self, amount: Decimal | None) -> bool:
        """Whether an amount is large enough for this step to be taken at all."""
        return amount is None or amount > self.above

    def covers(self, amount: Decimal | None) -> bool:
        """Whether this role's word is enough for the amount, at this step."""
        return self.asks_for(amount) and (amount is None or self.up_to is None or amount <= self.up_to)


def steps(limits: Iterable[Limit], *, amount: Decimal | None) -> list[int]:
    """The steps an amount has to take, in order. Without any limit one step: whoever holds the permission."""
    every = list(limits)
    return sorted({limit.step for limit in every if limit.asks_for(amount)}) if every else [1]


def uncovered(limits: Iterable[Limit], *, amount: Decimal | None) -> list[int]:
    """Steps that an amount has to take and that no role's limit reaches."""
    every = list(limits)
    covered = {limit.step for limit in every if limit.covers(amount)}
    return [step for step in steps(every, amount=amount) if every and step not in covered]


def reaches(limits: Iterable[Limit], *, step: int, amount: Decimal | None, roles: Collection[UUID]) -> bool:
    """Whether somebody with these roles may decide this step of this amount."""
    every = list(limits)
    if not every:
        return True
    return any(limit.step == step and limit.role in roles and limit.covers(amount) for limit in every)


def too_close(people: Iterable[UUID], *, involved: Collection[UUID]) -> bool:
    """Whether who decides, or on whose authority, has asked for it or had a word in an earlier step of it."""
    return any(person in involved for person in people)


def digest(facts: Mapping[str, str], *, amount: Decimal | None) -> str:
    """What was asked for as one hash: every label and word, and the amount."""
    said = [sorted(facts.items()), None if amount is None else f"{amount:.2f}"]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()

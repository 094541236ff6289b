"""`{% load billing_words %}`: small words of the denial board."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django import template

from billing.selectors.denials import Card
from kit.status import Status
from kit.words import counted

register = template.Library()


@register.filter
def initials(name: str) -> str:
    """`KT` for Kevin Tran."""
    return "".join(part[0] for part in name.split()[:2]).upper()


@register.filter
def of(words: Mapping[uuid.UUID, str], key: uuid.UUID) -> str:
    """What a mapping says about a record."""
    return words.get(key, "")


@register.simple_tag
def left_badge(card: Card) -> Status:
    """`6 days left`, or `2 days late`, with the card's tone."""
    days = counted(abs(card.days_left), one="day", many="days")
    return Status(f"{days} late" if card.days_left < 0 else f"{days} left", card.tone or "muted")  # type: ignore[arg-type]

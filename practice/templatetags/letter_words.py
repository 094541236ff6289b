"""``{% letter_date sheet %}``: the day of a letter in its own language."""

from __future__ import annotations

from django import template

from practice.rules.letter_merge import long_date
from practice.selectors.letter_compose import Sheet

register = template.Library()


@register.simple_tag
def letter_date(sheet: Sheet) -> str:
    """`March 4, 2026`, or `4 de marzo de 2026`."""
    return long_date(sheet.day, language=sheet.language)

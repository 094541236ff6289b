"""Reminders and offers: which steps a visit has, how a time is said, what a reply means. Plain values only.

A message as we ship it (scheduling/data/letters) names the practice, the time and an address. Never the kind of
visit, the provider, the reason or the patient: texts and e-mails are read by others (45 CFR 164.530(c), reasonable
safeguards).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

LANGUAGES = ("en", "es")
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip
LEAD = re.compile(r"\W*(\w+)\s*(?:[,.!;:]|$)")
Step = TypeVar("Step")


def steps_for(steps: Iterable[Step], *, type_id: UUID) -> list[Step]:
    """The steps a visit of a kind has: its own where there are any, switched off or not, else the general ones."""
    every: list[Any] = list(steps)
    own = [each for each in every if each.type_id == type_id]
    return [each for each in own or every if each.type_id in (None, type_id) and each.is_active]


def language_of(wanted: str, *, own: str) -> str:
    """What a message is written in: as the step says, else the patient's language where we have words in it."""
    return next((each for each in (wanted, own) if each in LANGUAGES), "en")


def said_when(local: datetime, *, language: str, zone: bool = False) -> str:
    """ "Monday, March 9 at 10:40 AM", "lunes 9 de marzo a las 10:40 a. m.": by the clock the value carries.

    ``zone`` names that clock ("10:40 AM CDT"), for visits that are not at the site.
    """
    named = f" {local:%Z}" if zone else ""
    day, month = DAYS[language][local.weekday()], MONTHS[language][local.month - 1]
    hour, morning = local.hour % 12 or 12, local.hour < 12
    if language == "es":
        at = "a la" if hour == 1 else "a las"
        return f"{day} {local.day} de {month} {at} {hour}:{local:%M} {'a. m.' if morning else 'p. m.'}{named}"
    return f"{day}, {month} {local.day} at {hour}:{local:%M} {'AM' if morning else 'PM'}{named}"


def answer_of(text: str, *, yes: Collection[str], no: Collection[str]) -> bool | None:
    """True for a reply that confirms, False for one that declines, None for anything else.

    The first word decides when it stands alone or before a mark: "Yes, see you" confirms, "no idea where you are" is
    something else and for a person to read.
    """
    said = text.lower().replace("í", "i")
    lead = LEAD.match(said)
    heard = {"".join(sign for sign in said if sign.isalnum()), lead[1] if lead else ""}
    for words, meaning in ((yes, True), (no, False)):
        if heard & set(words):
            return meaning
    return None

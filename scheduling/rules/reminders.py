"""Reminders and offers: which steps a visit has, what a message says, what a reply means. Plain values only.

A message names the practice, the time and an address. Never the kind of visit, the provider, the reason or the patient:
texts and e-mails are read by others (45 CFR 164.530(c), reasonable safeguards).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
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
# By what a message is for and in which language. An offer says until when the time is kept.
TEXTS = {
    ("reminder", "en"): "{practice}: you have an appointment on {when}. {join}Confirm or change it: {link} "
    "Reply YES to confirm, NO if you cannot come, STOP for no more texts.",
    ("reminder", "es"): "{practice}: tiene una cita el {when}. {join}Confirme o cambie: {link} "
    "Responda SI para confirmar, NO si no puede venir, STOP para no recibir más mensajes.",
    ("offer", "en"): "{practice}: a time has opened on {when}. It is kept for you until {until}. "
    "Take it or decline: {link} Reply YES to take it, NO to decline, STOP for no more texts.",
    ("offer", "es"): "{practice}: se abrió una hora el {when}. La guardamos para usted hasta el {until}. "
    "Acéptela o rechácela: {link} Responda SI para aceptarla, NO si no la quiere, STOP para no recibir más "
    "mensajes.",
}
SUBJECTS = {
    ("reminder", "en"): "Your appointment at {practice}",
    ("reminder", "es"): "Su cita en {practice}",
    ("offer", "en"): "A time has opened at {practice}",
    ("offer", "es"): "Se abrió una hora en {practice}",
}
MAILS = {
    ("reminder", "en"): "You have an appointment at {practice} on {when}.\n\n"
    "{join}Please confirm it here, or ask for another time:\n{link}\n\n{call}{practice}\n",
    ("reminder", "es"): "Tiene una cita en {practice} el {when}.\n\n"
    "{join}Confírmela aquí o pida otra hora:\n{link}\n\n{call}{practice}\n",
    ("offer", "en"): "A time has opened at {practice} on {when}. It is kept for you until {until}.\n\n"
    "Take it here, or let somebody else have it:\n{link}\n\n{call}{practice}\n",
    (
        "offer",
        "es",
    ): "Se abrió una hora en {practice} el {when}. La guardamos para usted hasta el {until}.\n\n"
    "Acéptela aquí o déjela para otra persona:\n{link}\n\n{call}{practice}\n",
}
JOINS = {"en": "Join here: {}", "es": "Únase aquí: {}"}
CALLS = {"en": "Questions? Call {phone}.\n\n", "es": "¿Preguntas? Llame al {phone}.\n\n"}
LEAD = re.compile(r"\W*(\w+)\s*(?:[,.!;:]|$)")
Step = TypeVar("Step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out. ``subject`` is for e-mails only."""

    subject: str
    body: str


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


def text_of(*, language: str, join: str = "", until: str = "", **said: str) -> Message:
    """The words of a text: ``practice``, ``when``, ``link``.

    ``join``: where a visit by video takes place, '' for others; ``until``: the end of an offer, '' for a reminder.
    """
    where = f"{JOINS[language].format(join)} " if join else ""
    words = TEXTS["offer" if until else "reminder", language]
    return Message(subject="", body=words.format(join=where, until=until, **said))


def mail_of(*, language: str, phone: str, join: str = "", until: str = "", **said: str) -> Message:
    """The words of an e-mail; ``phone`` as people read it, '' when the site has none; else as ``text_of``."""
    where = f"{JOINS[language].format(join)}\n\n" if join else ""
    call = CALLS[language].format(phone=phone) if phone else ""
    kind = "offer" if until else "reminder"
    return Message(
        subject=SUBJECTS[kind, language].format(**said),
        body=MAILS[kind, language].format(call=call, join=where, until=until, **said),
    )


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

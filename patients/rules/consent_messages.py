"""What a message says that asks for a signature. Plain values only.

It names the practice, the last day and an address. Never the form or the patient: texts and e-mails are read by others
(45 CFR 164.530(c), reasonable safeguards).
"""

from __future__ import annotations

from dataclasses import dataclass

TEXTS = {
    "en": "{practice}: a form waits for your signature until {until}. You will be asked for the patient's date of "
    "birth: {link} Reply STOP for no more texts.",
    "es": "{practice}: un formulario espera su firma hasta el {until}. Se le pedirá la fecha de nacimiento del "
    "paciente: {link} Responda STOP para no recibir más mensajes.",
}
SUBJECTS = {
    "en": "A form of {practice} waits for your signature",
    "es": "Un formulario de {practice} espera su firma",
}
MAILS = {
    "en": "{practice} asks you to sign a form.\n\nRead and sign it here until {until}; you will be asked for the "
    "patient's date of birth:\n{link}\n\n{practice}\n",
    "es": "{practice} le pide que firme un formulario.\n\nLéalo y fírmelo aquí hasta el {until}; se le pedirá la fecha "
    "de nacimiento del paciente:\n{link}\n\n{practice}\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out. ``subject`` is for e-mails only."""

    subject: str
    body: str


def message_of(way: str, *, language: str, **said: str) -> Message:
    """The words of a ``text`` or an ``email``: ``practice``, ``until``, ``link``; English where we have no others."""
    spoken = language if language in TEXTS else "en"
    if way == "text":
        return Message(subject="", body=TEXTS[spoken].format(**said))
    return Message(subject=SUBJECTS[spoken].format(**said), body=MAILS[spoken].format(**said))

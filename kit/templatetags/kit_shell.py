"""`{% load kit_shell %}`: what only the shell's own templates need."""

from __future__ import annotations

from typing import Final

from django import template
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from kit.status import Tone

register = template.Library()

_TONES: Final[dict[int, Tone]] = {
    constants.SUCCESS: "ok",
    constants.WARNING: "warn",
    constants.ERROR: "bad",
}


@register.filter
def message_tone(message: Message) -> Tone:
    """The tone of a message after an act: saved is ok, a warning warns, anything else informs."""
    return _TONES.get(message.level, "info")

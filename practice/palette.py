"""What ⌘K can do from any page: log a message, take a phone message, write a letter."""

from __future__ import annotations

from typing import Any

from kit import links
from practice.permissions import PracticePermission

# What it is called, the name of its address, and who may.
ACTS = (
    ("Log a message", "kit:practice_message_create", PracticePermission.LOG_MESSAGE),
    ("Take a phone message", "kit:practice_phone_message_create", PracticePermission.TAKE_PHONE),
    ("Write a letter", "practice:letter_write", PracticePermission.SEND_LETTER),
)


def find(request: Any, *, text: str) -> list[dict[str, str]]:
    """The acts whose words hold what was typed; none before anything is."""
    wanted = text.lower()
    return [
        {"label": label, "hint": "Do", "url": links.to(request, name=name), "group": "Do"}
        for label, name, permission in ACTS
        if wanted and wanted in label.lower() and request.actor.may(permission)
    ]

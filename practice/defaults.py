"""What a new practice starts with in its own room: the shipped letters, and checklists to start."""

from __future__ import annotations

from practice.actor import Actor
from practice.services import checklist_starters, letter_starters


def install(*, actor: Actor) -> None:
    """Ship them as the practice's own, editable templates."""
    letter_starters.install(actor=actor)
    checklist_starters.install(actor=actor)

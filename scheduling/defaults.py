"""What a new practice starts with on its schedule: reasons to wait, for the flow board."""

from __future__ import annotations

from practice.actor import Actor
from scheduling.services import flow


def install(*, actor: Actor) -> None:
    """The practice's own, editable list. Installing twice changes nothing."""
    flow.install_reasons(actor=actor)

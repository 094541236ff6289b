"""What a new practice starts with in its books."""

from __future__ import annotations

from finance.services.accounts import install_chart
from practice.actor import Actor


def install(*, actor: Actor) -> None:
    """The chart of accounts, as the practice's own, editable rows."""
    install_chart(actor=actor)

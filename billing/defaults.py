"""What a new practice starts with in billing: scrub rules and what adjustment codes mean."""

from __future__ import annotations

from billing.services import adjustment_catalogue, rules_catalogue
from practice.actor import Actor


def install(*, actor: Actor) -> None:
    """Ship the catalogues as the practice's own, editable rows."""
    rules_catalogue.install(actor=actor)
    adjustment_catalogue.install(actor=actor)

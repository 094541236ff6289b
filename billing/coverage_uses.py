"""What billing says about a coverage that somebody wants to correct."""

from __future__ import annotations

from billing.models import Claim
from billing.services.claims import OPEN
from patients.models import Coverage


def claims(coverage: Coverage) -> str:
    """Why the card cannot be corrected: a claim that has left was billed to it. '' when none was."""
    left = Claim.objects.filter(coverage=coverage).exclude(state__in=[*OPEN, Claim.State.VOIDED])
    first = left.order_by("service_date", "id").first()
    return f"{first} of {first.service_date:%m/%d/%Y} was billed to this card." if first else ""

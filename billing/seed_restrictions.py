"""Visits of the demo that patients keep from their plans: one in time, one after its claim had left."""

from __future__ import annotations

from billing.models import Claim
from billing.services import restrictions
from practice.story import Story

State = Claim.State


def seed(story: Story) -> None:
    """The newest claim that waits is held; the newest that has left is work for whoever answers for privacy."""
    for state, note in ((State.READY, "By card at the desk"), (State.SUBMITTED, "Sends a check")):
        found = Claim.objects.filter(state=state, patient__is_restricted=False).select_related("appointment")
        claim = found.order_by("-service_date", "-id").first()
        if claim is not None:
            restrictions.restrict(
                claim.appointment, asked_by=str(claim.patient), note=note, actor=story.actor
            )

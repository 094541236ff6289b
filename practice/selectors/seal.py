"""Where the seal of the audit trail stands. The app's role reads its own practice's chain only."""

from __future__ import annotations

from django.db import connection

from kit import clock
from practice.actor import Actor
from practice.models import AuditSeal, AuditVerification
from practice.permissions import PracticePermission
from practice.services import anchors


def seconds_behind(*, everywhere: bool = True) -> float:
    """Age in seconds of the oldest row that no batch holds yet; 0 when all are sealed.

    ``everywhere``: of all practices (the operator's figure); else of the practice that is set.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_oldest(%s)", [everywhere])
        oldest = cursor.fetchone()[0]
    return max(0.0, (clock.system_now() - oldest).total_seconds()) if oldest else 0.0


def batches(actor: Actor, *, below: int | None = None, size: int = 50) -> list[AuditSeal]:
    """One page of the practice's batches, newest first, from below a number on."""
    actor.require(PracticePermission.VIEW_AUDIT)
    found = AuditSeal.objects.filter(practice_id=actor.practice_id)
    if below is not None:
        found = found.filter(number__lt=below)
    return list(found.order_by("-number").prefetch_related("parts")[:size])


def verifications(actor: Actor, *, size: int = 10) -> list[AuditVerification]:
    """The newest checks of the practice's chain."""
    actor.require(PracticePermission.VIEW_AUDIT)
    return list(AuditVerification.objects.order_by("-created_at", "-id")[:size])


def anchored_number(slug: str) -> int:
    """The newest batch whose head stands outside the database; 0 for none."""
    return max((int(entry["number"]) for entry in anchors.newest(slug)), default=0)

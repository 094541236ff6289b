"""The read log: who saw whose data. Collected during a request, written in one go before the answer leaves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from practice.actor import Actor
from practice.models import AuditAccess, AuditAccessPatient
from practice.transactions import acting_in


def note_read(
    request: Any, *, what: str, patient_ids: Iterable[uuid.UUID] = (), action: str = "view"
) -> None:
    """Note that this request shows ``what`` (of these patients). Written by the middleware, or the answer is 500."""
    request.reads.append((AuditAccess.Action(action), what[:120], list(dict.fromkeys(patient_ids))))


def client_address(request: Any) -> str | None:
    """The peer's address; a proxy in front must set REMOTE_ADDR itself."""
    return request.META.get("REMOTE_ADDR") or None


def write_reads(request: Any, *, actor: Actor) -> None:
    """Write what was noted, in a second short transaction. Raises when it cannot: the log fails closed."""
    if not request.reads:
        return
    with acting_in(actor.practice_id, actor=actor):
        for action, what, patients in request.reads:
            access = AuditAccess.objects.create(
                practice_id=actor.practice_id,
                action=action,
                what=what,
                path=request.path[:300],
                address=client_address(request),
            )
            AuditAccessPatient.objects.bulk_create(
                AuditAccessPatient(practice_id=actor.practice_id, access=access, patient_id=patient)
                for patient in patients
            )


def write_refusal(request: Any, *, actor: Actor, what: str) -> None:
    """Log a refusal after the request's transaction was rolled back."""
    request.reads = [(AuditAccess.Action.REFUSED, what[:120], [])]
    write_reads(request, actor=actor)

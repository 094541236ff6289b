"""The read log: who saw whose data. Collected during a request, written in one go before the answer leaves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings

from kit import clock
from kit.ids import uuid7
from practice.actor import Actor
from practice.models import AuditAccess, AuditAccessPatient
from practice.transactions import at_once


def note_read(
    request: Any, *, what: str, patient_ids: Iterable[uuid.UUID] = (), action: str = "view"
) -> None:
    """Note that this request shows ``what`` (of these patients). Written by the middleware, or the answer is 500."""
    request.reads.append((AuditAccess.Action(action), what[:120], list(dict.fromkeys(patient_ids))))


def note_poll(request: Any, *, what: str, patient_ids: Iterable[uuid.UUID]) -> None:
    """The same for a page that reads itself again every few seconds: only patients whom it has not shown yet.

    Shown counts what this person's log holds under the same words within the twelve hours a session lasts, so the log
    neither fills with repetitions nor misses whoever appears later.
    """
    wanted = list(dict.fromkeys(patient_ids))
    logged = AuditAccessPatient.objects.filter(
        access__created_by=str(request.actor),
        access__what=what[:120],
        access__created_at__gte=clock.system_now() - timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS),
    )
    shown = set(logged.values_list("patient_id", flat=True)) if wanted else set()
    if fresh := [patient for patient in wanted if patient not in shown]:
        note_read(request, what=what, patient_ids=fresh)


def client_address(request: Any) -> str | None:
    """The peer's address; a proxy in front must set REMOTE_ADDR itself."""
    return request.META.get("REMOTE_ADDR") or None


# One statement for any number of views and patients: the log is written on every page, so it must cost little.
WRITE = """
WITH seen AS (
  INSERT INTO practice_auditaccess (id, practice_id, action, what, path, address)
  SELECT id, %(practice)s::uuid, action, what, %(path)s, %(address)s::inet
  FROM unnest(%(ids)s::uuid[], %(actions)s::text[], %(whats)s::text[]) AS given (id, action, what)
)
INSERT INTO practice_auditaccesspatient (practice_id, access_id, patient_id, grant_id)
SELECT %(practice)s::uuid, access_id, patient_id, grant_id
FROM unnest(%(accesses)s::uuid[], %(patients)s::uuid[], %(grants)s::uuid[]) AS shown (access_id, patient_id, grant_id)
"""


def write_reads(request: Any, *, actor: Actor) -> None:
    """Write what was noted, in a second short transaction. Raises when it cannot: the log fails closed."""
    if not request.reads:
        return
    ids = [str(uuid7()) for _ in request.reads]
    shown = [
        (key, str(patient), str(actor.opened[patient]) if patient in actor.opened else None)
        for key, (_, _, patients) in zip(ids, request.reads, strict=True)
        for patient in patients
    ]
    values = {
        # The address of a display or a public form is its secret: it stands in no log.
        "path": "" if actor.kind in ("display", "public_link") else request.path[:300],
        "address": client_address(request),
        "ids": ids,
        "actions": [str(action) for action, _, _ in request.reads],
        "whats": [what for _, what, _ in request.reads],
        "accesses": [key for key, _, _ in shown],
        "patients": [patient for _, patient, _ in shown],
        "grants": [grant for _, _, grant in shown],
    }
    at_once(WRITE, values, actor=actor)


def write_refusal(request: Any, *, actor: Actor, what: str) -> None:
    """Log a refusal after the request's transaction was rolled back; what the view itself noted as refused stays."""
    refused = [noted for noted in request.reads if noted[0] == AuditAccess.Action.REFUSED]
    request.reads = refused or [(AuditAccess.Action.REFUSED, what[:120], [])]
    write_reads(request, actor=actor)

"""Who saw one patient's record and to whom it was given out: the report that a patient may ask for."""

from __future__ import annotations

import uuid
from datetime import datetime
from itertools import chain
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kit import clock, sheets
from kit.errors import DomainError
from patients.selectors import patients as found
from patients.selectors.records_desk import released_from
from practice.audit import note_read
from practice.models import AuditAccess
from practice.permissions import PracticePermission
from practice.selectors import reads

PAGE = 50
MOST = 10_000
HEADERS = ("When", "Who", "Action", "What", "Address", "Break-glass")


@require_GET
def access_report(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Everybody who saw this patient, when and what; newest first."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_AUDIT)
    patient = found.get_patient(pk, actor=actor)
    rows, after = reads.page(actor, patient=patient.pk, after=_place(request), size=PAGE)
    note_read(request, what="Access report", patient_ids=[patient.pk])
    context = {
        "patient": patient,
        "rows": [(row, AuditAccess.Action(row.action).label.capitalize()) for row in rows],
        "next": f"{after[0].isoformat()}_{after[1]}" if after else "",
        "earlier": bool(request.GET.get("after")),
        "released": [] if request.GET.get("after") else released_from(patient, actor=actor),
        "now": clock.now(),
    }
    return render(request, "patients/access.html", context)


@require_GET
def access_sheet(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The same as a CSV, at most 10,000 entries. Asks for a fresh proof of identity."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_AUDIT)
    actor.require_fresh()
    patient = found.get_patient(pk, actor=actor)
    rows, more = reads.page(actor, patient=patient.pk, size=MOST)
    if more:
        raise DomainError(f"More than {MOST:,} entries: ask whoever operates Wellrun for the whole log.")
    note_read(request, what="Access report", patient_ids=[patient.pk], action="export")
    read = (
        [
            timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S %Z"),
            row.who,
            AuditAccess.Action(row.action).label,
            row.what,
            row.address,
            "Yes" if row.broke_glass else "",
        ]
        for row in rows
    )
    gone = (
        [
            f"{each.released_on:%Y-%m-%d}",
            each.recipient,
            "disclosed" if each.is_accounted else "released",
            f"{each.what} ({each.get_basis_display()})",
            each.recipient_address,
            "",
        ]
        for each in released_from(patient, actor=actor)
    )
    body = sheets.write_csv(headers=HEADERS, lines=chain(read, gone))
    response = HttpResponse(body, content_type=sheets.TYPES["csv"])
    name = f"access-{patient.mrn}-{clock.now():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _place(request: Any) -> tuple[datetime, uuid.UUID] | None:
    at, _, key = request.GET.get("after", "")[:100].partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, uuid.UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None

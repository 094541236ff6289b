"""The one thing about cases that no Resource does: put a visit on another case, from the visit's own page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kit.errors import DomainError
from kit.views import gate
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.selectors import cases as found
from patients.services import cases
from practice.audit import note_read
from practice.record_pages import page_of_record
from practice.selectors.records import find

VISIT = "scheduling.appointment"


@require_POST
@declines
def visit_case(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Put the visit on the case that was chosen, and go back to its page."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    visit = find(VISIT, pk=pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])

    def run() -> HttpResponse:
        case = named(request.POST.get("case", ""), actor=request.actor)
        cases.put_visit(visit, case=case, actor=request.actor)
        messages.success(request, f"The visit is for this case: {case}.")
        return redirect(page_of_record(request, record=visit))

    return gate.once(request, run=run)


def named(key: Any, *, actor: Any) -> Any:
    """The case a form or a client names, among those the actor may see. DomainError at "case" for any other."""
    try:
        case = found.visible_to(actor).filter(pk=uuid.UUID(str(key))).first()
    except ValueError:
        case = None
    if case is None:
        raise DomainError("Choose one of the patient's cases.", field="case")
    return case

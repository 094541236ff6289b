"""What the desk does with the links of a visit."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kit import links
from kit.errors import DomainError
from kit.views import gate
from practice.audit import note_read
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import get_appointment
from scheduling.services import visit_links


@require_POST
def close_links(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Shut every confirmation link of a visit."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])

    def run() -> HttpResponse:
        try:
            visit_links.close(visit, actor=request.actor)
        except DomainError as error:
            return gate.declined(request, error=error)
        messages.success(request, "The confirmation links of this visit open nothing any more.")
        return redirect(links.to(request, name="scheduling:visit", pk=visit.pk))

    return gate.once(request, run=run)

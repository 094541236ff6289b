"""The product's addresses and one more: the floor's probe, behind everything that guards a real page."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.urls import path

from bench import queries
from bench.floor.app import rows
from patients.permissions import PatientPermission
from practice.audit import note_read
from practice.urls import handler400, handler403, handler404, handler500
from practice.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def probe(request: Any) -> JsonResponse:
    """The same 25 patients: session, tenant, row security, permission and read log around the same query."""
    request.actor.require(PatientPermission.VIEW_PATIENT)
    found = rows(queries.PROBE, {"practice": str(request.practice.pk)})
    note_read(request, what="Bench", patient_ids=[row["id"] for row in found])
    return JsonResponse({"results": found})


urlpatterns = [path("p/<slug:practice>/bench/probe/", probe), *real]

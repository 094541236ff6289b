"""What ⌘K finds among claims: a control number, from its beginning."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from billing.selectors.claims import visible_to
from practice.audit import note_read


def find(request: Any, *, text: str) -> list[dict[str, str]]:
    """Up to five claims whose number begins as typed; none for a text without a digit."""
    if len(text) < 4 or not any(letter.isdigit() for letter in text):
        return []
    wanted = text.upper()
    claims = list(
        visible_to(request.actor)
        .filter(control_number__gte=wanted, control_number__lt=f"{wanted}\uffff")
        .select_related("patient", "payer")
        .order_by("control_number")[:5]
    )
    if claims:
        note_read(request, what="Find", patient_ids=[claim.patient_id for claim in claims], action="search")
    return [
        {
            "label": f"Claim {claim.control_number}",
            "hint": f"{claim.patient.name} · {claim.payer}",
            "url": reverse("billing:claim", kwargs={"practice": request.practice.slug, "pk": claim.pk}),
            "group": "Claims",
        }
        for claim in claims
    ]

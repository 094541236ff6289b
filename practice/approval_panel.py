"""On any record's page: what was asked about it that somebody else has to agree to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from practice.actor import Actor
from practice.models import ApprovalRequest
from practice.panels import Box, Panel
from practice.permissions import PracticePermission
from practice.selectors import approvals

ROWS = 5


def panel(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """The newest approvals of a record the actor may see; None when there are none."""
    if not actor.may(PracticePermission.VIEW_APPROVALS) or isinstance(record, ApprovalRequest):
        return None
    about = {"ref__kind": record._meta.label_lower, "ref__record_id": record.pk}
    if not ApprovalRequest.objects.filter(**about).exists():  # most records: one cheap question a page
        return None
    found = approvals.visible_to(actor).filter(**about)
    rows = [
        (row, reverse("practice:approval", kwargs={"practice": slug, "pk": row.pk}))
        for row in found.order_by("-number")[:ROWS]
    ]
    if not rows:
        return None
    return Panel(
        boxes=(Box(title="Approvals", template="practice/_approvals_box.html", context={"rows": rows}),)
    )

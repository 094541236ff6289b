"""REST endpoint of the patient ledger: entries as they were written, oldest first."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.models import LedgerEntry
from billing.permissions import BillingPermission
from billing.selectors import ledger as found
from kit.endpoint import Endpoint
from kit.paging import page_of
from kit.problem import Problem
from practice.audit import note_read


class LedgerEntryOut(serializers.ModelSerializer[LedgerEntry]):
    """An entry; ``amount`` above zero raises what ``payer`` (null: the patient) owes."""

    class Meta:
        model = LedgerEntry
        fields = (
            "id", "kind", "patient", "charge", "claim", "location", "payer", "amount", "service_date", "posted_on",
            "group_code", "reason_code", "method", "memo", "reverses", "source_kind", "source_key", "created_at",
            "created_by",
        )  # fmt: skip


class LedgerQuery(serializers.Serializer[Any]):
    """Query parameters of the list; entries are never changed, so ``updated_since`` is when they were written."""

    patient = serializers.UUIDField(required=False)
    claim = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=LedgerEntry.Kind.choices, required=False)
    posted_on_from = serializers.DateField(required=False)
    posted_on_to = serializers.DateField(required=False)
    updated_since = serializers.DateTimeField(required=False)


LOOKUPS = {
    "patient": "patient_id",
    "claim": "claim_id",
    "kind": "kind",
    "posted_on_from": "posted_on__gte",
    "posted_on_to": "posted_on__lte",
    "updated_since": "created_at__gte",
}


class LedgerEntries(Endpoint):
    """Entries of patient accounts."""

    query = LedgerQuery
    paged = True

    @extend_schema(
        operation_id="ledger_entries_list",
        tags=["billing"],
        responses={200: page_of("ledger_entries_page", row=LedgerEntryOut(many=True)), 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Ledger entries, oldest first."""
        self.actor.require(BillingPermission.VIEW_LEDGER)
        lookups = {LOOKUPS[name]: value for name, value in self.asked().items()}
        answer, rows = self.page(found.visible_to(self.actor).filter(**lookups), row=LedgerEntryOut)
        note_read(request._request, what="Ledger entries", patient_ids=[row.patient_id for row in rows])
        return answer

"""REST endpoints of remittances: the same selectors and services as the pages."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.models import Remittance, RemittanceClaim
from billing.permissions import BillingPermission
from billing.selectors import remittances as found
from billing.services import posting
from kit.endpoint import Endpoint
from kit.paging import page_of
from kit.problem import Problem
from practice.audit import note_read

REFUSED = {403: Problem, 404: Problem}


class RemittanceOut(serializers.ModelSerializer[Remittance]):
    """A payment; ``unapplied`` dollars belong to claims that wait for a decision."""

    class Meta:
        model = Remittance
        fields = (
            "id", "file", "position", "payer", "payer_name", "payer_identity", "trace_number", "amount", "method",
            "paid_on", "state", "problem", "unapplied", "posted_at", "posted_by", "updated_at",
        )  # fmt: skip


class RemittanceClaimOut(serializers.ModelSerializer[RemittanceClaim]):
    """A claim of a payment and which of ours it is."""

    class Meta:
        model = RemittanceClaim
        fields = (
            "id", "position", "claim", "match", "claim_reference", "payer_control_number", "status_code", "charge",
            "paid", "patient_share", "problem", "posted",
        )  # fmt: skip


class RemittanceDetail(RemittanceOut):
    """A payment with its claims."""

    claims = RemittanceClaimOut(many=True, read_only=True)

    class Meta(RemittanceOut.Meta):
        fields = (*RemittanceOut.Meta.fields, "claims")  # type: ignore[assignment]  # one more than its parent


class PostedOut(serializers.Serializer[Any]):
    """What a posting did."""

    claims = serializers.IntegerField()
    entries = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Claims that wait for a decision")
    already = serializers.BooleanField(
        help_text="True when it was posted before and nothing was left to post"
    )
    message = serializers.CharField()
    remittance = RemittanceOut()


class RemittanceQuery(serializers.Serializer[Any]):
    """Query parameters of the list."""

    state = serializers.ChoiceField(choices=Remittance.State.choices, required=False)
    payer = serializers.UUIDField(required=False)
    updated_since = serializers.DateTimeField(required=False)


class Remittances(Endpoint):
    """Payments received."""

    query = RemittanceQuery
    paged = True

    @extend_schema(
        operation_id="remittances_list",
        tags=["billing"],
        responses={200: page_of("remittances_page", row=RemittanceOut(many=True)), 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Payments, oldest first."""
        self.actor.require(BillingPermission.VIEW_REMITTANCE)
        lookups = {"state": "state", "payer": "payer_id", "updated_since": "updated_at__gte"}
        given = {lookups[name]: value for name, value in self.asked().items()}
        answer, _ = self.page(found.visible_to(self.actor).filter(**given), row=RemittanceOut)
        note_read(request._request, what="Remittances")
        return answer


class OneRemittance(Endpoint):
    """One payment."""

    @extend_schema(
        operation_id="remittances_retrieve", tags=["billing"], responses={200: RemittanceDetail, **REFUSED}
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A payment with its claims."""
        self.actor.require(BillingPermission.VIEW_REMITTANCE)
        row = found.get_remittance(pk, actor=self.actor)
        claims = list(row.claims.select_related("claim").order_by("position"))
        patients = [one.claim.patient_id for one in claims if one.claim]
        note_read(request._request, what=f"Remittance {row.trace_number}", patient_ids=patients)
        return Response(RemittanceDetail(row).data)


class PostRemittance(Endpoint):
    """Post a payment."""

    keyed = True

    @extend_schema(
        operation_id="remittances_post",
        tags=["billing"],
        request=None,
        responses={200: PostedOut, **REFUSED, 409: Problem, 422: Problem, 428: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Write the payment's ready claims to the ledger, once. Needs an Idempotency-Key."""
        self.actor.require(BillingPermission.POST_REMITTANCE)
        self.nothing()
        row = found.get_remittance(pk, actor=self.actor)
        return Response(PostedOut(posting.post(row, actor=self.actor)).data)

"""REST endpoints that no declaration says: many claims sent at once, the charges of one visit."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.models import Charge
from billing.permissions import BillingPermission
from billing.selectors import charges as charge_selectors
from billing.services import charges, submission
from billing.services.charges import ChargeLine
from kit.endpoint import Endpoint
from kit.problem import Problem
from practice.audit import note_read

REFUSED = {403: Problem, 404: Problem, 422: Problem}


class ChargeOut(serializers.ModelSerializer[Charge]):
    """A charge as read."""

    code = serializers.CharField(source="procedure.code")
    modifiers = serializers.ListField(child=serializers.CharField())
    diagnoses = serializers.SlugRelatedField(many=True, read_only=True, slug_field="code")  # type: ignore[var-annotated]

    class Meta:
        model = Charge
        fields = (
            "id", "appointment", "patient", "code", "modifiers", "units", "amount", "diagnoses", "service_date",
            "posted_on",
        )  # fmt: skip


class LineIn(serializers.Serializer[Any]):
    """One charge as written; without an amount it takes the practice's fee."""

    code = serializers.CharField(max_length=30)
    units = serializers.DecimalField(max_digits=8, decimal_places=2, default=Decimal(1))
    modifiers = serializers.ListField(child=serializers.CharField(max_length=2), max_length=4, default=list)
    diagnoses = serializers.ListField(child=serializers.CharField(max_length=20), max_length=12, default=list)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)


class ChargesIn(serializers.Serializer[Any]):
    """The charges of a visit."""

    lines = LineIn(many=True, allow_empty=False)


class SubmitIn(serializers.Serializer[Any]):
    """The claims to send."""

    claims = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class Submissions(Endpoint):
    """Sending claims."""

    keyed = True

    @extend_schema(
        operation_id="billing_claims_submit",
        tags=["billing"],
        request=SubmitIn,
        responses={
            201: inline_serializer(
                "claims_sent",
                {
                    "sent": serializers.IntegerField(),
                    "files": serializers.ListField(child=serializers.CharField()),
                    "held": serializers.ListField(child=serializers.UUIDField()),
                },
            ),
            **REFUSED,
        },
    )
    def post(self, request: Request) -> Response:
        """Send ready claims, one file per payer; what a rule holds now is named under ``held``."""
        self.actor.require(BillingPermission.SUBMIT_CLAIM)
        sent = submission.submit(self.read(SubmitIn)["claims"], actor=self.actor)
        files = [batch.file_name for batch in sent.batches]
        return Response(
            {"sent": sent.sent, "files": files, "held": [claim.pk for claim in sent.held]}, status=201
        )


class VisitCharges(Endpoint):
    """Charges of a visit."""

    @extend_schema(
        operation_id="billing_visit_charges_list",
        tags=["billing"],
        responses={200: ChargeOut(many=True), 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What was charged for a visit."""
        self.actor.require(BillingPermission.VIEW_CHARGE)
        visit = charge_selectors.get_visit(pk, actor=self.actor)
        note_read(request._request, what="Charges", patient_ids=[visit.patient_id])
        return Response(ChargeOut(charge_selectors.of_visit(visit), many=True).data)

    @extend_schema(
        operation_id="billing_visit_charges_capture",
        tags=["billing"],
        request=ChargesIn,
        responses={201: ChargeOut(many=True), **REFUSED},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Enter charges of a visit that took place. Send an Idempotency-Key, so that a repeat charges once."""
        self.actor.require(BillingPermission.CAPTURE_CHARGE)
        visit = charge_selectors.get_visit(pk, actor=self.actor)
        lines = [_line(values) for values in self.read(ChargesIn)["lines"]]
        made = charges.capture(visit, lines=lines, actor=self.actor)
        return Response(ChargeOut(made, many=True).data, status=201)


def _line(values: dict[str, Any]) -> ChargeLine:
    return ChargeLine(
        code=values["code"],
        units=values["units"],
        modifiers=tuple(values["modifiers"]),
        diagnoses=tuple(values["diagnoses"]),
        amount=values.get("amount"),
    )

"""Money on account over REST; payments themselves are a Resource."""

from __future__ import annotations

import uuid

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.permissions import BillingPermission
from billing.services import payments
from kit.endpoint import Endpoint
from kit.problem import Problem
from patients.selectors.patients import get_patient
from practice.audit import note_read


class ApplyMoney(Endpoint):
    """Money on a patient's account."""

    keyed = True

    @extend_schema(
        operation_id="billing_account_apply",
        tags=["billing"],
        request=None,
        responses={
            200: inline_serializer(
                "money_applied", {"applied": serializers.DecimalField(max_digits=12, decimal_places=2)}
            ),
            403: Problem,
            404: Problem,
        },
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Put it to what the patient owes, oldest first; says how many dollars found a charge."""
        self.actor.require(BillingPermission.TAKE_PAYMENT)
        self.nothing()
        patient = get_patient(pk, actor=self.actor)
        note_read(request._request, what="Patient account", patient_ids=[patient.pk])
        return Response({"applied": str(payments.apply(patient, actor=self.actor))})

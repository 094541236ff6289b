"""Keep a visit from a plan, over REST; the list and undoing it are a Resource."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.models import PlanRestriction
from billing.permissions import BillingPermission
from billing.selectors import restrictions as found
from billing.services import restrictions
from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.problem import Problem
from practice.audit import note_read
from practice.models import Payer
from practice.selectors.records import find

VISIT = "scheduling.appointment"


class RestrictionOut(serializers.ModelSerializer[PlanRestriction]):
    """A restriction as read."""

    class Meta:
        model = PlanRestriction
        fields = ("id", "appointment", "payer", "asked_by", "asked_on", "note", "lifted_on", "lifted_reason")


class RestrictionIn(serializers.Serializer[Any]):
    """Who asks; without a plan none is told."""

    payer = serializers.UUIDField(required=False, allow_null=True)
    asked_by = serializers.CharField(max_length=120)
    asked_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class VisitRestrictions(Endpoint):
    """What a visit is kept from."""

    @extend_schema(
        operation_id="visit_restrictions_list",
        tags=["billing"],
        responses={200: RestrictionOut(many=True), 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Every restriction of the visit, those in force first."""
        self.actor.require(BillingPermission.VIEW_RESTRICTION)
        visit = find(VISIT, pk=pk, actor=self.actor)
        note_read(request._request, what="Visit", patient_ids=[visit.patient_id])
        return Response(RestrictionOut(found.of_visit(visit), many=True).data)

    @extend_schema(
        operation_id="visit_restrictions_add",
        tags=["billing"],
        request=RestrictionIn,
        responses={201: RestrictionOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Keep the visit from a plan: unsent claims are held, the patient owes the charges."""
        self.actor.require(BillingPermission.RESTRICT_DISCLOSURE)
        visit = find(VISIT, pk=pk, actor=self.actor)
        values = self.read(RestrictionIn)
        if key := values.pop("payer", None):
            values["payer"] = Payer.objects.filter(practice_id=self.actor.practice_id, pk=key).first()
            if values["payer"] is None:
                raise DomainError("There is no such payer.", field="payer")
        note_read(request._request, what="Visit", patient_ids=[visit.patient_id])
        made = restrictions.restrict(visit, actor=self.actor, **values)
        return Response(RestrictionOut(made).data, status=201)

"""Which case a visit belongs to, over REST; cases, coverage, self-pay and questionnaires are Resources."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.problem import Problem
from patients.case_views import VISIT, named
from patients.permissions import PatientPermission
from patients.selectors import cases as found
from patients.selectors import coverages, medicare
from patients.services import cases
from practice.audit import note_read
from practice.selectors.records import find


class CaseIn(serializers.Serializer[Any]):
    """The case to put a visit on."""

    case = serializers.UUIDField()


class WhoPaysOut(serializers.Serializer[Any]):
    """Who pays a visit: its case (null: the medical one), the coverages in billing order, Medicare's place in words."""

    case = serializers.UUIDField(allow_null=True)
    self_pay = serializers.BooleanField()
    coverages = serializers.ListField(child=serializers.UUIDField())
    medicare = serializers.CharField(allow_blank=True)
    medicare_warns = serializers.BooleanField()


class CaseOfVisit(Endpoint):
    """The case of a visit."""

    @extend_schema(
        operation_id="visit_case_retrieve",
        tags=["patients"],
        responses={200: WhoPaysOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Who pays this visit, by its case on its day."""
        self.actor.require(PatientPermission.VIEW_PATIENT)
        return self._answer(request, visit=find(VISIT, pk=pk, actor=self.actor))

    @extend_schema(
        operation_id="visit_case_change",
        tags=["patients"],
        request=CaseIn,
        responses={200: WhoPaysOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Put the visit on another case of its patient; unsent claims follow."""
        self.actor.require(PatientPermission.CHANGE_PATIENT)
        visit = find(VISIT, pk=pk, actor=self.actor)
        case = named(self.read(CaseIn)["case"], actor=self.actor)
        cases.put_visit(visit, case=case, actor=self.actor)
        return self._answer(request, visit=visit)

    def _answer(self, request: Request, *, visit: Any) -> Response:
        note_read(request._request, what="Visit", patient_ids=[visit.patient_id])
        case = found.case_of_visit(visit.pk)
        day, patient = visit.local_day, visit.patient
        order = medicare.order_on(patient, day=day, case=case)
        told = {
            "case": case.pk if case else None,
            "self_pay": coverages.pays_alone(patient, day=day, case=case),
            "coverages": [each.pk for each in coverages.coverages_on(patient, day=day, case=case)],
            "medicare": order.words if order else "",
            "medicare_warns": bool(order and order.warn),
        }
        return Response(WhoPaysOut(told).data)

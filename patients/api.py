"""Coverage and social security number below a patient's address; patients and coverage themselves are Resources."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.problem import Problem
from patients.models import Coverage
from patients.permissions import PatientPermission
from patients.selectors import cases
from patients.selectors import coverages as covered
from patients.selectors import patients as found
from patients.services import contact, coverages, ssn
from practice.audit import note_read
from practice.models import Payer

REFUSED = {403: Problem, 404: Problem, 422: Problem}


class CoverageOut(serializers.ModelSerializer[Coverage]):
    """A coverage as read."""

    class Meta:
        model = Coverage
        fields = (
            "id", "patient", "case", "payer", "plan_name", "priority", "member_id", "group_number",
            "relationship", "subscriber_first_name", "subscriber_last_name", "subscriber_birth_date", "starts_on",
            "ends_on", "copay",
        )  # fmt: skip


class CoverageIn(serializers.Serializer[Any]):
    """A coverage as written."""

    payer = serializers.UUIDField()
    case = serializers.UUIDField(
        required=False, allow_null=True, help_text="The medical case, when there is none"
    )
    plan_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    member_id = serializers.CharField(max_length=80)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    priority = serializers.IntegerField(required=False, min_value=1, max_value=3)
    group_number = serializers.CharField(max_length=50, required=False, allow_blank=True)
    relationship = serializers.ChoiceField(choices=Coverage.Relationship.choices, required=False)
    subscriber_first_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    subscriber_last_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    subscriber_birth_date = serializers.DateField(required=False, allow_null=True)
    copay = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)


class PatientCoverages(Endpoint):
    """The coverage of a patient."""

    @extend_schema(
        operation_id="patients_coverages_list",
        tags=["patients"],
        responses={200: CoverageOut(many=True), 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """All coverage, in billing order."""
        self.actor.require(PatientPermission.VIEW_PATIENT)
        patient = found.get_patient(pk, actor=self.actor)
        note_read(request._request, what="Coverage", patient_ids=[patient.pk])
        return Response(CoverageOut(covered.coverages_of(patient, actor=self.actor), many=True).data)

    @extend_schema(
        operation_id="patients_coverages_add",
        tags=["patients"],
        request=CoverageIn,
        responses={201: CoverageOut, **REFUSED, 409: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Add a coverage."""
        self.actor.require(PatientPermission.CHANGE_PATIENT)
        patient = found.get_patient(pk, actor=self.actor)
        values = self.read(CoverageIn)
        payer = Payer.objects.filter(practice_id=self.actor.practice_id, pk=values.pop("payer")).first()
        if payer is None:
            raise DomainError("There is no such payer.", field="payer")
        if key := values.pop("case", None):
            values["case"] = cases.visible_to(self.actor).filter(pk=key, patient=patient).first()
            if values["case"] is None:
                raise DomainError("This patient has no such case.", field="case")
        coverage = coverages.add(patient, payer=payer, actor=self.actor, **values)
        note_read(request._request, what="Coverage", patient_ids=[patient.pk])
        return Response(CoverageOut(coverage).data, status=201)


class ReplyIn(serializers.Serializer[Any]):
    """A reply that a text gateway has taken."""

    phone = serializers.CharField(max_length=30)
    words = serializers.CharField(max_length=500, trim_whitespace=False)


class ReplyOut(serializers.Serializer[Any]):
    """For how many patients it changed something."""

    kept = serializers.IntegerField()


class ContactReplies(Endpoint):
    """Replies of patients to texts."""

    @extend_schema(
        operation_id="contact_replies_take",
        tags=["patients"],
        request=ReplyIn,
        responses={200: ReplyOut, 403: Problem, 422: Problem},
    )
    def post(self, request: Request) -> Response:
        """Take one: words such as STOP take the consent to texts back for everybody with that number."""
        given = self.read(ReplyIn)
        return Response({"kept": contact.take_reply(actor=self.actor, **given)})


class SsnOut(serializers.Serializer[Any]):
    """The whole number."""

    ssn = serializers.CharField()


class PatientSsn(Endpoint):
    """The social security number of a patient."""

    @extend_schema(
        operation_id="patients_ssn_reveal",
        tags=["patients"],
        request=None,
        responses={200: SsnOut, 403: Problem, 404: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Reveal it; empty when none is on file. The look stands in the read log."""
        self.nothing()
        patient = found.get_patient(pk, actor=self.actor)
        number = ssn.reveal(patient, actor=self.actor)
        note_read(request._request, what="Social security number", patient_ids=[patient.pk])
        return Response({"ssn": number})

"""REST endpoints of patients and coverage: the same selectors and services as the pages."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit import etags
from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.paging import page_of
from kit.problem import Problem
from patients.models import Coverage, Patient
from patients.permissions import PatientPermission
from patients.selectors import coverages as covered
from patients.selectors import patients as found
from patients.services import coverages, patients
from practice.audit import note_read
from practice.models import Payer
from staff.models import Provider

REFUSED = {403: Problem, 404: Problem, 422: Problem}


class PatientOut(serializers.ModelSerializer[Patient]):
    """A patient as read."""

    class Meta:
        model = Patient
        fields = (
            "id", "mrn", "first_name", "last_name", "birth_date", "sex", "phone", "email", "address_line", "city",
            "state", "postal_code", "usual_provider", "deceased_on", "is_restricted", "updated_at",
        )  # fmt: skip


class PatientIn(serializers.Serializer[Any]):
    """A patient as written; telephone numbers in any form."""

    first_name = serializers.CharField(max_length=60)
    last_name = serializers.CharField(max_length=60)
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=Patient.Sex.choices, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    address_line = serializers.CharField(max_length=120, required=False, allow_blank=True)
    city = serializers.CharField(max_length=60, required=False, allow_blank=True)
    state = serializers.CharField(max_length=2, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=10, required=False, allow_blank=True)
    usual_provider = serializers.UUIDField(required=False, allow_null=True)
    deceased_on = serializers.DateField(required=False, allow_null=True)


class CoverageOut(serializers.ModelSerializer[Coverage]):
    """A coverage as read."""

    class Meta:
        model = Coverage
        fields = (
            "id", "patient", "payer", "priority", "member_id", "group_number", "relationship",
            "subscriber_first_name", "subscriber_last_name", "subscriber_birth_date", "starts_on", "ends_on", "copay",
        )  # fmt: skip


class CoverageIn(serializers.Serializer[Any]):
    """A coverage as written."""

    payer = serializers.UUIDField()
    member_id = serializers.CharField(max_length=80)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    priority = serializers.IntegerField(required=False, min_value=1, max_value=9)
    group_number = serializers.CharField(max_length=50, required=False, allow_blank=True)
    relationship = serializers.ChoiceField(choices=Coverage.Relationship.choices, required=False)
    subscriber_first_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    subscriber_last_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    subscriber_birth_date = serializers.DateField(required=False, allow_null=True)
    copay = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)


class EndIn(serializers.Serializer[Any]):
    """The last day of a coverage."""

    ends_on = serializers.DateField()


class UpdatedSince(serializers.Serializer[Any]):
    """Query parameters of the list."""

    updated_since = serializers.DateTimeField(required=False, help_text="Only what changed at or after")
    q = serializers.CharField(
        required=False, max_length=100, help_text="Name starts, birth date or year, telephone, record number"
    )


def _provider(values: dict[str, Any], *, actor: Any) -> dict[str, Any]:
    """The provider an id stands for."""
    key = values.get("usual_provider")
    if key is not None:
        provider = Provider.objects.filter(practice_id=actor.practice_id, pk=key).first()
        if provider is None:
            raise DomainError("There is no such provider.", field="usual_provider")
        values["usual_provider"] = provider
    return values


class Patients(Endpoint):
    """The list and registration."""

    query = UpdatedSince
    paged = True

    @extend_schema(
        operation_id="patients_list",
        tags=["patients"],
        responses={200: page_of("patients_page", row=PatientOut(many=True)), 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Patients oldest first; with ``q`` the first twenty that match, by name."""
        self.actor.require(PatientPermission.VIEW_PATIENT)
        asked = self.asked()
        rows: list[Patient]
        if "q" in asked:
            rows = list(found.find(asked["q"], actor=self.actor))
            answer = Response({"next": None, "previous": None, "results": PatientOut(rows, many=True).data})
        else:
            queryset = found.visible_to(self.actor)
            if since := asked.get("updated_since"):
                queryset = queryset.filter(updated_at__gte=since)
            answer, rows = self.page(queryset, row=PatientOut)
        action = "search" if "q" in asked else "view"
        note_read(request._request, what="Patients", patient_ids=[row.pk for row in rows], action=action)
        return answer

    @extend_schema(
        operation_id="patients_register",
        tags=["patients"],
        request=PatientIn,
        responses={201: PatientOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Register a patient."""
        self.actor.require(PatientPermission.CHANGE_PATIENT)
        values = _provider(self.read(PatientIn), actor=self.actor)
        patient = patients.register(actor=self.actor, **values)
        return Response(PatientOut(patient).data, status=201, headers={"ETag": etags.etag_of(patient)})


class OnePatient(Endpoint):
    """One patient."""

    @extend_schema(
        operation_id="patients_retrieve",
        tags=["patients"],
        responses={200: PatientOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A patient and its ETag."""
        self.actor.require(PatientPermission.VIEW_PATIENT)
        patient = found.get_patient(pk, actor=self.actor)
        note_read(request._request, what="Patient", patient_ids=[patient.pk])
        return Response(PatientOut(patient).data, headers={"ETag": etags.etag_of(patient)})

    @extend_schema(
        operation_id="patients_update",
        tags=["patients"],
        request=PatientIn(partial=True),
        responses={200: PatientOut, **REFUSED, 412: Problem},
    )
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """Change the given fields. Send If-Match so that no change of somebody else is lost."""
        self.actor.require(PatientPermission.CHANGE_PATIENT)
        patient = found.get_patient(pk, actor=self.actor)
        etags.check_match(request.headers.get("If-Match"), record=patient, required=False)
        values = _provider(self.read(PatientIn, partial=True), actor=self.actor)
        patient = patients.update(patient, actor=self.actor, **values)
        note_read(request._request, what="Patient", patient_ids=[patient.pk])
        return Response(PatientOut(patient).data, headers={"ETag": etags.etag_of(patient)})


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
        coverage = coverages.add(patient, payer=payer, actor=self.actor, **values)
        note_read(request._request, what="Coverage", patient_ids=[patient.pk])
        return Response(CoverageOut(coverage).data, status=201)


class EndCoverage(Endpoint):
    """The end of a coverage."""

    @extend_schema(
        operation_id="patients_coverages_end",
        tags=["patients"],
        request=EndIn,
        responses={200: CoverageOut, **REFUSED, 409: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Let a coverage end with a day."""
        self.actor.require(PatientPermission.CHANGE_PATIENT)
        coverage = covered.get_coverage(pk, actor=self.actor)
        ended = coverages.end(coverage, actor=self.actor, **self.read(EndIn))
        note_read(request._request, what="Coverage", patient_ids=[coverage.patient_id])
        return Response(CoverageOut(ended).data)

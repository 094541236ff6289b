"""What a patient has not signed, over REST; signing, revoking, forms and versions are Resources."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.problem import Problem
from patients.permissions import PatientPermission
from patients.rules.consents import State
from patients.selectors import patients
from patients.selectors.consents import missing_consents
from practice.audit import note_read
from practice.selectors.days import practice_today

STATES = [(each.name.lower(), each.value) for each in State]


class MissingIn(serializers.Serializer[Any]):
    """For which day and which way of visiting."""

    day = serializers.DateField(required=False, help_text="Today, when it is absent")
    telehealth = serializers.BooleanField(required=False, help_text="The visit is by video or telephone")


class MissingOut(serializers.Serializer[Any]):
    """A form that does not hold on the day: its version to sign, and why."""

    form = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    words = serializers.CharField()


class MissingConsents(Endpoint):
    """What a patient has not signed."""

    query = MissingIn

    @extend_schema(
        operation_id="patients_missing_consents_list",
        tags=["patients"],
        parameters=[MissingIn],
        responses={200: MissingOut(many=True), 403: Problem, 404: Problem, 422: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What should be signed by a day and is not: missing, refused, expired, taken back."""
        self.actor.require(PatientPermission.VIEW_PATIENT)
        patient = patients.get_patient(pk, actor=self.actor)
        note_read(request._request, what="Consents", patient_ids=[patient.pk])
        asked = self.asked()
        found = missing_consents(
            patient,
            day=asked.get("day") or practice_today(self.actor),
            telehealth=asked.get("telehealth", False),
            actor=self.actor,
        )
        told = [
            {
                "form": each.form.pk,
                "name": each.form.name,
                "version": each.version.pk if each.version else None,
                "state": each.state.name.lower(),
                "words": each.words,
            }
            for each in found
        ]
        return Response(MissingOut(told, many=True).data)

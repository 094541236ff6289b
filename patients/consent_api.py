"""What a patient has not signed, and a link to sign it, over REST; the rest of consents is Resources."""

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
from patients.models import ConsentLink
from patients.permissions import PatientPermission
from patients.rules.consents import State
from patients.selectors import patients
from patients.selectors.consents import missing_consents, signers, versions
from patients.services import consent_links
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


class ConsentLinkIn(serializers.Serializer[Any]):
    """Which version is to be signed from outside, by whom (``representative``: the patient, when absent), sent how.

    An address that is handed over is made on its page alone: no answer of REST carries one.
    """

    version = serializers.UUIDField()
    way = serializers.ChoiceField(choices=[each for each in ConsentLink.Way.choices if each[0] != "hand"])
    representative = serializers.UUIDField(required=False)
    recipient = serializers.CharField(
        max_length=200, required=False, help_text="Of a release: to whom it may go"
    )
    covers = serializers.CharField(max_length=300, required=False, help_text="Of a release: what may go")
    expires_on = serializers.DateField(required=False, help_text="The last day the signature holds")


class ConsentLinkOut(serializers.ModelSerializer[ConsentLink]):
    """The link as made. Its address is in the message alone."""

    class Meta:
        model = ConsentLink
        fields = ("id", "patient", "version", "representative", "way", "state", "expires_at")


class MakeConsentLink(Endpoint):
    """Consents sent for signature."""

    @extend_schema(
        operation_id="patients_consent_links_make",
        tags=["patients"],
        request=ConsentLinkIn,
        responses={201: ConsentLinkOut, 400: Problem, 403: Problem, 404: Problem, 422: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Send a link to sign; an earlier one of the same signer for the same form ends."""
        self.actor.require(PatientPermission.CHANGE_PATIENT)
        patient = patients.get_patient(pk, actor=self.actor)
        note_read(request._request, what="Consents", patient_ids=[patient.pk])
        asked = self.read(ConsentLinkIn)
        version = versions(self.actor).filter(pk=asked.pop("version")).first()
        if version is None:
            raise DomainError("There is no such version.", field="version")
        if key := asked.pop("representative", None):
            able = signers(patient, day=practice_today(self.actor), actor=self.actor)
            asked["representative"] = next((each for each in able if each.pk == key), None)
            if asked["representative"] is None:
                raise DomainError("Nobody of this key may sign for the patient.", field="representative")
        link, _ = consent_links.make(patient, version=version, actor=self.actor, **asked)
        return Response(ConsentLinkOut(link).data, status=201)

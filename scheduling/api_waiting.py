"""REST endpoints that hold a time, offer one to somebody who waits, and say who fits what a visit has given back."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.problem import Problem
from patients.selectors.patients import get_patient
from practice.audit import note_read
from practice.models import Room
from scheduling.api import REFUSED, ScheduleEndpoint
from scheduling.models import AppointmentType, WaitlistOffer
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import waiting
from scheduling.selectors.appointments import get_appointment
from scheduling.serializers import AcceptIn, AppointmentOut, BookIn, OpeningOut
from scheduling.services import holds, waitlist
from staff.models import Provider


class Hold(ScheduleEndpoint):
    """A time held for a few minutes."""

    keyed = True

    @extend_schema(
        operation_id="appointments_hold",
        tags=["scheduling"],
        request=BookIn,
        responses={201: AppointmentOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Hold a time: step ``book_held`` books it, ``release`` lets it go, and at ``hold_expires_at`` it is over."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        asked = self.read(BookIn)
        room = asked.pop("room", None)
        visit = holds.hold(
            get_patient(asked.pop("patient"), actor=self.actor),
            visit_type=self.one(AppointmentType.objects.all(), field="type", key=asked.pop("type")),
            provider=self.one(Provider.objects.all(), field="provider", key=asked.pop("provider")),
            location=self.site(asked.pop("location")),
            room=self.one(Room.objects.all(), field="room", key=room) if room else None,
            actor=self.actor,
            via="api",
            **asked,
        )
        return self.answer(visit, status=201)


class OfferIn(AcceptIn):
    """A time to offer. ``told``: ``text`` and ``email`` send the patient a message, which 422 says cannot go out."""

    provider = serializers.UUIDField()
    location = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    told = serializers.ChoiceField(choices=WaitlistOffer.Told.choices, required=False)


class OfferOut(serializers.ModelSerializer[WaitlistOffer]):
    """An offer as made."""

    class Meta:
        model = WaitlistOffer
        fields = ("id", "entry", "appointment", "offered_at", "expires_at", "state", "told")


class Offer(ScheduleEndpoint):
    """A time for somebody who waits."""

    keyed = True

    @extend_schema(
        operation_id="waitlist_offer",
        tags=["scheduling"],
        request=OfferIn,
        responses={201: OfferOut, **REFUSED},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Offer a time: it is held until ``expires_at``. A full slot answers 409 with the nearest openings."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        entry = waiting.get_entry(pk, actor=self.actor)
        asked = self.read(OfferIn)
        made = waitlist.offer(
            entry,
            provider=self.one(Provider.objects.all(), field="provider", key=asked.pop("provider")),
            location=self.site(asked.pop("location")),
            actor=self.actor,
            **asked,
        )
        note_read(request._request, what="Wait list", patient_ids=[entry.patient_id])
        return Response(OfferOut(made).data, status=201)


class FittingIn(serializers.Serializer[Any]):
    """Which visit's time."""

    appointment = serializers.UUIDField()


class FitOut(serializers.Serializer[Any]):
    """Somebody who fits, and the time that suits them best."""

    entry = serializers.UUIDField(source="entry.pk")
    patient = serializers.UUIDField(source="entry.patient_id")
    why = serializers.CharField()
    opening = OpeningOut()


class Fitting(ScheduleEndpoint):
    """Who fits a freed time."""

    query = FittingIn

    @extend_schema(
        operation_id="waitlist_fitting",
        tags=["scheduling"],
        responses={
            200: inline_serializer("waitlist_fits", {"results": FitOut(many=True)}),
            403: Problem,
            404: Problem,
            422: Problem,
        },
    )
    def get(self, request: Request) -> Response:
        """Who on the wait list fits the time a visit has given back, the first to be asked first."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        visit = get_appointment(self.asked()["appointment"], actor=self.actor)
        found = waiting.fits_opening(visit, actor=self.actor)
        ids = [visit.patient_id, *(each.entry.patient_id for each in found)]
        note_read(request._request, what="Wait list", patient_ids=ids)
        return Response({"results": FitOut(found, many=True).data})

"""REST endpoints of visit series: look at one as a whole, then book it, all or none."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.errors import DomainError
from kit.problem import Problem
from patients.selectors.patients import get_patient
from practice.audit import note_read
from scheduling.api import REFUSED, ScheduleEndpoint
from scheduling.models import AppointmentType, VisitSeries
from scheduling.permissions import SchedulingPermission
from scheduling.serializers import AcceptIn, OpeningOut
from scheduling.services import series
from scheduling.services.series import MOST_APART, MOST_VISITS, Rhythm
from staff.models import Provider

MINE = ("starts_on", "starts_at", "every", "unit", "count")


class RhythmIn(serializers.Serializer[Any]):
    """Which visits, with whom, where, from when on and how often."""

    patient = serializers.UUIDField()
    type = serializers.UUIDField()
    provider = serializers.UUIDField()
    location = serializers.UUIDField()
    starts_on = serializers.DateField()
    starts_at = serializers.TimeField(help_text="At the site, on every day of the series")
    every = serializers.IntegerField(min_value=1, max_value=MOST_APART)
    unit = serializers.ChoiceField(choices=VisitSeries.Unit.choices)
    count = serializers.IntegerField(min_value=2, max_value=MOST_VISITS)


class InsteadIn(serializers.Serializer[Any]):
    """Another time for one visit of the series."""

    number = serializers.IntegerField(min_value=1, max_value=MOST_VISITS)
    starts_at = serializers.DateTimeField()
    provider = serializers.UUIDField()


class SeriesIn(AcceptIn, RhythmIn):
    """A series to book."""

    skip = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST_VISITS),
        required=False,
        max_length=MOST_VISITS,
        help_text="Numbers of visits that are left out on purpose",
    )
    instead = serializers.ListField(child=InsteadIn(), required=False, max_length=MOST_VISITS)
    reason = serializers.CharField(required=False, max_length=200, allow_blank=True)


class PlaceOut(serializers.Serializer[Any]):
    """One day of a series before it is booked."""

    number = serializers.IntegerField()
    day = serializers.DateField()
    starts_at = serializers.DateTimeField()
    fits = serializers.BooleanField()
    taken = serializers.BooleanField()
    warning = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    alternatives = OpeningOut(many=True)


class SeriesOut(serializers.ModelSerializer[VisitSeries]):
    """A series as booked, with its visits in order; null for one left out."""

    visits = serializers.SerializerMethodField()

    class Meta:
        model = VisitSeries
        fields = ("id", "patient", "type", "provider", "location", *MINE, "state", "visits")

    def get_visits(self, made: VisitSeries) -> list[str | None]:
        """The ids of its visits."""
        rows = made.places.order_by("number").values_list("appointment_id", flat=True)
        return [str(row) if row else None for row in rows]


class SeriesEndpoint(ScheduleEndpoint):
    """What both share."""

    def rhythm(self, asked: dict[str, Any]) -> Rhythm:
        """The rhythm of a body; a DomainError names the field of an unknown row."""
        return Rhythm(
            visit_type=self.one(AppointmentType.objects.all(), field="type", key=asked["type"]),
            provider=self.one(Provider.objects.all(), field="provider", key=asked["provider"]),
            location=self.site(asked["location"]),
            **{name: asked[name] for name in MINE},
        )


class Look(SeriesEndpoint):
    """A series before it is booked."""

    @extend_schema(
        operation_id="series_look",
        tags=["scheduling"],
        request=RhythmIn,
        responses={
            200: inline_serializer("series_places", {"results": PlaceOut(many=True)}),
            403: Problem,
            404: Problem,
            422: Problem,
        },
    )
    def post(self, request: Request) -> Response:
        """Every day with what speaks against it, and other times for what does not fit. Books nothing."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        asked = self.read(RhythmIn)
        patient = get_patient(asked["patient"], actor=self.actor)
        note_read(request._request, what="Patient", patient_ids=[patient.pk])
        places = series.look(patient, rhythm=self.rhythm(asked), actor=self.actor)
        return Response({"results": PlaceOut(places, many=True).data})


class Book(SeriesEndpoint):
    """A series booked as a whole."""

    keyed = True

    @extend_schema(
        operation_id="series_book",
        tags=["scheduling"],
        request=SeriesIn,
        responses={201: SeriesOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Book all visits of a series or none; a refusal says which visit it is about."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        asked = self.read(SeriesIn)
        rhythm = self.rhythm(asked)
        instead = {}
        for each in asked.get("instead", ()):
            if each["number"] > rhythm.count:
                raise DomainError("There is no such visit in the series.", field="instead")
            provider = self.one(Provider.objects.all(), field="provider", key=each["provider"])
            instead[each["number"]] = (each["starts_at"], provider)
        made = series.book(
            get_patient(asked["patient"], actor=self.actor),
            rhythm=rhythm,
            skip=set(asked.get("skip", ())),
            instead=instead,
            accept=asked.get("accept", ()),
            override_reason=asked.get("override_reason", ""),
            reason=asked.get("reason", ""),
            actor=self.actor,
            via="api",
        )
        note_read(request._request, what="Visit series", patient_ids=[made.patient_id])
        return Response(SeriesOut(made).data, status=201)

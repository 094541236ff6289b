"""The floor's views: the bench's queries with an explicit practice, DRF's serializers, nothing around them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench import queries
from scheduling.access_sql import THIRD_NEXT


def rows(sql: str, values: list[Any] | dict[str, Any]) -> list[dict[str, Any]]:
    """A query's rows as dicts."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def probe(request: HttpRequest) -> JsonResponse:
    """The bare view: 25 patients by name as JSON."""
    return JsonResponse({"results": rows(queries.PROBE, {"practice": request.GET["practice"]})})


class PatientOut(serializers.Serializer[Any]):
    """A patient, the columns that the product gives too."""

    id = serializers.UUIDField()
    mrn = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    birth_date = serializers.DateField()
    sex = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    address_line = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    postal_code = serializers.CharField()
    usual_provider = serializers.UUIDField(source="usual_provider_id")
    deceased_on = serializers.DateField()
    is_restricted = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


class Search(APIView):
    """Patients by start of name, telephone, birth date or record number."""

    def get(self, request: Request) -> Response:
        """``by`` names the query, ``a`` and ``b`` its values."""
        asked = request.query_params.dict()
        return Response({"results": PatientOut(rows(queries.SEARCH[asked["by"]], asked), many=True).data})


class VisitOut(serializers.Serializer[Any]):
    """A visit, the columns that the product gives too."""

    id = serializers.UUIDField()
    patient = serializers.UUIDField(source="patient_id")
    provider = serializers.UUIDField(source="provider_id")
    location = serializers.UUIDField(source="location_id")
    type = serializers.UUIDField(source="type_id")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    local_day = serializers.DateField()
    status = serializers.CharField()
    reason = serializers.CharField()
    cancelled_by = serializers.CharField()
    cancel_reason = serializers.CharField()
    is_new_patient = serializers.BooleanField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class Day(APIView):
    """One provider's day."""

    def get(self, request: Request) -> Response:
        """In the order of booking, as the product lists them."""
        asked = request.query_params
        found = rows(queries.DAY, [asked["practice"], asked["provider"], asked["day"]])
        return Response({"results": VisitOut(found, many=True).data})


class BookIn(serializers.Serializer[Any]):
    """A booking."""

    practice = serializers.UUIDField()
    patient = serializers.UUIDField()
    provider = serializers.UUIDField()
    location = serializers.UUIDField()
    type = serializers.UUIDField()
    resource = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class Book(APIView):
    """Write a visit and its booking; the exclusion constraint guards it, nothing is checked before."""

    def post(self, request: Request) -> Response:
        """201 with the visit."""
        asked = BookIn(data=request.data)
        asked.is_valid(raise_exception=True)
        value = {key: str(one) for key, one in asked.validated_data.items()}
        with transaction.atomic():
            made = rows(queries.BOOK_VISIT, value)
            value["appointment"] = str(made[0]["id"])
            with connection.cursor() as cursor:
                cursor.execute(queries.BOOK_LANE, value)
        return Response(VisitOut(made[0]).data, status=201)


def first(request: HttpRequest) -> JsonResponse:
    """The first nine free slots of a type over 60 days, of all providers."""
    given = {"practice": request.GET["practice"], "days": 60, "minutes": 20}
    return JsonResponse({"results": rows(queries.FIRST_AVAILABLE, given)})


def third(request: HttpRequest) -> JsonResponse:
    """Third next available of a type, of all providers."""
    given = {
        "practice": request.GET["practice"],
        "types": [request.GET["type"]],
        "sites": None,
        "lookahead": 180,
        "now": datetime.now(UTC),
    }
    return JsonResponse({"results": rows(THIRD_NEXT, given)})


urlpatterns = [
    path("probe/", probe),
    path("search/", Search.as_view()),
    path("day/", Day.as_view()),
    path("book/", Book.as_view()),
    path("first/", first),
    path("third/", third),
]

"""Pages of a list by cursor: they stay right while rows are added, and have no deep end."""

import base64
import binascii
from typing import Any
from urllib.parse import parse_qs

from django.core.exceptions import ValidationError
from django.db import models
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError as Refused
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

SIZE, LARGEST = 50, 200
PARAMETERS = ("cursor", "page_size")
DESCRIBED = [
    OpenApiParameter(
        "cursor", str, description="Where to go on: taken from “next” or “previous”, never made up"
    ),
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": SIZE},
        description="How many rows an answer has at most",
    ),
]


class Pages(CursorPagination):
    """By id, which is by time of creation: rows added meanwhile come last and shift nothing."""

    page_size = SIZE
    max_page_size = LARGEST
    page_size_query_param = "page_size"
    ordering = "id"
    _pk: Any = None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """``DESCRIBED``, for the lists of Resources."""
        return [
            {
                "name": each.name,
                "in": "query",
                "required": False,
                "description": each.description,
                "schema": each.type if isinstance(each.type, dict) else {"type": "string"},
            }
            for each in DESCRIBED
        ]

    def paginate_queryset(  # type: ignore[override]  # rows of a table, never a plain list
        self, queryset: models.QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        """One page of rows. 422 for a size out of bounds and for a cursor that is none of ours."""
        self._pk = queryset.model._meta.pk
        return super().paginate_queryset(queryset, request, view=view)

    def get_page_size(self, request: Request) -> int:
        """Between 1 and 200; anything else is refused, not bent into shape."""
        asked = request.query_params.get("page_size")
        if asked is None:
            return SIZE
        if not (asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= LARGEST):
            raise Refused({"page_size": [f"Ask for 1 to {LARGEST} rows"]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Any:
        """The place a cursor stands for; only what we could have written is read."""
        given = request.query_params.get("cursor")
        if given is None:
            return None
        try:
            text = base64.b64decode(given.encode("ascii"), validate=True).decode("ascii")
            known = parse_qs(text, strict_parsing=True)
            if set(known) - {"o", "r", "p"} or any(len(values) > 1 for values in known.values()):
                raise ValueError
            if "p" in known:
                self._pk.to_python(known["p"][0])
            return super().decode_cursor(request)  # type: ignore[no-untyped-call]
        except (ValueError, binascii.Error, ValidationError) as error:
            raise Refused({"cursor": ["Take the cursor from the “next” of an answer"]}) from error


def page_of(name: str, *, row: Any) -> Any:
    """How a page of rows looks, for ``extend_schema``; ``row`` is a serializer with many=True."""
    links = {each: serializers.URLField(allow_null=True) for each in ("next", "previous")}
    return inline_serializer(name, {**links, "results": row})

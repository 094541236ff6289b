"""A hand-made endpoint: JSON in and out, refusals as problem+json, keyed posts done once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.response import Response

from kit import paging, strict
from kit.errors import DomainError
from kit.keyed import READS, KeyedView


class Endpoint(KeyedView):
    """What ``kit.api`` gives a Resource, for endpoints that are written by hand.

    keyed: a POST must carry an Idempotency-Key (428 without). contested: every write must carry If-Match (428
    without; the method compares it). query: the parameters GET knows, as a serializer; any other one is refused
    with 400. paged: GET answers pages (``self.page``) and knows cursor and page_size.
    """

    keyed = False
    contested = False
    query: type[serializers.Serializer[Any]] | None = None
    paged = False

    def needs_key(self, *, method: str) -> bool:
        """Every POST of a keyed endpoint."""
        return self.keyed and method == "POST"

    def needs_match(self, *, method: str) -> bool:
        """Every write of a contested endpoint."""
        return self.contested and method not in (*READS, "OPTIONS") and hasattr(self, method.lower())

    def parameters(self, *, method: str) -> Collection[str]:
        """Those of ``query`` and of paging, for reads."""
        if method not in READS:
            return ()
        own = tuple(self.query().fields) if self.query else ()
        return (*own, *(paging.PARAMETERS if self.paged else ()))

    def asked(self) -> dict[str, Any]:
        """The query parameters as clean values, only those that were given; 422 for mistakes."""
        if self.query is None:
            return {}
        own = self.query().fields
        given = {name: value for name, value in self.request.query_params.items() if name in own}
        serializer = self.query(data=given)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def read(self, made: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The body as clean values; 422 for mistakes, values of another JSON type and unknown fields."""
        given = self.request.data
        if not isinstance(given, dict):
            raise ParseError("Send a JSON object")
        serializer = made(data=given, partial=partial)
        if unknown := set(given) - set(serializer.fields):
            raise DomainError(f"Unknown field: {', '.join(sorted(map(str, unknown)))}")
        if found := strict.mistakes(serializer, data=given):
            raise ValidationError(found)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def nothing(self) -> None:
        """Refuse a body where none is read: 422 names what was sent."""
        given = self.request.data
        if not isinstance(given, dict):
            raise ParseError("Send a JSON object or nothing")
        if given:
            raise DomainError(f"Unknown field: {', '.join(sorted(map(str, given)))}")

    def page(
        self, queryset: models.QuerySet[Any], *, row: type[serializers.BaseSerializer[Any]]
    ) -> tuple[Response, list[Any]]:
        """One page of rows as an answer, and the rows themselves (for the read log)."""
        pages = paging.Pages()
        rows = pages.paginate_queryset(queryset, self.request, view=self) or []
        return pages.get_paginated_response(row(rows, many=True).data), rows

"""A hand-made endpoint: JSON in and out, refusals as problem+json, keyed posts done once."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from kit.errors import DomainError
from kit.etags import PreconditionRequired
from kit.keyed import KeyedView


class Endpoint(KeyedView):
    """What ``kit.api`` gives a Resource, for endpoints that are written by hand.

    keyed: a POST must carry an Idempotency-Key (428 without).
    """

    keyed = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a post without its key, before anything is read."""
        super().initial(request, *args, **kwargs)
        if self.keyed and request.method == "POST" and not request.headers.get("Idempotency-Key"):
            raise PreconditionRequired("Send an Idempotency-Key, so that a repeated request is done once")

    def read(
        self, made: type[serializers.Serializer[Any]], *, data: Any = None, partial: bool = False
    ) -> dict[str, Any]:
        """The body (or ``data``: query parameters) as clean values; 422 for mistakes and unknown fields."""
        given = self.request.data if data is None else data
        if not hasattr(given, "keys"):
            raise ParseError("Send a JSON object")
        serializer = made(data=given, partial=partial)
        if data is None and (unknown := set(given) - set(serializer.fields)):
            raise DomainError(f"Unknown field: {', '.join(sorted(map(str, unknown)))}")
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

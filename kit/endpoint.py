"""A hand-made endpoint: JSON in and out, refusals as problem+json, keyed posts done once."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import renderers, serializers
from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import ports, problem
from kit.errors import DomainError
from kit.etags import PreconditionRequired
from kit.parsers import JSONParser


class Endpoint(APIView):
    """What ``kit.api`` gives a Resource, for endpoints that are written by hand.

    keyed: a POST must carry an Idempotency-Key (428 without).
    """

    keyed = False
    parser_classes = [JSONParser]
    renderer_classes = [renderers.JSONRenderer]

    @property
    def actor(self) -> Any:
        """Who asks, as the practice middleware found out."""
        return cast("ports.PracticeRequest", self.request._request).actor

    def get_exception_handler(self) -> Any:
        """problem+json, whatever the settings say."""
        return problem.handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a request without an actor, and a post without its key, before anything is read."""
        super().initial(request, *args, **kwargs)
        if getattr(request._request, "actor", None) is None:
            raise NotAuthenticated
        if self.keyed and request.method == "POST" and not request.headers.get("Idempotency-Key"):
            raise PreconditionRequired("Send an Idempotency-Key, so that a repeated request is done once")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """A POST with an Idempotency-Key is done once and answered as often as it comes."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return cast("HttpResponse", super().dispatch(request, *args, **kwargs))
        request.api_data = request.body.decode("utf-8", "replace")  # type: ignore[attr-defined]  # for the port

        def run() -> HttpResponse:
            answer = cast("Response", super(Endpoint, self).dispatch(request, *args, **kwargs))
            answer.render()
            return answer

        try:
            return ports.idempotent(request, key=key, run=run)
        except DomainError as error:  # the key was used for something else: DRF has not seen this request
            body = {"title": problem.TITLES[error.status], "status": error.status, "detail": error.message}
            return JsonResponse(body, status=error.status, content_type=problem.CONTENT_TYPE)

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

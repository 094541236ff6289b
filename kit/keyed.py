"""What every endpoint shares: an actor, problem+json, and keyed posts that happen once."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import renderers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import ports, problem
from kit.errors import DomainError
from kit.parsers import JSONParser


class KeyedView(APIView):
    """An endpoint of the house; ``kit.api`` makes them from Resources, ``kit.endpoint`` is for hand-made ones."""

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
        """Refuse a request without an actor before anything is read."""
        super().initial(request, *args, **kwargs)
        if getattr(request._request, "actor", None) is None:
            raise NotAuthenticated

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """A POST with an Idempotency-Key is done once and answered as often as it comes."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return cast("HttpResponse", super().dispatch(request, *args, **kwargs))
        request.api_data = request.body.decode("utf-8", "replace")  # type: ignore[attr-defined]  # for the port

        def run() -> HttpResponse:
            answer = cast("Response", super(KeyedView, self).dispatch(request, *args, **kwargs))
            answer.render()
            return answer

        try:
            return ports.idempotent(request, key=key, run=run)
        except DomainError as error:  # the key was used for something else: DRF has not seen this request
            body = {"title": problem.TITLES[error.status], "status": error.status, "detail": error.message}
            return JsonResponse(body, status=error.status, content_type=problem.CONTENT_TYPE)

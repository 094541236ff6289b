"""What every endpoint shares: an actor, problem+json, declared parameters, and keyed posts that happen once."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import renderers
from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import ports, problem
from kit.errors import DomainError
from kit.etags import PreconditionRequired
from kit.filters import SEARCH
from kit.parsers import LIMIT, JSONParser, TooLarge
from kit.schema import HouseSchema

KEY = "Idempotency-Key"
KEY_FORM = re.compile(r"[!-~]{1,80}")
READS = ("GET", "HEAD")


class KeyedView(APIView):
    """An endpoint of the house; ``kit.api`` makes them from Resources, ``kit.endpoint`` is for hand-made ones.

    By being one it refuses, before anything is read: no actor (401), too many requests (429), a parameter that
    is not declared or given twice (400), a malformed Idempotency-Key (400), a body too large (413), a missing
    Idempotency-Key or If-Match where one is needed (428).
    """

    parser_classes = [JSONParser]
    renderer_classes = [renderers.JSONRenderer]
    metadata_class = None
    schema = HouseSchema()

    @property
    def actor(self) -> Any:
        """Who asks, as the practice middleware found out."""
        return cast("ports.PracticeRequest", self.request._request).actor

    def needs_key(self, *, method: str) -> bool:
        """Must this operation carry an Idempotency-Key?"""
        return False

    def needs_match(self, *, method: str) -> bool:
        """Must this operation carry If-Match?"""
        return False

    def parameters(self, *, method: str) -> Collection[str]:
        """The query parameters this operation knows; everything else is refused."""
        return ()

    def get_exception_handler(self) -> Any:
        """problem+json, whatever the settings say."""
        return problem.handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what can be refused before anything is read."""
        super().initial(request, *args, **kwargs)
        if getattr(request._request, "actor", None) is None:
            raise NotAuthenticated
        method = request.method or ""
        self._known_parameters(request, known=self.parameters(method=method))
        key = request.headers.get(KEY)
        if key is not None and not KEY_FORM.fullmatch(key):
            raise ParseError(f"{KEY}: send 1 to 80 visible ASCII characters")
        if _size(request._request) > LIMIT:
            raise TooLarge
        if key is None and self.needs_key(method=method):
            raise PreconditionRequired(f"Send an {KEY}, so that a repeated request is done once")
        if not request.headers.get("If-Match") and self.needs_match(method=method):
            raise PreconditionRequired("Send If-Match with the ETag you read, so that no change is lost")

    def _known_parameters(self, request: Request, *, known: Collection[str]) -> None:
        for name, values in request.query_params.lists():
            shown = name[:60].encode("utf-8", "replace").decode()
            if name not in known:
                listed = f"It knows {', '.join(sorted(known))}" if known else "It knows none"
                raise ParseError(f"This address does not know the parameter “{shown}”. {listed}")
            if len(values) > 1:
                raise ParseError(f"The parameter “{shown}” is given {len(values)} times; give it once")
            if name != SEARCH and not values[0].strip(","):
                raise ParseError(f"The parameter “{shown}” is empty; give it a value or leave it out")

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """Which methods there are, in Allow. No other site is told anything: there is no CORS."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Refusals carry the request's id; nothing is kept by a cache on the way."""
        if response.status_code >= 400 and isinstance(getattr(response, "data", None), dict):
            response.data.setdefault("request_id", getattr(request, "id", ""))
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """A POST with an Idempotency-Key is done once and answered as often as it comes."""
        key = request.headers.get(KEY, "")
        if request.method != "POST" or not KEY_FORM.fullmatch(key) or _size(request) > LIMIT:
            return cast("HttpResponse", super().dispatch(request, *args, **kwargs))
        request.api_data = request.body.decode("utf-8", "backslashreplace")  # type: ignore[attr-defined]  # for the port

        def run() -> HttpResponse:
            answer = cast("Response", super(KeyedView, self).dispatch(request, *args, **kwargs))
            answer.render()
            return answer

        try:
            answer = ports.idempotent(request, key=key, run=run)
        except DomainError as error:  # the key was used for something else: DRF has not seen this request
            return _refused(request, status=error.status, detail=error.message)
        answer["Cache-Control"] = "no-store"
        return answer


def _size(request: HttpRequest) -> int:
    """The announced length of the body in bytes, 0 when none is."""
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if str(given).isascii() and str(given).isdigit() else 0


def _refused(request: HttpRequest, *, status: int, detail: str) -> HttpResponse:
    body = problem.body_of(status, detail=detail) | {"request_id": getattr(request, "id", "")}
    return JsonResponse(body, status=status, content_type=problem.CONTENT_TYPE)

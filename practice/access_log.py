"""One line for each request: what was asked by its name, by whom, and how it went. Never an address with its ids."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from practice import metrics

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]


class AccessLogMiddleware:
    """Joins every line of a request by its id, writes the request's own line and counts it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clear_contextvars()
        bind_contextvars(request_id=getattr(request, "id", ""))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            spent = time.perf_counter() - began
            facts = {"method": _method(request), "route": _route(request), "status": response.status_code}
            log.info("request", extra={"facts": facts | {"ms": round(spent * 1000, 1)} | _who(request)})
            metrics.count_request(
                status=response.status_code,
                seconds=spent,
                foreign=bool(getattr(request, "foreign_practice", False)),
            )
            return response
        finally:
            clear_contextvars()


def _method(request: HttpRequest) -> str:
    """The method, if it is one: its name comes from the caller too."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "OTHER"


def _route(request: HttpRequest) -> str:
    """The name of the address; the address itself holds ids, and in some cases secrets."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path.startswith("/static/") else "none"
    return match.view_name or "unnamed"


def _who(request: Any) -> dict[str, str]:
    actor = getattr(request, "actor", None)
    if actor is None:
        return {}
    return {"practice_id": str(actor.practice_id), "actor": str(actor), "user_id": str(actor.user_id or "")}


def bind_actor(actor: Any) -> None:
    """From now on every line says for which practice and by whom."""
    bind_contextvars(practice_id=str(actor.practice_id), actor=str(actor))

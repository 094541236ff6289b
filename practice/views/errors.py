"""Pages for what went wrong: an id, never a trace or a patient."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from practice import away


def _error(
    request: HttpRequest, *, status: int, title: str, extra: dict[str, Any] | None = None
) -> HttpResponse:
    if "/api/v1/" in request.path:
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "request_id": getattr(request, "id", ""),
        }
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"request_id": getattr(request, "id", ""), **(extra or {})}
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, without a trace; 503 when a session could not be kept because the database failed."""
    if away.is_unavailable(exception):
        return away.unavailable(request, error=exception)
    return _error(request, status=400, title="That request could not be read.")


def forbidden(request: Any, exception: Exception | None = None) -> HttpResponse:
    """403: says which roles have it."""
    permission = getattr(exception, "permission", "")
    roles: list[str] = []
    if permission and getattr(request, "actor", None) is not None:
        import kit.ports

        roles = list(kit.ports.holders(permission))
    extra = {"permission": permission, "roles": roles}
    return _error(request, status=403, title="Your role does not allow this.", extra=extra)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that did not come from our own page."""
    context = {"request_id": getattr(request, "id", "")}
    return render(request, "errors/403_csrf.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, foreign and hidden look the same."""
    return _error(request, status=404, title="There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the request's id and nothing else; 503 when it was the database that failed."""
    error = sys.exc_info()[1]  # Django calls this while it handles the exception
    if away.is_unavailable(error):
        return away.unavailable(request, error=error)
    return _error(request, status=500, title="Something went wrong on our side.")

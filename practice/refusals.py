"""What the middleware answers when it lets nobody through: the same refusal as a page, to htmx and as problem+json."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from kit import links
from practice import rates

LONGEST_NEXT = 2_000  # an address that is longer is nobody's to come back to, and no answer can carry it


def is_api(request: HttpRequest) -> bool:
    """Whether a machine is asking, who wants problem+json and UTC."""
    return "/api/v1/" in request.path


def ask_to_sign_in(request: HttpRequest, *, reason: str = "") -> HttpResponse:
    """Lead to the sign-in page and back to the page a form or a part stood on; htmx is told to leave its page."""
    here = request.get_full_path()
    if request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
        here = links.came_from(request) or here
    back = {"next": here} if len(here) <= LONGEST_NEXT else {}
    query = back | ({"reason": reason} if reason else {})
    address = f"{redirect(settings.LOGIN_URL).url}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def problem(request: HttpRequest, *, status: int, title: str) -> HttpResponse:
    """The same refusal as a page or as problem+json."""
    if is_api(request):
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "request_id": getattr(request, "id", ""),
        }
        return JsonResponse(body, status=status, content_type="application/problem+json")
    page = render_to_string(
        f"errors/{status}.html", {"request_id": getattr(request, "id", "")}, request=request
    )
    return HttpResponse(page, status=status)


def unauthorized(request: HttpRequest, *, reason: str = "") -> HttpResponse:
    """No or no valid credentials, or a session that is over (``reason`` "idle" or "long").

    429 for an address that has asked the API too often without any.
    """
    if not is_api(request):
        return ask_to_sign_in(request, reason=reason)
    if wait := rates.spend("address", who=request.META.get("REMOTE_ADDR", "")):
        return too_many(request, seconds=wait)
    response = problem(request, status=401, title="Sign in, or send a valid token.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Come back later."""
    response = problem(request, status=429, title="Too many requests. Wait as long as Retry-After says.")
    response["Retry-After"] = str(seconds)
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """What is unknown, foreign or hidden looks the same."""
    return problem(request, status=404, title="There is nothing at this address.")

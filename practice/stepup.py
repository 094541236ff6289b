"""Some acts need a fresh proof of who is acting: exports, and changes of members, roles and tokens.

Services call ``actor.require_fresh()``; the kit's exports do through their port. The middleware turns the refusal
into allauth's "Confirm it is you" page and leads back. Tokens are exempt: they are scoped, expire and have no keyboard.
"""

from __future__ import annotations

import time
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from kit import links
from practice.refusals import is_api

WORDS = "Confirm it is you: open this page in the browser and sign in again, then repeat the request."


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session's person signed in or confirmed themselves lately, or nobody asks for it here."""
    return not settings.STEP_UP_REQUIRED or is_recent(request)


def is_recent(request: HttpRequest) -> bool:
    """Whether the newest sign-in or confirmation in this session is younger than ten minutes."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, cast(Any, request.user))
    newest = max((float(record["at"]) for record in records), default=0.0)
    return bool(time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT)


def challenge(request: HttpRequest) -> HttpResponse:
    """Ask for the proof: a page that leads back to what was asked, or 403 for a machine."""
    if is_api(request):
        body = {"type": "about:blank", "title": "Not allowed", "status": 403, "detail": WORDS}
        return JsonResponse(body, status=403, content_type="application/problem+json")
    address = f"{reverse('account_reauthenticate')}?{urlencode({'next': _back(request)})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def _back(request: HttpRequest) -> str:
    """What was asked; for a form that was sent, the page it stands on: nothing typed is kept in the session."""
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    return links.came_from(request) or reverse("home")

"""From an address to an actor in a transaction: what stands between the web and every view."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from psycopg2 import errors as pg

from kit.errors import Forbidden
from practice.actor import Actor
from practice.audit import write_reads, write_refusal
from practice.models import Practice, PracticeProfile
from practice.selectors.people import token_actor, token_owner, user_actor
from practice.transactions import acting_in

log = logging.getLogger(__name__)
PRACTICE_PATH = re.compile(r"^/p/(?P<slug>[a-z0-9-]+)/")
GetResponse = Callable[[HttpRequest], HttpResponse]
RETRYABLE = (pg.DeadlockDetected, pg.SerializationFailure)
ATTEMPTS = 3


class RequestIdMiddleware:
    """Gives every request an id; error pages show it, every audit row carries it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class SessionLimitsMiddleware:
    """Signs out after the idle limit and after twelve hours. Polling is no activity and skips no check."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            session = request.session
            began = session.setdefault("began_at", now)
            seen = session.setdefault("seen_at", now)
            idle = int(session.get("idle_seconds", 15 * 60))
            if now - seen > idle or now - began > settings.SESSION_ABSOLUTE_SECONDS:
                logout(request)
                return _ask_to_sign_in(request, reason="idle")
            if now - seen >= 60 and not request.headers.get("X-Wellrun-Poll"):
                session["seen_at"] = now
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in and not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
        return response


class PracticeMiddleware:
    """Opens the one transaction of a request below /p/<slug>/ and finds out who acts in it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = PRACTICE_PATH.match(request.path_info)
        if match is None:
            return self.get_response(request)
        try:
            for attempt in range(1, ATTEMPTS + 1):
                response = self._answer(request, slug=match["slug"])
                again = isinstance(_cause(request.failure), RETRYABLE) and _repeatable(request)  # type: ignore[attr-defined]
                if not again or attempt == ATTEMPTS:
                    return response
        except OperationalError:
            log.exception("request %s: database away", request.id)  # type: ignore[attr-defined]
            return unavailable(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """The slug was checked here; views get ``request.practice`` instead."""
        if hasattr(request, "actor"):
            kwargs.pop("practice", None)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember why a view failed, so that its transaction is rolled back and perhaps tried again."""
        request.failure = exception  # type: ignore[attr-defined]

    def _answer(self, request: HttpRequest, *, slug: str) -> HttpResponse:
        request.failure, request.reads = None, []  # type: ignore[attr-defined]
        found = _find_door(request, slug=slug)
        if isinstance(found, HttpResponse):
            return found
        practice, opening, find_actor = found
        read_only = request.method in ("GET", "HEAD")
        with acting_in(practice.id, actor=opening, read_only=read_only):
            actor = find_actor()
            if actor is None:
                return not_found(request)
            _enter(request, practice=practice, actor=actor)
            # People read times in the practice's zone, machines in UTC.
            zone = "UTC" if _is_api(request) else request.profile.timezone  # type: ignore[attr-defined]
            with timezone.override(zone):
                response = self.get_response(request)
                if hasattr(response, "render") and callable(response.render):
                    response.render()
            if response.status_code >= 400:
                transaction.set_rollback(True)
        if isinstance(request.failure, Forbidden):  # type: ignore[attr-defined]
            write_refusal(request, actor=actor, what=request.failure.permission)  # type: ignore[attr-defined]
        else:
            write_reads(request, actor=actor)
        return response


Door = tuple[Practice, Actor, Callable[[], Actor | None]]


def _find_door(request: HttpRequest, *, slug: str) -> Door | HttpResponse:
    """Whom to look for in which practice; unknown, foreign and forbidden practices all answer alike."""
    request_id: str = request.id  # type: ignore[attr-defined]
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        owner = token_owner(header.removeprefix("Bearer ").strip())
        if owner is None:
            return unauthorized(request)
        if owner.practice.slug != slug:
            return not_found(request)
        practice, token_id = owner.practice, owner.token_id
        opening = Actor(kind="token", id=token_id, practice_id=practice.id, request_id=request_id)
        return (
            practice,
            opening,
            lambda: token_actor(token_id=token_id, practice=practice, request_id=request_id),
        )
    if not request.user.is_authenticated:
        return unauthorized(request) if _is_api(request) else _ask_to_sign_in(request)
    found = Practice.objects.filter(slug=slug).first()
    if found is None:
        return not_found(request)
    user = request.user
    opening = Actor(kind="user", id=user.id, user_id=user.id, practice_id=found.id, request_id=request_id)
    return found, opening, lambda: user_actor(user=user, practice=found, request_id=request_id)


def _enter(request: HttpRequest, *, practice: Practice, actor: Actor) -> None:
    request.practice, request.actor = practice, actor  # type: ignore[attr-defined]
    request.profile = PracticeProfile.objects.get(practice=practice)  # type: ignore[attr-defined]
    if actor.kind == "user":
        idle = request.profile.idle_minutes * 60  # type: ignore[attr-defined]
        if request.session.get("idle_seconds") != idle:
            request.session["idle_seconds"] = idle


def _cause(error: BaseException | None) -> BaseException | None:
    return error.__cause__ if isinstance(error, OperationalError) else error


def _repeatable(request: HttpRequest) -> bool:
    keyed = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key")
    return request.method in ("GET", "HEAD") or bool(keyed)


def _is_api(request: HttpRequest) -> bool:
    return "/api/v1/" in request.path


def _ask_to_sign_in(request: HttpRequest, *, reason: str = "") -> HttpResponse:
    query = {"next": request.get_full_path()} | ({"reason": reason} if reason else {})
    address = f"{redirect(settings.LOGIN_URL).url}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def problem(request: HttpRequest, *, status: int, title: str) -> HttpResponse:
    """The same refusal as a page or as problem+json."""
    if _is_api(request):
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


def unauthorized(request: HttpRequest) -> HttpResponse:
    """No or no valid credentials."""
    if not _is_api(request):
        return _ask_to_sign_in(request)
    response = problem(request, status=401, title="Sign in, or send a valid token.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """What is unknown, foreign or hidden looks the same."""
    return problem(request, status=404, title="There is nothing at this address.")


def unavailable(request: HttpRequest) -> HttpResponse:
    """PostgreSQL is away: nothing was half-done, try again."""
    connection.close()
    response = problem(request, status=503, title="The database is not answering. Try again in a moment.")
    response["Retry-After"] = "5"
    return response

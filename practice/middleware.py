"""From an address to an actor in a transaction: what stands between the web and every view."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from psycopg2 import errors as pg

from kit.errors import DomainError, Forbidden, StepUpNeeded
from kit.views import gate
from practice import sessions, stepup, trail
from practice.access_log import bind_actor
from practice.audit import write_reads, write_refusal
from practice.doors import enter, find_door, lacks_second_factor
from practice.link_door import LINK_PATH, closed, hushed
from practice.link_door import note as note_opening
from practice.refusals import is_api, not_found, unauthorized
from practice.services import drafts
from practice.services.last_use import note_use
from practice.transactions import acting_in

# Whatever Django takes for a slug: an address that only the resolver knew would meet its view without an actor.
PRACTICE_PATH = re.compile(r"^/p/(?P<slug>[-a-zA-Z0-9_]+)/")
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
            if "began_at" not in request.session or "seen_at" not in request.session:
                sessions.begin(request, now=now)
            if reason := sessions.why_over(request.session, now=now):
                trail.note(request, "session_ended", user=request.user, detail=reason)
                logout(request)
                return unauthorized(request, reason=reason)
            sessions.note_activity(request, now=now)
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in and not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
            if request.user.is_authenticated:
                left = sessions.idle_left(request.session, now=int(time.time()))
                response["X-Wellrun-Idle-Left"] = str(left)
        return response


class PracticeMiddleware:
    """Opens the one transaction of a request below /p/<slug>/ or at a public address, and finds out who acts in it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if LINK_PATH.match(request.path_info):
            return hushed(self._attempt(request, slug=""))
        match = PRACTICE_PATH.match(request.path_info)
        return self._attempt(request, slug=match["slug"]) if match else self.get_response(request)

    def _attempt(self, request: HttpRequest, *, slug: str) -> HttpResponse:
        for _ in range(1, ATTEMPTS):
            response = self._answer(request, slug=slug)
            if not isinstance(_cause(request.failure), RETRYABLE) or not _repeatable(request):  # type: ignore[attr-defined]
                return response
        return self._answer(request, slug=slug)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """The slug was checked here; views get ``request.practice`` instead."""
        if hasattr(request, "actor"):
            kwargs.pop("practice", None)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Remember why a view failed, so that its transaction is rolled back and perhaps tried again.

        What a service refuses and a page of ours did not catch is still said in the service's words.
        """
        request.failure = exception  # type: ignore[attr-defined]
        if isinstance(exception, DomainError):
            return gate.declined(request, error=exception)
        return stepup.challenge(request) if isinstance(exception, StepUpNeeded) else None

    def _answer(self, request: HttpRequest, *, slug: str) -> HttpResponse:
        request.failure, request.reads = None, []  # type: ignore[attr-defined]
        found = find_door(request, slug=slug)
        if isinstance(found, HttpResponse):
            return found
        practice, opening, find_actor = found
        read_only = request.method in ("GET", "HEAD")
        with acting_in(practice.id, actor=opening, read_only=read_only):
            actor = find_actor()
            if actor is None and opening.kind == "token":  # an ended token is an unknown one
                return unauthorized(request)
            if actor is None and opening.kind == "public_link":
                return closed()
            if actor is None:
                trail.note(request, "practice_refused", user=request.user)
                request.foreign_practice = True  # type: ignore[attr-defined]  # counted for the operator
                return not_found(request)
            enter(request, practice=practice, actor=actor)
            bind_actor(actor)
            # People read times in the practice's zone, machines in UTC.
            zone = "UTC" if is_api(request) else request.profile.timezone  # type: ignore[attr-defined]
            with timezone.override(zone):
                response = lacks_second_factor(request) or self.get_response(request)
                if hasattr(response, "render") and callable(response.render):
                    response.render()
            if response.status_code >= 400 or isinstance(request.failure, StepUpNeeded):  # type: ignore[attr-defined]
                transaction.set_rollback(True)
            else:
                drafts.clear_sent(request)
        if what := _refused(request, response=response):
            write_refusal(request, actor=actor, what=what)
        else:
            write_reads(request, actor=actor)
        note_use(actor)
        note_opening(request, response=response, actor=actor)
        return response


def _refused(request: HttpRequest, *, response: HttpResponse) -> str:
    """What was refused, for the log: a permission, or a record that is foreign, hidden or not there."""
    if isinstance(request.failure, Forbidden):  # type: ignore[attr-defined]
        return request.failure.permission  # type: ignore[attr-defined, no-any-return]
    match = request.resolver_match
    asked_for = match.kwargs.values() if match else ()
    unknown = response.status_code == 404 and any(isinstance(value, uuid.UUID) for value in asked_for)
    return "record not found" if unknown else ""


def _cause(error: BaseException | None) -> BaseException | None:
    return error.__cause__ if isinstance(error, OperationalError) else error


def _repeatable(request: HttpRequest) -> bool:
    keyed = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key")
    return request.method in ("GET", "HEAD") or bool(keyed)

"""DRF's door: the middleware has already found the actor; here sessions prove they mean it (CSRF)."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache import caches
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from redis.exceptions import RedisError
from rest_framework import authentication, exceptions, permissions, throttling
from rest_framework.request import Request

log = logging.getLogger(__name__)


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: Any, reason: str) -> Any:
        return reason


def _no_view(request: Any) -> HttpResponse:
    """CSRF asks for a view only to see whether it is exempt; none of ours is."""
    return HttpResponse(status=500)


class ActorAuthentication(authentication.BaseAuthentication):
    """The actor of the request. A browser session must carry the CSRF token; an API token need not."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        http = request._request
        actor = getattr(http, "actor", None)
        if actor is None:
            return None
        if actor.kind == "user":
            check = _CsrfCheck(lambda _: None)  # type: ignore[arg-type,return-value]
            check.process_request(http)
            if reason := check.process_view(http, _no_view, (), {}):
                raise exceptions.PermissionDenied(f"CSRF check failed: {reason}")
        request.actor = actor  # type: ignore[attr-defined]  # what kit.api reads
        return http.user, actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasActor(permissions.BasePermission):
    """Deny by default: services check what the actor may do, this that there is one."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return getattr(request._request, "actor", None) is not None


class ActorThrottle(throttling.SimpleRateThrottle):
    """A rate per user or token; 429 with Retry-After.

    Counted in Redis: the database's cache cannot count a GET, whose transaction is read only (it failed with 500
    once a counter had expired). Without Redis nobody is slowed down.
    """

    scope = "actor"
    cache = caches["fast"]
    PAUSE_SECONDS = 10.0
    again_at = 0.0  # of this process: a Redis that hangs would cost each request its time-out

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the caller is within the rate; counted."""
        if time.monotonic() < ActorThrottle.again_at:
            return True
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            ActorThrottle.again_at = time.monotonic() + self.PAUSE_SECONDS
            log.warning("the rate limit is not counted for %d s: Redis is away", self.PAUSE_SECONDS)
            return True

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        actor = getattr(request._request, "actor", None)
        return f"throttle:{actor.practice_id}:{actor}" if actor else None


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = ActorAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

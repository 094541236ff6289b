"""DRF's door: the middleware has already found the actor; here sessions prove they mean it (CSRF)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions, throttling
from rest_framework.request import Request

from practice import rates


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


class ActorThrottle(throttling.BaseThrottle):
    """A rate per user or token (``practice.rates``); 429 with Retry-After."""

    left = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the caller is within the rate; counted."""
        actor = getattr(request._request, "actor", None)
        self.left = rates.spend("actor", who=f"{actor.practice_id}:{actor}") if actor else 0
        return not self.left

    def wait(self) -> float:
        """Seconds until the next request is let in."""
        return self.left


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = ActorAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

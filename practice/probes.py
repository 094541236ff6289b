"""Is this process alive, and should it get requests: /livez and /readyz, for balancers and supervisors.

They answer in front of everything else: without a session, on any host name, over plain http.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from practice import startup

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
RETRY_AFTER_SECONDS = 5
_stopping = threading.Event()
_seen = {"migrated": False}  # what was once applied stays so: a later release's tables do not make us unready


def stop() -> None:
    """SIGTERM was received: this process is not ready any more, for good."""
    _stopping.set()


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when this process may get requests, else 503; JSON says which part is missing.

    Redis is a remark only (``degraded``): without it work is late, not lost.
    """
    facts: dict[str, Any] = {"stopping": _stopping.is_set()}
    try:
        done = migrated()
        facts |= {"migrations": done, "database": True, "refused": startup.refusals() if done else []}
    except Error:
        connection.close()
        facts |= {"migrations": None, "database": False, "refused": []}
    redis = redis_answers()
    ready = bool(facts["database"] and facts["migrations"] and not facts["stopping"] and not facts["refused"])
    response = JsonResponse({"ready": ready, **facts, "redis": redis, "degraded": ready and not redis})
    if not ready:
        response.status_code = 503
        response._has_been_logged = True  # type: ignore[attr-defined]  # a balancer asks every second
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def migrated() -> bool:
    """Whether every migration of this release is applied. Raises ``django.db.Error`` without a database."""
    if not _seen["migrated"]:
        recorded = set(MigrationRecorder(connection).applied_migrations())
        _seen["migrated"] = known_migrations() <= recorded
        return _seen["migrated"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def known_migrations() -> set[tuple[str, str]]:
    """App and name of each migration of this release."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return set(loader.disk_migrations or ())


def redis_answers() -> bool:
    """Whether Redis does; asked for half a second at most."""
    try:
        client = caches["fast"]._cache.get_client(None)  # type: ignore[attr-defined]
        return bool(client.ping())
    except (RedisError, OSError):
        return False


class ProbeMiddleware:
    """Answers the two probes before host names, https and sessions are looked at."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.probes = {"/livez": livez, "/readyz": readyz}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self.probes.get(request.path_info)
        return probe(request) if probe else self.get_response(request)

"""PostgreSQL away or busy: how that shows, one second try where it is safe, and a clean 503 for everybody else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import psycopg2
from django import db
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string

log = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 5
# SQLSTATEs of a server that shuts down, crashed or is starting; class 08 is the connection itself.
LOST_STATES = ("57P01", "57P02", "57P03")
CLOSED_TYPES = (psycopg2.OperationalError, psycopg2.InterfaceError)
GetResponse = Callable[[HttpRequest], HttpResponse]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def is_lost(error: BaseException | None) -> bool:
    """Whether the connection broke or never stood: nothing that was not committed can have stayed."""
    return any(_broke(one) for one in _chain(error))


def _broke(error: BaseException) -> bool:
    if not isinstance(error, psycopg2.Error):
        return False
    state = getattr(error, "pgcode", None)
    if state:
        return state in LOST_STATES or state.startswith("08")
    # libpq's own words carry no state; a half-read answer comes as a bare DatabaseError.
    return isinstance(error, CLOSED_TYPES) or type(error) is psycopg2.DatabaseError


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the honest answer is 503: lost, or PostgreSQL's time, locks or places ran out."""
    return is_lost(error) or any(
        isinstance(one, db.OperationalError | psycopg2.OperationalError) for one in _chain(error)
    )


def unavailable(request: HttpRequest, *, error: BaseException | None = None) -> HttpResponse:
    """503 with Retry-After, as a page or as problem+json. Asks nothing of the database, nor of the session."""
    request.database_lost = is_lost(error)  # type: ignore[attr-defined]  # read by the middleware below
    log.warning("the database did not answer: %s", _name(error))
    title = "The database is not answering. Try again in a moment."
    response: HttpResponse
    if "/api/" in request.path:
        body = {
            "type": "about:blank",
            "title": title,
            "status": 503,
            "request_id": getattr(request, "id", ""),
        }
        response = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        page = render_to_string("errors/503.html", {"request_id": getattr(request, "id", "")})
        response = HttpResponse(page, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would add the path and the error's text
    return response


def _name(error: BaseException | None) -> str:
    """The kind of the deepest database error; its words may carry a row's values."""
    found = [one for one in _chain(error) if isinstance(one, psycopg2.Error)]
    return f"{type(found[-1]).__name__} {found[-1].pgcode or ''}".strip() if found else "unknown"


class DatabaseAwayMiddleware:
    """Tries a request once more when its connection broke and a second time can do no harm.

    That is a GET, a HEAD, or a POST with an idempotency key: its effect and its key are one transaction, so a
    COMMIT whose answer was lost is found by the second try. Stands outside of everything that asks the database.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        again = _repeatable(request)
        fresh = dict(vars(request))
        response = self.get_response(request)
        if again and response.status_code == 503 and getattr(request, "database_lost", False):
            connection.close()
            vars(request).clear()
            vars(request).update(fresh)  # no trace of the first try: user, session, actor, notes
            response = self.get_response(request)
        return response


def _repeatable(request: HttpRequest) -> bool:
    """Whether the whole request may run twice. Reads a keyed body into memory, so that it can be read again."""
    if request.method in ("GET", "HEAD"):
        return True
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    small = length.isascii() and length.isdigit() and int(length) <= limit
    plain = request.content_type in ("application/json", "application/x-www-form-urlencoded")
    if request.method != "POST" or not small or not plain:
        return False
    try:
        body = request.body
    except (UnreadablePostError, RequestDataTooBig):
        return False
    return "Idempotency-Key" in request.headers or b"idempotency_key=" in body

"""How long a session lasts, where a person is signed in, and ending it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

from kit import clock
from practice import trail
from practice.devices import device_words

IDLE_SECONDS = 15 * 60  # until a practice says otherwise
WRITE_EVERY = 60  # seconds between two notes of activity
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  a word for the list of sign-ins, nothing listens there


@dataclass(frozen=True, slots=True)
class Place:
    """A browser somebody is signed in with."""

    id: int
    device: str
    address: str
    since: datetime
    seen: datetime
    here: bool


def why_over(data: Mapping[str, Any], *, now: float) -> str:
    """ "idle" after too long without activity, "long" after twelve hours, "" while it goes on. Limits in seconds."""
    idle = int(data.get("idle_seconds", IDLE_SECONDS))
    seen, began = float(data.get("seen_at", now)), float(data.get("began_at", now))
    if now - seen > idle:
        return "idle"
    return "long" if now - began > settings.SESSION_ABSOLUTE_SECONDS else ""


def idle_left(data: Mapping[str, Any], *, now: int) -> int:
    """Seconds until an idle sign-out, as the server counts: pages warn by it."""
    return max(0, int(data.get("idle_seconds", IDLE_SECONDS)) - (now - int(data.get("seen_at", now))))


def seconds_left(data: Mapping[str, Any], *, now: float) -> int:
    """Until the twelve hours are over, whatever the person does."""
    return max(0, int(data.get("began_at", now) + settings.SESSION_ABSOLUTE_SECONDS - now))


def begin(request: HttpRequest, *, now: int) -> None:
    """The first request of a signed-in session: both clocks start, and the person will find it in their list."""
    session = request.session
    session["began_at"] = session["seen_at"] = now
    if session.session_key is None:
        session.save()
    UserSession.objects.get_or_create(
        session_key=session.session_key,
        defaults={
            "user_id": request.user.pk,
            "ip": request.META.get("REMOTE_ADDR") or UNKNOWN_ADDRESS,
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        },
    )


def note_activity(request: HttpRequest, *, now: int) -> None:
    """Remember that the person is there; at most once a minute, and never because a page polls."""
    session = request.session
    if now - session["seen_at"] < WRITE_EVERY or request.headers.get("X-Wellrun-Poll"):
        return
    session["seen_at"] = now
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=clock.system_now())


def places_of(request: HttpRequest) -> list[Place]:
    """Where this request's person is signed in, this browser first. Sessions that are over are ended on the way."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for row in UserSession.objects.purge_and_list(request.user):
        if why_over(store(row.session_key).load(), now=time.time()):
            row.end()
            continue
        here = row.session_key == request.session.session_key
        found.append(
            Place(
                id=row.pk,
                device=device_words(row.user_agent),
                address="" if row.ip == UNKNOWN_ADDRESS else row.ip,
                since=row.created_at,
                seen=clock.system_now() if here else row.last_seen_at,
                here=here,
            )
        )
    return sorted(found, key=lambda place: (not place.here, -place.seen.timestamp()))


def end(place_id: int, *, request: HttpRequest) -> bool:
    """Sign one browser of this person out. False when there is no such one (any more)."""
    row = UserSession.objects.filter(pk=place_id, user_id=request.user.pk).first()
    if row is None:
        return False
    here = row.session_key == request.session.session_key
    row.end()
    trail.note(request, "session_closed", user=request.user)
    if here:
        logout(request)
    return True


def end_others(request: HttpRequest) -> int:
    """Sign every other browser of this person out; returns how many there were."""
    rows = UserSession.objects.filter(user_id=request.user.pk).exclude(
        session_key=request.session.session_key or ""
    )
    ended = 0
    for row in rows:
        row.end()
        trail.note(request, "session_closed", user=request.user)
        ended += 1
    return ended


def forget_old() -> int:
    """Delete sessions that ran out and what pointed at them (nightly); returns how many were left behind."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    gone = UserSession.objects.exclude(session_key__in=store.get_model_class().objects.values("session_key"))
    return int(gone.delete()[0])

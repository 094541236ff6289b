"""The door for people outside, for whoever holds the address: ``/f/<secret>/`` is a form, ``/l/<secret>/`` a letter,
``/v/<secret>/`` a visit to confirm, ``/s/<secret>/`` a consent to sign, ``/c/<secret>/`` a calendar (LINK_DOORS).

What is unknown, ended, expired or used up answers with the very same page and status: who asks learns nothing about
any practice, not even a telephone number, for a guessed address must not be told from one that was good once. The
limits are counted before anything is looked up, in PostgreSQL (practice/public_rates.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from practice import public_rates
from practice.actor import Actor
from practice.audit import client_address
from practice.models import Practice
from practice.permissions import PracticePermission
from practice.selectors.secrets import find_secret
from practice.services.public_links import note_opened

LINK_PATH = re.compile(rf"^/(?P<door>[{''.join(settings.LINK_DOORS)}])/(?P<secret>[^/]*)/")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
# What the page itself answers; every other refusal below the address is the closed page.
OWN_ANSWERS = {200, 302, 304, 400, 403, 405, 413, 422, 429, 500, 503}
WRONG = 403  # a date that is none is 422 and counts for nothing
Door = tuple[Practice, Actor, Callable[[], Actor | None]]


def find_link_door(request: HttpRequest, *, door: str, secret: str) -> Door | HttpResponse:
    """Only a public link comes in here, whoever else is signed in at that browser."""
    request_id: str = request.id  # type: ignore[attr-defined]
    who = public_rates.household(client_address(request) or "")
    if wait := public_rates.spend("form_open", who=who):
        return too_many(seconds=wait)
    kind, named = settings.LINK_DOORS[door]
    found = find_secret(secret, kind=kind)
    if found is None:
        wait = public_rates.spend("form_unknown", who=who)
        return too_many(seconds=wait) if wait else closed()
    if request.method == "POST" and (wait := _sends(who, link=str(found.row_id))):
        return too_many(seconds=wait)
    practice, link_id = found.practice, found.row_id
    opening = Actor(kind="public_link", id=link_id, practice_id=practice.id, request_id=request_id)
    find_actor = import_string(named)
    return practice, opening, lambda: find_actor(link_id=link_id, practice=practice, request_id=request_id)


def _sends(who: str, *, link: str) -> int:
    return public_rates.spend("form_send", who=who) or public_rates.spend("form_send_link", who=link)


def closed() -> HttpResponse:
    """What every address says that opens nothing (any more)."""
    return HttpResponse(render_to_string("practice/public/closed.html"), status=404)


def too_many(*, seconds: int) -> HttpResponse:
    """Come back later."""
    minutes = -(-seconds // 60)
    page = render_to_string("practice/public/too_many.html", {"minutes": minutes})
    return HttpResponse(page, status=429, headers={"Retry-After": str(seconds)})


def too_large() -> HttpResponse:
    """More than all files of a form together may be."""
    return HttpResponse(render_to_string("practice/public/too_large.html"), status=413)


def hushed(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and no search engine, and its address told to no other site."""
    found = response if response.status_code in OWN_ANSWERS else closed()
    for name, value in HEADERS.items():
        found.setdefault(name, value)  # a calendar may keep what it has and ask whether it is still right
    return found


def note(request: Any, *, response: HttpResponse, actor: Actor) -> None:
    """After the answer: keep that the form was opened, or that a wrong date of birth was given (LINK_WRONG)."""
    if actor.kind != "public_link":
        return
    if response.status_code == WRONG:
        for permission, named in settings.LINK_WRONG.items():
            if actor.may(permission):
                import_string(named)(actor)
    elif actor.may(PracticePermission.FILL_FORM) and request.method == "GET" and response.status_code == 200:
        note_opened(actor)

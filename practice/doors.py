"""Who stands before a practice and as what: a person with a session, or a token. One door for each kind of actor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from practice import stepup
from practice.actor import Actor
from practice.link_door import LINK_PATH, find_link_door
from practice.models import Practice, PracticeProfile, TokenLookup
from practice.refusals import is_api, not_found, problem, unauthorized
from practice.selectors.displays import display_actor
from practice.selectors.people import must_set_up_second_factor, token_actor, user_actor
from practice.selectors.secrets import find_secret

# A wall display has no session and no header: its address is its key (practice/services/displays.py).
WALL_PATH = re.compile(r"^/p/[-a-zA-Z0-9_]+/wall/(?P<secret>[^/]*)")
Door = tuple[Practice, Actor, Callable[[], Actor | None]]


def find_door(request: HttpRequest, *, slug: str) -> Door | HttpResponse:
    """Whom to look for in which practice; unknown, foreign and forbidden practices all answer alike."""
    request_id: str = request.id  # type: ignore[attr-defined]
    if link := LINK_PATH.match(request.path_info):
        return find_link_door(request, **link.groupdict())
    if wall := WALL_PATH.match(request.path_info):
        return _wall_door(request, slug=slug, secret=wall["secret"])
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        owner = find_secret(header.removeprefix("Bearer ").strip(), kind=TokenLookup.Kind.TOKEN)
        if owner is None:
            return unauthorized(request)
        if owner.practice.slug != slug:
            request.foreign_practice = True  # type: ignore[attr-defined]  # counted for the operator
            return not_found(request)
        practice, token_id = owner.practice, owner.row_id
        opening = Actor(kind="token", id=token_id, practice_id=practice.id, request_id=request_id)
        return (
            practice,
            opening,
            lambda: token_actor(token_id=token_id, practice=practice, request_id=request_id),
        )
    if not request.user.is_authenticated:
        return unauthorized(request)
    found = Practice.objects.filter(slug=slug).first()
    if found is None:
        return not_found(request)
    user = request.user
    opening = Actor(kind="user", id=user.id, user_id=user.id, practice_id=found.id, request_id=request_id)
    return found, opening, lambda: user_actor(user=user, practice=found, request_id=request_id)


def _wall_door(request: HttpRequest, *, slug: str, secret: str) -> Door | HttpResponse:
    """Only a display comes in here, whoever else is signed in at that browser; any other address is no address."""
    request_id: str = request.id  # type: ignore[attr-defined]
    found = find_secret(secret, kind=TokenLookup.Kind.DISPLAY)
    if found is None or found.practice.slug != slug:
        return not_found(request)
    practice, display_id = found.practice, found.row_id
    opening = Actor(kind="display", id=display_id, practice_id=practice.id, request_id=request_id)
    return (
        practice,
        opening,
        lambda: display_actor(display_id=display_id, practice=practice, request_id=request_id),
    )


def enter(request: HttpRequest, *, practice: Practice, actor: Actor) -> None:
    """What every view may lean on: ``request.practice``, ``request.actor``, ``request.profile`` (read when asked for:
    programs hardly ever do).
    """
    if actor.kind == "user":
        actor = replace(actor, fresh=stepup.is_fresh(request))
    request.practice, request.actor = practice, actor  # type: ignore[attr-defined]
    request.comfortable = getattr(request.user, "comfortable_rows", False)  # type: ignore[attr-defined]
    request.profile = SimpleLazyObject(partial(PracticeProfile.objects.get, practice=practice))  # type: ignore[attr-defined]
    if actor.kind == "user":
        idle = request.profile.idle_minutes * 60  # type: ignore[attr-defined]
        if request.session.get("idle_seconds") != idle:
            request.session["idle_seconds"] = idle


def lacks_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Where people go whose role asks for a second factor and who have none: to its set-up, and nowhere else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not settings.MFA_REQUIRED or not must_set_up_second_factor(actor):
        return None
    if is_api(request):
        return problem(request, status=403, title="Your role asks for a second factor. Set one up first.")
    address = f"{reverse('mfa_index')}?required=1"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    return redirect(address)

"""The trail of people: who came in, failed to, and changed how they come in (ARCHITECTURE.md 5).

Events are noted on the request while it runs and written after its own transactions have ended, whatever became of
them, through a definer function. What was typed is never written: an unknown e-mail leaves a keyed hash, a password
nothing. Where allauth offers a hook of its adapters we use it (practice.accounts); its signals are connected here
for the rest (docs/adr/0006).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.db import connection
from django.http import HttpRequest, HttpResponse

from practice.audit import client_address
from practice.models import User
from practice.services.anchors import keyed_hash

# What the events are called on pages.
EVENTS = {
    "sign_in": "Signed in",
    "sign_out": "Signed out",
    "sign_in_failed": "Failed to sign in",
    "sign_in_locked": "Was locked out after too many tries",
    "session_ended": "Was signed out by a time limit",
    "session_closed": "Signed out another device",
    "factor_added": "Added a second factor",
    "factor_removed": "Removed a second factor",
    "factor_reset": "Made new recovery codes",
    "factor_used": "Passed the second factor",
    "factor_failed": "Failed the second factor",
    "password_changed": "Changed the password",
    "password_reset": "Set a new password by e-mail",
    "password_reset_asked": "Asked to reset the password",
    "email_added": "Asked to change the e-mail",
    "email_removed": "Removed an e-mail",
    "email_changed": "Changed the e-mail",
    "email_confirmed": "Confirmed an e-mail",
    "signed_up": "Signed up",
    "practice_refused": "Tried to open a practice they do not belong to",
}


def note(request: Any, event: str, *, user: Any = None, typed: str = "", detail: str = "") -> None:
    """Keep an event until the request has ended. ``typed``: what somebody entered who may not exist.

    An event of a known person says who; otherwise a keyed hash tells apart who was tried, to nobody else.
    """
    if event not in EVENTS:
        raise ValueError(f"unknown event {event}")
    person = getattr(user, "pk", None)
    if person is None and typed:
        person = User.objects.filter(email=typed.strip().lower()).values_list("pk", flat=True).first()
        if person is None:
            detail = keyed_hash(typed.strip().lower(), purpose="typed")[:32]
    request.trail = [*getattr(request, "trail", ()), (event, person, detail[:80])]


def write(request: Any) -> None:
    """Write what was noted. Raises when it cannot: the trail fails closed."""
    events: list[tuple[str, uuid.UUID | None, str]] = getattr(request, "trail", [])
    if not events:
        return
    request.trail = []
    with connection.cursor() as cursor:
        for event, person, detail in events:
            cursor.execute(
                "SELECT note_person(%s, %s, %s, %s, %s)",
                [event, str(person) if person else None, detail, client_address(request), request.id],
            )


class TrailMiddleware:
    """Writes the events of a request after everything of it has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        write(request)
        return response


def _kind(authenticator: Any) -> str:
    return str(getattr(authenticator, "type", ""))


def factor_added(request: Any, user: Any, authenticator: Any = None, **_: Any) -> None:
    """allauth.mfa: a second factor was added."""
    note(request, "factor_added", user=user, detail=_kind(authenticator))


def factor_removed(request: Any, user: Any, authenticator: Any = None, **_: Any) -> None:
    """allauth.mfa: a second factor was removed."""
    note(request, "factor_removed", user=user, detail=_kind(authenticator))


def factor_reset(request: Any, user: Any, authenticator: Any = None, **_: Any) -> None:
    """allauth.mfa: recovery codes were made anew."""
    note(request, "factor_reset", user=user, detail=_kind(authenticator))


def factor_used(request: Any, user: Any, authenticator: Any = None, **_: Any) -> None:
    """allauth.mfa: a second factor was passed."""
    note(request, "factor_used", user=user, detail=_kind(authenticator))


def factor_failed(request: Any, user: Any, authenticator: Any = None, **_: Any) -> None:
    """allauth.mfa: a wrong code, or a key that is not theirs."""
    note(request, "factor_failed", user=user, detail=_kind(authenticator))


def password_changed(request: Any, user: Any, **_: Any) -> None:
    """allauth: the password was changed by its owner."""
    note(request, "password_changed", user=user)


def password_reset(request: Any, user: Any, **_: Any) -> None:
    """allauth: the password was set anew through a mailed link."""
    note(request, "password_reset", user=user)


def email_added(request: Any, user: Any, **_: Any) -> None:
    """allauth: another address was entered."""
    note(request, "email_added", user=user)


def email_removed(request: Any, user: Any, **_: Any) -> None:
    """allauth: an address was removed."""
    note(request, "email_removed", user=user)


def email_changed(request: Any, user: Any, **_: Any) -> None:
    """allauth: another address is the one to sign in with."""
    note(request, "email_changed", user=user)


def email_confirmed(request: Any, email_address: Any, **_: Any) -> None:
    """allauth: somebody followed the link in a mail."""
    if request is not None:
        note(request, "email_confirmed", user=email_address.user)


def signed_up(request: Any, user: Any, **_: Any) -> None:
    """allauth: a new person."""
    note(request, "signed_up", user=user)


def connect() -> None:
    """Listen where allauth has no hook. Called once, when the process starts."""
    pairs = (
        (mfa.authenticator_added, factor_added),
        (mfa.authenticator_removed, factor_removed),
        (mfa.authenticator_reset, factor_reset),
        (mfa.authenticator_used, factor_used),
        (mfa.authentication_failed, factor_failed),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (account.password_reset, password_reset),
        (account.email_added, email_added),
        (account.email_removed, email_removed),
        (account.email_changed, email_changed),
        (account.email_confirmed, email_confirmed),
        (account.user_signed_up, signed_up),
    )
    for signal, receiver in pairs:
        signal.connect(receiver, dispatch_uid=receiver.__name__)

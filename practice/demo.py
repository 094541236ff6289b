"""Demo mode's conveniences: one-click log-in for each of the cast, and a mailbox of every e-mail sent."""

from __future__ import annotations

import email
import json
import uuid
from email import policy
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from practice import trail
from practice.models import User
from practice.startup import CAST_DOMAIN


def _only_in_demo() -> None:
    if settings.MODE not in ("demo", "dev"):
        raise Http404


def cast() -> list[dict[str, Any]]:
    """The demo's people for the sign-in page: who they are, as what and where (from the file the seed wrote)."""
    path = settings.STATE / "logins.json"
    written = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    roles = {entry["email"]: entry for entry in written}
    people = User.objects.filter(email__endswith=CAST_DOMAIN, is_active=True).order_by("created_at", "id")
    return [
        {
            "id": person.id,
            "name": person.name,
            "initials": "".join(word[0] for word in person.name.split()[:2]),
            "role": roles.get(person.email, {}).get("role", "").replace("_", " ").capitalize(),
            "practice": roles.get(person.email, {}).get("practice", ""),
        }
        for person in people
    ]


@require_POST
def log_in(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Sign in as one of the cast. Exists in demo and dev only, and for demo addresses only."""
    _only_in_demo()
    user = User.objects.filter(pk=user_id, email__endswith=CAST_DOMAIN, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    trail.note(request, "sign_in", user=user, detail="demo")
    return redirect("home")


def _messages() -> list[dict[str, Any]]:
    if not settings.MAILBOX.is_dir():
        return []
    found = []
    for path in sorted(settings.MAILBOX.glob("*.log"), key=lambda p: p.stat().st_mtime, reverse=True)[:200]:
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append(
            {
                "name": path.stem,
                "to": message["To"],
                "subject": message["Subject"],
                "date": message["Date"],
                "body": message.get_body(("plain",)),
            }
        )
    return found


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every e-mail the product sent, newest first."""
    _only_in_demo()
    return render(request, "practice/mailbox.html", {"messages_sent": _messages()})


@require_GET
def message(request: HttpRequest, name: str) -> HttpResponse:
    """One e-mail as plain text."""
    _only_in_demo()
    for found in _messages():
        if found["name"] == name:
            body = found["body"].get_content() if found["body"] else ""
            return render(request, "practice/message.html", {"message": found, "body": body})
    raise Http404

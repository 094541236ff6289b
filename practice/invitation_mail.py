"""The mail of an invitation: practice, inviter, roles and the link. Nothing about any patient is in it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from kit.words import long_date
from practice import jobs
from practice.models import Invitation
from practice.selectors.invitations import last_day
from practice.services.invitations import renew_secret


def mail(job: jobs.Job) -> None:
    """Make the link's secret in one step, then send it. A second run makes a second secret; the last one counts."""
    invitation_id = uuid.UUID(job.args["invitation_id"])
    with job.step() as actor:
        invitation = (
            Invitation.objects.select_related("practice", "invited_by__user").filter(pk=invitation_id).first()
        )
        raw = renew_secret(invitation, actor=actor) if invitation is not None else None
        roles = (
            [link.role.name for link in invitation.role_links.select_related("role")] if invitation else []
        )
        until = last_day(invitation) if invitation else date.max
    if invitation is not None and raw is not None:
        _send(invitation, raw=raw, roles=roles, until=until)


def _send(invitation: Invitation, *, raw: str, roles: list[str], until: date) -> None:
    inviter = str(invitation.invited_by.user) if invitation.invited_by else invitation.practice.name
    context: dict[str, Any] = {
        "name": invitation.name,
        "practice": invitation.practice.name,
        "inviter": inviter,
        "roles": ", ".join(sorted(roles)),
        "until": until,
        "link": settings.BASE_URL.rstrip("/") + reverse("invitation", kwargs={"secret": raw}),
    }
    message = EmailMultiAlternatives(
        subject=f"Join {invitation.practice.name} on Wellrun", body=_text(**context), to=[invitation.email]
    )
    message.attach_alternative(render_to_string("practice/mail/invitation.html", context), "text/html")
    message.send()


def _text(*, name: str, practice: str, inviter: str, roles: str, until: date, link: str) -> str:
    lines = [f"Hello {name},", ""] if name else []
    lines += [
        f"{inviter} invites you to work with {practice} on Wellrun, as: {roles}.",
        "",
        f"Open this link to join. It works once, until {long_date(until)}:",
        link,
        "",
        "If you did not expect this, you need not do anything.",
    ]
    return "\n".join(lines)

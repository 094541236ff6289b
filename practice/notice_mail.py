"""The mail that says that something waits: how many of which kind, the practice, a link. Never a word of the notice."""

from __future__ import annotations

import uuid
from collections import Counter

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from kit import clock
from practice import jobs
from practice.models import Membership, Notice
from practice.notices import kinds


def mail(job: jobs.Job) -> None:
    """Mail one member what is unread and not mailed yet; nothing when all was read meanwhile, or the member has left.

    The rows are marked in the step that reads them: a worker killed before sending leaves a mail unsent, and the
    notice in the app, which is the lesser harm than the same mail again and again.
    """
    with job.step():
        member = (
            Membership.objects.select_related("user", "practice")
            .filter(pk=uuid.UUID(job.args["member_id"]), ended_at=None)
            .first()
        )
        waiting = list(
            Notice.objects.select_for_update(no_key=True, of=("self",)).filter(
                member=member, by_mail=True, mailed_at=None
            )
            if member is not None
            else Notice.objects.none()
        )
        unread = [row for row in waiting if row.read_at is None]
        Notice.objects.filter(pk__in=[row.pk for row in waiting]).update(mailed_at=clock.now())
    if member is not None and unread:
        _send(member, counted=Counter(row.kind for row in unread))


def _send(member: Membership, *, counted: Counter[str]) -> None:
    lines = [(kinds()[code].subject, number) for code, number in counted.items() if code in kinds()]
    link = settings.BASE_URL.rstrip("/") + reverse(
        "practice:notices", kwargs={"practice": member.practice.slug}
    )
    context = {"practice": member.practice.name, "name": member.user.name, "lines": lines, "link": link}
    subject = lines[0][0] if len(lines) == 1 else f"{sum(counted.values())} things wait for you"
    told = "\n".join(
        f"- {subject}" + (f" ({number} times)" if number > 1 else "") for subject, number in lines
    )
    message = EmailMultiAlternatives(
        subject=f"{subject} · {member.practice.name}",
        body=f"In {member.practice.name} on Wellrun:\n\n{told}\n\nRead it there: {link}\n",
        to=[member.user.email],
    )
    message.attach_alternative(render_to_string("practice/mail/notices.html", context), "text/html")
    message.send()

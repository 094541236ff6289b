"""The mail to whoever reviews opened records: that it happened, who did it, where to look. Nothing of the patient."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from kit import words
from patients.models import BreakGlass
from patients.selectors.break_glass import reviewers
from practice.actor import Actor
from practice.models import Practice, PracticeProfile


def written(grant_id: str, *, actor: Actor) -> list[EmailMultiAlternatives]:
    """One mail per reviewer; none when the grant is gone. No name, number or reason in the person's own words."""
    grant = BreakGlass.objects.select_related("membership__user").filter(pk=grant_id).first()
    if grant is None:
        return []
    practice = Practice.objects.get(pk=actor.practice_id)
    zone = ZoneInfo(PracticeProfile.objects.get(practice=practice).timezone)
    page = reverse("kit:patients_opening_detail", kwargs={"practice": practice.slug, "pk": grant.pk})
    context = {
        "practice": practice.name,
        "who": str(grant.membership),
        "day": words.us_date(grant.starts_at.astimezone(zone).date()),
        "time": words.us_time(grant.starts_at.astimezone(zone)),
        "until": words.us_time(grant.ends_at.astimezone(zone)),
        "reason": grant.get_reason_display(),
        "url": f"{settings.BASE_URL}{page}",
    }
    mails = []
    for address in reviewers(actor.practice_id):
        mail = EmailMultiAlternatives(
            subject="A restricted record was opened",
            body=render_to_string("patients/mail/opened.txt", context),
            to=[address],
        )
        mail.attach_alternative(render_to_string("patients/mail/opened.html", context), "text/html")
        mails.append(mail)
    return mails


def send(mails: Sequence[EmailMultiAlternatives]) -> int:
    """Hand them to the mail server. A failure is tried again by the job: a second mail is better than none."""
    return get_connection().send_messages(list(mails)) or 0

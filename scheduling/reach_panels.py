"""The box "Reminders" on the page of a visit: what was planned and sent, and what was answered."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse

from kit import clock
from kit.status import status_of
from kit.words import us_date, us_time
from practice.actor import Actor
from practice.panels import Box, Panel
from scheduling.models import Appointment
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import reminders
from scheduling.selectors.appointments import zone_of


def reminders_box(visit: Appointment, *, actor: Actor, slug: str) -> Panel | None:
    """Every reminder with its end in words, every answer, and the button that shuts the links."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return None
    zone = zone_of(visit.location)
    sent = [
        {
            "url": reverse("kit:scheduling_reminder_detail", kwargs={"practice": slug, "pk": each.pk}),
            "what": each.get_channel_display(),
            "at": _at(each.sent_at or each.due_at, zone=zone),
            "status": status_of(each),
            "said": each.said,
        }
        for each in reminders.of_visit(visit)
    ]
    answers = [
        {
            "url": reverse("kit:scheduling_reply_detail", kwargs={"practice": slug, "pk": each.pk}),
            "what": each.get_meaning_display(),
            "at": _at(each.received_at, zone=zone),
            "status": status_of(each),
            "said": each.outcome,
        }
        for each in reminders.replies_of(visit)
    ]
    open_links = visit.links.filter(revoked_at=None, expires_at__gt=clock.now()).exists()
    if not (sent or answers or open_links):
        return None
    shut = reverse("scheduling:close_links", kwargs={"practice": slug, "pk": visit.pk})
    may_shut = open_links and actor.may(SchedulingPermission.BOOK_VISIT)
    context = {"sent": sent, "answers": answers, "shut": shut if may_shut else "", "nonce": uuid4()}
    return Panel(boxes=(Box(title="Reminders", template="scheduling/_reminders.html", context=context),))


def _at(moment: Any, *, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{us_date(local.date())} {us_time(local)}"

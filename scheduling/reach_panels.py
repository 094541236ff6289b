"""What reminders, answers and the missed-visit policy add to the pages of visits and patients (CONTRIBUTIONS)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse

from kit import clock
from kit.status import status_of
from kit.words import us_date, us_time
from patients.models import Patient
from practice.actor import Actor
from practice.panels import Box, Fact, Panel, Step
from scheduling.models import Appointment, CalendarFeed
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import missed, reminders, telehealth
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


def missed_box(visit: Appointment, *, actor: Actor, slug: str) -> Panel | None:
    """What the policy made of a visit that was missed."""
    miss = missed.miss_of(visit) if actor.may(SchedulingPermission.VIEW_SCHEDULE) else None
    if miss is None:
        return None
    url = reverse("kit:scheduling_missed_detail", kwargs={"practice": slug, "pk": miss.pk})
    box = Box(title="Missed visit", template="scheduling/_missed.html", context={"miss": miss, "url": url})
    return Panel(boxes=(box,))


def missed_fact(patient: Patient, *, actor: Actor, slug: str) -> Panel | None:
    """How many visits the patient missed in the policy's period; nothing for who missed none."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return None
    tally = missed.tally_today(patient, actor=actor)
    if not tally.count:
        return None
    address = reverse("kit:scheduling_missed_list", kwargs={"practice": slug})
    fact = Fact(
        label="Missed visits",
        value=str(tally.count),
        note=f"In {tally.months} months",
        url=f"{address}?patient={patient.pk}",
        tone="warn" if tally.over else "",
    )
    return Panel(facts=(fact,))


def telehealth_box(visit: Appointment, *, actor: Actor, slug: str) -> Panel | None:
    """How a remote visit takes place, on the patient's clock too, and that a licence is missing."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return None
    details, may = telehealth.details_of(visit), actor.may(SchedulingPermission.BOOK_VISIT)
    remote = telehealth.is_remote(visit, details=details)
    if not remote and details is None and not may:
        return None
    clock_there = telehealth.patients_clock(visit, details=details)
    local = visit.starts_at.astimezone(clock_there) if clock_there else None
    context = {
        "remote": remote,
        "how": details.get_modality_display() if details else visit.type.get_modality_display(),
        "details": details,
        "state": (details.state if details else "") or visit.patient.state,
        "local": f"{us_date(local.date())} {us_time(local)} {local:%Z}" if local else "",
        "warning": telehealth.unlicensed(
            visit.provider, kind=visit.type, patient=visit.patient, day=visit.local_day, details=details
        ),
        "url": reverse("scheduling:telehealth", kwargs={"practice": slug, "pk": visit.pk}) if may else "",
    }
    return Panel(boxes=(Box(title="Takes place", template="scheduling/_telehealth.html", context=context),))


def feed(feed: CalendarFeed, *, actor: Actor, slug: str) -> Panel | None:
    """The way to another address."""
    if not feed.is_live:
        return None
    address = reverse("scheduling:feed_renew", kwargs={"practice": slug, "pk": feed.pk})
    return Panel(steps=(Step(label="New address", url=address),))


def _at(moment: Any, *, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{us_date(local.date())} {us_time(local)}"

"""A complaint that somebody sent through a public form, once a member has accepted it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from patients.models import Complaint
from patients.services import complaints
from practice.actor import Actor
from practice.models import FormSubmission, PracticeProfile

CATEGORIES = {"care": Complaint.Category.CLINICAL} | {
    str(label).lower(): value for value, label in Complaint.Category.choices
}
SUMMARY = 160


def open_from(submission: FormSubmission, *, answers: dict[str, Any], about: Any, actor: Actor) -> Complaint:
    """Open the complaint: its clocks run from the day it was sent, not from the day somebody looked at it.

    What comes in writing is a grievance. Nobody is matched to a patient: that is the desk's judgement.
    """
    zone = PracticeProfile.objects.values_list("timezone", flat=True).get(practice_id=actor.practice_id)
    told = str(answers.get("what") or "").strip()
    category = str(answers.get("category") or "").lower()
    return complaints.receive(
        channel=Complaint.Channel.EMAIL,
        category=CATEGORIES.get(category, Complaint.Category.COMMUNICATION),
        summary=_summary(told),
        details=_details(told, answers=answers, submission=submission),
        complainant=str(answers.get("name") or "")[:120],
        received_on=timezone.localtime(submission.sent_at, ZoneInfo(zone)).date(),
        actor=actor,
    )


def _summary(told: str) -> str:
    first = " ".join(told.split())
    return first if len(first) <= SUMMARY else f"{first[: SUMMARY - 1].rsplit(' ', 1)[0]}…"


def _details(told: str, *, answers: dict[str, Any], submission: FormSubmission) -> str:
    said = {
        "Happened on": answers.get("happened_on"),
        "Wishes": answers.get("wish"),
        "Phone": answers.get("phone"),
        "Email": answers.get("email"),
    }
    lines = [f"{label}: {value}" for label, value in said.items() if value not in (None, "")]
    source = f"{submission} of the form “{submission.form}”"
    return "\n".join([told, *([""] if lines else []), *lines, "", source])

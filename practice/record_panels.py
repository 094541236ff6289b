"""What the tenant's room adds to the pages of its own records: a token's next one, an export's file, readers."""

from __future__ import annotations

from django.urls import reverse

from kit import clock
from practice.actor import Actor
from practice.models import Announcement, ApiToken, ChecklistTemplate, PracticeExport
from practice.panels import Box, Panel, Step
from practice.permissions import PracticePermission
from practice.selectors import announcements as announced
from practice.selectors.days import practice_today
from practice.services.exports import job_of

LEFT_SHOWN = 30


def token(token: ApiToken, *, actor: Actor, slug: str) -> Panel | None:
    """The way to a new secret for a client, while the old one works a little longer."""
    if not token.is_live or token.successor_id is not None:
        return None
    address = reverse("practice:token_rotate", kwargs={"practice": slug, "token_id": token.pk})
    context = {"address": address, "token": token}
    return Panel(boxes=(Box(title="Replace", template="practice/_token_rotate.html", context=context),))


def export(export: PracticeExport, *, actor: Actor, slug: str) -> Panel | None:
    """The file while it can be fetched, the job while it is made."""
    if export.state == PracticeExport.State.READY and export.expires_at and export.expires_at > clock.now():
        address = reverse("practice:export_file", kwargs={"practice": slug, "export_id": export.pk})
        return Panel(steps=(Step(label="Download", url=address, primary=True),))
    job = job_of(export) if export.state == PracticeExport.State.ORDERED else None
    if job is None:
        return None
    address = reverse("practice:job", kwargs={"practice": slug, "job_id": job.pk})
    return Panel(steps=(Step(label="See progress", url=address, primary=True),))


def announcement(announcement: Announcement, *, actor: Actor, slug: str) -> Panel | None:
    """The way to its words with their button for whom it waits; for who announces, who has not read it yet."""
    waiting = announced.waiting_for(actor, today=practice_today(actor)).filter(pk=announcement.pk)
    steps, boxes = [], []
    if waiting.exists():
        where = {"practice": slug, "announcement_id": announcement.pk}
        label = "Read and confirm" if announcement.must_confirm else "Mark as read"
        steps.append(Step(label=label, url=reverse("practice:announcement_read", kwargs=where), primary=True))
    if announcement.is_shown and actor.may(PracticePermission.ANNOUNCE):
        read, left = announced.receipts_left(announcement, actor=actor)
        shown = {
            "read": read,
            "of": read + len(left),
            "left": left[:LEFT_SHOWN],
            "more": len(left[LEFT_SHOWN:]),
        }
        boxes.append(
            Box(title="Who has not read it", template="practice/_announcement_left.html", context=shown)
        )
    return Panel(steps=tuple(steps), boxes=tuple(boxes)) if steps or boxes else None


def checklist(template: ChecklistTemplate, *, actor: Actor, slug: str) -> Panel | None:
    """The steps that the next one gets."""
    version = template.versions.filter(number=template.version).first()
    steps = list(version.steps.order_by("position")) if version else []
    title = f"Steps, version {template.version}" if version else "Steps"
    return Panel(
        boxes=(Box(title=title, template="practice/_checklist_steps.html", context={"steps": steps}),)
    )

"""The nightly check of a practice's audit trail: its result on record, a work item when it fails, the head by mail."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.mail import EmailMessage
from django.db import transaction

from practice.actor import Actor
from practice.jobs import Job
from practice.models import (
    AuditSeal,
    AuditVerification,
    Membership,
    Practice,
    PracticeProfile,
    RolePermission,
    WorkItem,
)
from practice.permissions import PracticePermission
from practice.services import work
from practice.services.verification import Report, verify

KIND = "audit.broken"


@dataclass(frozen=True)
class Letter:
    """What is mailed to those who watch over the trail: no personal data, only the chain's head."""

    to: list[str]
    subject: str
    body: str


def check(*, actor: Actor) -> Report:
    """Verify the practice's chain. In a read-only step of a job."""
    slug = Practice.objects.values_list("slug", flat=True).get(pk=actor.practice_id)
    return verify(practice_id=actor.practice_id, slug=slug)


@transaction.atomic
def record(report: Report, *, actor: Actor) -> AuditVerification:
    """Keep what a check found; open a work item for findings, close it once a later check finds none."""
    actor.require(PracticePermission.VIEW_AUDIT)
    kept = AuditVerification.objects.create(
        practice_id=actor.practice_id,
        batches=report.batches,
        rows=report.rows,
        seconds=Decimal(str(round(report.seconds, 1))),
        findings=len(report.findings),
        first_finding=str(report.findings[0])[:400] if report.findings else "",
        head=report.head,
    )
    profile = PracticeProfile.objects.get(practice_id=actor.practice_id)
    if report.findings:
        work.open_item(
            KIND,
            record=profile,
            title="The audit trail was tampered with: see Settings, Audit trail, Seal",
            permission=PracticePermission.VIEW_AUDIT,
            actor=actor,
        )
    elif WorkItem.objects.filter(kind=KIND, state=WorkItem.State.OPEN).exists():
        work.close_items(profile, kind=KIND, outcome="A later check found the trail untouched", actor=actor)
    return kept


def letter(report: Report, *, actor: Actor) -> Letter:
    """The head of the chain for everybody who may see the trail: a copy that no administrator can change."""
    actor.require(PracticePermission.VIEW_AUDIT)
    name = Practice.objects.values_list("name", flat=True).get(pk=actor.practice_id)
    head = AuditSeal.objects.order_by("-number").first()
    holders = RolePermission.objects.filter(permission=PracticePermission.VIEW_AUDIT).values("role_id")
    members = Membership.objects.filter(ended_at=None, user__is_active=True, role_links__role_id__in=holders)
    state = f"{len(report.findings)} places where it was tampered with" if report.findings else "untouched"
    lines = [
        f"Audit trail of {name}",
        "",
        f"Result of the check: {state}",
        f"Entries checked: {report.rows:,} in {report.batches:,} batches",
        f"Newest batch: {head.number if head else 'none yet'}",
        f"Head of the chain: {report.head or 'none yet'}",
        "",
        "Keep this message. If anybody ever doubts the trail, the head shows whether it still holds what it held "
        "today:",
        "./run verify-audit --practice … --head …",
    ]
    return Letter(
        to=sorted(set(members.values_list("user__email", flat=True))),
        subject=f"Audit trail of {name}: {state}",
        body="\n".join(lines),
    )


def post(mailed: Letter) -> int:
    """Send a letter to each of its readers alone. Outside any transaction. Returns how many were sent."""
    for address in mailed.to:
        EmailMessage(subject=mailed.subject, body=mailed.body, to=[address]).send()
    return len(mailed.to)


def run(job: Job) -> dict[str, int]:
    """The job: check, keep the result, mail the head (each night; not when somebody asked on the page)."""
    with job.step(read_only=True) as actor:
        report = check(actor=actor)
    with job.step() as actor:
        record(report, actor=actor)
        mailed = letter(report, actor=actor)
    sent = 0 if job.key.startswith("asked") else post(mailed)
    return {"rows": report.rows, "findings": len(report.findings), "sent": sent}

"""The tenant's own background work."""

from __future__ import annotations

from typing import Any

from practice import jobs
from practice.invitation_mail import mail
from practice.services import approval_clock, audit_checks, exports, housekeeping, invitations


@jobs.kind(exports.KIND, label="Export of everything")
def make_export(job: jobs.Job) -> dict[str, Any]:
    """Make an export that an owner asked for."""
    return exports.make(job)


@jobs.kind("practice.housekeeping", label="Housekeeping", every="night")
def keep_house(job: jobs.Job) -> dict[str, int]:
    """Delete what has served: answers, finished work, exports, drafts, sessions."""
    return housekeeping.tidy(job)


@jobs.kind(invitations.MAIL, label="Mail an invitation")
def mail_invitation(job: jobs.Job) -> None:
    """Send the link of one invitation."""
    mail(job)


@jobs.kind("practice.verify_audit", label="Check of the audit trail", every="night")
def verify_audit(job: jobs.Job) -> dict[str, int]:
    """Verify the chain, keep the result, mail the head to those who watch over it."""
    return audit_checks.run(job)


@jobs.kind("practice.approvals", label="Overdue and expired approvals", every="night")
def watch_approvals(job: jobs.Job) -> dict[str, int]:
    """Say which approvals are overdue, and end those that waited too long."""
    with job.step() as actor:
        return approval_clock.run(actor=actor)

"""The tenant's own background work."""

from __future__ import annotations

from typing import Any

from practice import jobs, notice_mail
from practice.invitation_mail import mail
from practice.services import audit_checks, bulk, exports, housekeeping, invitations, notices


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


@jobs.kind(bulk.KIND, label="One act on many records")
def act_on_many(job: jobs.Job) -> dict[str, int]:
    """Go on with a run where it stands."""
    return bulk.carry_out(job)


@jobs.kind(notices.MAIL, label="Mail about notices")
def mail_notices(job: jobs.Job) -> None:
    """Tell a member by mail that something waits."""
    notice_mail.mail(job)

"""The tenant's own background work."""

from __future__ import annotations

from typing import Any

from practice import jobs, letter_work, notice_mail, work_jobs  # noqa: F401  the last one registers its kinds
from practice.invitation_mail import mail
from practice.services import (
    approval_clock,
    audit_checks,
    bulk,
    checklist_days,
    exports,
    housekeeping,
    import_engine,
    import_runs,
    import_undo,
    invitations,
    letter_channels,
    letters,
    notices,
    print_queue,
)


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


@jobs.kind(letters.PDF, label="Make the PDF of a letter")
def make_letter_pdf(job: jobs.Job) -> dict[str, Any]:
    """Render one letter and keep the file with it."""
    return letter_work.make_pdf(job)


@jobs.kind(print_queue.PDF, label="Make the PDF of a print run")
def make_batch_pdf(job: jobs.Job) -> dict[str, Any]:
    """Render every letter of a print run into one file."""
    return letter_work.make_batch_pdf(job)


@jobs.kind(letter_channels.MAIL, label="E-mail a letter")
def mail_letter(job: jobs.Job) -> dict[str, str]:
    """E-mail that a letter waits, or the letter when nothing in it is personal."""
    return letter_work.mail(job)


@jobs.kind("practice.approvals", label="Overdue and expired approvals", every="night")
def watch_approvals(job: jobs.Job) -> dict[str, int]:
    """Say which approvals are overdue, and end those that waited too long."""
    with job.step() as actor:
        return approval_clock.run(actor=actor)


@jobs.kind(import_runs.KIND, label="Import")
def import_files(job: jobs.Job) -> None:
    """Try an import, or carry it through from where it stands."""
    import_engine.carry_out(job)


@jobs.kind(import_runs.UNDO, label="Undo of an import")
def undo_import(job: jobs.Job) -> None:
    """Withdraw what an import made."""
    import_undo.carry_out(job)


@jobs.kind("practice.checklists", label="Make the day’s checklists", every="night")
def make_checklists(job: jobs.Job) -> dict[str, int]:
    """Make today's, then mark what nobody signed; twice in a night changes nothing."""
    with job.step() as actor:
        made = checklist_days.make_day(actor=actor)
    with job.step() as actor:
        return {"made": made, "missed": checklist_days.close_day(actor=actor)}


@jobs.kind(checklist_days.DUE_JOB, label="Look for overdue checklists")
def chase_checklists(job: jobs.Job) -> dict[str, int]:
    """At an hour when some are due: what is not signed is work."""
    with job.step() as actor:
        return {"overdue": checklist_days.chase(actor=actor)}

"""The demo's HIPAA programmes, and one audit of the Security Rule half answered, with findings and actions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.models import Audit, AuditAnswer
from compliance.services import audits, findings
from compliance.services.programmes import install_programme
from kit import clock
from practice.story import Story

ZONE = ZoneInfo("America/New_York")
STARTED_DAYS_AGO = 41
PARTLY = {"S5": "Logs are read, but nobody signs that they were", "S13": "One reminder this year"}
NOT_MET = {"S21": "No restore was tried since last summer", "S35": "Two people share the log-in at checkout"}
NOT_APPLICABLE = {"S10": "No clearinghouse is part of this practice"}
ANSWERED = 26
LOG = b"Reviewed on the first working day of each month.\n"
# item, what was found, how bad, then the actions: days from its start until due, what, proof when it is done
FOUND: tuple[tuple[str, str, str, tuple[tuple[int, str, str], ...]], ...] = (
    (
        "S35",
        "Checkout at Riverside shares one log-in",
        "high",
        ((10, "Give both a log-in of their own", "Two users made; the shared one was ended"),
         (25, "Tell everybody why log-ins are personal", "")),
    ),
    ("S21", "No restore test since last summer", "medium", ((40, "Restore last night's backup to a spare disk", ""),)),
    ("S5", "Log reviews are not signed", "low", ()),
)  # fmt: skip


def seed(story: Story) -> None:
    """Install both programmes; in the large practice run an audit to its middle."""
    lead = story.cast.get("compliance") or story.cast.get("manager")
    began = datetime.combine(story.today - timedelta(days=STARTED_DAYS_AGO), time(12), tzinfo=ZONE)
    with clock.at(began):
        security = install_programme(actor=story.actor, checklist="security", owner=lead)
        install_programme(actor=story.actor, checklist="privacy", owner=lead)
        if story.small:
            return
        audit = audits.start_audit(
            programme=security, name=f"HIPAA Security Rule {story.today.year}", lead=lead, actor=story.actor
        )
    with clock.at(began + timedelta(days=20)):
        _answer(story, audit=audit)
        _find(story, audit=audit)
    findings.chase_overdue(actor=story.actor)


def _answer(story: Story, *, audit: Audit) -> None:
    found = audit.answers.select_related("item", "audit_round").order_by("item__position")
    for number, record in enumerate(found):
        code = record.item.code
        if code in PARTLY | NOT_MET:
            _gap(story, record=record, notes=(PARTLY | NOT_MET)[code])
        elif code in NOT_APPLICABLE:
            audits.answer(record, answer="na", notes=NOT_APPLICABLE[code], actor=story.actor)
        elif number < ANSWERED:
            audits.answer(
                record, answer="met", notes="Policy read and two samples looked at", actor=story.actor
            )


def _gap(story: Story, *, record: AuditAnswer, notes: str) -> None:
    if record.item.code == "S5":
        file = SimpleUploadedFile("log-review.txt", LOG)
        audits.attach(record, file=file, note="How logs are reviewed", actor=story.actor)
    given = "partly" if record.item.code in PARTLY else "not_met"
    instead = "" if record.item.is_required else "Backups are read back nightly by the program itself"
    audits.answer(record, answer=given, notes=notes, alternative=instead, actor=story.actor)


def _find(story: Story, *, audit: Audit) -> None:
    for code, title, severity, plan in FOUND:
        record = audit.answers.select_related("item", "audit_round").get(item__code=code)
        finding = findings.raise_finding(record, title=title, severity=severity, actor=story.actor)
        for days, text, proof in plan:
            action = findings.add_action(
                finding=finding, text=text, due_on=finding.found_on + timedelta(days=days), actor=story.actor
            )
            if proof:
                findings.complete_action(action, proof=proof, actor=story.actor)

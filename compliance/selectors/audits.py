"""Audits, answers, findings and corrective actions, as far as an actor may see them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from compliance.models import Audit, AuditAnswer, CorrectiveAction, Finding
from compliance.permissions import CompliancePermission
from compliance.rules import Progress
from practice.actor import Actor
from practice.models import Attachment
from practice.selectors.days import practice_today

ANSWER_KIND = "compliance.auditanswer"


def visible_to(actor: Actor) -> QuerySet[Audit]:
    """Audits of the whole practice and of the actor's sites."""
    if not actor.may(CompliancePermission.VIEW_COMPLIANCE):
        return Audit.objects.none()
    found = Audit.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(Q(location_id__in=actor.locations) | Q(location=None))
    return found


def listed(actor: Actor) -> QuerySet[Audit]:
    """The same, with how many items each has and how many are answered."""
    rows = AuditAnswer.objects.filter(audit_round=OuterRef("pk")).order_by().values("audit_round")
    told = rows.exclude(answer=AuditAnswer.Answer.OPEN)
    return visible_to(actor).annotate(
        items=Coalesce(Subquery(rows.annotate(n=Count("id")).values("n")), 0),
        answered=Coalesce(Subquery(told.annotate(n=Count("id")).values("n")), 0),
    )


def get_audit(audit_id: uuid.UUID, *, actor: Actor) -> Audit:
    """One audit with programme and lead, or 404."""
    found = (
        visible_to(actor).select_related("programme", "location", "lead__user").filter(pk=audit_id).first()
    )
    if found is None:
        raise Http404
    return found


def answers(actor: Actor) -> QuerySet[AuditAnswer]:
    """Answers of those audits, each with its item and audit."""
    found = AuditAnswer.objects.filter(audit_round__in=visible_to(actor))
    return found.select_related("item", "audit_round")


def get_answer(answer_id: uuid.UUID, *, actor: Actor) -> AuditAnswer:
    """One answer, or 404."""
    found = answers(actor).select_related("audit_round__programme", "answered_by__user").filter(pk=answer_id)
    record = found.first()
    if record is None:
        raise Http404
    return record


def findings(actor: Actor) -> QuerySet[Finding]:
    """Findings of those audits."""
    return Finding.objects.filter(answer__audit_round__in=visible_to(actor))


def actions(actor: Actor) -> QuerySet[CorrectiveAction]:
    """Corrective actions of those findings."""
    return CorrectiveAction.objects.filter(finding__answer__audit_round__in=visible_to(actor))


def overdue_findings(queryset: QuerySet[Finding], *, actor: Actor) -> QuerySet[Finding]:
    """Open findings past their day."""
    return queryset.filter(state=Finding.State.OPEN, due_on__lt=practice_today(actor))


def overdue_actions(queryset: QuerySet[CorrectiveAction], *, actor: Actor) -> QuerySet[CorrectiveAction]:
    """Planned actions past their day."""
    return queryset.filter(state=CorrectiveAction.State.PLANNED, due_on__lt=practice_today(actor))


def files_of(records: Iterable[AuditAnswer]) -> dict[uuid.UUID, list[Attachment]]:
    """The evidence of answers, newest first, in one query."""
    found: dict[uuid.UUID, list[Attachment]] = defaultdict(list)
    ids = [record.pk for record in records]
    rows = Attachment.objects.filter(ref__kind=ANSWER_KIND, ref__record_id__in=ids)
    for row in rows.select_related("ref", "added_by__user").order_by("-created_at"):
        found[row.ref.record_id].append(row)
    return found


def controls_of(audit: Audit) -> list[AuditAnswer]:
    """The audit's answers in the order of the checklist."""
    found = audit.answers.select_related("item", "answered_by__user").order_by("item__position", "id")
    return list(found)


def findings_of(audit: Audit) -> list[Finding]:
    """The audit's findings, open and worst first in the order of their day, with their actions."""
    planned = Prefetch("actions", queryset=CorrectiveAction.objects.order_by("due_on", "id"))
    found = Finding.objects.filter(answer__audit_round=audit)
    found = found.select_related("answer__item", "owner__user").prefetch_related(planned)
    rank = {Finding.Severity.HIGH: 0, Finding.Severity.MEDIUM: 1, Finding.Severity.LOW: 2}
    return sorted(
        found,
        key=lambda row: (row.state == Finding.State.CLOSED, rank[Finding.Severity(row.severity)], row.due_on),
    )


def progress(audit: Audit) -> Progress:
    """How far an audit is, counted in three queries."""
    given, severity = AuditAnswer.Answer, Finding.Severity
    counts = audit.answers.aggregate(
        items=Count("id"),
        answered=Count("id", filter=~Q(answer=given.OPEN)),
        met=Count("id", filter=Q(answer=given.MET)),
        partly=Count("id", filter=Q(answer=given.PARTLY)),
        not_met=Count("id", filter=Q(answer=given.NOT_MET)),
    )
    still = Q(state=Finding.State.OPEN)
    found = Finding.objects.filter(answer__audit_round=audit).aggregate(
        findings=Count("id"),
        open_high=Count("id", filter=still & Q(severity=severity.HIGH)),
        open_medium=Count("id", filter=still & Q(severity=severity.MEDIUM)),
        open_low=Count("id", filter=still & Q(severity=severity.LOW)),
    )
    files = Attachment.objects.filter(ref__kind=ANSWER_KIND, ref__record_id__in=audit.answers.values("id"))
    return Progress(**counts, **found, files=files.count())

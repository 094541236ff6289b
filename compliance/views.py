"""The audit page (findings first, then controls) and the page of one answer with its evidence."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.models import Audit, AuditAnswer, Finding
from compliance.permissions import CompliancePermission
from compliance.resources import ANSWER, AUDIT
from compliance.selectors import audits
from kit.ports import history
from kit.status import Status
from kit.views.details import next_steps, said
from kit.views.gate import nonce
from practice.audit import note_read
from practice.selectors.days import practice_today

TABS = ("findings", "controls")


def plan_of(finding: Finding) -> Status:
    """Where the corrective plan of a finding stands; its actions are prefetched."""
    if finding.state == Finding.State.CLOSED:
        return Status("Closed", "ok")
    states = [action.state for action in finding.actions.all()]
    if not states:
        return Status("Plan missing", "bad")
    done = states.count("done")
    return (
        Status("Ready to close", "ok")
        if done == len(states)
        else Status(f"{done} of {len(states)} done", "info")
    )


def _findings(found: Audit) -> list[tuple[Finding, Finding.Severity, Status]]:
    return [(row, Finding.Severity(row.severity), plan_of(row)) for row in audits.findings_of(found)]


@require_GET
def audit(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One audit: how far it is, what was found, and every control with its answer and evidence."""
    request.actor.require(CompliancePermission.VIEW_COMPLIANCE)
    found = audits.get_audit(pk, actor=request.actor)
    tab = request.GET.get("tab", "")
    progress = audits.progress(found)
    tab = tab if tab in TABS else ("findings" if progress.findings else "controls")
    controls = audits.controls_of(found) if tab == "controls" else []
    files = audits.files_of(controls)
    note_read(request, what=f"Audit {found}")
    context = {
        "audit": found,
        "progress": progress,
        "tab": tab,
        "today": practice_today(request.actor),
        "findings": _findings(found) if tab == "findings" else [],
        "controls": [(row, AuditAnswer.Answer(row.answer), len(files[row.pk])) for row in controls],
        "steps": next_steps(found, resource=AUDIT, request=request),
        "said": said(AUDIT, done=request.GET.get("done", "")),
    }
    return render(request, "compliance/audit.html", context)


@require_GET
def answer(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One control: what is asked, the answer, the evidence, what was found, what happened."""
    request.actor.require(CompliancePermission.VIEW_COMPLIANCE)
    record = audits.get_answer(pk, actor=request.actor)
    note_read(request, what=f"Control {record.item.code}")
    context = {
        "record": record,
        "answer": AuditAnswer.Answer(record.answer),
        "files": audits.files_of([record])[record.pk],
        "findings": [
            (row, Finding.Severity(row.severity))
            for row in audits.findings(request.actor).filter(answer=record).order_by("due_on", "id")
        ],
        "steps": next_steps(record, resource=ANSWER, request=request),
        "history": history(record),
        "said": said(ANSWER, done=request.GET.get("done", "")),
        "nonce": nonce(request),
    }
    return render(request, "compliance/answer.html", context)

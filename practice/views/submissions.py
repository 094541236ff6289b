"""What somebody outside sent, for whoever reviews it: the answers, the files in quarantine, what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import links, registry
from kit.ports import history
from kit.views.details import next_steps, said
from practice.audit import note_read
from practice.form_purposes import purposes
from practice.models import QuarantinedFile
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.resources.forms import SUBMISSION
from practice.selectors import files, records
from practice.selectors import forms as found
from practice.services.submissions import answers_of


@require_GET
def submission(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One submission. A file is named and weighed here, never shown: it can be opened when it was taken."""
    request.actor.require(PracticePermission.REVIEW_SUBMISSIONS)
    record = found.get_submission(pk, actor=request.actor)
    result = _result(record, actor=request.actor)
    note_read(request, what=str(record))
    purpose = purposes().get(record.form.purpose)
    context = {
        "record": record,
        "purpose": purpose,
        "becomes": _word_for(purpose.becomes) if purpose and purpose.becomes else "",
        "answers": [(field, _shown(value)) for field, value in answers_of(record)],
        "files": QuarantinedFile.objects.filter(submission=record)
        .select_related("attachment")
        .order_by("id"),
        "kept": files.of_record(record),
        "result": result,
        "result_url": page_of_record(request, record=result),
        "steps": next_steps(record, resource=SUBMISSION, request=request),
        "history": history(record),
        "said": said(SUBMISSION, done=request.GET.get("done", "")),
        "list_url": links.page(request, resource=SUBMISSION, name="list"),
    }
    return render(request, "practice/submission.html", context)


def _result(record: Any, *, actor: Any) -> Any:
    """What it became, if this person may see that."""
    if record.result is None:
        return None
    model = apps.get_model(record.result.kind)
    return records.visible(model, ids=[record.result.record_id], actor=actor).get(record.result.record_id)


def _word_for(kind: str) -> str:
    resource = next((each for each in registry.every() if each.model.lower() == kind), None)
    return resource.singular if resource else "record"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:%m/%d/%Y}" if hasattr(value, "strftime") else str(value)

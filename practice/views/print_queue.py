"""The print queue and its print runs; the letterhead everything is printed on."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links, writes
from kit.errors import DomainError
from kit.views import gate
from practice.audit import note_read
from practice.forms.letters import LetterheadForm, PostedForm
from practice.models import JobRun, LetterBatch, Letterhead
from practice.permissions import PracticePermission
from practice.selectors import letter_compose
from practice.selectors import letters as found
from practice.selectors.days import practice_today
from practice.services import letterheads
from practice.services import print_queue as service

ROWS, RUNS = 200, 20


@require_GET
def queue(request: Any) -> HttpResponse:
    """What waits to be printed, and the latest print runs with what is left to do."""
    actor = request.actor
    actor.require(PracticePermission.SEND_LETTER)
    waiting = found.to_print(found.visible_to(actor), actor=actor).select_related("version__template")
    rows = list(waiting.order_by("id")[:ROWS])
    note_read(request, what="Print queue", patient_ids=[row.patient_id for row in rows if row.patient_id])
    runs = found.batches(actor).select_related("pdf", "made_by__user").order_by("-number")[:RUNS]
    context = {"rows": rows, "runs": runs, "nonce": gate.nonce(request)}
    return render(request, "practice/print_queue.html", context)


@require_POST
def print_all(request: Any) -> HttpResponse:
    """Take everything that waits into one print run."""
    request.actor.require(PracticePermission.SEND_LETTER)

    def run() -> HttpResponse:
        batch = service.print_all(actor=request.actor)
        return redirect(links.to(request, name="practice:print_run", batch_id=batch.pk))

    try:
        return gate.once(request, run=run)
    except DomainError as error:
        return gate.declined(request, error=error)


@require_http_methods(["GET", "POST"])
def print_run(request: Any, batch_id: uuid.UUID) -> HttpResponse:
    """One print run: its letters, its file, and the day it was posted."""
    actor = request.actor
    actor.require(PracticePermission.SEND_LETTER)
    batch = found.get_batch(batch_id, actor=actor)
    data = request.POST if request.method == "POST" else None
    form = PostedForm(actor=actor, data=data, initial={"posted_on": practice_today(actor)})

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            try:
                service.mark_posted(batch, actor=actor, **form.cleaned_data)
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
            else:
                messages.success(request, f"{batch}: posted.")
                return redirect(links.to(request, name="practice:print_queue"))
        return _run_page(request, batch=batch, form=form, status=status)

    return (
        gate.once(request, run=run)
        if request.method == "POST"
        else _run_page(request, batch=batch, form=form)
    )


def _run_page(request: Any, *, batch: LetterBatch, form: PostedForm, status: int = 200) -> HttpResponse:
    rows = list(batch.letters.select_related("version__template").order_by("number"))
    note_read(request, what=str(batch), patient_ids=[row.patient_id for row in rows if row.patient_id])
    job = JobRun.objects.filter(kind=service.PDF, key=str(batch.pk)).first()
    context = {"batch": batch, "rows": rows, "form": form, "job": job, "nonce": gate.nonce(request)}
    return render(request, "practice/print_run.html", context, status=status)


@require_http_methods(["GET", "POST"])
def letterhead(request: Any) -> HttpResponse:
    """Settings -> Letterhead: the logo and the line at the foot, and how a letter looks with them."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_LETTERS)
    head = Letterhead.objects.first()
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = LetterheadForm(actor=actor, initial={"foot": head.foot if head else ""}, **posted)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                letterheads.change(actor=actor, **form.cleaned_data)
            except DomainError as error:
                writes.explain(form, error=error)
            else:
                messages.success(request, "New letters have this letterhead.")
                return redirect(links.to(request, name="practice:letterhead"))
    sheet = letter_compose.sample(
        kind="", subject="How a letter begins", body="Dear reader,\n\nthis is how a letter looks.",
        language="en", day=practice_today(actor), actor=actor,
    )  # fmt: skip
    context = {"form": form, "sheet": sheet, "logo": letter_compose.logo(), "problem": status == 422}
    return render(request, "practice/letterhead.html", context, status=status)

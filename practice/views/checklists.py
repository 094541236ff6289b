"""Today's checklists, one gone through on one page, the signed sheet for paper, the editor of steps."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import clock, etags, links, registry, writes
from kit.errors import Conflict, DomainError, StepUpNeeded
from kit.views import gate
from practice.forms.checklists import RunForm, StepRows, name_of, removal_of, seen_of
from practice.models import ChecklistRun, ChecklistTemplate
from practice.permissions import PracticePermission
from practice.rules.checklist_text import measured
from practice.selectors import checklists as found
from practice.selectors.days import practice_today
from practice.services import checklist_runs, checklists

FORMS = ["GET", "POST"]


@require_GET
def today(request: Any) -> HttpResponse:
    """What is due at each location, by its own day; what is open from before stands first."""
    request.actor.require(PracticePermission.VIEW_CHECKLISTS)
    rows = found.runs(request.actor).select_related("template", "role", "location", "signed_by__user")
    here = practice_today(request.actor)
    near = rows.filter(Q(on=here) | Q(state=ChecklistRun.State.OPEN)).order_by(
        "location__name", "location_id", "due_at", "pk"
    )
    shown = [run for run in near if run.on <= clock.today(ZoneInfo(run.location.timezone))]
    done = found.progress(run for run in shown if run.can_sign)
    sites = [
        (site, [(run, done.get(run.pk)) for run in group])
        for site, group in groupby(shown, key=lambda run: run.location)
    ]
    context = {
        "sites": sites,
        "now": clock.now(),
        "here": here,
        "open_count": sum(run.can_sign for run in shown),
        "may_change": request.actor.may(PracticePermission.CHANGE_CHECKLISTS),
    }
    return render(request, "practice/checklists_today.html", context)


@require_http_methods(FORMS)
def run(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Go through one: answer, come back, sign. Signed and missed ones are only read."""
    one = found.get_run(pk, actor=request.actor)
    answers = found.current_answers(one)
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = RunForm(run=one, answers=answers, actor=request.actor, **posted)
    if request.method == "GET" or request.method == "HEAD":
        return _run_page(request, one=one, form=form, status=200)
    request.actor.require(PracticePermission.RUN_CHECKLISTS)

    def do() -> HttpResponse:
        if not form.is_valid():
            return _run_page(request, one=one, form=form, status=422)
        signing = request.POST.get("do") == "sign"
        try:
            with transaction.atomic():
                for step, given in form.given:
                    keep_answer(form, one=one, step=step, given=given)
                if signing:
                    _sign(form, one=one)
        except DomainError as error:
            if not form.errors:
                writes.explain(form, error=error)
            return _run_page(request, one=one, form=form, status=error.status)
        messages.success(request, "Signed." if signing else "Answers saved.")
        name = "practice:checklists_today" if signing else ""
        return redirect(links.to(request, name=name) if name else request.path)

    return gate.once(request, run=do)


def keep_answer(form: RunForm, *, one: ChecklistRun, step: Any, given: dict[str, Any]) -> None:
    """One answer; what is wrong with it stands at its own field."""
    try:
        checklist_runs.answer(one, step=step, actor=form.actor, **given)
    except DomainError as error:
        if error.field:
            form.add_error(name_of(step), error.message)
            form.overtaken |= {step.pk} if error.status == Conflict.status else set()
        raise


def _sign(form: RunForm, *, one: ChecklistRun) -> None:
    """Sign; whoever left the name out and would have to sign in again is asked for it: nothing typed is lost."""
    name = form.cleaned_data["signed_name"]
    try:
        checklist_runs.sign(one, signed_name=name, actor=form.actor)
    except StepUpNeeded:
        raise DomainError("Type your name to sign.", field="signed_name") from None


def _run_page(request: Any, *, one: ChecklistRun, form: RunForm, status: int) -> HttpResponse:
    context = page_context(request, one=one, form=form) | {"problem": status != 200}
    return render(request, "practice/checklist_run.html", context, status=status)


def page_context(request: Any, *, one: ChecklistRun, form: RunForm) -> dict[str, Any]:
    """What the page of a run shows, and what each of its lines does that is answered by itself."""
    answers = found.current_answers(one)
    if form.is_bound:
        form.catch_up(answers)
    form.mark()
    may_do = one.can_sign and checklist_runs.may_do(one, actor=request.actor)
    return {
        "run": one,
        "form": form,
        "run_steps": len(form.steps),
        "rows": [_row(step, form=form, answer=answers.get(step.pk)) for step in form.steps],
        "may_do": may_do,
        "may_not_sign": may_do and _is_own(one, answers=answers, actor=request.actor),
        "nonce": gate.nonce(request),
        "is_late": one.can_sign and one.due_at < clock.now(),
        "done": sum(answers[step.pk].counts for step in form.steps if step.pk in answers),
        "history": list(found.all_answers(one)),
    }


def _row(step: Any, *, form: RunForm, answer: Any) -> dict[str, Any]:
    """One step as its page shows it: field, what stands, and which answer the page shows."""
    shown = form.seen(step) if form.is_bound else str(answer.pk) if answer else ""
    return {
        "step": step,
        "field": form[name_of(step)],
        "answer": answer if answer and answer.value else None,
        "seen": seen_of(step),
        "shown": shown,
        "removal": removal_of(step) if answer and answer.file else "",
    }


def _is_own(one: ChecklistRun, *, answers: dict[Any, Any], actor: Any) -> bool:
    return one.second_person and checklist_runs.answered_by(answers.values(), member_id=actor.membership_id)


@require_GET
def printed(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The sheet for paper: every step, its answer, who gave it and who signed."""
    one = found.get_run(pk, actor=request.actor)
    answers = found.current_answers(one)
    rows = [(step, answers.get(step.pk)) for step in one.version.steps.order_by("position")]
    return render(request, "practice/checklist_print.html", {"run": one, "rows": rows})


@require_http_methods(FORMS)
def steps(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The editor: numbers say the order, an emptied text removes a step; no dragging, no script."""
    request.actor.require(PracticePermission.CHANGE_CHECKLISTS)
    template = found.get_template(pk, actor=request.actor)
    if request.method != "POST":
        return _steps_page(request, template=template, rows=_rows(template, actor=request.actor))
    rows = StepRows(request.POST, form_kwargs={"actor": request.actor}, prefix="steps")

    def do() -> HttpResponse:
        if not rows.is_valid():
            return _steps_page(
                request, template=template, rows=rows, said="Mend the marked steps.", status=422
            )
        entered = [(row.cleaned_data.get("position") or 1000, row.step()) for row in rows if row.cleaned_data]
        wanted = [step for _, step in sorted(entered, key=lambda each: each[0]) if step is not None]
        try:
            etags.check_version(request.POST.get("_version"), record=template, singular="checklist template")
            checklists.set_steps(template, steps=wanted, actor=request.actor)
        except DomainError as error:
            return _steps_page(request, template=template, rows=rows, said=error.message, status=error.status)
        page = links.page(request, resource=registry.get("practice.checklist_template"), name="detail", pk=pk)
        return redirect(f"{page}?done=steps")

    return gate.once(request, run=do)


def _rows(template: ChecklistTemplate, *, actor: Any) -> Any:
    steps = checklists.steps_of(checklists.newest(template))
    initial = [
        {name: getattr(step, name) for name in ("text", "kind", "unit", "required")}
        | {"position": position * 10, "lowest": _plain(step.lowest), "highest": _plain(step.highest)}
        for position, step in enumerate(steps, 1)
    ]
    return StepRows(initial=initial, form_kwargs={"actor": actor}, prefix="steps")


def _plain(limit: Any) -> str | None:
    return None if limit is None else measured(limit)


def _steps_page(
    request: Any, *, template: ChecklistTemplate, rows: Any, said: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "template": template,
        "rows": rows,
        "said": said,
        "problem": status != 200,
        "nonce": gate.nonce(request),
        "version": request.POST.get("_version", "") or etags.etag_of(template),
    }
    return render(request, "practice/checklist_steps.html", context, status=status)

"""One line of a checklist at a time: answered or taken back at once, and shown to whoever else has the page open."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kit import links
from kit.errors import DomainError
from practice.forms.checklists import RunForm, name_of, removal_of, seen_of
from practice.models import ChecklistRun, ChecklistStep
from practice.permissions import PracticePermission
from practice.selectors import checklists as found
from practice.services import checklist_runs
from practice.views.checklists import keep_answer, page_context

TEMPLATE = "practice/_checklist_lines.html"
UNDO = "undo"  # the button that takes an answer back


@require_POST
def line(request: Any, pk: uuid.UUID, number: int) -> HttpResponse:
    """Answer one step, or take its answer back. The same answer twice is one, so no key is asked.

    Anybody without script comes here by "Undo" alone, and goes back to the page.
    """
    one = found.get_run(pk, actor=request.actor)
    request.actor.require(PracticePermission.RUN_CHECKLISTS)
    step = one.version.steps.filter(position=number).first()
    if step is None:
        raise Http404
    form = _form(request, one=one, step=step)
    problem = _refused(request, one=one, step=step, form=form)
    if not request.headers.get("HX-Request"):
        if problem:
            messages.warning(request, problem)
        return redirect(links.to(request, name="practice:checklist_run", pk=one.pk))
    if not problem:
        return _lines(request, one=one, steps=[step], said=True)
    if form.errors:  # they stand at the field, with what was typed
        return _lines(request, one=one, steps=[step], form=form, status=422)
    return _lines(request, one=one, steps=[step], problem=problem, status=422)


def _refused(request: Any, *, one: ChecklistRun, step: ChecklistStep, form: RunForm) -> str:
    """Keep the answer, or take it back; in words why not, '' when it is kept."""
    try:
        if UNDO in request.POST:
            checklist_runs.answer(
                one, step=step, value=checklist_runs.TAKEN_BACK, over=form.seen(step), actor=request.actor
            )
        elif form.is_valid():
            for each, given in form.given:
                keep_answer(form, one=one, step=each, given=given)
    except DomainError as error:
        return error.message
    return "This is no answer." if form.errors else ""


def _form(request: Any, *, one: ChecklistRun, step: ChecklistStep) -> RunForm:
    """The page's form with what came of this one line: every other line is as it was seen."""
    names = (name_of(step), seen_of(step), removal_of(step))
    data = QueryDict(mutable=True)
    for name in names:
        if name in request.POST:
            data.setlist(name, request.POST.getlist(name))
    answers = found.current_answers(one)
    return RunForm(run=one, answers=answers, actor=request.actor, data=data, files=request.FILES)


@require_GET
def changed(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The lines that stand otherwise than the page shows (``seen-1``), for the page that asks again and again.

    204 when there are none; once somebody has signed, the page is to be read anew.
    """
    one = found.get_run(pk, actor=request.actor)
    if not one.can_sign:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    answers = found.current_answers(one)
    steps = [
        step
        for step in one.version.steps.order_by("position")
        if request.GET.get(seen_of(step), "") != (str(answers[step.pk].pk) if step.pk in answers else "")
    ]
    return _lines(request, one=one, steps=steps) if steps else HttpResponse(status=204)


def _lines(
    request: Any,
    *,
    one: ChecklistRun,
    steps: list[ChecklistStep],
    form: RunForm | None = None,
    said: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """These lines as they stand now (or as ``form`` has them), and what the page says beside them.

    ``problem`` stands at the line where no field has it; ``said``: the page tells that it is saved.
    """
    shown = form or RunForm(run=one, answers=found.current_answers(one), actor=request.actor)
    if UNDO in request.POST:  # its button is gone: the keyboard goes on at the field
        shown.fields[name_of(steps[0])].widget.attrs["autofocus"] = True
    context = page_context(request, one=one, form=shown)
    asked = {step.pk for step in steps}
    context["rows"] = [row for row in context["rows"] if row["step"].pk in asked]
    # A line that was posted takes its own place; those that others changed go to theirs.
    context |= {"line_problem": problem, "said": said, "swaps_in": request.method == "GET"}
    return render(request, TEMPLATE, context, status=status)

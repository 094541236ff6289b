"""Settings -> Imports: bring a sheet in step by step. The list is the kit's; the page of one import is ours."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import links, ports, sheets
from kit.errors import DomainError
from kit.sheet_target import SheetTarget
from kit.views import gate
from kit.writes import explain
from practice import sheet_registry
from practice.audit import note_read
from practice.forms.imports import KeepForm, ReadingForm, UploadForm, named_target, options_form
from practice.import_page import ColumnChoices, columns_for, posted_choices
from practice.models import ImportRun
from practice.permissions import PracticePermission
from practice.selectors import imports as found
from practice.services import import_runs, sheet_files, sheet_mappings, sheet_uploads
from practice.services.sheet_preview import preview


@require_http_methods(["GET", "POST"])
def import_new(request: Any) -> HttpResponse:
    """First what is to come in, then its sheet."""
    actor = request.actor
    actor.require(PracticePermission.RUN_IMPORTS)
    asked = request.POST.get("target") or request.GET.get("target", "")
    if not asked and request.method == "GET":
        targets = sheet_registry.startable(actor)
        pages = [
            (each, links.to(request, name=each.page)) for each in targets if not isinstance(each, SheetTarget)
        ]
        return render(
            request,
            "practice/imports_new.html",
            {"targets": [each for each in targets if isinstance(each, SheetTarget)], "pages": pages},
        )
    target = named_target(asked)
    if target is None:
        raise Http404
    actor.require(target.permission)
    return _upload(request, target=target)


def _upload(request: Any, *, target: SheetTarget) -> HttpResponse:
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    first = {"target": target.name, "source": request.GET.get("source", "")}
    form = UploadForm(actor=request.actor, initial=first, **posted)
    questions = options_form(target, actor=request.actor, data=posted.get("data"))

    def run() -> HttpResponse:
        answered = questions is None or questions.is_valid()
        if form.is_valid() and answered:
            try:
                made = sheet_uploads.upload(
                    form.cleaned_data["file"],
                    name=form.cleaned_data["file"].name,
                    target=target,
                    source=form.cleaned_data["source"],
                    options=questions.cleaned_data if questions else {},
                    actor=request.actor,
                )
                return redirect(links.to(request, name="practice:import_columns", pk=made.pk))
            except DomainError as error:
                explain(form, error=error)
        return _upload_page(request, target=target, form=form, questions=questions, status=422)

    if request.method == "POST":
        return gate.once(request, run=run)
    return _upload_page(request, target=target, form=form, questions=questions, status=200)


def _upload_page(
    request: Any, *, target: SheetTarget, form: Any, questions: Any, status: int
) -> HttpResponse:
    context = {
        "target": target,
        "form": form,
        "questions": questions,
        "sources": found.kept_mappings(target.name),
        "nonce": gate.nonce(request),
    }
    return render(request, "practice/imports_upload.html", context, status=status)


@require_http_methods(["GET", "POST"])
def import_columns(request: Any, pk: uuid.UUID) -> HttpResponse:
    """What each column becomes, with what it holds beside it."""
    request.actor.require(PracticePermission.RUN_IMPORTS)
    run = found.get_run(pk, actor=request.actor)
    target = sheet_registry.sheet_target(run.target)
    request.actor.require(target.permission)
    if request.method == "GET":
        note_read(request, what="Columns of an import")
        return _columns_page(request, run=run, target=target, choices=columns_for(run, target=target))
    if "reread" in request.POST:
        return _reread(request, run=run, target=target)
    choices = columns_for(run, target=target, posted=request.POST)
    keep = KeepForm(data=request.POST, actor=request.actor)
    problem = ""
    try:
        keep_as = keep.cleaned_data["keep_as"] if keep.is_valid() else ""
        sheet_mappings.choose(run, choices=posted_choices(choices), keep_as=keep_as, actor=request.actor)
    except DomainError as error:
        problem = error.message
    if problem or not keep.is_valid():
        return _columns_page(request, run=run, target=target, choices=choices, keep=keep, problem=problem)
    if any(each.untranslated for each in columns_for(run, target=target)):
        messages.info(
            request, "Saved. Say what the marked words mean, or leave them: their rows will be refused."
        )
        return redirect(links.to(request, name="practice:import_columns", pk=pk))
    return redirect(links.to(request, name="practice:import_run", pk=pk))


def _reread(request: Any, *, run: ImportRun, target: SheetTarget) -> HttpResponse:
    sheet = sheet_files.sheet_of(run, target=target)
    form = ReadingForm(worksheets=sheet.worksheets, data=request.POST, actor=request.actor)
    problem = ""
    if form.is_valid():
        try:
            sheet_mappings.reread(
                run,
                worksheet=form.cleaned_data.get("worksheet", ""),
                heading_row=form.cleaned_data["heading_row"],
                actor=request.actor,
            )
            return redirect(links.to(request, name="practice:import_columns", pk=run.pk))
        except DomainError as error:
            problem = error.message
    choices = columns_for(run, target=target)
    return _columns_page(request, run=run, target=target, choices=choices, reading=form, problem=problem)


def _columns_page(
    request: Any,
    *,
    run: ImportRun,
    target: SheetTarget,
    choices: list[ColumnChoices],
    keep: Any = None,
    reading: Any = None,
    problem: str = "",
) -> HttpResponse:
    sheet = sheet_files.sheet_of(run, target=target)
    first = {"worksheet": run.worksheet, "heading_row": run.heading_row}
    context = {
        "run": run,
        "target": target,
        "sheet": sheet,
        "columns": choices,
        "reading": reading or ReadingForm(worksheets=sheet.worksheets, initial=first, actor=request.actor),
        "keep": keep or KeepForm(initial={"keep_as": run.source}, actor=request.actor),
        "problem": problem,
        "lacking": target.lacking({each.field for each in choices} - {""}),
        "changeable": run.started_at is None and not run.is_moving,
    }
    return render(request, "practice/import_columns.html", context, status=422 if problem else 200)


@require_GET
def import_run(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One import: where it stands, what its rows would become or became, what was refused, what comes next."""
    request.actor.require(PracticePermission.VIEW_IMPORTS)
    run = found.get_run(pk, actor=request.actor)
    state = found.progress(run)
    if request.headers.get("HX-Request"):
        answer = render(request, "practice/_import_progress.html", {"run": run, **state})
        if not state["moving"]:
            answer["HX-Refresh"] = "true"
        return answer
    target = sheet_registry.find(run.target)
    may_run = request.actor.may(PracticePermission.RUN_IMPORTS) and bool(
        target and request.actor.may(target.permission)
    )
    context: dict[str, Any] = {
        "run": run,
        "target": target,
        "may_run": may_run,
        "nonce": gate.nonce(request),
        **state,
    }
    patients: list[uuid.UUID] = []
    if isinstance(target, SheetTarget):
        context |= _of_sheet(request, run=run, target=target)
        patients = [record.pk for _, record, _ in context.get("made", ())] if target.phi else []
    refusals = found.refusals(run)
    context["refusals"] = list(refusals[: found.SHOWN])
    context["refused"] = state["counts"]["refused"]
    context["boxes"] = ports.beside(request, record=run).boxes
    context["history"] = ports.history(run)
    note_read(request, what="import run", patient_ids=patients)
    return render(request, "practice/import_run.html", context)


def _of_sheet(request: Any, *, run: ImportRun, target: SheetTarget) -> dict[str, Any]:
    """What stands on the page of one sheet: what is missing, a preview, what it made, what an undo left."""
    shown: dict[str, Any] = {"sheet_target": target, "lacking": import_runs.lacking(run, target=target)}
    if run.started_at is None and not shown["lacking"] and not run.is_moving:
        try:
            shown["labels"], shown["preview"] = preview(run, target=target, actor=request.actor)
        except DomainError as error:
            shown["broken"] = error.message
    if run.started_at is None:
        shown["before"] = sheet_uploads.taken_before(run)
    else:
        shown["made"], shown["made_count"] = found.made(run, actor=request.actor)
        shown["made"] = [(row, record, _page_of(request, record)) for row, record in shown["made"]]
    if run.state == ImportRun.State.UNDONE:
        shown["withdrawn"], left, shown["left_count"] = found.undone(run)
        shown["left"] = [
            (row, record, _page_of(request, record))
            for row, record in found.left_records(left, run=run, actor=request.actor)
        ]
    return shown


def _page_of(request: Any, record: Any) -> str:
    from practice.record_pages import page_of_record

    return page_of_record(request, record=record)


@require_GET
def refused_rows(request: Any, pk: uuid.UUID, file_id: uuid.UUID, form: str) -> HttpResponse:
    """The refused rows of one file as they came, as CSV or XLSX, to be mended and sent again."""
    actor = request.actor
    actor.require(PracticePermission.RUN_IMPORTS)
    run = found.get_run(pk, actor=actor)
    if form not in sheets.WRITERS:
        raise Http404
    file = found.get_file(file_id, run=run)
    headers, lines = found.refused_sheet(file)
    note_read(request, what=f"refused rows of {file.name}", action="export")
    response = HttpResponse(
        sheets.WRITERS[form](headers=headers, lines=lines), content_type=sheets.TYPES[form]
    )
    name = file.name.rpartition(".")[0] or file.name
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-_")) or "rows"
    response["Content-Disposition"] = f'attachment; filename="refused-{plain}.{form}"'
    return response

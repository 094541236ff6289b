"""The import centre: runs, one run with its progress and refusals, a new one."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from interop.forms import ImportForm
from interop.models import ImportRun
from interop.permissions import InteropPermission
from interop.selectors import imports as selectors
from interop.services import imports
from kit.errors import DomainError
from kit.sheets import TYPES, write_csv
from practice.audit import note_read

PAGE = 25


@require_GET
def import_list(request: Any) -> HttpResponse:
    """All imports, newest first."""
    request.actor.require(InteropPermission.VIEW_IMPORTS)
    page = Paginator(selectors.visible_to(request.actor), PAGE).get_page(request.GET.get("page"))
    rows = selectors.with_counts(list(page.object_list))
    return render(request, "interop/imports.html", {"rows": rows, "page": page, "may_run": _may_run(request)})


@require_http_methods(["GET", "POST"])
def import_new(request: Any) -> HttpResponse:
    """Choose what to import; POST queues it."""
    request.actor.require(InteropPermission.RUN_IMPORTS)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _start(form, request=request)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect(_address(request, run=run))
    status = 422 if request.method == "POST" else 200
    return render(request, "interop/new.html", {"form": form}, status=status)


def _start(form: ImportForm, *, request: Any) -> ImportRun:
    dry = form.cleaned_data["is_dry_run"]
    upload = form.cleaned_data["upload"]
    if upload:
        return imports.start_upload(upload, name=upload.name, is_dry_run=dry, actor=request.actor)
    return imports.start(folder=form.path, is_dry_run=dry, actor=request.actor)


def _address(request: Any, *, run: ImportRun) -> str:
    return reverse("interop:import", kwargs={"practice": request.practice.slug, "pk": run.pk})


def _may_run(request: Any) -> bool:
    return bool(request.actor.may(InteropPermission.RUN_IMPORTS))


@require_GET
def import_run(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One import: progress by file, refused rows with reasons, codes that wait for a mapping."""
    run = selectors.get_run(pk, actor=request.actor)
    context: dict[str, Any] = {"run": run, "may_run": _may_run(request), **selectors.progress(run)}
    if request.headers.get("HX-Request"):
        return render(request, "interop/_progress.html", {**context, "polled": True})
    found = selectors.refusals(run)
    context["refusals"] = list(found[: selectors.SHOWN])
    context["refused"] = sum(file.rows_refused for file in context["files"])
    context["codes"], context["code_count"], context["code_money"] = selectors.unmapped_codes(
        actor=request.actor
    )
    note_read(request, what="import run")
    return render(request, "interop/import.html", context)


@require_GET
def refused_rows(request: HttpRequest, pk: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """The refused rows of one file as CSV, as they came, to be mended and sent again."""
    actor = request.actor  # type: ignore[attr-defined]
    run = selectors.get_run(pk, actor=actor)
    actor.require(InteropPermission.RUN_IMPORTS)
    file = selectors.get_file(file_id, run=run)
    headers, lines = selectors.refused_sheet(file)
    note_read(request, what=f"refused rows of {file.name}", action="export")
    response = HttpResponse(write_csv(headers=headers, lines=lines), content_type=TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="refused-{file.name}"'
    return response

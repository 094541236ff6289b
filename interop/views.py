"""The import centre: start an import of a whole export."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from interop.forms import ImportForm
from interop.permissions import InteropPermission
from interop.services import imports
from kit.errors import DomainError
from practice.models import ImportRun


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
    return reverse("practice:import_run", kwargs={"practice": request.practice.slug, "pk": run.pk})

"""Settings, Public forms: one form with its versions and links, and what a version looks like to people outside."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links, writes
from kit.errors import DomainError
from kit.views.details import said
from practice.form_purposes import purposes
from practice.forms import public as pages
from practice.forms.builder import LinkForm
from practice.permissions import PracticePermission
from practice.resources.forms import FORM, SUBMISSION
from practice.selectors import forms as found
from practice.services import public_links

ROWS = 100


@require_http_methods(["GET", "POST"])
def form_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """A form (GET); make a link to it (POST). Its address stands in the answer to the POST and nowhere else."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_FORMS)
    record = found.get_form(pk, actor=actor)
    form = LinkForm(data=request.POST if request.method == "POST" else None, actor=actor)
    address, status = "", 200
    if request.method == "POST":
        actor.require(PracticePermission.CHANGE_FORMS)
        status = 422
        if form.is_valid():
            try:
                _, raw = public_links.make(**form.cleaned_data, form=record, actor=actor)
                address, status = f"{settings.BASE_URL}{reverse('public_form', kwargs={'secret': raw})}", 200
                form = LinkForm(actor=actor)
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
    return render(request, "practice/form.html", _context(request, record=record) | {
        "form": form, "address": address, "problem": status != 200,
    }, status=status)  # fmt: skip


def _context(request: Any, *, record: Any) -> dict[str, Any]:
    purpose = purposes().get(record.purpose)
    may_change = request.actor.may(PracticePermission.CHANGE_FORMS)
    versions = found.versions_of(record)
    published = any(not version.is_draft for version in versions)
    return {
        "record": record,
        "purpose": purpose,
        "versions": versions,
        "draft": next((version for version in versions if version.is_draft), None),
        "published": published,
        "rows": found.links_of(record)[:ROWS],
        "may_change": may_change,
        "may_link": may_change and published and record.is_active and not (purpose and purpose.about),
        "submissions_url": links.page(
            request, resource=SUBMISSION, name="list", query={"view": "all", "form": str(record.pk)}
        ),
        "edit_url": links.page(request, resource=FORM, name="update", pk=record.pk),
        "list_url": links.page(request, resource=FORM, name="list"),
        "said": said(FORM, done=request.GET.get("done", "")),
    }


@require_GET
def preview(request: Any, pk: uuid.UUID, number: int) -> HttpResponse:
    """A version as people outside see it. It cannot be sent."""
    request.actor.require(PracticePermission.VIEW_FORMS)
    record = found.get_form(pk, actor=request.actor)
    version = found.version_numbered(record, number=number)
    context = {
        "practice": request.practice.name,
        "version": version,
        "form": pages.form_of(version)(prefix=pages.PREFIX),
        "token_name": pages.TOKEN,
        "trap": pages.TRAP,
        "preview": links.to(request, name="practice:form", pk=pk),
    }
    return HttpResponse(render_to_string("practice/public/form.html", context))


@require_POST
def link_revoke(request: Any, pk: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """End a link now."""
    request.actor.require(PracticePermission.VIEW_FORMS)
    record = found.get_form(pk, actor=request.actor)
    link = found.get_link(link_id, form=record)
    public_links.revoke(link, actor=request.actor)
    messages.success(request, f"The link “{link}” opens nothing any more.")
    return redirect(links.to(request, name="practice:form", pk=pk))

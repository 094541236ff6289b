"""Create and edit: one form, one service, and every entry kept when something is wrong."""

import uuid
from typing import Any

from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from kit import etags, links, writes
from kit.errors import DomainError
from kit.forms import AnyForm, form_class, values_of
from kit.ports import PracticeRequest
from kit.resource import Resource
from kit.views import gate
from kit.views.details import title


def grouped(form: AnyForm, *, resource: Resource) -> list[dict[str, Any]]:
    """The fields under their headings; what no section names comes first, without one."""
    declared = resource.form.sections if resource.form else ()
    placed = {name for section in declared for name in section.fields}
    groups = [{"title": "", "fields": [f for f in form.visible_fields() if f.name not in placed]}]
    groups += [
        {"title": s.title, "fields": [form[n] for n in s.fields if n in form.fields]} for s in declared
    ]
    return [group for group in groups if group["fields"]]


def _page(
    request: PracticeRequest, *, resource: Resource, form: AnyForm, record: models.Model | None, status: int
) -> HttpResponse:
    words = f"Change {title(record, resource=resource)}" if record else f"New {resource.singular}"
    back = links.page(request, resource=resource, name="detail", pk=record.pk) if record else ""
    context = {
        "resource": resource,
        "record": record,
        "form": form,
        "groups": grouped(form, resource=resource),
        "heading": words,
        "problem": status != 200,
        "nonce": gate.nonce(request),
        "version": request.POST.get("_version", "") or (etags.etag_of(record) if record else ""),
        "list_url": links.page(request, resource=resource, name="list"),
        "back_url": back or links.page(request, resource=resource, name="list"),
        "record_title": title(record, resource=resource) if record else "",
    }
    return render(request, "kit/form.html", context, status=status)


def _bound(
    request: PracticeRequest, *, resource: Resource, record: models.Model | None, initial: dict[str, Any]
) -> AnyForm:
    made = form_class(resource)
    if request.method != "POST":
        return made(initial=initial, actor=request.actor, record=record)
    return made(data=request.POST, files=request.FILES, initial=initial, actor=request.actor, record=record)


@gate.page("GET", "POST")
def create_page(request: PracticeRequest, *, resource: Resource) -> HttpResponse:
    """Add a record. The address may carry first values (``?patient=<id>``)."""
    gate.require(request, permission=resource.create_permission)
    known = form_class(resource).base_fields
    initial = {name: value for name, value in request.GET.items() if name in known}
    form = _bound(request, resource=resource, record=None, initial=initial)

    def run() -> HttpResponse:
        if not form.is_valid():
            return _page(request, resource=resource, form=form, record=None, status=422)
        try:
            record = writes.create(resource, actor=request.actor, values=form.cleaned_data)
        except DomainError as error:
            writes.explain(form, error=error)
            return _page(request, resource=resource, form=form, record=None, status=error.status)
        query = {"done": "created"}
        return HttpResponseRedirect(
            links.page(request, resource=resource, name="detail", pk=record.pk, query=query)
        )

    if request.method == "POST":
        return gate.once(request, run=run)
    return _page(request, resource=resource, form=form, record=None, status=200)


@gate.page("GET", "POST")
def update_page(request: PracticeRequest, *, resource: Resource, pk: uuid.UUID) -> HttpResponse:
    """Change a record; refused with 409 when somebody else changed it since the form was opened."""
    gate.require(request, permission=resource.update_permission)
    record = gate.found(resource, request=request, pk=pk)
    initial = values_of(record, form=form_class(resource))
    form = _bound(request, resource=resource, record=record, initial=initial)

    def run() -> HttpResponse:
        if not form.is_valid():
            return _page(request, resource=resource, form=form, record=record, status=422)
        try:
            etags.check_version(request.POST.get("_version"), record=record, singular=resource.singular)
            writes.update(resource, record=record, actor=request.actor, values=form.cleaned_data)
        except DomainError as error:
            writes.explain(form, error=error)
            return _page(request, resource=resource, form=form, record=record, status=error.status)
        query = {"done": "changed"}
        return HttpResponseRedirect(links.page(request, resource=resource, name="detail", pk=pk, query=query))

    if request.method == "POST":
        return gate.once(request, run=run)
    gate.seen(request, resource=resource, ids=[record.pk], action="opened")
    return _page(request, resource=resource, form=form, record=record, status=200)

"""Create and edit: one form, one service, and every entry kept when something is wrong."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse

from kit import etags, links, writes
from kit.errors import Conflict
from kit.forms import AnyForm, form_class, values_of
from kit.ports import PracticeRequest
from kit.resource import Resource
from kit.views import gate
from kit.views.details import title
from kit.words import us_date


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
    name, words = "list", resource.adding
    given, version = {}, ""
    if record:
        name, words = "detail", f"Change {title(record, resource=resource)}"
        given, version = {"pk": record.pk}, etags.etag_of(record)
    return gate.show(
        request,
        "kit/form.html",
        resource=resource,
        code=status,
        record=record,
        form=form,
        groups=grouped(form, resource=resource),
        heading=words,
        # Whoever was told of the other change means the second save.
        version=version if status == Conflict.status else request.POST.get("_version", "") or version,
        back_url=links.page(request, resource=resource, name=name, **given),
        record_title=title(record, resource=resource) if record else "",
    )


def _compare(form: AnyForm) -> None:
    """Say at each field that differs from the record what stands there now, so that nothing is undone unawares."""
    for name in form.changed_data:
        field, bound = form.fields[name], form[name]
        if name in form.errors or field.widget.format_value(bound.initial) == bound.data:
            continue
        form.add_error(name, f"{field.label}: {_words(field, value=bound.initial)} is on file now")


def _words(field: forms.Field, *, value: Any) -> str:
    if "data-secret" in field.widget.attrs or isinstance(field, forms.ModelMultipleChoiceField):
        return "something else"
    if isinstance(field, forms.ModelChoiceField):
        value = field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
    elif isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
    elif isinstance(value, bool):
        return "yes" if value else "no"
    elif isinstance(value, date):
        return us_date(value)
    return str(field.widget.format_value(value) or "nothing")


@gate.page("GET", "POST")
def create_page(request: PracticeRequest, *, resource: Resource) -> HttpResponse:
    """Add a record. The address may carry first values (``?patient=<id>``)."""
    gate.require(request, permission=resource.create_permission)
    made = form_class(resource)
    initial = {name: value for name, value in request.GET.items() if name in made.base_fields}
    form = gate.bound(request, made, record=None, initial=initial)

    def do(values: dict[str, Any]) -> str:
        record = writes.create(resource, actor=request.actor, values=values)
        return links.after(request, resource=resource, record=record, done="created")

    def page(status: int) -> HttpResponse:
        return _page(request, resource=resource, form=form, record=None, status=status)

    return gate.answer(request, form=form, page=page, do=do)


@gate.page("GET", "POST")
def update_page(request: PracticeRequest, *, resource: Resource, pk: uuid.UUID) -> HttpResponse:
    """Change a record; refused with 409 when somebody else changed it since the form was opened."""
    gate.require(request, permission=resource.update_permission)
    record = gate.found(resource, request=request, pk=pk)
    made = form_class(resource)
    form = gate.bound(request, made, record=record, initial=values_of(record, form=made))

    def do(values: dict[str, Any]) -> str:
        try:
            etags.check_version(request.POST.get("_version"), record=record, singular=resource.singular)
        except Conflict:
            _compare(form)
            raise
        writes.update(resource, record=record, actor=request.actor, values=values)
        return links.after(request, resource=resource, record=record, done="changed")

    def page(status: int) -> HttpResponse:
        return _page(request, resource=resource, form=form, record=record, status=status)

    if request.method != "POST":
        gate.seen(request, resource=resource, ids=[record.pk], action="opened")
    return gate.answer(request, form=form, page=page, do=do)

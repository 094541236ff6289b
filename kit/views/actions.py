"""A guarded act: say what will happen, ask why, then do it once."""

import uuid

from django.db import models
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from kit import links, writes
from kit.errors import DomainError
from kit.forms import AnyForm, action_form_class
from kit.ports import PracticeRequest
from kit.resource import Action, Resource
from kit.views import gate
from kit.views.details import button, title


def _page(
    request: PracticeRequest,
    *,
    resource: Resource,
    action: Action,
    record: models.Model,
    form: AnyForm,
    status: int,
) -> HttpResponse:
    context = {
        "resource": resource,
        "record": record,
        "action": action,
        "form": form,
        "problem": status != 200,
        "record_title": title(record, resource=resource),
        "button": button(action, resource=resource, record=record),
        "nonce": gate.nonce(request),
        "list_url": links.page(request, resource=resource, name="list"),
        "back_url": links.page(request, resource=resource, name="detail", pk=record.pk),
    }
    return render(request, "kit/action.html", context, status=status)


@gate.page("GET", "POST")
def action_page(request: PracticeRequest, *, resource: Resource, pk: uuid.UUID, action: str) -> HttpResponse:
    """Ask (GET) and act (POST)."""
    act = resource.action(action)
    if act is None:
        raise Http404("No such action")
    gate.require(request, permission=resource.view_permission)
    gate.require(request, permission=act.permission)
    record = gate.found(resource, request=request, pk=pk)
    asked = action_form_class(act)
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form: AnyForm = asked(actor=request.actor, record=record, **posted)

    def run() -> HttpResponse:
        if not form.is_valid():
            return _page(request, resource=resource, action=act, record=record, form=form, status=422)
        try:
            result = writes.act(
                act, resource=resource, record=record, actor=request.actor, values=form.cleaned_data
            )
        except DomainError as error:
            writes.explain(form, error=error)
            return _page(
                request, resource=resource, action=act, record=record, form=form, status=error.status
            )
        return HttpResponseRedirect(
            _after(request, resource=resource, action=act, record=record, result=result)
        )

    if request.method == "POST":
        return gate.once(request, run=run)
    if not writes.possible(act, record=record):
        raise DomainError(f"“{act.label}” is not possible for this {resource.singular} now")
    return _page(request, resource=resource, action=act, record=record, form=form, status=200)


def _after(
    request: PracticeRequest, *, resource: Resource, action: Action, record: models.Model, result: object
) -> str:
    """Where an action leads: to the record it made, if it made one with a page, else back to its own."""
    if isinstance(result, models.Model) and type(result) is not type(record):
        elsewhere = links.record_url(request, record=result)
        if elsewhere:
            return elsewhere
    if not resource.visible_to(request.actor).filter(pk=record.pk).exists():
        return links.page(request, resource=resource, name="list")
    query = {"done": action.name}
    return links.page(request, resource=resource, name="detail", pk=record.pk, query=query)

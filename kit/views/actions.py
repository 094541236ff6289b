"""A guarded act: say what will happen, ask why, then do it once; to one record or to many."""

import uuid
from typing import Any

from django.db import models
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict

from kit import bulk, links, listing, ports, writes
from kit.errors import DomainError
from kit.forms import action_form_class
from kit.ports import PracticeRequest
from kit.resource import EXPORT_ROWS, Action, Resource
from kit.views import gate
from kit.views.details import button, named, title


def _asked(request: PracticeRequest, *, resource: Resource, action: str) -> Action:
    act = resource.action(action)
    if act is None:
        raise Http404("No such action")
    gate.require(request, permission=resource.view_permission)
    gate.require(request, permission=act.permission)
    return act


@gate.page("GET", "POST")
def action_page(request: PracticeRequest, *, resource: Resource, pk: uuid.UUID, action: str) -> HttpResponse:
    """Ask (GET) and act (POST)."""
    act = _asked(request, resource=resource, action=action)
    record = gate.found(resource, request=request, pk=pk)
    form = gate.bound(request, action_form_class(act), record=record, initial={})

    def page(status: int) -> HttpResponse:
        return gate.show(
            request,
            "kit/action.html",
            resource=resource,
            code=status,
            record=record,
            action=act,
            form=form,
            record_title=title(record, resource=resource),
            record_name=named(record, resource=resource),
            button=button(act, resource=resource, record=record),
            back_url=links.page(request, resource=resource, name="detail", pk=record.pk),
        )

    def do(values: dict[str, Any]) -> str:
        result = writes.act(act, resource=resource, record=record, actor=request.actor, values=values)
        return _after(request, resource=resource, action=act, record=record, result=result)

    if request.method != "POST" and not writes.possible(act, record=record):
        raise DomainError(f"“{act.label}” is not possible for this {resource.singular} now")
    return gate.answer(request, form=form, page=page, do=do)


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
    return links.after(request, resource=resource, record=record, done=action.name)


def _chosen(request: PracticeRequest, *, resource: Resource) -> list[uuid.UUID]:
    """The ticked rows, or with ``all`` everything the list's address (``query``) asks for."""
    if "all" not in request.POST:
        return bulk.ids_of(request.POST.getlist("pk"))
    params = QueryDict(request.POST.get("query", "").lstrip("?"))
    matching, _ = listing.matching(listing.ask(resource, params=params), actor=request.actor)
    ids = list(matching.order_by("pk").values_list("pk", flat=True)[: EXPORT_ROWS + 1])
    if len(ids) > EXPORT_ROWS:
        raise DomainError(f"More than {EXPORT_ROWS:,} {resource.plural} match. Narrow the list first")
    return ids


@gate.page("GET", "POST")
def bulk_page(request: PracticeRequest, *, resource: Resource, action: str) -> HttpResponse:
    """Do it to many. What asks, and what is done to all that match, first shows a page that says to how many."""
    act = _asked(request, resource=resource, action=action)
    if not act.bulk:
        raise Http404("Not for many at once")
    ids, every = _chosen(request, resource=resource), "all" in request.POST
    if not ids:  # nothing was ticked, or somebody came back here by the address
        return HttpResponseRedirect(links.page(request, resource=resource, name="list"))
    if every:
        ports.step_up(request)
    sure = "sure" in request.POST or not (act.asks or every)
    made = action_form_class(act)
    form = gate.bound(request, made, record=None, initial={}) if sure else made(actor=request.actor)

    def page(status: int) -> HttpResponse:
        return gate.show(
            request,
            "kit/bulk.html",
            resource=resource,
            code=status,
            action=act,
            form=form,
            count=len(ids),
            ids=() if every else ids,
            query=request.POST.get("query", ""),
        )

    def do(values: dict[str, Any]) -> str:
        answers = bulk.answers_of(request.POST, form=made)
        return ports.bulk(
            request, resource=resource, action=act, ids=ids, answers=answers, later=every
        ).address

    return gate.answer(request, form=form, page=page, do=do) if sure else page(200)

"""Before and after every kit page: methods, permission, refusals. Forbidden goes to handler403."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from kit import links, ports, writes
from kit.errors import DomainError, Forbidden, TooMany
from kit.forms import AnyForm, FormClass
from kit.ports import PracticeRequest
from kit.resource import Resource
from kit.shell import PANEL, layout_for

KEY = "idempotency_key"
View = Callable[..., HttpResponse]


def require(request: PracticeRequest, *, permission: str) -> None:
    """Raise Forbidden unless the actor holds the permission."""
    if not ports.allowed(request.actor, permission=permission):
        raise Forbidden(permission)


def may(request: PracticeRequest, *, permission: str) -> bool:
    """Does the actor hold the permission?"""
    return ports.allowed(request.actor, permission=permission)


def declined(request: HttpRequest, *, error: DomainError) -> HttpResponse:
    """A refusal outside any form, with what can be done instead."""
    context = {
        "message": error.message,
        "alternatives": getattr(error, "alternatives", ()),
        "back": links.came_from(request),
    }
    response = render(request, "kit/declined.html", context, status=error.status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.seconds)
    return response


def page(*methods: str) -> Callable[[View], View]:
    """Wrap a view of a Resource: other methods 405, domain refusals with their own status."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: PracticeRequest, resource: Resource, **kwargs: Any) -> HttpResponse:
            if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
                return HttpResponseNotAllowed(methods)
            try:
                response = view(request, resource=resource, **kwargs)
            except DomainError as error:
                return declined(request, error=error)
            response["Cache-Control"] = "no-store"
            return response

        return inner

    return wrap


def show(
    request: PracticeRequest, template: str, *, resource: Resource, code: int = 200, **context: Any
) -> HttpResponse:
    """A page about a Resource, whole or in the side panel; ``problem`` tells it that it shows a refusal."""
    layout = layout_for(request)
    common = {
        "resource": resource,
        "layout": layout,
        "in_panel": layout == PANEL,
        "problem": code != 200,
        "nonce": nonce(request),
        "list_url": links.page(request, resource=resource, name="list"),
    }
    return render(request, template, common | context, status=code)


def answer(
    request: PracticeRequest,
    *,
    form: AnyForm,
    page: Callable[[int], HttpResponse],
    do: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """A form's page: shown, or done once and left for the address ``do`` returns; refused with every entry kept."""

    def run() -> HttpResponse:
        if not form.is_valid():
            return page(422)
        try:
            return HttpResponseRedirect(do(form.cleaned_data))
        except DomainError as error:
            writes.explain(form, error=error)
            return page(error.status)

    return once(request, run=run) if request.method == "POST" else page(200)


def bound(
    request: PracticeRequest, made: FormClass, *, record: models.Model | None, initial: dict[str, Any]
) -> AnyForm:
    """The form with what was posted, if anything was."""
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form: AnyForm = made(actor=request.actor, record=record, initial=initial, **posted)
    return form


def once(request: PracticeRequest, *, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Do a post once: the form's nonce is its idempotency key."""
    return ports.idempotent(request, key=request.POST.get(KEY, ""), run=run)


def nonce(request: HttpRequest) -> str:
    """The key of a form: a fresh one, or the one a refused form came with."""
    return request.POST.get(KEY, "") or str(uuid.uuid4())


def found(
    resource: Resource, *, request: PracticeRequest, pk: uuid.UUID, joins: tuple[str, ...] = ()
) -> models.Model:
    """One record the actor may see; unknown, foreign and hidden all look the same."""
    queryset = resource.visible_to(request.actor).filter(pk=pk)
    record = (queryset.select_related(*joins) if joins else queryset).first()
    if record is None:
        raise Http404(f"No {resource.singular} here")
    return record


def seen(request: PracticeRequest, *, resource: Resource, ids: list[Any], action: str) -> None:
    """Note a reading of patient data."""
    if resource.phi and ids:
        ports.log_read(request, kind=resource.name, ids=ids, action=action)

"""Views of one's own, and what became of an act on many records."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kit import links, registry
from kit.errors import DomainError
from kit.views import gate
from kit.views.details import title
from practice.models import BulkItem, SavedListView
from practice.ports import note_seen
from practice.selectors import lists as found
from practice.services import lists as service

SHOWN, UNDOABLE = 200, 500


@require_POST
def saved_view(request: Any) -> HttpResponse:
    """Save, change or delete a view of one's own, then show the list as it asks."""
    try:
        resource = registry.get(request.POST.get("kind", ""))
    except KeyError:
        raise Http404 from None
    view = _own(request)

    def run() -> HttpResponse:
        page = links.page(request, resource=resource, name="list")
        if view is not None and "delete" in request.POST:
            service.delete_view(view, actor=request.actor)
            messages.success(request, f"The view “{view}” is deleted.")
            return redirect(page)
        saved = service.save_view(
            resource.name,
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
            shared="shared" in request.POST,
            default="default" in request.POST,
            view=view,
            actor=request.actor,
        )
        messages.success(request, f"The view “{saved}” is saved.")
        return redirect(page + saved.query)

    try:
        return gate.once(request, run=run)
    except DomainError as error:
        return gate.declined(request, error=error)


def _own(request: Any) -> SavedListView | None:
    given = request.POST.get("view", "")
    if not given:
        return None
    try:
        return found.get_own_view(uuid.UUID(given), actor=request.actor)
    except ValueError:
        raise Http404 from None


@require_GET
def bulk(request: Any, bulk_id: uuid.UUID) -> HttpResponse:
    """A run: how many are done, which were refused and why, and the way to take it back."""
    run = found.get_run(bulk_id, actor=request.actor)
    resource = registry.get(run.kind)
    request.actor.require(resource.view_permission)
    action = resource.action(run.action)
    refused = list(run.items.filter(state=BulkItem.State.REFUSED).order_by("record_id")[:SHOWN])
    records = resource.visible_to(request.actor).in_bulk([item.record_id for item in refused])
    note_seen(request, kind=resource.name, ids=list(records))
    context = {
        "run": run,
        "resource": resource,
        "label": action.label if action else run.action,
        "counts": found.counts(run),
        "refused": [
            _line(request, item=item, resource=resource, record=records.get(item.record_id))
            for item in refused
        ],
        "more_refused": max(0, found.counts(run)["refused"] - SHOWN),
        "undo": _undo(request, resource=resource, action=action, run=run),
        "nonce": gate.nonce(request),
        "list_url": links.page(request, resource=resource, name="list"),
    }
    return render(request, "practice/bulk.html", context)


def _line(request: Any, *, item: BulkItem, resource: Any, record: Any) -> dict[str, Any]:
    """One refused record by name, if it is this actor's to see."""
    name = title(record, resource=resource) if record else "A record that is not shown"
    url = links.page(request, resource=resource, name="detail", pk=record.pk) if record else ""
    return {"name": name, "url": url, "reason": item.reason}


def _undo(request: Any, *, resource: Any, action: Any, run: Any) -> dict[str, Any] | None:
    """The inverse act on what was done, while it is a handful, for the one who did it."""
    inverse = resource.action(action.undo) if action else None
    if inverse is None or not inverse.bulk or run.asked_by != str(request.actor):
        return None
    ids = list(
        run.items.filter(state=BulkItem.State.DONE).values_list("record_id", flat=True)[: UNDOABLE + 1]
    )
    if not ids or len(ids) > UNDOABLE or not request.actor.may(inverse.permission):
        return None
    return {
        "label": inverse.label,
        "ids": ids,
        "href": links.page(request, resource=resource, name="bulk", action=inverse.name),
    }

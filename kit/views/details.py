"""The detail page: what it is, what to do next, what belongs to it, what happened."""

import uuid
from typing import Any

from django.db import models
from django.http import HttpResponse

from kit import cells, fields, links, listing, ports, registry, writes
from kit.ports import PracticeRequest
from kit.resource import SHOWN_COLUMNS, Action, Child, Resource
from kit.views import gate

CHILD_ROWS = 10


def title(record: models.Model, *, resource: Resource) -> str:
    """What a record is called."""
    return str(fields.value_of(record, name=resource.title) if resource.title else record)


def named(record: models.Model, *, resource: Resource) -> str:
    """What kind of record it is and what it is called, the kind said once: "claim 10482", "Phone message 3"."""
    called = title(record, resource=resource)
    return called if called.lower().startswith(resource.singular.lower()) else f"{resource.singular} {called}"


def _cells(
    record: models.Model, *, resource: Resource, columns: Any, request: PracticeRequest
) -> list[cells.Cell]:
    return [
        cells.cell(record, meaning=m, request=request) for m in fields.meanings(resource, columns=columns)
    ]


def sections(record: models.Model, *, resource: Resource, request: PracticeRequest) -> list[dict[str, Any]]:
    """Boxes of label and value; a box with a permission of its own is left out for others."""
    return [
        {"title": s.title, "cells": _cells(record, resource=resource, columns=s.fields, request=request)}
        for s in resource.sections
        if not s.permission or gate.may(request, permission=s.permission)
    ]


def button(action: Action, *, resource: Resource, record: models.Model) -> str:
    """The words on the button that does it; what cannot be undone names its object."""
    return f"{action.label} {named(record, resource=resource)}" if action.danger else action.label


def _step(
    action: Action, *, resource: Resource, record: models.Model, request: PracticeRequest
) -> dict[str, Any] | None:
    """The button of an action, None when it is not for this actor, or not possible now."""
    if not gate.may(request, permission=action.permission) or not writes.possible(action, record=record):
        return None
    href = links.page(request, resource=resource, name="action", pk=record.pk, action=action.name)
    return {"action": action, "button": action.label, "href": href}


def next_steps(record: models.Model, *, resource: Resource, request: PracticeRequest) -> list[dict[str, Any]]:
    """The actions possible now for this actor; harmful ones last."""
    actions = sorted(resource.actions, key=lambda action: action.danger)
    steps = [_step(action, resource=resource, record=record, request=request) for action in actions]
    return [step for step in steps if step]


def undo_of(
    done: str, *, record: models.Model, resource: Resource, request: PracticeRequest
) -> dict[str, Any] | None:
    """The button that takes back what was just done, where its action names one."""
    act = resource.action(done)
    inverse = resource.action(act.undo) if act else None
    return _step(inverse, resource=resource, record=record, request=request) if inverse else None


def child_table(child: Child, *, record: models.Model, request: PracticeRequest) -> dict[str, Any] | None:
    """The first rows of a related list, without the column that points back here."""
    resource = registry.get(child.resource)
    if not gate.may(request, permission=resource.view_permission):
        return None
    columns = [c for c in resource.columns if c.name.split(fields.SEPARATOR)[0] != child.field][
        :SHOWN_COLUMNS
    ]
    meanings = fields.meanings(resource, columns=columns)
    queryset = resource.visible_to(request.actor).filter(**{child.field: record})
    queryset = queryset.select_related(*fields.joins(resource, columns=columns))
    order = listing.order(resource, sort=resource.default_sort)
    found = list(order.apply(queryset)[: CHILD_ROWS + 1])
    gate.seen(request, resource=resource, ids=[each.pk for each in found[:CHILD_ROWS]], action="listed")
    query = {child.field: str(record.pk)}
    addable = resource.creatable and gate.may(request, permission=resource.create_permission)
    return {
        "title": child.title or resource.plural.capitalize(),
        "resource": resource,
        "more": len(found) > CHILD_ROWS,
        "heads": [{"label": m.label, "numeric": m.numeric} for m in meanings],
        "rows": cells.rows(found[:CHILD_ROWS], resource=resource, meanings=meanings, request=request),
        "all_url": links.page(request, resource=resource, name="list", query=query),
        "create_url": links.page(request, resource=resource, name="create", query=query) if addable else "",
    }


def said(resource: Resource, *, done: str) -> str:
    """The sentence after a redirect: only words that a declaration knows are ever shown."""
    name, _, done = done.rpartition(".")
    resource = next((each for each in registry.every() if each.name == name), resource)
    known = {"created": f"{resource.singular.capitalize()} added", "changed": "Changes saved"}
    known |= {action.name: action.done or f"{action.label}: done" for action in resource.actions}
    return known.get(done, "")


@gate.page("GET")
def detail_page(request: PracticeRequest, *, resource: Resource, pk: uuid.UUID) -> HttpResponse:
    """One record, as a page or in the side panel."""
    gate.require(request, permission=resource.view_permission)
    named = [name for section in resource.sections for name in section.fields]
    joins = fields.joins(resource, columns=[*named, *resource.subtitle, *resource.facts])
    record = gate.found(resource, request=request, pk=pk, joins=tuple(joins))
    gate.seen(request, resource=resource, ids=[record.pk], action="opened")
    ports.opened(request, kind=resource.name, pk=record.pk)
    editable = resource.updatable and gate.may(request, permission=resource.update_permission)
    tables = [child_table(child, record=record, request=request) for child in resource.children]
    beside = ports.beside(request, record=record)
    done = request.GET.get("done", "")

    def shown(columns: Any) -> list[cells.Cell]:
        return _cells(record, resource=resource, columns=columns, request=request)

    return gate.show(
        request,
        "kit/detail.html",
        resource=resource,
        record=record,
        title=title(record, resource=resource),
        status=shown([resource.status] if resource.status else []),
        subtitle=shown(resource.subtitle),
        facts=shown(resource.facts),
        sections=sections(record, resource=resource, request=request),
        steps=next_steps(record, resource=resource, request=request),
        tables=[each for each in tables if each],
        beside=beside,
        boxes=beside.boxes,
        led=any(step.primary for step in beside.steps),
        history=ports.history(record),
        edit_url=links.page(request, resource=resource, name="update", pk=pk) if editable else "",
        said=said(resource, done=done),
        undo=undo_of(done, record=record, resource=resource, request=request),
    )

"""What ⌘K finds by declaration: records by number or name, things to add, and what can be done to the open one."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils.http import urlencode

from kit import links, listing, registry
from kit.filters import SEARCH
from kit.ports import PracticeRequest
from kit.resource import Resource
from kit.views import gate
from kit.views.details import next_steps, title
from kit.views.lists import creating

EACH, SHORTEST = 5, 2
Hit = dict[str, str]


def _hit(label: str, *, hint: str, url: str, group: str) -> Hit:
    return {"label": label, "hint": hint, "url": url, "group": group}


def named(text: str, *words: str) -> bool:
    """Whether every typed word begins a word of a thing's name."""
    known = " ".join(words).lower().split()
    return all(any(word.startswith(typed) for word in known) for typed in text.lower().split())


def find(request: PracticeRequest, *, text: str) -> list[Hit]:
    """What all declarations offer for what was typed."""
    return [*records(request, text=text), *things_to_add(request, text=text)]


def records(request: PracticeRequest, *, text: str) -> Iterator[Hit]:
    """Up to five of each kind that declares ``search`` and may be seen: one query a kind, by prefix."""
    if len(text) < SHORTEST:
        return
    for resource in registry.every():
        if resource.search and gate.may(request, permission=resource.view_permission):
            asked = listing.ask(resource, params=QueryDict(urlencode({SEARCH: text})))
            found, _ = listing.matching(asked, actor=request.actor)
            hits = list(found.order_by(*resource.search[:1], "pk")[:EACH])
            gate.seen(request, resource=resource, ids=[each.pk for each in hits], action="searched")
            yield from (record(request, resource=resource, record=each) for each in hits)


def record(request: PracticeRequest, *, resource: Resource, record: Any, group: str = "") -> Hit:
    """One record as a hit."""
    words = resource.plural.capitalize()
    url = links.page(request, resource=resource, name="detail", pk=record.pk)
    return _hit(title(record, resource=resource), hint=words, url=url, group=group or words)


def things_to_add(request: PracticeRequest, *, text: str) -> Iterator[Hit]:
    """ "New location", for whoever may."""
    for resource in registry.every():
        label = f"New {resource.singular}"
        if named(text, label, "add create") and (url := creating(request, resource=resource)):
            yield _hit(label, hint="Add", url=url, group="Do")


def opened(request: PracticeRequest, *, path: str) -> tuple[Resource, Any] | None:
    """The record whose page an address shows, if this actor may see it."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    resource, given = match.kwargs.get("resource"), match.kwargs
    here = given.get("practice") == request.practice.slug and isinstance(given.get("pk"), UUID)
    if not here or resource is None or not gate.may(request, permission=resource.view_permission):
        return None
    try:
        return resource, gate.found(resource, request=request, pk=given["pk"])
    except Http404:
        return None


def things_to_do(request: PracticeRequest, *, path: str, text: str) -> Iterator[Hit]:
    """The actions of the record that is open, and its edit form."""
    if not (found := opened(request, path=path)):
        return
    resource, record = found
    hint = title(record, resource=resource)
    steps = [
        (step["button"], step["href"]) for step in next_steps(record, resource=resource, request=request)
    ]
    if resource.updatable and gate.may(request, permission=resource.update_permission):
        steps.append(("Edit", links.page(request, resource=resource, name="update", pk=record.pk)))
    yield from (
        _hit(label, hint=hint, url=url, group="Do here") for label, url in steps if named(text, label)
    )

"""Addresses inside the practice of a request."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kit import ports, registry
from kit.resource import Resource

SOME = UUID(int=0)


def to(request: HttpRequest, *, name: str, **kwargs: Any) -> str:
    """The address of a page in this request's practice (or of a page outside any, when it takes no slug)."""
    practice = getattr(request, "practice", None)
    slug = practice.slug if practice is not None else ""
    if not kwargs:
        return _address(name, slug=slug, urls=settings.ROOT_URLCONF)
    if kwargs.keys() == {"pk"} and isinstance(kwargs["pk"], UUID):
        # A list has a link in every row: only their last word differs.
        some = _address(name, slug=slug, urls=settings.ROOT_URLCONF, pk=SOME)
        return some.replace(str(SOME), str(kwargs["pk"]))
    return _reversed(name, slug=slug, **kwargs)


@lru_cache(maxsize=8192)
def _address(name: str, *, slug: str, urls: str, **kwargs: Any) -> str:
    return _reversed(name, slug=slug, **kwargs)


def _reversed(name: str, *, slug: str, **kwargs: Any) -> str:
    if slug:
        try:
            return reverse(name, kwargs={"practice": slug, **kwargs})
        except NoReverseMatch:
            pass
    return reverse(name, kwargs=kwargs)


def page(
    request: HttpRequest, *, resource: Resource, name: str, query: dict[str, str] | None = None, **kwargs: Any
) -> str:
    """A page of a Resource: list, create, detail, update, action, export."""
    address = to(request, name=f"kit:{resource.key}_{name}", **kwargs)
    return f"{address}?{urlencode(query)}" if query else address


def came_from(request: HttpRequest) -> str:
    """The page of ours that a request was sent from, without its host; "" when it was none."""
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(sent_from)
    if parts.path.startswith("//"):  # as a link it would lead to another host
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def ours(address: str) -> str:
    """An address of this site, "" for any other: what stands in a query can be written by anybody."""
    here = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if here else ""


def after(request: HttpRequest, *, resource: Resource, record: models.Model, done: str) -> str:
    """Where adding, changing or acting leads: to the page of what the record belongs to, else to its own."""
    above = getattr(record, resource.parent) if resource.parent else None
    if above is not None and (address := record_url(request, record=above)):
        return f"{address}?{urlencode({'done': f'{resource.name}.{done}'})}"
    return page(request, resource=resource, name="detail", pk=record.pk, query={"done": done})


def record_url(request: HttpRequest, *, record: models.Model) -> str:
    """Where a record is shown, "" when it has no page or this actor may not open that kind."""
    resource = registry.for_model(type(record))
    actor = getattr(request, "actor", None)
    if resource is None or actor is None or not ports.allowed(actor, permission=resource.view_permission):
        return ""
    return page(request, resource=resource, name="detail", pk=record.pk)

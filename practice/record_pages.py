"""Where a record is shown: its own page, or its Resource's detail page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kit.links import record_url as resource_url
from practice.services.refs import resolve


def record_url(request: Any, *, ref: Any) -> str:
    """The page of what a work item is about: the record's own ``get_page_url`` or its Resource's detail page."""
    return page_of_record(request, record=resolve(ref))


def page_of_record(request: Any, *, record: Any) -> str:
    """The page of a record, '' when it has none or there is no record."""
    if record is None:
        return ""
    own = getattr(record, "page_name", "")
    if own:
        argument = getattr(record, "page_argument", "pk")
        return reverse(own, kwargs={"practice": request.practice.slug, argument: record.pk})
    return resource_url(request, record=record)

"""Where a record is shown: its own page, or its Resource's detail page."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.urls import reverse

from kit.links import record_url as resource_url


def page_of_ref(request: Any, *, ref: Any) -> str:
    """The page of what a reference points at, without reading it: for lists. '' without a reference."""
    if ref is None:
        return ""
    return page_of_record(request, record=apps.get_model(ref.kind)(pk=ref.record_id))


def page_of_record(request: Any, *, record: Any) -> str:
    """The page of a record, '' when it has none or there is no record."""
    if record is None:
        return ""
    own = getattr(record, "page_name", "")
    if own:
        argument = getattr(record, "page_argument", "pk")
        return reverse(own, kwargs={"practice": request.practice.slug, argument: record.pk})
    return resource_url(request, record=record)

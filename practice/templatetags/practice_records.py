"""``{% record_boxes record %}``: notes, files, letters and whatever else rooms show on any record's page.

``{% page_of record as url %}``: where a record of any kind is shown, '' when it has no page.
"""

from __future__ import annotations

from typing import Any

from django import template

from kit import ports
from practice.record_pages import page_of_record

register = template.Library()


@register.inclusion_tag("kit/_boxes.html", takes_context=True)
def record_boxes(context: template.RequestContext, record: Any) -> dict[str, Any]:
    """The boxes of other rooms, on a page that no Resource makes."""
    values: dict[str, Any] = dict(context.flatten())  # type: ignore[arg-type]
    return values | {"boxes": ports.beside(context["request"], record=record).boxes}


@register.simple_tag(takes_context=True)
def page_of(context: template.RequestContext, record: Any) -> str:
    """The address of a record's page in this practice."""
    return page_of_record(context["request"], record=record)

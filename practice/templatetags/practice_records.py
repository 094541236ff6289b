"""``{% record_boxes record %}``: notes, files, letters and whatever else rooms show on any record's page."""

from __future__ import annotations

from typing import Any

from django import template

from kit import ports

register = template.Library()


@register.inclusion_tag("kit/_boxes.html", takes_context=True)
def record_boxes(context: template.RequestContext, record: Any) -> dict[str, Any]:
    """The boxes of other rooms, on a page that no Resource makes."""
    values: dict[str, Any] = dict(context.flatten())  # type: ignore[arg-type]
    return values | {"boxes": ports.beside(context["request"], record=record).boxes}

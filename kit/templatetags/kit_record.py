"""`{% load kit_record %}`: where a record is shown."""

from django import template
from django.db import models
from django.template import Context

from kit import links

register = template.Library()


@register.simple_tag(takes_context=True)
def record_url(context: Context, record: models.Model) -> str:
    """The page of a record, "" when there is none or this actor may not open it."""
    return links.record_url(context["request"], record=record)

"""Whether anything refers to a record: what is used is not withdrawn. Asked of the models, so it knows every room."""

from __future__ import annotations

from typing import Any

from django.db import models

from practice.models import RecordRef
from practice.services.refs import kind_of


def used_by(record: Any) -> str:
    """What refers to a record, in words ("appointments"); '' for nothing. Parts that would go with it do not count."""
    for relation in type(record)._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.on_delete is models.CASCADE:
            continue
        found: Any = relation.related_model
        if found._default_manager.filter(**{relation.field.name: record}).exists():
            return str(found._meta.verbose_name_plural)
    noted = RecordRef.objects.filter(kind=kind_of(record), record_id=record.pk)
    return "files or work items" if noted.exists() else ""

"""Records of any kind, through the one door each kind has: its Resource's selector, or the one named in settings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.module_loading import import_string

from kit import registry
from practice.actor import Actor
from practice.checks import is_tenant


def visible(model: Any, *, ids: Iterable[uuid.UUID], actor: Actor) -> dict[uuid.UUID, Any]:
    """Those of these records that the actor may see, by id. A kind without a door shows nothing."""
    wanted = set(ids)
    found = _door(model, actor=actor) if wanted else None
    return {record.pk: record for record in found.filter(pk__in=wanted)} if found is not None else {}


def find(kind: str, *, pk: uuid.UUID, actor: Actor) -> Any:
    """One record of a kind (``app.model``), by its door. 404 for an unknown kind and for what is foreign or hidden."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404 from None
    found = visible(model, ids=[pk], actor=actor) if is_tenant(model) else {}
    if pk not in found:
        raise Http404
    return found[pk]


def patient_names(ids: Iterable[uuid.UUID], *, actor: Actor) -> dict[uuid.UUID, str]:
    """Names of the patients the actor may see; patients live a room above."""
    found = visible(apps.get_model("patients.Patient"), ids=ids, actor=actor)
    return {key: str(record) for key, record in found.items()}


def _door(model: Any, *, actor: Actor) -> QuerySet[Any] | None:
    named = settings.RECORD_SELECTORS.get(model._meta.label)
    if named:
        found: QuerySet[Any] = import_string(named)(actor)
        return found
    resource = registry.for_model(model)
    if resource is None or not actor.may(resource.view_permission):
        return None
    return resource.visible_to(actor)

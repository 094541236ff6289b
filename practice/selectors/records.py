"""Records of any kind, through the one door each kind has: its Resource's selector, or the one named in settings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.module_loading import import_string

from kit import registry
from practice.actor import Actor
from practice.checks import is_tenant
from practice.models import RecordRef

Row = TypeVar("Row", bound=Model)
# The kinds in use, one look into the index (practice, kind) each: DISTINCT would read every row.
KINDS = """
WITH RECURSIVE kinds AS (
  SELECT (SELECT min(kind) FROM {table} WHERE practice_id = %(practice)s AND kind > '') AS kind
  UNION ALL
  SELECT (SELECT min(c.kind) FROM {table} c WHERE c.practice_id = %(practice)s AND c.kind > kinds.kind)
  FROM kinds WHERE kinds.kind IS NOT NULL
)
SELECT kind FROM kinds WHERE kind IS NOT NULL
"""


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


def find_named(name: str, *, actor: Actor) -> Any:
    """The record that ``app.model:id`` names, as an address or a form does; 404 as ``find``."""
    kind, _, key = name.partition(":")
    try:
        pk = uuid.UUID(key)
    except ValueError:
        raise Http404 from None
    return find(kind, pk=pk, actor=actor)


def name_of(record: Any) -> str:
    """What ``find_named`` finds it by."""
    return f"{record._meta.label_lower}:{record.pk}"


def about_visible(
    found: QuerySet[Row], *, kinds: Iterable[str], actor: Actor, optional: bool = False
) -> QuerySet[Row]:
    """Rows whose record behind ``ref`` is one the actor may see, each kind asked at its own door, inside the query.

    ``optional``: rows may be about nothing, and those stay.
    """
    shown = Q(ref=None) if optional else Q(pk__in=())
    for kind in kinds:
        door = _door(apps.get_model(kind), actor=actor)
        if door is not None:
            shown |= Q(Exists(door.order_by().filter(pk=OuterRef("ref__record_id"))), ref__kind=kind)
    return found.filter(shown)


def kinds_in_use(model: type[Model], *, actor: Actor) -> list[str]:
    """The kinds of records that rows of a model with a column ``kind`` are about; without those no longer there."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS.format(table=model._meta.db_table), {"practice": str(actor.practice_id)})
        found = [kind for (kind,) in cursor.fetchall()]
    return [kind for kind in found if _is_kind(kind)]


def _is_kind(kind: str) -> bool:
    """Whether a kind still exists: a row about a kind that is gone is shown to nobody."""
    try:
        apps.get_model(kind)
    except (LookupError, ValueError):
        return False
    return True


def of_page(record: Any) -> Q:
    """Rows of a record's page: those about it and, on a patient's, those about whatever else concerns this patient.

    The reference is looked up first: both halves then have an index of their own.
    """
    refs = RecordRef.objects.filter(kind=record._meta.label_lower, record_id=record.pk)
    own = Q(ref_id__in=list(refs.values_list("pk", flat=True)))
    return own | Q(patient_id=record.pk) if record._meta.label == "patients.Patient" else own


def patients_of(model: Any, *, ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Whose data these rows are: the patient itself, the one a row belongs to, or where its ``patient_path`` leads."""
    wanted = list(ids)
    if model._meta.label == "patients.Patient":
        return wanted
    columns = {field.attname for field in model._meta.concrete_fields}
    path = getattr(model, "patient_path", "patient_id" if "patient_id" in columns else "")
    if not path:
        return []
    found = model._default_manager.filter(pk__in=wanted).order_by().values_list(path, flat=True).distinct()
    return [key for key in found if key is not None]


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

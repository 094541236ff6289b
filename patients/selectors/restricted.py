"""Who may see a restricted patient: the one place that decides, for every room of the house.

A restricted record is seen by holders of VIEW_RESTRICTED and by whoever has opened it (break-glass): one patient,
for a person signed in, until the grant ends. Money and time that belong to a hidden patient still count.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TypeVar

from django.db import connection
from django.db.models import Case, CharField, Model, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from kit import clock
from patients.models import Patient
from patients.permissions import PatientPermission
from patients.rules import HIDDEN_NAME
from practice.actor import Actor
from practice.models import Membership

Row = TypeVar("Row", bound=Model)


# Asked at nearly every request, so it is one plain statement: the index on (practice, member, end) answers it.
OPENED = """
SELECT g.patient_id, g.id FROM patients_breakglass g
WHERE g.membership_id = %s AND g.starts_at <= %s AND g.ends_at > %s
  AND NOT EXISTS (
    SELECT FROM patients_breakglassclosing c WHERE c.practice_id = g.practice_id AND c.grant_id = g.id
  )
ORDER BY g.ends_at
"""


def opened(membership_id: uuid.UUID, *, permissions: frozenset[str]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Patient -> grant of what a member has open now (setting OPENED_RECORDS). Gone with the right to break glass."""
    if PatientPermission.VIEW_RESTRICTED in permissions or PatientPermission.BREAK_GLASS not in permissions:
        return {}
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(OPENED, [str(membership_id), now, now])
        return dict(cursor.fetchall())


def visible(
    found: QuerySet[Row], *, actor: Actor, patient: str = "patient", optional: bool = False
) -> QuerySet[Row]:
    """Rows without those of restricted patients the actor may not see.

    ``patient`` is the way from a row to its patient ("claim__patient"), "" when rows are patients; ``optional``:
    rows may have none, and those stay.
    """
    if actor.may(PatientPermission.VIEW_RESTRICTED):
        return found
    shown = _seen(actor, patient=patient)
    if optional:
        shown |= Q(**{patient: None})
    return found.filter(shown)


def _seen(actor: Actor, *, patient: str) -> Q:
    shown = Q(**{f"{patient}__is_restricted" if patient else "is_restricted": False})
    if actor.opened:
        shown |= Q(**{f"{patient}_id__in" if patient else "pk__in": list(actor.opened)})
    return shown


def shown_name(actor: Actor, *, patient: str = "patient") -> Case | Concat:
    """The name of a row's patient as this actor may read it, for lists that hold hidden patients' rows too."""
    whole = Concat(f"{patient}__first_name", Value(" "), f"{patient}__last_name")
    if actor.may(PatientPermission.VIEW_RESTRICTED):
        return whole
    return Case(
        When(_seen(actor, patient=patient), then=whole), default=Value(HIDDEN_NAME), output_field=CharField()
    )


def sees(patient: Patient, *, actor: Actor) -> bool:
    """Whether this actor may see whose record it is."""
    if not patient.is_restricted or actor.may(PatientPermission.VIEW_RESTRICTED):
        return True
    return patient.pk in actor.opened


def name_for(patient: Patient, *, actor: Actor) -> str:
    """The patient's name, or "Restricted patient"."""
    return str(patient) if sees(patient, actor=actor) else HIDDEN_NAME


def hidden_patients(actor: Actor) -> QuerySet[Patient]:
    """Restricted patients this actor may not see: for masking texts that others wrote about them."""
    every = Patient.objects.filter(practice_id=actor.practice_id, is_restricted=True)
    if actor.may(PatientPermission.VIEW_RESTRICTED):
        return every.none()
    return every.exclude(pk__in=list(actor.opened))


Names = tuple[tuple[str, str], ...]


def hidden_names(actor: Actor) -> Names:
    """Last and first names, in lower case, of whom this actor may not see; empty for most practices and roles."""
    return tuple(hidden_patients(actor).values_list("last_name_key", "first_name_key"))


def mentions(text: str, *, names: Names) -> bool:
    """Whether a text of somebody else (a payer's file) names one of them."""
    lowered = text.lower() if names else ""
    return any(last in lowered and first in lowered for last, first in names)


def staff_among_patients(actor: Actor) -> QuerySet[Patient]:
    """Patients not restricted yet whose e-mail address is that of somebody who signs in here, by name."""
    members = Membership.objects.filter(practice_id=actor.practice_id, ended_at=None)
    addresses = list(members.values_list("user__email", flat=True))
    return Patient.objects.filter(
        practice_id=actor.practice_id, entered_in_error=False, is_restricted=False, email__in=addresses
    ).order_by("last_name_key", "first_name_key", "id")

"""The only doors to patients."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from patients.models import Patient
from patients.permissions import PatientPermission
from patients.rules import Search, after_prefix, read_search
from patients.selectors import restricted
from practice.actor import Actor

HITS = 20


def visible_to(actor: Actor) -> QuerySet[Patient]:
    """Patients the actor may see: none entered in error, restricted ones for those who may or have opened them."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return Patient.objects.none()
    found = Patient.objects.filter(practice_id=actor.practice_id, entered_in_error=False)
    return restricted.visible(found, actor=actor, patient="")


def get_patient(patient_id: uuid.UUID, *, actor: Actor) -> Patient:
    """One patient. Unknown, foreign, restricted and erroneous ones all look unknown (404)."""
    found = visible_to(actor).select_related("usual_provider").filter(pk=patient_id).first()
    if found is None:
        raise Http404
    return found


def find(text: str, *, actor: Actor, limit: int = HITS) -> list[Patient]:
    """At most ``limit`` patients for what was typed, by name.

    "smith j" (starts of last and first name, either order), "1980" or "03/04/1980", a telephone number in any
    form, a record number. Nothing readable finds nobody.
    """
    asked = read_search(text)
    if asked.empty:
        return []
    return list(_matching(visible_to(actor), asked=asked).order_by(*BY_NAME)[:limit])


BY_NAME = ("last_name_key", "first_name_key", "id")
Place = tuple[str, str, str]


def page(
    actor: Actor, *, text: str = "", after: Place | None = None, before: Place | None = None, size: int = 50
) -> tuple[list[Patient], bool]:
    """One page of patients by name and whether there are more in that direction; keyset, so depth costs nothing."""
    found = visible_to(actor)
    asked = read_search(text)
    if text.strip():
        found = found.none() if asked.empty else _matching(found, asked=asked)
    if after is not None:
        found = found.filter(_past(after, sign="gt"))
    if before is not None:
        rows = list(
            found.filter(_past(before, sign="lt")).order_by(*(f"-{name}" for name in BY_NAME))[: size + 1]
        )
        return rows[:size][::-1], len(rows) > size
    rows = list(found.order_by(*BY_NAME)[: size + 1])
    return rows[:size], len(rows) > size


def place_of(patient: Patient) -> Place:
    """Where a patient stands in the list by name."""
    return patient.last_name_key, patient.first_name_key, str(patient.pk)


def _past(place: Place, *, sign: str) -> Q:
    last, first, key = place
    return Q(**{f"last_name_key__{sign}": last}) | Q(last_name_key=last) & (
        Q(**{f"first_name_key__{sign}": first}) | Q(first_name_key=first, **{f"pk__{sign}": key})
    )


def _matching(found: QuerySet[Patient], *, asked: Search) -> QuerySet[Patient]:
    if asked.mrn:
        found = found.filter(mrn=asked.mrn)
    if asked.phone:
        found = found.filter(phone=asked.phone)
    if asked.born_on:
        found = found.filter(birth_date=asked.born_on)
    if asked.born_in:
        first, last = date(asked.born_in, 1, 1), date(asked.born_in, 12, 31)
        found = found.filter(birth_date__gte=first, birth_date__lte=last)
    return found.filter(_named(asked.names)) if asked.names else found


def _named(names: Sequence[str]) -> Q:
    """One word starts the last name, the next the first name, in either order; a third narrows a double name."""
    if len(names) == 1:
        return _starts("last_name_key", names[0])
    first, second = names[0], " ".join(names[1:])
    both = " ".join(names)
    return (
        _starts("last_name_key", first) & _starts("first_name_key", second)
        | _starts("last_name_key", second) & _starts("first_name_key", first)
        | _starts("last_name_key", both)
    )


def _starts(column: str, prefix: str) -> Q:
    # A range in byte order, not LIKE: under row-level security only leakproof operators reach the index.
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": after_prefix(prefix)})

"""The only doors to patients."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from kit import clock
from patients.models import Coverage, Patient
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


def listed(actor: Actor) -> QuerySet[Patient]:
    """The same people as ``visible_to``, each with whether something insures them today."""
    today = clock.now().date()
    covered = Coverage.objects.filter(patient=OuterRef("pk"), starts_on__lte=today)
    covered = covered.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return visible_to(actor).select_related("usual_provider").annotate(is_covered=Exists(covered))


def restricted_records(actor: Actor) -> QuerySet[Patient]:
    """Restricted patients, and people who work here and are treated here but are not restricted."""
    if not actor.may(PatientPermission.VIEW_RESTRICTED):
        return Patient.objects.none()
    suggested = restricted.staff_among_patients(actor).order_by().values("pk")
    return listed(actor).filter(Q(is_restricted=True) | Q(pk__in=suggested))


def hidden_now(queryset: QuerySet[Patient], *, actor: Actor) -> QuerySet[Patient]:
    """The restricted ones."""
    return queryset.filter(is_restricted=True)


def to_restrict(queryset: QuerySet[Patient], *, actor: Actor) -> QuerySet[Patient]:
    """Those who work here and are not restricted."""
    return queryset.filter(is_restricted=False)


def search(queryset: QuerySet[Patient], *, text: str, actor: Actor) -> QuerySet[Patient]:
    """Those of a list who match what was typed, as ``find`` understands it."""
    asked = read_search(text)
    return queryset.none() if asked.empty else _matching(queryset, asked=asked)


def named(text: str, *, actor: Actor) -> QuerySet[Patient]:
    """The patients a typed text means, to narrow lists of what is theirs; never one the actor may not see."""
    return search(visible_to(actor), text=text, actor=actor)


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

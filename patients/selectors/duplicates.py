"""Who on file may be the same person as somebody: asked by index, judged by rule, never more than a few rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from patients.models import DuplicateRuling, Patient
from patients.permissions import PatientPermission
from patients.rules.duplicates import Ground, Person, ground
from patients.selectors import restricted
from patients.selectors.patients import visible_to
from practice.actor import Actor

ROWS, SHOWN = 200, 6  # rows asked for one key: as many people share a birth date in the largest practice
STRENGTH = {each: place for place, each in enumerate(Ground)}


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody on file, and why they may be the one."""

    patient: Patient
    ground: Ground


def alike(asked: Person, *, actor: Actor, but: uuid.UUID | None = None) -> list[Alike]:
    """At most six people the actor may see who may be this one, the likeliest first. ``but`` is left out."""
    found: dict[uuid.UUID, Alike] = {}
    for patient in _candidates(asked, actor=actor):
        why = None if patient.pk == but else ground(asked, other=person_of(patient))
        if why is not None:
            found[patient.pk] = Alike(patient=patient, ground=why)
    return sorted(found.values(), key=lambda each: (STRENGTH[each.ground], each.patient.name))[:SHOWN]


def person_of(patient: Patient) -> Person:
    """What the rules look at of somebody on file."""
    return Person(
        first_name=patient.first_name,
        last_name=patient.last_name,
        born=patient.birth_date,
        phones=frozenset(filter(None, (patient.phone, patient.second_phone))),
        ssn=patient.ssn_index,
    )


def _candidates(asked: Person, *, actor: Actor) -> Iterable[Patient]:
    """Those who share an exact key with somebody: each key has its index."""
    seen = visible_to(actor)
    if asked.born is not None:
        yield from _some(seen, Q(birth_date=asked.born))
    for phone in asked.phones:
        yield from _some(seen, Q(phone=phone))
    last, first = (" ".join(name.split()).lower() for name in (asked.last_name, asked.first_name))
    if last and first:
        yield from _some(seen, Q(last_name_key=last, first_name_key=first))
    if asked.ssn:
        yield from _some(seen, Q(ssn_index=asked.ssn))


def _some(seen: QuerySet[Patient], key: Q) -> Iterable[Patient]:
    return seen.filter(key)[:ROWS]


def rulings(actor: Actor) -> QuerySet[DuplicateRuling]:
    """Who was registered although somebody alike was on file; only where both may be seen."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return DuplicateRuling.objects.none()
    found = DuplicateRuling.objects.filter(practice_id=actor.practice_id)
    mine = restricted.visible(found, actor=actor)
    return restricted.visible(mine, actor=actor, patient="other").select_related("patient", "other")

"""Registration at the desk: four answers, nobody twice. Page, booking line and REST go through it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.models import DuplicateRuling, Patient
from patients.permissions import PatientPermission
from patients.rules import duplicates
from patients.selectors.duplicates import Alike, alike
from patients.services import patients
from practice.actor import Actor
from practice.encrypted import blind_index

REASON = 200


class LikelyDuplicate(Conflict):
    """Somebody alike is on file. ``found`` says whom; a ``duplicate_reason`` registers all the same."""

    def __init__(self, found: Sequence[Alike]) -> None:
        first = found[0]
        super().__init__(
            f"{first.patient}, born {us_date(first.patient.birth_date)}, record {first.patient.mrn}, has "
            f"{duplicates.WORDS[first.ground]}. Open that record, or say why this is somebody else.",
            field="duplicate_reason",
            alternatives=[f"{each.patient}, record {each.patient.mrn}" for each in found],
        )
        self.found = tuple(found)


@transaction.atomic
def register(
    *,
    actor: Actor,
    first_name: str,
    last_name: str,
    birth_date: date,
    duplicate_reason: str = "",
    **details: Any,
) -> Patient:
    """Register somebody: a telephone number or why there is none, and a reason where somebody alike is on file.

    Raises DomainError at the field, LikelyDuplicate with whom it may be, Forbidden without the permission. The reason
    is kept with each record it was given against.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    phone = patients.phone_of(details.get("phone") or "", field="phone")
    if not phone and not details.get("no_phone_reason"):
        raise DomainError("Enter a telephone number, or choose why there is none.", field="phone")
    second = patients.phone_of(details.get("second_phone") or "", field="second_phone")
    ssn = details.get("ssn") or ""
    asked = duplicates.Person(
        first_name=first_name,
        last_name=last_name,
        born=birth_date,
        phones=frozenset(filter(None, (phone, second))),
        ssn=blind_index(ssn, practice_id=actor.practice_id) if ssn else "",
    )
    _one_at_a_time(birth_date, actor=actor)
    found, reason = alike(asked, actor=actor), " ".join(duplicate_reason.split())[:REASON]
    if found and not reason:
        raise LikelyDuplicate(found)
    made = patients.register(
        actor=actor, first_name=first_name, last_name=last_name, birth_date=birth_date, **details
    )
    DuplicateRuling.objects.bulk_create(
        DuplicateRuling(
            practice_id=actor.practice_id, patient=made, other=each.patient, ground=each.ground, reason=reason
        )
        for each in found
    )
    return made


def _one_at_a_time(born: date, *, actor: Actor) -> None:
    """Two desks (or a client that asks again) with the same person: the second sees whom the first has registered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"register:{actor.practice_id}:{born}"],
        )

"""What this room says on the cards of the flow board: no coverage on the day, an interpreter, flags of the record."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kit.status import Status
from patients.permissions import PatientPermission
from patients.selectors import around, cases, coverages
from practice.actor import Actor


def registration(visits: Sequence[Any], *, actor: Actor) -> Mapping[uuid.UUID, Sequence[Status]]:
    """Flags by visit. ``visits`` come with their patients; six queries, however many there are."""
    found: dict[uuid.UUID, list[Status]] = defaultdict(list)
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return found
    people = {visit.patient_id for visit in visits}
    insured = coverages.coverages_of_visits(visits)
    alone = _self_payers(visits, people=people)
    words: dict[uuid.UUID, list[Status]] = defaultdict(list)
    for flag in around.flags_up(around.flags(actor).filter(patient_id__in=people), actor=actor):
        words[flag.patient_id].append(Status(flag.words, flag.shown.tone))
    for visit in visits:
        if not insured[visit.pk] and visit.pk not in alone:
            found[visit.pk].append(Status("No coverage", "bad"))
        if visit.patient.needs_interpreter:
            found[visit.pk].append(Status("Interpreter", "info"))
        found[visit.pk] += words[visit.patient_id]
    return found


def _self_payers(visits: Sequence[Any], *, people: set[uuid.UUID]) -> set[uuid.UUID]:
    """Visits whose case the patient pays alone, by agreement, on their day."""
    of_case = cases.cases_of_visits([visit.pk for visit in visits])
    agreed = defaultdict(list)
    for pact in cases.self_pay_of(people):
        owner = pact.case.patient.merged_into_id or pact.case.patient_id
        agreed[owner if pact.case.is_medical else pact.case_id].append(pact)
    return {
        visit.pk
        for visit in visits
        for pact in agreed[of_case[visit.pk].pk if visit.pk in of_case else visit.patient_id]
        if pact.starts_on <= visit.local_day and (pact.ends_on is None or pact.ends_on >= visit.local_day)
    }

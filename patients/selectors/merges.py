"""Reads about records of one person: which were merged, what a merge would do, who is who since."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from patients.merging import Reference, references
from patients.models import MergeMove, Patient, PatientMerge
from patients.permissions import PatientPermission
from patients.rules.merging import COMPARED, Difference, differences, members
from patients.selectors import restricted
from patients.selectors.patients import visible_to as visible_patients
from practice.actor import Actor


def same_person(patient: Patient) -> list[uuid.UUID]:
    """The keys of a patient and of every record merged into it: for reading facts that never move (the ledger)."""
    return [patient.pk, *Patient.objects.filter(merged_into=patient).values_list("pk", flat=True)]


def kept_instead(patient_id: uuid.UUID, *, actor: Actor) -> uuid.UUID | None:
    """The record that a merged one is part of now, None when it is not merged, or the actor may not see it."""
    found = visible_patients(actor).filter(merged_records__pk=patient_id)
    return found.values_list("pk", flat=True).first()


def visible_to(actor: Actor) -> QuerySet[PatientMerge]:
    """Merges of records that the actor may see, both of them."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return PatientMerge.objects.none()
    found = PatientMerge.objects.filter(practice_id=actor.practice_id)
    mine = restricted.visible(found, actor=actor, patient="kept")
    return restricted.visible(mine, actor=actor, patient="gone").select_related("kept", "gone")


def moves(actor: Actor) -> QuerySet[MergeMove]:
    """What moved in those merges."""
    found = MergeMove.objects.filter(merge__in=visible_to(actor))
    return found.select_related("merge__kept", "merge__gone")


def holding(queryset: QuerySet[PatientMerge], *, actor: Actor) -> QuerySet[PatientMerge]:
    """Those that were not undone."""
    return queryset.filter(undone_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a merge does with the rows of one kind: how many follow, are left behind, or are facts that stay."""

    words: str
    moved: int
    left: int
    stay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merge would do."""

    kept: Patient
    gone: Patient
    differences: Sequence[Difference]
    lines: Sequence[Line]


def preview(kept: Patient, *, gone: Patient) -> Preview:
    """What differs between two records, which value wins by itself, and what moves. Reads only."""
    found: dict[str, Line] = {}
    for reference in references():
        rows = rows_of(reference, gone=gone)
        count = rows.count()
        if not count or reference.model in QUIET:
            continue
        left = left_behind(reference, rows=rows, kept=kept).count() if reference.how == "move" else 0
        stays = count if reference.how == "stay" else 0
        before = found.get(reference.words) or Line(words=reference.words, moved=0, left=0, stay=0)
        found[reference.words] = Line(
            words=reference.words,
            moved=before.moved + count - left - stays,
            left=before.left + left,
            stay=before.stay + stays,
        )
    return Preview(kept=kept, gone=gone, differences=compared(kept, gone=gone), lines=list(found.values()))


# Rows that say nothing to whoever decides.
QUIET = {"patients.PatientWord", "practice.AuditAccessPatient", "patients.PatientMerge"}


def compared(kept: Patient, *, gone: Patient) -> list[Difference]:
    """Where the two records differ."""
    return differences(_values(kept), _values(gone))


def _values(patient: Patient) -> dict[str, Any]:
    return {name: getattr(patient, name) for field in COMPARED for name in members(field)}


def rows_of(reference: Reference, *, gone: Patient) -> QuerySet[Any]:
    """The rows of one column that point at a record."""
    found: QuerySet[Any] = reference.model_class._default_manager.filter(**{reference.field: gone.pk})
    column, value = reference.apart
    return found.exclude(**{column: value}) if column else found


def left_behind(reference: Reference, *, rows: QuerySet[Any], kept: Patient) -> QuerySet[Any]:
    """Those that cannot follow: the kept record has its own, or both sides would be one person."""
    blocked = Q(pk__in=[])
    if reference.other:
        blocked |= Q(**{reference.other: kept.pk})
    if reference.alone:
        mine = reference.model_class._default_manager.filter(
            **{reference.field: kept.pk, f"{reference.alone}__isnull": True}
        )
        if mine.exists():
            blocked |= Q(**{f"{reference.alone}__isnull": True})
    if reference.once:
        own = reference.model_class._default_manager.filter(
            **{reference.field: kept.pk, f"{reference.once}__isnull": True}
        )
        twins = Q(**{f"{reference.other}__in": own.values(reference.other)})
        blocked |= Q(**{f"{reference.once}__isnull": True}) & twins
    return rows.filter(blocked)

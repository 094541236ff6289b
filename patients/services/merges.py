"""Make two records of one person into one, and undo it. Every row that moves is written down, so it can move back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from patients.merging import references
from patients.models import MergeMove, MergeValue, Patient, PatientMerge
from patients.permissions import PatientPermission
from patients.rules.merging import COMPARED, joined, taken
from patients.selectors.merges import compared, left_behind, rows_of
from patients.selectors.patients import visible_to
from practice.actor import Actor
from practice.encrypted import reveal
from practice.services.refs import follow, unfollow

MOVED, LEFT = MergeMove.Outcome.MOVED, MergeMove.Outcome.LEFT
KIND = "patients.patient"


@transaction.atomic
def merge(
    *, kept: Patient, gone: Patient, reason: str, actor: Actor, take: Collection[str] | str = ()
) -> PatientMerge:
    """Make ``gone`` part of ``kept``: every reference follows, what the kept record lacks is taken over, and of what
    differs the fields named in ``take``.

    The record that goes stays as "merged into" and its links lead to the kept one. Raises DomainError for one record
    twice, no reason or an unknown field; Conflict when one of them is merged already.
    """
    actor.require(PatientPermission.MERGE_PATIENT)
    said, chosen = " ".join(reason.split())[:200], _chosen(take)
    if kept.pk == gone.pk:
        raise DomainError("Choose another record: these two are one already.", field="gone")
    if not said:
        raise DomainError("Say why these two are one person.", field="reason")
    kept, gone = _both(kept, gone=gone, actor=actor)
    made = PatientMerge.objects.create(practice_id=actor.practice_id, kept=kept, gone=gone, reason=said)
    _values(made, kept=kept, gone=gone, chosen=chosen)
    _move(made, kept=kept, gone=gone)
    follow(KIND, old=gone.pk, new=kept.pk)
    gone.merged_into = kept
    gone.is_restricted = kept.is_restricted
    gone.save()
    return made


@transaction.atomic
def undo(merge: PatientMerge, *, reason: str, actor: Actor) -> PatientMerge:
    """Take a merge back: what moved moves back, values that nobody changed since are what they were.

    What was written since stays with the kept record. Conflict when it was undone, or the kept record was itself
    merged into another since: that merge is undone first.
    """
    actor.require(PatientPermission.MERGE_PATIENT)
    said = " ".join(reason.split())[:200]
    if not said:
        raise DomainError("Say why these two are not one person.", field="reason")
    locked = PatientMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if locked.undone_at is not None:
        raise Conflict("This merge was undone already.")
    people = {each.pk: each for each in _locked(locked.kept_id, locked.gone_id)}
    kept, gone = people[locked.kept_id], people[locked.gone_id]
    if kept.merged_into_id is not None:
        raise Conflict("The kept record was merged into another since: undo that merge first.")
    for move in locked.moves.filter(outcome=MOVED):
        rows = models_of(move)._default_manager.filter(pk=move.row_id, **{move.field: kept.pk})
        rows.update(**{move.field: gone.pk})
    taken_in = Patient.objects.filter(merged_into=gone).values_list("pk", flat=True)
    unfollow(KIND, old=gone.pk, new=kept.pk, taken_in=list(taken_in))
    _restore(locked, kept=kept)
    gone.merged_into = None
    gone.save()
    locked.undone_at, locked.undo_reason = clock.now(), said
    locked.save()
    return locked


def models_of(move: MergeMove) -> Any:
    """The model whose row moved."""
    return next(each.model_class for each in references() if each.model.lower() == move.model)


def _chosen(take: Collection[str] | str) -> set[str]:
    names = set(take.replace(",", " ").split() if isinstance(take, str) else take)
    if unknown := names - set(COMPARED):
        raise DomainError(f"There is no field {', '.join(sorted(unknown))} to take.", field="take")
    return names


def _locked(*keys: Any) -> list[Patient]:
    # FOR UPDATE: a row that is about to point at one of them (a booking, a claim) waits for the merge.
    return list(Patient.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _both(kept: Patient, *, gone: Patient, actor: Actor) -> tuple[Patient, Patient]:
    people = {each.pk: each for each in _locked(kept.pk, gone.pk)}
    seen = set(visible_to(actor).filter(pk__in=[kept.pk, gone.pk]).values_list("pk", flat=True))
    for field, asked in (("kept", kept), ("gone", gone)):
        if asked.pk not in people or people[asked.pk].merged_into_id is not None:
            raise Conflict("This record is part of another already.", field=field)
        if asked.pk not in seen:
            raise DomainError("There is no such patient.", field=field)
    return people[kept.pk], people[gone.pk]


def _values(made: PatientMerge, *, kept: Patient, gone: Patient, chosen: set[str]) -> None:
    """Take over values, each with what stood there before; the names and numbers of the other record find this one."""
    news: dict[str, Any] = {
        name: getattr(gone, name) for name in taken(compared(kept, gone=gone), chosen=chosen)
    }
    names = (kept.other_names, gone.first_name, gone.last_name, gone.preferred_name, gone.other_names)
    news["other_names"] = joined(*names, limit=120)
    news["other_numbers"] = joined(kept.other_numbers, gone.mrn, gone.other_numbers, limit=200)
    news["is_restricted"] = kept.is_restricted or gone.is_restricted
    changed = [name for name, value in news.items() if getattr(kept, name) != value]
    before = {name: _text(kept, name) for name in changed}
    for name in changed:
        setattr(kept, name, news[name])
    kept.save()
    MergeValue.objects.bulk_create(
        MergeValue(
            practice_id=made.practice_id, merge=made, field=name, before=before[name], after=_text(kept, name)
        )
        for name in changed
    )


def _move(made: PatientMerge, *, kept: Patient, gone: Patient) -> None:
    noted: list[MergeMove] = []
    for reference in references():
        if reference.how == "stay":
            continue
        rows = rows_of(reference, gone=gone)
        left = set(left_behind(reference, rows=rows, kept=kept).values_list("pk", flat=True))
        keys = list(rows.values_list("pk", flat=True))
        reference.model_class._default_manager.filter(pk__in=[key for key in keys if key not in left]).update(
            **{reference.field: kept.pk}
        )
        noted += [
            MergeMove(
                practice_id=made.practice_id,
                merge=made,
                model=reference.model.lower(),
                field=reference.field,
                row_id=key,
                outcome=LEFT if key in left else MOVED,
            )
            for key in keys
        ]
    MergeMove.objects.bulk_create(noted, batch_size=1_000)


def _text(patient: Patient, name: str) -> str:
    """A value as it is written down, '' for nothing."""
    if name == "ssn":
        return reveal(patient, "ssn")
    value = getattr(patient, name)
    return "" if value is None else str(value)


def _restore(merge: PatientMerge, *, kept: Patient) -> None:
    for change in merge.values.all():
        if _text(kept, change.field) == reveal(change, "after"):
            setattr(kept, change.field, _value(change.field, reveal(change, "before")))
    kept.save()


def _value(name: str, text: str) -> Any:
    field: Any = Patient._meta.get_field(name)
    if text == "" and field.null:
        return None
    return (field.target_field if field.is_relation else field).to_python(text)

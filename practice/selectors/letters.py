"""The only doors to letters: who may see the record sees its letters, nobody else."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.letter_subjects import written_about
from practice.models import Letter, LetterBatch, LetterStep
from practice.permissions import PracticePermission
from practice.selectors import records


def visible_to(actor: Actor) -> QuerySet[Letter]:
    """Letters about records the actor may see, each kind through its own door: restricted patients stay hidden."""
    if not actor.may(PracticePermission.VIEW_LETTER):
        return Letter.objects.none()
    found = Letter.objects.filter(practice_id=actor.practice_id)
    return records.about_visible(found, kinds=sorted(written_about()), actor=actor)


def get_letter(letter_id: uuid.UUID, *, actor: Actor) -> Letter:
    """One letter, or 404."""
    found = visible_to(actor).select_related("version__template", "ref").filter(pk=letter_id).first()
    if found is None:
        raise Http404
    return found


def steps(actor: Actor) -> QuerySet[LetterStep]:
    """What was done with those letters."""
    return LetterStep.objects.filter(Exists(visible_to(actor).filter(pk=OuterRef("letter_id"))))


def to_print(queryset: QuerySet[Letter], *, actor: Actor) -> QuerySet[Letter]:
    """In the print queue."""
    return queryset.filter(state=Letter.State.QUEUED)


def to_send(queryset: QuerySet[Letter], *, actor: Actor) -> QuerySet[Letter]:
    """Written, and nobody has said how it goes out."""
    return queryset.filter(state=Letter.State.READY)


def in_trouble(queryset: QuerySet[Letter], *, actor: Actor) -> QuerySet[Letter]:
    """Not delivered, or come back."""
    return queryset.filter(state__in=(Letter.State.FAILED, Letter.State.RETURNED))


def about(record: Any, *, actor: Actor) -> QuerySet[Letter]:
    """Letters of a record's page: about it, or about whatever else concerns this patient."""
    return visible_to(actor).filter(records.of_page(record))


def batches(actor: Actor) -> QuerySet[LetterBatch]:
    """Print runs whose every letter the actor may see: the file shows them all."""
    if not actor.may(PracticePermission.SEND_LETTER):
        return LetterBatch.objects.none()
    hidden = Letter.objects.filter(batch=OuterRef("pk")).exclude(
        Exists(visible_to(actor).filter(pk=OuterRef("pk")))
    )
    return LetterBatch.objects.filter(~Exists(hidden), practice_id=actor.practice_id)


def get_batch(batch_id: uuid.UUID, *, actor: Actor) -> LetterBatch:
    """One print run, or 404."""
    found = batches(actor).filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found

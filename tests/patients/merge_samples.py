"""Merges for the cases every Resource has."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.models import MergeMove
from patients.services import around, merges, patients

NUMBERS = itertools.count(1)


def person(actor):
    return patients.register(
        actor=actor, first_name="Nell", last_name=f"Merged {next(NUMBERS)}", birth_date=date(1980, 3, 4)
    )


def make_merges(actor, count):
    made = []
    for _ in range(count):
        kept, gone = person(actor), person(actor)
        around.raise_flag(patient=gone, words="Needs wheelchair", actor=actor)
        made.append(merges.merge(kept=kept, gone=gone, reason="One person", actor=actor))
    return made


def _moves(actor, count):
    made = [each.pk for each in make_merges(actor, count)]
    return list(MergeMove.objects.filter(merge__in=made))


MERGE_SAMPLES = {
    "patients.merge": Sample(
        make=make_merges,
        form=lambda actor: {
            "kept": person(actor).mrn,
            "gone": person(actor).mrn,
            "reason": "One person",
        },
    ),
    "patients.merge_move": Sample(make=_moves),
}

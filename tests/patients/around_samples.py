"""What stands around a patient, for the cases every Resource has (taken up by tests/patients/samples.py)."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.models import DuplicateRuling
from patients.services import around, patients, referring, registration

NUMBERS = itertools.count(1)


def make_people(actor, count, *, last="Around"):
    return [
        patients.register(
            actor=actor, first_name="Nell", last_name=f"{last} {n}", birth_date=date(1980, 3, 4)
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def _contacts(actor, count):
    [person] = make_people(actor, 1)
    return [
        around.add_contact(patient=person, name=f"Otto {n}", phone="9145550133", actor=actor)
        for n in range(count)
    ]


def _guarantors(actor, count):
    return [
        around.name_guarantor(
            patient=person, first_name="Otto", last_name="Payer", starts_on=date(2026, 1, 1), actor=actor
        )
        for person in make_people(actor, count)
    ]


def _family(actor, count):
    [parent] = make_people(actor, 1)
    return [
        around.link_family(patient=parent, relative=child, relationship="child", actor=actor)
        for child in make_people(actor, count)
    ]


def _flags(actor, count):
    return [
        around.raise_flag(patient=person, words="Needs wheelchair", tone="warn", actor=actor)
        for person in make_people(actor, count)
    ]


def _rulings(actor, count):
    made = [
        registration.register(
            actor=actor,
            first_name=person.first_name,
            last_name=person.last_name,
            birth_date=person.birth_date,
            no_phone_reason="none",
            duplicate_reason="Twin",
        )
        for person in make_people(actor, count, last="Likeness")
    ]
    return [DuplicateRuling.objects.filter(patient=person, ground="name_birth").first() for person in made]


def _number(actor):
    return make_people(actor, 1)[0].mrn


AROUND_SAMPLES = {
    "patients.emergency_contact": Sample(
        make=_contacts,
        form=lambda actor: {
            "patient": _number(actor),
            "name": "Otto",
            "relationship": "spouse",
            "phone": "914 555 0133",
            "priority": "1",
            "is_active": "on",
        },
    ),
    "patients.guarantor": Sample(
        make=_guarantors,
        form=lambda actor: {
            "patient": _number(actor),
            "first_name": "Otto",
            "last_name": "Payer",
            "relationship": "parent",
            "starts_on": "01/01/2026",
        },
    ),
    # Added by hand in test_who_stands_around_a_patient: a link is a row on each of two records.
    "patients.family_link": Sample(make=_family),
    "patients.flag": Sample(
        make=_flags,
        form=lambda actor: {"patient": _number(actor), "words": "Hard of hearing", "tone": "info"},
    ),
    "patients.duplicate_ruling": Sample(make=_rulings),
    "patients.referral_source": Sample(
        make=lambda actor, n: [
            referring.add_source(actor=actor, name=f"Source {next(NUMBERS)}") for _ in range(n)
        ],
        form=lambda actor: {"name": f"Source {next(NUMBERS)}", "is_active": "on"},
    ),
    "patients.referring_provider": Sample(
        make=lambda actor, n: [
            referring.add_provider(actor=actor, first_name="Rhea", last_name=f"Sender {next(NUMBERS)}")
            for _ in range(n)
        ],
        form=lambda actor: {"first_name": "Rhea", "last_name": f"Sender {next(NUMBERS)}", "is_active": "on"},
    ),
}

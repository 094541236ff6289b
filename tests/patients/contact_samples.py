"""Consents, confidential contacts and representatives, for the cases every Resource has."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.services import contact, patients, representatives

NUMBERS = itertools.count(1)
MOST = 9990


def people(actor, count, *, born=date(1980, 3, 4)):
    return [
        patients.register(
            actor=actor,
            first_name="Nell",
            last_name=f"Reached {n}",
            birth_date=born,
            phone=f"914555{n % MOST:04d}",
            email=f"nell{n}@example.com",
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def wording(actor, channel="text"):
    return contact.publish_wording(channel=channel, text=f"We may text you ({next(NUMBERS)}).", actor=actor)


def _consents(actor, count):
    wording(actor)
    return [
        contact.record_consent(patient=each, channel="text", given=True, how="signed", actor=actor)
        for each in people(actor, count)
    ]


def _consent_form(actor):
    wording(actor)
    return {"patient": people(actor, 1)[0].mrn, "channel": "text", "given": "yes", "how": "signed"}


def _confidential(actor, count):
    return [
        contact.keep_confidential(patient=each, phone="9145550190", starts_on=date(2026, 1, 1), actor=actor)
        for each in people(actor, count)
    ]


def _representatives(actor, count):
    return [
        representatives.name_one(
            patient=each,
            name="Otto Agent",
            kind="chosen",
            relationship="friend",
            may_see_record=True,
            starts_on=date(2026, 1, 1),
            actor=actor,
        )
        for each in people(actor, count)
    ]


def _own(actor, count):
    return [
        representatives.decide_alone(
            patient=each, area="sti", basis="NY PHL 2305", starts_on=date(2026, 1, 1), actor=actor
        )
        for each in people(actor, count, born=date(2011, 5, 6))
    ]


CONTACT_SAMPLES = {
    "patients.consent_wording": Sample(
        make=lambda actor, n: [wording(actor) for _ in range(n)],
        form=lambda actor: {"channel": "email", "text": f"We may write to you ({next(NUMBERS)})."},
    ),
    "patients.contact_consent": Sample(make=_consents, form=_consent_form),
    "patients.confidential_contact": Sample(
        make=_confidential,
        form=lambda actor: {"patient": people(actor, 1)[0].mrn, "phone": "914 555 0190"},
    ),
    "patients.representative": Sample(
        make=_representatives,
        form=lambda actor: {
            "patient": people(actor, 1)[0].mrn,
            "name": "Otto Agent",
            "kind": "chosen",
            "relationship": "friend",
            "may_see_record": "on",
        },
    ),
    "patients.own_consent": Sample(
        make=_own,
        form=lambda actor: {
            "patient": people(actor, 1, born=date(2011, 5, 6))[0].mrn,
            "area": "sti",
            "basis": "NY PHL 2305",
        },
    ),
}

"""Consent forms, versions and signatures, for the cases every Resource has."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.services import consent_links, consents, patients

NUMBERS = itertools.count(1)


def consent_form(actor, *, kind="financial", asked_of="everyone", **version):
    """A form with one published version; returns the version."""
    form = consents.add_form(name=f"Form {next(NUMBERS)}", kind=kind, asked_of=asked_of, actor=actor)
    return publish(form, actor=actor, **version)


def publish(form, *, actor, **given):
    said = {"title": "Please sign", "body": f"I agree, {{{{ patient.name }}}} ({next(NUMBERS)}).", **given}
    return consents.publish(form=form, actor=actor, **said)


def person(actor, *, born=date(1980, 3, 4), **more):
    return patients.register(
        actor=actor, first_name="Nell", last_name=f"Signer{next(NUMBERS)}", birth_date=born, **more
    )


def signed(patient, version, *, actor, **more):
    return consents.sign(patient=patient, version=version, actor=actor, **{"signed_by": str(patient), **more})


def _signatures(actor, count):
    version = consent_form(actor)
    return [signed(person(actor), version, actor=actor) for _ in range(count)]


def _signature_form(actor):
    patient, version = person(actor), consent_form(actor)
    return {
        "patient": patient.mrn,
        "version": str(version.pk),
        "answer": "signed",
        "how": "typed",
        "signed_by": str(patient),
    }


def _links(actor, count):
    version = consent_form(actor)
    return [
        consent_links.make(person(actor), version=version, way="hand", actor=actor)[0] for _ in range(count)
    ]


CONSENT_SAMPLES = {
    "patients.consent_link": Sample(make=_links),
    "patients.consent_form": Sample(
        make=lambda actor, n: [consent_form(actor).form for _ in range(n)],
        form=lambda actor: {
            "name": f"Form {next(NUMBERS)}",
            "kind": "other",
            "asked_of": "request",
            "is_active": "on",
        },
    ),
    "patients.consent_version": Sample(
        make=lambda actor, n: [consent_form(actor) for _ in range(n)],
        form=lambda actor: {
            "form": str(consent_form(actor).form_id),
            "language": "en",
            "title": "Please sign",
            "body": f"I agree ({next(NUMBERS)}).",
        },
    ),
    "patients.consent": Sample(make=_signatures, form=_signature_form),
}

"""Records of staff's Resources for the cases every Resource has (tests/resources)."""

import itertools
from datetime import date, timedelta

from kit.testing import Sample
from practice.services import places
from staff.services import credentials, employees, enrolments, providers

NUMBERS = itertools.count(1)


def npi(number):
    """An NPI with a right check digit."""
    from practice.identifiers import npi_is_valid

    stem = f"1{number:08d}"
    return next(f"{stem}{digit}" for digit in range(10) if npi_is_valid(f"{stem}{digit}"))


def make_employees(actor, count):
    return [
        employees.add(actor=actor, first_name="Nell", last_name=f"Person{next(NUMBERS)}", job_title="Nurse")
        for _ in range(count)
    ]


def make_providers(actor, count):
    return [
        providers.add(actor=actor, employee=person, display_name=f"{person}, MD", npi=npi(next(NUMBERS)))
        for person in make_employees(actor, count)
    ]


def make_credentials(actor, count):
    first = date(2026, 1, 1)
    return [
        credentials.add(
            actor=actor,
            employee=person,
            kind="license",
            state="NY",
            number=f"N{next(NUMBERS)}",
            issued_on=first,
            expires_on=first + timedelta(days=4000 + number),
        )
        for number, person in enumerate(make_employees(actor, count))
    ]


def make_enrolments(actor, count):
    payer = places.add_payer(actor=actor, name=f"Enrolling plan {next(NUMBERS)}")
    return [
        enrolments.add(actor=actor, provider=provider, payer=payer)
        for provider in make_providers(actor, count)
    ]


def _employee_form(actor):
    return {"first_name": "Ada", "last_name": f"New{next(NUMBERS)}", "job_title": "Biller"}


def _provider_form(actor):
    person = make_employees(actor, 1)[0]
    return {"employee": str(person.pk), "display_name": "A. New, MD", "is_active": "on"}


def _credential_form(actor):
    person = make_employees(actor, 1)[0]
    return {"employee": str(person.pk), "kind": "cpr", "expires_on": "03/04/2030"}


def _enrolment_form(actor):
    payer = places.add_payer(actor=actor, name=f"Enrolling plan {next(NUMBERS)}")
    return {"provider": str(make_providers(actor, 1)[0].pk), "payer": str(payer.pk)}


SAMPLES = {
    "staff.employee": Sample(make=make_employees, form=_employee_form),
    "staff.provider": Sample(make=make_providers, form=_provider_form),
    "staff.credential": Sample(make=make_credentials, form=_credential_form),
    "staff.enrolment": Sample(make=make_enrolments, form=_enrolment_form),
}

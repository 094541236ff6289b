"""Employment and who treats: NPI check digits, leave, and the end with all that follows from it."""

from datetime import date

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from practice.identifiers import npi_is_valid
from practice.models import Membership
from staff.models import Employee, Provider
from staff.services import employees, providers
from tests.staff.samples import make_employees, make_providers


@pytest.mark.parametrize("npi", ["1234567893", "1245319599", "1487654323"])
def test_a_right_npi_is_taken(npi):
    assert npi_is_valid(npi)


@pytest.mark.parametrize(
    "npi",
    ["1234567890", "1234567839", "123456789", "12345678931", "3234567893", "12345678a3", "", "１234567893"],
)
def test_a_wrong_npi_is_not(npi):
    assert not npi_is_valid(npi)


def test_a_provider_with_a_mistyped_npi_is_refused_and_nothing_is_made(acting):
    with acting("owner") as actor:
        person = make_employees(actor, 1)[0]
        with pytest.raises(DomainError) as refused:
            providers.add(actor=actor, employee=person, display_name="N. One, MD", npi="1234567839")
        assert refused.value.field == "npi"
        assert Provider.objects.count() == 0


def test_a_provider_never_becomes_another_person(acting):
    with acting("owner") as actor:
        provider, other = make_providers(actor, 1)[0], make_employees(actor, 1)[0]
        with pytest.raises(DomainError):
            providers.change(provider, actor=actor, employee=other, specialty="Pediatrics")
        provider.refresh_from_db()
        assert (provider.specialty, provider.employee_id != other.pk) == ("", True)


def test_leave_and_back(acting):
    with acting("owner") as actor:
        person = make_employees(actor, 1)[0]
        employees.send_on_leave(person, actor=actor)
        with pytest.raises(Conflict):
            employees.send_on_leave(person, actor=actor)
        assert Employee.objects.get(pk=person.pk).status == "leave"
        employees.return_from_leave(person, actor=actor)
        assert Employee.objects.get(pk=person.pk).status == "active"


def test_ending_employment_closes_bookings_and_the_way_in(acting):
    with acting("owner") as actor:
        provider = make_providers(actor, 1)[0]
        member = Membership.objects.get(user__email="physician@harbor.example")
        employees.change(provider.employee, actor=actor, membership=member)
        employees.end(provider.employee, actor=actor, ended_on=date(2026, 3, 4))
        provider.refresh_from_db()
        member.refresh_from_db()
        assert not provider.is_active
        assert member.ended_at is not None
        with pytest.raises(Conflict):
            employees.end(provider.employee, actor=actor, ended_on=date(2026, 3, 5))
        assert Employee.objects.get(pk=provider.employee_id).ended_on == date(2026, 3, 4)


def test_a_last_day_before_the_first_is_refused(acting):
    with acting("owner") as actor:
        person = employees.add(
            actor=actor, first_name="Ida", last_name="Late", job_title="Nurse", hired_on=date(2026, 3, 4)
        )
        with pytest.raises(DomainError):
            employees.end(person, actor=actor, ended_on=date(2026, 3, 3))
        person.refresh_from_db()
        assert (person.status, person.ended_on) == ("active", None)


def test_a_biller_may_not_hire(acting):
    with acting("biller") as actor, pytest.raises(Forbidden):
        employees.add(actor=actor, first_name="Ida", last_name="Late", job_title="Nurse")


def test_people_are_found_by_the_start_of_their_last_name_in_any_case(owner, acting):
    with acting("owner") as actor:
        employees.add(actor=actor, first_name="Ida", last_name="Zimmer", job_title="Nurse")
        employees.add(actor=actor, first_name="Bo", last_name="Azimuth", job_title="Nurse")
    page = owner.at("staff/employees/", q="ZIM").content.decode()
    assert "Zimmer" in page
    assert "Azimuth" not in page

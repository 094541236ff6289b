"""The tab "Mine" of the patients: a physician's own, and whoever somebody has open work about."""

from datetime import date

import pytest

from patients.selectors.patients import mine, visible_to
from patients.services import patients
from practice.models import Membership
from practice.services.work import open_item
from staff.models import Employee, Provider
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


def names(actor):
    return [str(patient) for patient in mine(visible_to(actor), actor=actor).order_by("last_name_key")]


def test_a_patient_is_mine_by_usual_provider_or_by_open_work(acting):
    physician, desk = actor_named("physician"), actor_named("front_desk")
    with acting("manager") as actor:
        employee = Employee.objects.create(
            practice_id=actor.practice_id,
            first_name="Percy",
            last_name="Park",
            membership_id=physician.membership_id,
            hired_on=date(2020, 1, 1),
        )
        percy = Provider.objects.create(
            practice_id=actor.practice_id,
            employee=employee,
            display_name="P. Park, MD",
            npi="1234567893",
        )
        born = {"birth_date": date(1980, 3, 4), "phone": "9145550101"}
        his = patients.register(actor=actor, first_name="Ann", last_name="Ames", usual_provider=percy, **born)
        born = {"birth_date": date(1981, 3, 4), "phone": "9145550102"}
        hers = patients.register(actor=actor, first_name="Ben", last_name="Bell", **born)
        open_item(
            "practice.reminder",
            record=hers,
            title="Call back",
            permission="patients.view_patient",
            owner=Membership.objects.get(pk=desk.membership_id),
            actor=actor,
        )
    with in_practice(physician):
        assert names(physician) == [str(his)]
    with in_practice(desk):
        assert names(desk) == [str(hers)]
    with in_practice(actor_named("biller")) as biller:
        assert names(biller) == []
